//! Everything a Parquet file can be guilty of.

/// Why a Parquet file is not a table. Rows and positions of columns count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParquetProblem {
    /// Not whole, or not Parquet behind its first bytes.
    #[error("the Parquet file is damaged or cut off ({reason}); write or copy it again")]
    Damaged {
        /// What does not fit.
        reason: String,
    },
    /// Encrypted, all or in part.
    #[error("the Parquet file is encrypted; write it without encryption")]
    Encrypted,
    /// A column of something else than single values.
    #[error(
        "column {position} (`{column}`) holds {kind}; a table needs one value in each row: \
         spread it over columns or rows, or leave it out"
    )]
    Nested {
        /// Its position.
        position: usize,
        /// Its name.
        column: String,
        /// What it holds.
        kind: &'static str,
    },
    /// A column of single values that mean nothing here.
    #[error("column {position} (`{column}`) holds {kind}; {advice}, or leave it out")]
    Type {
        /// Its position.
        position: usize,
        /// Its name.
        column: String,
        /// What it holds.
        kind: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// A column without a name.
    #[error("column {position} has no name; name it, or leave it out")]
    BlankName {
        /// Its position.
        position: usize,
    },
    /// Two columns of one name.
    #[error("columns {first} and {second} are both named `{name}`; give each its own name")]
    DuplicateName {
        /// The name.
        name: String,
        /// Position of the first.
        first: usize,
        /// Position of the second.
        second: usize,
    },
    /// No columns or no rows.
    #[error("the Parquet file has {columns} columns, but no rows; add the data")]
    NoRows {
        /// How many columns it has.
        columns: usize,
    },
    /// More columns than allowed.
    #[error("{found} columns are more than the {limit} allowed; leave out what the analysis does not need")]
    TooManyColumns {
        /// How many there are.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// More rows than allowed.
    #[error("{found} rows are more than the {limit} allowed; split the table, or aggregate it")]
    TooManyRows {
        /// How many the file says it has.
        found: u64,
        /// How many there may be.
        limit: u64,
    },
    /// More row groups than allowed, or columns and row groups together.
    #[error("{found} row groups are more than the {limit} allowed; write fewer, larger ones")]
    TooManyGroups {
        /// How many there are.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A description of the file that is longer than allowed.
    #[error(
        "the description at the file's end has {found} bytes, more than the {limit} allowed; write fewer, larger row \
         groups"
    )]
    FooterTooLong {
        /// How long it is.
        found: u64,
        /// How long it may be.
        limit: u64,
    },
    /// One page larger than allowed.
    #[error(
        "column {position} (`{column}`), row group {group}: a page of {found} bytes is more than the {limit} allowed; \
         write smaller pages (about 1 MiB is usual)"
    )]
    PageTooLarge {
        /// The column's position.
        position: usize,
        /// Its name.
        column: String,
        /// Its row group, from 1.
        group: usize,
        /// How large it is said, or turns out, to be; at least.
        found: u64,
        /// How large it may be.
        limit: u64,
    },
    /// Larger than allowed when unpacked.
    #[error("unpacked, the table is larger than the {limit_bytes} bytes allowed; split it, or leave out columns")]
    TooLargeUnpacked {
        /// How large it may be.
        limit_bytes: u64,
    },
    /// Packed by something that is not read here.
    #[error(
        "column {position} (`{column}`) is packed with {method}; write it with snappy, gzip, zstd, lz4_raw or none"
    )]
    Compression {
        /// The column's position.
        position: usize,
        /// Its name.
        column: String,
        /// With what.
        method: &'static str,
    },
    /// Encoded in a way that is not read here.
    #[error(
        "column {position} (`{column}`) is written in the encoding {encoding}; write it with the default encodings"
    )]
    Encoding {
        /// The column's position.
        position: usize,
        /// Its name.
        column: String,
        /// In which.
        encoding: String,
    },
    /// A value that cannot stand in a table.
    #[error("row {row}, column {position} (`{column}`): {flaw}")]
    Value {
        /// The row.
        row: u64,
        /// The column's position.
        position: usize,
        /// Its name.
        column: String,
        /// What is wrong with it.
        flaw: ValueFlaw,
    },
}

/// What is wrong with one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ValueFlaw {
    /// Infinite.
    #[error("the number is infinite; write a number, or nothing where there is none")]
    Infinite,
    /// Beyond the years that can be written.
    #[error("the date is outside of the years 0 to 9999; write nothing where there is none")]
    Year,
    /// A time of day beyond the day.
    #[error("the time of day is none")]
    TimeOfDay,
    /// Not text.
    #[error("the text is not UTF-8")]
    Encoding,
    /// NUL within text.
    #[error("the text has a NUL byte in it; take it out")]
    Nul,
    /// Too long.
    #[error("the text is longer than the {limit} bytes allowed; shorten it or leave the column out")]
    TooLong {
        /// How long it may be.
        limit: usize,
    },
    /// More digits than can be read.
    #[error("the decimal number has more than 38 digits; write it as a double")]
    Digits,
}

impl ParquetProblem {
    /// The row it is about, where there is one.
    #[must_use]
    pub const fn row(&self) -> Option<u64> {
        match self {
            Self::Value { row, .. } => Some(*row),
            _ => None,
        }
    }

    /// The position of the column it is about, where there is one.
    #[must_use]
    pub const fn column(&self) -> Option<usize> {
        match self {
            Self::Nested { position, .. }
            | Self::Type { position, .. }
            | Self::BlankName { position }
            | Self::DuplicateName { second: position, .. }
            | Self::PageTooLarge { position, .. }
            | Self::Compression { position, .. }
            | Self::Encoding { position, .. }
            | Self::Value { position, .. } => Some(*position),
            _ => None,
        }
    }

    pub(super) fn damaged(reason: impl std::fmt::Display) -> Self {
        Self::Damaged { reason: reason.to_string() }
    }
}
