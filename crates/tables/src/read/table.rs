//! The wanted columns of a table, in memory.

use arrow_array::builder::StringDictionaryBuilder;
use arrow_array::types::Int32Type;
use arrow_array::{Array, DictionaryArray, Float64Array};
use chrono::DateTime;
use domain::dataset::{Column, ColumnType, StoredTable};

use super::gather::Gatherer;
use super::{ReadError, Values, each_field};
use crate::objects::Objects;

/// Some columns of a table, each with as many values as the table has rows.
#[derive(Debug, Clone)]
pub struct Table {
    rows: usize,
    columns: Vec<(Column, Values)>,
}

impl Table {
    /// Loads the named columns (a name given twice counts once) and reports the share done, 0 to 1. Blocks.
    ///
    /// # Errors
    /// [`ReadError::NoSuchColumn`]; what the store says; [`ReadError::Changed`] when the file is another one.
    pub fn load(
        objects: &Objects,
        table: &StoredTable,
        columns: &[String],
        on_progress: &mut dyn FnMut(f64),
    ) -> Result<Self, ReadError> {
        let wanted = positions(table, columns)?;
        let capacity = usize::try_from(table.schema.rows).unwrap_or_default();
        let all = &table.schema.columns;
        let mut gatherers: Vec<Gatherer> =
            wanted.iter().map(|&position| Gatherer::new(all[position].column_type, capacity)).collect();
        each_field(objects, table, &wanted, u64::MAX, on_progress, |place, field, line| {
            gatherers[place].push(field, line, &all[wanted[place]])
        })?;
        on_progress(1.0);
        let loaded = gatherers.into_iter().zip(&wanted);
        let columns = loaded.map(|(gatherer, &position)| (all[position].clone(), gatherer.finish())).collect();
        Ok(Self { rows: capacity, columns })
    }

    /// A table of columns that were gathered elsewhere, each of so many rows.
    pub(crate) const fn of(rows: usize, columns: Vec<(Column, Values)>) -> Self {
        Self { rows, columns }
    }

    /// How many rows the table has.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// The loaded columns, in file order.
    pub fn columns(&self) -> impl Iterator<Item = (&Column, &Values)> {
        self.columns.iter().map(|(column, values)| (column, values))
    }

    /// What the schema says of a loaded column.
    ///
    /// # Errors
    /// [`ReadError::NotLoaded`].
    pub fn column(&self, name: &str) -> Result<&Column, ReadError> {
        Ok(self.find(name)?.0)
    }

    /// The values of a loaded column.
    ///
    /// # Errors
    /// [`ReadError::NotLoaded`].
    pub fn values(&self, name: &str) -> Result<&Values, ReadError> {
        Ok(self.find(name)?.1)
    }

    /// The values of a numeric column (booleans as 0 and 1).
    ///
    /// # Errors
    /// [`ReadError::NotLoaded`]; [`ReadError::WrongType`] when it is not numeric.
    pub fn numeric(&self, name: &str) -> Result<&Float64Array, ReadError> {
        match self.find(name)? {
            (_, Values::Numeric(array)) => Ok(array),
            (column, _) => Err(wrong_type(column, "a numeric column")),
        }
    }

    /// The values of a text column: codes into its distinct values, in order of first appearance.
    ///
    /// # Errors
    /// [`ReadError::NotLoaded`]; [`ReadError::WrongType`] when it is not text.
    pub fn categorical(&self, name: &str) -> Result<&DictionaryArray<Int32Type>, ReadError> {
        match self.find(name)? {
            (_, Values::Text(array)) => Ok(array),
            (column, _) => Err(wrong_type(column, "a text column")),
        }
    }

    /// The values of a column of any type as categories: what [`Table::categorical`] gives for text; else each
    /// distinct value in its shortest form (`1`, `0.5`, `true`, `2024-05-01`, `2024-05-01T12:00:00Z`).
    ///
    /// # Errors
    /// [`ReadError::NotLoaded`]; [`ReadError::TooMuchText`].
    pub fn categories(&self, name: &str) -> Result<DictionaryArray<Int32Type>, ReadError> {
        let (column, values) = self.find(name)?;
        let boolean = column.column_type == ColumnType::Boolean;
        let of_number = |value: f64| if boolean { (value > 0.5).to_string() } else { value.to_string() };
        let of_days = |days: i32| of_ms(i64::from(days) * 86_400_000, "%Y-%m-%d");
        let of_time = |ms: i64| of_ms(ms, "%Y-%m-%dT%H:%M:%S%.fZ");
        match values {
            Values::Text(array) => Ok(array.clone()),
            Values::Numeric(array) => gather(name, array.iter().map(|value| value.map(of_number))),
            Values::Date(array) => gather(name, array.iter().map(|value| value.map(of_days))),
            Values::Timestamp(array) => gather(name, array.iter().map(|value| value.map(of_time))),
            Values::Empty(array) => gather(name, (0..array.len()).map(|_| None)),
        }
    }

    fn find(&self, name: &str) -> Result<(&Column, &Values), ReadError> {
        let found = self.columns.iter().find(|(column, _)| column.name == name);
        let (column, values) = found.ok_or_else(|| ReadError::NotLoaded { name: name.to_owned() })?;
        Ok((column, values))
    }
}

/// Where the named columns stand, ascending, each once.
fn positions(table: &StoredTable, names: &[String]) -> Result<Vec<usize>, ReadError> {
    let all = &table.schema.columns;
    let position = |name: &String| {
        let found = all.iter().position(|column| column.name == *name);
        found.ok_or_else(|| ReadError::NoSuchColumn {
            name: name.clone(),
            columns: all.iter().map(|column| column.name.clone()).collect(),
        })
    };
    let mut positions = names.iter().map(position).collect::<Result<Vec<_>, _>>()?;
    positions.sort_unstable();
    positions.dedup();
    Ok(positions)
}

fn wrong_type(column: &Column, wanted: &'static str) -> ReadError {
    ReadError::WrongType { name: column.name.clone(), found: column.column_type, wanted }
}

fn of_ms(ms: i64, format: &str) -> String {
    DateTime::from_timestamp_millis(ms).map(|time| time.format(format).to_string()).unwrap_or_default()
}

fn gather(name: &str, values: impl Iterator<Item = Option<String>>) -> Result<DictionaryArray<Int32Type>, ReadError> {
    let mut builder = StringDictionaryBuilder::<Int32Type>::new();
    for value in values {
        match value {
            Some(value) => {
                builder.append(value).map_err(|_| ReadError::TooMuchText { name: name.to_owned() })?;
            }
            None => builder.append_null(),
        }
    }
    Ok(builder.finish())
}
