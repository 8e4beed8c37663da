//! Synthetic data with known truth, for benchmarks, demonstrations and tests of statistical behaviour.
//!
//! Three laws, each with twenty covariates (`x1..x10` normal, each correlated 0.4 with the one before,
//! `x11..x15` independent normal, `x16..x20` binary) rounded to six decimals:
//! [`observational`] (binary treatment, confounded, heterogeneous, nonlinear: a linear model is biased),
//! [`instrumental`] (endogenous treatment with two instruments), [`staggered`] (a panel with staggered
//! adoption). [`prescribers`] is the panel of the demonstration, in the users' words. The same seed gives
//! the same numbers everywhere.

mod instrumental;
mod observational;
mod prescribers;
mod staggered;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub use self::instrumental::instrumental;
pub use self::observational::observational;
pub use self::prescribers::{Prescribers, prescribers};
pub use self::staggered::staggered;

/// Number of covariates.
pub const COVARIATES: usize = 20;

/// Columns with the truth behind them.
#[derive(Debug, Clone, PartialEq)]
pub struct Synthetic {
    /// Names and values, in the order of the file.
    pub columns: Vec<(String, Vec<f64>)>,
    /// The effect in the population.
    pub true_effect: f64,
    /// The average effect in these rows, where effects differ; else the same.
    pub sample_effect: f64,
}

impl Synthetic {
    /// The values of a column.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&[f64]> {
        self.columns.iter().find(|(own, _)| own == name).map(|(_, values)| values.as_slice())
    }
}

/// Draws from one `ChaCha8` stream per law.
struct Source {
    generator: ChaCha8Rng,
    spare: Option<f64>,
}

impl Source {
    fn new(seed: u64, law: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(law);
        Self { generator, spare: None }
    }

    /// Uniform on the open interval (0, 1).
    fn uniform(&mut self) -> f64 {
        ((self.generator.next_u64() >> 12) as f64 + 0.5) / 4_503_599_627_370_496.0
    }

    /// Standard normal by Box and Muller.
    fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        let (sine, cosine) = (2.0 * std::f64::consts::PI * self.uniform()).sin_cos();
        self.spare = Some(radius * sine);
        radius * cosine
    }

    fn normals(&mut self, count: usize) -> Vec<f64> {
        (0..count).map(|_| self.normal()).collect()
    }

    fn shuffle(&mut self, values: &mut [f64]) {
        crate::random::shuffle(&mut self.generator, values);
    }
}

/// `x1..x20`, column by column.
fn covariates(source: &mut Source, rows: usize) -> Vec<Vec<f64>> {
    const CARRIED: f64 = 0.4;
    let mut columns: Vec<Vec<f64>> = (0..COVARIATES).map(|_| source.normals(rows)).collect();
    for index in 1..10 {
        let (before, from) = columns.split_at_mut(index);
        for (value, previous) in from[0].iter_mut().zip(&before[index - 1]) {
            *value = CARRIED * previous + (1.0 - CARRIED * CARRIED).sqrt() * *value;
        }
    }
    for column in &mut columns[15..] {
        for value in column {
            *value = indicator(*value > 0.25);
        }
    }
    columns.iter_mut().flatten().for_each(|value| *value = rounded(*value));
    columns
}

fn named(covariates: Vec<Vec<f64>>) -> Vec<(String, Vec<f64>)> {
    covariates.into_iter().enumerate().map(|(index, values)| (format!("x{}", index + 1), values)).collect()
}

fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

fn indicator(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

fn logistic(value: f64) -> f64 {
    1.0 / (1.0 + (-value).exp())
}
