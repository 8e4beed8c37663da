//! Newton's method for the logistic likelihood, with step halving and a certificate of separation.

use rayon::prelude::*;

use super::PropensityDesign;
use crate::error::{CausalError, Warning, WarningCode, quoted};
use crate::factor::Factor;
use crate::matrix::{Columns, sum_over_chunks};

/// Converged when a step changes no linear predictor by more than this.
const TOLERANCE: f64 = 1e-9;
const MOST_ITERATIONS: usize = 40;
const MOST_HALVINGS: usize = 30;
/// Steps are examined for separation from this iteration on: without it Newton's method is done by then.
const EXAMINED_FROM: usize = 8;
/// Steps that move a linear predictor by less than this are not examined.
const EXAMINED_ABOVE: f64 = 0.3;
/// A direction certifies separation when no row is on the wrong side by more than this share of the
/// furthest row on the right side.
const CERTIFICATE_TOLERANCE: f64 = 1e-6;
/// Covariates with at least this share of the largest entry of the direction are named.
const NAMED_ABOVE: f64 = 0.05;
/// Rows per block of the weighted Gram matrix, so that a block stays in cache.
const BLOCK: usize = 512;

/// A fitted propensity model.
#[derive(Debug, Clone)]
pub struct LogisticFit {
    /// Coefficients on the scaled columns of the design.
    pub(crate) scaled: Vec<f64>,
    /// Factor of the Hessian `X'WX` over the scaled columns.
    pub(crate) factor: Factor,
    /// Fitted probability of each row, rows of weight zero included.
    pub probabilities: Vec<f64>,
    /// Linear predictor (log odds) of each row.
    pub log_odds: Vec<f64>,
    /// Minus twice the log likelihood.
    pub deviance: f64,
    /// Newton steps taken.
    pub iterations: usize,
    /// Rows whose arm the covariates tell without error (quasi-complete separation); 0 when there is none.
    pub separated_rows: usize,
    /// What to know about the fit.
    pub warnings: Vec<Warning>,
}

impl LogisticFit {
    /// Coefficients in the covariates' own units, the intercept first.
    #[must_use]
    pub fn coefficients(&self, design: &PropensityDesign) -> Vec<f64> {
        let mut own = self.scaled.clone();
        for (index, (centre, scale)) in design.units.iter().enumerate() {
            own[index + 1] = self.scaled[index + 1] / scale;
            own[0] -= own[index + 1] * centre;
        }
        own
    }

    /// Covariance of [`Self::coefficients`], the inverse of the Fisher information, row by row; zero
    /// for columns that the rows of the fit did not identify.
    #[must_use]
    pub fn covariance(&self, design: &PropensityDesign) -> Vec<Vec<f64>> {
        let size = self.scaled.len();
        // Row `index` of the transformation from scaled to own units.
        let transform = |index: usize| -> Vec<f64> {
            let mut row = vec![0.0; size];
            if index == 0 {
                row[0] = 1.0;
                design.units.iter().enumerate().for_each(|(j, (centre, scale))| row[j + 1] = -centre / scale);
            } else {
                row[index] = 1.0 / design.units[index - 1].1;
            }
            row
        };
        let rows: Vec<Vec<f64>> = (0..size).map(transform).collect();
        let solved: Vec<Vec<f64>> = rows.iter().map(|row| self.solve(row)).collect();
        let product = |left: &[f64], right: &[f64]| left.iter().zip(right).map(|(a, b)| a * b).sum::<f64>();
        rows.iter().map(|row| solved.iter().map(|column| product(row, column)).collect()).collect()
    }

    /// `(X'WX)^-1 products` over the scaled columns.
    pub(crate) fn solve(&self, products: &[f64]) -> Vec<f64> {
        scatter(&self.factor, products)
    }
}

impl PropensityDesign {
    /// Fits `response` (0 or 1) by weighted maximum likelihood. Rows of weight zero only get a
    /// prediction; whole-number weights repeat rows.
    ///
    /// # Errors
    /// Rows of one arm only, complete separation, no convergence.
    pub fn fit(&self, response: &[f64], weights: Option<&[f64]>) -> Result<LogisticFit, CausalError> {
        let rows = self.rows();
        let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
        let (mut total, mut ones) = (0.0, 0.0);
        for (row, response) in response.iter().enumerate() {
            total += weight(row);
            ones += weight(row) * response;
        }
        if !(ones > 0.0 && ones < total) {
            let count = |arm: bool| (0..rows).filter(|&row| weight(row) > 0.0 && (response[row] > 0.5) == arm).count();
            let rule = "the choice of rows for the propensity model".to_owned();
            return Err(CausalError::NothingLeft { rule, treated: count(true), control: count(false) });
        }
        let mut scaled = vec![0.0; self.matrix.count()];
        scaled[0] = (ones / (total - ones)).ln();
        let mut search = Search { design: self, response, weights, log_odds: vec![scaled[0]; rows], scaled };
        search.run()
    }

    /// `X v` over the scaled columns.
    pub(crate) fn linear(&self, coefficients: &[f64]) -> Vec<f64> {
        let mut values = vec![0.0; self.rows()];
        values.par_chunks_mut(BLOCK * 4).enumerate().for_each(|(block, values)| {
            let start = block * BLOCK * 4;
            for (index, &coefficient) in coefficients.iter().enumerate().filter(|(_, value)| value.abs() > 0.0) {
                let column = &self.matrix.column(index)[start..start + values.len()];
                values.iter_mut().zip(column).for_each(|(value, entry)| *value += coefficient * entry);
            }
        });
        values
    }
}

/// The state of the climb.
struct Search<'a> {
    design: &'a PropensityDesign,
    response: &'a [f64],
    weights: Option<&'a [f64]>,
    scaled: Vec<f64>,
    log_odds: Vec<f64>,
}

/// Log likelihood with its first and second derivatives.
struct Slope {
    likelihood: f64,
    gradient: Vec<f64>,
    factor: Factor,
}

impl Search<'_> {
    fn run(&mut self) -> Result<LogisticFit, CausalError> {
        let mut slope = self.slope();
        let mut change = f64::INFINITY;
        for iteration in 1..=MOST_ITERATIONS {
            let step = scatter(&slope.factor, &slope.gradient);
            let moves = self.design.linear(&step);
            change = self.used().map(|row| moves[row].abs()).fold(0.0, f64::max);
            if iteration >= EXAMINED_FROM
                && change > EXAMINED_ABOVE
                && let Some(separated_rows) = self.separated_rows(&moves, change)
            {
                return self.separated(&step, separated_rows, slope, iteration);
            }
            let before = (self.scaled.clone(), self.log_odds.clone(), slope.likelihood);
            let mut share = 1.0;
            for _ in 0..MOST_HALVINGS {
                self.place(&before.0, &before.1, &step, &moves, share);
                slope = self.slope();
                if slope.likelihood >= before.2 - 1e-12 * before.2.abs() {
                    break;
                }
                share /= 2.0;
            }
            if change < TOLERANCE {
                return Ok(self.finish(slope, iteration, 0, Vec::new()));
            }
        }
        let treatment = self.design.treatment.clone();
        Err(CausalError::PropensityNotConverged { treatment, iterations: MOST_ITERATIONS, change })
    }

    fn used(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.response.len()).filter(|&row| self.weights.is_none_or(|weights| weights[row] > 0.0))
    }

    fn place(&mut self, scaled: &[f64], log_odds: &[f64], step: &[f64], moves: &[f64], share: f64) {
        for (own, (before, step)) in self.scaled.iter_mut().zip(scaled.iter().zip(step)) {
            *own = before + share * step;
        }
        for (own, (before, step)) in self.log_odds.iter_mut().zip(log_odds.iter().zip(moves)) {
            *own = before + share * step;
        }
    }

    /// One pass over the rows. The parts of a chunk stand side by side in one matrix: `X'WX`, then
    /// `X'w(t-p)`, then the likelihood in the corner.
    fn slope(&self) -> Slope {
        let size = self.design.matrix.count();
        let sums = sum_over_chunks(self.response.len(), |range| {
            let mut part = Columns::zeros(size, size + 2);
            let mut likelihood = 0.0;
            for start in range.clone().step_by(BLOCK) {
                let block = start..(start + BLOCK).min(range.end);
                likelihood += self.add_block(block, &mut part);
            }
            part.column_mut(size + 1)[0] = likelihood;
            part
        })
        .unwrap_or_else(|| Columns::zeros(size, size + 2));
        let (gradient, likelihood) = (sums.column(size).to_vec(), sums.at(0, size + 1));
        let mut gram = sums;
        gram.keep(&(0..size).collect::<Vec<_>>());
        Slope { likelihood, gradient, factor: Factor::of(&gram) }
    }

    fn add_block(&self, block: std::ops::Range<usize>, part: &mut Columns) -> f64 {
        let size = self.design.matrix.count();
        let (mut curvature, mut residual) = (vec![0.0; block.len()], vec![0.0; block.len()]);
        let mut likelihood = 0.0;
        for (index, row) in block.clone().enumerate() {
            let weight = self.weights.map_or(1.0, |weights| weights[row]);
            if weight > 0.0 {
                let (log_odds, response) = (self.log_odds[row], self.response[row]);
                let probability = probability(log_odds);
                curvature[index] = weight * probability * probability_of_other(log_odds);
                residual[index] = weight * (response - probability);
                // log(1 + exp(-z)), z the log odds of what happened, without overflow.
                let z = if response > 0.5 { log_odds } else { -log_odds };
                likelihood -= weight * ((-z.abs()).exp().ln_1p() + (-z).max(0.0));
            }
        }
        let mut scaled = Columns::with_capacity(block.len(), size + 2);
        let mut values = vec![0.0; block.len()];
        for index in 0..size {
            let column = &self.design.matrix.column(index)[block.clone()];
            for (value, (entry, weight)) in values.iter_mut().zip(column.iter().zip(&curvature)) {
                *value = entry * weight;
            }
            scaled.push(&values);
        }
        scaled.push(&residual);
        scaled.push(&vec![0.0; block.len()]);
        part.add_cross(self.design.matrix.view().subrows(block.start, block.len()), scaled.view());
        likelihood
    }

    /// Rows that the direction tells apart, when it certifies separation.
    fn separated_rows(&self, moves: &[f64], furthest: f64) -> Option<usize> {
        let slack = CERTIFICATE_TOLERANCE * furthest;
        let mut rows = 0;
        for row in self.used() {
            let side = if self.response[row] > 0.5 { moves[row] } else { -moves[row] };
            if side < -slack {
                return None;
            }
            rows += usize::from(side > slack);
        }
        Some(rows)
    }

    fn separated(
        &self,
        direction: &[f64],
        separated_rows: usize,
        slope: Slope,
        iteration: usize,
    ) -> Result<LogisticFit, CausalError> {
        let largest = direction[1..].iter().map(|entry| entry.abs()).fold(0.0, f64::max);
        let named = (1..direction.len()).filter(|&index| direction[index].abs() >= NAMED_ABOVE * largest);
        let covariates: Vec<String> = named.map(|index| self.design.names[index].clone()).collect();
        let used = self.used().count();
        if separated_rows == used {
            return Err(CausalError::Separation { treatment: self.design.treatment.clone(), covariates });
        }
        let message = format!(
            "quasi-complete separation: {} tell the arm of {separated_rows} of {used} rows without error, so no comparison speaks for those rows and their coefficients have no finite estimate; leave the rows or the covariates out",
            quoted(&covariates)
        );
        let warnings = vec![Warning::new(WarningCode::QuasiSeparation, message)];
        Ok(self.finish(slope, iteration, separated_rows, warnings))
    }

    fn finish(&self, slope: Slope, iterations: usize, separated_rows: usize, warnings: Vec<Warning>) -> LogisticFit {
        let log_odds = self.design.linear(&self.scaled);
        LogisticFit {
            scaled: self.scaled.clone(),
            factor: slope.factor,
            probabilities: log_odds.iter().map(|&log_odds| probability(log_odds)).collect(),
            log_odds,
            deviance: -2.0 * slope.likelihood,
            iterations,
            separated_rows,
            warnings,
        }
    }
}

/// The solution over all columns; zero for those that the factor left out.
fn scatter(factor: &Factor, products: &[f64]) -> Vec<f64> {
    let mut full = vec![0.0; products.len()];
    for (&position, value) in factor.kept.iter().zip(factor.solve(products)) {
        full[position] = value;
    }
    full
}

fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

fn probability_of_other(log_odds: f64) -> f64 {
    1.0 / (1.0 + log_odds.exp())
}

#[cfg(test)]
mod tests {
    use crate::sample::Sample;
    use crate::study::{Covariate, MissingValues, NumericColumn, Study};
    use crate::{CausalError, WarningCode, propensity::propensity};

    fn sample(treatment: &[f64], covariate: &[f64]) -> Sample {
        let study = Study {
            outcome: NumericColumn::new("y", (0..treatment.len()).map(|row| row as f64).collect()),
            treatment: NumericColumn::new("t", treatment.to_vec()),
            arm_labels: None,
            covariates: vec![Covariate::Numeric(NumericColumn::new("x", covariate.to_vec()))],
            clusters: None,
            missing: MissingValues::Refuse,
        };
        Sample::prepare(study).unwrap()
    }

    #[test]
    fn a_binary_covariate_gives_the_log_odds_ratio_and_woolfs_variance() {
        // Cells (x, t): (0,0) 3, (0,1) 1, (1,0) 2, (1,1) 4.
        let x = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
        let t = [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0];
        let (design, fit) = propensity(&sample(&t, &x)).unwrap();
        let (found, covariance) = (fit.coefficients(&design), fit.covariance(&design));
        assert!((found[0] - (1.0_f64 / 3.0).ln()).abs() < 1e-10);
        assert!((found[1] - 6.0_f64.ln()).abs() < 1e-10);
        assert!((covariance[1][1] - (1.0 / 3.0 + 1.0 + 0.5 + 0.25)).abs() < 1e-8);
        assert!((covariance[0][0] - (1.0 / 3.0 + 1.0)).abs() < 1e-8);
        assert!((covariance[0][1] + (1.0 / 3.0 + 1.0)).abs() < 1e-8);
    }

    #[test]
    fn weights_repeat_rows_and_zero_weights_only_predict() {
        let x = [0.1, 0.5, -0.3, 1.2, 0.9, -1.0, 0.2, 0.4];
        let t = [0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0];
        let (design, _) = propensity(&sample(&t, &x)).unwrap();
        let weighted = design.fit(&t, Some(&[2.0, 1.0, 1.0, 3.0, 1.0, 1.0, 1.0, 0.0])).unwrap();
        let rows = [0, 0, 1, 2, 3, 3, 3, 4, 5, 6];
        let take = |from: &[f64]| rows.iter().map(|&row| from[row]).collect::<Vec<f64>>();
        let (other, repeated) = propensity(&sample(&take(&t), &take(&x))).unwrap();
        let (found, expected) = (weighted.coefficients(&design), repeated.coefficients(&other));
        assert!(found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?} {expected:?}");
        let predicted = 1.0 / (1.0 + (-expected[0] - 0.4 * expected[1]).exp());
        assert!((weighted.probabilities[7] - predicted).abs() < 1e-9);
    }

    #[test]
    fn complete_separation_is_refused_by_name() {
        let x: Vec<f64> = (0..40).map(f64::from).collect();
        let t: Vec<f64> = x.iter().map(|&value| f64::from(u8::from(value > 17.0))).collect();
        let error = propensity(&sample(&t, &x)).unwrap_err();
        let expected = CausalError::Separation { treatment: "t".into(), covariates: vec!["x".into()] };
        assert_eq!(error, expected);
    }

    #[test]
    fn quasi_separation_is_a_warning_with_its_rows() {
        // x = 1 is always treated; x = 0 is mixed.
        let x: Vec<f64> = (0..60).map(|row| f64::from(u8::from(row < 9))).collect();
        let t: Vec<f64> = (0..60).map(|row| f64::from(u8::from(row < 9 || row % 3 == 0))).collect();
        let (_, fit) = propensity(&sample(&t, &x)).unwrap();
        assert_eq!(fit.separated_rows, 9);
        assert_eq!(fit.warnings[0].code, WarningCode::QuasiSeparation);
        assert!(fit.warnings[0].message.contains("'x' tell the arm of 9 of 60 rows"), "{}", fit.warnings[0].message);
        assert!((fit.probabilities[20] - 17.0 / 51.0).abs() < 1e-3);
    }
}
