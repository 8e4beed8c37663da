//! Where in a Parquet file the pieces of its columns lie.

use std::collections::HashMap;
use std::ops::Range;

use parquet::basic::CompressionCodec;
use parquet::file::metadata::{
    ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataOptions, ParquetMetaDataReader, ParquetStatisticsPolicy,
    RowGroupMetaData,
};
use parquet::schema::types::ColumnDescPtr;

use super::leaf::Leaf;
use super::{ParquetProblem, scan};
use crate::objects::ObjectAt;
use crate::text::{FileProblem, Limits, RecordError};

const SIGNATURE: &[u8] = b"PAR1";
const ENCRYPTED_SIGNATURE: &[u8] = b"PARE";
/// The footer's length and the signature behind it.
const TAIL_BYTES: u64 = 8;
/// The description of a file: about 100 bytes for each column of each row group.
const MOST_FOOTER_BYTES: u64 = 16 << 20;
/// Rows of a file: few bytes may stand for very many.
pub(super) const MOST_ROWS: u64 = 100_000_000;

/// A Parquet file whose footer was read.
pub(super) struct File {
    pub(super) object: ObjectAt,
    pub(super) columns: Vec<ColumnOf>,
    pub(super) groups: Vec<Group>,
    pub(super) rows: u64,
}

/// One column.
pub(super) struct ColumnOf {
    pub(super) name: String,
    pub(super) leaf: Leaf,
    pub(super) descriptor: ColumnDescPtr,
}

/// One row group.
pub(super) struct Group {
    pub(super) rows: u64,
    pub(super) chunks: Vec<Chunk>,
}

/// One column of one row group.
pub(super) struct Chunk {
    pub(super) codec: CompressionCodec,
    pub(super) bytes: Range<u64>,
}

impl File {
    /// Reads the footer of a file and makes sure that it describes a table.
    pub(super) fn open(object: ObjectAt, limits: &Limits) -> Result<Self, RecordError> {
        let footer = footer(&object)?;
        let bytes = object.read(footer.clone()).map_err(RecordError::Io)?;
        scan::scan(&bytes, limits)?;
        let options = ParquetMetaDataOptions::new()
            .with_column_stats_policy(ParquetStatisticsPolicy::SkipAll)
            .with_size_stats_policy(ParquetStatisticsPolicy::SkipAll)
            .with_encoding_stats_policy(ParquetStatisticsPolicy::SkipAll);
        let metadata = ParquetMetaDataReader::decode_metadata_with_options(&bytes, Some(&options));
        let metadata = metadata.map_err(ParquetProblem::damaged)?;
        Self::of(object, &metadata, footer.start)
    }

    fn of(object: ObjectAt, metadata: &ParquetMetaData, end: u64) -> Result<Self, RecordError> {
        let columns = columns(metadata)?;
        let rows = u64::try_from(metadata.file_metadata().num_rows())
            .map_err(|_| ParquetProblem::damaged("it has less than no rows"))?;
        if columns.is_empty() || rows == 0 {
            return Err(ParquetProblem::NoRows { columns: columns.len() }.into());
        }
        if rows > MOST_ROWS {
            return Err(ParquetProblem::TooManyRows { found: rows, limit: MOST_ROWS }.into());
        }
        let groups = metadata.row_groups().iter().map(|group| of_group(group, columns.len(), end));
        let groups: Vec<Group> = groups.collect::<Result<_, _>>()?;
        if groups.iter().try_fold(0_u64, |sum, group| sum.checked_add(group.rows)) != Some(rows) {
            return Err(ParquetProblem::damaged("its row groups have other rows than it says").into());
        }
        Ok(Self { object, columns, groups, rows })
    }
}

/// Where the footer lies.
fn footer(object: &ObjectAt) -> Result<Range<u64>, RecordError> {
    let size = object.size_bytes();
    let damaged = |reason: &str| RecordError::from(ParquetProblem::damaged(reason));
    let tail_start = size.checked_sub(TAIL_BYTES).filter(|&start| start >= SIGNATURE.len() as u64);
    let tail_start = tail_start.ok_or_else(|| damaged("it is shorter than any Parquet file"))?;
    let tail = object.read(tail_start..size).map_err(RecordError::Io)?;
    match &tail[4..] {
        SIGNATURE => {}
        ENCRYPTED_SIGNATURE => return Err(ParquetProblem::Encrypted.into()),
        _ => return Err(damaged("it does not end as a Parquet file does")),
    }
    let length = u64::from(u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]));
    let start = tail_start.checked_sub(length).filter(|&start| start >= SIGNATURE.len() as u64);
    let start = start.ok_or_else(|| damaged("the description at its end is longer than the file"))?;
    if length > MOST_FOOTER_BYTES {
        return Err(ParquetProblem::FooterTooLong { found: length, limit: MOST_FOOTER_BYTES }.into());
    }
    Ok(start..tail_start)
}

/// The columns: named, each by its own name, and of types that mean something.
fn columns(metadata: &ParquetMetaData) -> Result<Vec<ColumnOf>, ParquetProblem> {
    let schema = metadata.file_metadata().schema_descr();
    let mut positions = HashMap::with_capacity(schema.num_columns());
    let mut columns = Vec::with_capacity(schema.num_columns());
    for (position, descriptor) in (1..).zip(schema.columns()) {
        let name = descriptor.name().replace('\0', "").trim().to_owned();
        if name.is_empty() {
            return Err(ParquetProblem::BlankName { position });
        }
        if let Some(first) = positions.insert(name.clone(), position) {
            return Err(ParquetProblem::DuplicateName { name, first, second: position });
        }
        let leaf = Leaf::of(descriptor, position)?;
        if descriptor.max_rep_level() != 0 || descriptor.max_def_level() > 1 {
            return Err(ParquetProblem::Nested { position, column: name, kind: "a list of values" });
        }
        columns.push(ColumnOf { name, leaf, descriptor: descriptor.clone() });
    }
    Ok(columns)
}

fn of_group(group: &RowGroupMetaData, columns: usize, end: u64) -> Result<Group, ParquetProblem> {
    let damaged = |reason: &str| ParquetProblem::damaged(reason);
    if group.num_columns() != columns {
        return Err(damaged("a row group has other columns than the file"));
    }
    let rows = u64::try_from(group.num_rows()).map_err(|_| damaged("a row group has less than no rows"))?;
    let chunks = group.columns().iter().map(|chunk| of_chunk(chunk, end));
    Ok(Group { rows, chunks: chunks.collect::<Result<_, _>>()? })
}

fn of_chunk(chunk: &ColumnChunkMetaData, end: u64) -> Result<Chunk, ParquetProblem> {
    if chunk.file_path().is_some_and(|path| !path.is_empty()) {
        return Err(ParquetProblem::damaged("a column lies in another file"));
    }
    let data = chunk.data_page_offset();
    // Some writers say 0 where there is no dictionary.
    let first = chunk.dictionary_page_offset().filter(|&offset| offset > 0).map_or(data, |offset| offset.min(data));
    let outside = || ParquetProblem::damaged("a column lies outside of the file");
    let start = u64::try_from(first).map_err(|_| outside())?;
    let length = u64::try_from(chunk.compressed_size()).map_err(|_| outside())?;
    let stop = start.checked_add(length).filter(|&stop| stop <= end && start >= SIGNATURE.len() as u64);
    Ok(Chunk { codec: chunk.compression_codec(), bytes: start..stop.ok_or_else(outside)? })
}

impl From<ParquetProblem> for RecordError {
    fn from(problem: ParquetProblem) -> Self {
        Self::Problem(FileProblem::Parquet(problem))
    }
}
