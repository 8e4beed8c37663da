//! What is understood of good Parquet files.

use domain::dataset::ColumnType::{self, Boolean, Date, Empty, Float, Integer, Text, Timestamp};
use domain::dataset::TableFormat;
use parquet::basic::{Compression, GzipLevel, ZstdLevel};
use parquet::file::properties::WriterVersion;
use tables::profile::profile;
use tables::read::{Table, Values as Loaded, preview};

use crate::parquet_files::{Values, Written, parquet, plain, texts};
use crate::support::Store;

/// The type and missing values of a column, and its fields.
fn column(schema: &str, values: Values) -> (ColumnType, u64, Vec<Option<String>>) {
    let store = Store::new();
    let table = store.stored(&plain(schema, &[values]));
    assert_eq!(table.schema.format, TableFormat::Parquet);
    let column = &table.schema.columns[0];
    assert_eq!(column.name, "x");
    let rows = preview(&store.objects, &table, usize::MAX).unwrap().rows;
    // It must load and profile as what it was said to be.
    let loaded = Table::load(&store.objects, &table, &["x".to_owned()], &mut |_| {}).unwrap();
    assert_eq!(loaded.values("x").unwrap().as_array().logical_null_count() as u64, column.missing);
    let found = profile(&store.objects, &table, &mut |_| {}).unwrap();
    assert_eq!(found.columns[0].missing, column.missing);
    (column.column_type, column.missing, rows.into_iter().map(|mut row| row.remove(0)).collect())
}

fn seen(schema: &str, values: Values, column_type: ColumnType, fields: &[&str]) {
    let fields: Vec<Option<String>> =
        fields.iter().map(|field| (!field.is_empty()).then(|| (*field).to_owned())).collect();
    let missing = fields.iter().filter(|field| field.is_none()).count() as u64;
    assert_eq!(column(schema, values), (column_type, missing, fields), "{schema}");
}

#[test]
fn numbers_and_truths() {
    let some = |values: &[i64]| Values::I64(values.iter().copied().map(Some).collect());
    let narrow = |values: &[i32]| Values::I32(values.iter().copied().map(Some).collect());
    seen("optional int64 x;", Values::I64(vec![Some(-5), None, Some(7)]), Integer, &["-5", "", "7"]);
    seen("optional int64 x;", some(&[1 << 53, -(1 << 53)]), Integer, &["9007199254740992", "-9007199254740992"]);
    // Beyond 2^53 doubles merge neighbours.
    seen("optional int64 x;", some(&[1, (1 << 53) + 1]), Text, &["1", "9007199254740993"]);
    seen("optional int64 x;", some(&[i64::MIN]), Text, &["-9223372036854775808"]);
    seen("optional int64 x (INTEGER(64,false));", some(&[-1]), Text, &["18446744073709551615"]);
    seen("optional int32 x (INTEGER(32,false));", narrow(&[-1]), Integer, &["4294967295"]);
    seen("optional int32 x (INTEGER(8,true));", narrow(&[-8]), Integer, &["-8"]);
    let doubles = vec![Some(0.0), Some(f64::NAN), None, Some(9930.046), Some(1e300), Some(-2.5e-9)];
    seen("optional double x;", Values::F64(doubles), Float, &["0.0", "", "", "9930.046", "1e300", "-2.5e-9"]);
    seen("optional float x;", Values::F32(vec![Some(0.5), Some(0.1)]), Float, &["0.5", "0.10000000149011612"]);
    seen("optional boolean x;", Values::Boolean(vec![Some(true), None, Some(false)]), Boolean, &["true", "", "false"]);
    seen("optional int32 x (DECIMAL(9,2));", narrow(&[12_345, -5, 0]), Float, &["123.45", "-0.05", "0.00"]);
    seen("optional int64 x (DECIMAL(18,0));", some(&[42]), Integer, &["42"]);
    seen("optional int64 x (DECIMAL(18,0));", some(&[(1 << 53) + 1]), Text, &["9007199254740993"]);
    let wide = Values::Fixed(vec![Some((-1_234_567_i128).to_be_bytes().to_vec()), None]);
    seen("optional fixed_len_byte_array(16) x (DECIMAL(38,4));", wide, Float, &["-123.4567", ""]);
    let short = Values::Bytes(vec![Some(vec![0xFF]), Some(vec![1, 0])]);
    seen("optional binary x (DECIMAL(5,1));", short, Float, &["-0.1", "25.6"]);
    seen("optional int64 x;", Values::I64(vec![None, None]), Empty, &["", ""]);
    seen("optional double x;", Values::F64(vec![Some(f64::NAN)]), Empty, &[""]);
}

#[test]
fn times() {
    let some = |values: &[i64]| Values::I64(values.iter().copied().map(Some).collect());
    let days = Values::I32(vec![Some(0), Some(-1), None, Some(19_782)]);
    seen("optional int32 x (DATE);", days, Date, &["1970-01-01", "1969-12-31", "", "2024-02-29"]);
    let (day, noon) = (86_400_000, 43_200_000);
    let ms = "optional int64 x (TIMESTAMP(MILLIS,true));";
    seen(ms, some(&[day + noon, 0]), Timestamp, &["1970-01-02T12:00:00Z", "1970-01-01T00:00:00Z"]);
    seen(ms, some(&[day + 1, -1]), Timestamp, &["1970-01-02T00:00:00.001Z", "1969-12-31T23:59:59.999Z"]);
    // As pandas keeps dates.
    seen(
        "optional int64 x (TIMESTAMP(NANOS,false));",
        some(&[day * 1_000_000, 0]),
        Date,
        &["1970-01-02", "1970-01-01"],
    );
    let micro = "optional int64 x (TIMESTAMP(MICROS,false));";
    seen(micro, some(&[1_500_000, 7]), Timestamp, &["1970-01-01T00:00:01.500Z", "1970-01-01T00:00:00.000007Z"]);
    seen("optional int64 x (TIMESTAMP_MICROS);", some(&[1_000_000]), Timestamp, &["1970-01-01T00:00:01Z"]);
    let julian = Values::I96(vec![Some([0, 0, 2_440_589]), Some([1_000_000_000, 0, 2_440_588])]);
    seen("optional int96 x;", julian, Timestamp, &["1970-01-02T00:00:00Z", "1970-01-01T00:00:01Z"]);
    seen("optional int32 x (TIME(MILLIS,true));", Values::I32(vec![Some(3_661_001)]), Text, &["01:01:01.001"]);
}

#[test]
fn text_stays_text() {
    let digits = texts(&["01234", "5", "NA", "", " padded ", "Zürich"]);
    seen("optional binary x (STRING);", digits, Text, &["01234", "5", "", "", " padded ", "Zürich"]);
    seen("optional binary x (UTF8);", texts(&["1", "2"]), Text, &["1", "2"]);
    seen("optional binary x (STRING);", texts(&["NA", " "]), Empty, &["", ""]);
    let uuid = Values::Fixed(vec![Some((0..16).collect())]);
    seen("optional fixed_len_byte_array(16) x (UUID);", uuid, Text, &["00010203-0405-0607-0809-0a0b0c0d0e0f"]);
}

/// Whatever the writer chose, the table is the same, and only what was asked for is read.
#[test]
fn all_ways_of_writing_give_the_same_table() {
    const SCHEMA: &str = "required int64 id; optional double y; optional binary site (STRING); optional boolean t;";
    let rows = 5000_i64;
    let columns = || {
        let present = |row: i64| row % 7 != 0;
        [
            Values::I64((0..rows).map(|row| Some(row * row)).collect()),
            Values::F64((0..rows).map(|row| present(row).then_some(row as f64 / 3.0)).collect()),
            Values::Bytes((0..rows).map(|row| Some(format!("site {}", row % 11).into_bytes())).collect()),
            Values::Boolean((0..rows).map(|row| present(row).then_some(row % 2 == 0)).collect()),
        ]
    };
    let names: Vec<String> = ["id", "y", "site", "t"].map(str::to_owned).to_vec();
    let mut first: Option<(_, _, _)> = None;
    let packed = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
        Compression::LZ4_RAW,
    ];
    for compression in packed {
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            for (dictionary, group_rows, page_bytes) in [(true, 1 << 20, 1 << 20), (true, 999, 500)] {
                let written = Written { compression, version, dictionary, group_rows, page_bytes };
                let store = Store::new();
                let table = store.stored(&parquet(SCHEMA, &columns(), &written));
                let loaded = Table::load(&store.objects, &table, &names, &mut |_| {}).unwrap();
                let numbers: Vec<Option<u64>> =
                    loaded.numeric("y").unwrap().iter().map(|value| value.map(f64::to_bits)).collect();
                let Loaded::Text(sites) = loaded.values("site").unwrap().clone() else { panic!() };
                let found = (table.schema, numbers, format!("{sites:?}"));
                assert_eq!(found.0.rows, 5000);
                let first = first.get_or_insert_with(|| found.clone());
                assert_eq!(&found, first, "{compression:?} {version:?} {group_rows}");
            }
        }
    }
}

/// Old encodings and those for numbers, asked for by name.
#[test]
fn encodings_are_read() {
    use parquet::basic::Encoding;
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;
    use std::sync::Arc;

    for (encoding, kind) in [
        (Encoding::DELTA_BINARY_PACKED, "int64 x"),
        (Encoding::BYTE_STREAM_SPLIT, "int64 x"),
        (Encoding::DELTA_LENGTH_BYTE_ARRAY, "binary x (STRING)"),
    ] {
        let schema = Arc::new(parse_message_type(&format!("message m {{ required {kind}; }}")).unwrap());
        let properties = WriterProperties::builder().set_dictionary_enabled(false).set_encoding(encoding).build();
        let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
        let mut group = file.next_row_group().unwrap();
        let mut writer = group.next_column().unwrap().unwrap();
        if kind.starts_with("int") {
            writer.typed::<parquet::data_type::Int64Type>().write_batch(&[3, 1, 2], None, None).unwrap();
        } else {
            let values = ["3", "1", "2"].map(parquet::data_type::ByteArray::from);
            writer.typed::<parquet::data_type::ByteArrayType>().write_batch(&values, None, None).unwrap();
        }
        writer.close().unwrap();
        group.close().unwrap();
        let store = Store::new();
        let table = store.stored(&file.into_inner().unwrap());
        let rows = preview(&store.objects, &table, 2).unwrap().rows;
        assert_eq!(rows, [[Some("3".to_owned())], [Some("1".to_owned())]], "{encoding:?}");
    }
}
