//! Datasets: an immutable table that somebody uploaded, its columns, and what its profile says of them.
//!
//! `uploading -> profiling -> ready | failed`, whether somebody uploads it or it is made from another version by a
//! [`Recipe`](crate::recipe::Recipe). The structure (delimiter, rectangular rows, UTF-8) is checked while the bytes
//! stream in, or, of formats that cannot be read from front to back, once they are all there; types are found in the
//! same pass; the profile is a job of the agent `profile`.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::people::names;

/// Where a dataset stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DatasetState {
    /// Bytes are still arriving, or it is still being made from another version.
    Uploading,
    /// Stored and rectangular; the profile is being computed. Analyses may already use it.
    Profiling,
    /// Profiled.
    Ready,
    /// The profile could not be computed, or the version not be made; the reason is with the dataset.
    Failed,
}
names!("dataset state", "uploading, profiling, ready, failed", DatasetState {
    Uploading => "uploading", Profiling => "profiling", Ready => "ready", Failed => "failed",
});

/// What the values of a column are, as inferred from every row of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// Whole numbers up to 2^53, which doubles keep exactly; a column with larger ones holds codes: text.
    Integer,
    /// Numbers.
    Float,
    /// `true`/`false` in any case.
    Boolean,
    /// A calendar date, `YYYY-MM-DD`.
    Date,
    /// A point in time, RFC 3339 or `YYYY-MM-DD hh:mm[:ss]` (taken as UTC).
    Timestamp,
    /// Anything else: categories, names, free text.
    Text,
    /// Not one value present.
    Empty,
}
names!("column type", "integer, float, boolean, date, timestamp, text, empty", ColumnType {
    Integer => "integer", Float => "float", Boolean => "boolean", Date => "date", Timestamp => "timestamp",
    Text => "text", Empty => "empty",
});

impl ColumnType {
    /// Whether the values can be computed with as numbers (booleans count as 0 and 1).
    #[must_use]
    pub const fn is_numeric(self) -> bool {
        matches!(self, Self::Integer | Self::Float | Self::Boolean)
    }
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct Column {
    /// The header, trimmed; unique within the table.
    pub name: String,
    /// What its values are.
    #[serde(rename = "type")]
    pub column_type: ColumnType,
    /// Rows in which it has no value (empty, `NA`, `NaN`, `null`).
    pub missing: u64,
}

/// How a stored file is written, found when it was uploaded; enough to read it again the same way.
///
/// In JSON `kind` says which. What was stored before there were kinds has none and is text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TableFormat {
    /// Delimited text.
    Text(TextFormat),
    /// Apache Parquet.
    Parquet,
    /// An Excel workbook (Office Open XML).
    Xlsx(SheetFormat),
}

/// How delimited text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct TextFormat {
    /// The delimiter's byte: comma, semicolon, tab or vertical bar.
    pub delimiter: u8,
    /// Whether the stored bytes are gzip.
    pub gzip: bool,
}

/// Where in a workbook the table is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct SheetFormat {
    /// The name of its sheet.
    pub sheet: String,
}

impl<'de> Deserialize<'de> for TableFormat {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(tag = "kind", rename_all = "snake_case")]
        enum Tagged {
            Text(TextFormat),
            Parquet,
            Xlsx(SheetFormat),
        }
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a kind of file that this release knows, or a delimiter and gzip")]
        enum Stored {
            Tagged(Tagged),
            BeforeKinds(TextFormat),
        }
        Ok(match Stored::deserialize(deserializer)? {
            Stored::Tagged(Tagged::Text(text)) | Stored::BeforeKinds(text) => Self::Text(text),
            Stored::Tagged(Tagged::Parquet) => Self::Parquet,
            Stored::Tagged(Tagged::Xlsx(sheet)) => Self::Xlsx(sheet),
        })
    }
}

/// The shape of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct TableSchema {
    /// Columns in file order.
    pub columns: Vec<Column>,
    /// Rows, the header not counted.
    pub rows: u64,
    /// How the stored file is written.
    pub format: TableFormat,
}

impl TableSchema {
    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// Where a stored table lies and how to read it: what a worker's child needs, and nothing more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredTable {
    /// Key in the object store.
    pub object_key: String,
    /// Its columns and format.
    pub schema: TableSchema,
}

/// What a profile says of a whole table. The result of the agent `profile`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct Profile {
    /// Rows profiled: all of them.
    pub rows: u64,
    /// One entry a column, in file order.
    pub columns: Vec<ColumnProfile>,
    /// Whole rows that stand more than once are not looked for; what was noticed about columns, in words.
    pub warnings: Vec<String>,
}

/// What a profile says of one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct ColumnProfile {
    /// The column's name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub column_type: ColumnType,
    /// Rows without a value.
    pub missing: u64,
    /// Distinct values among those present.
    pub distinct: u64,
    /// Whether `distinct` was counted (true) or estimated because there were too many to keep (false).
    pub distinct_exact: bool,
    /// For numeric columns.
    pub numeric: Option<NumericSummary>,
    /// For text columns: shortest and longest value in characters.
    pub text_length: Option<[u64; 2]>,
    /// For date and timestamp columns: first and last, as RFC 3339.
    pub time_range: Option<[String; 2]>,
    /// The most frequent values, most frequent first, at most 20.
    pub top_values: Vec<ValueCount>,
}

/// A value and how often it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct ValueCount {
    /// As written in the file.
    pub value: String,
    /// Rows.
    pub count: u64,
}

/// The distribution of a numeric column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct NumericSummary {
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// Arithmetic mean.
    pub mean: f64,
    /// Standard deviation with n - 1; 0 for a single value.
    pub standard_deviation: f64,
    /// Quantiles at 1, 5, 25, 50, 75, 95 and 99 %.
    pub quantiles: Vec<Quantile>,
    /// Whether the quantiles are exact (true) or from a sketch (false; the error is in the docs of `tables`).
    pub quantiles_exact: bool,
    /// Equal-width histogram from `min` to `max`: rows in each bin.
    pub histogram: Vec<u64>,
}

/// One quantile.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct Quantile {
    /// Share of values at or below, between 0 and 1.
    pub probability: f64,
    /// The value.
    pub value: f64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const HARD_DOUBLES: [f64; 6] = [
        3.828_633_905_082_601_3,
        1.984_400_427_885_628_6,
        1.836_916_702_152_088_2,
        3.056_687_253_250_797_4,
        9.868_100_332_987_975,
        1.822_856_229_749_232_6,
    ];

    fn through_json(value: f64) -> f64 {
        let quantile = Quantile { probability: 0.5, value };
        // As a result goes: written by the child, held as a `Value` by worker and gateway, read by the client.
        let held: serde_json::Value = serde_json::from_str(&serde_json::to_string(&quantile).unwrap()).unwrap();
        serde_json::from_str::<Quantile>(&held.to_string()).unwrap().value
    }

    /// `serde_json` without `float_roundtrip` reads each of these one digit off.
    #[test]
    fn hard_doubles_survive_json() {
        for value in HARD_DOUBLES {
            assert_eq!(through_json(value).to_bits(), value.to_bits(), "{value:?}");
        }
    }

    #[test]
    fn formats_read_back_those_stored_before_there_were_kinds_too() {
        let text = TableFormat::Text(TextFormat { delimiter: b',', gzip: false });
        let sheet = TableFormat::Xlsx(SheetFormat { sheet: "Q1".to_owned() });
        let cases = [
            (text.clone(), json!({"kind": "text", "delimiter": 44, "gzip": false})),
            (TableFormat::Parquet, json!({"kind": "parquet"})),
            (sheet, json!({"kind": "xlsx", "sheet": "Q1"})),
        ];
        for (format, written) in cases {
            assert_eq!(serde_json::to_value(&format).unwrap(), written);
            assert_eq!(serde_json::from_value::<TableFormat>(written).unwrap(), format);
        }
        let before = json!({"columns": [{"name": "a", "type": "integer", "missing": 0}], "rows": 1,
                            "format": {"delimiter": 44, "gzip": false}});
        assert_eq!(serde_json::from_value::<TableSchema>(before).unwrap().format, text);
        let unknown = serde_json::from_value::<TableFormat>(json!({"kind": "orc"})).unwrap_err().to_string();
        assert!(unknown.starts_with("a kind of file that this release knows"), "{unknown}");
        // What the release before this one reads of what this one stores.
        let by_it: TextFormat = serde_json::from_value(serde_json::to_value(&text).unwrap()).unwrap();
        assert_eq!(by_it, TextFormat { delimiter: b',', gzip: false });
    }

    proptest! {
        #[test]
        fn any_double_survives_json(value in any::<f64>().prop_filter("finite", |value| value.is_finite())) {
            prop_assert_eq!(through_json(value).to_bits(), value.to_bits());
        }
    }
}
