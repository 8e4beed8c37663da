//! Tail probabilities and critical values: Student t, normal, F and chi-square.
//!
//! The incomplete beta function is evaluated here by Lentz's continued fraction run to convergence
//! (Numerical Recipes 6.4), because fixed iteration limits go wrong at a million degrees of freedom.

use serde::{Deserialize, Serialize};
use statrs::function::{erf::erfc, gamma::gamma_ur, gamma::ln_gamma};

/// The distribution a test statistic is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceDistribution {
    /// Student's t with the degrees of freedom stated in the result.
    #[default]
    StudentT,
    /// Standard normal.
    Normal,
}

impl ReferenceDistribution {
    /// Probability of a statistic at least this far from zero, on either side.
    #[must_use]
    pub fn two_sided_p_value(self, statistic: f64, degrees_of_freedom: f64) -> f64 {
        let square = statistic * statistic;
        let p_value = match self {
            Self::Normal => erfc(statistic.abs() / std::f64::consts::SQRT_2),
            Self::StudentT if square.is_infinite() => 0.0,
            Self::StudentT => {
                let total = degrees_of_freedom + square;
                incomplete_beta(degrees_of_freedom / 2.0, 0.5, degrees_of_freedom / total, square / total)
            }
        };
        p_value.clamp(0.0, 1.0)
    }

    /// The value that a statistic exceeds in absolute value with probability `alpha`.
    #[must_use]
    pub fn critical_value(self, alpha: f64, degrees_of_freedom: f64) -> f64 {
        let (mut low, mut high) = (0.0_f64, 1.0_f64);
        while self.two_sided_p_value(high, degrees_of_freedom) > alpha && high < 1e300 {
            low = high;
            high *= 2.0;
        }
        for _ in 0..200 {
            let middle = low.midpoint(high);
            if middle <= low || middle >= high {
                break;
            }
            if self.two_sided_p_value(middle, degrees_of_freedom) > alpha {
                low = middle;
            } else {
                high = middle;
            }
        }
        low.midpoint(high)
    }
}

/// Probability that an F variable with these degrees of freedom exceeds `statistic`.
pub(crate) fn f_upper_tail(statistic: f64, numerator: f64, denominator: f64) -> f64 {
    if statistic <= 0.0 {
        return 1.0;
    }
    if statistic.is_infinite() {
        return 0.0;
    }
    let total = denominator + numerator * statistic;
    incomplete_beta(denominator / 2.0, numerator / 2.0, denominator / total, numerator * statistic / total)
        .clamp(0.0, 1.0)
}

/// Probability that a chi-square variable exceeds `statistic`.
pub(crate) fn chi_square_upper_tail(statistic: f64, degrees_of_freedom: f64) -> f64 {
    if statistic <= 0.0 {
        return 1.0;
    }
    gamma_ur(degrees_of_freedom / 2.0, statistic / 2.0).clamp(0.0, 1.0)
}

/// Regularised incomplete beta function of `x`, with `complement = 1 - x` given apart so that neither
/// loses digits.
fn incomplete_beta(a: f64, b: f64, x: f64, complement: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if complement <= 0.0 {
        return 1.0;
    }
    let front =
        (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * log_of(x, complement) + b * log_of(complement, x)).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        front * continued_fraction(a, b, x) / a
    } else {
        1.0 - front * continued_fraction(b, a, complement) / b
    }
}

/// `ln(x)`, through `ln_1p` where `x` is close to one.
fn log_of(x: f64, complement: f64) -> f64 {
    if complement < 0.5 { (-complement).ln_1p() } else { x.ln() }
}

fn continued_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    const LIMIT: u32 = 100_000;
    let guard = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut numerator = 1.0;
    let mut denominator = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = denominator;
    for step in 1..LIMIT {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        denominator = 1.0 / guard(1.0 + even * denominator);
        numerator = guard(1.0 + even / numerator);
        fraction *= denominator * numerator;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        denominator = 1.0 / guard(1.0 + odd * denominator);
        numerator = guard(1.0 + odd / numerator);
        let change = denominator * numerator;
        fraction *= change;
        if (change - 1.0).abs() < 1e-15 {
            break;
        }
    }
    fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64, tolerance: f64) {
        assert!((found - expected).abs() <= tolerance * expected.abs(), "{found} is not {expected}");
    }

    #[test]
    fn quantiles_agree_with_r() {
        let t = ReferenceDistribution::StudentT;
        close(t.critical_value(0.05, 1.0), 12.706_204_736_174_69, 1e-12);
        close(t.critical_value(0.05, 782.0), 1.963_002_200_328_246_3, 1e-10);
        close(t.critical_value(0.01, 10.0), 3.169_272_672_616_84, 1e-12);
        close(ReferenceDistribution::Normal.critical_value(0.05, 0.0), 1.959_963_984_540_05, 1e-9);
    }

    #[test]
    fn t_tends_to_normal_and_keeps_its_tail() {
        let t = ReferenceDistribution::StudentT;
        close(t.two_sided_p_value(2.0, 5e6), erfc(2.0 / std::f64::consts::SQRT_2), 1e-5);
        // scipy 1.15.3: 2 * t.sf(30, 100), 2 * t.sf(2, 5e6), 2 * t.sf(4.2, 1e6)
        close(t.two_sided_p_value(30.0, 100.0), 8.380_332_558_688_336e-52, 1e-10);
        close(t.two_sided_p_value(2.0, 5e6), 0.045_500_317_887_330_04, 1e-8);
        close(t.two_sided_p_value(4.2, 1e6), 2.669_380_537_248_279_5e-5, 1e-8);
        close(t.two_sided_p_value(0.0, 7.0), 1.0, 0.0);
    }

    #[test]
    fn f_with_one_numerator_degree_is_t_squared() {
        let p = ReferenceDistribution::StudentT.two_sided_p_value(2.3, 41.0);
        close(f_upper_tail(2.3 * 2.3, 1.0, 41.0), p, 1e-12);
        close(chi_square_upper_tail(3.841_458_820_694_12, 1.0), 0.05, 1e-9);
        close(chi_square_upper_tail(30.0, 12.0), 0.002_792_429_332_700_914_5, 1e-9);
        close(f_upper_tail(2.5, 7.0, 430.0), 0.015_838_621_614_778_996, 1e-10);
    }
}
