//! The functions that must be known on the way to an effect, each predicted for rows it was not fitted on.
//!
//! A [`Request`] names a target and the arm whose rows may be used; [`Learners::cross_fit`] answers all
//! requests at once, so that boosted fits of all folds and requests share the threads. To add a learner,
//! add a variant to [`Learner`] and its prediction here.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::folds::Folds;
use super::least_squares::{least_squares, standardised};
use crate::boosting::{Binned, Boosted, BoostingOptions, Loss, Task};
use crate::error::{CausalError, Warning};
use crate::matrix::{Columns, centred_sum_of_squares, mean};
use crate::propensity::PropensityDesign;
use crate::sample::{Sample, expanded};

/// What the nuisance functions are made of.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Learner {
    /// Least squares for numbers, logistic regression (no penalty) for probabilities.
    #[default]
    Linear,
    /// Gradient-boosted trees: finds curves and interactions by itself.
    Boosted(BoostingOptions),
}

/// What is predicted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Mean,
    Probability,
}

/// One nuisance function.
pub(crate) struct Request<'a> {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) target: &'a [f64],
    /// Only rows of this arm are fitted on; all rows are predicted.
    pub(crate) arm: Option<u32>,
}

/// How well a nuisance function predicts rows it has not seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NuisanceQuality {
    /// What is predicted.
    pub name: String,
    /// Share of the target's variation that the out-of-fold predictions explain; negative when worse
    /// than the mean.
    pub r_squared: f64,
    /// Root mean squared error of the out-of-fold predictions.
    pub root_mean_squared_error: f64,
    /// Trees kept in each fold, for boosted learners.
    pub rounds: Vec<usize>,
}

/// Out-of-fold predictions of one request.
pub(crate) struct Nuisance {
    pub(crate) predictions: Vec<f64>,
    pub(crate) quality: NuisanceQuality,
}

/// Out-of-fold predictions and the trees kept in each fold.
type Predicted = (Vec<f64>, Vec<usize>);

enum Prepared {
    Linear { columns: Columns },
    Logistic { design: PropensityDesign },
    Boosted { binned: Binned, options: BoostingOptions },
}

/// A learner with the covariates in the form it wants.
pub(crate) struct Learners<'a> {
    prepared: Prepared,
    pub(crate) folds: &'a Folds,
    arms: &'a [u32],
    seed: u64,
    pub(crate) warnings: Vec<Warning>,
}

impl<'a> Learners<'a> {
    /// `probabilities` says whether any request will be of that kind.
    pub(crate) fn prepare(
        sample: &Sample,
        learner: &Learner,
        probabilities: bool,
        folds: &'a Folds,
        arms: &'a [u32],
        seed: u64,
    ) -> Result<Self, CausalError> {
        let own;
        let coded = if sample.absorbed.is_some() {
            own = expanded(sample)?;
            &own
        } else {
            sample
        };
        let mut warnings = Vec::new();
        let prepared = match learner {
            Learner::Linear if probabilities => {
                let design = PropensityDesign::of(coded)?;
                warnings.extend_from_slice(design.warnings());
                Prepared::Logistic { design }
            }
            Learner::Linear => Prepared::Linear { columns: standardised(coded) },
            Learner::Boosted(options) => {
                options.check()?;
                Prepared::Boosted { binned: Binned::of(coded), options: *options }
            }
        };
        Ok(Self { prepared, folds, arms, seed, warnings })
    }

    fn among(&self, request: &Request<'_>, row: usize) -> bool {
        request.arm.is_none_or(|arm| self.arms[row] == arm)
    }

    /// Predicts every request for every row from the other folds. `first_task` numbers boosted fits.
    pub(crate) fn cross_fit(
        &mut self,
        requests: &[Request<'_>],
        first_task: usize,
    ) -> Result<Vec<Nuisance>, CausalError> {
        let predicted = match &self.prepared {
            Prepared::Boosted { binned, options } => self.boosted(binned, options, requests, first_task)?,
            Prepared::Linear { .. } | Prepared::Logistic { .. } => {
                requests.iter().map(|request| Ok((self.linear(request)?, Vec::new()))).collect::<Result<_, _>>()?
            }
        };
        let nuisance = |(request, (predictions, rounds)): (&Request<'_>, Predicted)| {
            let quality = self.quality(request, &predictions, rounds);
            Nuisance { predictions, quality }
        };
        Ok(requests.iter().zip(predicted).map(nuisance).collect())
    }

    fn linear(&self, request: &Request<'_>) -> Result<Vec<f64>, CausalError> {
        let columns = match (&self.prepared, request.kind) {
            (Prepared::Logistic { design }, Kind::Probability) => return self.logistic(design, request),
            (Prepared::Logistic { design }, Kind::Mean) => &design.matrix,
            (Prepared::Linear { columns }, _) => columns,
            (Prepared::Boosted { .. }, _) => unreachable!("boosted requests are answered together"),
        };
        let mut fitted = least_squares(columns, &[request.target], self.folds, |row| self.among(request, row))?;
        Ok(fitted.pop().unwrap_or_default())
    }

    fn logistic(&self, design: &PropensityDesign, request: &Request<'_>) -> Result<Vec<f64>, CausalError> {
        let mut predictions = vec![0.0; request.target.len()];
        for fold in 0..self.folds.count() {
            let mut weights = vec![0.0; predictions.len()];
            for row in self.folds.rows_outside(fold).filter(|&row| self.among(request, row)) {
                weights[row] = 1.0;
            }
            let fit = design.fit(request.target, Some(&weights))?;
            for row in self.folds.rows(fold) {
                predictions[row] = fit.probabilities[row];
            }
        }
        Ok(predictions)
    }

    /// Every (request, fold) is a task of its own, on one thread, with its own random rows.
    fn boosted(
        &self,
        binned: &Binned,
        options: &BoostingOptions,
        requests: &[Request<'_>],
        first_task: usize,
    ) -> Result<Vec<Predicted>, CausalError> {
        let folds = self.folds.count();
        let fits: Vec<Result<(Vec<f64>, usize), CausalError>> = (0..requests.len() * folds)
            .into_par_iter()
            .with_max_len(1)
            .map(|task| {
                let (request, fold) = (&requests[task / folds], task % folds);
                let rows: Vec<u32> = (self.folds.rows_outside(fold))
                    .filter(|&row| self.among(request, row))
                    .map(|row| u32::try_from(row).unwrap_or(u32::MAX))
                    .collect();
                if rows.len() < 2 * options.rows_per_leaf {
                    let parameters = 2 * options.rows_per_leaf;
                    return Err(CausalError::TooFewRows { rows: rows.len(), parameters });
                }
                let loss = match request.kind {
                    Kind::Mean => Loss::Squared,
                    Kind::Probability => Loss::Logistic,
                };
                let seed = (self.seed, first_task * folds + task);
                let task = Task { binned, target: request.target, rows: &rows, loss };
                let model = Boosted::fit(&task, options, seed);
                Ok((self.folds.rows(fold).map(|row| model.predict(binned.row(row))).collect(), model.rounds()))
            })
            .collect();
        let mut answers = vec![(vec![0.0; self.arms.len()], Vec::new()); requests.len()];
        for (task, fit) in fits.into_iter().enumerate() {
            let (predictions, rounds) = fit?;
            let answer = &mut answers[task / folds];
            for (row, prediction) in self.folds.rows(task % folds).zip(predictions) {
                answer.0[row] = prediction;
            }
            answer.1.push(rounds);
        }
        Ok(answers)
    }

    fn quality(&self, request: &Request<'_>, predictions: &[f64], rounds: Vec<usize>) -> NuisanceQuality {
        let rows = (0..predictions.len()).filter(|&row| self.among(request, row));
        let (targets, errors): (Vec<f64>, Vec<f64>) =
            rows.map(|row| (request.target[row], (request.target[row] - predictions[row]).powi(2))).unzip();
        let error = mean(&errors);
        let variance = centred_sum_of_squares(&targets) / targets.len() as f64;
        NuisanceQuality {
            name: request.name.clone(),
            r_squared: if variance > 0.0 { 1.0 - error / variance } else { 0.0 },
            root_mean_squared_error: error.sqrt(),
            rounds,
        }
    }
}
