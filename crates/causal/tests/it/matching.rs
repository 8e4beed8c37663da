//! Matching against a slow and obvious implementation: every pair of rows is looked at.

use causal::matching::{MatchingOptions, matching};
use causal::propensity::propensity;
use causal::weighting::Estimand;
use causal::{CausalError, Sample};

use crate::data::nsw;
use crate::data::nsw_with_cps;
use crate::published::close;
use crate::weighting::benign;

/// Rows of an arm nearest to `row` by full sort, with ties of the last.
fn slow_nearest(scores: &[f64], pool: &[usize], row: usize, wanted: usize, furthest: f64) -> Vec<usize> {
    let mut distances: Vec<(f64, usize)> =
        pool.iter().filter(|&&other| other != row).map(|&other| ((scores[row] - scores[other]).abs(), other)).collect();
    distances.sort_by(|left, right| left.0.total_cmp(&right.0));
    let last = distances[wanted.min(distances.len()) - 1].0 + 1e-9;
    distances
        .iter()
        .filter(|(distance, _)| *distance <= last && *distance <= furthest)
        .map(|(_, other)| *other)
        .collect()
}

/// Round after round, each row takes the nearest that is free.
fn slow_greedy(
    scores: &[f64],
    seekers: &[usize],
    mut free: Vec<usize>,
    rounds: usize,
    furthest: f64,
    matches: &mut [Vec<usize>],
) {
    for _ in 0..rounds {
        for &row in seekers {
            let gap = |other: usize| (scores[row] - scores[other]).abs();
            let best = free.iter().copied().min_by(|left, right| gap(*left).total_cmp(&gap(*right)));
            if let Some(best) = best.filter(|&best| gap(best) <= furthest) {
                free.retain(|&other| other != best);
                matches[row].push(best);
            }
        }
    }
}

/// Effect, standard error and unmatched rows, as the formulas are written.
fn slow(sample: &Sample, scores: &[f64], options: &MatchingOptions) -> (f64, f64, usize) {
    let (treatment, outcome) = (sample.treatment_values(), sample.outcome_values());
    let arm =
        |wanted: bool| (0..treatment.len()).filter(|&row| (treatment[row] > 0.5) == wanted).collect::<Vec<usize>>();
    let arms = [arm(false), arm(true)];
    let centre = scores.iter().sum::<f64>() / treatment.len() as f64;
    let deviation = (scores.iter().map(|s| (s - centre).powi(2)).sum::<f64>() / (treatment.len() as f64 - 1.0)).sqrt();
    let furthest = options.caliper.map_or(f64::INFINITY, |caliper| caliper * deviation);
    let all = options.estimand == Estimand::AverageEffect;
    let mut shares = vec![vec![]; treatment.len()];
    let mut differences = vec![];
    let mut unmatched = 0;
    let mut seekers: Vec<usize> = (0..treatment.len()).filter(|&row| all || treatment[row] > 0.5).collect();
    let mut matches = vec![vec![]; treatment.len()];
    if options.replacement {
        for &row in &seekers {
            matches[row] =
                slow_nearest(scores, &arms[usize::from(treatment[row] < 0.5)], row, options.neighbours, furthest);
        }
    } else {
        seekers.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
        slow_greedy(scores, &seekers, arms[0].clone(), options.neighbours, furthest, &mut matches);
    }
    for row in seekers {
        let found = &matches[row];
        if found.is_empty() {
            unmatched += 1;
            continue;
        }
        let share = 1.0 / found.len() as f64;
        for &other in found {
            shares[other].push(share);
        }
        let other = found.iter().map(|&other| outcome[other]).sum::<f64>() * share;
        differences.push(if treatment[row] > 0.5 { outcome[row] - other } else { other - outcome[row] });
    }
    let count = differences.len() as f64;
    let value = differences.iter().sum::<f64>() / count;
    let mut variance: f64 = differences.iter().map(|difference| (difference - value).powi(2)).sum();
    for row in 0..treatment.len() {
        let (k, q): (f64, f64) = (shares[row].iter().sum(), shares[row].iter().map(|share| share * share).sum());
        let near = slow_nearest(
            scores,
            &arms[usize::from(treatment[row] > 0.5)],
            row,
            options.variance_neighbours,
            f64::INFINITY,
        );
        let count_near = near.len() as f64;
        let residual = outcome[row] - near.iter().map(|&other| outcome[other]).sum::<f64>() / count_near;
        variance +=
            (k * k + if all { 2.0 * k } else { 0.0 } - q) * count_near / (count_near + 1.0) * residual * residual;
    }
    (value, variance.sqrt() / count, unmatched)
}

#[test]
fn agrees_with_looking_at_every_pair() {
    for study in [nsw(), benign(700, 4)] {
        let sample = Sample::prepare(study).unwrap();
        let (_, model) = propensity(&sample).unwrap();
        for estimand in [Estimand::EffectOnTreated, Estimand::AverageEffect] {
            for (neighbours, caliper, replacement) in
                [(1, None, true), (3, None, true), (2, Some(0.02), true), (1, None, false), (2, Some(0.1), false)]
            {
                if estimand == Estimand::AverageEffect && !replacement {
                    continue;
                }
                let options = MatchingOptions {
                    estimand,
                    neighbours,
                    caliper,
                    replacement,
                    variance_neighbours: 2,
                    ..MatchingOptions::default()
                };
                // Greedy choice depends on the order of exactly tied scores, which the slow form leaves open.
                if !replacement && sample.rows() == 445 {
                    continue;
                }
                let found = matching(&sample, &model, &options).unwrap();
                let (value, standard_error, unmatched) = slow(&sample, &model.log_odds, &options);
                close(found.value, value);
                close(found.standard_error, standard_error);
                assert_eq!(found.unmatched.iter().sum::<usize>(), unmatched);
            }
        }
    }
}

#[test]
fn matches_balance_and_come_near_the_experiment() {
    let sample = Sample::prepare(nsw_with_cps()).unwrap();
    let (_, model) = propensity(&sample).unwrap();
    let options = MatchingOptions { neighbours: 3, ..MatchingOptions::default() };
    let found = matching(&sample, &model, &options).unwrap();
    let largest = |rows: &[causal::diagnostics::BalanceRow]| rows.iter().map(|row| row.value.abs()).fold(0.0, f64::max);
    assert!(largest(&found.balance_before) > 2.0 && largest(&found.balance_after) < 0.35);
    // The experiment says 1,794; without adjustment these data say -8,498.
    assert!((found.value - 1794.0).abs() < 2.5 * found.standard_error, "{} {}", found.value, found.standard_error);
    assert_eq!((found.matched, found.unmatched), (185, [0, 0]));
}

#[test]
fn options_out_of_range_are_refused() {
    let sample = Sample::prepare(benign(200, 1)).unwrap();
    let (_, model) = propensity(&sample).unwrap();
    let base = MatchingOptions::default();
    for options in [
        MatchingOptions { neighbours: 0, ..base },
        MatchingOptions { caliper: Some(-1.0), ..base },
        MatchingOptions { replacement: false, estimand: Estimand::AverageEffect, ..base },
    ] {
        assert!(matches!(matching(&sample, &model, &options), Err(CausalError::InvalidOption { .. })));
    }
}
