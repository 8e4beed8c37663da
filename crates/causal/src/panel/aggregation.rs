//! Group-time effects averaged (Callaway-Sant'Anna 2021, section 3.1): over all treated cells, by
//! cohort, by time since the start, by period.
//!
//! Weights are the cohorts' shares `p_g` of all units. They are estimated, so the influence of an
//! average `v = sum_k p_k a_k / s`, `s = sum_k p_k`, has a second part beside the weighted influences
//! of its cells: `sum_{k: g_k = G_i} (a_k - v) / s` for unit `i` of cohort `G_i`.

use serde::{Deserialize, Serialize};

use super::effect::Effect;
use super::group_time::Estimated;

/// What the averages are taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aggregation {
    /// All treated cells, by size of the cohort: one number.
    Simple,
    /// Cohort by cohort; overall by size: the usual headline.
    Group,
    /// By periods since the start; overall the plain mean from the start on.
    Dynamic,
    /// By period; overall the plain mean.
    Calendar,
}

/// One average of an aggregation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Start of the cohort, periods since the start, or period.
    pub label: String,
    /// Periods since the start, of a dynamic aggregation.
    pub event_time: Option<i64>,
    /// Group-time effects in it.
    pub cells: usize,
    /// The average.
    pub effect: Effect,
}

/// An aggregation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Aggregate {
    /// What the averages are taken over.
    pub aggregation: Aggregation,
    /// The overall effect.
    pub overall: Effect,
    /// Its parts; none for the simple one.
    pub parts: Vec<Part>,
    /// Critical value of the simultaneous bands of the parts.
    pub band_critical_value: Option<f64>,
}

/// Averages with their influences, before errors are computed.
pub(crate) struct Combined {
    pub(crate) aggregation: Aggregation,
    pub(crate) overall: Estimated,
    pub(crate) parts: Vec<(String, Option<i64>, usize, Estimated)>,
}

/// Cells and the cohorts of the units.
pub(crate) struct Cells<'a> {
    pub(crate) estimated: &'a [Estimated],
    /// Start of each unit.
    pub(crate) start: &'a [Option<u32>],
    pub(crate) periods: &'a [String],
}

impl Cells<'_> {
    /// All four aggregations of the cells from the start on; `None` when there are none.
    pub(crate) fn combine(&self) -> Option<Vec<Combined>> {
        let treated: Vec<&Estimated> = self.estimated.iter().filter(|cell| cell.event_time() >= 0).collect();
        if treated.is_empty() {
            return None;
        }
        let simple = self.by_size(&treated);
        let name = |period: u32| self.periods[period as usize].clone();
        let groups = parts(&treated, |cell| i64::from(cell.cohort));
        let group: Vec<_> = groups
            .into_iter()
            .map(|(_, cells)| (name(cells[0].cohort), None, cells.len(), plain_mean(&cells)))
            .collect();
        let of_groups: Vec<&Estimated> = group.iter().map(|(_, _, _, mean)| mean).collect();
        let overall_group = self.by_size(&of_groups);
        let all: Vec<&Estimated> = self.estimated.iter().collect();
        let dynamic: Vec<_> = parts(&all, Estimated::event_time)
            .into_iter()
            .map(|(event, cells)| (event.to_string(), Some(event), cells.len(), self.by_size(&cells)))
            .collect();
        let after: Vec<&Estimated> = dynamic
            .iter()
            .filter(|(_, event, _, _)| event.is_some_and(|event| event >= 0))
            .map(|part| &part.3)
            .collect();
        let overall_dynamic = plain_mean(&after);
        let calendar: Vec<_> = parts(&treated, |cell| i64::from(cell.period))
            .into_iter()
            .map(|(_, cells)| (name(cells[0].period), None, cells.len(), self.by_size(&cells)))
            .collect();
        let of_calendar: Vec<&Estimated> = calendar.iter().map(|part| &part.3).collect();
        let overall_calendar = plain_mean(&of_calendar);
        Some(vec![
            Combined { aggregation: Aggregation::Simple, overall: simple, parts: Vec::new() },
            Combined { aggregation: Aggregation::Group, overall: overall_group, parts: group },
            Combined { aggregation: Aggregation::Dynamic, overall: overall_dynamic, parts: dynamic },
            Combined { aggregation: Aggregation::Calendar, overall: overall_calendar, parts: calendar },
        ])
    }

    /// Average by the cohorts' sizes, which are estimated.
    fn by_size(&self, cells: &[&Estimated]) -> Estimated {
        let units = self.start.len() as f64;
        let share = |cohort: u32| self.start.iter().filter(|&&start| start == Some(cohort)).count() as f64 / units;
        let shares: Vec<f64> = cells.iter().map(|cell| share(cell.cohort)).collect();
        let total: f64 = shares.iter().sum();
        let value = shares.iter().zip(cells).map(|(share, cell)| share * cell.value).sum::<f64>() / total;
        let mut influence = vec![0.0; self.start.len()];
        for (share, cell) in shares.iter().zip(cells) {
            influence.iter_mut().zip(&cell.influence).for_each(|(own, value)| *own += share / total * value);
            for (own, start) in influence.iter_mut().zip(self.start) {
                if *start == Some(cell.cohort) {
                    *own += (cell.value - value) / total;
                }
            }
        }
        cells[0].average(value, influence)
    }
}

fn plain_mean(cells: &[&Estimated]) -> Estimated {
    let count = cells.len() as f64;
    let mut influence = vec![0.0; cells[0].influence.len()];
    for cell in cells {
        influence.iter_mut().zip(&cell.influence).for_each(|(own, value)| *own += value / count);
    }
    let value = cells.iter().map(|cell| cell.value).sum::<f64>() / count;
    cells[0].average(value, influence)
}

/// Cells by key, in its order.
fn parts<'a>(cells: &[&'a Estimated], key: impl Fn(&Estimated) -> i64) -> Vec<(i64, Vec<&'a Estimated>)> {
    let mut found: std::collections::BTreeMap<i64, Vec<&'a Estimated>> = std::collections::BTreeMap::new();
    for &cell in cells {
        found.entry(key(cell)).or_default().push(cell);
    }
    found.into_iter().collect()
}
