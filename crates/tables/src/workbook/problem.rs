//! Everything a workbook can be guilty of.

use std::fmt;

/// A cell as people name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellName {
    /// Its row, from 1.
    pub row: u32,
    /// Its column, from 1.
    pub column: u32,
}

impl fmt::Display for CellName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut letters = Vec::new();
        let mut column = self.column;
        while column > 0 {
            let letter = u8::try_from((column - 1) % 26).unwrap_or_default();
            letters.push(char::from(b'A' + letter));
            column = (column - 1) / 26;
        }
        let letters: String = letters.iter().rev().collect();
        write!(formatter, "{letters}{}", self.row)
    }
}

/// Why a workbook is not a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkbookProblem {
    /// Not whole, or not a workbook behind its first bytes.
    #[error("the workbook is damaged ({reason}); open it in Excel or LibreOffice and save it again as .xlsx")]
    Damaged {
        /// What does not fit.
        reason: String,
    },
    /// A zip archive of something else.
    #[error("the file is {found}, not an Excel workbook (.xlsx); {advice}")]
    NotAWorkbook {
        /// What it is.
        found: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// Nothing in it.
    #[error("the workbook has no sheet with anything in it; upload one with a header row and at least one row")]
    Empty,
    /// Several sheets with something in them.
    #[error("sheets {} have something in them; say which one is the table (`sheet=...`), or remove the others", quoted(.sheets))]
    SeveralSheets {
        /// Their names.
        sheets: Vec<String>,
    },
    /// No sheet of the name given.
    #[error("there is no sheet `{sheet}`; there are {}", quoted(.sheets))]
    NoSuchSheet {
        /// The name given.
        sheet: String,
        /// The names there are.
        sheets: Vec<String>,
    },
    /// A header and nothing else.
    #[error("sheet `{sheet}`, row {row}: there is a header with {columns} columns, but no rows follow; add the data")]
    NoRows {
        /// The sheet.
        sheet: String,
        /// The header's row.
        row: u32,
        /// How many columns it names.
        columns: usize,
    },
    /// Nothing on the sheet that was asked for.
    #[error("sheet `{sheet}` is empty; it needs a header row and at least one row")]
    EmptySheet {
        /// The sheet.
        sheet: String,
    },
    /// A column without a name.
    #[error("cell {cell} is empty: its column has no name; the first row that is not empty must name each column")]
    BlankHeader {
        /// Where its name should be.
        cell: CellName,
    },
    /// Two columns of one name.
    #[error("cells {first} and {second}: both columns are named `{name}`; give each its own name")]
    DuplicateHeader {
        /// The name.
        name: String,
        /// Where it stands first.
        first: CellName,
        /// Where it stands again.
        second: CellName,
    },
    /// More columns than allowed.
    #[error("row {row}: {found} columns are more than the {limit} allowed; leave out what the analysis does not need")]
    TooManyColumns {
        /// The header's row.
        row: u32,
        /// How many there are.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A value beside the table.
    #[error(
        "cell {cell} has a value, but its column has no name in the header (row {header}); name the column, or take \
         out what is not part of the table: titles, notes and sums too"
    )]
    OutsideHeader {
        /// Where.
        cell: CellName,
        /// The header's row.
        header: u32,
    },
    /// A cell longer than allowed.
    #[error("cell {cell}: the text is longer than the {limit} bytes allowed; shorten it or leave the column out")]
    CellTooLong {
        /// Which.
        cell: CellName,
        /// How long it may be.
        limit: usize,
    },
    /// A row longer than allowed.
    #[error("row {row} is longer than the {limit} bytes allowed; leave out columns that the analysis does not need")]
    RowTooLong {
        /// Which.
        row: u32,
        /// How long it may be.
        limit: usize,
    },
    /// NUL within text.
    #[error("cell {cell}: the text has a NUL character in it; take it out")]
    Nul {
        /// Which.
        cell: CellName,
    },
    /// One part larger than allowed.
    #[error(
        "`{part}` in the workbook is larger than the {limit_bytes} bytes allowed; take out pictures and embedded files"
    )]
    PartTooLarge {
        /// Its name.
        part: String,
        /// How large it may be.
        limit_bytes: u64,
    },
    /// Larger than allowed when unpacked.
    #[error(
        "unpacked, the workbook is larger than the {limit_bytes} bytes allowed; upload the table as CSV or Parquet"
    )]
    TooLargeUnpacked {
        /// How large it may be.
        limit_bytes: u64,
    },
}

fn quoted(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

impl WorkbookProblem {
    /// The row of the sheet that it is about, where there is one.
    #[must_use]
    pub const fn row(&self) -> Option<u64> {
        let row = match self {
            Self::NoRows { row, .. } | Self::TooManyColumns { row, .. } | Self::RowTooLong { row, .. } => *row,
            _ => match self.cell() {
                Some(cell) => cell.row,
                None => return None,
            },
        };
        Some(row as u64)
    }

    /// The column of the sheet that it is about, from 1, where there is one.
    #[must_use]
    pub const fn column(&self) -> Option<usize> {
        match self.cell() {
            Some(cell) => Some(cell.column as usize),
            None => None,
        }
    }

    /// The cell that it is about, where there is one.
    #[must_use]
    pub const fn cell(&self) -> Option<CellName> {
        match self {
            Self::BlankHeader { cell }
            | Self::DuplicateHeader { second: cell, .. }
            | Self::OutsideHeader { cell, .. }
            | Self::CellTooLong { cell, .. }
            | Self::Nul { cell } => Some(*cell),
            _ => None,
        }
    }

    pub(super) fn damaged(reason: impl fmt::Display) -> Self {
        Self::Damaged { reason: reason.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_in_a_sheet() {
        for (column, letters) in
            [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (702, "ZZ"), (703, "AAA"), (16_384, "XFD")]
        {
            assert_eq!(CellName { row: 7, column }.to_string(), format!("{letters}7"));
        }
    }
}
