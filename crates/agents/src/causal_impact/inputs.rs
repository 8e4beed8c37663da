//! From the columns of a table to a study: who is treated, what is a category, what is missing.
//!
//! A panel's own columns (unit, time, start) are read in [`super::panel`], several arms in [`super::arms`].

use arrow_array::types::Int32Type;
use arrow_array::{Array, DictionaryArray, Float64Array, StringArray};
use causal::{CategoricalColumn, Covariate, MISSING_LEVEL, MissingValues as Policy, NumericColumn, Study};
use domain::agents::causal_impact::{CausalImpactParameters, MissingValues, Notice};
use domain::dataset::ColumnType;
use tables::read::{Table, Values};

use super::unread;
use crate::AgentError;

/// Values shown of a treatment that has too many.
const SHOWN: usize = 8;

/// All columns that the parameters name, each once.
pub(super) fn columns(parameters: &CausalImpactParameters) -> Vec<String> {
    let optional = [
        &parameters.treatment,
        &parameters.treatment_start,
        &parameters.unit,
        &parameters.time,
        &parameters.baseline,
        &parameters.cluster,
        &parameters.fold_column,
    ];
    let named = std::iter::once(&parameters.outcome).chain(optional.into_iter().flatten());
    let mut columns: Vec<String> = Vec::new();
    for name in named.chain(&parameters.covariates).chain(&parameters.negative_controls) {
        if !columns.contains(name) {
            columns.push(name.clone());
        }
    }
    columns
}

/// The study of one row a unit. The outcome before the treatment is among its covariates, the last of them.
pub(super) fn study(parameters: &CausalImpactParameters, table: &Table) -> Result<Study, AgentError> {
    let (treatment, arm_labels) = treatment(parameters, table)?;
    let mut covariates = covariates(parameters, table)?;
    if let Some(baseline) = &parameters.baseline {
        covariates.push(Covariate::Numeric(number_column(table, baseline)?));
    }
    Ok(Study {
        outcome: number_column(table, &parameters.outcome)?,
        treatment,
        arm_labels,
        covariates,
        clusters: clusters(parameters, table)?,
        missing: policy(parameters),
    })
}

/// The covariates as they enter: numbers, their squares, categories.
pub(super) fn covariates(parameters: &CausalImpactParameters, table: &Table) -> Result<Vec<Covariate>, AgentError> {
    let mut covariates = Vec::with_capacity(parameters.covariates.len() + parameters.squared.len());
    for name in &parameters.covariates {
        let is_number = matches!(table.values(name).map_err(unread)?, Values::Numeric(_));
        if !is_number || parameters.categorical.contains(name) {
            covariates.push(Covariate::Categorical(category(table, name)?));
            continue;
        }
        let column = number_column(table, name)?;
        let square =
            parameters.squared.contains(name).then(|| column.values.iter().map(|value| value * value).collect());
        covariates.push(Covariate::Numeric(column));
        if let Some(square) = square {
            covariates.push(Covariate::Numeric(NumericColumn::new(square_name(table, name), square)));
        }
    }
    Ok(covariates)
}

pub(super) fn number_column(table: &Table, name: &str) -> Result<NumericColumn, AgentError> {
    Ok(NumericColumn::new(name, numbers(table.numeric(name).map_err(unread)?)))
}

pub(super) fn clusters(
    parameters: &CausalImpactParameters,
    table: &Table,
) -> Result<Option<CategoricalColumn>, AgentError> {
    parameters.cluster.as_ref().map(|name| category(table, name)).transpose()
}

pub(super) const fn policy(parameters: &CausalImpactParameters) -> Policy {
    match parameters.missing {
        MissingValues::Refuse => Policy::Refuse,
        MissingValues::DropRows => Policy::DropRows,
    }
}

/// The folds that a column numbers, in the order of the rows; a fold is known by its value.
pub(super) fn folds(parameters: &CausalImpactParameters, table: &Table) -> Result<Option<Vec<u32>>, AgentError> {
    let Some(name) = &parameters.fold_column else { return Ok(None) };
    let codes = category(table, name)?.codes;
    if codes.contains(&MISSING_LEVEL) {
        return Err(AgentError::User(format!("fold column '{name}' has rows without a fold; number them all")));
    }
    Ok(Some(codes))
}

/// Covariates that became categories although most of their values are numbers: one word among them, or decimal commas,
/// and a column that was meant as a number is fitted as dozens of levels. Nobody is to find that out from the estimate.
pub(super) fn nearly_numbers(parameters: &CausalImpactParameters, study: &Study) -> Vec<Notice> {
    let suspects = study.covariates.iter().filter_map(|covariate| match covariate {
        Covariate::Categorical(column) if !parameters.categorical.contains(&column.name) => Some(column),
        _ => None,
    });
    suspects.filter_map(nearly_number).collect()
}

fn nearly_number(column: &CategoricalColumn) -> Option<Notice> {
    let is_number = |text: &&String| text.trim().replacen(',', ".", 1).parse::<f64>().is_ok_and(f64::is_finite);
    let numbers = column.levels.iter().filter(is_number).count();
    if numbers < 3 || numbers * 2 < column.levels.len() {
        return None;
    }
    let all = column.levels.len();
    let reason = match column.levels.iter().find(|text| text.trim().parse::<f64>().is_err()) {
        Some(odd) => format!("'{odd}' is none as it is written"),
        None => "it is stored as text, as numbers too long for a double are".to_owned(),
    };
    let name = &column.name;
    let message = format!(
        "covariate '{name}' is taken as {all} categories, yet {numbers} of its values look like numbers and {reason}; \
         write it as numbers with decimal points, or name it in `categorical` if categories are meant"
    );
    Some(Notice { code: "nearly_numeric_category".to_owned(), message })
}

/// `age^2`, or what is free of a column that happens to be called so.
fn square_name(table: &Table, name: &str) -> String {
    let mut square = format!("{name}^2");
    while table.column(&square).is_ok() {
        square.push('\'');
    }
    square
}

fn numbers(array: &Float64Array) -> Vec<f64> {
    array.iter().map(|value| value.unwrap_or(f64::NAN)).collect()
}

/// A column as categories: numbers in their order, words in the alphabet's, whatever the order of rows.
pub(super) fn category(table: &Table, name: &str) -> Result<CategoricalColumn, AgentError> {
    let array = table.categories(name).map_err(unread)?;
    let texts = dictionary(&array)?;
    let mut order: Vec<usize> = (0..texts.len()).collect();
    let parsed: Option<Vec<f64>> = texts.iter().map(|text| text.parse().ok()).collect();
    match parsed {
        Some(values) => order.sort_by(|&left, &right| values[left].total_cmp(&values[right])),
        None => order.sort_by_key(|&index| &texts[index]),
    }
    let mut code_of = vec![MISSING_LEVEL; texts.len()];
    for (code, &index) in (0..).zip(&order) {
        code_of[index] = code;
    }
    let code = |key: Option<i32>| {
        let index = key.and_then(|key| usize::try_from(key).ok());
        index.and_then(|index| code_of.get(index).copied()).unwrap_or(MISSING_LEVEL)
    };
    Ok(CategoricalColumn {
        name: name.to_owned(),
        levels: order.iter().map(|&index| texts[index].clone()).collect(),
        codes: array.keys().iter().map(code).collect(),
    })
}

fn dictionary(array: &DictionaryArray<Int32Type>) -> Result<Vec<String>, AgentError> {
    let texts = array.values().as_any().downcast_ref::<StringArray>();
    let texts = texts.ok_or_else(|| AgentError::Internal("a category is not made of texts".to_owned()))?;
    Ok(texts.iter().map(|text| text.unwrap_or_default().to_owned()).collect())
}

type Arms = (NumericColumn, Option<[String; 2]>);

/// The treatment as numbers, and the names of the two arms where they are words.
pub(super) fn treatment(parameters: &CausalImpactParameters, table: &Table) -> Result<Arms, AgentError> {
    let name = parameters.treatment_column();
    let wanted = parameters.treated_value.as_deref();
    let column_type = table.column(name).map_err(unread)?.column_type;
    if column_type.is_numeric() && wanted.is_none() {
        let labels = (column_type == ColumnType::Boolean).then(|| ["false".to_owned(), "true".to_owned()]);
        return Ok((NumericColumn::new(name, numbers(table.numeric(name).map_err(unread)?)), labels));
    }
    // Words, or numbers of which one was named: exactly two values make the arms.
    let column = category(table, name)?;
    let [first, second] = column.levels.as_slice() else { return Err(not_two(name, &column.levels)) };
    let treated_code = match wanted {
        None => 1,
        Some(wanted) if same(wanted, second) => 1,
        Some(wanted) if same(wanted, first) => 0,
        Some(wanted) => {
            let message =
                format!("treated_value is '{wanted}', but treatment '{name}' has the values '{first}' and '{second}'");
            return Err(AgentError::User(message));
        }
    };
    let value = |&code: &u32| match code {
        MISSING_LEVEL => f64::NAN,
        code => f64::from(u8::from(code == treated_code)),
    };
    let values = column.codes.iter().map(value).collect();
    let labels = if treated_code == 1 { [first.clone(), second.clone()] } else { [second.clone(), first.clone()] };
    Ok((NumericColumn::new(name, values), Some(labels)))
}

/// Equal as words, as numbers (`1` and `1.0`), or as booleans, which files write in any case (`True`).
pub(super) fn same(wanted: &str, level: &str) -> bool {
    let (wanted, level) = (wanted.trim(), level.trim());
    let numbers = wanted.parse::<f64>().ok().zip(level.parse::<f64>().ok());
    let is_boolean = matches!(level, "true" | "false");
    wanted == level
        || is_boolean && wanted.eq_ignore_ascii_case(level)
        || numbers.is_some_and(|(wanted, level)| wanted.total_cmp(&level).is_eq())
}

fn not_two(name: &str, levels: &[String]) -> AgentError {
    let shown: Vec<String> = levels.iter().take(SHOWN).map(|level| format!("'{level}'")).collect();
    let more = if levels.len() > SHOWN { ", ..." } else { "" };
    AgentError::User(format!(
        "treatment '{name}' has {} values ({}{more}); give `control_value` to compare each of the others with it, keep the rows of two of them, or code the treatment as a number",
        levels.len(),
        shown.join(", ")
    ))
}
