//! Gradient-boosted regression trees on binned features: a flexible nuisance model for [`crate::doubly_robust`].
//!
//! Friedman (2001), Annals of Statistics 29(5), with the second-order leaf values of Chen and Guestrin
//! (2016, `XGBoost`, equations 5 to 7) and the binned histograms and leaf-wise growth of Ke et al. (2017,
//! `LightGBM`): each round fits a tree to gradient `g` and curvature `h` of the loss at the current score,
//!
//! ```text
//! leaf value = -G / (H + l2)        gain = G_l²/(H_l + l2) + G_r²/(H_r + l2) - G²/(H + l2)
//! ```
//!
//! and adds it, shrunk by the learning rate. A seeded part of the training rows is held back; the number
//! of rounds is the one with the least loss there. Twice as many are then fitted on all training rows.
//!
//! Twice, because the model that predicts best is not the one that an effect wants. Early stopping leaves
//! out the faintest structure (interactions first), from the propensity and from the outcome alike, and what
//! both leave out stays confounded: the error of AIPW is the product of theirs. More rounds trade that bias
//! for variance, which cross-fitting forgives (undersmoothing). On the observational law of
//! [`crate::synthetic`] twice the rounds predict as well as once and halve the bias; docs/adr/0006 has figures.
//!
//! One fit runs on one thread and sums in row order, so it is the same bit for bit everywhere; the
//! parallelism is across the many fits that cross-fitting needs (folds times nuisances), which share one
//! byte per value of binned covariates. Bins are cut from the covariates of all rows: they see no
//! outcome and no treatment, so nothing leaks from a fold into the model that is judged on it.
//!
//! `binned` cuts covariates into bytes, `tree` grows one tree, this file is the loop around it. To add a
//! loss, give [`Loss`] its gradient, curvature, start and value.

mod binned;
mod tree;

use rand::Rng;
use serde::{Deserialize, Serialize};

pub(crate) use self::binned::Binned;
use self::tree::{Grower, Tree};
use crate::error::CausalError;
use crate::random::{Purpose, stream};

/// What is minimised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Loss {
    /// Half the squared error, for numbers.
    Squared,
    /// Cross entropy of a 0/1 target; the score is the log odds.
    Logistic,
}

impl Loss {
    /// The best constant score.
    fn start(self, mean: f64) -> f64 {
        match self {
            Self::Squared => mean,
            Self::Logistic => {
                let share = mean.clamp(1e-6, 1.0 - 1e-6);
                (share / (1.0 - share)).ln()
            }
        }
    }

    /// First and second derivative by the score.
    fn derivatives(self, target: f64, score: f64) -> [f64; 2] {
        match self {
            Self::Squared => [score - target, 1.0],
            Self::Logistic => {
                let share = logistic(score);
                [share - target, (share * (1.0 - share)).max(1e-12)]
            }
        }
    }

    fn value(self, target: f64, score: f64) -> f64 {
        match self {
            Self::Squared => 0.5 * (score - target).powi(2),
            Self::Logistic => score.max(0.0) - score * target + (-score.abs()).exp().ln_1p(),
        }
    }

    fn prediction(self, score: f64) -> f64 {
        match self {
            Self::Squared => score,
            Self::Logistic => logistic(score),
        }
    }
}

fn logistic(score: f64) -> f64 {
    1.0 / (1.0 + (-score).exp())
}

/// How the trees are grown.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BoostingOptions {
    /// Most rounds (trees).
    pub rounds: usize,
    /// Factor on each tree, in (0, 1].
    pub learning_rate: f64,
    /// Most leaves of a tree.
    pub leaves: usize,
    /// Fewest rows in a leaf.
    pub rows_per_leaf: usize,
    /// Ridge penalty on leaf values.
    pub l2: f64,
    /// Share of the training rows that a tree sees, drawn anew each round; 1 takes all.
    pub row_share: f64,
    /// Share of the training rows held back to choose the number of rounds; 0 runs all rounds.
    pub validation_share: f64,
    /// Rounds without progress on the rows held back before it stops.
    pub patience: usize,
    /// Rounds fitted in the end on all training rows, those held back among them, as a multiple of the rounds
    /// found; 0 keeps the first fit. See the module on why it is 2.
    #[serde(default)]
    pub refit: f64,
}

impl Default for BoostingOptions {
    fn default() -> Self {
        Self {
            rounds: 400,
            learning_rate: 0.1,
            leaves: 15,
            rows_per_leaf: 20,
            l2: 1.0,
            row_share: 1.0,
            validation_share: 0.1,
            patience: 10,
            refit: 2.0,
        }
    }
}

impl BoostingOptions {
    /// Refuses options out of range.
    pub(crate) fn check(&self) -> Result<(), CausalError> {
        let share = |value: f64| value > 0.0 && value <= 1.0;
        let checks: [(&'static str, f64, bool, &'static str); 7] = [
            ("boosting rounds", self.rounds as f64, (1..=10_000).contains(&self.rounds), "from 1 to 10000"),
            ("learning rate", self.learning_rate, share(self.learning_rate), "above 0 and at most 1"),
            ("leaves of a tree", self.leaves as f64, (2..=1024).contains(&self.leaves), "from 2 to 1024"),
            ("ridge penalty on leaf values", self.l2, self.l2 >= 0.0 && self.l2.is_finite(), "at least 0 and finite"),
            ("share of rows per tree", self.row_share, share(self.row_share), "above 0 and at most 1"),
            (
                "share of rows held back",
                self.validation_share,
                (0.0..=0.5).contains(&self.validation_share),
                "from 0 to 0.5",
            ),
            ("rounds of the refit", self.refit, (0.0..=10.0).contains(&self.refit), "from 0 to 10 times those found"),
        ];
        match checks.into_iter().find(|(_, _, holds, _)| !holds) {
            None => Ok(()),
            Some((option, value, _, expected)) => {
                Err(CausalError::InvalidOption { option, value: value.to_string(), expected })
            }
        }
    }
}

/// A fitted sum of trees.
#[derive(Debug, Clone)]
pub(crate) struct Boosted {
    loss: Loss,
    start: f64,
    trees: Vec<Tree>,
}

/// What is fitted: a target on some rows.
pub(crate) struct Task<'a> {
    pub(crate) binned: &'a Binned,
    pub(crate) target: &'a [f64],
    pub(crate) rows: &'a [u32],
    pub(crate) loss: Loss,
}

impl Boosted {
    /// Fits the target on the training rows. `seed` has a number of the task besides, so that each has its
    /// own random rows.
    pub(crate) fn fit(task: &Task<'_>, options: &BoostingOptions, seed: (u64, usize)) -> Self {
        let (training, held_back) = split(task.rows, options.validation_share, seed);
        let model = Self::grow(task, options, seed, &training, &held_back);
        if held_back.is_empty() || options.refit <= 0.0 {
            return model;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small multiple of a count")]
        let rounds = (options.refit * model.trees.len() as f64).round() as usize;
        drop(model);
        Self::grow(task, &BoostingOptions { rounds, ..*options }, seed, task.rows, &[])
    }

    fn grow(
        task: &Task<'_>,
        options: &BoostingOptions,
        seed: (u64, usize),
        training: &[u32],
        held_back: &[u32],
    ) -> Self {
        let Task { binned, target, loss, .. } = *task;
        let mean = training.iter().map(|&row| target[row as usize]).sum::<f64>() / training.len() as f64;
        let start = loss.start(mean);
        let mut model = Self { loss, start, trees: Vec::new() };
        let mut scores = vec![start; target.len()];
        let mut derivatives = vec![[0.0_f32; 2]; target.len()];
        let mut grower = Grower::new(binned, options);
        let mut draws = stream(seed.0, Purpose::Boosting, 2 * seed.1 + 1);
        let judge = |scores: &[f64]| {
            held_back.iter().map(|&row| loss.value(target[row as usize], scores[row as usize])).sum::<f64>()
        };
        let (mut least, mut best) = (judge(&scores), 0);
        for round in 1..=options.rounds {
            for &row in training {
                let [gradient, curvature] = loss.derivatives(target[row as usize], scores[row as usize]);
                #[expect(clippy::cast_possible_truncation, reason = "half the memory traffic; sums are in f64")]
                let pair = [gradient as f32, curvature as f32];
                derivatives[row as usize] = pair;
            }
            let subsample = drawn(training, options.row_share, &mut draws);
            let tree = grower.grow(subsample.as_deref().unwrap_or(training), &derivatives);
            if tree.is_stump() {
                break;
            }
            for &row in training.iter().chain(held_back) {
                scores[row as usize] += tree.value(binned.row(row as usize));
            }
            model.trees.push(tree);
            if held_back.is_empty() {
                best = round;
                continue;
            }
            let found = judge(&scores);
            if found < least {
                (least, best) = (found, round);
            } else if round >= best + options.patience {
                break;
            }
        }
        model.trees.truncate(best);
        model
    }

    /// The prediction for a row of the binned covariates.
    pub(crate) fn predict(&self, row: &[u8]) -> f64 {
        self.loss.prediction(self.start + self.trees.iter().map(|tree| tree.value(row)).sum::<f64>())
    }

    /// Trees kept.
    pub(crate) fn rounds(&self) -> usize {
        self.trees.len()
    }
}

/// Training rows and rows held back, both in their order. Few rows are not split.
fn split(rows: &[u32], share: f64, seed: (u64, usize)) -> (Vec<u32>, Vec<u32>) {
    let mut draws = stream(seed.0, Purpose::Boosting, 2 * seed.1);
    let (held_back, training): (Vec<u32>, Vec<u32>) = rows.iter().partition(|_| uniform(&mut draws) < share);
    if training.is_empty() { (held_back, training) } else { (training, held_back) }
}

fn drawn(rows: &[u32], share: f64, draws: &mut impl Rng) -> Option<Vec<u32>> {
    (share < 1.0).then(|| rows.iter().copied().filter(|_| uniform(draws) < share).collect())
}

fn uniform(draws: &mut impl Rng) -> f64 {
    f64::from(draws.next_u32()) / 4_294_967_296.0
}

#[cfg(test)]
mod tests;
