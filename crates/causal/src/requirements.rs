//! What a study must satisfy before it is computed with: shape, complete rows, finite values, variation.

use crate::error::{CausalError, ColumnCount};
use crate::matrix::centred_sum_of_squares;
use crate::study::{CategoricalColumn, Covariate, MISSING_LEVEL, MissingValues, NumericColumn, Study};

pub(crate) fn check_shape(study: &Study) -> Result<(), CausalError> {
    let expected = study.outcome.values.len();
    let mut names = vec![study.outcome.name.as_str()];
    let mut lengths = vec![(&study.treatment.name, study.treatment.values.len())];
    names.push(&study.treatment.name);
    for covariate in &study.covariates {
        names.push(covariate.name());
    }
    // A cluster column may be a covariate too (village effects, errors clustered by village).
    if let Some(clusters) = &study.clusters {
        lengths.push((&clusters.name, clusters.codes.len()));
    }
    names.sort_unstable();
    if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(CausalError::DuplicateColumn { column: pair[0].to_owned() });
    }
    let covariates = study.covariates.iter().map(|covariate| (covariate.name(), covariate.len()));
    for (column, found) in lengths.into_iter().map(|(name, length)| (name.as_str(), length)).chain(covariates) {
        if found != expected {
            return Err(CausalError::LengthMismatch { column: column.to_owned(), found, expected });
        }
    }
    if expected == 0 { Err(CausalError::Empty) } else { check_levels(study) }
}

fn categorical(study: &Study) -> impl Iterator<Item = &CategoricalColumn> {
    let covariates = study.covariates.iter().filter_map(|covariate| match covariate {
        Covariate::Categorical(column) => Some(column),
        Covariate::Numeric(_) => None,
    });
    covariates.chain(&study.clusters)
}

fn numeric(study: &Study) -> impl Iterator<Item = &NumericColumn> {
    let covariates = study.covariates.iter().filter_map(|covariate| match covariate {
        Covariate::Numeric(column) => Some(column),
        Covariate::Categorical(_) => None,
    });
    [&study.outcome, &study.treatment].into_iter().chain(covariates)
}

fn check_levels(study: &Study) -> Result<(), CausalError> {
    for column in categorical(study) {
        let levels = column.levels.len();
        if let Some(&code) = column.codes.iter().find(|&&code| code != MISSING_LEVEL && code as usize >= levels) {
            return Err(CausalError::UnknownLevel { column: column.name.clone(), code, levels });
        }
    }
    Ok(())
}

/// Returns the missing values per column; rows are removed only with the caller's leave.
pub(crate) fn drop_incomplete_rows(study: &mut Study) -> Result<Vec<ColumnCount>, CausalError> {
    let total_rows = study.outcome.values.len();
    let mut complete = vec![true; total_rows];
    let mut columns = Vec::new();
    let mut note = |name: &str, missing: &mut dyn Iterator<Item = bool>| {
        let mut rows = 0;
        for (flag, missing) in complete.iter_mut().zip(missing) {
            *flag &= !missing;
            rows += usize::from(missing);
        }
        // A column may be covariate and cluster at once: say it once.
        if rows > 0 && columns.iter().all(|known: &ColumnCount| known.column != name) {
            columns.push(ColumnCount { column: name.to_owned(), rows });
        }
    };
    for column in numeric(study) {
        note(&column.name, &mut column.values.iter().map(|value| value.is_nan()));
    }
    for column in categorical(study) {
        note(&column.name, &mut column.codes.iter().map(|&code| code == MISSING_LEVEL));
    }
    let kept = complete.iter().filter(|&&flag| flag).count();
    if kept == total_rows {
        return Ok(columns);
    }
    if study.missing == MissingValues::Refuse {
        return Err(CausalError::MissingValues { columns, rows: total_rows - kept, total_rows });
    }
    if kept == 0 {
        return Err(CausalError::NoCompleteRows { columns, total_rows });
    }
    retain(study, &complete);
    Ok(columns)
}

fn retain(study: &mut Study, complete: &[bool]) {
    fn keep<T>(values: &mut Vec<T>, complete: &[bool]) {
        let mut flags = complete.iter();
        values.retain(|_| flags.next().copied().unwrap_or(false));
    }
    keep(&mut study.outcome.values, complete);
    keep(&mut study.treatment.values, complete);
    for covariate in &mut study.covariates {
        match covariate {
            Covariate::Numeric(column) => keep(&mut column.values, complete),
            Covariate::Categorical(column) => keep(&mut column.codes, complete),
        }
    }
    if let Some(clusters) = &mut study.clusters {
        keep(&mut clusters.codes, complete);
    }
}

pub(crate) fn check_finite(study: &Study) -> Result<(), CausalError> {
    let columns: Vec<ColumnCount> = numeric(study)
        .map(|column| ColumnCount {
            column: column.name.clone(),
            rows: column.values.iter().filter(|value| value.is_infinite()).count(),
        })
        .filter(|count| count.rows > 0)
        .collect();
    if columns.is_empty() { Ok(()) } else { Err(CausalError::NonFinite { columns }) }
}

/// Whether a column has one value only, up to rounding of that value.
pub(crate) fn is_constant(values: &[f64]) -> bool {
    let largest = values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    centred_sum_of_squares(values) <= 1e-24 * largest * largest * values.len() as f64
}

pub(crate) fn check_variation(study: &Study) -> Result<(), CausalError> {
    let rows = study.outcome.values.len();
    if is_constant(&study.treatment.values) {
        let first = study.treatment.values[0];
        let label = study.arm_labels.as_ref().and_then(|labels| {
            labels
                .iter()
                .zip([0.0_f64, 1.0])
                .find(|(_, code)| (code - first).abs() < 0.5)
                .map(|(label, _)| label.clone())
        });
        let value = label.map_or_else(|| first.to_string(), |label| format!("'{label}'"));
        return Err(CausalError::ConstantTreatment { column: study.treatment.name.clone(), value, rows });
    }
    if is_constant(&study.outcome.values) {
        let value = study.outcome.values[0];
        return Err(CausalError::ConstantOutcome { column: study.outcome.name.clone(), value, rows });
    }
    Ok(())
}
