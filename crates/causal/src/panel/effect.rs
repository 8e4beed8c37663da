//! From influences to errors, intervals and bands.

use serde::{Deserialize, Serialize};

use super::bands::Bootstrap;
use super::group_time::Estimated;
use super::prepare::Panel;
use crate::distribution::ReferenceDistribution;
use crate::estimate::Interval;

/// An effect with its uncertainty, by the normal distribution.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// The effect on the treated.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// `value / standard_error`.
    pub statistic: f64,
    /// Probability of a statistic at least as far from zero if there were no effect.
    pub p_value: f64,
    /// Confidence interval of this effect alone.
    pub interval: Interval,
    /// Its part of a band that holds for all effects of the family at once.
    pub band: Option<Interval>,
}

/// Sums of the influences by cluster, divided by the number of units: their squares sum to the variance.
fn by_cluster(panel: &Panel, influence: &[f64]) -> Vec<f64> {
    let mut sums = panel.clusters.sums(influence);
    for sum in &mut sums {
        *sum /= panel.units.len() as f64;
    }
    sums
}

/// Effects of one family, with bands when there is a critical value.
pub(crate) struct Families<'a> {
    pub(crate) panel: &'a Panel,
    pub(crate) confidence: f64,
    pub(crate) bootstrap: Option<Bootstrap>,
}

impl Families<'_> {
    pub(crate) fn effect(&self, estimated: &Estimated, critical: Option<f64>) -> Effect {
        let sums = by_cluster(self.panel, &estimated.influence);
        let standard_error = sums.iter().map(|sum| sum * sum).sum::<f64>().sqrt();
        let normal = ReferenceDistribution::Normal;
        let confidence = self.confidence;
        let value = estimated.value;
        let interval = |critical: f64| {
            let margin = critical * standard_error;
            Interval { confidence, lower: value - margin, upper: value + margin }
        };
        let statistic = value / standard_error;
        Effect {
            value,
            standard_error,
            statistic,
            p_value: normal.two_sided_p_value(statistic, 0.0),
            interval: interval(normal.critical_value(1.0 - confidence, 0.0)),
            band: critical.map(interval),
        }
    }

    pub(crate) fn critical_values(&self, families: &[Vec<&Estimated>]) -> Vec<Option<f64>> {
        let Some(bootstrap) = &self.bootstrap else { return vec![None; families.len()] };
        let (mut columns, mut positions) = (Vec::new(), Vec::new());
        for family in families {
            let first = columns.len();
            for estimated in family {
                let mut sums = by_cluster(self.panel, &estimated.influence);
                let length = sums.iter().map(|sum| sum * sum).sum::<f64>().sqrt();
                if length > 0.0 {
                    for sum in &mut sums {
                        *sum /= length;
                    }
                    columns.push(sums);
                }
            }
            positions.push((first..columns.len()).collect());
        }
        bootstrap.critical_values(&columns, &positions, self.confidence).into_iter().map(Some).collect()
    }
}
