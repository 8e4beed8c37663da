//! Properties that hold for any data.

use causal::refute::{Plan, placebo_treatment, random_common_cause, resampling};
use causal::sensitivity::{SensitivityOptions, unobserved_confounder};
use causal::synthetic::{instrumental, observational, staggered};
use causal::{
    CategoricalColumn, Covariate, Estimate, Estimator, Fit, Inference, MissingValues, NumericColumn, Sample,
    StandardErrorKind, Study, estimate,
};
use proptest::prelude::*;

const KINDS: [StandardErrorKind; 5] = [
    StandardErrorKind::Classical,
    StandardErrorKind::Hc1,
    StandardErrorKind::Hc2,
    StandardErrorKind::Hc3,
    StandardErrorKind::Cluster,
];

fn study(rows: usize, seed: u64) -> Study {
    let data = observational(rows, seed);
    let column = |name: &str| NumericColumn::new(name, data.column(name).unwrap().to_vec());
    let texts: Vec<String> = (0..rows).map(|row| format!("c{:02}", row * 7 % 13)).collect();
    let category = |name: &str| CategoricalColumn::from_texts(name, texts.iter().map(|text| Some(text.as_str())));
    let mut covariates: Vec<Covariate> =
        (1..=4).map(|index| Covariate::Numeric(column(&format!("x{index}")))).collect();
    covariates.push(Covariate::Categorical(category("region")));
    Study {
        outcome: column("y"),
        treatment: column("t"),
        arm_labels: None,
        covariates,
        clusters: Some(category("cluster")),
        missing: MissingValues::Refuse,
    }
}

fn fit(study: Study, estimator: Estimator, standard_error: StandardErrorKind) -> Estimate {
    let sample = Sample::prepare(study).unwrap();
    estimate(&sample, estimator, &Inference { standard_error, ..Inference::default() }).unwrap().estimate
}

fn reorder(study: &Study, order: &[usize]) -> Study {
    let mut moved = study.clone();
    let numbers = |values: &Vec<f64>| order.iter().map(|&row| values[row]).collect();
    let codes = |values: &Vec<u32>| order.iter().map(|&row| values[row]).collect();
    moved.outcome.values = numbers(&study.outcome.values);
    moved.treatment.values = numbers(&study.treatment.values);
    for (to, from) in moved.covariates.iter_mut().zip(&study.covariates) {
        match (to, from) {
            (Covariate::Numeric(to), Covariate::Numeric(from)) => to.values = numbers(&from.values),
            (Covariate::Categorical(to), Covariate::Categorical(from)) => to.codes = codes(&from.codes),
            _ => unreachable!(),
        }
    }
    if let (Some(to), Some(from)) = (&mut moved.clusters, &study.clusters) {
        to.codes = codes(&from.codes);
    }
    moved
}

fn near(found: f64, expected: f64, scale: f64) -> bool {
    (found - expected).abs() <= 1e-9 * scale.abs().max(expected.abs())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn row_order_does_not_matter(seed in 0_u64..1000, rows in 60_usize..300, shift in 1_usize..50, kind in 0_usize..5) {
        let study = study(rows, seed);
        let order: Vec<usize> = (0..rows).map(|row| (row + shift) % rows).rev().collect();
        let (left, right) = (
            fit(study.clone(), Estimator::RegressionAdjustment, KINDS[kind]),
            fit(reorder(&study, &order), Estimator::RegressionAdjustment, KINDS[kind]),
        );
        prop_assert!(near(left.value, right.value, left.standard_error));
        prop_assert!(near(left.standard_error, right.standard_error, 0.0));
    }

    #[test]
    fn units_do_not_matter(seed in 0_u64..1000, scale in 1e-6_f64..1e6, shift in -1e3_f64..1e3, kind in 0_usize..5) {
        let plain = study(150, seed);
        let mut moved = plain.clone();
        for value in &mut moved.outcome.values {
            *value = *value * scale + shift * scale;
        }
        if let Covariate::Numeric(column) = &mut moved.covariates[0] {
            column.values.iter_mut().for_each(|value| *value = (*value - shift) / scale);
        }
        for estimator in [Estimator::DifferenceInMeans, Estimator::RegressionAdjustment] {
            let (left, right) = (fit(plain.clone(), estimator, KINDS[kind]), fit(moved.clone(), estimator, KINDS[kind]));
            prop_assert!(near(right.value / scale, left.value, left.standard_error));
            prop_assert!(near(right.standard_error / scale, left.standard_error, 0.0));
            prop_assert!((left.p_value - right.p_value).abs() < 1e-8);
        }
    }

    #[test]
    fn intervals_hold_their_estimate_and_probabilities_are_probabilities(
        seed in 0_u64..1000, rows in 40_usize..200, simulations in 1_usize..30, kind in 0_usize..5,
    ) {
        let sample = Sample::prepare(study(rows, seed)).unwrap();
        let inference = Inference { standard_error: KINDS[kind], ..Inference::default() };
        let fit = estimate(&sample, Estimator::RegressionAdjustment, &inference).unwrap();
        let found = &fit.estimate;
        prop_assert!(found.interval.lower <= found.value && found.value <= found.interval.upper);
        prop_assert!((0.0..=1.0).contains(&found.p_value));
        let plan = Plan { simulations, seed };
        let resampled = resampling(&sample, &[&fit], plan).unwrap();
        let refutations = [
            &placebo_treatment(&sample, &[&fit], plan).unwrap()[0],
            &random_common_cause(&[&fit], plan).unwrap()[0],
            &resampled.subset[0],
            &resampled.bootstrap[0],
        ];
        for refutation in refutations {
            prop_assert!((0.0..=1.0).contains(&refutation.p_value));
            prop_assert_eq!(refutation.simulations + refutation.failed_simulations, simulations);
        }
        let sensitivity = unobserved_confounder(&sample, &fit, &SensitivityOptions::default()).unwrap();
        prop_assert!((0.0..=1.0).contains(&sensitivity.robustness_value));
        prop_assert!(sensitivity.robustness_value_alpha <= sensitivity.robustness_value);
        prop_assert!((0.0..=1.0).contains(&sensitivity.partial_r2));
    }
}

#[test]
fn threads_do_not_matter() {
    let run = |threads: usize| {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| {
            let sample = Sample::prepare(study(20_011, 9)).unwrap();
            let fits = [Estimator::DifferenceInMeans, Estimator::RegressionAdjustment].map(|estimator| {
                let inference = Inference { standard_error: StandardErrorKind::Hc3, ..Inference::default() };
                estimate(&sample, estimator, &inference).unwrap()
            });
            let borrowed: Vec<&Fit> = fits.iter().collect();
            let plan = Plan { simulations: 10, seed: 77 };
            let resampled = resampling(&sample, &borrowed, plan).unwrap();
            let all = [
                placebo_treatment(&sample, &borrowed, plan).unwrap(),
                random_common_cause(&borrowed, plan).unwrap(),
                resampled.subset,
                resampled.bootstrap,
            ];
            // Compared as text, so bit for bit.
            let estimates: Vec<_> = fits.iter().map(|fit| fit.estimate.clone()).collect();
            serde_json::to_string(&(estimates, all)).unwrap()
        })
    };
    let one = run(1);
    assert_eq!(one, run(2));
    assert_eq!(one, run(5));
}

#[test]
fn another_seed_gives_other_simulations() {
    let sample = Sample::prepare(study(200, 9)).unwrap();
    let fit = estimate(&sample, Estimator::RegressionAdjustment, &Inference::default()).unwrap();
    let values = |seed| placebo_treatment(&sample, &[&fit], Plan { simulations: 5, seed }).unwrap()[0].values.clone();
    assert_ne!(values(1), values(2));
    assert_eq!(values(1), values(1));
}

#[test]
fn absorbing_a_category_changes_nothing() {
    let rows = 600;
    let mut few = study(rows, 4);
    let label = |level: usize| (0..rows).map(move |row| format!("{:03}", row * 11 % level)).collect::<Vec<_>>();
    let column = |texts: &[String]| CategoricalColumn::from_texts("shop", texts.iter().map(|text| Some(text.as_str())));
    let shops = label(causal::ABSORBED_ABOVE_LEVELS + 1);
    let mut indicators = few.clone();
    few.covariates.push(Covariate::Categorical(column(&shops)));
    let coded = column(&shops);
    for level in 1..coded.levels.len() {
        let values = coded.codes.iter().map(|&code| f64::from(u8::from(code as usize == level))).collect();
        indicators.covariates.push(Covariate::Numeric(NumericColumn::new(format!("shop {level}"), values)));
    }
    for kind in KINDS {
        let left = fit(few.clone(), Estimator::RegressionAdjustment, kind);
        let right = fit(indicators.clone(), Estimator::RegressionAdjustment, kind);
        assert!(near(left.value, right.value, left.standard_error), "{kind:?}");
        assert!(near(left.standard_error, right.standard_error, 0.0), "{kind:?}");
        assert_eq!(left.convention.parameters, right.convention.parameters);
    }
}

#[test]
fn synthetic_data_hold_their_truth() {
    let data = observational(20_000, 1);
    assert_eq!(data.columns.len(), 25);
    assert!((data.sample_effect - 2.0).abs() < 0.05);
    let share = data.column("t").unwrap().iter().sum::<f64>() / 20_000.0;
    assert!((0.3..0.7).contains(&share), "{share}");
    assert_eq!(data, observational(20_000, 1));
    assert_eq!(instrumental(1000, 1).columns.len(), 24);
    let panel = staggered(1000, 1);
    assert_eq!((panel.columns.len(), panel.column("y").unwrap().len()), (25, 1000));
}
