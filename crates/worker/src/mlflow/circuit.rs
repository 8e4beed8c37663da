//! While MLflow is away it is asked once in a while, not once for each run.

use std::time::Duration;

use crate::state::Worker;

/// First and longest time between two tries while MLflow is away.
const FIRST: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(30);

/// Failures in a row; open from the first on.
#[derive(Debug, Default)]
pub(super) struct Circuit {
    failures: u32,
}

impl Circuit {
    /// Whether the last try failed, so that one run is tried and no more.
    pub(super) fn is_open(&self) -> bool {
        self.failures > 0
    }

    /// A try failed; whether it is the first of a row.
    pub(super) fn failed(&mut self) -> bool {
        self.failures = self.failures.saturating_add(1);
        self.failures == 1
    }

    /// A try succeeded; whether the one before had failed.
    pub(super) fn works(&mut self) -> bool {
        std::mem::take(&mut self.failures) > 0
    }

    /// How long to wait before the next try; `None` while MLflow answers. Between half and all of it, so that several
    /// workers do not ask at once.
    pub(super) fn wait(&self, worker: &Worker) -> Option<Duration> {
        self.longest().map(|longest| longest / 2 + worker.jitter(longest / 2))
    }

    fn longest(&self) -> Option<Duration> {
        let doublings = self.failures.checked_sub(1)?;
        Some((FIRST * 2_u32.pow(doublings.min(8))).min(LONGEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_with_the_first_failure_waits_longer_and_longer_and_closes_at_once() {
        let mut circuit = Circuit::default();
        assert!(circuit.longest().is_none() && !circuit.works());
        assert!(circuit.failed());
        assert!(circuit.is_open() && circuit.longest() == Some(FIRST));
        for _ in 0..40 {
            assert!(!circuit.failed());
        }
        assert_eq!(circuit.longest(), Some(LONGEST));
        assert!(circuit.works() && !circuit.is_open());
    }
}
