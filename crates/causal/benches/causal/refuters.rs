//! Regression with five refuters, the main job of the house.

use std::path::Path;
use std::time::Instant;

use causal::refute::{Plan, placebo_treatment, random_common_cause, resampling};
use causal::sensitivity::{SensitivityOptions, unobserved_confounder};
use causal::{Estimator, Inference, Sample, StandardErrorKind, estimate};
use serde_json::{Value, json};

use crate::data::study;
use crate::support::{Outcome, median, peak_mib, rounded};

pub(crate) fn run(file: &Path, simulations: usize, repeats: usize) -> Outcome<Value> {
    let sample = Sample::prepare(study(file)?.0)?;
    let plan = Plan { simulations, seed: 20_240_601 };
    let (mut seconds, mut regression_seconds) = (Vec::new(), Vec::new());
    let mut found = None;
    for _ in 0..repeats.max(1) {
        let started = Instant::now();
        let inference = Inference { standard_error: StandardErrorKind::Hc1, ..Inference::default() };
        let fit = estimate(&sample, Estimator::RegressionAdjustment, &inference)?;
        regression_seconds.push(started.elapsed().as_secs_f64());
        let fits = [&fit];
        let placebo = placebo_treatment(&sample, &fits, plan)?;
        let random = random_common_cause(&fits, plan)?;
        let resampled = resampling(&sample, &fits, plan)?;
        let sensitivity = unobserved_confounder(&sample, &fit, &SensitivityOptions::default())?;
        seconds.push(started.elapsed().as_secs_f64());
        let deviations = [&placebo, &random, &resampled.subset, &resampled.bootstrap]
            .map(|refutations| refutations[0].standard_deviation);
        found = Some((fit.estimate.value, fit.estimate.standard_error, sensitivity.robustness_value, deviations));
    }
    let (value, standard_error, robustness_value, deviations) = found.ok_or("no repeat was run")?;
    Ok(json!({
        "ols_refuters_s": rounded(median(&mut seconds)), "ols_s": rounded(median(&mut regression_seconds)),
        "peak_mib": peak_mib()?, "estimate": value, "standard_error_hc1": standard_error,
        "robustness_value": robustness_value, "placebo_sd": deviations[0], "random_cause_sd": deviations[1],
        "subset_sd": deviations[2], "bootstrap_sd": deviations[3],
    }))
}
