//! The frequent values of a column with too many distinct ones to keep: Misra and Gries (1982), pruned in batches.
//!
//! With `kept` counters after each pruning, a value's count is short by at most [`Frequent::shortfall`], which is at
//! most the rows divided by `kept`; so each value more frequent than that is among the candidates.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Candidates by their hash; what they are is looked up in a second pass.
pub(super) struct Frequent {
    counters: HashMap<u64, u64, AsItIs>,
    /// Counters that survive a pruning, at most.
    kept: usize,
    shortfall: u64,
}

type AsItIs = BuildHasherDefault<Identity>;

/// The keys are hashes already.
#[derive(Default)]
pub(super) struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = super::hash::hash(bytes);
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

impl Frequent {
    /// Starts from values that were all counted.
    pub(super) fn new(kept: usize, counted: impl Iterator<Item = (u64, u64)>) -> Self {
        let mut started = Self { counters: counted.collect(), kept, shortfall: 0 };
        started.prune();
        started
    }

    pub(super) fn observe(&mut self, hash: u64) {
        *self.counters.entry(hash).or_insert(0) += 1;
        if self.counters.len() > 2 * self.kept {
            self.prune();
        }
    }

    /// Takes the largest count that need not be kept off all counters and drops those that are then at nothing.
    fn prune(&mut self) {
        if self.counters.len() <= self.kept {
            return;
        }
        let mut counts: Vec<u64> = self.counters.values().copied().collect();
        let (_, &mut cut, _) = counts.select_nth_unstable_by(self.kept, |one, other| other.cmp(one));
        self.counters.retain(|_, count| {
            *count = count.saturating_sub(cut);
            *count > 0
        });
        self.counters.shrink_to(2 * self.kept);
        self.shortfall += cut;
    }

    /// A value that is no candidate stands at most so often.
    pub(super) const fn shortfall(&self) -> u64 {
        self.shortfall
    }

    /// The hashes of the candidates.
    pub(super) fn candidates(&self) -> impl Iterator<Item = u64> {
        self.counters.keys().copied()
    }
}
