//! Our side of the comparison: one estimate a job, alone in its process.

use std::path::Path;
use std::time::Instant;

use causal::boosting::BoostingOptions;
use causal::doubly_robust::{
    DoublyRobustEstimator, DoublyRobustOptions, FoldPlan, Learner, PartiallyLinearScore, Population, doubly_robust,
};
use causal::matching::{BiasCorrection, Distance, MatchingOptions, matching, matching_by};
use causal::propensity::propensity;
use causal::refute::{Original, Plan, Refuter, refute_by_influence};
use causal::weighting::{WeightingOptions, weighting};
use causal::{Estimator, Inference, Sample, StandardErrorKind, Study, estimate};
use serde_json::{Value, json};

use crate::data::study;
use crate::support::{Outcome, median, peak_mib, rounded};

/// Seconds from columns in memory to the result, and the process' peak.
pub(crate) fn run(job: &str, file: &Path, repeats: usize) -> Outcome<Value> {
    if crate::panel::JOBS.contains(&job) {
        return crate::panel::run(job, file, repeats);
    }
    let mut seconds = Vec::new();
    let mut found = Found::default();
    let mut data_bytes = 0;
    for _ in 0..repeats.max(1) {
        let (mut study, folds) = study(file)?;
        data_bytes = 8 * study.outcome.values.len() * (study.covariates.len() + 2);
        if job.starts_with("matching") {
            treat_one_in_ten(&mut study);
        }
        let started = Instant::now();
        found = one(job, study, folds)?;
        seconds.push(started.elapsed().as_secs_f64() - found.refuters_s.unwrap_or(0.0));
    }
    let mut result = figures(&mut seconds, data_bytes, (found.estimate, found.se));
    if let Some(refuters_s) = found.refuters_s {
        result["influence_refuters_s"] = json!(rounded(refuters_s));
        result["influence_bootstrap_sd"] = json!(found.bootstrap_sd);
    }
    Ok(result)
}

#[derive(Default)]
struct Found {
    estimate: f64,
    se: f64,
    /// Subset and bootstrap by influence, 100 simulations each; not among the job's own seconds.
    refuters_s: Option<f64>,
    bootstrap_sd: f64,
}

impl Found {
    fn of(estimate: f64, se: f64) -> Self {
        Self { estimate, se, ..Self::default() }
    }
}

/// The figures that every job has. Data are rows times columns times eight bytes.
pub(crate) fn figures(seconds: &mut [f64], data_bytes: usize, (estimate, se): (f64, f64)) -> Value {
    let peak = peak_mib().ok().flatten();
    let times = peak.map(|mib| rounded(mib as f64 * 1_048_576.0 / data_bytes as f64));
    json!({
        "s": rounded(median(seconds)), "least_s": rounded(seconds[0]), "peak_mib": peak,
        "peak_times_data": times, "estimate": estimate, "se": se,
    })
}

/// As many treated as a tenth of the rows stay treated; the others become controls, without the law's mean effect.
fn treat_one_in_ten(study: &mut Study) {
    const MEAN_EFFECT: f64 = 2.0;
    let mut left = study.treatment.values.len() / 10;
    for (treated, outcome) in study.treatment.values.iter_mut().zip(&mut study.outcome.values) {
        if *treated > 0.5 {
            if left == 0 {
                (*treated, *outcome) = (0.0, *outcome - MEAN_EFFECT);
            }
            left = left.saturating_sub(1);
        }
    }
}

fn one(job: &str, study: Study, folds: Vec<u32>) -> Outcome<Found> {
    let sample = Sample::prepare(study)?;
    let options = MatchingOptions { neighbours: 3, ..MatchingOptions::default() };
    let robust = |estimator, learner| -> Outcome<Found> {
        let options = DoublyRobustOptions { folds: FoldPlan::Given(folds), learner, ..DoublyRobustOptions::default() };
        let fit = doubly_robust(&sample, estimator, &options)?;
        let started = Instant::now();
        let original = Original::new(job, fit.estimate.value, fit.estimate.standard_error);
        let plan = Plan { simulations: 100, seed: 20_240_601 };
        let refuters = [Refuter::DataSubset, Refuter::Bootstrap];
        let refuted = refute_by_influence(&sample, &original, &fit.influence, &refuters, plan)?;
        Ok(Found {
            refuters_s: Some(started.elapsed().as_secs_f64()),
            bootstrap_sd: refuted[1].standard_deviation,
            ..Found::of(fit.estimate.value, fit.estimate.standard_error)
        })
    };
    match job {
        "ols" => {
            let inference = Inference { standard_error: StandardErrorKind::Hc1, ..Inference::default() };
            let fit = estimate(&sample, Estimator::RegressionAdjustment, &inference)?;
            Ok(Found::of(fit.estimate.value, fit.estimate.standard_error))
        }
        "ipw" => {
            let fit = weighting(&sample, &WeightingOptions::default())?;
            Ok(Found::of(fit.estimate.value, fit.estimate.standard_error))
        }
        "aipw_linear" => robust(DoublyRobustEstimator::Aipw(Population::All), Learner::Linear),
        "aipw_boosted" => {
            robust(DoublyRobustEstimator::Aipw(Population::All), Learner::Boosted(BoostingOptions::default()))
        }
        "plr_linear" => {
            robust(DoublyRobustEstimator::PartiallyLinear(PartiallyLinearScore::PartiallingOut), Learner::Linear)
        }
        "matching_log_odds" => {
            let (_, model) = propensity(&sample)?;
            let found = matching(&sample, &model, &options)?;
            Ok(Found::of(found.value, found.standard_error))
        }
        "matching_mahalanobis" => {
            let found = matching_by(&sample, Distance::Mahalanobis, BiasCorrection::Regression, &options)?;
            Ok(Found::of(found.value, found.standard_error))
        }
        _ => Err(format!("no job '{job}'").into()),
    }
}
