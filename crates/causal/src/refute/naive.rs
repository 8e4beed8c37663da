//! Tests: every simulated estimate against a slow refit of the same draw, by Householder QR on an
//! explicit design matrix with one indicator per absorbed level.

use faer::Mat;
use faer::linalg::solvers::{Qr, SolveLstsq};

use super::placebo::Permutation;
use super::weights::{Law, Weights};
use super::{Plan, Refutation, placebo_treatment, random_common_cause, resampling};
use crate::estimate::{Estimator, Fit, Inference, estimate};
use crate::random::{Purpose, fill_noise, stream};
use crate::sample::{ABSORBED_ABOVE_LEVELS, Sample};
use crate::study::{CategoricalColumn, Covariate, MissingValues, NumericColumn, Study};
use crate::synthetic::observational;

const PLAN: Plan = Plan { simulations: 12, seed: 5 };

fn study(rows: usize, absorbed: bool, clusters: bool, shared_treatment: bool) -> Study {
    let data = observational(rows, 3);
    let column = |name: &str| NumericColumn::new(name, data.column(name).unwrap().to_vec());
    let category = |name: &str, levels: usize| {
        let texts: Vec<String> = (0..rows).map(|row| format!("{:03}", (row * row + row / 3) % levels)).collect();
        CategoricalColumn::from_texts(name, texts.iter().map(|text| Some(text.as_str())))
    };
    let mut covariates: Vec<Covariate> =
        (1..=6).map(|index| Covariate::Numeric(column(&format!("x{index}")))).collect();
    covariates.push(Covariate::Categorical(category("small", 4)));
    if absorbed {
        covariates.push(Covariate::Categorical(category("large", ABSORBED_ABOVE_LEVELS + 7)));
    }
    let clusters = clusters.then(|| category("cluster", 23));
    let mut treatment = column("t");
    if let (true, Some(clusters)) = (shared_treatment, &clusters) {
        treatment.values = clusters.codes.iter().map(|code| f64::from(code % 2)).collect();
    }
    Study { outcome: column("y"), treatment, arm_labels: None, covariates, clusters, missing: MissingValues::Refuse }
}

/// Intercept and indicators, then covariates, then the columns given; the treatment must be the last.
fn slow_fit(sample: &Sample, fit: &Fit, extra: &[Vec<f64>], treatment: &[f64], weights: &[f64]) -> f64 {
    let rows = sample.rows();
    let mut columns: Vec<Vec<f64>> = vec![vec![1.0; rows]];
    if !fit.controls.groups.is_single() {
        let groups = &fit.controls.groups;
        for group in 1..groups.count() {
            columns.push((0..rows).map(|row| f64::from(u8::from(groups.of_row(row) == group))).collect());
        }
    }
    for term in &fit.controls.terms {
        let mut values = vec![0.0; rows];
        sample.fill(term, &mut values);
        columns.push(values);
    }
    columns.extend(extra.iter().cloned());
    columns.push(treatment.to_vec());
    let root: Vec<f64> = weights.iter().map(|weight| weight.sqrt()).collect();
    let used: Vec<&Vec<f64>> = columns
        .iter()
        .filter(|column| column.iter().zip(&root).any(|(value, root)| (value * root).abs() > 0.0))
        .collect();
    let design = Mat::from_fn(rows, used.len(), |row, column| used[column][row] * root[row]);
    let outcome = Mat::from_fn(rows, 1, |row, _| sample.outcome.values[row] * root[row]);
    let solution = Qr::new(design.as_ref()).solve_lstsq(outcome);
    solution[(used.len() - 1, 0)]
}

fn compare(found: &Refutation, expected: &[f64]) {
    assert_eq!(found.simulations, expected.len());
    let scale = found.original.abs().max(found.standard_deviation);
    for (index, (found, expected)) in found.values.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() < 1e-9 * scale, "simulation {index}: {found} is not {expected}");
    }
}

fn check(study: Study) {
    let sample = Sample::prepare(study).unwrap();
    let fits = [Estimator::DifferenceInMeans, Estimator::RegressionAdjustment]
        .map(|estimator| estimate(&sample, estimator, &Inference::default()).unwrap());
    let borrowed: Vec<&Fit> = fits.iter().collect();
    let rows = sample.rows();
    let ones = vec![1.0; rows];
    let treatment = &sample.treatment.values;
    let draw = |fill: &dyn Fn(usize, &mut [f64])| -> Vec<Vec<f64>> {
        let mut draws = vec![vec![0.0; rows]; PLAN.simulations];
        draws.iter_mut().enumerate().for_each(|(simulation, values)| fill(simulation, values));
        draws
    };
    let permutation = Permutation::of(&sample);
    let permuted = draw(&|simulation, values| permutation.draw(PLAN.seed, simulation, values));
    let noise =
        draw(&|simulation, values| fill_noise(&mut stream(PLAN.seed, Purpose::CommonCause, simulation), values));
    let weighted = |law: Law| {
        let simulations: Vec<_> = (0..PLAN.simulations).map(|number| (law, number)).collect();
        let weights = Weights::new(PLAN.seed, &simulations, sample.clusters.as_ref());
        draw(&|simulation, values| weights.fill(simulation, 0..rows, &mut Vec::new(), values))
    };
    let (left_out, counts) = (weighted(Law::LeftOut), weighted(Law::Bootstrap));
    let placebo = placebo_treatment(&sample, &borrowed, PLAN).unwrap();
    let random = random_common_cause(&borrowed, PLAN).unwrap();
    let resampled = resampling(&sample, &borrowed, PLAN).unwrap();
    for (index, fit) in fits.iter().enumerate() {
        let refit = |simulate: &dyn Fn(usize) -> f64| (0..PLAN.simulations).map(simulate).collect::<Vec<_>>();
        compare(&placebo[index], &refit(&|n| slow_fit(&sample, fit, &[], &permuted[n], &ones)));
        compare(&random[index], &refit(&|n| slow_fit(&sample, fit, &noise[n..=n], treatment, &ones)));
        compare(&resampled.bootstrap[index], &refit(&|n| slow_fit(&sample, fit, &[], treatment, &counts[n])));
        let kept = |n: usize| left_out[n].iter().map(|out| 1.0 - out).collect::<Vec<f64>>();
        compare(&resampled.subset[index], &refit(&|n| slow_fit(&sample, fit, &[], treatment, &kept(n))));
    }
}

#[test]
fn plain_covariates() {
    check(study(900, false, false, false));
}

#[test]
fn several_chunks_of_rows() {
    check(study(9001, false, false, false));
}

#[test]
fn absorbed_category() {
    check(study(1200, true, false, false));
}

#[test]
fn clusters_drawn_whole() {
    check(study(1100, false, true, false));
    check(study(1100, true, true, false));
}

#[test]
fn treatment_of_whole_clusters() {
    check(study(1100, false, true, true));
}
