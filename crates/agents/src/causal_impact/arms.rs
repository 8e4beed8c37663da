//! A treatment of several values: each against a chosen control, with p-values adjusted by Holm.

use causal::doubly_robust::contrasts::{ArmsStudy, Contrast as Found, ContrastEstimator, Contrasts, contrasts};
use causal::doubly_robust::{DoublyRobustOptions, FoldPlan, Learner};
use domain::agents::causal_impact::{
    ArmRows, CausalImpactParameters, Contrast, Design, Estimand, EstimateReport, Estimator, NotComputed, StandardError,
    TreatmentReport,
};
use tables::read::Table;

use super::findings::{Findings, Notices};
use super::{estimators, inputs, panel, report};
use crate::{AgentError, Progress};

/// Compares every arm with the control, by every estimator that applies.
pub(super) fn analyse(
    parameters: &CausalImpactParameters,
    table: Table,
    progress: &mut dyn Progress,
) -> Result<Findings, AgentError> {
    progress.report(0.3, "checking the data");
    let study = study(parameters, &table)?;
    let folds = inputs::folds(parameters, &table)?;
    drop(table);
    let counts = counts(&study);
    let rows = study.outcome.values.len();
    let inference = estimators::inference(parameters, rows);
    let (mut found, mut not_computed, mut notices) = (Vec::new(), Vec::new(), Notices::default());
    let chosen = chosen(parameters, &counts);
    for (index, &estimator) in chosen.iter().enumerate() {
        let words = format!("estimating: {}", estimator.words());
        progress.report(0.35 + 0.6 * index as f64 / chosen.len() as f64, &words);
        match contrasts(&study, method(estimator), &inference, &options(parameters, estimator, folds.as_deref())) {
            Ok(contrasts) => {
                notices.warnings(&contrasts.warnings);
                found.push((estimator, contrasts));
            }
            Err(error) if Some(estimator) == parameters.estimator || chosen.len() == 1 => {
                return Err(super::refused(error));
            }
            Err(error) => not_computed.push(NotComputed { estimator, reason: error.to_string() }),
        }
    }
    if found.is_empty() {
        let reason = not_computed.first().map(|missing| missing.reason.clone()).unwrap_or_default();
        return Err(AgentError::User(reason));
    }
    let used: usize = counts.iter().map(|(_, rows)| rows).sum();
    let arms = counts.into_iter().map(|(arm, rows)| ArmRows { arm, rows: rows as u64 }).collect();
    let treatment = TreatmentReport::Arms { control: study.control.clone(), arms };
    let estimates =
        found.iter().filter_map(|(estimator, contrasts)| first(parameters, *estimator, contrasts)).collect();
    let all = found.iter().flat_map(|(estimator, contrasts)| {
        contrasts.contrasts.iter().map(|contrast| told(*estimator, contrast)).collect::<Vec<_>>()
    });
    Ok(Findings {
        contrasts: all.collect(),
        not_computed,
        notices: notices.0,
        ..Findings::of(treatment, estimates, panel::rows_alone(rows, used))
    })
}

fn study(parameters: &CausalImpactParameters, table: &Table) -> Result<ArmsStudy, AgentError> {
    let treatment = inputs::category(table, parameters.treatment_column())?;
    let wanted = parameters.control_value.as_deref().unwrap_or_default();
    let Some(control) = treatment.levels.iter().find(|level| inputs::same(wanted, level)).cloned() else {
        let shown: Vec<&str> = treatment.levels.iter().take(8).map(String::as_str).collect();
        return Err(AgentError::User(format!(
            "control_value is '{wanted}', but treatment '{}' has the values {}",
            treatment.name,
            shown.join(", ")
        )));
    };
    Ok(ArmsStudy {
        outcome: inputs::number_column(table, &parameters.outcome)?,
        treatment,
        control,
        covariates: inputs::covariates(parameters, table)?,
        clusters: inputs::clusters(parameters, table)?,
        missing: inputs::policy(parameters),
    })
}

/// Rows of each arm, the control first.
fn counts(study: &ArmsStudy) -> Vec<(String, usize)> {
    let rows = |code: usize| study.treatment.codes.iter().filter(|&&own| own as usize == code).count();
    let levels = study.treatment.levels.iter().enumerate();
    let mut counts: Vec<(String, usize)> = levels.map(|(code, level)| (level.clone(), rows(code))).collect();
    counts.retain(|(_, rows)| *rows > 0);
    counts.sort_by_key(|(arm, _)| *arm != study.control);
    counts
}

/// The estimators to run; the one for the head first.
fn chosen(parameters: &CausalImpactParameters, counts: &[(String, usize)]) -> Vec<Estimator> {
    use Estimator as E;
    let adjusts = !parameters.covariates.is_empty();
    let boosts = counts.iter().all(|(_, rows)| *rows >= estimators::ARM_ROWS_TO_BOOST);
    let sensible: &[E] = match (parameters.design, adjusts) {
        (_, false) => &[E::DifferenceInMeans],
        (Design::Randomised, true) => &[E::RegressionAdjustment, E::DifferenceInMeans],
        (Design::Observational, true) if boosts => {
            &[E::AipwBoosted, E::AipwLinear, E::RegressionAdjustment, E::DifferenceInMeans]
        }
        (Design::Observational, true) => &[E::RegressionAdjustment, E::AipwLinear, E::DifferenceInMeans],
    };
    let mut estimators =
        if parameters.estimators.is_empty() { sensible.to_vec() } else { parameters.estimators.clone() };
    if let Some(head) = parameters.estimator {
        estimators.retain(|&estimator| estimator != head);
        estimators.insert(0, head);
    }
    estimators
}

const fn method(estimator: Estimator) -> ContrastEstimator {
    match estimator {
        Estimator::DifferenceInMeans => ContrastEstimator::DifferenceInMeans,
        Estimator::RegressionAdjustment => ContrastEstimator::RegressionAdjustment,
        _ => ContrastEstimator::Aipw,
    }
}

fn options(parameters: &CausalImpactParameters, estimator: Estimator, folds: Option<&[u32]>) -> DoublyRobustOptions {
    DoublyRobustOptions {
        folds: folds.map_or(FoldPlan::Dealt(parameters.folds as usize), |folds| FoldPlan::Given(folds.to_vec())),
        learner: match estimator {
            Estimator::AipwBoosted => Learner::Boosted(causal::boosting::BoostingOptions::default()),
            _ => Learner::Linear,
        },
        confidence: parameters.confidence_level,
        seed: parameters.seed,
        ..DoublyRobustOptions::default()
    }
}

/// The first arm's contrast as an estimate of its own.
fn first(parameters: &CausalImpactParameters, estimator: Estimator, found: &Contrasts) -> Option<EstimateReport> {
    let contrast = found.contrasts.first()?;
    let estimand = match (estimator, parameters.design) {
        (Estimator::AipwLinear | Estimator::AipwBoosted, _) | (_, Design::Randomised) => Estimand::Everybody,
        (Estimator::DifferenceInMeans, _) => Estimand::Association,
        _ => Estimand::VarianceWeighted,
    };
    let convention = contrast.convention.as_ref().map_or_else(
        || {
            let rows = contrast.arm_rows + contrast.control_rows;
            report::asymptotic(StandardError::InfluenceFunction, "that of the estimator for two arms", rows)
        },
        report::convention,
    );
    let numbers = [contrast.value, contrast.standard_error, contrast.p_value];
    Some(report::general(estimator, estimand, numbers, contrast.interval, convention))
}

fn told(estimator: Estimator, found: &Found) -> Contrast {
    Contrast {
        estimator,
        arm: found.arm.clone(),
        control: found.control.clone(),
        estimate: found.value,
        standard_error: found.standard_error,
        p_value: found.p_value,
        adjusted_p_value: found.adjusted_p_value,
        interval: report::interval(found.interval),
        arm_rows: found.arm_rows as u64,
        control_rows: found.control_rows as u64,
    }
}
