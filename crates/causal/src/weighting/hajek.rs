//! The weights, the normalised means, and the influence of each row on their difference.

use super::{Estimand, Trimming, nothing_left};
use crate::error::CausalError;
use crate::matrix::dot;
use crate::propensity::{LogisticFit, PropensityDesign};
use crate::sample::Sample;

/// 1 for rows that the trimming keeps, 0 for others; rows of weight zero are not looked at.
pub(crate) fn kept_rows(
    trimming: Trimming,
    treatment: &[f64],
    probabilities: &[f64],
    base: Option<&[f64]>,
) -> Result<Vec<f64>, CausalError> {
    let used = |row: usize| base.is_none_or(|base| base[row] > 0.0);
    let (low, high) = match trimming {
        Trimming::None => (0.0, 1.0),
        Trimming::Symmetric { cut } if cut > 0.0 && cut < 0.5 => (cut, 1.0 - cut),
        Trimming::Symmetric { cut } => {
            let expected = "above 0 and below 0.5";
            return Err(CausalError::InvalidOption { option: "trimming cut", value: cut.to_string(), expected });
        }
        Trimming::CommonSupport => {
            let [treated, control] = [true, false].map(|arm| range(treatment, probabilities, arm, used));
            (treated.0.max(control.0), treated.1.min(control.1))
        }
    };
    let inside = |row: usize| used(row) && probabilities[row] >= low && probabilities[row] <= high;
    let kept: Vec<f64> = (0..treatment.len()).map(|row| f64::from(u8::from(inside(row)))).collect();
    let count = |arm: bool| (0..kept.len()).filter(|&row| kept[row] > 0.5 && (treatment[row] > 0.5) == arm).count();
    let counts = [count(true), count(false)];
    if counts.iter().any(|&count| count < 2) { Err(nothing_left(trimming, counts)) } else { Ok(kept) }
}

/// Smallest and largest propensity of an arm.
pub(crate) fn range(treatment: &[f64], probabilities: &[f64], arm: bool, used: impl Fn(usize) -> bool) -> (f64, f64) {
    let own = (0..treatment.len()).filter(|&row| used(row) && (treatment[row] > 0.5) == arm);
    own.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), row| {
        (low.min(probabilities[row]), high.max(probabilities[row]))
    })
}

/// Normalised means of the two arms; treated first.
pub(crate) struct Hajek {
    /// Weight of each row in its own arm's mean.
    pub(crate) weights: Vec<f64>,
    pub(crate) means: [f64; 2],
    totals: [f64; 2],
}

impl Hajek {
    /// `base` multiplies the weights: 0 for rows left out, counts of a bootstrap.
    pub(crate) fn of(
        outcome: &[f64],
        treatment: &[f64],
        log_odds: &[f64],
        estimand: Estimand,
        base: Option<&[f64]>,
    ) -> Self {
        let weight = |row: usize| {
            let own = match (estimand, treatment[row] > 0.5) {
                // 1 / p and 1 / (1 - p), written by the log odds so that no digit is lost near 0 and 1.
                (Estimand::AverageEffect, true) => 1.0 + (-log_odds[row]).exp(),
                (Estimand::AverageEffect, false) => 1.0 + log_odds[row].exp(),
                (Estimand::EffectOnTreated, true) => 1.0,
                (Estimand::EffectOnTreated, false) => log_odds[row].exp(),
            };
            let base = base.map_or(1.0, |base| base[row]);
            if base > 0.0 { base * own } else { 0.0 }
        };
        let weights: Vec<f64> = (0..outcome.len()).map(weight).collect();
        let (mut totals, mut sums) = ([0.0; 2], [0.0; 2]);
        for row in 0..outcome.len() {
            let arm = usize::from(treatment[row] < 0.5);
            totals[arm] += weights[row];
            sums[arm] += weights[row] * outcome[row];
        }
        Self { weights, means: [sums[0] / totals[0], sums[1] / totals[1]], totals }
    }

    pub(crate) fn effect(&self) -> f64 {
        self.means[0] - self.means[1]
    }

    pub(crate) fn positive_weights(&self, treatment: &[f64]) -> [usize; 2] {
        let rows = || self.weights.iter().zip(treatment).filter(|(weight, _)| **weight > 0.0);
        let treated = rows().filter(|(_, t)| **t > 0.5).count();
        [treated, rows().count() - treated]
    }

    pub(crate) fn largest_shares(&self, treatment: &[f64]) -> [f64; 2] {
        let mut largest = [0.0_f64; 2];
        for (weight, t) in self.weights.iter().zip(treatment) {
            let arm = usize::from(*t < 0.5);
            largest[arm] = largest[arm].max(weight / self.totals[arm]);
        }
        largest
    }

    /// Standard errors with the weights as known, and with estimated propensities; the influences behind the second.
    pub(crate) fn standard_errors(
        &self,
        sample: &Sample,
        design: &PropensityDesign,
        model: &LogisticFit,
        estimand: Estimand,
    ) -> ([f64; 2], Vec<f64>) {
        let (outcome, treatment) = (sample.outcome_values(), sample.treatment_values());
        let rows = outcome.len();
        let (mut influence, mut slope) = (vec![0.0; rows], vec![0.0; rows]);
        for row in 0..rows {
            let arm = usize::from(treatment[row] < 0.5);
            let sign = if arm == 0 { 1.0 } else { -1.0 };
            let share = sign * (outcome[row] - self.means[arm]) / self.totals[arm];
            influence[row] = self.weights[row] * share;
            // Derivative of the weight by the log odds: -(1-p)/p, p/(1-p); ATT: 0, p/(1-p).
            let derivative = match (estimand, arm) {
                (Estimand::AverageEffect, 0) => -(-model.log_odds[row]).exp(),
                (Estimand::EffectOnTreated, 0) => 0.0,
                _ => model.log_odds[row].exp(),
            };
            slope[row] = if self.weights[row] > 0.0 { derivative * share } else { 0.0 };
        }
        let known = clustered_length(sample, &influence);
        let gradient: Vec<f64> = (0..design.matrix.count()).map(|j| dot(design.matrix.column(j), &slope)).collect();
        let through = design.linear(&model.solve(&gradient));
        for (row, influence) in influence.iter_mut().enumerate() {
            *influence += (treatment[row] - model.probabilities[row]) * through[row];
        }
        ([known, clustered_length(sample, &influence)], influence)
    }
}

/// Root of the sum of squares, of rows or of clusters' sums.
pub(crate) fn clustered_length(sample: &Sample, influence: &[f64]) -> f64 {
    match &sample.clusters {
        Some(clusters) => {
            let sums = clusters.sums(influence);
            dot(&sums, &sums).sqrt()
        }
        None => dot(influence, influence).sqrt(),
    }
}
