//! Negative controls: the same estimate on outcomes that the treatment cannot have moved.
//!
//! The first is the outcome before the treatment. It is then left out of the covariates, so that the question is whether
//! the other covariates alone make the arms comparable (Lipsitch, Tchetgen Tchetgen and Cohen 2010).

use causal::doubly_robust::contrasts::holm;
use causal::{CausalError, Sample, Study};
use domain::agents::causal_impact::{CausalImpactParameters, Estimator, NegativeControl};
use tables::read::Table;

use super::estimated::Estimated;
use super::estimators::{self, Data};
use super::words::number;
use super::{inputs, refused};
use crate::AgentError;

/// Adjusted p-value below which an effect on a negative control is a red flag.
const FLAG_BELOW: f64 = 0.01;

/// The studies of the negative controls: name, whether it is the baseline, study.
pub(super) fn studies(
    parameters: &CausalImpactParameters,
    table: &Table,
    study: &Study,
) -> Result<Vec<(bool, Study)>, AgentError> {
    let mut studies = Vec::new();
    if let Some(baseline) = &parameters.baseline {
        let mut before = Study { outcome: inputs::number_column(table, baseline)?, ..study.clone() };
        before.covariates.pop();
        studies.push((true, before));
    }
    for name in &parameters.negative_controls {
        studies.push((false, Study { outcome: inputs::number_column(table, name)?, ..study.clone() }));
    }
    Ok(studies)
}

/// The effect on each, by the estimator at the head where it can be had.
pub(super) fn of(
    parameters: &CausalImpactParameters,
    studies: Vec<(bool, Study)>,
    head: Estimator,
) -> Result<Vec<NegativeControl>, AgentError> {
    let mut found = Vec::new();
    for (baseline, study) in studies {
        let outcome = study.outcome.name.clone();
        let sample = Sample::prepare(study).map_err(refused)?;
        let estimated = estimate(parameters, &sample, head).map_err(refused)?;
        found.push((outcome, baseline, estimated));
    }
    let adjusted = holm(&found.iter().map(|(_, _, estimated)| estimated.report.p_value).collect::<Vec<_>>());
    let adjusts_for_baseline = parameters.baseline.is_some() && head != Estimator::DifferenceInMeans;
    let told = found.into_iter().zip(adjusted);
    Ok(told
        .map(|((outcome, baseline, estimated), adjusted)| {
            let differs = adjusted < FLAG_BELOW;
            let taken_out = baseline && adjusts_for_baseline;
            let finding = finding(&outcome, &estimated, differs, taken_out);
            NegativeControl {
                baseline,
                estimator: estimated.estimator(),
                estimate: estimated.report.estimate,
                standard_error: estimated.report.standard_error,
                p_value: estimated.report.p_value,
                adjusted_p_value: adjusted,
                interval: estimated.report.interval,
                flagged: differs && !taken_out,
                finding,
                outcome,
            }
        })
        .collect())
}

fn estimate(parameters: &CausalImpactParameters, sample: &Sample, head: Estimator) -> Result<Estimated, CausalError> {
    let data = Data { parameters, sample, change: None, folds: None };
    let adjusts = !parameters.covariates.is_empty();
    let like_head = match head {
        Estimator::Ancova | Estimator::ChangeScore => Estimator::RegressionAdjustment,
        other => other,
    };
    let linear = if adjusts { Estimator::RegressionAdjustment } else { Estimator::DifferenceInMeans };
    if like_head.needs_covariates() && !adjusts {
        return estimators::one(&data, linear);
    }
    estimators::one(&data, like_head).or_else(|_| estimators::one(&data, linear))
}

fn finding(outcome: &str, estimated: &Estimated, differs: bool, taken_out: bool) -> String {
    let effect = number(estimated.report.estimate);
    match (differs, taken_out) {
        (false, _) => format!("no effect is found on `{outcome}`, as it should be"),
        (true, true) => format!(
            "the arms differed in `{outcome}` by {effect} before the treatment although the covariates were held fixed; \
             the estimate takes the difference out, but what made it may go on"
        ),
        (true, false) => format!(
            "an effect of {effect} is found on `{outcome}`, which the treatment cannot have moved: something that the \
             covariates do not hold fixed moves both"
        ),
    }
}
