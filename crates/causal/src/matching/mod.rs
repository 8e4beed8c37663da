//! Matching on the log odds of the propensity: each row beside its nearest neighbours in the other arm.
//!
//! With `s(i,j)` the share of match `j` in the matches of row `i`, the counterfactual of a row is
//! `sum_j s(i,j) y_j` and the effect the mean difference over the treated (ATT) or over all rows (ATE).
//! Ties with the last neighbour all count, with equal shares (Abadie-Imbens 2006; R's Matching).
//!
//! The standard error is Abadie and Imbens' (2006, theorems 6 and 7). With `k_j = sum_i s(i,j)`,
//! `q_j = sum_i s(i,j)²`, `d_i` the differences and `v_j = m/(m+1) (y_j - mean of its m nearest in its
//! own arm)²`:
//!
//! - ATT: `sum_treated (d - att)² + sum_controls (k² - q) v`, over the squared number of treated;
//! - ATE: `sum (d - ate)² + sum (k² + 2k - q) v`, over the squared number of rows.
//!
//! It takes the propensity as known (Abadie-Imbens 2016: for the ATE that is too wide, for the ATT it
//! may err either way). Without replacement every `k² - q` is zero: the variance of paired differences.
//! No bias correction is made. Without replacement rows are served in descending propensity, all of
//! them once before any a second time (`MatchIt`'s order), and only the ATT exists.

mod nearest;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use self::nearest::Line;
use crate::diagnostics::{BalanceRow, balance, weighted_balance};
use crate::distribution::ReferenceDistribution;
use crate::error::{CausalError, Warning, WarningCode};
use crate::estimate::{Interval, check_confidence};
use crate::matrix::{centred_sum_of_squares, mean};
use crate::overlap::BALANCED_BELOW;
use crate::propensity::LogisticFit;
use crate::sample::Sample;
use crate::weighting::Estimand;

/// How to match.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MatchingOptions {
    /// Whose effect.
    pub estimand: Estimand,
    /// Matches of each row.
    pub neighbours: usize,
    /// Furthest match, in standard deviations of the log odds over all rows.
    pub caliper: Option<f64>,
    /// Whether a row may be the match of several.
    pub replacement: bool,
    /// Neighbours in the own arm behind each row's outcome variance.
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
    /// Abadie-Imbens standard error, propensity taken as known.
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
    check(options)?;
    if !sample.is_binary() {
        return Err(CausalError::TreatmentNotBinary { treatment: sample.treatment.name.clone() });
    }
    let pairing = Matches::find(sample, &model.log_odds, options);
    let [treated, control] = pairing.unmatched(sample.treatment_values());
    let matched = pairing.seekers.len() - treated - control;
    if matched < 2 {
        let rule = "the caliper".to_owned();
        return Err(CausalError::NothingLeft { rule, treated: matched, control: matched });
    }
    let (value, variance) = pairing.effect(sample, &model.log_odds, options);
    let standard_error = variance.sqrt();
    let normal = ReferenceDistribution::Normal;
    let margin = normal.critical_value(1.0 - options.confidence, f64::INFINITY) * standard_error;
    let mut warnings = model.warnings.clone();
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
        convention: "Abadie-Imbens 2006, heteroskedastic, propensity taken as known; the formula of R Matching with Var.calc = variance_neighbours".into(),
        matched,
        unmatched: [treated, control],
        balance_before: balance(sample).rows,
        balance_after: weighted_balance(sample, &pairing.weights(sample.rows()), BALANCED_BELOW),
        warnings,
    })
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

/// Rows that seek matches, and the matches of each.
struct Matches {
    seekers: Vec<usize>,
    found: Vec<Vec<usize>>,
}

impl Matches {
    fn find(sample: &Sample, scores: &[f64], options: &MatchingOptions) -> Self {
        let treatment = sample.treatment_values();
        let rows = sample.rows();
        let deviation = (centred_sum_of_squares(scores) / (rows as f64 - 1.0)).sqrt();
        let furthest = options.caliper.map_or(f64::INFINITY, |caliper| caliper * deviation);
        let line = |arm: bool| Line::of(scores, (0..rows).filter(|&row| (treatment[row] > 0.5) == arm));
        let lines = [line(false), line(true)];
        let all = options.estimand == Estimand::AverageEffect;
        let mut seekers: Vec<usize> = (0..rows).filter(|&row| all || treatment[row] > 0.5).collect();
        let found = if options.replacement {
            let nearest = |&row: &usize| {
                lines[usize::from(treatment[row] < 0.5)].nearest(scores[row], options.neighbours, furthest, None)
            };
            seekers.par_iter().map(nearest).collect()
        } else {
            seekers.sort_by(|&left, &right| scores[right].total_cmp(&scores[left]).then(left.cmp(&right)));
            lines[0].take(scores, &seekers, options.neighbours, furthest)
        };
        Self { seekers, found }
    }

    /// Treated and control seekers without a match.
    fn unmatched(&self, treatment: &[f64]) -> [usize; 2] {
        let mut counts = [0; 2];
        for (&row, _) in self.seekers.iter().zip(&self.found).filter(|(_, found)| found.is_empty()) {
            counts[usize::from(treatment[row] < 0.5)] += 1;
        }
        counts
    }

    fn pairs(&self) -> impl Iterator<Item = (usize, &[usize])> {
        self.seekers.iter().copied().zip(self.found.iter().map(Vec::as_slice)).filter(|(_, found)| !found.is_empty())
    }

    /// How often each row counts in the matched arms.
    fn weights(&self, rows: usize) -> Vec<f64> {
        let mut weights = vec![0.0; rows];
        for (row, found) in self.pairs() {
            weights[row] += 1.0;
            for &other in found {
                weights[other] += 1.0 / found.len() as f64;
            }
        }
        weights
    }

    /// The effect and its variance.
    fn effect(&self, sample: &Sample, scores: &[f64], options: &MatchingOptions) -> (f64, f64) {
        let (outcome, treatment) = (sample.outcome_values(), sample.treatment_values());
        let rows = sample.rows();
        let (mut shares, mut squares) = (vec![0.0; rows], vec![0.0; rows]);
        let mut differences = Vec::with_capacity(self.seekers.len());
        for (row, found) in self.pairs() {
            let share = 1.0 / found.len() as f64;
            let other = found.iter().map(|&match_row| outcome[match_row]).sum::<f64>() * share;
            let sign = if treatment[row] > 0.5 { 1.0 } else { -1.0 };
            differences.push(sign * (outcome[row] - other));
            for &match_row in found {
                shares[match_row] += share;
                squares[match_row] += share * share;
            }
        }
        let value = mean(&differences);
        let all = options.estimand == Estimand::AverageEffect;
        let factor = |row: usize| {
            let once = if all { 2.0 * shares[row] } else { 0.0 };
            shares[row] * shares[row] + once - squares[row]
        };
        let lines = [true, false].map(|arm| Line::of(scores, (0..rows).filter(|&row| (treatment[row] > 0.5) == arm)));
        let terms: Vec<f64> = (0..rows)
            .into_par_iter()
            .map(|row| {
                let factor = factor(row);
                // Factors of rows that were matched once cancel to rounding; they need no variance.
                if factor.abs() < 1e-12 {
                    return 0.0;
                }
                let line = &lines[usize::from(treatment[row] < 0.5)];
                let near = line.nearest(scores[row], options.variance_neighbours, f64::INFINITY, Some(row));
                let count = near.len() as f64;
                let centre = near.iter().map(|&other| outcome[other]).sum::<f64>() / count;
                if near.is_empty() { 0.0 } else { factor * count / (count + 1.0) * (outcome[row] - centre).powi(2) }
            })
            .collect();
        let count = differences.len() as f64;
        (value, (centred_sum_of_squares(&differences) + terms.iter().sum::<f64>()) / (count * count))
    }
}
