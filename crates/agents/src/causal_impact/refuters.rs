//! The refuters and the sensitivity to an unobserved confounder, of every estimator.

use causal::refute::{Plan, placebo_treatment, random_common_cause, resampling};
use causal::sensitivity::{SensitivityOptions, unobserved_confounder};
use causal::{Fit, Sample, Warning};
use domain::agents::causal_impact::{CausalImpactParameters, Design, Estimator, RefutationReport, SensitivityReport};

use super::estimated::{Estimated, Fitted};
use super::{refused, report};
use crate::AgentError;

/// What refuters and sensitivity found.
#[derive(Default)]
pub(super) struct Refuted {
    pub(super) refutations: Vec<RefutationReport>,
    pub(super) sensitivity: Vec<SensitivityReport>,
    pub(super) warnings: Vec<Warning>,
}

/// Puts every estimate to the refuters. `change` is the sample of the change score.
pub(super) fn of(
    parameters: &CausalImpactParameters,
    sample: &Sample,
    change: Option<&Sample>,
    estimates: &[Estimated],
    tell: &mut dyn FnMut(f64, &str),
) -> Result<Refuted, AgentError> {
    let mut refuted = Refuted::default();
    let linear = |of_change: bool| -> Vec<(Estimator, &Fit)> {
        let own = estimates.iter().filter(|found| (found.estimator() == Estimator::ChangeScore) == of_change);
        own.filter_map(|found| match &found.fitted {
            Fitted::Linear(fit) => Some((found.estimator(), fit.as_ref())),
            _ => None,
        })
        .collect()
    };
    refute_linear(parameters, sample, &linear(false), &mut refuted, tell)?;
    if let Some(change) = change {
        refute_linear(parameters, change, &linear(true), &mut refuted, tell)?;
    }
    Ok(refuted)
}

/// All linear estimators of one sample at once: they share its products.
fn refute_linear(
    parameters: &CausalImpactParameters,
    sample: &Sample,
    named: &[(Estimator, &Fit)],
    refuted: &mut Refuted,
    tell: &mut dyn FnMut(f64, &str),
) -> Result<(), AgentError> {
    if named.is_empty() {
        return Ok(());
    }
    let plan = Plan { simulations: parameters.simulations as usize, seed: parameters.seed };
    let fits: Vec<&Fit> = named.iter().map(|(_, fit)| *fit).collect();
    tell(0.0, "placebo treatment");
    let mut groups = vec![placebo_treatment(sample, &fits, plan).map_err(refused)?];
    tell(0.1, "random common cause");
    groups.push(random_common_cause(&fits, plan).map_err(refused)?);
    tell(0.2, "data subset and bootstrap");
    let resampled = resampling(sample, &fits, plan).map_err(refused)?;
    groups.extend([resampled.subset, resampled.bootstrap]);
    for group in groups {
        for ((estimator, _), found) in named.iter().zip(&group) {
            refuted.warnings.extend(found.warnings.iter().cloned());
            refuted.refutations.push(report::refutation(*estimator, sample.rows(), found));
        }
    }
    if parameters.design == Design::Randomised {
        // Nothing can have moved an assignment by chance: the question does not arise.
        return Ok(());
    }
    tell(0.3, "unobserved confounder");
    let options = SensitivityOptions { alpha: 1.0 - parameters.confidence_level, ..SensitivityOptions::default() };
    for (estimator, fit) in named {
        let found = unobserved_confounder(sample, fit, &options).map_err(refused)?;
        refuted.warnings.extend(found.warnings.iter().cloned());
        refuted.sensitivity.push(report::sensitivity(*estimator, &found));
    }
    Ok(())
}
