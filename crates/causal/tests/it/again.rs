//! Refuters that estimate again and refuters by influence: planted faults are found, sound studies pass,
//! budgets are kept and told.

use causal::doubly_robust::Learner;
use causal::refute::{AgainPlan, Original, Plan, Refit, Refutation, Refuter, refute_again, refute_by_influence};
use causal::weighting::Estimand;
use causal::{CategoricalColumn, CausalError, Covariate, MissingValues, NumericColumn, Sample, Study, WarningCode};

use crate::refits::{AIPW, Method, SEED, fit_robust, fit_weighting};
use crate::soundness::REFUTERS;
use crate::weighting::benign;

const PLAN: AgainPlan = AgainPlan { simulations: 40, seed: SEED, most_row_fits: usize::MAX, most_rows: usize::MAX };
const METHOD: Method = Method::Robust(AIPW, Learner::Linear);

fn sample(rows: usize, seed: u64) -> Sample {
    Sample::prepare(benign(rows, seed)).unwrap()
}

fn run(sample: &Sample, original: &Original, refit: &dyn Refit, refuter: Refuter, plan: &AgainPlan) -> Refutation {
    refute_again(sample, original, refit, &[refuter], plan).unwrap().remove(0)
}

#[test]
fn sound_estimates_pass_and_repeat() {
    let sample = sample(1_000, 4);
    for method in [METHOD, Method::Weighting(Estimand::AverageEffect), Method::Matching(Estimand::EffectOnTreated)] {
        let original = method.original(&sample);
        let found = refute_again(&sample, &original, &method, &REFUTERS, &PLAN).unwrap();
        for (one, refuter) in found.iter().zip(REFUTERS) {
            assert!(!one.flagged && one.refuter == refuter, "{method:?}: {}", one.finding);
            assert_eq!((one.simulations, one.failed_simulations, one.warnings.len()), (40, 0, 0));
            assert!((0.0..=1.0).contains(&one.p_value) && one.method.contains("40 simulations of all 1000 rows"));
        }
        assert!(found[0].permutation_p_value.unwrap() < 0.05);
        let single = rayon_of(1, || refute_again(&sample, &original, &method, &REFUTERS, &PLAN).unwrap());
        assert_eq!(found, single);
    }
}

/// A number that depends on the data alone, whatever the threads.
fn rayon_of<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

#[test]
fn a_refit_that_ignores_the_treatment_fails_the_placebo() {
    let sample = sample(1_000, 5);
    let original = METHOD.original(&sample);
    let value = original.value;
    let deaf = move |_: &Sample, _: u64| -> Result<f64, CausalError> { Ok(value) };
    let found = run(&sample, &original, &deaf, Refuter::PlaceboTreatment, &PLAN);
    assert!(found.flagged && found.p_value < 1e-9, "{}", found.finding);
    assert!(!run(&sample, &original, &deaf, Refuter::RandomCommonCause, &PLAN).flagged);
}

/// Weights that come from the real treatment while the arms are the permuted ones (`DoWhy` issue 1728).
struct StalePropensities {
    probabilities: Vec<f64>,
}

impl Refit for StalePropensities {
    fn value(&self, sample: &Sample, _seed: u64) -> Result<f64, CausalError> {
        let (mut totals, mut sums) = ([0.0; 2], [0.0; 2]);
        let rows = sample.treatment_values().iter().zip(sample.outcome_values()).zip(&self.probabilities);
        for ((t, y), p) in rows {
            let arm = usize::from(*t > 0.5);
            let weight = 1.0 / if arm == 1 { *p } else { 1.0 - p };
            totals[arm] += weight;
            sums[arm] += weight * y;
        }
        Ok(sums[1] / totals[1] - sums[0] / totals[0])
    }
}

#[test]
fn stale_propensities_fail_the_placebo() {
    let sample = sample(1_500, 6);
    let fit = fit_weighting(&sample, Estimand::AverageEffect).unwrap();
    let original = Original::new("stale", fit.estimate.value, fit.estimate.standard_error);
    let stale = StalePropensities { probabilities: fit.model.probabilities.clone() };
    assert!((stale.value(&sample, 0).unwrap() - original.value).abs() < 1e-9);
    let found = run(&sample, &original, &stale, Refuter::PlaceboTreatment, &PLAN);
    assert!(found.flagged && found.finding.contains("where there are none"), "{}", found.finding);
    let fresh = Method::Weighting(Estimand::AverageEffect);
    assert!(!run(&sample, &original, &fresh, Refuter::PlaceboTreatment, &PLAN).flagged);
}

#[test]
fn an_estimate_that_counts_covariates_fails_the_random_cause() {
    let sample = sample(1_000, 7);
    let original = METHOD.original(&sample);
    let shift = original.standard_error;
    let known = METHOD.value(&sample, SEED).unwrap();
    // Moves by one standard error as soon as the estimate is not that of the covariates it knows.
    let fragile = move |sample: &Sample, seed: u64| -> Result<f64, CausalError> {
        let value = METHOD.value(sample, seed)?;
        Ok(if (value - known).abs() > 1e-12 { value + shift } else { value })
    };
    let found = run(&sample, &original, &fragile, Refuter::RandomCommonCause, &PLAN);
    assert!(found.flagged && found.finding.contains("moves the estimate"), "{}", found.finding);
}

#[test]
fn half_the_standard_error_is_found() {
    let sample = sample(1_000, 8);
    for method in [METHOD, Method::Matching(Estimand::EffectOnTreated)] {
        let mut claimed = method.original(&sample);
        claimed.standard_error *= 0.5;
        let found = run(&sample, &claimed, &method, Refuter::Bootstrap, &PLAN);
        assert!(found.flagged && found.finding.contains("too narrow"), "{}", found.finding);
        // On a subsample too, where the half-samples are brought to the size of the whole.
        let plan = AgainPlan { most_rows: 500, ..PLAN };
        let found = run(&sample, &claimed, &method, Refuter::Bootstrap, &plan);
        assert!(found.flagged && found.rows == 250, "{}", found.finding);
    }
    let fit = fit_robust(&sample, AIPW, Learner::Linear, SEED).unwrap();
    let claimed = Original::new("aipw", fit.estimate.value, 0.5 * fit.estimate.standard_error);
    let found = refute_by_influence(&sample, &claimed, &fit.influence, &REFUTERS, Plan { simulations: 100, seed: 1 });
    let found = found.unwrap();
    assert!(!found[0].flagged && found[1].flagged, "{}", found[1].finding);
}

/// Five treated rows with an enormous outcome.
fn carried() -> Sample {
    let mut study = benign(1_000, 9);
    let treated: Vec<usize> = (0..1_000).filter(|&row| study.treatment.values[row] > 0.5).take(5).collect();
    for row in treated {
        study.outcome.values[row] += 200.0;
    }
    Sample::prepare(study).unwrap()
}

#[test]
fn a_few_rows_that_carry_the_estimate_are_found() {
    let sample = carried();
    // An error that does not know of them, as from a formula for well-behaved outcomes.
    let original = METHOD.original(&sample);
    let claimed = Original { standard_error: original.standard_error / 4.0, ..original.clone() };
    let found = run(&sample, &claimed, &METHOD, Refuter::DataSubset, &PLAN);
    assert!(found.flagged && found.finding.contains("some rows carry it"), "{}", found.finding);
    // With the right error the interval says it; one row alone is named by its influence.
    let mut study = benign(1_000, 9);
    study.outcome.values[3] += 500.0;
    let sample = Sample::prepare(study).unwrap();
    let fit = fit_robust(&sample, AIPW, Learner::Linear, SEED).unwrap();
    let original = Original::new("aipw", fit.estimate.value, fit.estimate.standard_error);
    let plan = Plan { simulations: 50, seed: 1 };
    let found = refute_by_influence(&sample, &original, &fit.influence, &[Refuter::DataSubset], plan).unwrap();
    assert!(found[0].flagged && found[0].finding.contains("one row makes"), "{}", found[0].finding);
}

#[test]
fn influence_gives_what_estimating_again_gives() {
    let sample = sample(2_000, 10);
    let fit = fit_robust(&sample, AIPW, Learner::Linear, SEED).unwrap();
    let weighted = fit_weighting(&sample, Estimand::AverageEffect).unwrap();
    let influence = weighted.influence.clone();
    let length = influence.iter().map(|value| value * value).sum::<f64>().sqrt() / 2_000.0;
    assert!((length - weighted.estimate.standard_error_propensity_estimated).abs() < 1e-12);
    let cases = [
        ("aipw", fit.estimate.value, fit.estimate.standard_error, &fit.influence),
        ("ipw", weighted.estimate.value, weighted.estimate.standard_error, &influence),
    ];
    for (name, value, standard_error, influence) in cases {
        let original = Original::new(name, value, standard_error);
        let plan = Plan { simulations: 400, seed: 2 };
        let found = refute_by_influence(&sample, &original, influence, &REFUTERS, plan).unwrap();
        assert_eq!(found.iter().map(|one| one.refuter).collect::<Vec<_>>(), [Refuter::DataSubset, Refuter::Bootstrap]);
        // Leaving a fifth out moves a mean by half its standard error; the bootstrap by all of it.
        for (one, expected) in found.iter().zip([0.5, 1.0]) {
            assert!(!one.flagged && one.method.contains("nuisances fixed"), "{}", one.finding);
            let ratio = one.standard_deviation / (expected * standard_error);
            assert!((0.87..1.14).contains(&ratio), "{name} {ratio}");
            assert!((one.mean - value).abs() < 0.2 * standard_error);
        }
    }
}

#[test]
fn clusters_are_drawn_whole_and_permuted_between() {
    let mut study = benign(1_200, 11);
    let names: Vec<String> = (0..1_200).map(|row| format!("{:03}", row / 12)).collect();
    let clusters = CategoricalColumn::from_texts("site", names.iter().map(|name| Some(name.as_str())));
    study.treatment.values = clusters.codes.iter().map(|code| f64::from(code % 2)).collect();
    study.clusters = Some(clusters);
    let sample = Sample::prepare(study).unwrap();
    let original = METHOD.original(&sample);
    let whole = |part: &Sample, _: u64| -> Result<f64, CausalError> {
        assert_eq!(part.rows() % 12, 0);
        let treatment = part.treatment_values();
        assert!(treatment.chunks(12).all(|rows| rows.iter().all(|value| (value - rows[0]).abs() < 1e-12)));
        METHOD.value(part, 1)
    };
    for plan in [PLAN, AgainPlan { most_rows: 600, ..PLAN }] {
        for one in refute_again(&sample, &original, &whole, &REFUTERS, &plan).unwrap() {
            assert!(one.method.contains("cluster") || one.refuter == Refuter::RandomCommonCause, "{}", one.method);
            assert_eq!(one.failed_simulations, 0);
        }
    }
}

#[test]
fn budgets_are_kept_and_told() {
    let sample = sample(3_000, 12);
    let original = METHOD.original(&sample);
    let plan = AgainPlan { simulations: 25, most_row_fits: 30_000, ..PLAN };
    for one in refute_again(&sample, &original, &METHOD, &REFUTERS, &plan).unwrap() {
        assert!(!one.flagged && (one.simulations_asked, one.simulations) == (25, 25), "{}", one.finding);
        assert!(one.method.contains("25 simulations of a random subsample of 1"), "{}", one.method);
        assert_eq!(one.warnings[0].code, WarningCode::FewerSimulations);
        assert!(one.permutation_p_value.is_none());
    }
    let poor = AgainPlan { most_row_fits: 20_000, ..plan };
    let found = run(&sample, &original, &METHOD, Refuter::PlaceboTreatment, &poor);
    assert_eq!((found.simulations_asked, found.simulations, found.rows), (25, 20, 1_000));
    assert!(found.warnings[0].message.contains("20 of the 25"), "{}", found.warnings[0].message);
}

#[test]
fn what_cannot_be_estimated_is_no_flag() {
    let sample = sample(300, 13);
    let original = METHOD.original(&sample);
    let refusing = |part: &Sample, _: u64| -> Result<f64, CausalError> {
        Err(CausalError::TooFewRows { rows: part.rows(), parameters: 1_000 })
    };
    for one in refute_again(&sample, &original, &refusing, &REFUTERS, &PLAN).unwrap() {
        assert!(!one.flagged && one.simulations == 0 && one.failed_simulations == 40, "{}", one.finding);
        assert!(one.finding.contains("nothing can be said"));
        assert!(one.warnings[0].message.contains("cannot identify"), "{}", one.warnings[0].message);
    }
    let broken = Original { standard_error: 0.0, ..original.clone() };
    assert!(refute_again(&sample, &broken, &METHOD, &REFUTERS, &PLAN).is_err());
    let none = AgainPlan { simulations: 0, ..PLAN };
    assert!(refute_again(&sample, &original, &METHOD, &REFUTERS, &none).is_err());
}

#[test]
fn a_continuous_treatment_is_permuted_as_it_is() {
    let rows = 800;
    let data = causal::synthetic::observational(rows, 21);
    let column = |name: &str| NumericColumn::new(name, data.column(name).unwrap().to_vec());
    let mut dose = column("x12");
    dose.values.iter_mut().zip(&column("x1").values).for_each(|(dose, x)| *dose += 5.0 + 0.5 * x);
    let outcome =
        (0..rows).map(|row| 0.7 * dose.values[row] + column("x1").values[row] + column("x13").values[row]).collect();
    let study = Study {
        outcome: NumericColumn::new("y", outcome),
        treatment: dose,
        arm_labels: None,
        covariates: vec![Covariate::Numeric(column("x1"))],
        clusters: None,
        missing: MissingValues::Refuse,
    };
    let sample = Sample::prepare(study).unwrap();
    let method = Method::Robust(crate::refits::PARTIALLY_LINEAR, Learner::Linear);
    let mean = sample.treatment_values().iter().sum::<f64>() / 800.0;
    let checked = |part: &Sample, seed: u64| -> Result<f64, CausalError> {
        let own = part.treatment_values().iter().sum::<f64>() / part.rows() as f64;
        assert!((own - mean).abs() < 0.2);
        method.value(part, seed)
    };
    let original = method.original(&sample);
    for one in refute_again(&sample, &original, &checked, &REFUTERS, &PLAN).unwrap() {
        assert!(!one.flagged && one.failed_simulations == 0, "{}", one.finding);
    }
}
