//! Parquet files for tests, written by the crate `parquet`, plain or with something wrong.

use std::sync::Arc;

use parquet::basic::Compression;
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, FixedLenByteArray, Int96};
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

/// The values of one column; `None` is null.
pub(crate) enum Values {
    Boolean(Vec<Option<bool>>),
    I32(Vec<Option<i32>>),
    I64(Vec<Option<i64>>),
    I96(Vec<Option<[u32; 3]>>),
    F32(Vec<Option<f32>>),
    F64(Vec<Option<f64>>),
    Bytes(Vec<Option<Vec<u8>>>),
    Fixed(Vec<Option<Vec<u8>>>),
}

pub(crate) fn texts(values: &[&str]) -> Values {
    Values::Bytes(values.iter().map(|value| Some(value.as_bytes().to_vec())).collect())
}

/// How a file is written.
pub(crate) struct Written {
    pub(crate) compression: Compression,
    pub(crate) version: WriterVersion,
    pub(crate) dictionary: bool,
    /// Row groups of so many rows.
    pub(crate) group_rows: usize,
    pub(crate) page_bytes: usize,
}

impl Default for Written {
    fn default() -> Self {
        Self {
            compression: Compression::SNAPPY,
            version: WriterVersion::PARQUET_1_0,
            dictionary: true,
            group_rows: 1 << 20,
            page_bytes: 1 << 20,
        }
    }
}

/// A file with these columns: `schema` in Parquet's own words, without the message around it.
pub(crate) fn parquet(schema: &str, columns: &[Values], written: &Written) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(&format!("message table {{ {schema} }}")).unwrap());
    let properties = WriterProperties::builder()
        .set_compression(written.compression)
        .set_writer_version(written.version)
        .set_dictionary_enabled(written.dictionary)
        .set_data_page_size_limit(written.page_bytes)
        .build();
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
    let rows = columns.first().map_or(0, Values::len);
    for start in (0..rows).step_by(written.group_rows) {
        let mut group = file.next_row_group().unwrap();
        for values in columns {
            let mut writer = group.next_column().unwrap().unwrap();
            values.write(start..(start + written.group_rows).min(rows), writer.untyped());
            writer.close().unwrap();
        }
        group.close().unwrap();
    }
    file.into_inner().unwrap()
}

/// The same, written as it mostly is.
pub(crate) fn plain(schema: &str, columns: &[Values]) -> Vec<u8> {
    parquet(schema, columns, &Written::default())
}

impl Values {
    fn len(&self) -> usize {
        match self {
            Self::Boolean(values) => values.len(),
            Self::I32(values) => values.len(),
            Self::I64(values) => values.len(),
            Self::I96(values) => values.len(),
            Self::F32(values) => values.len(),
            Self::F64(values) => values.len(),
            Self::Bytes(values) | Self::Fixed(values) => values.len(),
        }
    }

    fn write(&self, rows: std::ops::Range<usize>, writer: &mut ColumnWriter<'_>) {
        fn levels<T>(values: &[Option<T>]) -> Vec<i16> {
            values.iter().map(|value| i16::from(value.is_some())).collect()
        }
        macro_rules! write {
            ($writer:expr, $values:expr, $convert:expr) => {{
                let values = &$values[rows];
                let present: Vec<_> = values.iter().flatten().cloned().map($convert).collect();
                $writer.write_batch(&present, Some(&levels(values)), None).unwrap();
            }};
        }
        match (self, writer) {
            (Self::Boolean(values), ColumnWriter::BoolColumnWriter(writer)) => write!(writer, values, |value| value),
            (Self::I32(values), ColumnWriter::Int32ColumnWriter(writer)) => write!(writer, values, |value| value),
            (Self::I64(values), ColumnWriter::Int64ColumnWriter(writer)) => write!(writer, values, |value| value),
            (Self::I96(values), ColumnWriter::Int96ColumnWriter(writer)) => {
                write!(writer, values, |value: [u32; 3]| Int96::from(value.to_vec()));
            }
            (Self::F32(values), ColumnWriter::FloatColumnWriter(writer)) => write!(writer, values, |value| value),
            (Self::F64(values), ColumnWriter::DoubleColumnWriter(writer)) => write!(writer, values, |value| value),
            (Self::Bytes(values), ColumnWriter::ByteArrayColumnWriter(writer)) => {
                write!(writer, values, ByteArray::from);
            }
            (Self::Fixed(values), ColumnWriter::FixedLenByteArrayColumnWriter(writer)) => {
                write!(writer, values, |value| FixedLenByteArray::from(ByteArray::from(value)));
            }
            _ => panic!("the schema says another type"),
        }
    }
}
