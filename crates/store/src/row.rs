//! From columns to domain types: one place that says what an unreadable value is.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Result, StoreError};

/// Reads a name such as a state from its column.
pub(crate) fn name<T>(table: &'static str, text: &str) -> Result<T>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error: T::Err| StoreError::Unreadable { table, detail: error.to_string() })
}

/// Reads a type from its `jsonb` column.
pub(crate) fn json<T: DeserializeOwned>(table: &'static str, value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(|error| StoreError::Unreadable { table, detail: error.to_string() })
}

/// Reads an optional type from its nullable `jsonb` column.
pub(crate) fn optional_json<T: DeserializeOwned>(table: &'static str, value: Option<Value>) -> Result<Option<T>> {
    value.map(|value| json(table, value)).transpose()
}

/// Counters are kept as signed integers by Postgres and never negative there.
pub(crate) fn count(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

/// The attempt's number.
pub(crate) fn attempt(value: i32) -> u32 {
    u32::try_from(value).unwrap_or(0)
}

/// The attempt's number as Postgres keeps it.
pub(crate) fn attempt_column(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

/// A serialisable value of ours as `jsonb`.
pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> Result<Value> {
    serde_json::to_value(value)
        .map_err(|error| StoreError::Unreadable { table: "(outgoing)", detail: error.to_string() })
}

/// The pattern of `LIKE` for texts in which `piece` stands, whatever signs are in it.
pub(crate) fn containing(piece: &str) -> String {
    let mut pattern = String::with_capacity(piece.len() + 2);
    pattern.push('%');
    for letter in piece.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
