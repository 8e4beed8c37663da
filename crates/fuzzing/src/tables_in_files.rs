//! Files that claim to be tables.

use std::panic::AssertUnwindSafe;

use bytes::Bytes;
use domain::dataset::{TableFormat, TableSchema};
use tables::objects::ObjectAt;
use tables::text::{Limits, RecordError};
use tables::{columnar, upload, workbook};

/// Small enough that reaching a limit is a short input.
const LIMITS: Limits = Limits {
    max_stored_bytes: 1 << 20,
    max_text_bytes: 4 << 20,
    max_columns: 64,
    max_field_bytes: 1 << 12,
    max_record_bytes: 1 << 14,
};

/// A schema that was accepted keeps what a schema promises.
fn assert_sound(schema: &TableSchema) {
    assert!(schema.rows > 0, "a table without rows was accepted");
    assert!((1..=LIMITS.max_columns).contains(&schema.columns.len()), "{} columns", schema.columns.len());
    for (number, column) in schema.columns.iter().enumerate() {
        assert!(!column.name.trim().is_empty(), "column {number} has no name");
        assert!(column.missing <= schema.rows, "column {number} misses {} of {}", column.missing, schema.rows);
        assert!(
            schema.columns[..number].iter().all(|other| other.name != column.name),
            "two columns {:?}",
            column.name
        );
    }
}

/// The check of a file in the form of a library, as an upload calls it: a library that panics has met a damaged file (see
/// `tables::upload`). What is held against it here is memory, time, and what is accepted.
fn accepted(check: impl FnOnce() -> Result<TableSchema, RecordError>) -> Option<TableSchema> {
    std::panic::catch_unwind(AssertUnwindSafe(check)).ok()?.ok()
}

/// The check of a file of text: what is accepted has a sound schema, and the same one when it is read the way a worker
/// reads it, with the separator that was found.
///
/// # Panics
/// When a promise is broken.
pub fn csv_table(bytes: &[u8]) {
    let Ok(schema) = upload::check(bytes, None, &LIMITS) else { return };
    assert_sound(&schema);
    let TableFormat::Text(format) = &schema.format else { panic!("text became {:?}", schema.format) };
    match upload::check(bytes, Some(format.delimiter), &LIMITS) {
        Ok(again) => assert_eq!(schema, again, "read again with its own separator"),
        Err(error) => panic!("accepted, and refused with its own separator: {error}"),
    }
}

/// The check of a Parquet file.
///
/// # Panics
/// When a promise is broken.
pub fn parquet_file(bytes: &[u8]) {
    let object = ObjectAt::memory(Bytes::copy_from_slice(bytes));
    if let Some(schema) = accepted(|| columnar::check(object, &LIMITS)) {
        assert_sound(&schema);
    }
}

/// The check of an Excel workbook.
///
/// # Panics
/// When a promise is broken.
pub fn xlsx_file(bytes: &[u8]) {
    let object = ObjectAt::memory(Bytes::copy_from_slice(bytes));
    if let Some(schema) = accepted(|| workbook::check(&object, None, &LIMITS)) {
        assert_sound(&schema);
        let TableFormat::Xlsx(format) = &schema.format else { panic!("a workbook became {:?}", schema.format) };
        match workbook::check(&object, Some(&format.sheet), &LIMITS) {
            Ok(again) => assert_eq!(schema, again, "read again by its own sheet"),
            Err(error) => panic!("accepted, and refused by its own sheet: {error}"),
        }
    }
}
