//! How large a table may be.

/// Bounds of an upload. What is over one of them is refused with the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes as they arrive.
    pub max_stored_bytes: u64,
    /// Bytes of text, after decompression when the file is gzip: what stops gzip bombs.
    pub max_text_bytes: u64,
    /// Columns.
    pub max_columns: usize,
    /// Bytes of one field. It also bounds how far an unclosed quote is followed.
    pub max_field_bytes: usize,
    /// Bytes of one row: the most memory that a row can cost.
    pub max_record_bytes: usize,
}

impl Default for Limits {
    /// 2 GiB stored and as text, 10,000 columns, 1 MiB a field, 32 MiB a row.
    fn default() -> Self {
        Self {
            max_stored_bytes: 2 << 30,
            max_text_bytes: 2 << 30,
            max_columns: 10_000,
            max_field_bytes: 1 << 20,
            max_record_bytes: 32 << 20,
        }
    }
}

impl Limits {
    /// No bounds: for files that were checked when they were uploaded.
    pub(crate) const CHECKED: Self = Self {
        max_stored_bytes: u64::MAX,
        max_text_bytes: u64::MAX,
        max_columns: usize::MAX,
        max_field_bytes: usize::MAX,
        max_record_bytes: usize::MAX,
    };
}
