//! Matching: each row beside its nearest neighbours in the other arm.
//!
//! [`matching`] measures nearness by the log odds of the propensity. [`matching_by`] lets choose: with
//! [`Distance::Mahalanobis`] rows are near when their covariates are, `sqrt((x-z)' S^-1 (x-z))` with `S`
//! the covariance over all rows (Rubin 1980; as R's Matching and Stata's `teffects nnmatch`; `MatchIt` takes
//! the pooled covariance within the arms).
//!
//! With `s(i,j)` the share of match `j` in the matches of row `i`, the counterfactual of a row is
//! `sum_j s(i,j) y_j` and the effect the mean difference over the treated (ATT) or over all rows (ATE).
//! Ties with the last neighbour all count, with equal shares (Abadie-Imbens 2006; R's Matching).
//!
//! The standard error is Abadie and Imbens' (2006, theorems 6 and 7). With `k_j = sum_i s(i,j)`,
//! `q_j = sum_i s(i,j)²`, `d_i` the differences and `v_j` the variance of the outcome among row `j` and its
//! `m` nearest in its own arm (for `m = 1` Abadie and Imbens' own estimate, for more as R's Matching):
//!
//! - ATT: `sum_treated (d - att)² + sum_controls (k² - q) v`, over the squared number of treated;
//! - ATE: `sum (d - ate)² + sum (k² + 2k - q) v`, over the squared number of rows.
//!
//! It takes the propensity as known (Abadie-Imbens 2016: for the ATE that is too wide, for the ATT it
//! may err either way). Without replacement every `k² - q` is zero: the variance of paired differences.
//! Without replacement rows are served in descending propensity, or in their order when the distance is
//! Mahalanobis', all of them once before any a second time (`MatchIt`'s order), and only the ATT exists.
//!
//! **Bias.** Matches are never quite alike. With `c` continuous covariates the bias shrinks as slowly as
//! `n^(-1/c)`, the standard error as `n^(-1/2)`: with more than one continuous covariate Mahalanobis
//! matching is off by more than its interval says (Abadie-Imbens 2006). [`BiasCorrection::Regression`]
//! moves each match's outcome to the seeker's covariates by a linear regression among the matches of that
//! arm, weighted by `k` (Abadie-Imbens 2011, equation 8); by how much is in the result. Propensity
//! matching has one dimension and not this bias.
//!
//! `places` says where rows stand, `nearest` searches, on a line itself and in more dimensions by `blocks`
//! and `greedy`; `pairs` has the effect and its variance for all of them. To add a distance, give
//! `places::Points` its coordinates.

mod blocks;
mod correction;
mod greedy;
mod nearest;
mod pairs;
mod places;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use self::correction::without_regression;
use self::pairs::{CONTROL, Matches, Shares, TREATED};
use self::places::Points;
use crate::diagnostics::{BalanceRow, balance, weighted_balance};
use crate::distribution::ReferenceDistribution;
use crate::error::{CausalError, Warning, WarningCode};
use crate::estimate::{Interval, check_confidence};
use crate::matrix::{centred_sum_of_squares, mean};
use crate::overlap::BALANCED_BELOW;
use crate::propensity::{LogisticFit, PropensityDesign};
use crate::sample::Sample;
use crate::weighting::Estimand;

/// What makes two rows alike.
#[derive(Debug, Clone, Copy)]
pub enum Distance<'a> {
    /// The log odds of a fitted propensity model.
    LogOdds(&'a LogisticFit),
    /// All covariates, by their covariance. A caliper is a distance, which is in standard deviations too.
    Mahalanobis,
}

/// What is done about matches that are not quite alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BiasCorrection {
    /// Nothing.
    #[default]
    None,
    /// A linear regression on the covariates among the matches (Abadie-Imbens 2011).
    Regression,
}

/// How to match.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MatchingOptions {
    /// Whose effect.
    pub estimand: Estimand,
    /// Matches of each row.
    pub neighbours: usize,
    /// Furthest match, in standard deviations of the log odds over all rows; a distance for Mahalanobis'.
    pub caliper: Option<f64>,
    /// Whether a row may be the match of several.
    pub replacement: bool,
    /// Neighbours in the own arm behind each row's outcome variance (`Var.calc` of R's Matching).
    pub variance_neighbours: usize,
    /// Confidence level of the interval.
    pub confidence: f64,
}

impl Default for MatchingOptions {
    fn default() -> Self {
        let estimand = Estimand::EffectOnTreated;
        Self { estimand, neighbours: 1, caliper: None, replacement: true, variance_neighbours: 1, confidence: 0.95 }
    }
}

/// A matched effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MatchingEstimate {
    /// Whose effect.
    pub estimand: Estimand,
    /// Treated minus control.
    pub value: f64,
    /// Abadie-Imbens standard error; a propensity is taken as known.
    pub standard_error: f64,
    /// Two-sided p-value, normal.
    pub p_value: f64,
    /// Confidence interval, normal.
    pub interval: Interval,
    /// The standard error's meaning and its equals elsewhere.
    pub convention: String,
    /// Rows with at least one match: those the effect speaks for.
    pub matched: usize,
    /// Treated and control rows that sought a match and found none.
    pub unmatched: [usize; 2],
    /// Standardized mean differences before matching.
    pub balance_before: Vec<BalanceRow>,
    /// The same among the matched; flagged above 0.1.
    pub balance_after: Vec<BalanceRow>,
    /// What the bias correction added to the effect; absent when none was made.
    #[serde(default)]
    pub bias_correction: Option<f64>,
    /// What to know about this estimate.
    pub warnings: Vec<Warning>,
}

/// Matches on the log odds of a fitted propensity model.
///
/// # Errors
/// Options out of range, the ATE without replacement, a caliper that leaves fewer than two matched rows.
pub fn matching(
    sample: &Sample,
    model: &LogisticFit,
    options: &MatchingOptions,
) -> Result<MatchingEstimate, CausalError> {
    matching_by(sample, Distance::LogOdds(model), BiasCorrection::None, options)
}

/// Matches by a distance of choice, with or without a correction for matches that are not quite alike.
///
/// # Errors
/// As [`matching`]; too many columns, and fewer matches than the correction has parameters.
pub fn matching_by(
    sample: &Sample,
    distance: Distance<'_>,
    correction: BiasCorrection,
    options: &MatchingOptions,
) -> Result<MatchingEstimate, CausalError> {
    check(options)?;
    if !sample.is_binary() {
        return Err(CausalError::TreatmentNotBinary { treatment: sample.treatment.name.clone() });
    }
    let points = distance.points(sample)?;
    let furthest = distance.furthest(options.caliper);
    let pairing = Matches::find(sample, &points, furthest, options, |rows| distance.order(rows));
    let [treated, control] = pairing.unmatched();
    let matched = pairing.matched();
    if matched < 2 {
        let rule = "the caliper".to_owned();
        return Err(CausalError::NothingLeft { rule, treated: matched, control: matched });
    }
    let shares = pairing.shares(sample.rows());
    let outcomes = outcomes(sample, &shares, correction, options.estimand)?;
    let differences = pairing.differences(&outcomes);
    let value = mean(&differences);
    let bias_correction = (correction == BiasCorrection::Regression)
        .then(|| value - mean(&pairing.differences(&[CONTROL, TREATED].map(|_| sample.outcome_values().into()))));
    let standard_error = pairing.variance(sample, &shares, &differences, options).sqrt();
    let normal = ReferenceDistribution::Normal;
    let margin = normal.critical_value(1.0 - options.confidence, f64::INFINITY) * standard_error;
    let mut warnings = distance.warnings();
    if treated + control > 0 {
        let message = format!(
            "{treated} treated and {control} control rows have no match within the caliper or no rows left to take; the effect speaks for the {matched} matched ones only"
        );
        warnings.push(Warning::new(WarningCode::Unmatched, message));
    }
    Ok(MatchingEstimate {
        estimand: options.estimand,
        value,
        standard_error,
        p_value: normal.two_sided_p_value(value / standard_error, f64::INFINITY),
        interval: Interval { confidence: options.confidence, lower: value - margin, upper: value + margin },
        convention: distance.convention(correction),
        matched,
        unmatched: [treated, control],
        balance_before: balance(sample).rows,
        balance_after: weighted_balance(sample, &pairing.weights(&shares), BALANCED_BELOW),
        bias_correction,
        warnings,
    })
}

impl Distance<'_> {
    fn points(self, sample: &Sample) -> Result<Points, CausalError> {
        match self {
            Self::LogOdds(model) => Ok(Points::on_line(&model.log_odds)),
            Self::Mahalanobis => Points::whitened(sample),
        }
    }

    /// The caliper as a distance.
    fn furthest(self, caliper: Option<f64>) -> f64 {
        let unit = match self {
            Self::LogOdds(model) => {
                (centred_sum_of_squares(&model.log_odds) / (model.log_odds.len() as f64 - 1.0)).sqrt()
            }
            Self::Mahalanobis => 1.0,
        };
        caliper.map_or(f64::INFINITY, |caliper| caliper * unit)
    }

    /// Puts treated rows in the order in which they are served when each match is taken once.
    fn order(self, rows: &mut [u32]) {
        if let Self::LogOdds(model) = self {
            let score = |row: u32| model.log_odds[row as usize];
            rows.sort_by(|&left, &right| score(right).total_cmp(&score(left)).then(left.cmp(&right)));
        }
    }

    fn warnings(self) -> Vec<Warning> {
        match self {
            Self::LogOdds(model) => model.warnings.clone(),
            Self::Mahalanobis => Vec::new(),
        }
    }

    fn convention(self, correction: BiasCorrection) -> String {
        let known = match self {
            Self::LogOdds(_) => ", propensity taken as known",
            Self::Mahalanobis => "",
        };
        let corrected = match correction {
            BiasCorrection::None => "",
            BiasCorrection::Regression => ", differences corrected by regression (Abadie-Imbens 2011)",
        };
        format!(
            "Abadie-Imbens 2006, heteroskedastic{known}{corrected}; the formula of R Matching with Var.calc = variance_neighbours"
        )
    }
}

/// For each arm (control, treated) the outcomes by which its rows stand in for the other's.
fn outcomes<'a>(
    sample: &'a Sample,
    shares: &Shares,
    correction: BiasCorrection,
    estimand: Estimand,
) -> Result<[Cow<'a, [f64]>; 2], CausalError> {
    let outcome = sample.outcome_values();
    let mut outcomes = [Cow::Borrowed(outcome), Cow::Borrowed(outcome)];
    if correction == BiasCorrection::None {
        return Ok(outcomes);
    }
    let design = PropensityDesign::of(sample)?;
    let standing_in = if estimand == Estimand::AverageEffect { 0..=TREATED } else { 0..=CONTROL };
    for arm in standing_in {
        let among = |row: usize| usize::from(sample.treatment_values()[row] > 0.5) == arm;
        outcomes[arm] = without_regression(&design, outcome, &shares.sums, among)?.into();
    }
    Ok(outcomes)
}

fn check(options: &MatchingOptions) -> Result<(), CausalError> {
    check_confidence(options.confidence)?;
    let refuse = |option, value: String, expected| Err(CausalError::InvalidOption { option, value, expected });
    if options.neighbours == 0 {
        return refuse("neighbours", "0".into(), "at least 1");
    }
    if options.variance_neighbours == 0 {
        return refuse("variance neighbours", "0".into(), "at least 1");
    }
    match options.caliper {
        Some(caliper) if !(caliper > 0.0 && caliper.is_finite()) => {
            return refuse("caliper", caliper.to_string(), "a positive number of standard deviations");
        }
        _ => {}
    }
    if options.estimand == Estimand::AverageEffect && !options.replacement {
        return refuse("replacement", "false".into(), "true for the average effect; choose the effect on the treated");
    }
    Ok(())
}
