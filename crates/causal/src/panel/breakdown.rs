//! How far trends may part before the effect goes: relative magnitudes in the spirit of Rambachan and
//! Roth (2023), "A more credible approach to parallel trends".
//!
//! Let `d_e` be the event-study coefficients, `d_{-1} = 0`. The largest change of the difference between treated
//! and comparison units from one period before the start to the next is `D = max |d_e - d_{e-1}|`, `e <= -1`.
//! If from the start on it changes by at most `M D` each period, the trend has added at most `(e + 1) M D` to the
//! coefficient of period `e`, and to their average over treated rows `M D t`, `t` the average of `e + 1`. So
//! the interval's end nearer to zero, `L`, is reached at
//!
//! ```text
//! breakdown = |L| / (D t)          0 when the interval includes zero
//! ```
//!
//! Simplification: `D` is taken as estimated. Noise makes the largest of several changes too large rather
//! than too small, and the breakdown too small rather than too large: it errs on the cautious side. The
//! confidence set of the paper, which carries the joint covariance of all coefficients, is not computed.

use serde::{Deserialize, Serialize};

use super::event_study::EventStudy;
use crate::estimate::Interval;

/// Fewest coefficients before the start beside the reference.
const FEWEST_LEADS: usize = 2;

/// The change of trend that would explain an effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrendBreakdown {
    /// Largest change of a coefficient before the start from one period to the next.
    pub largest_change: f64,
    /// Event times between which it lies; per period where some between them are lacking.
    pub between: (i64, i64),
    /// Coefficients before the start, the reference not counted.
    pub leads: usize,
    /// Average number of periods under treatment, by treated rows: how far a trend adds up.
    pub average_exposure: f64,
    /// How many times the largest change per period brings the interval to zero.
    pub breakdown: f64,
    /// The sentence for people.
    pub finding: String,
}

/// Compares the interval of the overall effect with the trends before the start; `None` without at least
/// two coefficients there beside the reference, or when these do not change at all.
#[must_use]
pub fn trend_breakdown(study: &EventStudy, overall: Interval) -> Option<TrendBreakdown> {
    let before: Vec<(i64, f64)> = (study.coefficients.iter())
        .filter(|coefficient| coefficient.event_time < 0)
        .map(|coefficient| (coefficient.event_time, coefficient.coefficient.value))
        .collect();
    if before.len() <= FEWEST_LEADS {
        return None;
    }
    let change = |pair: &[(i64, f64)]| {
        let (from, to) = (pair[0], pair[1]);
        ((to.1 - from.1).abs() / (to.0 - from.0) as f64, (from.0, to.0))
    };
    let (largest_change, between) = before
        .windows(2)
        .map(change)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .filter(|largest| largest.0 > 0.0)?;
    let treated = study.coefficients.iter().filter(|coefficient| coefficient.event_time >= 0);
    let (rows, exposure) = treated.fold((0.0, 0.0), |(rows, exposure), coefficient| {
        let own = coefficient.rows as f64;
        (rows + own, exposure + own * (coefficient.event_time + 1) as f64)
    });
    if rows <= 0.0 {
        return None;
    }
    let average_exposure = exposure / rows;
    let nearest = if overall.lower > 0.0 { overall.lower } else { (-overall.upper).max(0.0) };
    let breakdown = nearest / (largest_change * average_exposure);
    let leads = before.len() - 1;
    let finding = if breakdown > 0.0 {
        format!(
            "the interval would reach zero if trends parted by {breakdown:.2} times the largest change seen between two periods before the start ({largest_change:.4}) in every period after it"
        )
    } else {
        "the interval includes zero already; no change of trend is needed to explain the effect".to_owned()
    };
    Some(TrendBreakdown { largest_change, between, leads, average_exposure, breakdown, finding })
}
