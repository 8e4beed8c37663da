//! A treatment of several levels: each arm against a chosen control, with p-values adjusted by Holm.
//!
//! - difference in means: the rows of arm and control only;
//! - regression: one joint regression with an indicator per arm and the covariates, so that the
//!   covariates' coefficients come from all rows;
//! - AIPW: for each arm `psi_a = g_a + 1[T=a] (Y - g_a) / m_a` with `m_a = P(T=a|X)` by one model per arm
//!   against the rest; the contrast is the mean of `psi_a - psi_control` over all rows (Cattaneo 2010;
//!   `DoubleMLAPOS.causal_contrast`).
//!
//! Holm (1979): with p-values in ascending order, the i-th of k is multiplied by `k - i + 1`, made
//! monotone and cut at one; the chance of any false finding is then at most the level chosen.

use serde::{Deserialize, Serialize};

use super::folds::Folds;
use super::nuisance::{Kind, Learners, Request};
use super::score::{infer, standard_error};
use super::{CLIPPED_SHARE, DoublyRobustOptions, clip};
use crate::error::{CausalError, Warning, WarningCode};
use crate::estimate::{Estimator, Inference, Interval, estimate};
use crate::matrix::mean;
use crate::sample::Sample;
use crate::standard_error::StandardErrorConvention;
use crate::study::{CategoricalColumn, Covariate, MISSING_LEVEL, MissingValues, NumericColumn, Study};

/// Most arms.
const MOST_ARMS: usize = 20;

/// How the arms are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContrastEstimator {
    /// Difference in means.
    DifferenceInMeans,
    /// Regression on all arms and covariates.
    RegressionAdjustment,
    /// Augmented inverse propensity weighting.
    Aipw,
}

/// A question about a treatment of several levels.
#[derive(Debug, Clone, PartialEq)]
pub struct ArmsStudy {
    /// What may have been changed.
    pub outcome: NumericColumn,
    /// What was done; levels that do not occur are ignored.
    pub treatment: CategoricalColumn,
    /// The level that the others are compared with.
    pub control: String,
    /// Columns to adjust for.
    pub covariates: Vec<Covariate>,
    /// Groups of rows whose errors may be correlated.
    pub clusters: Option<CategoricalColumn>,
    /// What to do with incomplete rows.
    pub missing: MissingValues,
}

/// One arm against the control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contrast {
    /// The arm.
    pub arm: String,
    /// What it is compared with.
    pub control: String,
    /// Mean difference in the outcome.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Two-sided p-value of this contrast alone.
    pub p_value: f64,
    /// The p-value adjusted by Holm for all contrasts of the table.
    pub adjusted_p_value: f64,
    /// Confidence interval of this contrast alone.
    pub interval: Interval,
    /// Rows in the arm.
    pub arm_rows: usize,
    /// Rows in the control.
    pub control_rows: usize,
    /// The standard error's exact meaning, of a regression.
    #[serde(default)]
    pub convention: Option<StandardErrorConvention>,
}

/// All arms against the control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contrasts {
    /// How they were compared.
    pub estimator: ContrastEstimator,
    /// One per arm, in the order of the levels.
    pub contrasts: Vec<Contrast>,
    /// Propensities that were clipped, over all arms.
    pub clipped_propensities: usize,
    /// What to know, each said once.
    pub warnings: Vec<Warning>,
}

/// Compares every arm with the control.
///
/// # Errors
/// A control that does not occur, fewer than two or too many arms, and what the estimators refuse.
pub fn contrasts(
    study: &ArmsStudy,
    estimator: ContrastEstimator,
    inference: &Inference,
    options: &DoublyRobustOptions,
) -> Result<Contrasts, CausalError> {
    options.check()?;
    let arms = Arms::of(study)?;
    let mut found = match estimator {
        ContrastEstimator::DifferenceInMeans | ContrastEstimator::RegressionAdjustment => {
            by_regression(study, &arms, estimator, inference)?
        }
        ContrastEstimator::Aipw => by_aipw(study, &arms, options)?,
    };
    let adjusted = holm(&found.contrasts.iter().map(|contrast| contrast.p_value).collect::<Vec<_>>());
    for (contrast, adjusted) in found.contrasts.iter_mut().zip(adjusted) {
        contrast.adjusted_p_value = adjusted;
    }
    Ok(found)
}

/// P-values adjusted by Holm's step-down method, in the order given.
#[must_use]
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = vec![0.0; p_values.len()];
    let mut least = 0.0_f64;
    for (rank, &index) in order.iter().enumerate() {
        least = least.max((p_values.len() - rank) as f64 * p_values[index]).min(1.0);
        adjusted[index] = least;
    }
    adjusted
}

/// The levels that occur: the control and the others in their order.
struct Arms {
    control: u32,
    others: Vec<u32>,
}

impl Arms {
    fn of(study: &ArmsStudy) -> Result<Self, CausalError> {
        let column = &study.treatment;
        let mut occurring: Vec<u32> = column.codes.iter().copied().filter(|&code| code != MISSING_LEVEL).collect();
        occurring.sort_unstable();
        occurring.dedup();
        if let Some(&code) = occurring.iter().find(|&&code| code as usize >= column.levels.len()) {
            return Err(CausalError::UnknownLevel { column: column.name.clone(), code, levels: column.levels.len() });
        }
        let is_control = |code: &&u32| column.levels[**code as usize] == study.control;
        let Some(&control) = occurring.iter().find(is_control) else {
            let value = format!("'{}'", study.control);
            let expected = "a level of the treatment that occurs in the data";
            return Err(CausalError::InvalidOption { option: "control arm", value, expected });
        };
        let others: Vec<u32> = occurring.into_iter().filter(|&code| code != control).collect();
        if others.is_empty() || others.len() >= MOST_ARMS {
            let value = (others.len() + 1).to_string();
            let expected = "from 2 to 20; merge levels of the treatment";
            return Err(CausalError::InvalidOption { option: "number of arms", value, expected });
        }
        Ok(Self { control, others })
    }
}

fn name_of(study: &ArmsStudy, arm: u32) -> &str {
    &study.treatment.levels[arm as usize]
}

/// 1 in rows of the arm, 0 in others, missing where the treatment is.
fn indicator(study: &ArmsStudy, arm: u32) -> NumericColumn {
    let value = |&code: &u32| if code == MISSING_LEVEL { f64::NAN } else { f64::from(u8::from(code == arm)) };
    let name = format!("{}={}", study.treatment.name, name_of(study, arm));
    NumericColumn::new(name, study.treatment.codes.iter().map(value).collect())
}

/// The study of one arm; with covariates the other arms enter as indicators.
fn binary_study(study: &ArmsStudy, arms: &Arms, arm: u32, estimator: ContrastEstimator) -> Study {
    let mut outcome = study.outcome.clone();
    let mut treatment = indicator(study, arm);
    let mut covariates = Vec::new();
    let mut clusters = study.clusters.clone();
    match estimator {
        ContrastEstimator::DifferenceInMeans => {
            let keep = |code: u32| code == arm || code == arms.control || code == MISSING_LEVEL;
            let kept: Vec<bool> = study.treatment.codes.iter().map(|&code| keep(code)).collect();
            retain(&mut outcome.values, &kept);
            retain(&mut treatment.values, &kept);
            if let Some(clusters) = &mut clusters {
                retain(&mut clusters.codes, &kept);
            }
        }
        ContrastEstimator::RegressionAdjustment | ContrastEstimator::Aipw => covariates.clone_from(&study.covariates),
    }
    if estimator == ContrastEstimator::RegressionAdjustment {
        let others = arms.others.iter().filter(|&&other| other != arm);
        covariates.extend(others.map(|&other| Covariate::Numeric(indicator(study, other))));
    }
    let arm_labels = Some([name_of(study, arms.control).to_owned(), name_of(study, arm).to_owned()]);
    Study { outcome, treatment, arm_labels, covariates, clusters, missing: study.missing }
}

fn retain<T>(values: &mut Vec<T>, kept: &[bool]) {
    let mut flags = kept.iter();
    values.retain(|_| flags.next().copied().unwrap_or(false));
}

fn by_regression(
    study: &ArmsStudy,
    arms: &Arms,
    estimator: ContrastEstimator,
    inference: &Inference,
) -> Result<Contrasts, CausalError> {
    let method = match estimator {
        ContrastEstimator::DifferenceInMeans => Estimator::DifferenceInMeans,
        ContrastEstimator::RegressionAdjustment | ContrastEstimator::Aipw => Estimator::RegressionAdjustment,
    };
    let mut found = Contrasts { estimator, contrasts: Vec::new(), clipped_propensities: 0, warnings: Vec::new() };
    for &arm in &arms.others {
        let sample = Sample::prepare(binary_study(study, arms, arm, estimator))?;
        let fit = estimate(&sample, method, inference)?;
        add_warnings(&mut found.warnings, sample.warnings());
        add_warnings(&mut found.warnings, &fit.estimate.warnings);
        let [arm_rows, control_rows] = [arm, arms.control].map(|code| rows_of(study, code));
        found.contrasts.push(Contrast {
            arm: name_of(study, arm).to_owned(),
            control: study.control.clone(),
            value: fit.estimate.value,
            standard_error: fit.estimate.standard_error,
            p_value: fit.estimate.p_value,
            adjusted_p_value: fit.estimate.p_value,
            interval: fit.estimate.interval,
            arm_rows,
            control_rows,
            convention: Some(fit.estimate.convention),
        });
    }
    Ok(found)
}

fn rows_of(study: &ArmsStudy, arm: u32) -> usize {
    study.treatment.codes.iter().filter(|&&code| code == arm).count()
}

fn add_warnings(known: &mut Vec<Warning>, more: &[Warning]) {
    for warning in more {
        if !known.contains(warning) {
            known.push(warning.clone());
        }
    }
}

fn by_aipw(study: &ArmsStudy, arms: &Arms, options: &DoublyRobustOptions) -> Result<Contrasts, CausalError> {
    let (sample, codes) = complete(study, arms)?;
    let folds = Folds::of(&options.folds, options.seed, &codes, arms.others.len() + 1, sample.clusters.as_ref())?;
    let mut learners = Learners::prepare(&sample, &options.learner, true, &folds, &codes, options.seed)?;
    let outcome = &sample.outcome.values;
    let (mut clipped, mut effects) = (0, Vec::new());
    let mut rows = Vec::new();
    for (number, &arm) in (0_u32..).zip(std::iter::once(&arms.control).chain(&arms.others)) {
        let is_arm: Vec<f64> = codes.iter().map(|&code| f64::from(u8::from(code == number))).collect();
        let name = name_of(study, arm);
        let requests = [
            Request { name: format!("propensity of {name}"), kind: Kind::Probability, target: &is_arm, arm: None },
            Request { name: format!("outcome of {name}"), kind: Kind::Mean, target: outcome, arm: Some(number) },
        ];
        let mut nuisances = learners.cross_fit(&requests, 2 * number as usize)?;
        clipped += clip(&mut nuisances[0].predictions, options.clip).clipped_rows;
        let (m, g) = (&nuisances[0].predictions, &nuisances[1].predictions);
        let effect: Vec<f64> =
            (0..outcome.len()).map(|row| g[row] + is_arm[row] * (outcome[row] - g[row]) / m[row]).collect();
        rows.push(codes.iter().filter(|&&code| code == number).count());
        effects.push(effect);
    }
    let mut found = Contrasts {
        estimator: ContrastEstimator::Aipw,
        contrasts: Vec::new(),
        clipped_propensities: clipped,
        warnings: Vec::new(),
    };
    add_warnings(&mut found.warnings, sample.warnings());
    add_warnings(&mut found.warnings, &learners.warnings);
    found.warnings.extend(warning_of_clips(clipped, rows.len(), outcome.len(), options.clip));
    for (index, &arm) in arms.others.iter().enumerate() {
        let mut influence: Vec<f64> = effects[index + 1].iter().zip(&effects[0]).map(|(a, c)| a - c).collect();
        let value = mean(&influence);
        for effect in &mut influence {
            *effect -= value;
        }
        let (error, _) = standard_error(&influence, sample.clusters.as_ref());
        let (_, p_value, interval) = infer(value, error, options.confidence);
        found.contrasts.push(Contrast {
            arm: name_of(study, arm).to_owned(),
            control: study.control.clone(),
            value,
            standard_error: error,
            p_value,
            adjusted_p_value: p_value,
            interval,
            arm_rows: rows[index + 1],
            control_rows: rows[0],
            convention: None,
        });
    }
    Ok(found)
}

fn warning_of_clips(clipped: usize, arms: usize, rows: usize, clip: f64) -> Option<Warning> {
    let message = format!(
        "{clipped} propensities of {arms} arms in {rows} rows were clipped at {clip}: some rows hardly occur in some arm, and the contrasts rest on the outcome model there"
    );
    (clipped as f64 > CLIPPED_SHARE * rows as f64).then(|| Warning::new(WarningCode::PoorOverlap, message))
}

/// The complete rows with the arm of each: 0 for the control, then the others in order.
fn complete(study: &ArmsStudy, arms: &Arms) -> Result<(Sample, Vec<u32>), CausalError> {
    // The arm rides along as a category, so that rows are dropped together.
    let mut base = binary_study(study, arms, arms.control, ContrastEstimator::Aipw);
    base.covariates.push(Covariate::Categorical(study.treatment.clone()));
    let mut sample = Sample::prepare(base)?;
    let index = sample.covariates.len() - 1;
    sample.terms.retain(|term| term.covariate() != index);
    let Some(Covariate::Categorical(column)) = sample.covariates.last() else {
        unreachable!("the category was just added");
    };
    let number = |code: &u32| arms.others.iter().zip(1_u32..).find(|(own, _)| *own == code).map_or(0, |(_, n)| n);
    let codes = column.codes.iter().map(number).collect();
    Ok((sample, codes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holm_as_r() {
        // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
        let adjusted = holm(&[0.01, 0.04, 0.03, 0.005]);
        for (found, expected) in adjusted.iter().zip([0.03, 0.06, 0.06, 0.02]) {
            assert!((found - expected).abs() < 1e-15);
        }
        assert_eq!(holm(&[0.9, 0.8]), [1.0, 1.0]);
    }
}
