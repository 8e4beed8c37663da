//! A panel in which units adopt the treatment at different times, or never.

use super::{Source, Synthetic, covariates, indicator, named, rounded};

/// Periods of the panel.
const PERIODS: usize = 10;

/// Columns `unit, time, g, d, x1..x20, y`, `rows / 10` units by 10 periods; the effect is 1 at all
/// times. `g` is the first treated period (4, 6, 8) or 0 for never; errors follow an AR(0.6).
#[must_use]
pub fn staggered(rows: usize, seed: u64) -> Synthetic {
    const EFFECT: f64 = 1.0;
    let units = rows / PERIODS;
    let mut source = Source::new(seed, 3);
    let start: Vec<f64> = (0..units)
        .map(|_| match source.uniform() {
            share if share < 0.4 => 0.0,
            share if share < 0.6 => 4.0,
            share if share < 0.8 => 6.0,
            _ => 8.0,
        })
        .collect();
    let level: Vec<f64> = start.iter().map(|&start| source.normal() + 0.3 * indicator(start > 0.0)).collect();
    let x = covariates(&mut source, units);
    let total = units * PERIODS;
    let [mut unit, mut time, mut group, mut treatment, mut outcome] = [const { Vec::new() }; 5].map(|mut column| {
        column.reserve(total);
        column
    });
    for (index, &first) in start.iter().enumerate() {
        let mut error = source.normal();
        for period in 1..=PERIODS {
            if period > 1 {
                error = 0.6 * error + 0.8 * source.normal();
            }
            let treated = indicator(first > 0.0 && period as f64 >= first);
            unit.push(index as f64);
            time.push(period as f64);
            group.push(first);
            treatment.push(treated);
            outcome.push(rounded(level[index] + 0.2 * period as f64 + 0.5 * x[0][index] + EFFECT * treated + error));
        }
    }
    let mut columns: Vec<(String, Vec<f64>)> =
        vec![("unit".into(), unit), ("time".into(), time), ("g".into(), group), ("d".into(), treatment)];
    let repeat = |values: Vec<f64>| values.into_iter().flat_map(|value| [value; PERIODS]).collect();
    columns.extend(named(x).into_iter().map(|(name, values)| (name, repeat(values))));
    columns.push(("y".into(), outcome));
    Synthetic { columns, true_effect: EFFECT, sample_effect: EFFECT }
}
