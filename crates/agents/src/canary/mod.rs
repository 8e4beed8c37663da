//! `canary`: the difference in means of eight built-in rows, through the real estimator.

use std::time::Duration;

use causal::{CausalError, Estimator, Inference, MissingValues, NumericColumn, Sample, Study};
use domain::agents::canary::{Canary, CanaryFault, CanaryParameters, CanaryResult};

use crate::{AgentError, Compute, Input, Progress};

const TREATED: [f64; 4] = [3.0, 5.0, 4.0, 8.0];
const CONTROL: [f64; 4] = [1.0, 2.0, 3.0, 2.0];
/// Mean of `TREATED` (5) less mean of `CONTROL` (2).
const EXPECTED: f64 = 3.0;
const SLICE_MS: u32 = 50;

impl Compute for Canary {
    fn compute(
        parameters: &CanaryParameters,
        _input: &Input,
        progress: &mut dyn Progress,
    ) -> Result<CanaryResult, AgentError> {
        let held = hold(parameters.hold_mib);
        if let Some(fault) = parameters.fault {
            go_wrong(fault);
        }
        let mut worked_ms = 0;
        while worked_ms < parameters.work_ms {
            let slice_ms = SLICE_MS.min(parameters.work_ms - worked_ms);
            std::thread::sleep(Duration::from_millis(slice_ms.into()));
            worked_ms += slice_ms;
            progress.report(f64::from(worked_ms) / f64::from(parameters.work_ms), "working");
        }
        drop(held);
        let estimate = estimate()?;
        Ok(CanaryResult { estimate, expected: EXPECTED, correct: (estimate - EXPECTED).abs() < 1e-12 })
    }
}

/// Written to, so that the machine really gives it.
fn hold(mebibytes: u32) -> Vec<Vec<u8>> {
    (0..mebibytes).map(|_| vec![1; 1 << 20]).collect()
}

/// Whatever happens here happens to this child process alone.
fn go_wrong(fault: CanaryFault) {
    match fault {
        CanaryFault::Panic => panic!("the canary was told to panic"),
        CanaryFault::Abort => std::process::abort(),
        CanaryFault::Stuck => loop {
            std::thread::park();
        },
    }
}

fn estimate() -> Result<f64, AgentError> {
    let study = Study {
        outcome: NumericColumn::new("outcome", TREATED.into_iter().chain(CONTROL).collect()),
        treatment: NumericColumn::new("treatment", [[1.0; 4], [0.0; 4]].concat()),
        arm_labels: None,
        covariates: Vec::new(),
        clusters: None,
        missing: MissingValues::Refuse,
    };
    let failed = |error: CausalError| AgentError::Internal(format!("the canary's own table: {error}"));
    let sample = Sample::prepare(study).map_err(failed)?;
    let fit = causal::estimate(&sample, Estimator::DifferenceInMeans, &Inference::default()).map_err(failed)?;
    Ok(fit.estimate.value)
}
