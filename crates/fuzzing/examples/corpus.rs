//! Writes the Parquet and Excel files of the kept corpus: whole ones of each kind, and some cut or bent. The others are text,
//! and were written by hand.
//!
//! `cargo run -p fuzzing --example corpus` writes into `fuzz/corpus/`; the same every time.

#![expect(clippy::unwrap_used, reason = "it is run by hand and must say when it cannot go on")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

fn main() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    write(&corpus.join("parquet_file"), &parquet_files());
    write(&corpus.join("xlsx_file"), &workbooks());
}

fn write(folder: &Path, files: &[(&str, Vec<u8>)]) {
    fs::create_dir_all(folder).unwrap();
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).unwrap();
    }
}

/// Four rows of a column of each kind that the schema has.
fn parquet(schema: &str, compression: Compression, version: WriterVersion, dictionary: bool) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(&format!("message table {{ {schema} }}")).unwrap());
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_writer_version(version)
        .set_dictionary_enabled(dictionary)
        .set_created_by("e2i".to_owned())
        .build();
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
    let mut group = file.next_row_group().unwrap();
    while let Some(mut column) = group.next_column().unwrap() {
        let there = Some(&[1; 4][..]);
        let written = match column.untyped() {
            ColumnWriter::BoolColumnWriter(to) => to.write_batch(&[true, false, true, true], there, None),
            ColumnWriter::Int32ColumnWriter(to) => to.write_batch(&[1, -2, 3, 0], there, None),
            ColumnWriter::Int64ColumnWriter(to) => to.write_batch(&[1, -2, 3, 1 << 40], there, None),
            ColumnWriter::FloatColumnWriter(to) => to.write_batch(&[0.5, -1.0, 2.0, 3.0], there, None),
            ColumnWriter::DoubleColumnWriter(to) => to.write_batch(&[0.5, f64::NAN, 1e300, -0.0], there, None),
            ColumnWriter::ByteArrayColumnWriter(to) => {
                to.write_batch(&["a", "b,\"", "", "ü"].map(ByteArray::from), there, None)
            }
            _ => unreachable!("no such column is asked for"),
        };
        written.unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    file.into_inner().unwrap()
}

fn parquet_files() -> Vec<(&'static str, Vec<u8>)> {
    use Compression::{LZ4_RAW, SNAPPY, UNCOMPRESSED, ZSTD};
    use WriterVersion::{PARQUET_1_0 as V1, PARQUET_2_0 as V2};

    let zstd = ZSTD(ZstdLevel::default());
    let all = "required boolean b; optional int32 i; required int64 l; optional float f; required double d; \
               optional binary s (string);";
    let times =
        "required int32 day (date); required int64 at (timestamp(micros, true)); required int32 n (decimal(9, 2));";
    let whole = parquet(all, UNCOMPRESSED, V1, false);
    let mut no_end = whole.clone();
    no_end.truncate(whole.len() - 4);
    let mut long_footer = whole.clone();
    let length_at = whole.len() - 8;
    long_footer[length_at..length_at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    let mut bent_page = whole.clone();
    bent_page[4..20].fill(0xff);
    vec![
        ("plain", whole),
        ("dictionary", parquet(all, UNCOMPRESSED, V1, true)),
        ("snappy", parquet(all, SNAPPY, V1, true)),
        ("zstd_v2", parquet(all, zstd, V2, false)),
        ("lz4_v2", parquet(all, LZ4_RAW, V2, true)),
        ("delta_v2", parquet("required int64 l; required binary s (string);", UNCOMPRESSED, V2, false)),
        ("times", parquet(times, UNCOMPRESSED, V1, true)),
        ("bytes_without_a_meaning", parquet("required binary s;", UNCOMPRESSED, V1, false)),
        ("nested", parquet("optional group g { optional int32 i; }", UNCOMPRESSED, V1, false)),
        ("same_name_twice", parquet("required int32 a; required int32 A;", UNCOMPRESSED, V1, false)),
        ("without_an_end", no_end),
        ("footer_longer_than_the_file", long_footer),
        ("bent_page", bent_page),
        ("nothing_but_magic", b"PAR1PAR1".to_vec()),
    ]
}

/// A workbook whose sheets `fill` has written.
fn workbook(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    let at = ExcelDateTime::from_ymd(2026, 1, 2).unwrap();
    book.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&at));
    fill(&mut book);
    book.save_to_buffer().unwrap()
}

fn workbooks() -> Vec<(&'static str, Vec<u8>)> {
    let small = |book: &mut Workbook| {
        let sheet = book.add_worksheet();
        sheet.write_row(0, 0, ["a", "b"]).unwrap();
        sheet.write_row(1, 0, [1.0, 2.5]).unwrap();
    };
    let whole = workbook(small);
    let mut bent_directory = whole.clone();
    let end = whole.len() - 22;
    bent_directory[end + 16..end + 20].copy_from_slice(&[0xff; 4]);
    let mut bent_content = whole.clone();
    bent_content[200..260].fill(0);
    vec![
        ("small", whole.clone()),
        ("nothing", workbook(|book| _ = book.add_worksheet())),
        ("names_alone", workbook(|book| _ = book.add_worksheet().write_row(0, 0, ["a", "b"]).unwrap())),
        ("kinds_of_cells", workbook(kinds_of_cells)),
        ("merged", workbook(merged)),
        (
            "second_sheet_hidden",
            workbook(|book| {
                small(book);
                book.add_worksheet().set_hidden(true).write(0, 0, "x").unwrap();
            }),
        ),
        (
            "two_sheets",
            workbook(|book| {
                small(book);
                small(book);
            }),
        ),
        (
            "far_away",
            workbook(|book| {
                let sheet = book.add_worksheet();
                sheet.write(0, 0, "a").unwrap().write(1_048_575, 16_383, "z").unwrap();
            }),
        ),
        (
            "same_name_twice",
            workbook(|book| {
                let sheet = book.add_worksheet();
                sheet.write_row(0, 0, ["a", "a"]).unwrap().write(1, 0, 1).unwrap();
            }),
        ),
        ("cut", whole[..whole.len() / 2].to_vec()),
        ("bent_directory", bent_directory),
        ("bent_content", bent_content),
        ("empty_archive", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec()),
    ]
}

fn kinds_of_cells(book: &mut Workbook) {
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["text", "number", "truth", "day", "sum"]).unwrap();
    for row in 1..3 {
        sheet.write(row, 0, " a\n\"b\" ").unwrap().write(row, 1, 1e-7).unwrap().write(row, 2, true).unwrap();
        sheet.write_with_format(row, 3, ExcelDateTime::from_ymd(1999, 12, 31).unwrap(), &date).unwrap();
        sheet.write(row, 4, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    }
}

fn merged(book: &mut Workbook) {
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["a", "b", "c"]).unwrap();
    sheet.merge_range(1, 0, 2, 1, "both", &Format::new()).unwrap();
    sheet.write(1, 2, 3).unwrap();
}
