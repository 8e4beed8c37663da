//! What stands before each page.
//!
//! Source: <https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift>, `PageHeader`.

use super::thrift::{Bytes, Flaw, Kind};

/// A page's header.
#[derive(Debug, Default)]
pub(super) struct Header {
    pub(super) kind: i64,
    pub(super) unpacked_bytes: i64,
    pub(super) packed_bytes: i64,
    pub(super) values: i64,
    pub(super) encoding: i64,
    pub(super) level_encoding: i64,
    /// Of the second version only.
    pub(super) nulls: i64,
    pub(super) level_bytes: i64,
    pub(super) repeat_bytes: i64,
    pub(super) is_plain: bool,
}

impl Header {
    pub(super) const DATA: i64 = 0;
    pub(super) const DICTIONARY: i64 = 2;
    pub(super) const DATA_2: i64 = 3;

    /// Reads a header, and says how many bytes it took.
    pub(super) fn read(bytes: &[u8]) -> Result<(Self, usize), Flaw> {
        let mut header = Self::default();
        let mut reader = Bytes::new(bytes);
        reader.structure(|bytes, id, kind| {
            match id {
                1 => header.kind = bytes.integer_of(kind)?,
                2 => header.unpacked_bytes = bytes.integer_of(kind)?,
                3 => header.packed_bytes = bytes.integer_of(kind)?,
                5 if kind == Kind::STRUCTURE => header.data(bytes)?,
                7 if kind == Kind::STRUCTURE => header.dictionary(bytes)?,
                8 if kind == Kind::STRUCTURE => header.data_2(bytes)?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok((header, bytes.len() - reader.left()))
    }

    fn data(&mut self, bytes: &mut Bytes<'_>) -> Result<(), Flaw> {
        bytes.structure(|bytes, id, kind| {
            match id {
                1 => self.values = bytes.integer_of(kind)?,
                2 => self.encoding = bytes.integer_of(kind)?,
                3 => self.level_encoding = bytes.integer_of(kind)?,
                _ => return Ok(false),
            }
            Ok(true)
        })
    }

    fn dictionary(&mut self, bytes: &mut Bytes<'_>) -> Result<(), Flaw> {
        bytes.structure(|bytes, id, kind| {
            match id {
                1 => self.values = bytes.integer_of(kind)?,
                2 => self.encoding = bytes.integer_of(kind)?,
                _ => return Ok(false),
            }
            Ok(true)
        })
    }

    fn data_2(&mut self, bytes: &mut Bytes<'_>) -> Result<(), Flaw> {
        bytes.structure(|bytes, id, kind| {
            match id {
                1 => self.values = bytes.integer_of(kind)?,
                2 => self.nulls = bytes.integer_of(kind)?,
                4 => self.encoding = bytes.integer_of(kind)?,
                5 => self.level_bytes = bytes.integer_of(kind)?,
                6 => self.repeat_bytes = bytes.integer_of(kind)?,
                7 => {
                    self.is_plain = !kind.is_true();
                    return Ok(false);
                }
                _ => return Ok(false),
            }
            Ok(true)
        })
    }
}
