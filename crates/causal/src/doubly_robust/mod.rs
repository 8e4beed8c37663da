//! Doubly robust estimators with cross-fitted nuisance models: AIPW and partially linear double machine learning.
//!
//! With outcome `Y`, treatment `D`, covariates `X`, and every nuisance function fitted without the rows
//! of the fold it is evaluated on ("cross-fitting"):
//!
//! **AIPW** (interactive regression; Robins, Rotnitzky and Zhao 1994; Chernozhukov et al. 2018, equations
//! 5.3 and 5.4). `g_d(X) = E[Y|D=d,X]`, `m(X) = P(D=1|X)`, clipped to `[c, 1-c]`. Consistent when either
//! the outcome model or the propensity is right; effects may differ between rows.
//!
//! ```text
//! all rows:  psi = g_1 - g_0 + D (Y-g_1)/m - (1-D) (Y-g_0)/(1-m) - theta
//! treated:   psi = [D (Y-g_0) - m (1-D) (Y-g_0)/(1-m) - D theta] / P(D=1)
//! ```
//!
//! **Partially linear** (Robinson 1988; Chernozhukov et al. 2018, equations 4.3 and 4.4). `l = E[Y|X]`,
//! `m = E[D|X]`; one effect for all rows, `D` binary or continuous. Where effects differ the result is
//! their average weighted by `Var(D|X)`, which is neither of the two above.
//!
//! ```text
//! partialling out:  psi = (Y - l - theta (D-m)) (D-m)
//! IV-type:          psi = (Y - g - theta D) (D-m),  g = E[Y - theta_0 D | X], theta_0 by partialling out
//! ```
//!
//! Conventions are those of `DoubleML` (Bach et al. 2022, 2024), with which the tests agree to 1e-6 for
//! linear learners on the same folds (`LogisticRegression(penalty=None)`: its default shrinks). Standard
//! errors come from the influence function ([`score`]), clustered when the sample has clusters.
//!
//! `folds` divides the rows, `nuisance` predicts, `least_squares` is the linear learner, `moments` writes the scores, `score`
//! solves; `bias` keeps what a bound on omitted variables needs; [`contrasts`] compares the arms of a treatment of many levels.

mod bias;
pub mod contrasts;
mod folds;
mod least_squares;
mod moments;
mod nuisance;
pub(crate) mod score;

use serde::{Deserialize, Serialize};

pub use self::bias::BiasElements;
pub use self::folds::FoldPlan;
use self::folds::Folds;
use self::moments::{everyone, residual_as_instrument, residual_on_residual, treated};
use self::nuisance::{Kind, Learners, Nuisance, Request};
pub use self::nuisance::{Learner, NuisanceQuality};
pub use self::score::ScoreDiagnostics;
use self::score::{Solved, infer};
use crate::error::{CausalError, Warning, WarningCode};
use crate::estimate::{Interval, check_confidence};
use crate::sample::Sample;

/// A larger share of clipped propensities than this brings a warning.
const CLIPPED_SHARE: f64 = 0.02;

/// Whose average effect is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Population {
    /// All rows: the average treatment effect (ATE).
    All,
    /// The treated rows: the average effect on the treated (ATT).
    Treated,
}

/// Which score of the partially linear model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartiallyLinearScore {
    /// Residual on residual.
    PartiallingOut,
    /// The residual treatment as instrument for the treatment.
    IvType,
}

/// Which doubly robust estimator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoublyRobustEstimator {
    /// Augmented inverse propensity weighting; needs a binary treatment.
    Aipw(Population),
    /// Partially linear regression.
    PartiallyLinear(PartiallyLinearScore),
}

/// How the nuisance functions are fitted and used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DoublyRobustOptions {
    /// The folds.
    pub folds: FoldPlan,
    /// The nuisance models.
    pub learner: Learner,
    /// Propensities below this, or above one minus this, are set to it. In (0, 0.5).
    pub clip: f64,
    /// Confidence level of intervals, between 0 and 1.
    pub confidence: f64,
    /// Seed of the folds and of the learner's random rows.
    pub seed: u64,
}

impl Default for DoublyRobustOptions {
    fn default() -> Self {
        Self { folds: FoldPlan::default(), learner: Learner::Linear, clip: 0.01, confidence: 0.95, seed: 1 }
    }
}

impl DoublyRobustOptions {
    fn check(&self) -> Result<(), CausalError> {
        check_confidence(self.confidence)?;
        if self.clip > 0.0 && self.clip < 0.5 {
            return Ok(());
        }
        let expected = "above 0 and below 0.5";
        Err(CausalError::InvalidOption { option: "clip of the propensities", value: self.clip.to_string(), expected })
    }
}

/// The propensities behind an AIPW estimate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClippedPropensities {
    /// The clip.
    pub clip: f64,
    /// Rows whose propensity was set to the clip, on either side.
    pub clipped_rows: usize,
    /// Smallest propensity before.
    pub smallest: f64,
    /// Largest propensity before.
    pub largest: f64,
}

/// An estimate by a solved score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DoublyRobustEstimate {
    /// How it was estimated.
    pub estimator: DoublyRobustEstimator,
    /// What the number means, in words.
    pub estimand: String,
    /// The effect.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// What the standard error is, in words.
    pub standard_error_meaning: String,
    /// `value / standard_error`.
    pub statistic: f64,
    /// Two-sided, under the normal law.
    pub p_value: f64,
    /// Confidence interval, under the normal law.
    pub interval: Interval,
    /// Rows used.
    pub rows: usize,
    /// Folds used.
    pub folds: usize,
    /// The nuisance models.
    pub learner: Learner,
    /// How well each nuisance model predicts rows it has not seen.
    pub nuisances: Vec<NuisanceQuality>,
    /// The propensities, for AIPW.
    pub propensities: Option<ClippedPropensities>,
    /// What the score says about itself.
    pub score: ScoreDiagnostics,
    /// What to know about this estimate.
    pub warnings: Vec<Warning>,
}

/// An estimate with what other parts reuse.
#[derive(Debug, Clone)]
pub struct DoublyRobustFit {
    /// The result.
    pub estimate: DoublyRobustEstimate,
    /// Influence of each row: the estimate moves by its mean. The covariance of two estimates on the same
    /// rows is the sum of the products of their influences over the square of the rows.
    pub influence: Vec<f64>,
    /// Clipped out-of-fold propensities, for AIPW.
    pub propensities: Option<Vec<f64>>,
    /// What [`crate::sensitivity::omitted_variable`] needs, where it exists.
    pub bias: Option<BiasElements>,
}

/// Fits one doubly robust estimator.
///
/// # Errors
/// Options out of range, a treatment that is not binary for AIPW, folds that leave an arm without rows,
/// too few rows, separation.
pub fn doubly_robust(
    sample: &Sample,
    estimator: DoublyRobustEstimator,
    options: &DoublyRobustOptions,
) -> Result<DoublyRobustFit, CausalError> {
    options.check()?;
    let (arms, arm_count) = arms(sample);
    let folds = Folds::of(&options.folds, options.seed, &arms, arm_count, sample.clusters.as_ref())?;
    match estimator {
        DoublyRobustEstimator::Aipw(population) => {
            if !sample.is_binary() {
                return Err(CausalError::TreatmentNotBinary { treatment: sample.treatment.name.clone() });
            }
            aipw(sample, population, options, &folds, &arms)
        }
        DoublyRobustEstimator::PartiallyLinear(score) => partially_linear(sample, score, options, &folds, &arms),
    }
}

/// Arm of each row, 0 or 1; one arm for a continuous treatment.
fn arms(sample: &Sample) -> (Vec<u32>, usize) {
    if !sample.is_binary() {
        return (vec![0; sample.rows()], 1);
    }
    (sample.treatment.values.iter().map(|&value| u32::from(value > 0.5)).collect(), 2)
}

fn aipw(
    sample: &Sample,
    population: Population,
    options: &DoublyRobustOptions,
    folds: &Folds,
    arms: &[u32],
) -> Result<DoublyRobustFit, CausalError> {
    let (outcome, treatment) = (&sample.outcome.values, &sample.treatment.values);
    let mut learners = Learners::prepare(sample, &options.learner, true, folds, arms, options.seed)?;
    let mut requests = vec![
        Request { name: "propensity".into(), kind: Kind::Probability, target: treatment, arm: None },
        Request { name: "outcome of controls".into(), kind: Kind::Mean, target: outcome, arm: Some(0) },
    ];
    let of_treated = Request { name: "outcome of treated".into(), kind: Kind::Mean, target: outcome, arm: Some(1) };
    let (mut nuisances, extra) = match population {
        Population::All => {
            requests.push(of_treated);
            (learners.cross_fit(&requests, 0)?, None)
        }
        // The effect on the treated does not need their outcome model; only its sensitivity does, and
        // goes without where there are too few treated rows for one.
        Population::Treated => {
            (learners.cross_fit(&requests, 0)?, learners.cross_fit(&[of_treated], 2).ok().and_then(|mut own| own.pop()))
        }
    };
    let mut warnings = std::mem::take(&mut learners.warnings);
    let clipped = clip(&mut nuisances[0].predictions, options.clip);
    warn_about_clips(&clipped, sample.rows(), &mut warnings);
    let score = match population {
        Population::All => everyone(outcome, treatment, &nuisances),
        Population::Treated => treated(outcome, treatment, &nuisances),
    };
    let bias = extra.as_ref().or(nuisances.get(2)).and_then(|of_treated| {
        let parts = [&nuisances[0], &nuisances[1], of_treated].map(|nuisance| nuisance.predictions.as_slice());
        BiasElements::of_aipw(outcome, treatment, parts, population)
    });
    let solved = score.solve(sample.clusters.as_ref());
    let estimator = DoublyRobustEstimator::Aipw(population);
    let propensities = std::mem::take(&mut nuisances[0].predictions);
    let mut fit = assemble(sample, estimator, options, folds, solved, nuisances, warnings);
    fit.estimate.propensities = Some(clipped);
    fit.propensities = Some(propensities);
    fit.bias = bias;
    Ok(fit)
}

fn partially_linear(
    sample: &Sample,
    kind: PartiallyLinearScore,
    options: &DoublyRobustOptions,
    folds: &Folds,
    arms: &[u32],
) -> Result<DoublyRobustFit, CausalError> {
    let (outcome, treatment) = (&sample.outcome.values, &sample.treatment.values);
    let mut learners = Learners::prepare(sample, &options.learner, false, folds, arms, options.seed)?;
    // A linear model of a binary treatment stays linear: the residuals need no probability.
    let treatment_kind = match options.learner {
        Learner::Boosted(_) if sample.is_binary() => Kind::Probability,
        _ => Kind::Mean,
    };
    let requests = [
        Request { name: "outcome".into(), kind: Kind::Mean, target: outcome, arm: None },
        Request { name: "treatment".into(), kind: treatment_kind, target: treatment, arm: None },
    ];
    let mut nuisances = learners.cross_fit(&requests, 0)?;
    let mut score = residual_on_residual(outcome, treatment, &nuisances);
    let clusters = sample.clusters.as_ref();
    if score.slope.iter().all(|slope| slope.abs() < 1e-20) {
        let with = vec!["the covariates".to_owned()];
        return Err(CausalError::TreatmentCollinear { treatment: sample.treatment.name.clone(), with });
    }
    if kind == PartiallyLinearScore::IvType {
        let first = score.solve(clusters).value;
        let rest: Vec<f64> = outcome.iter().zip(treatment).map(|(y, d)| y - first * d).collect();
        let name = "outcome without the first effect".to_owned();
        let request = Request { name, kind: Kind::Mean, target: &rest, arm: None };
        nuisances.extend(learners.cross_fit(&[request], requests.len())?);
        score = residual_as_instrument(outcome, treatment, &nuisances);
    }
    let estimator = DoublyRobustEstimator::PartiallyLinear(kind);
    let solved = score.solve(clusters);
    let bias = BiasElements::of_partially_linear(outcome, treatment, &nuisances, kind, solved.value);
    let fit = assemble(sample, estimator, options, folds, solved, nuisances, learners.warnings);
    Ok(DoublyRobustFit { bias, ..fit })
}

/// Clips propensities in place and counts what it did.
pub(crate) fn clip(propensities: &mut [f64], clip: f64) -> ClippedPropensities {
    let mut clipped = ClippedPropensities { clip, clipped_rows: 0, smallest: f64::INFINITY, largest: 0.0 };
    for value in propensities {
        clipped.smallest = clipped.smallest.min(*value);
        clipped.largest = clipped.largest.max(*value);
        if *value < clip || *value > 1.0 - clip {
            clipped.clipped_rows += 1;
            *value = value.clamp(clip, 1.0 - clip);
        }
    }
    clipped
}

fn warn_about_clips(clipped: &ClippedPropensities, rows: usize, warnings: &mut Vec<Warning>) {
    let share = clipped.clipped_rows as f64 / rows as f64;
    if share > CLIPPED_SHARE {
        warnings.push(Warning::new(
            WarningCode::PoorOverlap,
            format!(
                "{} of {rows} rows ({:.1} %) have a propensity outside {} to {} and were clipped: they have hardly a counterpart in the other arm, and the estimate rests on the outcome model there",
                clipped.clipped_rows,
                100.0 * share,
                clipped.clip,
                1.0 - clipped.clip
            ),
        ));
    }
}

fn assemble(
    sample: &Sample,
    estimator: DoublyRobustEstimator,
    options: &DoublyRobustOptions,
    folds: &Folds,
    solved: Solved,
    nuisances: Vec<Nuisance>,
    warnings: Vec<Warning>,
) -> DoublyRobustFit {
    let Solved { value, standard_error, influence, diagnostics } = solved;
    let (statistic, p_value, interval) = infer(value, standard_error, options.confidence);
    let estimate = DoublyRobustEstimate {
        estimator,
        estimand: estimand(estimator).to_owned(),
        value,
        standard_error,
        standard_error_meaning: standard_error_meaning(sample),
        statistic,
        p_value,
        interval,
        rows: sample.rows(),
        folds: folds.count(),
        learner: options.learner,
        nuisances: nuisances.into_iter().map(|nuisance| nuisance.quality).collect(),
        propensities: None,
        score: diagnostics,
        warnings,
    };
    DoublyRobustFit { estimate, influence, propensities: None, bias: None }
}

fn standard_error_meaning(sample: &Sample) -> String {
    match &sample.clusters {
        None => "influence function, sqrt(sum(influence^2)) / n, no small-sample factor; as DoubleML".into(),
        Some(clusters) => format!(
            "influence function summed within {} clusters of '{}', sqrt(sum_g(sum_{{i in g}} influence)^2) / n, no small-sample factor",
            clusters.count(),
            clusters.name
        ),
    }
}

fn estimand(estimator: DoublyRobustEstimator) -> &'static str {
    match estimator {
        DoublyRobustEstimator::Aipw(Population::All) => {
            "average effect in all rows: everyone treated against no one treated"
        }
        DoublyRobustEstimator::Aipw(Population::Treated) => {
            "average effect on the treated rows: treated as they were against not treated"
        }
        DoublyRobustEstimator::PartiallyLinear(_) => {
            "one effect per unit of treatment, the same for all rows; where effects differ, their average weighted by how variable the treatment is given the covariates"
        }
    }
}
