//! Tests: every boosted tree against a naive, exact implementation.

use super::*;

/// Deterministic numbers in [0, 1).
fn numbers(count: usize, part: usize) -> Vec<f64> {
    let mut draws = stream(99, Purpose::Boosting, 1_000 + part);
    (0..count).map(|_| uniform(&mut draws)).collect()
}

fn fit(
    binned: &Binned,
    target: &[f64],
    rows: &[u32],
    loss: Loss,
    options: &BoostingOptions,
    seed: (u64, usize),
) -> Boosted {
    Boosted::fit(&Task { binned, target, rows, loss }, options, seed)
}

fn plain(leaves: usize) -> BoostingOptions {
    BoostingOptions { leaves, rows_per_leaf: 5, validation_share: 0.0, ..BoostingOptions::default() }
}

/// One round by the definition: every column, every value as a threshold, no bins, no histograms.
struct Naive<'a> {
    columns: &'a [Vec<f64>],
    gradients: Vec<f64>,
    curvatures: Vec<f64>,
    options: BoostingOptions,
}

impl Naive<'_> {
    fn sums(&self, rows: &[usize]) -> (f64, f64) {
        (rows.iter().map(|&row| self.gradients[row]).sum(), rows.iter().map(|&row| self.curvatures[row]).sum())
    }

    fn score(&self, rows: &[usize]) -> f64 {
        let (gradient, curvature) = self.sums(rows);
        gradient * gradient / (curvature + self.options.l2)
    }

    fn best(&self, rows: &[usize]) -> Option<(f64, Vec<usize>, Vec<usize>)> {
        let mut best: Option<(f64, Vec<usize>, Vec<usize>)> = None;
        for column in self.columns {
            let mut cuts: Vec<f64> = rows.iter().map(|&row| column[row]).collect();
            cuts.sort_by(f64::total_cmp);
            cuts.dedup();
            for cut in cuts {
                let (left, right): (Vec<usize>, Vec<usize>) = rows.iter().partition(|&&row| column[row] <= cut);
                if left.len().min(right.len()) < self.options.rows_per_leaf {
                    continue;
                }
                let gain = self.score(&left) + self.score(&right) - self.score(rows);
                if gain > best.as_ref().map_or(1e-9, |known| known.0 + 1e-9) {
                    best = Some((gain, left, right));
                }
            }
        }
        best
    }

    fn values(&self) -> Vec<f64> {
        let mut leaves = vec![(0..self.gradients.len()).collect::<Vec<_>>()];
        while leaves.len() < self.options.leaves {
            let found = leaves.iter().enumerate().filter_map(|(leaf, rows)| Some((leaf, self.best(rows)?)));
            let Some((leaf, (_, left, right))) = found.max_by(|a, b| a.1.0.total_cmp(&b.1.0)) else { break };
            leaves.swap_remove(leaf);
            leaves.extend([left, right]);
        }
        let mut values = vec![0.0; self.gradients.len()];
        for rows in leaves {
            let (gradient, curvature) = self.sums(&rows);
            for row in rows {
                values[row] = -self.options.learning_rate * gradient / (curvature + self.options.l2);
            }
        }
        values
    }
}

#[test]
fn agrees_with_exact_boosting_when_every_value_has_its_bin() {
    const ROWS: usize = 240;
    let coarse = |part| numbers(ROWS, part).into_iter().map(|value| (value * 50.0).floor()).collect::<Vec<f64>>();
    let columns = [coarse(1), coarse(2), coarse(3)];
    let noise = numbers(ROWS, 4);
    let target: Vec<f64> = (0..ROWS)
        .map(|row| (columns[0][row] / 8.0).sin() + f64::from(u8::from(columns[1][row] > 20.0)) + noise[row])
        .collect();
    let rows: Vec<u32> = (0..240).collect();
    let options = BoostingOptions { rounds: 8, ..plain(6) };
    let binned = Binned::of_columns(&columns);
    let model = fit(&binned, &target, &rows, Loss::Squared, &options, (1, 0));
    let mut scores = vec![target.iter().sum::<f64>() / ROWS as f64; ROWS];
    for _ in 0..8 {
        let gradients = scores.iter().zip(&target).map(|(score, y)| score - y).collect();
        let naive = Naive { columns: &columns, gradients, curvatures: vec![1.0; ROWS], options };
        scores.iter_mut().zip(naive.values()).for_each(|(score, value)| *score += value);
    }
    for (row, score) in scores.iter().enumerate() {
        assert!((model.predict(binned.row(row)) - score).abs() < 1e-6, "row {row}");
    }
}

#[test]
fn finds_curves_interactions_and_probabilities() {
    const ROWS: usize = 4_000;
    let columns: Vec<Vec<f64>> = (10..14).map(|part| numbers(ROWS, part)).collect();
    let truth = |row: usize| logistic(6.0 * (columns[0][row] - 0.5) * (if columns[1][row] > 0.5 { 1.0 } else { -1.0 }));
    let coin = numbers(ROWS, 20);
    let target: Vec<f64> = (0..ROWS).map(|row| f64::from(u8::from(coin[row] < truth(row)))).collect();
    let rows: Vec<u32> = (0..4_000).filter(|row| row % 4 > 0).collect();
    let binned = Binned::of_columns(&columns);
    let judged = |refit: f64| {
        let options = BoostingOptions { refit, ..BoostingOptions::default() };
        let model = fit(&binned, &target, &rows, Loss::Logistic, &options, (5, 0));
        let error: f64 = (0..ROWS).step_by(4).map(|row| (model.predict(binned.row(row)) - truth(row)).powi(2)).sum();
        ((error / 1_000.0).sqrt(), model.rounds())
    };
    let ((root, rounds), (refitted, twice)) = (judged(0.0), judged(2.0));
    assert!(root < 0.08, "root mean squared error of the probabilities {root}");
    assert!((10..400).contains(&rounds), "{rounds} rounds");
    assert_eq!(twice, 2 * rounds);
    assert!(refitted < 0.09, "after the refit {refitted}");
}

#[test]
fn stops_where_there_is_nothing_to_learn_and_repeats_itself() {
    const ROWS: usize = 1_000;
    let columns: Vec<Vec<f64>> = (30..33).map(|part| numbers(ROWS, part)).collect();
    let target = numbers(ROWS, 40);
    let rows: Vec<u32> = (0..1_000).collect();
    let binned = Binned::of_columns(&columns);
    let options = BoostingOptions { row_share: 0.7, ..BoostingOptions::default() };
    let fitted = |seed| fit(&binned, &target, &rows, Loss::Squared, &options, (seed, 3));
    let (first, again) = (fitted(1), fitted(1));
    assert!(first.rounds() < 30, "{} rounds on noise", first.rounds());
    for row in 0..ROWS {
        assert_eq!(first.predict(binned.row(row)).to_bits(), again.predict(binned.row(row)).to_bits());
    }
}

#[test]
fn columns_of_one_value_and_no_columns_give_the_mean() {
    let target = [1.0, 2.0, 3.0, 6.0];
    for columns in [vec![vec![5.0; 4]], Vec::new()] {
        let binned = Binned::of_columns(&columns);
        let model = fit(&binned, &target, &[0, 1, 2, 3], Loss::Squared, &plain(4), (1, 0));
        assert!((model.predict(binned.row(2)) - 3.0).abs() < 1e-12);
    }
}

#[test]
fn options_out_of_range_are_named() {
    let said = |options: BoostingOptions| options.check().unwrap_err().to_string();
    assert!(said(BoostingOptions { rounds: 0, ..plain(4) }).contains("boosting rounds is 0"));
    assert!(said(BoostingOptions { learning_rate: 0.0, ..plain(4) }).contains("learning rate is 0"));
    assert!(said(BoostingOptions { leaves: 1, ..plain(4) }).contains("leaves of a tree is 1"));
}
