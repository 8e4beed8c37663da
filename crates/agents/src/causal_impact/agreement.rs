//! Which estimators are held against which, and what a disagreement means.
//!
//! Each is held against one that answers the same question and assumes less: regression against the partially linear
//! model with boosted nuisances (both weigh rows by how variable their treatment is; only the regression needs straight
//! lines), the others against boosted AIPW (where rows are few: linear AIPW). The difference in means is left out of
//! observational data: that it differs is why one adjusts.

use causal::Sample;
use causal::agreement::{Comparison, agreement};
use domain::agents::causal_impact::{Agreement, AgreementRow, CausalImpactParameters, Design, Estimator};

use super::estimated::{Comparable, Estimated};
use super::words::number;

/// Compares the estimates; `None` when there is nothing to compare.
pub(super) fn of(parameters: &CausalImpactParameters, sample: &Sample, estimates: &[Estimated]) -> Option<Agreement> {
    let comparable: Vec<Comparable<'_>> = estimates.iter().map(Comparable::from).collect();
    let find = |wanted: Estimator| comparable.iter().find(|found| found.estimator == wanted);
    let pairs: Vec<(&Comparable<'_>, &Comparable<'_>)> = comparable
        .iter()
        .filter_map(|one| {
            let against = against(parameters.design, one.estimator).iter().find_map(|&other| find(other))?;
            Some((one, against))
        })
        .collect();
    if pairs.is_empty() {
        return None;
    }
    let candidates: Vec<_> = pairs.iter().map(|(one, other)| (one.candidate(), other.candidate())).collect();
    let found = agreement(sample, &candidates);
    let row = |((one, other), comparison): (&(&Comparable<'_>, &Comparable<'_>), &Comparison)| AgreementRow {
        estimator: one.estimator,
        against: other.estimator,
        difference: comparison.difference,
        standard_error: comparison.standard_error,
        method: comparison.method.clone(),
        p_value: comparison.p_value,
        adjusted_p_value: comparison.adjusted_p_value,
        flagged: comparison.flagged,
    };
    let comparisons: Vec<AgreementRow> = pairs.iter().zip(&found).map(row).collect();
    let flagged = comparisons.iter().any(|row| row.flagged);
    let finding = finding(parameters.design, &comparisons, estimates);
    Some(Agreement { comparisons, flagged, finding })
}

/// Those it may be held against, the first that was run is taken.
const fn against(design: Design, estimator: Estimator) -> &'static [Estimator] {
    use Estimator as E;
    match (design, estimator) {
        (Design::Randomised, E::RegressionAdjustment | E::Ancova | E::ChangeScore | E::AipwLinear) => {
            &[E::DifferenceInMeans]
        }
        (Design::Observational, E::RegressionAdjustment | E::Ancova | E::PartiallyLinear) => {
            &[E::PartiallyLinearBoosted, E::AipwBoosted, E::AipwLinear]
        }
        (
            Design::Observational,
            E::InversePropensityWeighting | E::PropensityMatching | E::MahalanobisMatching | E::PartiallyLinearBoosted,
        ) => &[E::AipwBoosted, E::AipwLinear],
        (Design::Observational, E::AipwLinear) => &[E::AipwBoosted],
        _ => &[],
    }
}

fn finding(design: Design, comparisons: &[AgreementRow], estimates: &[Estimated]) -> String {
    let flagged: Vec<&AgreementRow> = comparisons.iter().filter(|row| row.flagged).collect();
    if flagged.is_empty() {
        return match comparisons.len() {
            1 => "the two estimators agree within chance".to_owned(),
            count => format!("all {} estimators that can be compared agree within chance", count + 1),
        };
    }
    let value = |wanted: Estimator| {
        let found = estimates.iter().find(|found| found.estimator() == wanted);
        found.map(|found| number(found.report.estimate)).unwrap_or_default()
    };
    let pairs: Vec<String> = flagged
        .iter()
        .map(|row| {
            let (one, other) = (row.estimator, row.against);
            format!("{} ({}) and {} ({})", one.words(), value(one), other.words(), value(other))
        })
        .collect();
    format!("the estimators disagree by more than chance: {}; {}", pairs.join(", "), why(design, &flagged))
}

/// What the pattern of disagreement means.
fn why(design: Design, flagged: &[&AgreementRow]) -> &'static str {
    if design == Design::Randomised {
        return "in an experiment all should: the arms differ in what is held fixed, so look at how the treatment was assigned";
    }
    let any = |wanted: &[Estimator]| flagged.iter().any(|row| wanted.contains(&row.estimator));
    let linear = any(&[Estimator::RegressionAdjustment, Estimator::Ancova, Estimator::PartiallyLinear]);
    if linear {
        "the linear model does not fit these data (a relation bends, or covariates act together), so its estimate is \
         biased; trust the boosted estimators, or add squares"
    } else if any(&[Estimator::PartiallyLinearBoosted]) {
        "effects differ between rows, and the two average them with different weights: say whose effect is meant by \
         `target`"
    } else {
        "the model of who is treated, or of the outcome, does not fit: trust the boosted estimators, which need neither \
         to be a straight line"
    }
}
