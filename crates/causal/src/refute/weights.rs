//! The random weights of bootstrap and subset, drawn for any range of rows of any simulation.

use std::ops::Range;

use crate::groups::Groups;
use crate::random::{Purpose, poisson_count, stream, words_at};

/// Probability that a row (or cluster) is left out of a subset.
pub(crate) const LEFT_OUT: f64 = 0.2;

/// How weights are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Law {
    /// Poisson(1) counts: the bootstrap whose rows are independent, so that any row can be drawn alone
    /// (Hanley-MacGibbon 2006; Chamandy et al. 2012).
    Bootstrap,
    /// One for what is *left out*, so that it can be taken off the whole.
    LeftOut,
}

impl Law {
    fn purpose(self) -> Purpose {
        match self {
            Self::Bootstrap => Purpose::Bootstrap,
            Self::LeftOut => Purpose::Subset,
        }
    }

    fn weight(self, word: u32) -> u8 {
        // 2^32 / 5
        const FIFTH: u32 = 858_993_459;
        match self {
            Self::Bootstrap => poisson_count(word),
            Self::LeftOut => u8::from(word < FIFTH),
        }
    }
}

/// One column of weights: a law and the number of the simulation.
pub(crate) type Simulation = (Law, usize);

/// Weights of some simulations, by row, or by cluster where there are clusters.
pub(crate) struct Weights<'a> {
    seed: u64,
    simulations: &'a [Simulation],
    /// Rows of the sample to clusters, with the weights of all clusters in each simulation.
    by_cluster: Option<(&'a Groups, Vec<Vec<u8>>)>,
}

impl<'a> Weights<'a> {
    pub(crate) fn new(seed: u64, simulations: &'a [Simulation], clusters: Option<&'a Groups>) -> Self {
        let by_cluster = clusters.map(|clusters| {
            let draw = |&(law, number): &Simulation| {
                let mut words = vec![0; clusters.count()];
                words_at(&mut stream(seed, law.purpose(), number), 0, &mut words);
                words.into_iter().map(|word| law.weight(word)).collect()
            };
            (clusters, simulations.iter().map(draw).collect())
        });
        Self { seed, simulations, by_cluster }
    }

    /// Number of simulations.
    pub(crate) fn count(&self) -> usize {
        self.simulations.len()
    }

    /// Weights of some rows in the simulation at `index`. `words` is scratch.
    pub(crate) fn fill(&self, index: usize, rows: Range<usize>, words: &mut Vec<u32>, out: &mut [f64]) {
        if let Some((clusters, weights)) = &self.by_cluster {
            for (weight, row) in out.iter_mut().zip(rows) {
                *weight = f64::from(weights[index][clusters.of_row(row)]);
            }
            return;
        }
        let (law, number) = self.simulations[index];
        words.resize(rows.len(), 0);
        words_at(&mut stream(self.seed, law.purpose(), number), rows.start, words);
        for (weight, word) in out.iter_mut().zip(words.iter()) {
            *weight = f64::from(law.weight(*word));
        }
    }
}
