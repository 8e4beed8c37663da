//! One row a unit: two arms, or an amount.

use causal::ancova::before_after;
use causal::overlap::overlap;
use causal::weighting::weighting;
use causal::{Covariate, NumericColumn, Sample, Study, TreatmentKind, diagnostics};
use domain::agents::causal_impact::{
    BeforeAfter, CausalImpactParameters, Design, EstimateReport, Estimator, NotComputed, Notice,
};
use tables::read::Table;

use super::estimated::{Estimated, Fitted};
use super::estimators::{self, Data};
use super::findings::{Findings, Notices};
use super::{agreement, inputs, negative_controls, refused, refuters, report, worth};
use crate::{AgentError, Progress};

/// Estimates, checks and refutes. `table` is given away, so that its memory can be.
pub(super) fn analyse(
    parameters: &CausalImpactParameters,
    table: Table,
    progress: &mut dyn Progress,
) -> Result<Findings, AgentError> {
    progress.report(0.3, "checking the data");
    let study = inputs::study(parameters, &table)?;
    let folds = inputs::folds(parameters, &table)?;
    let controls = negative_controls::studies(parameters, &table, &study)?;
    drop(table);
    let mut notices = Notices::default();
    for notice in inputs::nearly_numbers(parameters, &study) {
        notices.add(notice);
    }
    let change = change_since(parameters, &study)?;
    let pair = before_and_after(parameters, &study)?;
    let sample = Sample::prepare(study).map_err(refused)?;

    let data = Data { parameters, sample: &sample, change: change.as_ref(), folds: folds.as_deref() };
    let (estimates, not_computed) = estimate(&data, progress)?;
    let balance = diagnostics::balance(&sample);
    let split = diagnostics::split(&sample, parameters.expected_treated_share).map_err(refused)?;
    let joint = joint_balance(parameters, &sample, &estimates);
    let overlap = overlap_of(parameters, &sample, &estimates);
    let agreement = agreement::of(parameters, &sample, &estimates);
    let negative_controls = negative_controls::of(parameters, controls, estimates[0].estimator())?;
    let mut tell = |share: f64, step: &str| progress.report(0.6 + 0.38 * share, step);
    let refuted = refuters::of(&data, &estimates, &mut tell)?;

    notices.warnings(sample.warnings().iter().chain(&balance.warnings));
    notices.warnings(estimates.iter().flat_map(|found| &found.warnings));
    notices.warnings(&refuted.warnings);
    remark(parameters, pair.as_ref(), &mut notices);
    let treatment = report::treatment(sample.treatment_kind());
    let reports: Vec<EstimateReport> = estimates.into_iter().map(|found| found.report).collect();
    let worth = worth::of(parameters, &reports[0], &treatment, None);
    let diagnostics = super::diagnostics::diagnostics(&sample, &balance, split.as_ref(), joint.as_ref());
    Ok(Findings {
        not_computed,
        agreement,
        overlap,
        before_after: pair,
        negative_controls,
        refutations: refuted.refutations,
        sensitivity: refuted.sensitivity,
        worth,
        notices: notices.0,
        ..Findings::of(treatment, reports, diagnostics)
    })
}

/// All estimates, the head first. When the head was not chosen by the analyst and cannot be had, the next that adjusts
/// takes its place; a mere difference in means does not where there is something to hold fixed.
fn estimate(data: &Data<'_>, progress: &mut dyn Progress) -> Result<(Vec<Estimated>, Vec<NotComputed>), AgentError> {
    let chosen = estimators::chosen(data);
    let count = chosen.len() as f64;
    let mut tell = |index: usize, estimator: Estimator| {
        let words = format!("estimating: {}", estimator.words());
        progress.report(0.32 + 0.28 * index as f64 / count, &words);
    };
    let (mut found, failed) = estimators::run(data, &chosen, &mut tell);
    let adjusts = |estimator: Estimator| estimator != Estimator::DifferenceInMeans;
    found.sort_by_key(|found| found.estimator() != chosen[0] && !adjusts(found.estimator()));
    let head_failed = failed.iter().find(|missing| missing.estimator == chosen[0]);
    let alone = adjusts(chosen[0]) && !found.iter().any(|found| adjusts(found.estimator()));
    match head_failed {
        Some(missing) if data.parameters.estimator.is_some() => Err(AgentError::User(missing.reason.clone())),
        Some(missing) if alone => {
            // The linear one says which column it is.
            let linear = |missing: &&NotComputed| {
                matches!(missing.estimator, Estimator::RegressionAdjustment | Estimator::Ancova)
            };
            let said = failed.iter().find(linear).unwrap_or(missing);
            Err(AgentError::User(said.reason.clone()))
        }
        _ => Ok((found, failed)),
    }
}

/// The study of the change since the baseline: the baseline is taken off the outcome instead of being held fixed.
fn change_since(parameters: &CausalImpactParameters, study: &Study) -> Result<Option<Sample>, AgentError> {
    let (Some(_), Some((baseline, mut change))) = (&parameters.baseline, without_baseline(study)) else {
        return Ok(None);
    };
    change.outcome.name = format!("{} - {}", study.outcome.name, baseline.name);
    change.outcome.values.iter_mut().zip(&baseline.values).for_each(|(value, before)| *value -= before);
    Sample::prepare(change).map(Some).map_err(refused)
}

fn before_and_after(parameters: &CausalImpactParameters, study: &Study) -> Result<Option<BeforeAfter>, AgentError> {
    let (Some(_), Some((baseline, rest))) = (&parameters.baseline, without_baseline(study)) else { return Ok(None) };
    let inference = estimators::inference(parameters, study.outcome.values.len());
    let found = before_after(&rest, &baseline, &inference).map_err(refused)?.comparison;
    Ok(Some(BeforeAfter {
        difference: found.difference,
        standard_error: found.difference_standard_error,
        apart: found.apart,
        bracket: report::interval(found.bracket),
        finding: found.finding,
    }))
}

/// The baseline, which is the last covariate, and the study without it.
fn without_baseline(study: &Study) -> Option<(NumericColumn, Study)> {
    let mut rest = study.clone();
    match rest.covariates.pop()? {
        Covariate::Numeric(baseline) => Some((baseline, rest)),
        Covariate::Categorical(_) => None,
    }
}

fn joint_balance(
    parameters: &CausalImpactParameters,
    sample: &Sample,
    estimates: &[Estimated],
) -> Option<diagnostics::JointBalance> {
    if parameters.design == Design::Observational {
        return None;
    }
    let adjusted = estimates.iter().find_map(|found| match (&found.fitted, found.estimator()) {
        (Fitted::Linear(fit), Estimator::RegressionAdjustment | Estimator::Ancova) => Some(fit),
        _ => None,
    })?;
    diagnostics::joint_balance(sample, adjusted)
}

/// From the weighted estimate, or from weights of its own where that was not asked for.
fn overlap_of(
    parameters: &CausalImpactParameters,
    sample: &Sample,
    estimates: &[Estimated],
) -> Option<domain::agents::causal_impact::Overlap> {
    let adjusts = !parameters.covariates.is_empty() || parameters.baseline.is_some();
    let binary = matches!(sample.treatment_kind(), TreatmentKind::Binary { .. });
    if parameters.design == Design::Randomised || !binary || !adjusts || sample.absorbed().is_some() {
        return None;
    }
    let fitted = estimates.iter().find_map(|found| match &found.fitted {
        Fitted::Weighting(fit) => Some(fit.as_ref()),
        _ => None,
    });
    let own;
    let fit = if let Some(fit) = fitted {
        fit
    } else {
        own = weighting(sample, &estimators::weighting_options(parameters)).ok()?;
        &own
    };
    Some(super::diagnostics::overlap(&overlap(sample, fit)))
}

/// What the analyst may want to know or do next.
fn remark(parameters: &CausalImpactParameters, pair: Option<&BeforeAfter>, notices: &mut Notices) {
    let mut add = |code: &str, message: &str| {
        notices.add(Notice { code: code.to_owned(), message: message.to_owned() });
    };
    if let Some(pair) = pair.filter(|pair| pair.apart) {
        add("before_after_apart", &pair.finding);
    }
    let none = parameters.baseline.is_none() && parameters.negative_controls.is_empty();
    if parameters.design == Design::Observational && none {
        add(
            "no_negative_control",
            "no outcome was given that the treatment cannot have moved; the best is the outcome before the treatment: give \
             it as `baseline`, or any other as `negative_controls`",
        );
    }
}
