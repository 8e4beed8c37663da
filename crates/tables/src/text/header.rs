//! The first record: the names of the columns.

use std::collections::HashMap;
use std::io::Read;

use super::{FileProblem, RecordError, Records};

/// The header of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The line it starts at, from 1.
    pub line: u64,
    /// The names of the columns, trimmed, in file order.
    pub names: Vec<String>,
}

/// Reads the header: one name a column, trimmed, none blank, none twice. All records after it must be as wide.
///
/// # Errors
/// What is wrong with the header, or with the file before its first record ends.
pub fn read_header<R: Read>(records: &mut Records<R>) -> Result<Header, RecordError> {
    let Some(header) = records.next_record()? else { return Err(FileProblem::Empty.into()) };
    let line = header.line;
    let mut positions = HashMap::with_capacity(header.len());
    let mut names = Vec::with_capacity(header.len());
    for (position, field) in (1..).zip(header.fields()) {
        let name = String::from_utf8_lossy(field).trim().to_owned();
        if name.is_empty() {
            return Err(FileProblem::BlankHeader { line, position }.into());
        }
        if let Some(first) = positions.insert(name.clone(), position) {
            return Err(FileProblem::DuplicateHeader { line, name, first, second: position }.into());
        }
        names.push(name);
    }
    records.expect_width(names.len());
    Ok(Header { line, names })
}
