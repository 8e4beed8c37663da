//! What the bound on omitted-variable bias needs of an estimate (Chernozhukov, Cinelli, Newey, Sharma and
//! Syrgkanis 2022, "Long story short", theorem 2): the noise in the outcome and the size of the
//! Riesz representer `alpha`, which writes the effect as `E[alpha Y]`.
//!
//! | | `sigma² = E[(Y - g)²]`, residual | `alpha` | `nu² = E[alpha²]` |
//! | --- | --- | --- | --- |
//! | AIPW, all rows | `Y - g_D` | `D/m - (1-D)/(1-m)` | `E[2 (1/m + 1/(1-m)) - alpha²]` |
//! | AIPW, treated | `Y - g_D` | `(D - (1-D) m/(1-m)) / P` | `E[2 D m/P² (1/m + 1/(1-m)) - alpha²]` |
//! | partially linear | `Y - l - theta (D-m)`, or `Y - g - theta D` | `(D-m) / E[(D-m)²]` | `1 / E[(D-m)²]` |
//!
//! The debiased forms and `P = P(D=1)` are those of `DoubleML` 0.11. Their influences give the influence of
//! the largest bias `S = sqrt(sigma² nu²)`: `(sigma² psi_nu² + nu² psi_sigma²) / (2 S)`.

use serde::{Deserialize, Serialize};

use super::nuisance::Nuisance;
use super::{PartiallyLinearScore, Population};
use crate::matrix::mean;

/// Elements of the omitted-variable bound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BiasElements {
    /// Mean squared error of the outcome model.
    pub sigma2: f64,
    /// Mean square of the Riesz representer.
    pub nu2: f64,
    /// Influence of each row on `sqrt(sigma2 * nu2)`.
    pub influence: Vec<f64>,
}

impl BiasElements {
    /// From the terms whose means are `sigma²` and `nu²`, the latter with its influence; `None` where the
    /// debiased `nu²` is not positive.
    fn of(squares: &[f64], nu2: f64, nu2_influence: impl Fn(usize) -> f64) -> Option<Self> {
        let sigma2 = mean(squares);
        let size = (sigma2 * nu2).sqrt();
        if !(size > 0.0 && size.is_finite()) {
            return None;
        }
        let influence = (squares.iter().enumerate())
            .map(|(row, square)| (sigma2 * nu2_influence(row) + nu2 * (square - sigma2)) / (2.0 * size))
            .collect();
        Some(Self { sigma2, nu2, influence })
    }

    /// `nuisances` are clipped propensity, `g_0` and `g_1`.
    pub(super) fn of_aipw(
        outcome: &[f64],
        treatment: &[f64],
        nuisances: [&[f64]; 3],
        population: Population,
    ) -> Option<Self> {
        let [propensity, of_controls, of_treated] = nuisances;
        let share = mean(treatment);
        let squares: Vec<f64> = (0..outcome.len())
            .map(|row| {
                let d = treatment[row];
                (outcome[row] - d * of_treated[row] - (1.0 - d) * of_controls[row]).powi(2)
            })
            .collect();
        let terms: Vec<f64> = (0..outcome.len())
            .map(|row| {
                let (d, m) = (treatment[row], propensity[row]);
                let (own, all) = match population {
                    Population::All => (1.0, 1.0),
                    Population::Treated => (d / share, m / share),
                };
                let representer = all * (d / m - (1.0 - d) / (1.0 - m));
                2.0 * own * all * (1.0 / m + 1.0 / (1.0 - m)) - representer.powi(2)
            })
            .collect();
        let nu2 = mean(&terms);
        Self::of(&squares, nu2, |row| terms[row] - nu2)
    }

    /// `nuisances` are `l`, `m` and, for the IV-type score, `g`.
    pub(super) fn of_partially_linear(
        outcome: &[f64],
        treatment: &[f64],
        nuisances: &[Nuisance],
        kind: PartiallyLinearScore,
        effect: f64,
    ) -> Option<Self> {
        let prediction = |index: usize| &nuisances[index].predictions;
        let rest: Vec<f64> = treatment.iter().zip(prediction(1)).map(|(d, m)| d - m).collect();
        let squares: Vec<f64> = (0..outcome.len())
            .map(|row| match kind {
                PartiallyLinearScore::PartiallingOut => {
                    (outcome[row] - prediction(0)[row] - effect * rest[row]).powi(2)
                }
                PartiallyLinearScore::IvType => (outcome[row] - prediction(2)[row] - effect * treatment[row]).powi(2),
            })
            .collect();
        let nu2 = rest.iter().map(|value| value * value).sum::<f64>().recip() * rest.len() as f64;
        Self::of(&squares, nu2, |row| nu2 - rest[row].powi(2) * nu2 * nu2)
    }
}
