//! What a panel study must satisfy before it is coded: lengths, known levels, complete and finite rows.

use super::input::{Adoption, PanelStudy, PanelTime};
use crate::error::{CausalError, ColumnCount};
use crate::study::{CategoricalColumn, Covariate, MISSING_LEVEL, MissingValues, NumericColumn};

pub(crate) fn check_lengths(study: &PanelStudy) -> Result<(), CausalError> {
    let expected = study.outcome.values.len();
    let adoption = match &study.adoption {
        Adoption::Path(column) => column.values.len(),
        Adoption::Start { column, .. } => column.len(),
    };
    let mut lengths = vec![
        (study.unit.name.as_str(), study.unit.codes.len()),
        (study.time.name(), study.time.len()),
        (study.adoption.name(), adoption),
    ];
    lengths.extend(study.covariates.iter().map(|covariate| (covariate.name(), covariate.len())));
    let mut names: Vec<&str> = lengths.iter().map(|(name, _)| *name).chain([study.outcome.name.as_str()]).collect();
    names.sort_unstable();
    if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(CausalError::DuplicateColumn { column: pair[0].to_owned() });
    }
    lengths.extend(study.clusters.iter().map(|column| (column.name.as_str(), column.codes.len())));
    if let Some((column, found)) = lengths.into_iter().find(|(_, found)| *found != expected) {
        return Err(CausalError::LengthMismatch { column: column.to_owned(), found, expected });
    }
    if expected == 0 { Err(CausalError::Empty) } else { check_levels(study) }
}

fn categorical(study: &PanelStudy) -> impl Iterator<Item = &CategoricalColumn> {
    let covariates = study.covariates.iter().filter_map(|covariate| match covariate {
        Covariate::Categorical(column) => Some(column),
        Covariate::Numeric(_) => None,
    });
    let time = match &study.time {
        PanelTime::Labels(column) => Some(column),
        PanelTime::Numbers(_) => None,
    };
    [&study.unit].into_iter().chain(time).chain(covariates).chain(&study.clusters)
}

/// The numbers that may not be missing: a missing start means never.
fn numeric(study: &PanelStudy) -> impl Iterator<Item = &NumericColumn> {
    let covariates = study.covariates.iter().filter_map(|covariate| match covariate {
        Covariate::Numeric(column) => Some(column),
        Covariate::Categorical(_) => None,
    });
    let time = match &study.time {
        PanelTime::Numbers(column) => Some(column),
        PanelTime::Labels(_) => None,
    };
    let path = match &study.adoption {
        Adoption::Path(column) => Some(column),
        Adoption::Start { .. } => None,
    };
    [&study.outcome].into_iter().chain(time).chain(path).chain(covariates)
}

fn check_levels(study: &PanelStudy) -> Result<(), CausalError> {
    let start = match &study.adoption {
        Adoption::Start { column: PanelTime::Labels(column), .. } => Some(column),
        _ => None,
    };
    for column in categorical(study).chain(start) {
        let levels = column.levels.len();
        if let Some(&code) = column.codes.iter().find(|&&code| code != MISSING_LEVEL && code as usize >= levels) {
            return Err(CausalError::UnknownLevel { column: column.name.clone(), code, levels });
        }
    }
    Ok(())
}

/// Counted rather than looked for: most columns have nothing missing and are read to the end.
fn any_missing(study: &PanelStudy) -> bool {
    let numbers = |column: &NumericColumn| column.values.iter().map(|value| usize::from(value.is_nan())).sum::<usize>();
    let codes =
        |column: &CategoricalColumn| column.codes.iter().map(|&code| usize::from(code == MISSING_LEVEL)).sum::<usize>();
    numeric(study).any(|column| numbers(column) > 0) || categorical(study).any(|column| codes(column) > 0)
}

pub(crate) fn drop_incomplete_rows(study: &mut PanelStudy) -> Result<(), CausalError> {
    if !any_missing(study) {
        return Ok(());
    }
    let total_rows = study.outcome.values.len();
    let mut complete = vec![true; total_rows];
    let mut columns: Vec<ColumnCount> = Vec::new();
    let mut note = |name: &str, missing: Vec<bool>| {
        let rows = missing.iter().filter(|&&missing| missing).count();
        complete.iter_mut().zip(missing).for_each(|(flag, missing)| *flag &= !missing);
        if rows > 0 && columns.iter().all(|known| known.column != name) {
            columns.push(ColumnCount { column: name.to_owned(), rows });
        }
    };
    for column in numeric(study) {
        note(&column.name, column.values.iter().map(|value| value.is_nan()).collect());
    }
    for column in categorical(study) {
        note(&column.name, column.codes.iter().map(|&code| code == MISSING_LEVEL).collect());
    }
    let kept = complete.iter().filter(|&&flag| flag).count();
    if study.missing == MissingValues::Refuse {
        return Err(CausalError::MissingValues { columns, rows: total_rows - kept, total_rows });
    }
    if kept == 0 {
        return Err(CausalError::NoCompleteRows { columns, total_rows });
    }
    retain(study, &complete);
    Ok(())
}

fn retain(study: &mut PanelStudy, complete: &[bool]) {
    fn keep<T>(values: &mut Vec<T>, complete: &[bool]) {
        let mut flags = complete.iter();
        values.retain(|_| flags.next().copied().unwrap_or(false));
    }
    fn keep_time(time: &mut PanelTime, complete: &[bool]) {
        match time {
            PanelTime::Numbers(column) => keep(&mut column.values, complete),
            PanelTime::Labels(column) => keep(&mut column.codes, complete),
        }
    }
    keep(&mut study.outcome.values, complete);
    keep(&mut study.unit.codes, complete);
    keep_time(&mut study.time, complete);
    match &mut study.adoption {
        Adoption::Path(column) => keep(&mut column.values, complete),
        Adoption::Start { column, .. } => keep_time(column, complete),
    }
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

pub(crate) fn check_finite(study: &PanelStudy) -> Result<(), CausalError> {
    let infinite = numeric(study).map(|column| ColumnCount {
        column: column.name.clone(),
        rows: column.values.iter().filter(|value| value.is_infinite()).count(),
    });
    let columns: Vec<ColumnCount> = infinite.filter(|count| count.rows > 0).collect();
    if columns.is_empty() { Ok(()) } else { Err(CausalError::NonFinite { columns }) }
}
