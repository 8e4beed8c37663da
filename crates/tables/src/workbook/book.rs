//! An open workbook, and which of its sheets is the table.

use calamine::{Reader, SheetType, SheetVisible, Xlsx, XlsxCellReader, XlsxError};

use super::cell::is_blank;
use super::guard::{guard, of_zip};
use super::rows::Rows;
use super::{BLOCK_BYTES, WorkbookProblem};
use crate::objects::{ObjectAt, PartReader};
use crate::text::{Limits, RecordError};

/// A workbook that was looked at and opened: its strings are in memory, its sheets are not.
pub(super) struct Book {
    xlsx: Xlsx<PartReader>,
}

impl Book {
    /// Opens a workbook. `guarded`: it was looked at before.
    pub(super) fn open(object: &ObjectAt, limits: &Limits, guarded: bool) -> Result<Self, RecordError> {
        let whole = || object.clone().part(0..object.size_bytes(), BLOCK_BYTES);
        if !guarded {
            guard(whole(), limits)?;
        }
        Ok(Self { xlsx: Xlsx::new(whole()).map_err(of_library)? })
    }

    /// The sheet that is meant: the one of that name; without a name the only one that shows something.
    pub(super) fn choose(&mut self, wanted: Option<&str>) -> Result<String, RecordError> {
        let sheets = self.xlsx.sheets_metadata().to_vec();
        let sheets: Vec<_> = sheets.into_iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).collect();
        if let Some(wanted) = wanted {
            let found = sheets.iter().find(|sheet| sheet.name.trim() == wanted.trim());
            let none = || WorkbookProblem::NoSuchSheet {
                sheet: wanted.to_owned(),
                sheets: sheets.iter().map(|sheet| sheet.name.clone()).collect(),
            };
            return Ok(found.ok_or_else(none)?.name.clone());
        }
        let mut filled = Vec::new();
        for sheet in sheets {
            if sheet.visible == SheetVisible::Visible && self.has_values(&sheet.name)? {
                filled.push(sheet.name);
            }
        }
        match filled.len() {
            0 => Err(WorkbookProblem::Empty.into()),
            1 => Ok(filled.remove(0)),
            _ => Err(WorkbookProblem::SeveralSheets { sheets: filled }.into()),
        }
    }

    fn has_values(&mut self, sheet: &str) -> Result<bool, RecordError> {
        let mut cells = self.cells(sheet)?;
        while let Some(cell) = cells.next_cell().map_err(of_library)? {
            if !is_blank(cell.get_value()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The rows of a sheet, the header first.
    pub(super) fn rows<'a>(&'a mut self, sheet: &'a str, limits: &Limits) -> Result<Rows<'a>, RecordError> {
        Rows::open(sheet, self.cells(sheet)?, limits)
    }

    fn cells(&mut self, sheet: &str) -> Result<XlsxCellReader<'_, PartReader>, RecordError> {
        self.xlsx.worksheet_cells_reader(sheet).map_err(of_library)
    }
}

/// What the library says of the data is the file's fault, all else the store's.
pub(super) fn of_library(error: XlsxError) -> RecordError {
    match error {
        XlsxError::Zip(error) => of_zip(error),
        XlsxError::Io(error) if error.kind() == std::io::ErrorKind::Other => RecordError::Io(error),
        error => WorkbookProblem::damaged(error).into(),
    }
}
