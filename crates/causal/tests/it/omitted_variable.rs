//! Bounds on omitted-variable bias: `DoubleML` 0.11.4 on the same rows and folds
//! (`testdata/doubly_robust_reference.py`), clusters, what does not exist.

use causal::doubly_robust::{
    DoublyRobustEstimator, DoublyRobustFit, DoublyRobustOptions, PartiallyLinearScore, Population, doubly_robust,
};
use causal::sensitivity::{
    BiasBounds, ConfounderStrength, OmittedVariable, e_value_for, omitted_variable, omitted_variable_bounds,
};
use causal::{CategoricalColumn, Sample};

use crate::doubly_robust::{COLUMNS, close, options, table};

const ALL: DoublyRobustEstimator = DoublyRobustEstimator::Aipw(Population::All);
const TREATED: DoublyRobustEstimator = DoublyRobustEstimator::Aipw(Population::Treated);
const OUT: DoublyRobustEstimator = DoublyRobustEstimator::PartiallyLinear(PartiallyLinearScore::PartiallingOut);
const IV_TYPE: DoublyRobustEstimator = DoublyRobustEstimator::PartiallyLinear(PartiallyLinearScore::IvType);
const STRENGTH: ConfounderStrength = ConfounderStrength { with_outcome: 0.03, with_treatment: 0.03, correlation: 1.0 };

/// `DoubleML`'s level of 0.95 is one-sided.
const ALPHA: f64 = 0.1;

fn fitted(treatment: &str, estimator: DoublyRobustEstimator) -> (Sample, DoublyRobustFit) {
    let sample = Sample::prepare(table().study("y", treatment, &COLUMNS)).unwrap();
    let fit = doubly_robust(&sample, estimator, &options()).unwrap();
    (sample, fit)
}

fn found(treatment: &str, estimator: DoublyRobustEstimator) -> (OmittedVariable, BiasBounds) {
    let (sample, fit) = fitted(treatment, estimator);
    let found = omitted_variable(&sample, &fit, ALPHA).unwrap().unwrap();
    (found, omitted_variable_bounds(&sample, &fit, STRENGTH, ALPHA).unwrap().unwrap())
}

#[test]
fn elements_and_bounds_as_doubleml() {
    // sigma², nu², the bounds at c_y = c_d = 0.03.
    let expected = [
        ("t", ALL, [1.957_575_744_761_043_8, 4.808_253_298_336_501, 2.194_543_391_486_936_6, 2.381_447_281_319_114_3]),
        ("t", TREATED, [1.957_575_744_761_043_8, 5.726_623_020_189_569, 2.355_945_797_844_138, 2.559_919_401_264_12]),
        ("t", OUT, [2.119_952_564_321_59, 4.475_283_989_460_004, 2.107_261_607_469_198, 2.294_907_367_089_245_6]),
        (
            "dose",
            IV_TYPE,
            [3.052_964_823_488_052, 0.817_605_166_662_912_8, 0.301_550_482_419_173, 0.397_799_897_080_487_3],
        ),
    ];
    for (treatment, estimator, [sigma2, nu2, lower, upper]) in expected {
        let (found, bounds) = found(treatment, estimator);
        close(found.sigma2, sigma2, "sigma²");
        close(found.nu2, nu2, "nu²");
        close(bounds.lower, lower, "lower bound");
        close(bounds.upper, upper, "upper bound");
        assert!(found.robustness_value_alpha < found.robustness_value && found.robustness_value_alpha > 0.0);
    }
}

#[test]
fn errors_of_bounds_as_doubleml_with_the_sign_of_the_theorem() {
    // DoubleML enters the influence of the bias with the other sign (see the module), so that its lower
    // error is the upper one here.
    let expected = [
        ("t", ALL, [0.136_796_272_319_503_95, 0.136_392_747_139_838_6]),
        ("t", TREATED, [0.148_424_415_020_557_9, 0.144_519_520_658_051_01]),
        ("t", OUT, [0.124_967_957_918_992_53, 0.125_093_100_997_101_7]),
        ("dose", IV_TYPE, [0.058_666_726_347_844_28, 0.059_092_214_254_279_59]),
    ];
    for (treatment, estimator, [theirs_lower, theirs_upper]) in expected {
        let (_, bounds) = found(treatment, estimator);
        close(bounds.lower_standard_error, theirs_upper, "error of the lower bound");
        close(bounds.upper_standard_error, theirs_lower, "error of the upper bound");
        close(bounds.lowest, bounds.lower - 1.644_853_626_951_472_2 * bounds.lower_standard_error, "lowest");
    }
}

#[test]
fn robustness_values_solve_doublemls_equations() {
    // Roots to 1e-15 of the equations on DoubleML's elements (its own minimiser stops at 1e-5), the second with
    // the sign of the theorem.
    let expected = [
        (ALL, [0.517_841_686_069_959_4, 0.477_555_037_414_757_7]),
        (TREATED, [0.512_542_407_307_657_7, 0.465_534_802_686_116_47]),
    ];
    for (estimator, [value, alpha]) in expected {
        let (found, _) = found("t", estimator);
        close(found.robustness_value, value, "RV");
        close(found.robustness_value_alpha, alpha, "RV_alpha");
    }
}

#[test]
fn clusters_widen_the_errors_of_the_bounds() {
    let mut study = table().study("y", "t", &COLUMNS);
    let names: Vec<String> = (0..600).map(|row| format!("{:02}", row % 60)).collect();
    study.clusters = Some(CategoricalColumn::from_texts("site", names.iter().map(|name| Some(name.as_str()))));
    let sample = Sample::prepare(study).unwrap();
    let fit = doubly_robust(&sample, ALL, &DoublyRobustOptions::default()).unwrap();
    let bounds = omitted_variable_bounds(&sample, &fit, ConfounderStrength { with_outcome: 0.0, ..STRENGTH }, ALPHA);
    // Without confounding the bounds are the estimate, and their errors its clustered one.
    let bounds = bounds.unwrap().unwrap();
    close(bounds.lower, fit.estimate.value, "no confounding");
    close(bounds.upper_standard_error, fit.estimate.standard_error, "clustered error");
}

#[test]
fn what_does_not_exist_is_none_and_what_is_out_of_range_refused() {
    let (sample, mut fit) = fitted("t", ALL);
    for (strength, alpha) in [
        (ConfounderStrength { with_treatment: 1.0, ..STRENGTH }, 0.05),
        (ConfounderStrength { with_outcome: -0.1, ..STRENGTH }, 0.05),
        (ConfounderStrength { correlation: 1.1, ..STRENGTH }, 0.05),
        (STRENGTH, 0.0),
    ] {
        assert!(omitted_variable_bounds(&sample, &fit, strength, alpha).is_err(), "{strength:?} {alpha}");
    }
    let e_value = e_value_for(&sample, fit.estimate.value, fit.estimate.interval).unwrap();
    assert!(e_value.estimate > e_value.interval && e_value.interval > 1.0);
    fit.bias = None;
    assert!(omitted_variable(&sample, &fit, 0.05).unwrap().is_none());
}

#[test]
fn the_effect_on_few_treated_needs_no_model_of_their_outcome() {
    // Six treated rows cannot carry a regression on six covariates; the estimate does without it.
    let mut study = table().study("y", "t", &["x1", "x2", "x3", "x4", "x5", "x6", "before", "dose"]);
    let mut left = 6;
    for value in &mut study.treatment.values {
        let keep = *value > 0.5 && left > 0;
        left -= usize::from(keep);
        *value = f64::from(u8::from(keep));
    }
    let sample = Sample::prepare(study).unwrap();
    let fit = doubly_robust(&sample, TREATED, &DoublyRobustOptions::default()).unwrap();
    assert!(fit.bias.is_none() && fit.estimate.standard_error > 0.0);
}
