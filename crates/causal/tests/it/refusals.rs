//! What is refused, and what is warned of: by name, never with a silent number.

use causal::{
    CategoricalColumn, CausalError, Covariate, Estimator, Inference, MissingValues, NumericColumn, Sample,
    StandardErrorKind, Study, WarningCode, estimate,
};

fn study(columns: &[(&str, &[f64])]) -> Study {
    let column = |&(name, values): &(&str, &[f64])| NumericColumn::new(name, values.to_vec());
    Study {
        outcome: column(&columns[0]),
        treatment: column(&columns[1]),
        arm_labels: None,
        covariates: columns[2..].iter().map(|given| Covariate::Numeric(column(given))).collect(),
        clusters: None,
        missing: MissingValues::Refuse,
    }
}

const Y: &[f64] = &[1.0, 2.5, 3.0, 4.5, 2.0, 6.0, 7.5, 5.0, 9.0, 4.0];
const T: &[f64] = &[0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0];
const X: &[f64] = &[0.3, -1.0, 2.0, 0.7, 1.4, -0.2, 0.9, 3.1, -2.2, 0.0];

fn run(study: Study, kind: StandardErrorKind) -> Result<causal::Fit, CausalError> {
    let inference = Inference { standard_error: kind, ..Inference::default() };
    estimate(&Sample::prepare(study)?, Estimator::RegressionAdjustment, &inference)
}

fn refused(study: Study) -> String {
    run(study, StandardErrorKind::Hc1).unwrap_err().to_string()
}

#[test]
fn missing_values_are_named_and_counted() {
    let mut x = X.to_vec();
    x[2] = f64::NAN;
    x[7] = f64::NAN;
    let mut incomplete = study(&[("sales", Y), ("visit", T), ("age", &x)]);
    let message = refused(incomplete.clone());
    assert!(message.contains("2 of 10 rows") && message.contains("'age' (2)"), "{message}");
    incomplete.missing = MissingValues::DropRows;
    let sample = Sample::prepare(incomplete).unwrap();
    assert_eq!((sample.rows(), sample.rows_dropped()), (8, 2));
    assert_eq!(sample.warnings()[0].code, WarningCode::RowsDropped);
}

#[test]
fn missing_levels_count_too() {
    let mut given = study(&[("y", Y), ("t", T)]);
    let levels = ["a", "b", "a", "b", "a", "b", "a", "b", "a"].into_iter().map(Some).chain([None]);
    given.covariates.push(Covariate::Categorical(CategoricalColumn::from_texts("region", levels)));
    assert!(refused(given).contains("'region' (1)"));
    let all_missing = study(&[("y", &[f64::NAN; 3]), ("t", &[0.0, 1.0, 0.0])]);
    let dropped = Study { missing: MissingValues::DropRows, ..all_missing };
    assert!(refused(dropped).contains("no complete rows"));
}

#[test]
fn infinities_are_refused() {
    let mut x = X.to_vec();
    x[4] = f64::INFINITY;
    assert_eq!(refused(study(&[("y", Y), ("t", T), ("x", &x)])), "infinite values in 'x' (1); correct or remove them");
}

#[test]
fn columns_without_variation() {
    assert!(refused(study(&[("y", Y), ("t", &[1.0; 10])])).contains("treatment 't' has the single value 1"));
    assert!(refused(study(&[("y", &[0.1; 10]), ("t", T)])).contains("outcome 'y' has the single value 0.1"));
    let fit = run(study(&[("y", Y), ("t", T), ("year", &[2024.1; 10])]), StandardErrorKind::Hc1).unwrap();
    assert_eq!(fit.estimate.warnings[0].code, WarningCode::ConstantCovariate);
}

#[test]
fn collinear_covariates_are_dropped_with_a_warning() {
    let double: Vec<f64> = X.iter().map(|x| 3.0 - 2.0 * x).collect();
    let with = run(study(&[("y", Y), ("t", T), ("x", X), ("copy", &double)]), StandardErrorKind::Hc2).unwrap();
    let without = run(study(&[("y", Y), ("t", T), ("x", X)]), StandardErrorKind::Hc2).unwrap();
    let warning = &with.estimate.warnings[0];
    assert_eq!(warning.code, WarningCode::CollinearCovariate);
    assert!(warning.message.contains("'copy'") && warning.message.contains("of 'x'"), "{}", warning.message);
    assert!((with.estimate.value - without.estimate.value).abs() < 1e-12);
    assert!((with.estimate.standard_error - without.estimate.standard_error).abs() < 1e-12);
}

#[test]
fn a_collinear_treatment_is_refused_and_its_twins_named() {
    let other: Vec<f64> = T.iter().zip(X).map(|(t, x)| 5.0 * t - x).collect();
    let message = refused(study(&[("y", Y), ("t", T), ("x", X), ("mix", &other)]));
    assert!(message.contains("treatment 't'") && message.contains("'x'") && message.contains("'mix'"), "{message}");
}

#[test]
fn a_treatment_constant_within_the_absorbed_category_is_refused() {
    let rows = 200;
    let labels: Vec<String> = (0..rows).map(|row| format!("shop {:03}", row / 4)).collect();
    let outcome: Vec<f64> = (0..rows).map(|row| f64::from(row * 37 % 101)).collect();
    let treatment: Vec<f64> = (0..rows).map(|row| f64::from(row / 4 % 2)).collect();
    let mut given = study(&[("y", &outcome), ("t", &treatment)]);
    let shops = CategoricalColumn::from_texts("shop", labels.iter().map(|label| Some(label.as_str())));
    given.covariates.push(Covariate::Categorical(shops));
    assert!(refused(given).contains("exact linear combination of 'shop'"));
}

#[test]
fn too_few_rows() {
    let message = refused(study(&[("y", &Y[..4]), ("t", &T[..4]), ("x", &X[..4]), ("z", &Y[6..])]));
    assert!(message.contains("4 rows cannot identify 4 parameters"), "{message}");
    assert!(matches!(Sample::prepare(study(&[("y", &[]), ("t", &[])])), Err(CausalError::Empty)));
}

#[test]
fn a_leak_of_the_outcome_is_refused() {
    let leak: Vec<f64> = Y.iter().zip(T).map(|(y, t)| 2.0 * y - t).collect();
    assert!(refused(study(&[("y", Y), ("t", T), ("leak", &leak)])).contains("reproduce outcome 'y' exactly"));
}

#[test]
fn roles_and_lengths() {
    assert!(refused(study(&[("y", Y), ("t", T), ("t", X)])).contains("'t' is used more than once"));
    assert!(refused(study(&[("y", Y), ("t", T), ("x", &X[..9])])).contains("'x' has 9 rows but the outcome has 10"));
}

#[test]
fn robust_errors_that_do_not_exist() {
    let one_treated: Vec<f64> = (0..10).map(|row| f64::from(u8::from(row == 3))).collect();
    let given = study(&[("y", Y), ("t", &one_treated), ("x", X)]);
    let error = run(given.clone(), StandardErrorKind::Hc3).unwrap_err();
    assert!(matches!(error, CausalError::UndefinedStandardError { kind: "HC3", rows: 1 }), "{error}");
    assert!(run(given.clone(), StandardErrorKind::Classical).is_ok());
    assert!(matches!(run(given, StandardErrorKind::Cluster), Err(CausalError::NoClusters)));
}

#[test]
fn options_out_of_range() {
    let sample = Sample::prepare(study(&[("y", Y), ("t", T)])).unwrap();
    for confidence in [0.0, 1.0, f64::NAN, 95.0] {
        let inference = Inference { confidence, ..Inference::default() };
        let error = estimate(&sample, Estimator::DifferenceInMeans, &inference).unwrap_err();
        assert!(error.to_string().contains("confidence level"), "{error}");
    }
}

#[test]
fn two_values_make_a_binary_treatment() {
    let coded: Vec<f64> = T.iter().map(|t| 3.0 + 4.0 * t).collect();
    let sample = Sample::prepare(study(&[("y", Y), ("t", &coded)])).unwrap();
    let causal::TreatmentKind::Binary { control, treated, control_rows, treated_rows } = sample.treatment_kind() else {
        panic!("not binary");
    };
    assert_eq!((control.as_str(), treated.as_str(), *control_rows, *treated_rows), ("3", "7", 5, 5));
}
