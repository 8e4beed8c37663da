//! What simulations of estimating again say: values on the original's scale, tests, flags, words.
//!
//! Thresholds keep the false alarms of a sound study rare, because the flags of several estimators add up.
//! A test against chance alone would flag what does not matter (finite-sample shifts far below the standard
//! error), so a flag needs both: beyond chance, and of a size to speak of.

use super::budget::{Affordable, AgainPlan};
use super::{Draws, Original, Refutation, Refuter, share_of, standard_error_ratio_allowed};
use crate::distribution::ReferenceDistribution;
use crate::error::{Warning, WarningCode};
use crate::estimate::Interval;

/// Chance of a false alarm that a test against chance may have.
const BEYOND_CHANCE: f64 = 0.002;
/// A mean placebo effect below this share of their spread does not matter.
const PLACEBO_MATTERS: f64 = 0.1;
/// A shift below this many standard errors does not matter.
const SHIFT_MATTERS: f64 = 0.25;
/// A subset is flagged when more than this share of its estimates has the other sign although the
/// interval of the whole excludes zero.
pub(crate) const OTHER_SIGN: f64 = 0.05;
/// Spread of subsets by the spread that the standard error implies. Matching moves more than that by
/// its nature, and folds dealt anew add to it.
const SPREAD_ALLOWED: f64 = 2.5;
/// With fewer simulations there is nothing to say.
const FEWEST_DRAWS: usize = 3;

/// Estimates of a refuter's simulations, as they came.
pub(crate) struct Simulated {
    pub(crate) values: Vec<Result<f64, String>>,
    /// The estimate they are compared with; the original where absent.
    pub(crate) baseline: Option<f64>,
    /// Share of the rows that a simulation keeps of those it starts from.
    pub(crate) drawn_share: f64,
}

impl Simulated {
    pub(crate) fn failed(affordable: Affordable, reason: &str) -> Self {
        let values = vec![Err(reason.to_owned()); affordable.simulations];
        Self { values, baseline: None, drawn_share: 1.0 }
    }

    fn reason(&self) -> Option<&str> {
        self.values.iter().find_map(|value| value.as_ref().err()).map(String::as_str)
    }

    fn shifted(&self, onto: f64, from: f64, factor: f64) -> Draws {
        Draws::of(self.values.iter().map(|value| value.as_ref().ok().map(|value| onto + factor * (value - from))))
    }
}

/// What a report needs to know beside the values.
pub(crate) struct Context<'a> {
    pub(crate) refuter: Refuter,
    pub(crate) original: &'a Original,
    pub(crate) plan: &'a AgainPlan,
    pub(crate) affordable: Affordable,
    /// Rows of the whole.
    pub(crate) rows: usize,
    pub(crate) unit: &'static str,
    pub(crate) by: &'static str,
    pub(crate) placebo_method: &'static str,
}

/// The part of a refutation that depends on the refuter.
#[derive(Default)]
struct Verdict {
    p_value: f64,
    permutation_p_value: Option<f64>,
    interval: Option<Interval>,
    same_sign_share: Option<f64>,
    flagged: bool,
    finding: String,
}

impl Context<'_> {
    pub(crate) fn report(&self, simulated: &Simulated) -> Refutation {
        let original = self.original.value;
        let baseline = simulated.baseline.unwrap_or(original);
        let draws = match self.refuter {
            Refuter::PlaceboTreatment => simulated.shifted(0.0, 0.0, 1.0),
            Refuter::RandomCommonCause | Refuter::DataSubset => simulated.shifted(original, baseline, 1.0),
            // On the scale of the whole, so that the spread is its standard error.
            Refuter::Bootstrap => simulated.shifted(original, baseline, 1.0 / self.widening()),
        };
        let verdict = if draws.values.len() < FEWEST_DRAWS {
            let finding = "too few simulations gave an estimate: nothing can be said".to_owned();
            Verdict { p_value: 1.0, finding, ..Verdict::default() }
        } else {
            match self.refuter {
                Refuter::PlaceboTreatment => self.placebo(&draws),
                Refuter::RandomCommonCause => self.random_cause(&draws),
                Refuter::DataSubset => self.subset(&draws, baseline),
                Refuter::Bootstrap => self.half_samples(&draws),
            }
        };
        Refutation {
            refuter: self.refuter,
            estimator: self.original.estimator.clone(),
            tests: self.tests().into(),
            method: self.method(draws.values.len() + draws.failed),
            original,
            simulations_asked: self.plan.simulations,
            rows: share_of(self.affordable.rows, simulated.drawn_share),
            simulations: draws.values.len(),
            failed_simulations: draws.failed,
            mean: draws.mean,
            standard_deviation: draws.standard_deviation,
            p_value: verdict.p_value,
            p_value_meaning: self.p_value_meaning().into(),
            permutation_p_value: verdict.permutation_p_value,
            interval: verdict.interval,
            same_sign_share: verdict.same_sign_share,
            flagged: verdict.flagged,
            finding: verdict.finding,
            warnings: self.warnings(simulated, draws.failed),
            values: draws.values,
        }
    }

    /// Root of all rows by the rows that a simulation starts from: what an error is wider by.
    fn widening(&self) -> f64 {
        (self.rows as f64 / self.affordable.rows as f64).sqrt()
    }

    /// The standard error of an estimate from the rows that a simulation starts from.
    fn standard_error(&self) -> f64 {
        self.original.standard_error * self.widening()
    }

    fn placebo(&self, draws: &Draws) -> Verdict {
        let p_value = centred(draws, 0.0, 0.0);
        let flagged = p_value < BEYOND_CHANCE && draws.mean.abs() > PLACEBO_MATTERS * draws.standard_deviation;
        // Effects of fewer rows scatter more widely; they cannot be compared with the original.
        let whole = self.affordable.rows == self.rows;
        let permutation_p_value = whole.then(|| draws.at_least_as_far(self.original.value));
        let finding = if flagged {
            format!(
                "permuted treatments have effects around {:.4} instead of zero: the analysis finds effects where there are none",
                draws.mean
            )
        } else {
            format!("permuted treatments have effects around zero (mean {:.4})", draws.mean)
        };
        Verdict { p_value, permutation_p_value, flagged, finding, ..Verdict::default() }
    }

    /// p-value and size in standard errors of the distance of the original from the draws' mean.
    fn shift(&self, draws: &Draws) -> (f64, f64, bool) {
        let p_value = centred(draws, self.original.value, 1.0);
        let shift = (draws.mean - self.original.value) / self.standard_error();
        (p_value, shift, p_value < BEYOND_CHANCE && shift.abs() > SHIFT_MATTERS)
    }

    fn random_cause(&self, draws: &Draws) -> Verdict {
        let (p_value, shift, flagged) = self.shift(draws);
        let does = if flagged { "moves" } else { "hardly moves" };
        let finding = format!(
            "adding a random covariate {does} the estimate, to {:.4} on average ({shift:.2} standard errors)",
            draws.mean
        );
        Verdict { p_value, flagged, finding, ..Verdict::default() }
    }

    fn subset(&self, draws: &Draws, baseline: f64) -> Verdict {
        let (p_value, shift, shifts) = self.shift(draws);
        // `sqrt(0.2 / 0.8)`: what leaving a fifth out does to a mean.
        let expected = 0.5 * self.standard_error();
        let ratio = draws.standard_deviation / expected;
        let same_sign = draws.same_sign_share(self.original.value);
        let significant =
            baseline.abs() > self.critical() * self.standard_error() && baseline * self.original.value > 0.0;
        let sign_moves = significant && same_sign < 1.0 - OTHER_SIGN;
        let unit = self.unit;
        let finding = if sign_moves || ratio > SPREAD_ALLOWED {
            format!(
                "on random subsets the estimate moves {ratio:.1} times as far as its standard error implies ({:.0} % with the same sign): some {unit}s carry it, or the standard error is too small",
                100.0 * same_sign
            )
        } else if shifts {
            format!(
                "with fewer {unit}s the estimate lies elsewhere: {:.4} on average ({shift:.2} standard errors)",
                draws.mean
            )
        } else {
            format!("on random subsets of about 80 % the estimate stays near {:.4}", draws.mean)
        };
        let flagged = shifts || sign_moves || ratio > SPREAD_ALLOWED;
        Verdict { p_value, same_sign_share: Some(same_sign), flagged, finding, ..Verdict::default() }
    }

    fn half_samples(&self, draws: &Draws) -> Verdict {
        let p_value = centred(draws, self.original.value, 0.0);
        let ratio = draws.standard_deviation / self.original.standard_error;
        let too_wide = ratio > standard_error_ratio_allowed(draws.values.len());
        let finding = if too_wide {
            format!(
                "the half-samples' standard error is {ratio:.2} times the reported one: the reported interval may be too narrow"
            )
        } else {
            format!(
                "the half-samples' standard error ({:.4}) does not speak against the reported one ({ratio:.2} times)",
                draws.standard_deviation
            )
        };
        let (confidence, margin) = (self.original.confidence, self.critical() * draws.standard_deviation);
        let value = self.original.value;
        let interval = Some(Interval { confidence, lower: value - margin, upper: value + margin });
        let same_sign_share = Some(draws.same_sign_share(value));
        Verdict { p_value, interval, same_sign_share, flagged: too_wide, finding, ..Verdict::default() }
    }

    fn critical(&self) -> f64 {
        ReferenceDistribution::Normal.critical_value(1.0 - self.original.confidence, f64::INFINITY)
    }

    fn tests(&self) -> &'static str {
        match self.refuter {
            Refuter::PlaceboTreatment => "whether the analysis finds an effect of a treatment that cannot have one",
            Refuter::RandomCommonCause => {
                "whether the estimate moves when a covariate is added that has nothing to do with anything"
            }
            Refuter::DataSubset => "whether the estimate rests on a small part of the data",
            Refuter::Bootstrap => "whether the estimate and its standard error hold when the data are drawn anew",
        }
    }

    fn method(&self, simulations: usize) -> String {
        let (unit, rows) = (self.unit, self.affordable.rows);
        let drawn = if rows == self.rows {
            format!("all {rows} rows")
        } else {
            let each = if self.refuter == Refuter::PlaceboTreatment { ", drawn anew each time" } else { "" };
            let (about, whole) =
                if unit == "row" { ("", String::new()) } else { ("about ", format!("whole {unit}s, ")) };
            format!("a random subsample of {about}{rows} of {} rows ({whole}by {}{each})", self.rows, self.by)
        };
        let how = match self.refuter {
            Refuter::PlaceboTreatment => self.placebo_method.to_owned(),
            Refuter::RandomCommonCause => {
                "one covariate, uniform with mean 0 and variance 1, independent of all columns, is added; compared with the estimate of the same rows without it, with the same seed".into()
            }
            Refuter::DataSubset => format!("each {unit} is left out with probability 0.2"),
            Refuter::Bootstrap => format!(
                "the {unit}s are split at random into two halves, and half the difference of their estimates is added to the estimate: its spread is the standard error (half-samples without replacement instead of a bootstrap with repeated rows, which matching cannot bear: Abadie-Imbens 2008; Politis-Romano-Wolf 1999)"
            ),
        };
        format!("{simulations} simulations of {drawn}: {how}; everything is estimated anew, folds are dealt anew")
    }

    fn p_value_meaning(&self) -> &'static str {
        match self.refuter {
            Refuter::PlaceboTreatment => {
                "probability of a mean placebo effect at least as far from zero if placebo effects are centred on zero (Student's t)"
            }
            Refuter::Bootstrap => {
                "probability of a mean deviation at least as far from zero if deviations are centred on zero, as they are by construction (Student's t)"
            }
            _ => {
                "probability of a distance at least as large between the estimate and the mean of the simulated ones if it were one of them (Student's t)"
            }
        }
    }

    fn warnings(&self, simulated: &Simulated, failed: usize) -> Vec<Warning> {
        let mut warnings: Vec<Warning> = self.affordable.warning(self.plan, self.rows).into_iter().collect();
        if let Some(reason) = simulated.reason() {
            let all = simulated.values.len();
            let message = format!("{failed} of {all} simulations gave no estimate: {reason}");
            warnings.push(Warning::new(WarningCode::FailedSimulations, message));
        }
        warnings
    }
}

/// Two-sided p-value of Student's t that the draws' mean is `point`. `own` is 0 for a fixed point, 1
/// for an estimate that scatters as much as each draw (matches and trees redrawn): then it asks whether
/// it could be one of them.
fn centred(draws: &Draws, point: f64, own: f64) -> f64 {
    let count = draws.values.len() as f64;
    let distance = draws.mean - point;
    let spread = draws.standard_deviation * (1.0 / count + own).sqrt();
    if distance.abs() <= 1e-12 * (draws.mean.abs() + point.abs()) {
        return 1.0;
    }
    if spread <= 1e-12 * distance.abs() {
        return 0.0;
    }
    ReferenceDistribution::StudentT.two_sided_p_value(distance / spread, count - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn centred_is_students_test() {
        let draws = Draws::of([1.0, 2.0, 3.0, 4.0].map(Some));
        // t = 2.5 / (1.2910 / 2) = 3.873 with 3 degrees of freedom: R 2 * pt(-3.872983, 3) = 0.03046628.
        assert!((centred(&draws, 0.0, 0.0) - 0.030_466).abs() < 1e-5);
        assert!(centred(&draws, 0.0, 1.0) > 0.15);
        let same = Draws::of([2.0, 2.0, 2.0].map(Some));
        assert!(centred(&same, 2.0, 0.0) > 0.99 && centred(&same, 1.0, 0.0) < 1e-12);
    }
}
