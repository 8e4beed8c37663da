//! Statistical behaviour under known truth, over seeded simulations.

use causal::refute::{Plan, placebo_treatment};
use causal::synthetic::observational;
use causal::{
    CategoricalColumn, Covariate, Estimator, Inference, MissingValues, NumericColumn, Sample, StandardErrorKind, Study,
    estimate,
};

const REPEATS: u64 = 400;
const EFFECT: f64 = 0.7;

/// A linear, heteroskedastic, confounded law, so that regression is unbiased and classical errors are wrong.
fn draw(seed: u64, rows: usize) -> Study {
    let data = observational(rows, seed);
    let column = |name: &str| data.column(name).unwrap().to_vec();
    let (x, noise, pick) = (column("x1"), column("x12"), column("x13"));
    let treatment: Vec<f64> = x.iter().zip(&pick).map(|(x, pick)| f64::from(u8::from(0.8 * x + pick > 0.6))).collect();
    let outcome = (0..rows)
        .map(|row| 1.0 + EFFECT * treatment[row] + 2.0 * x[row] + noise[row] * (0.4 + 1.6 * treatment[row]))
        .collect();
    Study {
        outcome: NumericColumn::new("y", outcome),
        treatment: NumericColumn::new("t", treatment),
        arm_labels: None,
        covariates: vec![Covariate::Numeric(NumericColumn::new("x", x))],
        clusters: None,
        missing: MissingValues::Refuse,
    }
}

fn coverage(rows: usize, kind: StandardErrorKind, draw: impl Fn(u64, usize) -> Study) -> f64 {
    let inference = Inference { standard_error: kind, ..Inference::default() };
    let covered = (0..REPEATS).filter(|&seed| {
        let sample = Sample::prepare(draw(seed, rows)).unwrap();
        let found = estimate(&sample, Estimator::RegressionAdjustment, &inference).unwrap().estimate;
        found.interval.lower <= EFFECT && EFFECT <= found.interval.upper
    });
    covered.count() as f64 / REPEATS as f64
}

#[test]
fn robust_intervals_cover_the_truth() {
    for kind in [StandardErrorKind::Hc1, StandardErrorKind::Hc2, StandardErrorKind::Hc3] {
        let share = coverage(200, kind, draw);
        // 0.95 with a standard error of 0.011: four of them.
        assert!((0.906..=0.994).contains(&share), "{kind:?} covers {share}");
    }
    let classical = coverage(200, StandardErrorKind::Classical, draw);
    assert!(classical < 0.93, "classical errors should be too small here: {classical}");
}

/// Treatment and error shared within clusters of ten rows.
fn draw_clustered(seed: u64, rows: usize) -> Study {
    let mut study = draw(seed, rows);
    let clusters: Vec<usize> = (0..rows).map(|row| row / 10).collect();
    let shared = observational(rows / 10, seed + 10_000);
    let (level, pick) = (shared.column("x14").unwrap(), shared.column("x15").unwrap());
    let treatment = |row: usize| f64::from(u8::from(pick[clusters[row]] > 0.0));
    let Covariate::Numeric(noise) = &study.covariates[0] else { unreachable!() };
    study.outcome.values =
        (0..rows).map(|row| EFFECT * treatment(row) + level[clusters[row]] + noise.values[row]).collect();
    study.treatment.values = (0..rows).map(treatment).collect();
    study.covariates.clear();
    let labels: Vec<String> = clusters.iter().map(|cluster| format!("{cluster:03}")).collect();
    study.clusters = Some(CategoricalColumn::from_texts("cluster", labels.iter().map(|label| Some(label.as_str()))));
    study
}

#[test]
fn cluster_robust_intervals_cover_the_truth() {
    let cluster = coverage(600, StandardErrorKind::Cluster, draw_clustered);
    assert!((0.90..=0.994).contains(&cluster), "{cluster}");
    assert!(coverage(600, StandardErrorKind::Hc1, draw_clustered) < 0.75);
}

#[test]
fn the_permutation_test_keeps_its_level() {
    let rejected = (0..REPEATS).filter(|&seed| {
        let mut study = draw(seed, 60);
        let pick = observational(60, seed + 5000);
        study.treatment.values =
            pick.column("x13").unwrap().iter().map(|pick| f64::from(u8::from(*pick > 0.0))).collect();
        study.outcome.values = pick.column("x12").unwrap().to_vec();
        let sample = Sample::prepare(study).unwrap();
        let fit = estimate(&sample, Estimator::DifferenceInMeans, &Inference::default()).unwrap();
        let plan = Plan { simulations: 99, seed };
        let found = placebo_treatment(&sample, &[&fit], plan).unwrap();
        found[0].permutation_p_value.unwrap() <= 0.05
    });
    let share = rejected.count() as f64 / REPEATS as f64;
    assert!((0.01..=0.094).contains(&share), "{share}");
}
