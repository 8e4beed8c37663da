//! Weighting, overlap and their refuters: the published value, laws that hold exactly, known truth.

use causal::overlap::{OverlapRule, overlap};
use causal::propensity::propensity;
use causal::refute::Refuter;
use causal::weighting::{
    Budget, Estimand, Trimming, WEIGHTING_LABEL, WeightingErrorKind, WeightingFit, WeightingOptions, refute_weighting,
    weighting,
};
use causal::{CausalError, Covariate, MissingValues, NumericColumn, Sample, Study, WarningCode};

use crate::data::{Table, nsw, nsw_with_cps};
use crate::published::close;

/// The specification of What If, 12.2.
fn nhefs() -> Sample {
    let table = Table::read("nhefs.csv.gz");
    let squared = ["age", "age^2", "smokeintensity", "smokeintensity^2", "smokeyrs", "smokeyrs^2", "wt71", "wt71^2"];
    let mut study = table.study("wt82_71", "qsmk", &squared);
    for name in ["sex", "race", "education", "exercise", "active"] {
        study.covariates.push(Covariate::Categorical(table.categories(name)));
    }
    study.missing = MissingValues::DropRows;
    Sample::prepare(study).unwrap()
}

/// Well-behaved data: two covariates, a mild propensity, effect 1.
pub(crate) fn benign(rows: usize, seed: u64) -> Study {
    let data = causal::synthetic::observational(rows, seed);
    let column = |name: &str| data.column(name).unwrap();
    let chance = |x: f64, p: f64| f64::from(u8::from(1.0 / (1.0 + (-0.5 * x).exp()) > p));
    // x12 is independent of the rest; its distribution function (logistic approximation) makes it a uniform coin.
    let coin: Vec<f64> = column("x12").iter().map(|z| 1.0 / (1.0 + (-1.702 * z).exp())).collect();
    let treatment: Vec<f64> = column("x1").iter().zip(&coin).map(|(x, p)| chance(*x, *p)).collect();
    let outcome = (0..rows).map(|row| treatment[row] + column("x1")[row] + column("x13")[row]).collect();
    let covariate = |name: &str| Covariate::Numeric(NumericColumn::new(name, column(name).to_vec()));
    Study {
        outcome: NumericColumn::new("y", outcome),
        treatment: NumericColumn::new("t", treatment),
        arm_labels: None,
        covariates: vec![covariate("x1"), covariate("x14")],
        clusters: None,
        missing: MissingValues::Refuse,
    }
}

fn fit(sample: &Sample, estimand: Estimand, trimming: Trimming) -> WeightingFit {
    weighting(sample, &WeightingOptions { estimand, trimming, ..WeightingOptions::default() }).unwrap()
}

#[test]
fn what_if_chapter_12() {
    let sample = nhefs();
    let options = WeightingOptions { standard_error: WeightingErrorKind::WeightsKnown, ..WeightingOptions::default() };
    let found = weighting(&sample, &options).unwrap().estimate;
    assert_eq!(found.rows, 1566);
    close(found.value, 3.440_535_429_646_130_3);
    close(found.standard_error, 0.525_493_553_014_348_3);
    // For the average effect, weights that are estimated do better than weights that are known.
    assert!(found.standard_error_propensity_estimated < found.standard_error_weights_known);
}

#[test]
fn a_saturated_model_weights_to_the_stratified_difference() {
    // With one binary covariate, weighting is standardisation: sum of strata's differences by their size.
    let x = [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
    let t = [0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0];
    let y = [1.0, 2.0, 4.0, 3.0, 6.0, 2.5, 0.5, 7.0, 5.0, 4.0, 9.0, 6.5];
    let study = Study {
        outcome: NumericColumn::new("y", y.to_vec()),
        treatment: NumericColumn::new("t", t.to_vec()),
        arm_labels: None,
        covariates: vec![Covariate::Numeric(NumericColumn::new("x", x.to_vec()))],
        clusters: None,
        missing: MissingValues::Refuse,
    };
    let sample = Sample::prepare(study).unwrap();
    let (zero, one) = (4.5 - 7.0 / 3.0, 6.3 - 1.5);
    let average = fit(&sample, Estimand::AverageEffect, Trimming::None).estimate;
    close(average.value, (5.0 * zero + 7.0 * one) / 12.0);
    let treated = fit(&sample, Estimand::EffectOnTreated, Trimming::None).estimate;
    close(treated.value, (2.0 * zero + 5.0 * one) / 7.0);
    // Its M-estimation variance is that of the stratified estimator with estimated shares of strata:
    // sum over cells of (share)² s²/n (divisor n), plus the variance of the strata's effects over n.
    let cell = |stratum: f64, arm: f64| {
        let own: Vec<f64> =
            (0..12).filter(|&i| (x[i] - stratum).abs() < 0.5 && (t[i] - arm).abs() < 0.5).map(|i| y[i]).collect();
        let mean = own.iter().sum::<f64>() / own.len() as f64;
        own.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (own.len() as f64).powi(2)
    };
    let share = [5.0 / 12.0, 7.0 / 12.0];
    let within: f64 =
        [0.0, 1.0].iter().zip(share).map(|(s, share)| share * share * (cell(*s, 0.0) + cell(*s, 1.0))).sum();
    let between = share[0] * share[1] * (zero - one).powi(2) / 12.0;
    close(average.standard_error_propensity_estimated.powi(2), within + between);
}

#[test]
fn propensities_of_the_mle_balance_the_scores() {
    let sample = nhefs();
    let (_, model) = propensity(&sample).unwrap();
    let treated: f64 = sample.treatment_values().iter().sum();
    close(model.probabilities.iter().sum(), treated);
    assert!(model.iterations < 10 && model.warnings.is_empty());
}

#[test]
fn estimates_on_lalonde_flag_overlap() {
    let sample = Sample::prepare(nsw_with_cps()).unwrap();
    for estimand in [Estimand::AverageEffect, Estimand::EffectOnTreated] {
        let fit = fit(&sample, estimand, Trimming::None);
        let found = overlap(&sample, &fit);
        let rules: Vec<OverlapRule> = found.flags.iter().map(|flag| flag.rule).collect();
        assert!(rules.contains(&OverlapRule::ExtremePropensities), "{rules:?}");
        assert!(rules.contains(&OverlapRule::OutsideCommonSupport), "{rules:?}");
        assert_eq!(found.warnings[0].code, WarningCode::PoorOverlap);
        assert_eq!(found.histograms[0].iter().sum::<usize>(), 185);
        assert_eq!(found.histograms[1].iter().sum::<usize>(), 15_992);
    }
    // Weighting to the treated brings the comparison group close to the experiment's arms.
    let treated = fit(&sample, Estimand::EffectOnTreated, Trimming::None);
    let found = overlap(&sample, &treated);
    let largest = |rows: &[causal::diagnostics::BalanceRow]| rows.iter().map(|row| row.value.abs()).fold(0.0, f64::max);
    assert!(largest(&found.balance_before) > 2.0 && largest(&found.balance_after) < 0.2);
    assert!(treated.estimate.value > 0.0, "{}", treated.estimate.value);
}

#[test]
fn the_experiment_and_benign_data_raise_no_flag() {
    let mut samples = vec![Sample::prepare(nsw()).unwrap()];
    samples.extend((1..=5).map(|seed| Sample::prepare(benign(2000, seed)).unwrap()));
    for sample in &samples[1..] {
        let fit = fit(sample, Estimand::AverageEffect, Trimming::None);
        assert!(overlap(sample, &fit).flags.is_empty(), "{:?}", overlap(sample, &fit).flags);
        assert!((fit.estimate.value - 1.0).abs() < 4.0 * fit.estimate.standard_error);
    }
    let fit = fit(&samples[0], Estimand::AverageEffect, Trimming::None);
    assert!(overlap(&samples[0], &fit).flags.iter().all(|flag| flag.rule == OverlapRule::OutsideCommonSupport));
}

#[test]
fn trimming_counts_and_refuses() {
    let sample = Sample::prepare(nsw_with_cps()).unwrap();
    let cut = fit(&sample, Estimand::AverageEffect, Trimming::Symmetric { cut: 0.1 });
    let kept = cut.model.probabilities.iter().filter(|p| (0.1..=0.9).contains(*p)).count();
    assert_eq!(cut.estimate.rows, kept);
    assert_eq!(kept + cut.estimate.trimmed.iter().sum::<usize>(), 16_177);
    assert!(cut.estimate.warnings.iter().any(|warning| warning.code == WarningCode::RowsTrimmed));
    assert!(overlap(&sample, &cut).balance_after.iter().all(|row| row.value.is_finite()));
    let common = fit(&sample, Estimand::EffectOnTreated, Trimming::CommonSupport);
    assert!(common.estimate.trimmed[1] > 1000);
    let options = WeightingOptions { trimming: Trimming::Symmetric { cut: 0.6 }, ..WeightingOptions::default() };
    assert!(matches!(weighting(&sample, &options), Err(CausalError::InvalidOption { .. })));
    let options = WeightingOptions { trimming: Trimming::Symmetric { cut: 0.499_999 }, ..WeightingOptions::default() };
    assert!(matches!(weighting(&sample, &options), Err(CausalError::NothingLeft { .. })));
}

#[test]
fn refuters_refit_and_keep_their_budget() {
    let sample = Sample::prepare(benign(1500, 3)).unwrap();
    let fit = fit(&sample, Estimand::AverageEffect, Trimming::None);
    let budget = Budget { simulations: 100, most_row_fits: 60 * 1500, seed: 11 };
    let run = |refuter| refute_weighting(&sample, &fit, refuter, budget, &mut || false).unwrap();
    for refuter in [Refuter::PlaceboTreatment, Refuter::RandomCommonCause, Refuter::DataSubset, Refuter::Bootstrap] {
        let found = run(refuter);
        assert_eq!((found.simulations_asked, found.simulations, found.failed_simulations), (100, 60, 0));
        assert!(!found.flagged, "{}", found.finding);
        assert_eq!(found.estimator, WEIGHTING_LABEL);
        assert!(found.warnings[0].message.contains("60 of the 100") && found.warnings[0].message.contains("budget"));
        assert_eq!(found, run(refuter));
    }
    // The bootstrap draws the propensities anew, so it must agree with the error that knows they are estimated.
    let ratio = run(Refuter::Bootstrap).standard_deviation / fit.estimate.standard_error_propensity_estimated;
    assert!((0.7..1.35).contains(&ratio), "{ratio}");
    // With weights of the real treatment a placebo would carry the confounding of x1 into its spread.
    let placebo = run(Refuter::PlaceboTreatment);
    assert!(placebo.mean.abs() < 3.0 * placebo.standard_deviation / 60.0_f64.sqrt());
    let mut left = 7;
    let mut deadline = || {
        left -= 1;
        left == 0
    };
    let stopped = refute_weighting(&sample, &fit, Refuter::Bootstrap, budget, &mut deadline).unwrap();
    assert_eq!((stopped.simulations, stopped.simulations_asked, stopped.rows), (7, 100, 1500));
    assert!(stopped.warnings[0].message.contains("time was up"), "{}", stopped.warnings[0].message);
}

/// Standard errors by the names that the result gives: statsmodels 0.15 `WLS(y, [1, t], weights).fit(cov_type="HC0")`
/// and R sandwich 3.0 `vcovHC(lm(weights), type = "HC0")` for weights taken as known; statsmodels'
/// `TreatmentEffect.ipw` (ATE) and the stacked estimating equations with a numerical derivative for estimated ones.
#[test]
fn standard_errors_are_those_of_the_packages_named() {
    let study = Table::read("doubly_robust.csv").study("y", "t", &["x1", "x2", "x3", "x4", "x5", "x6"]);
    let sample = Sample::prepare(study).unwrap();
    for (estimand, value, known, estimated) in [
        (Estimand::AverageEffect, 2.338_604_818_441_38, 0.222_792_083_347_999, 0.131_775_187_717_8),
        (Estimand::EffectOnTreated, 2.459_058_282_148_62, 0.237_072_317_604_683, 0.161_730_129_176_9),
    ] {
        let fit = weighting(&sample, &WeightingOptions { estimand, ..WeightingOptions::default() }).unwrap();
        close(fit.estimate.value, value);
        close(fit.estimate.standard_error_weights_known, known);
        close(fit.estimate.standard_error_propensity_estimated, estimated);
    }
}
