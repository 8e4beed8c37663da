//! Covariates by arm, for tables and plots: moments and quantiles, or shares of levels.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::matrix::{centred_sum_of_squares, mean};
use crate::sample::{Sample, TreatmentKind};
use crate::study::Covariate;

/// A numeric column in one arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArmSummary {
    /// Name of the arm; `all` when the treatment is continuous.
    pub arm: String,
    /// Rows.
    pub rows: usize,
    /// Mean.
    pub mean: f64,
    /// Standard deviation; 0 for one row.
    pub standard_deviation: f64,
    /// Minimum, quartiles and maximum (linear interpolation).
    pub quantiles: [f64; 5],
}

/// Share of one level in each arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LevelShare {
    /// Name of the arm.
    pub arm: String,
    /// The level.
    pub level: String,
    /// Rows.
    pub rows: usize,
    /// Share of the arm's rows.
    pub share: f64,
}

/// One column by arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CovariateSummary {
    /// The column.
    pub column: String,
    /// One entry per arm, for numbers.
    pub arms: Vec<ArmSummary>,
    /// One entry per arm and level, for categories; the most frequent levels when there are many.
    pub levels: Vec<LevelShare>,
}

/// Levels shown per category.
const MOST_LEVELS: usize = 20;

/// Outcome and covariates by arm.
#[must_use]
pub fn summaries(sample: &Sample) -> Vec<CovariateSummary> {
    let arms = arms(sample);
    let outcome = numeric(&sample.outcome.name, &sample.outcome.values, &arms);
    let covariates: Vec<CovariateSummary> = sample
        .covariates
        .par_iter()
        .map(|covariate| match covariate {
            Covariate::Numeric(column) => numeric(&column.name, &column.values, &arms),
            Covariate::Categorical(column) => categorical(column, &arms),
        })
        .collect();
    std::iter::once(outcome).chain(covariates).collect()
}

/// An arm's name and its rows.
struct Arm {
    name: String,
    rows: Vec<usize>,
}

fn arms(sample: &Sample) -> Vec<Arm> {
    let treatment = &sample.treatment.values;
    match sample.treatment_kind() {
        TreatmentKind::Binary { control, treated, .. } => {
            let rows = |wanted: bool| (0..treatment.len()).filter(|&row| (treatment[row] > 0.5) == wanted).collect();
            vec![Arm { name: control.clone(), rows: rows(false) }, Arm { name: treated.clone(), rows: rows(true) }]
        }
        TreatmentKind::Continuous { .. } => vec![Arm { name: "all".into(), rows: (0..treatment.len()).collect() }],
    }
}

fn numeric(name: &str, values: &[f64], arms: &[Arm]) -> CovariateSummary {
    let summarise = |arm: &Arm| {
        let mut mine: Vec<f64> = arm.rows.iter().map(|&row| values[row]).collect();
        let count = mine.len() as f64;
        let standard_deviation =
            if mine.len() > 1 { (centred_sum_of_squares(&mine) / (count - 1.0)).sqrt() } else { 0.0 };
        let centre = mean(&mine);
        mine.sort_unstable_by(f64::total_cmp);
        let quantiles = [0, 1, 2, 3, 4].map(|quarters| quartile(&mine, quarters));
        ArmSummary { arm: arm.name.clone(), rows: mine.len(), mean: centre, standard_deviation, quantiles }
    };
    CovariateSummary { column: name.to_owned(), arms: arms.iter().map(summarise).collect(), levels: Vec::new() }
}

/// Quartile by linear interpolation between order statistics (R type 7).
fn quartile(sorted: &[f64], quarters: usize) -> f64 {
    let last = sorted.len() - 1;
    let (index, rest) = (quarters * last / 4, quarters * last % 4);
    let above = sorted[(index + 1).min(last)];
    sorted[index] + rest as f64 / 4.0 * (above - sorted[index])
}

fn categorical(column: &crate::study::CategoricalColumn, arms: &[Arm]) -> CovariateSummary {
    let mut totals = vec![0_usize; column.levels.len()];
    column.codes.iter().for_each(|&code| totals[code as usize] += 1);
    let mut shown: Vec<usize> = (0..totals.len()).filter(|&level| totals[level] > 0).collect();
    shown.sort_by(|&left, &right| totals[right].cmp(&totals[left]).then(left.cmp(&right)));
    shown.truncate(MOST_LEVELS);
    shown.sort_unstable();
    let mut levels = Vec::new();
    for arm in arms {
        let mut counts = vec![0_usize; column.levels.len()];
        arm.rows.iter().for_each(|&row| counts[column.codes[row] as usize] += 1);
        levels.extend(shown.iter().map(|&level| LevelShare {
            arm: arm.name.clone(),
            level: column.levels[level].clone(),
            rows: counts[level],
            share: counts[level] as f64 / arm.rows.len() as f64,
        }));
    }
    CovariateSummary { column: column.name.clone(), arms: Vec::new(), levels }
}
