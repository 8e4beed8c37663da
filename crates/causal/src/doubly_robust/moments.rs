//! The scores of the estimators, row by row, from outcome, treatment and predictions.

use super::nuisance::Nuisance;
use super::score::Score;

/// `nuisances` are propensity, `g_0`, `g_1`.
pub(super) fn everyone(outcome: &[f64], treatment: &[f64], nuisances: &[Nuisance]) -> Score {
    let at = |row: usize| {
        let (y, d) = (outcome[row], treatment[row]);
        let [m, g0, g1] = [0, 1, 2].map(|index| nuisances[index].predictions[row]);
        g1 - g0 + d * (y - g1) / m - (1.0 - d) * (y - g0) / (1.0 - m)
    };
    Score { slope: vec![-1.0; outcome.len()], constant: (0..outcome.len()).map(at).collect() }
}

/// `nuisances` are propensity and `g_0`.
pub(super) fn treated(outcome: &[f64], treatment: &[f64], nuisances: &[Nuisance]) -> Score {
    let share = crate::matrix::mean(treatment);
    let at = |row: usize| {
        let (d, m) = (treatment[row], nuisances[0].predictions[row]);
        let error = outcome[row] - nuisances[1].predictions[row];
        (d * error - m * (1.0 - d) * error / (1.0 - m)) / share
    };
    let slope = treatment.iter().map(|d| -d / share).collect();
    Score { slope, constant: (0..outcome.len()).map(at).collect() }
}

/// `nuisances` are `l` and `m`.
pub(super) fn residual_on_residual(outcome: &[f64], treatment: &[f64], nuisances: &[Nuisance]) -> Score {
    let (l, m) = (&nuisances[0].predictions, &nuisances[1].predictions);
    let pairs: Vec<(f64, f64)> =
        (0..outcome.len()).map(|row| (outcome[row] - l[row], treatment[row] - m[row])).collect();
    Score { slope: pairs.iter().map(|(_, v)| -v * v).collect(), constant: pairs.iter().map(|(u, v)| u * v).collect() }
}

/// `nuisances` are `l`, `m` and `g`.
pub(super) fn residual_as_instrument(outcome: &[f64], treatment: &[f64], nuisances: &[Nuisance]) -> Score {
    let (m, g) = (&nuisances[1].predictions, &nuisances[2].predictions);
    let rows = 0..outcome.len();
    Score {
        slope: rows.clone().map(|row| -(treatment[row] - m[row]) * treatment[row]).collect(),
        constant: rows.map(|row| (treatment[row] - m[row]) * (outcome[row] - g[row])).collect(),
    }
}
