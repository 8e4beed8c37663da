//! What the sender says of a file.

/// What the sender says of a file; all of it may be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// Which byte separates the fields of delimited text; found when it is not given.
    pub delimiter: Option<u8>,
    /// Which sheet of a workbook is the table; the only one with something in it when it is not given.
    pub sheet: Option<String>,
}

impl From<Option<u8>> for Given {
    fn from(delimiter: Option<u8>) -> Self {
        Self { delimiter, sheet: None }
    }
}
