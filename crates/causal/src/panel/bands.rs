//! Bands that hold for a whole family of effects at once, by the multiplier bootstrap.
//!
//! Each draw multiplies the clusters' influences by independent weights of mean 0 and variance 1 and
//! takes the largest `|mean| / standard error` of the family; the band's critical value is the
//! `1 - alpha` quantile of those (Callaway-Sant'Anna 2021, algorithm 1).

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::distribution::ReferenceDistribution;
use crate::error::CausalError;
use crate::matrix::dot;
use crate::random::{Purpose, stream};

/// Most draws.
const MOST_DRAWS: usize = 100_000;

/// The law of the weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Multiplier {
    /// Minus one or one.
    #[default]
    Rademacher,
    /// Two values with third moment one (Mammen 1993).
    Mammen,
}

/// How many draws, from which seed, by which law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bootstrap {
    /// Draws.
    pub draws: usize,
    /// Seed.
    pub seed: u64,
    /// Law of the weights.
    pub multiplier: Multiplier,
}

impl Bootstrap {
    pub(crate) fn check(&self) -> Result<(), CausalError> {
        if (100..=MOST_DRAWS).contains(&self.draws) {
            return Ok(());
        }
        let expected = "between 100 and 100000";
        Err(CausalError::InvalidOption { option: "bootstrap draws", value: self.draws.to_string(), expected })
    }

    fn weights(&self, draw: usize, count: usize) -> Vec<f64> {
        let mut generator = stream(self.seed, Purpose::Bootstrap, draw);
        (0..count).map(|_| self.weight(&mut generator)).collect()
    }

    fn weight(&self, generator: &mut ChaCha8Rng) -> f64 {
        let word = f64::from(generator.next_u32()) / 4_294_967_296.0;
        let root = 5.0_f64.sqrt();
        match self.multiplier {
            Multiplier::Rademacher => {
                if word < 0.5 {
                    -1.0
                } else {
                    1.0
                }
            }
            Multiplier::Mammen => {
                if word < (root + 1.0) / (2.0 * root) {
                    (1.0 - root) / 2.0
                } else {
                    f64::midpoint(1.0, root)
                }
            }
        }
    }

    /// Critical value of each family of columns; never below that of a single interval.
    ///
    /// `columns` hold each effect's influence by cluster, divided so that a draw's sum is in units of
    /// its standard error.
    pub(crate) fn critical_values(&self, columns: &[Vec<f64>], families: &[Vec<usize>], confidence: f64) -> Vec<f64> {
        let count = columns.first().map_or(0, Vec::len);
        let largest: Vec<Vec<f64>> = (0..self.draws)
            .into_par_iter()
            .map(|draw| {
                let weights = self.weights(draw, count);
                let statistics: Vec<f64> = columns.iter().map(|column| dot(column, &weights).abs()).collect();
                let most =
                    |family: &Vec<usize>| family.iter().fold(0.0_f64, |most, &index| most.max(statistics[index]));
                families.iter().map(most).collect()
            })
            .collect();
        let pointwise = ReferenceDistribution::Normal.critical_value(1.0 - confidence, 0.0);
        (0..families.len())
            .map(|family| {
                let mut values: Vec<f64> = largest.iter().map(|draw| draw[family]).collect();
                values.sort_by(f64::total_cmp);
                let above = values.iter().skip(quantile_position(self.draws, confidence));
                above.copied().next().unwrap_or(pointwise).max(pointwise)
            })
            .collect()
    }
}

/// Position of the smallest value with at least this share of all at or below it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count of at most 100,000")]
fn quantile_position(count: usize, share: f64) -> usize {
    ((count as f64 * share).ceil() as usize).saturating_sub(1)
}
