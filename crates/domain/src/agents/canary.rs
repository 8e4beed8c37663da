//! `canary`: a tiny analysis with a known answer, run to prove that the whole way works.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AgentContract, Audience, Expected, ParameterProblem};
use crate::dataset::TableSchema;
use crate::job::Priority;

/// The contract of `canary`.
#[derive(Debug)]
pub struct Canary;

/// Nothing need be given.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "Canary")]
pub struct CanaryParameters {
    /// Milliseconds to work before answering, so that drains and kills can be tried on a live platform.
    #[schemars(range(min = 0, max = 600_000), title = "Work for (ms)")]
    pub work_ms: u32,
    /// Mebibytes to hold meanwhile, so that limits of memory can be tried too.
    #[schemars(range(min = 0, max = 65_536), title = "Hold (MiB)")]
    pub hold_mib: u32,
    /// What to do wrong instead of answering.
    #[schemars(title = "Fault")]
    pub fault: Option<CanaryFault>,
}

/// A way for a canary to go wrong, to see that it costs one attempt and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CanaryFault {
    /// Panic.
    Panic,
    /// Abort the process.
    Abort,
    /// Go on without a sign of life.
    Stuck,
}

/// The answer, and what it has to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CanaryResult {
    /// Difference in means of a built-in table of eight rows.
    pub estimate: f64,
    /// What it has to be.
    pub expected: f64,
    /// Whether it is, to 1e-12.
    pub correct: bool,
}

impl AgentContract for Canary {
    const NAME: &'static str = "canary";
    const VERSION: i32 = 1;
    const TITLE: &'static str = "Canary";
    const SUMMARY: &'static str = "A tiny analysis with a known answer that proves the whole way works.";
    const AUDIENCE: Audience = Audience::Canary;
    const NEEDS_DATASET: bool = false;
    const PRIORITY: Priority = Priority::High;
    const TIMEOUT_S: u32 = 660;
    const STUCK_S: u32 = 60;

    type Parameters = CanaryParameters;
    type Output = CanaryResult;

    fn check(parameters: &CanaryParameters, _table: Option<&TableSchema>) -> Result<(), Vec<ParameterProblem>> {
        if parameters.work_ms > 600_000 {
            let detail = format!("{} ms is more than ten minutes; give at most 600000", parameters.work_ms);
            return Err(vec![ParameterProblem::new("/work_ms", detail)]);
        }
        if parameters.hold_mib > 65_536 {
            let detail = format!("{} MiB is more than 64 GiB; give at most 65536", parameters.hold_mib);
            return Err(vec![ParameterProblem::new("/hold_mib", detail)]);
        }
        Ok(())
    }

    fn expected(parameters: &CanaryParameters, _table: Option<&TableSchema>) -> Option<Expected> {
        let seconds = f64::from(parameters.work_ms) / 1000.0;
        Some(Expected { seconds, memory_bytes: u64::from(parameters.hold_mib) << 20, by_step: Vec::new() })
    }
}
