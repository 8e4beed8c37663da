//! What a two-way fixed effects coefficient is made of under staggered starts.
//!
//! Two views. De Chaisemartin-D'Haultfoeuille (2020, theorem 1): with `r` the residual of the treatment
//! on unit effects, period effects and covariates, the coefficient is `sum w_it effect_it` over treated
//! rows with `w_it = r_it / sum_treated r`; some `w` may be negative. Goodman-Bacon (2021, theorem 1):
//! in a balanced panel it is a weighted average of all differences in differences of two cohorts, in
//! some of which the comparison units are already treated.

use serde::{Deserialize, Serialize};

use super::prepare::Panel;

/// How negative the weights on treated rows are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NegativeWeights {
    /// Treated rows.
    pub treated_rows: usize,
    /// Treated rows with a negative weight.
    pub rows: usize,
    /// `rows / treated_rows`.
    pub share_of_rows: f64,
    /// Sum of the negative weights; all weights together sum to one.
    pub sum: f64,
}

/// Weights of the treated rows from the residual of the treatment.
pub(crate) fn negative_weights(panel: &Panel, residual: &[f64]) -> NegativeWeights {
    let treated: Vec<f64> =
        panel.treatment.values.iter().zip(residual).filter(|(path, _)| **path > 0.5).map(|(_, rest)| *rest).collect();
    let total: f64 = treated.iter().sum();
    // Rounding leaves tiny residuals where the exact one is zero.
    let largest = treated.iter().fold(0.0_f64, |most, rest| most.max(rest.abs()));
    let (mut rows, mut sum) = (0_usize, 0.0);
    for rest in &treated {
        if rest / total < 0.0 && rest.abs() > 1e-9 * largest {
            rows += 1;
            sum += rest / total;
        }
    }
    let treated_rows = treated.len();
    let share_of_rows = rows as f64 / treated_rows.max(1) as f64;
    NegativeWeights { treated_rows, rows, share_of_rows, sum }
}

/// Who is compared with whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComparisonKind {
    /// With units that are never treated.
    NeverTreated,
    /// With units that start later, before they do.
    NotYetTreated,
    /// With units that are already treated: forbidden, for their own effects are taken for trends.
    AlreadyTreated,
}

/// One difference in differences of two cohorts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Kind.
    pub kind: ComparisonKind,
    /// Start of the cohort that is treated meanwhile.
    pub treated: String,
    /// Start of the comparison cohort; absent for the never treated.
    pub comparison: Option<String>,
    /// Its weight; all weights sum to one.
    pub weight: f64,
    /// Its difference in differences.
    pub estimate: f64,
}

/// All comparisons; the weighted sum of their estimates is the coefficient.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparisons {
    /// Weight on comparisons with never-treated units.
    pub never_treated_weight: f64,
    /// Weight on comparisons with units not yet treated.
    pub not_yet_treated_weight: f64,
    /// Weight on comparisons with units already treated.
    pub forbidden_weight: f64,
    /// Each comparison.
    pub comparisons: Vec<Comparison>,
}

/// Mean outcome by period of one cohort.
struct Path {
    start: Option<usize>,
    /// Share of all units.
    share: f64,
    /// Share of periods under treatment.
    treated: f64,
    /// Running sums of mean outcomes, from zero.
    sums: Vec<f64>,
}

impl Path {
    /// Paths of all cohorts in one pass, in the order of their starts; the never treated last.
    fn of_cohorts(panel: &Panel) -> Vec<Self> {
        let count = panel.periods.len();
        let cohort = |start: Option<u32>| start.map_or(count, |start| start as usize);
        let mut sums = vec![vec![0.0; count]; count + 1];
        let mut units = vec![0.0; count + 1];
        for (unit, &start) in panel.start.iter().enumerate() {
            units[cohort(start)] += 1.0;
            let outcomes = &panel.outcome.values[panel.rows_of(unit)];
            sums[cohort(start)].iter_mut().zip(outcomes).for_each(|(sum, value)| *sum += value);
        }
        let path = |(own, (sums, units)): (usize, (Vec<f64>, &f64))| Self {
            start: (own < count).then_some(own),
            share: units / panel.units.len() as f64,
            treated: (count - own) as f64 / count as f64,
            sums: std::iter::once(0.0)
                .chain(sums.iter().scan(0.0, |sum, value| {
                    *sum += value / units;
                    Some(*sum)
                }))
                .collect(),
        };
        sums.into_iter().zip(&units).enumerate().filter(|(_, (_, units))| **units > 0.0).map(path).collect()
    }

    fn mean(&self, periods: std::ops::Range<usize>) -> f64 {
        (self.sums[periods.end] - self.sums[periods.start]) / periods.len() as f64
    }
}

impl Comparisons {
    /// Decomposes a balanced panel without covariates.
    pub(crate) fn of(panel: &Panel) -> Self {
        let count = panel.periods.len();
        let mut paths = Path::of_cohorts(panel);
        let never = paths.pop_if(|path| path.start.is_none());
        let mut found = Vec::new();
        for (index, early) in paths.iter().enumerate() {
            found
                .extend(never.iter().map(|never| compare(panel, ComparisonKind::NeverTreated, early, never, 0..count)));
            for late in &paths[index + 1..] {
                let (first, last) = (early.start.unwrap_or(0), late.start.unwrap_or(count));
                found.push(compare(panel, ComparisonKind::NotYetTreated, early, late, 0..last));
                found.push(compare(panel, ComparisonKind::AlreadyTreated, late, early, first..count));
            }
        }
        let total: f64 = found.iter().map(|comparison| comparison.weight).sum();
        for comparison in &mut found {
            comparison.weight /= total;
        }
        let weight = |kind| found.iter().filter(|one| one.kind == kind).map(|one| one.weight).sum();
        Self {
            never_treated_weight: weight(ComparisonKind::NeverTreated),
            not_yet_treated_weight: weight(ComparisonKind::NotYetTreated),
            forbidden_weight: weight(ComparisonKind::AlreadyTreated),
            comparisons: found,
        }
    }
}

/// Differences before and after the start of `treated` in a window where `other` does not change.
fn compare(
    panel: &Panel,
    kind: ComparisonKind,
    treated: &Path,
    other: &Path,
    window: std::ops::Range<usize>,
) -> Comparison {
    let start = treated.start.unwrap_or(window.end);
    let change = |path: &Path| path.mean(start..window.end) - path.mean(window.start..start);
    let share = treated.share / (treated.share + other.share);
    // Variance of the treatment within the pair (equations 7 to 10), before it is normed.
    let (own, theirs) = (treated.treated, other.treated);
    let (part, variance) = match kind {
        ComparisonKind::NeverTreated => (1.0, own * (1.0 - own)),
        ComparisonKind::NotYetTreated => {
            (1.0 - theirs, (own - theirs) / (1.0 - theirs) * ((1.0 - own) / (1.0 - theirs)))
        }
        ComparisonKind::AlreadyTreated => (theirs, own / theirs * ((theirs - own) / theirs)),
    };
    let size = (treated.share + other.share) * part;
    let name = |path: &Path| path.start.map(|start| panel.periods[start].clone());
    Comparison {
        kind,
        treated: name(treated).unwrap_or_default(),
        comparison: name(other),
        weight: size * size * share * (1.0 - share) * variance,
        estimate: change(treated) - change(other),
    }
}
