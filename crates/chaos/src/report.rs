//! What a run came to, in one line.

use serde_json::{Value, json};

use crate::checker::Verdict;
use crate::guards::Guard;

/// A run and its verdict.
#[derive(Clone, Debug)]
pub struct Report {
    /// What the plan was drawn from.
    pub seed: u64,
    /// The guard that was taken out.
    pub without: Option<Guard>,
    /// Jobs submitted.
    pub jobs: usize,
    /// Zombies' writes that the platform refused.
    pub fenced_writes: u64,
    /// Faults there were.
    pub faults: usize,
    /// The whole run.
    pub seconds: f64,
    /// The verdict.
    pub verdict: Verdict,
}

impl Report {
    /// As one JSON object.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let rounded = |seconds: f64| (seconds * 1000.0).round() / 1000.0;
        json!({
            "chaos": self.without.map_or_else(|| "all guards in place".to_owned(), |guard| format!("without {guard:?}").to_lowercase()),
            "seed": self.seed,
            "jobs": self.jobs,
            "lost": self.verdict.lost.len(),
            "doubled": self.verdict.doubled.len(),
            "illegal_transitions": self.verdict.illegal.len(),
            "wrong_results": self.verdict.wrong.len(),
            "failed_by_faults": self.verdict.failed,
            "fenced_writes": self.fenced_writes,
            "recovered": self.verdict.recoveries_s.len(),
            "recovery_p99_s": rounded(self.verdict.recovery_p99_s()),
            "faults": self.faults,
            "seconds": rounded(self.seconds),
        })
    }

    /// Whether the run went as it has to: nothing wrong with all guards in place; something lost or doubled without one.
    #[must_use]
    pub fn is_as_it_has_to_be(&self) -> bool {
        match self.without {
            None => self.verdict.is_clean(),
            Some(_) => !self.verdict.lost.is_empty() || !self.verdict.doubled.is_empty(),
        }
    }
}
