//! Doubly robust estimators, contrasts of several arms and before-after analyses: `DoubleML` 0.11.4 and
//! statsmodels 0.15 on the same rows and folds (`testdata/doubly_robust_reference.py`), known truth, refusals.

use causal::ancova::before_after;
use causal::boosting::BoostingOptions;
use causal::doubly_robust::contrasts::{ArmsStudy, ContrastEstimator, Contrasts, contrasts};
use causal::doubly_robust::{
    DoublyRobustEstimator, DoublyRobustOptions, FoldPlan, Learner, PartiallyLinearScore, Population, doubly_robust,
};
use causal::synthetic::{COVARIATES, observational};
use causal::{
    CausalError, Covariate, Inference, MissingValues, NumericColumn, ReferenceDistribution, Sample, Study, WarningCode,
};

use crate::data::Table;

pub(crate) const COLUMNS: [&str; 6] = ["x1", "x2", "x3", "x4", "x5", "x6"];

pub(crate) fn table() -> Table {
    Table::read("doubly_robust.csv")
}

fn fold_numbers(values: &[f64]) -> FoldPlan {
    FoldPlan::Given(values.iter().map(|&value| format!("{value}").parse().unwrap()).collect())
}

pub(crate) fn options() -> DoublyRobustOptions {
    DoublyRobustOptions { folds: fold_numbers(&table().numbers("fold")), ..DoublyRobustOptions::default() }
}

pub(crate) fn close(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() <= 1e-6 * expected.abs(), "{what}: {found} is not {expected}");
}

fn check(treatment: &str, estimator: DoublyRobustEstimator, value: f64, standard_error: f64) {
    let sample = Sample::prepare(table().study("y", treatment, &COLUMNS)).unwrap();
    let fit = doubly_robust(&sample, estimator, &options()).unwrap();
    close(fit.estimate.value, value, &format!("{estimator:?} of {treatment}"));
    close(fit.estimate.standard_error, standard_error, &format!("error of {estimator:?} of {treatment}"));
    assert!(fit.estimate.score.mean_influence.abs() < 1e-10);
    let squares: f64 = fit.influence.iter().map(|value| value * value).sum();
    close(squares.sqrt() / 600.0, standard_error, "error from the influence");
}

#[test]
fn partially_linear_as_doubleml() {
    let [out, iv] = [PartiallyLinearScore::PartiallingOut, PartiallyLinearScore::IvType]
        .map(DoublyRobustEstimator::PartiallyLinear);
    check("t", out, 2.201_084_487_279_221_7, 0.124_984_819_681_716_25);
    check("t", iv, 2.201_084_487_279_222, 0.126_433_811_457_551_45);
    check("dose", out, 0.349_675_189_749_83, 0.058_281_114_123_565_3);
    check("dose", iv, 0.349_675_189_749_830_14, 0.058_840_901_255_130_61);
}

#[test]
fn aipw_as_doubleml() {
    let [all, treated] = [Population::All, Population::Treated].map(DoublyRobustEstimator::Aipw);
    check("t", all, 2.287_995_336_403_025_4, 0.136_534_509_671_141_75);
    check("t", treated, 2.457_932_599_554_129, 0.146_251_928_788_861_65);
}

fn arms_study() -> ArmsStudy {
    let study = table().study("y", "t", &COLUMNS);
    ArmsStudy {
        outcome: study.outcome,
        treatment: table().categories("arm"),
        control: "none".into(),
        covariates: study.covariates,
        clusters: None,
        missing: MissingValues::Refuse,
    }
}

fn compare(estimator: ContrastEstimator) -> Contrasts {
    let inference = Inference { distribution: ReferenceDistribution::Normal, ..Inference::default() };
    contrasts(&arms_study(), estimator, &inference, &options()).unwrap()
}

#[test]
fn several_arms_as_doubleml_and_statsmodels() {
    let expected = [
        (ContrastEstimator::Aipw, "email", 1.883_043_699_341_189_6, 0.156_768_474_783_819_6),
        (ContrastEstimator::Aipw, "visit", 2.681_106_533_510_181_6, 0.178_353_311_420_259_45),
        (ContrastEstimator::RegressionAdjustment, "email", 1.852_148_769_961_312_6, 0.147_297_666_693_19),
        (ContrastEstimator::RegressionAdjustment, "visit", 2.480_179_767_156_03, 0.148_500_518_098_640_68),
    ];
    for (estimator, arm, value, standard_error) in expected {
        let table = compare(estimator);
        let contrast = table.contrasts.iter().find(|contrast| contrast.arm == arm).unwrap();
        close(contrast.value, value, arm);
        close(contrast.standard_error, standard_error, arm);
        assert!(contrast.adjusted_p_value >= contrast.p_value);
        assert_eq!((contrast.control.as_str(), contrast.arm_rows + contrast.control_rows < 600), ("none", true));
    }
    // The definition, by hand: means of the rows of each arm.
    let (arms, outcome) = (table().categories("arm"), table().numbers("y"));
    let mean = |level: &str| {
        let rows: Vec<f64> =
            (0..600).filter(|&row| arms.levels[arms.codes[row] as usize] == level).map(|row| outcome[row]).collect();
        rows.iter().sum::<f64>() / rows.len() as f64
    };
    for contrast in compare(ContrastEstimator::DifferenceInMeans).contrasts {
        close(contrast.value, mean(&contrast.arm) - mean("none"), &contrast.arm);
    }
}

#[test]
fn before_and_after_as_statsmodels() {
    let study = table().study("y", "t", &COLUMNS);
    let found =
        before_after(&study, &NumericColumn::new("before", table().numbers("before")), &Inference::default()).unwrap();
    close(found.ancova.estimate.value, 2.118_549_372_084_234_3, "ANCOVA");
    close(found.ancova.estimate.standard_error, 0.117_677_194_621_137_82, "error of ANCOVA");
    close(found.change_score.estimate.value, 2.062_313_073_198_449_6, "change score");
    close(found.change_score.estimate.standard_error, 0.124_029_219_700_935_29, "error of the change score");
    let comparison = &found.comparison;
    close(comparison.difference, 2.118_549_372_084_234_3 - 2.062_313_073_198_449_6, "difference");
    assert!(!comparison.apart && comparison.finding.contains("agree within chance"), "{}", comparison.finding);
    assert!(comparison.ancova_estimand.contains("same 'before'"));
    assert!(comparison.bracket.lower <= found.ancova.estimate.interval.lower);
}

#[test]
fn lords_paradox_is_said() {
    // Two groups that keep their own level: no change in either, yet the same baseline regresses to
    // another mean. Lord 1967.
    let wave = |row: usize, factor: f64| (row as f64 * factor).sin() * 3.0;
    let group = |row: usize| f64::from(u8::from(row % 2 == 1));
    let level = |row: usize| 60.0 + 10.0 * group(row) + wave(row, 0.7);
    let study = Study {
        outcome: NumericColumn::new("june", (0..400).map(|row| level(row) + wave(row, 1.3)).collect()),
        treatment: NumericColumn::new("group", (0..400).map(group).collect()),
        arm_labels: None,
        covariates: Vec::new(),
        clusters: None,
        missing: MissingValues::Refuse,
    };
    let before = NumericColumn::new("september", (0..400).map(|row| level(row) + wave(row, 2.9)).collect());
    let found = before_after(&study, &before, &Inference::default()).unwrap();
    assert!(found.change_score.estimate.p_value > 0.05 && found.ancova.estimate.p_value < 1e-6);
    assert!(found.comparison.apart && found.comparison.finding.contains("differ by more than chance"));
}

/// The observational law, whose truth is 2; a linear model is biased upwards by a tenth.
fn synthetic(rows: usize) -> (Study, Vec<f64>) {
    let data = observational(rows, 20_240_601);
    let column = |name: &str| NumericColumn::new(name, data.column(name).unwrap().to_vec());
    let study = Study {
        outcome: column("y"),
        treatment: column("t"),
        arm_labels: None,
        covariates: (1..=COVARIATES).map(|number| Covariate::Numeric(column(&format!("x{number}")))).collect(),
        clusters: None,
        missing: MissingValues::Refuse,
    };
    (study, data.column("fold").unwrap().to_vec())
}

#[test]
fn boosted_learners_find_what_linear_ones_miss_on_any_number_of_threads() {
    let (study, fold) = synthetic(10_000);
    let sample = Sample::prepare(study).unwrap();
    let boosted = DoublyRobustOptions {
        folds: fold_numbers(&fold),
        learner: Learner::Boosted(BoostingOptions::default()),
        ..DoublyRobustOptions::default()
    };
    let aipw = DoublyRobustEstimator::Aipw(Population::All);
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| doubly_robust(&sample, aipw, &boosted).unwrap())
    };
    let (one, three) = (run(1), run(3));
    assert_eq!(one.estimate, three.estimate);
    assert_eq!(one.influence, three.influence);
    let estimate = &one.estimate;
    assert!((estimate.value - 2.0).abs() < 2.0 * estimate.standard_error, "{estimate:?}");
    assert!(estimate.standard_error < 0.03, "{estimate:?}");
    let linear = DoublyRobustOptions { learner: Learner::Linear, ..boosted };
    let linear = doubly_robust(&sample, aipw, &linear).unwrap();
    for (better, worse) in estimate.nuisances.iter().zip(&linear.estimate.nuisances) {
        assert!(better.r_squared > worse.r_squared, "{better:?} {worse:?}");
        assert_eq!(better.rounds.len(), 5);
    }
}

/// Stopping at the best prediction leaves in both models what is faintest, and confounded; twice the rounds
/// must take a good part of that bias away on draws of the law, and the error must not grow for it.
#[test]
fn the_refit_takes_bias_of_stopping_early_away() {
    let run = |seed: u64, refit: f64| {
        let data = observational(6_000, seed);
        let column = |name: &str| NumericColumn::new(name, data.column(name).unwrap().to_vec());
        let study = Study {
            outcome: column("y"),
            treatment: column("t"),
            arm_labels: None,
            covariates: (1..=COVARIATES).map(|number| Covariate::Numeric(column(&format!("x{number}")))).collect(),
            clusters: None,
            missing: MissingValues::Refuse,
        };
        let learner = Learner::Boosted(BoostingOptions { refit, ..BoostingOptions::default() });
        let options = DoublyRobustOptions { folds: FoldPlan::Dealt(3), learner, ..DoublyRobustOptions::default() };
        let sample = Sample::prepare(study).unwrap();
        let fit = doubly_robust(&sample, DoublyRobustEstimator::Aipw(Population::All), &options).unwrap();
        (fit.estimate.value, fit.estimate.standard_error)
    };
    let (mut moved, mut widened) = (0.0, 0.0);
    for seed in 1..=4 {
        let (stopped, refitted) = (run(seed, 0.0), run(seed, 2.0));
        moved += (stopped.0 - refitted.0) / 4.0;
        widened += refitted.1 / stopped.1 / 4.0;
    }
    // The bias is upwards, some 0.04 here.
    assert!(moved > 0.005, "{moved}");
    assert!(widened < 1.1, "{widened}");
}

#[test]
fn what_cannot_be_computed_is_named() {
    let continuous = Sample::prepare(table().study("y", "dose", &COLUMNS)).unwrap();
    let aipw = DoublyRobustEstimator::Aipw(Population::All);
    let error = doubly_robust(&continuous, aipw, &DoublyRobustOptions::default()).unwrap_err();
    assert!(matches!(error, CausalError::TreatmentNotBinary { .. }));
    let sample = Sample::prepare(table().study("y", "t", &COLUMNS)).unwrap();
    let said = |options: DoublyRobustOptions| doubly_robust(&sample, aipw, &options).unwrap_err().to_string();
    assert!(said(DoublyRobustOptions { clip: 0.5, ..options() }).contains("clip of the propensities is 0.5"));
    assert!(said(DoublyRobustOptions { confidence: 1.0, ..options() }).contains("confidence level is 1"));
    let short = DoublyRobustOptions { folds: FoldPlan::Given(vec![0, 1]), ..options() };
    assert!(said(short).contains("fold"));
    let elsewhere = ArmsStudy { control: "letter".into(), ..arms_study() };
    let error = contrasts(&elsewhere, ContrastEstimator::Aipw, &Inference::default(), &options()).unwrap_err();
    assert!(error.to_string().contains("control arm is 'letter'"), "{error}");
    let twice = table().study("y", "t", &["x1", "before"]);
    let baseline = NumericColumn::new("before", table().numbers("before"));
    let error = before_after(&twice, &baseline, &Inference::default()).unwrap_err();
    assert!(error.to_string().contains("'before' is used more than once"), "{error}");
}

#[test]
fn clipping_is_counted_and_clusters_widen_the_error() {
    let sample = Sample::prepare(table().study("y", "t", &COLUMNS)).unwrap();
    let aipw = DoublyRobustEstimator::Aipw(Population::All);
    let fit = doubly_robust(&sample, aipw, &DoublyRobustOptions { clip: 0.4, ..options() }).unwrap();
    let clipped = fit.estimate.propensities.unwrap();
    let at_clip = fit
        .propensities
        .unwrap()
        .iter()
        .filter(|&&value| (value - 0.4).abs() < 1e-12 || (value - 0.6).abs() < 1e-12)
        .count();
    assert_eq!(clipped.clipped_rows, at_clip);
    assert!(fit.estimate.warnings.iter().any(|warning| warning.code == WarningCode::PoorOverlap));
    // Every row five times, as a cluster of five: the same error as once, up to the folds.
    let repeat = |values: Vec<f64>| values.into_iter().flat_map(|value| [value; 5]).collect::<Vec<f64>>();
    let mut study = table().study("y", "t", &COLUMNS);
    let fold = repeat(table().numbers("fold"));
    study.outcome.values = repeat(study.outcome.values);
    study.treatment.values = repeat(study.treatment.values);
    for covariate in &mut study.covariates {
        if let Covariate::Numeric(column) = covariate {
            column.values = repeat(std::mem::take(&mut column.values));
        }
    }
    let names: Vec<String> = (0..3_000).map(|row| format!("{:03}", row / 5)).collect();
    study.clusters = Some(causal::CategoricalColumn::from_texts("unit", names.iter().map(|name| Some(name.as_str()))));
    let sample = Sample::prepare(study).unwrap();
    let clustered = DoublyRobustOptions { folds: fold_numbers(&fold), ..DoublyRobustOptions::default() };
    let fit = doubly_robust(&sample, aipw, &clustered).unwrap();
    close(fit.estimate.standard_error, 0.136_534_509_671_141_75, "error of rows given five times");
    assert!(fit.estimate.standard_error_meaning.contains("600 clusters of 'unit'"));
}
