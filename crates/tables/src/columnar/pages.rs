//! The pages of one column of one row group, none of them larger than it may be.
//!
//! The library takes pages from here and decodes what is in them. It believes their headers and takes memory by what
//! they say, so each of these is checked first: sizes, numbers of values, encodings, and what a dictionary and a list of
//! lengths claim to hold.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use parquet::basic::{CompressionCodec, Encoding, Type};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::ParquetError;
use parquet::schema::types::ColumnDescPtr;

use super::ParquetProblem;
use super::codec::{Refusal, unpack};
use super::header::Header;
use super::thrift::{self, Flaw};
use crate::objects::PartReader;
use crate::text::RecordError;

/// One page, packed or not: the most memory that a column costs while it is read, besides its dictionary.
pub(super) const MOST_PAGE_BYTES: u64 = 64 << 20;
/// Values in a dictionary. Each of them costs 32 bytes.
const MOST_DICTIONARY_VALUES: i64 = 1 << 22;
/// A page's header; statistics in it may be long.
const MOST_HEADER_BYTES: usize = 1 << 20;
const HEADER_BYTES: usize = 256;

/// How many more bytes may be unpacked, of all columns together.
#[derive(Debug, Clone)]
pub(super) struct Allowance {
    limit_bytes: u64,
    used_bytes: Arc<AtomicU64>,
}

impl Allowance {
    pub(super) fn of(limit_bytes: u64) -> Self {
        Self { limit_bytes, used_bytes: Arc::default() }
    }

    pub(super) fn take(&self, bytes: u64) -> Result<(), ParquetProblem> {
        let used = self.used_bytes.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        if used > self.limit_bytes {
            return Err(ParquetProblem::TooLargeUnpacked { limit_bytes: self.limit_bytes });
        }
        Ok(())
    }
}

/// Which column of which row group, from 1, for what is told of it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) position: usize,
    pub(super) column: String,
    pub(super) group: usize,
}

/// See the module's page.
pub(super) struct Pages {
    pub(super) bytes: PartReader,
    pub(super) codec: CompressionCodec,
    pub(super) descriptor: ColumnDescPtr,
    pub(super) place: Place,
    pub(super) allowance: Allowance,
    /// Values that have not come yet.
    pub(super) values_left: u64,
    pub(super) has_dictionary: bool,
}

impl Pages {
    /// The next page; pages without values are left out.
    fn page(&mut self) -> Result<Option<Page>, RecordError> {
        while self.values_left > 0 && self.bytes.left() > 0 {
            let header = self.header()?;
            let unpacked = self.size(header.unpacked_bytes)?;
            let packed = self.size(header.packed_bytes)?;
            self.allowance.take(unpacked as u64)?;
            let body = self.bytes.take_bytes(packed).map_err(of_io)?;
            let page = match header.kind {
                Header::DICTIONARY => Some(self.dictionary(&header, body, unpacked)?),
                Header::DATA => self.data(&header, body, unpacked)?,
                Header::DATA_2 => self.data_2(&header, &body, unpacked)?,
                _ => None,
            };
            if page.is_some() {
                return Ok(page);
            }
        }
        Ok(None)
    }

    fn header(&mut self) -> Result<Header, RecordError> {
        let mut wanted = HEADER_BYTES;
        loop {
            let view = self.bytes.peek(wanted).map_err(of_io)?;
            let seen = view.len();
            match Header::read(view) {
                Ok((header, length)) => {
                    self.bytes.take_bytes(length).map_err(of_io)?;
                    return Ok(header);
                }
                Err(Flaw::CutOff) if seen >= wanted && wanted < MOST_HEADER_BYTES => wanted *= 2,
                Err(flaw) => return Err(ParquetProblem::damaged(flaw).into()),
            }
        }
    }

    /// A declared size of a page.
    fn size(&self, declared: i64) -> Result<usize, RecordError> {
        let bytes = u64::try_from(declared).map_err(|_| ParquetProblem::damaged("a page of less than no bytes"))?;
        if bytes > MOST_PAGE_BYTES {
            let Place { position, column, group } = self.place.clone();
            let (found, limit) = (bytes, MOST_PAGE_BYTES);
            return Err(ParquetProblem::PageTooLarge { position, column, group, found, limit }.into());
        }
        usize::try_from(bytes).map_err(|error| ParquetProblem::damaged(error).into())
    }

    fn unpack(&self, body: Bytes, size: usize) -> Result<Bytes, ParquetProblem> {
        unpack(self.codec, body, size).map_err(|refusal| match refusal {
            Refusal::Damaged(reason) => ParquetProblem::Damaged { reason },
            Refusal::Method(method) => {
                let Place { position, column, .. } = self.place.clone();
                ParquetProblem::Compression { position, column, method }
            }
        })
    }

    fn dictionary(&mut self, header: &Header, body: Bytes, size: usize) -> Result<Page, ParquetProblem> {
        let buf = self.unpack(body, size)?;
        let least_bytes = match self.descriptor.physical_type() {
            Type::BOOLEAN => return Err(ParquetProblem::damaged("a dictionary of truths")),
            // The length of each.
            Type::BYTE_ARRAY | Type::INT32 | Type::FLOAT => 4,
            Type::INT64 | Type::DOUBLE => 8,
            Type::INT96 => 12,
            Type::FIXED_LEN_BYTE_ARRAY => i64::from(self.descriptor.type_length()).max(1),
        };
        let room = i64::try_from(size).unwrap_or(i64::MAX);
        let fits = (0..=MOST_DICTIONARY_VALUES).contains(&header.values) && header.values * least_bytes <= room;
        if !fits {
            let words = format!("a dictionary of {} values in {size} bytes", header.values);
            return Err(ParquetProblem::damaged(words));
        }
        self.has_dictionary = true;
        let num_values = u32::try_from(header.values).map_err(ParquetProblem::damaged)?;
        Ok(Page::DictionaryPage { buf, num_values, encoding: self.encoding(header)?, is_sorted: false })
    }

    fn data(&mut self, header: &Header, body: Bytes, size: usize) -> Result<Option<Page>, ParquetProblem> {
        let Some(num_values) = self.values(header)? else { return Ok(None) };
        let buf = self.unpack(body, size)?;
        let encoding = self.encoding(header)?;
        if self.descriptor.max_def_level() > 0 {
            if header.level_encoding != RLE {
                return Err(self.unread("BIT_PACKED"));
            }
            let levels = buf.first_chunk().map(|length| u32::from_le_bytes(*length) as usize);
            let values = levels.and_then(|length| buf.get(4..)?.get(length..));
            Self::check_lengths(encoding, values.ok_or_else(cut)?, header.values)?;
        } else {
            Self::check_lengths(encoding, &buf, header.values)?;
        }
        let (def_level_encoding, rep_level_encoding) = (Encoding::RLE, Encoding::RLE);
        let statistics = None;
        Ok(Some(Page::DataPage { buf, num_values, encoding, def_level_encoding, rep_level_encoding, statistics }))
    }

    fn data_2(&mut self, header: &Header, body: &Bytes, size: usize) -> Result<Option<Page>, ParquetProblem> {
        let Some(num_values) = self.values(header)? else { return Ok(None) };
        let level_bytes = u32::try_from(header.level_bytes).map_err(|_| cut())?;
        let levels = level_bytes as usize;
        if header.repeat_bytes != 0 || levels > body.len() || levels > size {
            return Err(cut());
        }
        let nulls = u32::try_from(header.nulls).ok().filter(|&nulls| nulls <= num_values).ok_or_else(cut)?;
        let values = body.slice(levels..);
        let values = if header.is_plain { values } else { self.unpack(values, size - levels)? };
        let encoding = self.encoding(header)?;
        Self::check_lengths(encoding, &values, header.values)?;
        let buf = Bytes::from([&body[..levels], &values].concat());
        Ok(Some(Page::DataPageV2 {
            buf,
            num_values,
            encoding,
            num_nulls: nulls,
            num_rows: num_values,
            def_levels_byte_len: level_bytes,
            rep_levels_byte_len: 0,
            is_compressed: false,
            statistics: None,
        }))
    }

    /// How many values a data page has, of those that are still to come; none at all is no page.
    fn values(&mut self, header: &Header) -> Result<Option<u32>, ParquetProblem> {
        let values = u32::try_from(header.values).map_err(|_| cut())?;
        let left = self.values_left.checked_sub(u64::from(values));
        self.values_left = left.ok_or_else(|| ParquetProblem::damaged("a column has more values than rows"))?;
        Ok((values > 0).then_some(values))
    }

    fn encoding(&self, header: &Header) -> Result<Encoding, ParquetProblem> {
        match header.encoding {
            0 => Ok(Encoding::PLAIN),
            2 | 8 if header.kind == Header::DICTIONARY => Ok(Encoding::PLAIN_DICTIONARY),
            2 | 8 if self.has_dictionary => Ok(Encoding::RLE_DICTIONARY),
            2 | 8 => Err(ParquetProblem::damaged("a page wants a dictionary that did not come")),
            RLE => Ok(Encoding::RLE),
            5 => Ok(Encoding::DELTA_BINARY_PACKED),
            6 => Ok(Encoding::DELTA_LENGTH_BYTE_ARRAY),
            // Each value may repeat all of the one before it: what it unpacks to has no bound but the square of its size.
            7 => Err(self.unread("DELTA_BYTE_ARRAY")),
            9 => Ok(Encoding::BYTE_STREAM_SPLIT),
            other => Err(self.unread(&format!("number {other}"))),
        }
    }

    fn unread(&self, encoding: &str) -> ParquetProblem {
        let Place { position, column, .. } = self.place.clone();
        ParquetProblem::Encoding { position, column, encoding: encoding.to_owned() }
    }

    /// A list of lengths says how many there are: no more than values.
    fn check_lengths(encoding: Encoding, values: &[u8], most: i64) -> Result<(), ParquetProblem> {
        if encoding != Encoding::DELTA_LENGTH_BYTE_ARRAY {
            return Ok(());
        }
        let mut bytes = thrift::Bytes::new(values);
        let mut number = || bytes.unsigned().map_err(ParquetProblem::damaged);
        let (_block, _parts, count) = (number()?, number()?, number()?);
        if count > most.unsigned_abs() { Err(cut()) } else { Ok(()) }
    }
}

const RLE: i64 = 3;

fn cut() -> ParquetProblem {
    ParquetProblem::damaged("a page is not what its header says")
}

fn of_io(error: std::io::Error) -> RecordError {
    if error.kind() == std::io::ErrorKind::UnexpectedEof {
        return ParquetProblem::damaged("a column ends within a page").into();
    }
    RecordError::Io(error)
}

/// Through the library and back an error is kept as it is.
fn boxed(error: RecordError) -> ParquetError {
    ParquetError::External(Box::new(error))
}

/// What the library says, or what was said to it.
pub(super) fn unboxed(error: ParquetError) -> RecordError {
    match error {
        ParquetError::External(inner) => match inner.downcast::<RecordError>() {
            Ok(ours) => *ours,
            Err(other) => ParquetProblem::damaged(other).into(),
        },
        other => ParquetProblem::damaged(other).into(),
    }
}

impl Iterator for Pages {
    type Item = Result<Page, ParquetError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>, ParquetError> {
        self.page().map_err(boxed)
    }

    /// Only asked for by readers that skip or that read lists.
    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>, ParquetError> {
        Err(ParquetError::NYI("pages are read one after the other".to_owned()))
    }

    fn skip_next_page(&mut self) -> Result<(), ParquetError> {
        Err(ParquetError::NYI("pages are read one after the other".to_owned()))
    }
}
