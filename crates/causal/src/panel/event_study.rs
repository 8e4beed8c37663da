//! Event study: one coefficient per period relative to the start, the last one before it as reference.
//!
//! `y_it = a_i + b_t + sum_{e != -1} d_e 1(t - start_i = e) + c'x_it + e_it`. Coefficients before the
//! start are the pre-trends; a joint Wald test `d' V^-1 d` asks whether all are zero. Not rejecting is
//! no proof of parallel trends: such tests often have little power (Roth 2022). Under staggered starts
//! with effects that differ between cohorts the coefficients contaminate one another (Sun-Abraham
//! 2021); the dynamic aggregation of [`super::callaway_santanna`] does not.

use serde::{Deserialize, Serialize};

use super::prepare::Panel;
use super::problem::{PanelError, PanelWarning, PanelWarningCode};
use super::regression::{Coefficient, PanelInference, Within, WithinFit, fit};
use super::within::TwoWay;
use crate::distribution::{chi_square_upper_tail, f_upper_tail};
use crate::error::CausalError;
use crate::estimate::Interval;
use crate::factor::Factor;
use crate::matrix::Columns;
use crate::standard_error::StandardErrorConvention;

/// Below this joint p-value the pre-trends are a red flag: rarer than at 5 %, because a sound panel goes through several
/// such checks.
const FLAG_BELOW: f64 = 0.005;

/// What happens to periods farther away than the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ends {
    /// Every period relative to the start has its own coefficient.
    #[default]
    Full,
    /// All periods at or beyond the ends share the coefficient of their end.
    Binned {
        /// Periods before the start, at least 2.
        leads: usize,
        /// Periods after the first treated one.
        lags: usize,
    },
}

/// Options of an event study.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct EventStudyOptions {
    /// The window.
    pub ends: Ends,
    /// How uncertainty is expressed.
    pub inference: PanelInference,
}

/// The coefficient of one period relative to the start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventCoefficient {
    /// Periods since the start; negative before it.
    pub event_time: i64,
    /// Whether periods beyond it are in it as well.
    pub binned: bool,
    /// Rows at it.
    pub rows: usize,
    /// The estimate; the reference is zero by definition and has no error.
    pub coefficient: Coefficient,
    /// Whether it is the reference.
    pub reference: bool,
}

/// Joint test that all coefficients before the start are zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PreTrendTest {
    /// Wald statistic `d' V^-1 d`.
    pub wald: f64,
    /// Coefficients tested.
    pub degrees_of_freedom: usize,
    /// Wald statistic by its degrees of freedom, compared with F.
    pub f_statistic: f64,
    /// Degrees of freedom of the denominator.
    pub denominator: f64,
    /// p-value by the F distribution.
    pub p_value: f64,
    /// p-value by the chi-square distribution (large samples).
    pub p_value_chi_square: f64,
    /// Whether parallel trends before the start are rejected at 0.5 %.
    pub flagged: bool,
    /// The sentence for people.
    pub finding: String,
}

/// Coefficients by period relative to the start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventStudy {
    /// In the order of event time, the reference among them.
    pub coefficients: Vec<EventCoefficient>,
    /// The pre-trend test; absent without coefficients before the reference.
    pub pre_trend: Option<PreTrendTest>,
    /// Rows used.
    pub rows: usize,
    /// The standard errors' exact meaning.
    pub convention: StandardErrorConvention,
    /// What to know about it.
    pub warnings: Vec<PanelWarning>,
}

/// Estimates the effects before and after the start.
///
/// # Errors
/// Fewer than two leads asked for, and as [`super::two_way_fixed_effects`].
pub fn event_study(panel: &Panel, options: &EventStudyOptions) -> Result<EventStudy, PanelError> {
    options.inference.check()?;
    if let Ends::Binned { leads: leads @ 0..=1, .. } = options.ends {
        let value = leads.to_string();
        let expected = "at least 2: the period before the start is the reference";
        return Err(CausalError::InvalidOption { option: "leads", value, expected }.into());
    }
    let events = event_times(panel, options.ends);
    let order = columns_in_order(&events);
    let indicators: Vec<Vec<f64>> = order
        .iter()
        .map(|&event| events.iter().map(|&own| f64::from(u8::from(own == Some(event)))).collect())
        .collect();
    let mut given: Vec<(String, &[f64])> = order
        .iter()
        .zip(&indicators)
        .map(|(event, values)| (format!("event time {event}"), values.as_slice()))
        .collect();
    given.extend(panel.covariates.iter().map(|column| (column.name.clone(), column.values.as_slice())));
    let effects = TwoWay::of(panel);
    let outcome = effects.residual(&panel.outcome.values);
    let fitted = fit(panel, &effects, &Within::of(&effects, given), &outcome, &options.inference)?;
    let pre_trend = pre_trend_test(&fitted, &order);
    let mut warnings = fitted.warnings.clone();
    warnings.extend(pre_period_warning(panel, pre_trend.as_ref()));
    let mut coefficients = vec![reference(&events, options.inference.confidence)];
    for (&column, coefficient) in fitted.kept.iter().zip(fitted.coefficients) {
        let Some(&event_time) = order.get(column) else { continue };
        let rows = events.iter().filter(|&&own| own == Some(event_time)).count();
        let binned = matches!(options.ends, Ends::Binned { leads, lags }
            if event_time == -signed(leads) || event_time == signed(lags));
        coefficients.push(EventCoefficient { event_time, binned, rows, coefficient, reference: false });
    }
    coefficients.sort_by_key(|coefficient| coefficient.event_time);
    Ok(EventStudy { coefficients, pre_trend, rows: panel.rows(), convention: fitted.convention, warnings })
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Periods since the start of each row; `None` for the never treated.
fn event_times(panel: &Panel, ends: Ends) -> Vec<Option<i64>> {
    let of_row = |(&unit, &period): (&u32, &u32)| {
        let event = i64::from(period) - i64::from(panel.start[unit as usize]?);
        Some(match ends {
            Ends::Full => event,
            Ends::Binned { leads, lags } => event.clamp(-signed(leads), signed(lags)),
        })
    };
    panel.unit.iter().zip(&panel.period).map(of_row).collect()
}

/// Event times but the reference, nearest to the start first: where not all can be told apart (no
/// never-treated units), it is the farthest one before the start that is dropped.
fn columns_in_order(events: &[Option<i64>]) -> Vec<i64> {
    let mut order: Vec<i64> = events.iter().copied().flatten().filter(|&event| event != -1).collect();
    order.sort_unstable_by_key(|&event| (event < 0, event.abs()));
    order.dedup();
    order
}

fn reference(events: &[Option<i64>], confidence: f64) -> EventCoefficient {
    EventCoefficient {
        event_time: -1,
        binned: false,
        rows: events.iter().filter(|&&own| own == Some(-1)).count(),
        coefficient: Coefficient {
            name: "event time -1".into(),
            value: 0.0,
            standard_error: 0.0,
            statistic: 0.0,
            p_value: 1.0,
            interval: Interval { confidence, lower: 0.0, upper: 0.0 },
        },
        reference: true,
    }
}

fn pre_trend_test(fitted: &WithinFit, order: &[i64]) -> Option<PreTrendTest> {
    let leads: Vec<usize> = (0..fitted.kept.len())
        .filter(|&index| order.get(fitted.kept[index]).is_some_and(|&event| event < -1))
        .collect();
    let values: Vec<f64> = leads.iter().map(|&index| fitted.coefficients[index].value).collect();
    let mut variance = Columns::zeros(leads.len(), leads.len());
    for (column, &index) in leads.iter().enumerate() {
        for (value, &row) in variance.column_mut(column).iter_mut().zip(&leads) {
            *value = fitted.covariance.at(row, index);
        }
    }
    let factor = Factor::of(&variance);
    let count = factor.kept.len();
    if count == 0 {
        return None;
    }
    let wald = factor.explained(&values);
    let denominator = fitted.convention.degrees_of_freedom;
    let f_statistic = wald / count as f64;
    let p_value = f_upper_tail(f_statistic, count as f64, denominator);
    let flagged = p_value < FLAG_BELOW;
    let finding = if flagged {
        format!(
            "the {count} coefficients before the start are not all zero (p = {p_value:.4}): treated and comparison units moved apart before any treatment"
        )
    } else {
        format!(
            "no departure from parallel trends was found in {count} coefficients before the start (p = {p_value:.4}); such a test often cannot see a departure that matters (Roth 2022)"
        )
    };
    let p_value_chi_square = chi_square_upper_tail(wald, count as f64);
    Some(PreTrendTest {
        wald,
        degrees_of_freedom: count,
        f_statistic,
        denominator,
        p_value,
        p_value_chi_square,
        flagged,
        finding,
    })
}

fn pre_period_warning(panel: &Panel, test: Option<&PreTrendTest>) -> Option<PanelWarning> {
    let message = match test.map(|test| test.degrees_of_freedom) {
        None => format!(
            "no unit has two periods before its start, so nothing can be said of trends before it; add periods before {}",
            panel.starts().first().map_or("", |&start| panel.periods[start as usize].as_str())
        ),
        Some(1) => {
            "only one coefficient before the start can be compared with the reference: the pre-trend test says little"
                .into()
        }
        Some(_) => return None,
    };
    Some(PanelWarning::new(PanelWarningCode::FewPrePeriods, message))
}
