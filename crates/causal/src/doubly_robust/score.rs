//! From Neyman-orthogonal scores to an effect, its standard error and what to look at.
//!
//! A linear score `psi(W; theta) = a theta + b` (Chernozhukov et al. 2018, equation 3.1 and section 3.2,
//! "DML2"): `theta` solves `mean(a) theta + mean(b) = 0` over all rows at once. The influence of a row is
//! `-(a theta + b) / mean(a)`; the standard error is `sqrt(sum(influence²)) / n` (Theorem 3.2), or, with
//! clusters, `sqrt(sum over clusters of (sum of influence)²) / n`. No small-sample factor, normal law.

use serde::{Deserialize, Serialize};

use crate::distribution::ReferenceDistribution;
use crate::estimate::Interval;
use crate::groups::Groups;
use crate::matrix::{dot, mean};

/// `a` and `b` of each row.
#[derive(Debug, Clone)]
pub(crate) struct Score {
    pub(crate) slope: Vec<f64>,
    pub(crate) constant: Vec<f64>,
}

/// What the score says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ScoreDiagnostics {
    /// Mean influence, zero up to rounding at the solution.
    pub mean_influence: f64,
    /// Share of the estimate's variance that the one most influential row (or cluster) makes.
    pub largest_share: f64,
    /// Kurtosis of the influence: 3 for a normal law; far above, few rows decide and the normal
    /// interval is doubtful.
    pub kurtosis: f64,
}

/// A solved score.
#[derive(Debug, Clone)]
pub(crate) struct Solved {
    pub(crate) value: f64,
    pub(crate) standard_error: f64,
    pub(crate) influence: Vec<f64>,
    pub(crate) diagnostics: ScoreDiagnostics,
}

impl Score {
    pub(crate) fn solve(&self, clusters: Option<&Groups>) -> Solved {
        let slope = mean(&self.slope);
        let value = -mean(&self.constant) / slope;
        let influence: Vec<f64> =
            self.slope.iter().zip(&self.constant).map(|(a, b)| -(a * value + b) / slope).collect();
        let (standard_error, largest_share) = standard_error(&influence, clusters);
        let centre = mean(&influence);
        let squares: Vec<f64> = influence.iter().map(|value| (value - centre).powi(2)).collect();
        let variance = mean(&squares);
        let kurtosis = dot(&squares, &squares) / squares.len() as f64 / (variance * variance);
        let diagnostics = ScoreDiagnostics { mean_influence: centre, largest_share, kurtosis };
        Solved { value, standard_error, influence, diagnostics }
    }
}

/// Standard error of a mean with these influences, and the largest share of its square.
pub(crate) fn standard_error(influence: &[f64], clusters: Option<&Groups>) -> (f64, f64) {
    let sums = clusters.map(|clusters| clusters.sums(influence));
    let parts = sums.as_deref().unwrap_or(influence);
    let total = dot(parts, parts);
    let largest = parts.iter().fold(0.0_f64, |most, part| most.max(part * part));
    (total.sqrt() / influence.len() as f64, if total > 0.0 { largest / total } else { 0.0 })
}

/// Statistic, p-value and interval under the normal law.
pub(crate) fn infer(value: f64, standard_error: f64, confidence: f64) -> (f64, f64, Interval) {
    let normal = ReferenceDistribution::Normal;
    let statistic = value / standard_error;
    let margin = normal.critical_value(1.0 - confidence, 0.0) * standard_error;
    let interval = Interval { confidence, lower: value - margin, upper: value + margin };
    (statistic, normal.two_sided_p_value(statistic, 0.0), interval)
}
