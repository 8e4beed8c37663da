//! One group-time effect: the change of a cohort against the change of its comparison units.
//!
//! With `d` = 1 for the cohort, `y` the change of the outcome, `m(x)` its least-squares prediction from
//! the comparison units and `p(x)` the logistic propensity of being in the cohort:
//!
//! - unadjusted: `mean(y | d=1) - mean(y | d=0)`;
//! - outcome regression: `mean(y - m(x) | d=1)` (Heckman-Ichimura-Todd 1997);
//! - doubly robust: `mean(y - m(x) | d=1) - sum w (y - m(x)) / sum w`, `w = (1-d) p/(1-p)`
//!   (Sant'Anna-Zhao 2020, equation 3.1 with Hajek weights), right when either model is.
//!
//! Influence functions are those of Sant'Anna-Zhao (2020), as in R's `DRDID`: they carry the
//! estimation of `m` and `p`.

use super::group_time::Adjustment;
use crate::factor::Factor;
use crate::matrix::{Columns, cross_products, dot};
use crate::propensity::PropensityDesign;
use crate::sample::Sample;
use crate::study::{Covariate, MissingValues, NumericColumn, Study};

/// Comparison units with a propensity from here on are cut off, as `DRDID` does.
const TRIM_FROM: f64 = 0.995;

/// Units of one comparison.
pub(crate) struct Cell {
    /// Change of the outcome.
    pub(crate) change: Vec<f64>,
    /// 1 for the cohort, 0 for comparison units.
    pub(crate) treated: Vec<f64>,
    /// Covariates in the base period.
    pub(crate) covariates: Vec<NumericColumn>,
}

/// The effect with the influence of each unit of the cell, of mean zero.
pub(crate) struct CellEstimate {
    pub(crate) value: f64,
    pub(crate) influence: Vec<f64>,
    /// Comparison units cut off.
    pub(crate) trimmed: usize,
}

/// Least squares on the comparison units.
struct Prediction {
    /// `y - m(x)` of each unit.
    rest: Vec<f64>,
    factor: Factor,
}

impl Cell {
    /// Estimates the effect, or says why it cannot.
    pub(crate) fn estimate(self, adjustment: Adjustment) -> Result<CellEstimate, String> {
        if self.covariates.is_empty() || adjustment == Adjustment::Unadjusted {
            return Ok(self.unadjusted());
        }
        let sample = Sample::prepare(Study {
            outcome: NumericColumn::new("change of the outcome", self.change.clone()),
            treatment: NumericColumn::new("cohort", self.treated.clone()),
            arm_labels: None,
            covariates: self.covariates.iter().cloned().map(Covariate::Numeric).collect(),
            clusters: None,
            missing: MissingValues::Refuse,
        })
        .map_err(|error| error.to_string())?;
        let design = PropensityDesign::of(&sample).map_err(|error| error.to_string())?;
        let prediction = self.predict(&design.matrix)?;
        match adjustment {
            Adjustment::DoublyRobust => self.doubly_robust(&design, &prediction),
            _ => Ok(self.regression(&design.matrix, &prediction)),
        }
    }

    fn units(&self) -> f64 {
        self.change.len() as f64
    }

    fn unadjusted(&self) -> CellEstimate {
        let units = self.units();
        let share = self.treated.iter().sum::<f64>() / units;
        let mean_of = |arm: f64, share: f64| {
            let values = self.change.iter().zip(&self.treated);
            values.filter(|(_, d)| (**d - arm).abs() < 0.5).map(|(y, _)| y).sum::<f64>() / (share * units)
        };
        let (own, theirs) = (mean_of(1.0, share), mean_of(0.0, 1.0 - share));
        let influence = |(y, d): (&f64, &f64)| d / share * (y - own) - (1.0 - d) / (1.0 - share) * (y - theirs);
        let influence = self.change.iter().zip(&self.treated).map(influence).collect();
        CellEstimate { value: own - theirs, influence, trimmed: 0 }
    }

    fn predict(&self, design: &Columns) -> Result<Prediction, String> {
        let mut own = design.clone();
        for column in own.columns_mut() {
            column.iter_mut().zip(&self.treated).for_each(|(value, d)| *value *= 1.0 - d);
        }
        let factor = Factor::of(&cross_products(&own, &own));
        if !factor.dropped.is_empty() {
            return Err("the covariates do not vary enough, or not separately, among the comparison units".into());
        }
        let products: Vec<f64> = (0..own.count()).map(|index| dot(own.column(index), &self.change)).collect();
        let fitted = linear(design, &factor.solve(&products));
        let rest = self.change.iter().zip(fitted).map(|(y, fitted)| y - fitted).collect();
        Ok(Prediction { rest, factor })
    }

    /// Influence of the prediction's coefficients on `gradient' coefficients`.
    fn influence_of_prediction(&self, design: &Columns, prediction: &Prediction, gradient: &[f64]) -> Vec<f64> {
        let direction: Vec<f64> =
            prediction.factor.solve(gradient).into_iter().map(|value| value * self.units()).collect();
        let mut influence = linear(design, &direction);
        for ((value, d), rest) in influence.iter_mut().zip(&self.treated).zip(&prediction.rest) {
            *value *= (1.0 - d) * rest;
        }
        influence
    }

    fn regression(&self, design: &Columns, prediction: &Prediction) -> CellEstimate {
        let share = self.treated.iter().sum::<f64>() / self.units();
        let value = dot(&self.treated, &prediction.rest) / (share * self.units());
        let gradient = self.means(design, &self.treated);
        let mut influence = self.influence_of_prediction(design, prediction, &gradient);
        for ((own, d), rest) in influence.iter_mut().zip(&self.treated).zip(&prediction.rest) {
            *own = (d * (rest - value) - *own) / share;
        }
        CellEstimate { value, influence, trimmed: 0 }
    }

    fn doubly_robust(&self, design: &PropensityDesign, prediction: &Prediction) -> Result<CellEstimate, String> {
        let fit = design.fit(&self.treated, None).map_err(|error| error.to_string())?;
        let units = self.units();
        let trimmed = |d: f64, p: f64| d < 0.5 && p >= TRIM_FROM;
        let weight = |d: f64, p: f64| if trimmed(d, p) { 0.0 } else { (1.0 - d) * p / (1.0 - p.min(TRIM_FROM)) };
        let weights: Vec<f64> = self.treated.iter().zip(&fit.probabilities).map(|(&d, &p)| weight(d, p)).collect();
        let (share, total) = (self.treated.iter().sum::<f64>() / units, weights.iter().sum::<f64>() / units);
        if total <= 0.0 {
            return Err("no comparison unit resembles the cohort in its covariates".into());
        }
        let rest = &prediction.rest;
        let own = dot(&self.treated, rest) / (share * units);
        let theirs = dot(&weights, rest) / (total * units);
        // How both means move with the coefficients of the prediction, and theirs with the propensity.
        let with_treated = self.means(&design.matrix, &self.treated);
        let with_weights = self.means(&design.matrix, &weights);
        let gradient: Vec<f64> = with_weights.iter().zip(&with_treated).map(|(a, b)| a / total - b / share).collect();
        let of_prediction = self.influence_of_prediction(&design.matrix, prediction, &gradient);
        let slopes: Vec<f64> = weights.iter().zip(rest).map(|(w, rest)| w * (rest - theirs)).collect();
        let scores = self.means(&design.matrix, &slopes);
        let direction: Vec<f64> = fit.solve(&scores).into_iter().map(|value| value * units / total).collect();
        let of_propensity = linear(&design.matrix, &direction);
        let influence = (0..rest.len())
            .map(|row| {
                let (d, p) = (self.treated[row], fit.probabilities[row]);
                d / share * (rest[row] - own) - weights[row] / total * (rest[row] - theirs) + of_prediction[row]
                    - (d - p) * of_propensity[row]
            })
            .collect();
        let trimmed = self.treated.iter().zip(&fit.probabilities).filter(|(d, p)| trimmed(**d, **p)).count();
        Ok(CellEstimate { value: own - theirs, influence, trimmed })
    }

    /// Mean over the units of weight times column, column by column.
    fn means(&self, design: &Columns, weights: &[f64]) -> Vec<f64> {
        (0..design.count()).map(|index| dot(design.column(index), weights) / self.units()).collect()
    }
}

fn linear(design: &Columns, coefficients: &[f64]) -> Vec<f64> {
    let mut values = vec![0.0; design.rows()];
    for (index, coefficient) in coefficients.iter().enumerate() {
        values.iter_mut().zip(design.column(index)).for_each(|(value, entry)| *value += coefficient * entry);
    }
    values
}
