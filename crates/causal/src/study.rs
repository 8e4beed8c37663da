//! What the caller hands in: named columns and the question, before any check.
//!
//! Missing numbers are `NaN`, missing levels are [`MISSING_LEVEL`]. Nothing here is validated;
//! [`crate::Sample::prepare`] does that and is the only way to an estimate.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The level code of a missing category.
pub const MISSING_LEVEL: u32 = u32::MAX;

/// A column of numbers; `NaN` is missing.
#[derive(Debug, Clone, PartialEq)]
pub struct NumericColumn {
    /// Name for messages.
    pub name: String,
    /// One value per row.
    pub values: Vec<f64>,
}

impl NumericColumn {
    /// A named column of numbers.
    pub fn new(name: impl Into<String>, values: Vec<f64>) -> Self {
        Self { name: name.into(), values }
    }
}

/// A column of categories, coded by position in `levels`; the first level is the reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoricalColumn {
    /// Name for messages.
    pub name: String,
    /// Level names.
    pub levels: Vec<String>,
    /// One code per row: an index into `levels`, or [`MISSING_LEVEL`].
    pub codes: Vec<u32>,
}

impl CategoricalColumn {
    /// Codes texts by their sorted distinct values, so that the coding does not depend on row order.
    pub fn from_texts<'a>(name: impl Into<String>, texts: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let texts: Vec<Option<&str>> = texts.into_iter().collect();
        let mut position: BTreeMap<&str, u32> = texts.iter().flatten().map(|text| (*text, 0)).collect();
        for (code, slot) in (0..).zip(position.values_mut()) {
            *slot = code;
        }
        let codes = texts.iter().map(|text| text.map_or(MISSING_LEVEL, |known| position[known])).collect();
        Self { name: name.into(), levels: position.into_keys().map(String::from).collect(), codes }
    }
}

/// A column to adjust for.
#[derive(Debug, Clone, PartialEq)]
pub enum Covariate {
    /// Enters linearly.
    Numeric(NumericColumn),
    /// Enters as one indicator per level but the first, or is absorbed when it has many levels.
    Categorical(CategoricalColumn),
}

impl Covariate {
    /// The column's name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Numeric(column) => &column.name,
            Self::Categorical(column) => &column.name,
        }
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Numeric(column) => column.values.len(),
            Self::Categorical(column) => column.codes.len(),
        }
    }
}

/// What to do with rows that lack a value in a column of the study.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingValues {
    /// Refuse with an error that names the columns.
    #[default]
    Refuse,
    /// Drop those rows, and count them in the result.
    DropRows,
}

/// The question and its data.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    /// What may have been changed by the treatment.
    pub outcome: NumericColumn,
    /// What was done. Two distinct values make it binary: the lower is the control arm.
    pub treatment: NumericColumn,
    /// Names of the control and the treated arm, when the numbers stand for words.
    pub arm_labels: Option<[String; 2]>,
    /// Columns to adjust for.
    pub covariates: Vec<Covariate>,
    /// Groups of rows whose errors may be correlated.
    pub clusters: Option<CategoricalColumn>,
    /// What to do with incomplete rows.
    pub missing: MissingValues,
}
