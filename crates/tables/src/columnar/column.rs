//! The values of one column, from the first row to the last.

use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::DataType;

use super::ParquetProblem;
use super::codec::unknown_method;
use super::footer::{Chunk, File};
use super::leaf::Leaf;
use super::pages::{Allowance, Pages, Place, unboxed};
use super::value::Raw;
use crate::objects::ObjectAt;
use crate::text::RecordError;

/// Values that are decoded at once.
const BATCH: usize = 4096;
/// A column is read in blocks of this size.
const BLOCK_BYTES: u64 = 1 << 20;

/// Gives every value of a column, the first `most_rows` at most, to `visit`, with its row from 1.
///
/// At any time it holds one page, one dictionary and [`BATCH`] values.
pub(super) fn each_value<E: From<RecordError>>(
    file: &File,
    column: usize,
    most_rows: u64,
    allowance: &Allowance,
    mut visit: impl FnMut(u64, Raw<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let mut before = 0;
    for (group, index) in file.groups.iter().zip(1..) {
        let rows = group.rows.min(most_rows - before);
        if rows > 0 {
            let pages = pages(file, &group.chunks[column], column, index, group.rows, allowance)?;
            let descriptor = &file.columns[column].descriptor;
            let mut reader = get_column_reader(descriptor.clone(), Box::new(pages));
            let mut visit = |row: u64, raw: Raw<'_>| visit(before + row, raw);
            let of = Of { object: &file.object, rows, optional: descriptor.max_def_level() > 0 };
            read(&mut reader, file.columns[column].leaf, &of, &mut visit)?;
        }
        before += rows;
    }
    Ok(())
}

fn pages(
    file: &File,
    chunk: &Chunk,
    column: usize,
    group: usize,
    rows: u64,
    allowance: &Allowance,
) -> Result<Pages, RecordError> {
    let found = &file.columns[column];
    let place = Place { position: column + 1, column: found.name.clone(), group };
    if let Some(method) = unknown_method(chunk.codec) {
        let Place { position, column, .. } = place;
        return Err(ParquetProblem::Compression { position, column, method }.into());
    }
    Ok(Pages {
        bytes: file.object.clone().part(chunk.bytes.clone(), BLOCK_BYTES),
        codec: chunk.codec,
        descriptor: found.descriptor.clone(),
        place,
        allowance: allowance.clone(),
        values_left: rows,
        has_dictionary: false,
    })
}

/// What of a row group is read.
struct Of<'a> {
    object: &'a ObjectAt,
    rows: u64,
    optional: bool,
}

fn read<E: From<RecordError>>(
    reader: &mut ColumnReader,
    leaf: Leaf,
    of: &Of<'_>,
    visit: &mut impl FnMut(u64, Raw<'_>) -> Result<(), E>,
) -> Result<(), E> {
    match reader {
        ColumnReader::BoolColumnReader(reader) => batches(reader, of, visit, |&value| Raw::Boolean(value)),
        ColumnReader::Int32ColumnReader(reader) if leaf == Leaf::Unsigned => {
            batches(reader, of, visit, |&value| Raw::Whole(value.cast_unsigned().into()))
        }
        ColumnReader::Int32ColumnReader(reader) => batches(reader, of, visit, |&value| Raw::Whole(value.into())),
        ColumnReader::Int64ColumnReader(reader) => batches(reader, of, visit, |&value| Raw::Whole(value)),
        ColumnReader::Int96ColumnReader(reader) => batches(reader, of, visit, |value| Raw::Julian(value)),
        ColumnReader::FloatColumnReader(reader) => batches(reader, of, visit, |&value| Raw::Real(value.into())),
        ColumnReader::DoubleColumnReader(reader) => batches(reader, of, visit, |&value| Raw::Real(value)),
        ColumnReader::ByteArrayColumnReader(reader) => batches(reader, of, visit, |value| Raw::Bytes(value.data())),
        ColumnReader::FixedLenByteArrayColumnReader(reader) => {
            batches(reader, of, visit, |value| Raw::Bytes(value.data()))
        }
    }
}

fn batches<T: DataType, E: From<RecordError>>(
    reader: &mut ColumnReaderImpl<T>,
    of: &Of<'_>,
    visit: &mut impl FnMut(u64, Raw<'_>) -> Result<(), E>,
    raw: impl Fn(&T::T) -> Raw<'_>,
) -> Result<(), E> {
    let (mut levels, mut values) = (Vec::with_capacity(BATCH), Vec::with_capacity(BATCH));
    let mut row = 0;
    while row < of.rows {
        levels.clear();
        values.clear();
        // A page may stand for more values than there is time for.
        of.object.ensure_wanted().map_err(RecordError::Io)?;
        let wanted = usize::try_from(of.rows - row).unwrap_or(BATCH).min(BATCH);
        let levels_of = of.optional.then_some(&mut levels);
        let (records, ..) = reader.read_records(wanted, levels_of, None, &mut values).map_err(unboxed)?;
        let mut present = values.iter();
        for index in 0..records {
            row += 1;
            let is_null = of.optional && levels.get(index) != Some(&1);
            let value = if is_null { Raw::Null } else { present.next().map_or(Raw::Null, &raw) };
            visit(row, value)?;
        }
        if records == 0 {
            return Err(RecordError::from(ParquetProblem::damaged("a column has fewer values than rows")).into());
        }
    }
    Ok(())
}
