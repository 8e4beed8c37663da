//! Partial R², robustness values and the bias of a confounder of given strength
//! (Cinelli-Hazlett 2020, sections 4.1 to 4.3).

use crate::distribution::ReferenceDistribution;
use crate::estimate::Fit;

/// An estimate with its classical standard error.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effect {
    pub(crate) estimate: f64,
    pub(crate) standard_error: f64,
    pub(crate) degrees_of_freedom: f64,
}

impl Effect {
    pub(crate) fn of(fit: &Fit) -> Self {
        Self {
            estimate: fit.estimate.value,
            standard_error: fit.classical_standard_error,
            degrees_of_freedom: fit.free(),
        }
    }

    fn statistic(&self) -> f64 {
        self.estimate / self.standard_error
    }

    /// `t² / (t² + df)`.
    pub(crate) fn partial_r2(&self) -> f64 {
        let square = self.statistic().powi(2);
        square / (square + self.degrees_of_freedom)
    }

    /// Critical value at `alpha` for one degree of freedom less: the confounder takes one.
    pub(crate) fn critical_value(&self, alpha: f64) -> f64 {
        ReferenceDistribution::StudentT.critical_value(alpha, (self.degrees_of_freedom - 1.0).max(1.0))
    }

    /// `RV_q` (eq. 18), or `RV_{q,alpha}` (eq. 19, with the extreme case of Cinelli-Hazlett 2025).
    pub(crate) fn robustness_value(&self, share: f64, alpha: Option<f64>) -> f64 {
        let strength = share * self.statistic().abs() / self.degrees_of_freedom.sqrt();
        let needed =
            alpha.map_or(0.0, |alpha| self.critical_value(alpha) / (self.degrees_of_freedom - 1.0).max(1.0).sqrt());
        let excess = strength - needed;
        if excess <= 0.0 {
            return 0.0;
        }
        if needed > 0.0 && strength > 1.0 / needed {
            return (strength.powi(2) - needed.powi(2)) / (1.0 + strength.powi(2));
        }
        // The textbook form (sqrt(f^4 + 4 f²) - f²) / 2 loses all digits for large f; this is the same.
        let square = excess * excess;
        2.0 * square / ((square * square + 4.0 * square).sqrt() + square)
    }

    /// Absolute bias (eq. 14).
    pub(crate) fn bias(&self, with_treatment: f64, with_outcome: f64) -> f64 {
        (with_outcome * with_treatment / (1.0 - with_treatment)).sqrt()
            * self.standard_error
            * self.degrees_of_freedom.sqrt()
    }

    /// The estimate if the confounder pulled it away from zero and were taken into account.
    pub(crate) fn adjusted_estimate(&self, with_treatment: f64, with_outcome: f64) -> f64 {
        self.estimate.signum() * (self.estimate.abs() - self.bias(with_treatment, with_outcome))
    }

    /// Its standard error (eq. 15).
    pub(crate) fn adjusted_standard_error(&self, with_treatment: f64, with_outcome: f64) -> f64 {
        let left = (self.degrees_of_freedom - 1.0).max(1.0);
        ((1.0 - with_outcome) / (1.0 - with_treatment)).sqrt()
            * self.standard_error
            * (self.degrees_of_freedom / left).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn robustness_values_solve_their_equation() {
        let effect = Effect { estimate: 0.0973, standard_error: 0.02325, degrees_of_freedom: 783.0 };
        let value = effect.robustness_value(1.0, None);
        assert!(effect.adjusted_estimate(value, value).abs() < 1e-12);
        let value = effect.robustness_value(0.5, None);
        assert!((effect.adjusted_estimate(value, value) - 0.5 * effect.estimate).abs() < 1e-12);
    }

    #[test]
    fn robustness_at_alpha_makes_the_interval_touch_zero() {
        let effect = Effect { estimate: 0.0973, standard_error: 0.02325, degrees_of_freedom: 783.0 };
        let value = effect.robustness_value(1.0, Some(0.05));
        let statistic = effect.adjusted_estimate(value, value) / effect.adjusted_standard_error(value, value);
        assert!((statistic - effect.critical_value(0.05)).abs() < 1e-9);
    }

    #[test]
    fn values_stay_between_zero_and_one() {
        for statistic in [1e-9, 0.1, 2.0, 50.0, 1e4, 1e8] {
            let effect = Effect { estimate: -statistic, standard_error: 1.0, degrees_of_freedom: 12.0 };
            for alpha in [None, Some(0.05), Some(0.5)] {
                let value = effect.robustness_value(1.0, alpha);
                assert!((0.0..=1.0).contains(&value), "{statistic} {alpha:?} {value}");
            }
        }
    }
}
