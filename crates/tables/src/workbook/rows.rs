//! The rows of a sheet as records, the cells in the order in which they lie.

use std::collections::HashMap;

use calamine::{Cell, DataRef, XlsxCellReader};
use domain::dataset::{Column, ColumnType};

use super::book::of_library;
use super::cell::{is_blank, write};
use super::problem::{CellName, WorkbookProblem};
use crate::objects::PartReader;
use crate::text::{Limits, Record, RecordError};

/// As large as a sheet can be.
const MOST_ROWS: u32 = 1 << 20;
const MOST_COLUMNS: u32 = 1 << 14;

/// The rows of a sheet behind its header; rows without a value are left out.
pub(super) struct Rows<'a> {
    cells: XlsxCellReader<'a, PartReader>,
    ahead: Option<Cell<DataRef<'a>>>,
    /// The library must not be asked again then.
    has_ended: bool,
    limits: Limits,
    /// The names of the columns.
    pub(super) names: Vec<String>,
    /// The row of the header, from 1.
    pub(super) header_row: u32,
    /// The first column of the header, from 0.
    first: u32,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl<'a> Rows<'a> {
    /// Reads the header: the first row that is not empty.
    pub(super) fn open(
        sheet: &str,
        cells: XlsxCellReader<'a, PartReader>,
        limits: &Limits,
    ) -> Result<Self, RecordError> {
        let (names, bytes, ends) = (Vec::new(), Vec::new(), Vec::new());
        let limits = *limits;
        let mut rows =
            Self { cells, ahead: None, has_ended: false, limits, names, header_row: 0, first: 0, bytes, ends };
        let Some(first) = rows.next_cell(None)? else {
            return Err(WorkbookProblem::EmptySheet { sheet: sheet.to_owned() }.into());
        };
        let (row, column) = first.get_position();
        (rows.header_row, rows.first) = (row + 1, column);
        rows.ahead = Some(first);
        rows.read_header()?;
        Ok(rows)
    }

    fn read_header(&mut self) -> Result<(), RecordError> {
        let mut positions = HashMap::new();
        let mut text = Vec::new();
        for column in self.first + 1.. {
            let Some(cell) = self.take_of_row(self.header_row)? else { break };
            let name_of = name_of(&cell);
            text.clear();
            write(cell.get_value(), false, &mut text);
            let name = String::from_utf8_lossy(&text).trim().to_owned();
            let expected = CellName { row: self.header_row, column };
            if name_of != expected || name.is_empty() {
                return Err(WorkbookProblem::BlankHeader { cell: expected }.into());
            }
            check_text(name.as_bytes(), name_of, &self.limits)?;
            if let Some(first) = positions.insert(name.clone(), name_of) {
                return Err(WorkbookProblem::DuplicateHeader { name, first, second: name_of }.into());
            }
            self.names.push(name);
        }
        if self.names.len() > self.limits.max_columns {
            let (row, found, limit) = (self.header_row, self.names.len(), self.limits.max_columns);
            return Err(WorkbookProblem::TooManyColumns { row, found, limit }.into());
        }
        Ok(())
    }

    /// The next row. `columns`, once known, say which numbers are written with a point.
    pub(super) fn next_row(&mut self, columns: Option<&[Column]>) -> Result<Option<Record<'_>>, RecordError> {
        let Some(row) = self.peek_row()? else { return Ok(None) };
        self.bytes.clear();
        self.ends.clear();
        while let Some(cell) = self.take_of_row(row)? {
            let name = name_of(&cell);
            let place = name.column.checked_sub(self.first + 1).map(|place| place as usize);
            let Some(place) = place.filter(|&place| place < self.names.len()) else {
                return Err(WorkbookProblem::OutsideHeader { cell: name, header: self.header_row }.into());
            };
            self.ends.resize(place, self.bytes.len());
            let with_point = columns.is_some_and(|columns| columns[place].column_type == ColumnType::Float);
            let start = self.bytes.len();
            write(cell.get_value(), with_point, &mut self.bytes);
            check_text(&self.bytes[start..], name, &self.limits)?;
            self.ends.push(self.bytes.len());
            if self.bytes.len() > self.limits.max_record_bytes {
                return Err(WorkbookProblem::RowTooLong { row, limit: self.limits.max_record_bytes }.into());
            }
        }
        self.ends.resize(self.names.len(), self.bytes.len());
        Ok(Some(Record::unquoted(row.into(), &self.bytes, &self.ends)))
    }

    /// The row, from 1, that the next cell with a value is in.
    fn peek_row(&mut self) -> Result<Option<u32>, RecordError> {
        if self.ahead.is_none() {
            self.ahead = self.next_cell(None)?;
        }
        Ok(self.ahead.as_ref().map(|cell| name_of(cell).row))
    }

    /// The next cell, if it is in that row.
    fn take_of_row(&mut self, row: u32) -> Result<Option<Cell<DataRef<'a>>>, RecordError> {
        if self.peek_row()? != Some(row) {
            return Ok(None);
        }
        let taken = self.ahead.take();
        self.ahead = self.next_cell(taken.as_ref())?;
        Ok(taken)
    }

    /// The next cell with a value, which must stand behind the one before it.
    fn next_cell(&mut self, before: Option<&Cell<DataRef<'_>>>) -> Result<Option<Cell<DataRef<'a>>>, RecordError> {
        while !self.has_ended {
            let Some(cell) = self.cells.next_cell().map_err(of_library)? else {
                self.has_ended = true;
                break;
            };
            if is_blank(cell.get_value()) {
                continue;
            }
            let (row, column) = cell.get_position();
            let in_order = before.is_none_or(|before| before.get_position() < (row, column));
            if !in_order || row >= MOST_ROWS || column >= MOST_COLUMNS {
                let words = format!("cell {} is not where a cell can be", name_of(&cell));
                return Err(WorkbookProblem::damaged(words).into());
            }
            return Ok(Some(cell));
        }
        Ok(None)
    }
}

fn name_of(cell: &Cell<DataRef<'_>>) -> CellName {
    let (row, column) = cell.get_position();
    CellName { row: row.saturating_add(1), column: column.saturating_add(1) }
}

fn check_text(text: &[u8], cell: CellName, limits: &Limits) -> Result<(), WorkbookProblem> {
    if text.len() > limits.max_field_bytes {
        return Err(WorkbookProblem::CellTooLong { cell, limit: limits.max_field_bytes });
    }
    if text.contains(&0) { Err(WorkbookProblem::Nul { cell }) } else { Ok(()) }
}
