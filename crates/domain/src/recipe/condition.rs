//! Conditions of filters, and the values in them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Number;
use utoipa::ToSchema;

/// What a row's value must be. A row without a value meets `missing` and nothing else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RecipeCondition)]
pub enum Condition {
    /// This value.
    Equals(Literal),
    /// Another value than this.
    NotEquals(Literal),
    /// One of these.
    OneOf(#[schemars(length(min = 1, max = 1000))] Vec<Literal>),
    /// None of these.
    NoneOf(#[schemars(length(min = 1, max = 1000))] Vec<Literal>),
    /// Within bounds: of numbers, dates and points in time.
    Range(Range),
    /// No value.
    Missing,
    /// Some value.
    NotMissing,
}

/// At least one bound, and of each end at most one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RecipeRange)]
pub struct Range {
    /// This or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Literal>,
    /// More than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<Literal>,
    /// This or less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Literal>,
    /// Less than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Literal>,
}

impl Range {
    /// The bounds that are given, by name.
    pub fn bounds(&self) -> impl Iterator<Item = (&'static str, &Literal)> {
        let all =
            [("at_least", &self.at_least), ("above", &self.above), ("at_most", &self.at_most), ("below", &self.below)];
        all.into_iter().filter_map(|(name, bound)| Some((name, bound.as_ref()?)))
    }
}

/// A value to compare with: a number for a column of numbers, true or false for one of truths, a text for all others
/// (`2024-05-01` for dates, `2024-05-01T12:00:00Z` for points in time).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(untagged, expecting = "a number, a text, true or false is needed here")]
#[schema(as = RecipeValue)]
pub enum Literal {
    /// True or false.
    Boolean(bool),
    /// A number.
    #[schema(value_type = f64)]
    Number(Number),
    /// A text, as written in the file.
    Text(String),
}

impl Literal {
    /// The number it is.
    #[must_use]
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => number.as_f64(),
            Self::Boolean(_) | Self::Text(_) => None,
        }
    }

    /// The text it is.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Boolean(_) | Self::Number(_) => None,
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(truth) => truth.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => write!(f, "\"{text}\""),
        }
    }
}

impl From<f64> for Literal {
    fn from(number: f64) -> Self {
        Number::from_f64(number).map_or_else(|| Self::Text(number.to_string()), Self::Number)
    }
}

impl From<&str> for Literal {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
