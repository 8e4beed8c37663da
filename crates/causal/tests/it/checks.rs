//! Refuters, sensitivity and diagnostics on the published data.

use causal::diagnostics::{balance, joint_balance, split, summaries};
use causal::refute::{Plan, Refutation, placebo_treatment, random_common_cause, resampling};
use causal::sensitivity::{SensitivityOptions, unobserved_confounder};
use causal::{Estimator, Fit, Inference, Sample, StandardErrorKind, Study, estimate};

use crate::data::{darfur, nsw, nsw_with_cps};
use crate::published::close;

fn fits(sample: &Sample) -> [Fit; 2] {
    let inference = Inference { standard_error: StandardErrorKind::Hc1, ..Inference::default() };
    [Estimator::DifferenceInMeans, Estimator::RegressionAdjustment]
        .map(|estimator| estimate(sample, estimator, &inference).unwrap())
}

fn refute(study: Study, seed: u64) -> Vec<Refutation> {
    let sample = Sample::prepare(study).unwrap();
    let fits = fits(&sample);
    let fits: Vec<&Fit> = fits.iter().collect();
    let plan = Plan { simulations: 200, seed };
    let mut all = placebo_treatment(&sample, &fits, plan).unwrap();
    all.extend(random_common_cause(&fits, plan).unwrap());
    let resampled = resampling(&sample, &fits, plan).unwrap();
    all.extend(resampled.subset);
    all.extend(resampled.bootstrap);
    all
}

#[test]
fn refuters_pass_on_the_experiment() {
    for refutation in refute(nsw(), 1) {
        assert!(!refutation.flagged, "{:?}: {}", refutation.refuter, refutation.finding);
        assert!((0.0..=1.0).contains(&refutation.p_value));
        assert_eq!(refutation.simulations, 200);
        if let Some(interval) = refutation.interval {
            assert!(interval.lower <= refutation.original && refutation.original <= interval.upper);
        }
    }
}

#[test]
fn refuters_know_their_scale() {
    let all = refute(nsw(), 2);
    let deviation = |index: usize| all[index].standard_deviation;
    // Permutation, bootstrap and subset spread of the difference in means against its standard error.
    assert!((deviation(0) / 632.85 - 1.0).abs() < 0.2);
    assert!((deviation(6) / 670.8 - 1.0).abs() < 0.2);
    assert!((deviation(4) / (670.8 * 0.25_f64.sqrt()) - 1.0).abs() < 0.2);
    assert!(all[0].permutation_p_value.unwrap() < 0.05);
}

#[test]
fn a_classical_error_where_variances_differ_is_flagged_by_the_bootstrap() {
    let mut study = nsw();
    // Few treated rows with a large variance: the pooled variance is far too small for them.
    for (row, t) in study.treatment.values.iter_mut().enumerate() {
        *t = f64::from(u8::from(row % 15 == 0));
    }
    study.outcome.values = (0..445_u32)
        .map(|row| if row % 15 == 0 { f64::from(row * 37 % 101) - 50.0 } else { f64::from(row % 3) })
        .collect();
    let sample = Sample::prepare(study).unwrap();
    let inference = Inference { standard_error: StandardErrorKind::Classical, ..Inference::default() };
    let fit = estimate(&sample, Estimator::DifferenceInMeans, &inference).unwrap();
    let found = resampling(&sample, &[&fit], Plan { simulations: 200, seed: 1 }).unwrap();
    assert!(found.bootstrap[0].flagged, "{}", found.bootstrap[0].finding);
}

/// Cinelli-Hazlett 2020, section 5: RV 13.9 %, RV at alpha 7.6 %, and the bounds from `female`.
#[test]
fn darfur_sensitivity_agrees() {
    let sample = Sample::prepare(darfur()).unwrap();
    let fit = estimate(&sample, Estimator::RegressionAdjustment, &Inference::default()).unwrap();
    let found = unobserved_confounder(&sample, &fit, &SensitivityOptions::default()).unwrap();
    close(found.partial_r2, 0.021_873_093_341_109_522);
    close(found.robustness_value, 0.138_776_353_893_587_7);
    close(found.robustness_value_alpha, 0.076_257_965_544_858_93);
    let female: Vec<_> = found.benchmarks.iter().filter(|bound| bound.covariate == "female").collect();
    // (strength, with treatment, with outcome, estimate, error, lower, upper) of PySensemakr 0.0.8 on this file.
    let published = [
        [
            1.0,
            0.009_164_286_675_045_85,
            0.124_640_923_036_366_88,
            0.075_220_271_214_455_13,
            0.021_873_327_743_757_005,
            0.032_282_965_727_450_99,
            0.118_157_576_701_459_27,
        ],
        [
            2.0,
            0.018_328_573_350_091_7,
            0.249_324_064_199_969_28,
            0.052_915_172_384_461_744,
            0.020_350_062_077_963_534,
            0.012_968_034_831_493_46,
            0.092_862_309_937_430_03,
        ],
        [
            3.0,
            0.027_492_860_025_137_55,
            0.374_050_471_038_085_4,
            0.030_396_023_464_168_823,
            0.018_670_064_817_092_283,
            -0.006_253_282_297_843_575,
            0.067_045_329_226_181_23,
        ],
    ];
    assert_eq!(female.len(), published.len());
    for (bound, expected) in female.iter().zip(published) {
        let found = [
            bound.strength,
            bound.with_treatment,
            bound.with_outcome,
            bound.estimate,
            bound.standard_error,
            bound.lower,
            bound.upper,
        ];
        // The package takes the critical value of its intervals at 783 degrees of freedom, where it and the
        // paper take 782 for the robustness value: 2e-6 of the margin, so fewer digits are compared.
        for (found, expected) in found.into_iter().zip(expected) {
            assert!((found - expected).abs() < 1e-7 + 1e-6 * expected.abs(), "{found} differs from {expected}");
        }
    }
    assert_eq!(found.strongest_covariate.as_deref(), Some("female"));
    assert!(!found.flagged);
    assert_eq!(found.contour.estimates.len(), found.contour.with_outcome.len());
    close(found.contour.estimates[0][0], fit.estimate.value);
}

#[test]
fn balance_tells_the_experiment_from_the_comparison_group() {
    let experiment = balance(&Sample::prepare(nsw()).unwrap());
    // The known imbalance of the sample: nodegree, about 0.3 standard deviations.
    assert_eq!(
        experiment.rows.iter().filter(|row| row.flagged).map(|row| row.covariate.as_str()).collect::<Vec<_>>(),
        ["nodegree"]
    );
    let comparison = balance(&Sample::prepare(nsw_with_cps()).unwrap());
    assert!(comparison.warnings.iter().any(|warning| warning.message.contains("'black'")), "{:?}", comparison.warnings);
    let black = comparison.rows.iter().find(|row| row.covariate == "black").unwrap();
    assert!((black.value - 2.43).abs() < 0.02, "{}", black.value);
}

#[test]
fn a_randomised_design_is_checked() {
    let sample = Sample::prepare(nsw()).unwrap();
    let [_, fit] = fits(&sample);
    let joint = joint_balance(&sample, &fit).unwrap();
    assert!((joint.numerator_degrees_of_freedom - 9.0).abs() < 1e-12);
    assert!(joint.p_value > 0.0 && joint.p_value < 1.0);
    let found = split(&sample, Some(0.5)).unwrap().unwrap();
    assert_eq!((found.treated_rows, found.control_rows), (185, 260));
    assert!(found.test.unwrap().flagged);
    assert!(split(&sample, None).unwrap().unwrap().test.is_none());
    assert!(!split(&sample, Some(0.42)).unwrap().unwrap().test.unwrap().flagged);
}

#[test]
fn summaries_by_arm() {
    let sample = Sample::prepare(nsw()).unwrap();
    let all = summaries(&sample);
    let age = all.iter().find(|summary| summary.column == "age").unwrap();
    assert_eq!(age.arms.len(), 2);
    // Dehejia-Wahba 1999, table 1: mean age of treated 25.82, of controls 25.05.
    assert!((age.arms[1].mean - 25.816).abs() < 1e-3 && (age.arms[0].mean - 25.054).abs() < 1e-3);
    assert!((age.arms[1].quantiles[2] - 25.0).abs() < 1e-12);
}
