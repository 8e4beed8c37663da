//! Data subset and bootstrap: the estimate on fewer rows, and on rows drawn anew.

use super::resample::resampled_estimates;
use super::verdict::OTHER_SIGN;
use super::weights::{LEFT_OUT, Law, Simulation, Weights};
use super::{Draws, FLAG_BELOW, Plan, Refutation, Refuter, share_of, standard_error_ratio_allowed};
use crate::error::CausalError;
use crate::estimate::{Fit, Interval};
use crate::sample::Sample;

/// Simulations whose weights are multiplied in one pass over the rows.
const BATCH: usize = 256;

/// The refuters that refit weighted rows, from one pass over the data; one entry per fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Resampled {
    /// About a fifth of the rows left out.
    pub subset: Vec<Refutation>,
    /// Rows drawn with replacement.
    pub bootstrap: Vec<Refutation>,
}

/// Refits each fit on random subsets and on bootstrap samples.
///
/// # Errors
/// A number of simulations out of range.
pub fn resampling(sample: &Sample, fits: &[&Fit], plan: Plan) -> Result<Resampled, CausalError> {
    plan.check()?;
    let simulations: Vec<Simulation> =
        [Law::LeftOut, Law::Bootstrap].iter().flat_map(|law| (0..plan.simulations).map(|n| (*law, n))).collect();
    let estimates: Vec<Vec<Option<f64>>> = simulations
        .chunks(BATCH)
        .flat_map(|batch| resampled_estimates(fits, &Weights::new(plan.seed, batch, sample.clusters.as_ref()), batch))
        .collect();
    let (subsets, bootstraps) = estimates.split_at(plan.simulations);
    let draws = |part: &[Vec<Option<f64>>], index: usize| Draws::of(part.iter().map(|simulation| simulation[index]));
    let unit = sample.clusters.as_ref().map_or("row", |_| "cluster");
    Ok(Resampled {
        subset: fits.iter().enumerate().map(|(index, fit)| subset(fit, draws(subsets, index), unit)).collect(),
        bootstrap: fits.iter().enumerate().map(|(index, fit)| bootstrap(fit, draws(bootstraps, index), unit)).collect(),
    })
}

fn subset(fit: &Fit, draws: Draws, unit: &str) -> Refutation {
    let estimate = &fit.estimate;
    let original = estimate.value;
    let p_value = draws.two_sided_position(original);
    let same_sign = draws.same_sign_share(original);
    let significant = estimate.interval.lower > 0.0 || estimate.interval.upper < 0.0;
    let sign_moves = significant && same_sign < 1.0 - OTHER_SIGN;
    let flagged = p_value < FLAG_BELOW || sign_moves || draws.values.is_empty();
    let kept = 100.0 * (1.0 - LEFT_OUT);
    let finding = if flagged {
        format!(
            "on random subsets the estimate moves (mean {:.4}, {:.0} % with the same sign): some {unit}s carry it",
            draws.mean,
            100.0 * same_sign
        )
    } else {
        format!("on random subsets of about {kept:.0} % the estimate stays near {:.4}", draws.mean)
    };
    Refutation {
        refuter: Refuter::DataSubset,
        estimator: estimate.estimator.name().into(),
        tests: "whether the estimate rests on a small part of the data".into(),
        method: format!("each {unit} is left out with probability {LEFT_OUT}"),
        original,
        simulations_asked: draws.values.len() + draws.failed,
        rows: share_of(estimate.rows, 1.0 - LEFT_OUT),
        simulations: draws.values.len(),
        failed_simulations: draws.failed,
        mean: draws.mean,
        standard_deviation: draws.standard_deviation,
        p_value,
        p_value_meaning: "two-sided position of the estimate among the estimates on subsets; small means that subsets lie to one side of it".into(),
        permutation_p_value: None,
        interval: None,
        same_sign_share: Some(same_sign),
        flagged,
        finding,
        warnings: draws.warnings("data subset"),
        values: draws.values,
    }
}

fn bootstrap(fit: &Fit, draws: Draws, unit: &str) -> Refutation {
    let estimate = &fit.estimate;
    let original = estimate.value;
    let p_value = draws.two_sided_position(original);
    let ratio = draws.standard_deviation / estimate.standard_error;
    let too_wide = ratio > standard_error_ratio_allowed(draws.values.len());
    let flagged = p_value < FLAG_BELOW || too_wide || draws.values.is_empty();
    let confidence = fit.inference.confidence;
    let critical = fit.inference.distribution.critical_value(1.0 - confidence, estimate.convention.degrees_of_freedom);
    let margin = critical * draws.standard_deviation;
    let finding = if too_wide {
        format!(
            "the bootstrap's standard error is {ratio:.2} times the reported one: the reported interval may be too narrow"
        )
    } else if flagged {
        format!("bootstrap estimates lie to one side of the estimate (mean {:.4})", draws.mean)
    } else {
        format!(
            "the bootstrap's standard error ({:.4}) agrees with the reported one ({ratio:.2} times)",
            draws.standard_deviation
        )
    };
    Refutation {
        refuter: Refuter::Bootstrap,
        estimator: estimate.estimator.name().into(),
        tests: "whether the estimate and its standard error hold when the data are drawn anew".into(),
        method: format!("each {unit} enters with an independent Poisson(1) count (Poisson bootstrap)"),
        original,
        simulations_asked: draws.values.len() + draws.failed,
        rows: estimate.rows,
        simulations: draws.values.len(),
        failed_simulations: draws.failed,
        mean: draws.mean,
        standard_deviation: draws.standard_deviation,
        p_value,
        p_value_meaning: "two-sided position of the estimate among the bootstrap estimates; small means that these lie to one side of it".into(),
        permutation_p_value: None,
        interval: Some(Interval { confidence, lower: original - margin, upper: original + margin }),
        same_sign_share: Some(draws.same_sign_share(original)),
        flagged,
        finding,
        warnings: draws.warnings("bootstrap"),
        values: draws.values,
    }
}
