//! One pass over a file of text: is it a table, and which types have its columns.

use std::io::Read;

use domain::dataset::{Column, TableFormat, TableSchema, TextFormat};

use crate::text::{FileProblem, Limits, RecordError, Records, read_header};
use crate::values::Inference;

/// Checks a whole file of text and infers its schema. Blocks.
///
/// # Errors
/// The first [`FileProblem`]; an error of the reader.
pub fn check<R: Read>(reader: R, delimiter: Option<u8>, limits: &Limits) -> Result<TableSchema, RecordError> {
    let mut records = Records::open(reader, delimiter, *limits)?;
    let format = TableFormat::Text(TextFormat { delimiter: records.delimiter(), gzip: records.is_gzip() });
    let header = read_header(&mut records)?;
    let columns = header.names.len();
    let mut inferences = vec![Inference::default(); columns];
    let mut rows = 0;
    while let Some(record) = records.next_record()? {
        for (inference, field) in inferences.iter_mut().zip(record.fields()) {
            inference.observe(field);
        }
        rows += 1;
    }
    if rows == 0 {
        return Err(FileProblem::NoRows { line: header.line, columns }.into());
    }
    let column = |(name, inference): (String, Inference)| Column {
        name,
        column_type: inference.column_type(),
        missing: inference.missing(),
    };
    Ok(TableSchema { columns: header.names.into_iter().zip(inferences).map(column).collect(), rows, format })
}
