//! Everything a file can be guilty of, with the place and the way out.

use super::Binary;
use crate::columnar::ParquetProblem;
use crate::workbook::WorkbookProblem;

/// Why a file is not a table. Lines count from 1, as an editor shows them; byte offsets count from 0, in the text
/// (decompressed when the file is gzip); positions of columns count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// Not one line with anything in it.
    #[error("the file is empty; upload a file with a header line and at least one row")]
    Empty,
    /// A header and nothing else.
    #[error("line {line}: there is a header with {columns} columns, but no rows follow; add the data")]
    NoRows {
        /// The header's line.
        line: u64,
        /// How many columns it names.
        columns: usize,
    },
    /// A file of another kind.
    #[error("the file is {format}, not delimited text; {}", .format.advice())]
    Binary {
        /// Which kind.
        format: Binary,
    },
    /// A NUL byte.
    #[error("line {line}: byte {offset} is NUL, which text does not have; {hint}")]
    Nul {
        /// Its line.
        line: u64,
        /// Its offset.
        offset: u64,
        /// What the file may be.
        hint: EncodingHint,
    },
    /// Not UTF-8.
    #[error("line {line}: byte {offset} (0x{byte:02X}) is not UTF-8; {hint}")]
    Encoding {
        /// The line of the first wrong byte.
        line: u64,
        /// Its offset.
        offset: u64,
        /// Its value.
        byte: u8,
        /// What the file may be.
        hint: EncodingHint,
    },
    /// A row of another width than the header.
    #[error(
        "line {line}: {found} fields where the header has {expected}; look for a missing or extra delimiter, \
         or a field with a delimiter in it that is not quoted"
    )]
    Ragged {
        /// Where the row starts.
        line: u64,
        /// Fields of the header.
        expected: usize,
        /// Fields of the row.
        found: usize,
    },
    /// Two columns of one name.
    #[error("line {line}: columns {first} and {second} are both named `{name}`; give each its own name")]
    DuplicateHeader {
        /// The header's line.
        line: u64,
        /// The name.
        name: String,
        /// Position of the first.
        first: usize,
        /// Position of the second.
        second: usize,
    },
    /// A column without a name.
    #[error("line {line}: column {position} has no name; name it, or remove it (also a delimiter at the line's end)")]
    BlankHeader {
        /// The header's line.
        line: u64,
        /// Position of the column.
        position: usize,
    },
    /// More columns than allowed.
    #[error(
        "line {line}: {found} columns are more than the {limit} allowed; leave out what the analysis does not need"
    )]
    TooManyColumns {
        /// The header's line.
        line: u64,
        /// How many there are.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// One field longer than allowed.
    #[error(
        "line {line}: field {position} is longer than the {limit} bytes allowed; shorten it or leave the column out"
    )]
    FieldTooLong {
        /// Where its row starts.
        line: u64,
        /// Position of the field.
        position: usize,
        /// How long it may be.
        limit: usize,
    },
    /// One row longer than allowed.
    #[error("line {line}: the row is longer than the {limit} bytes allowed; is each row on a line of its own?")]
    RecordTooLong {
        /// Where it starts.
        line: u64,
        /// How long it may be.
        limit: usize,
    },
    /// A quote that is opened and not closed.
    #[error(
        "line {line}: the quote that opens field {position} is never closed; close it, \
         or double it when it belongs to the value"
    )]
    UnclosedQuote {
        /// Where the field starts.
        line: u64,
        /// Position of the field in its row.
        position: usize,
    },
    /// Larger than allowed.
    #[error("the file is larger than the {limit_bytes} bytes allowed; split it, or leave out columns")]
    TooLarge {
        /// How large it may be as it arrives.
        limit_bytes: u64,
    },
    /// Larger than allowed when decompressed.
    #[error(
        "line {line}: decompressed, the file is larger than the {limit_bytes} bytes allowed; split it, or leave out columns"
    )]
    TooLargeDecompressed {
        /// The line reached.
        line: u64,
        /// How much text there may be.
        limit_bytes: u64,
    },
    /// Not whole gzip.
    #[error("line {line}: the gzip data are damaged or cut off here ({reason}); compress the file again")]
    Gzip {
        /// The line reached.
        line: u64,
        /// What the decoder says.
        reason: String,
    },
    /// A Parquet file that is no table.
    #[error(transparent)]
    Parquet(#[from] ParquetProblem),
    /// A workbook without a table.
    #[error(transparent)]
    Workbook(#[from] WorkbookProblem),
}

impl FileProblem {
    /// The line it is about, from 1, where there is one; of a workbook the row of its sheet.
    #[must_use]
    pub const fn line(&self) -> Option<u64> {
        match self {
            Self::Empty | Self::Binary { .. } | Self::TooLarge { .. } | Self::Parquet(_) => None,
            Self::Workbook(problem) => problem.row(),
            Self::NoRows { line, .. }
            | Self::Nul { line, .. }
            | Self::Encoding { line, .. }
            | Self::Ragged { line, .. }
            | Self::DuplicateHeader { line, .. }
            | Self::BlankHeader { line, .. }
            | Self::TooManyColumns { line, .. }
            | Self::FieldTooLong { line, .. }
            | Self::RecordTooLong { line, .. }
            | Self::UnclosedQuote { line, .. }
            | Self::TooLargeDecompressed { line, .. }
            | Self::Gzip { line, .. } => Some(*line),
        }
    }

    /// The row it is about, from 1 and without the header, where it has no line but a row.
    #[must_use]
    pub const fn row(&self) -> Option<u64> {
        match self {
            Self::Parquet(problem) => problem.row(),
            _ => None,
        }
    }

    /// The position of the column it is about, from 1, where there is one.
    #[must_use]
    pub const fn column(&self) -> Option<usize> {
        match self {
            Self::BlankHeader { position, .. }
            | Self::DuplicateHeader { second: position, .. }
            | Self::FieldTooLong { position, .. }
            | Self::UnclosedQuote { position, .. } => Some(*position),
            Self::Parquet(problem) => problem.column(),
            Self::Workbook(problem) => problem.column(),
            _ => None,
        }
    }

    /// Whether the file is no fault but its size.
    #[must_use]
    pub const fn is_too_large(&self) -> bool {
        matches!(
            self,
            Self::TooLarge { .. }
                | Self::TooLargeDecompressed { .. }
                | Self::Parquet(ParquetProblem::TooLargeUnpacked { .. })
                | Self::Workbook(WorkbookProblem::TooLargeUnpacked { .. })
        )
    }
}

/// What a file that is not UTF-8 may be instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EncodingHint {
    /// Starts with UTF-16's mark, or every other byte is NUL.
    #[error("the file looks like UTF-16 (\"Unicode text\" in Excel); save it as \"CSV UTF-8\"")]
    Utf16,
    /// A letter of Western Europe in one byte.
    #[error("the file looks like Latin-1 or Windows-1252; save it as UTF-8 (\"CSV UTF-8\" in Excel)")]
    Latin1,
    /// None of these.
    #[error("is it text at all? save it as UTF-8")]
    Unknown,
}
