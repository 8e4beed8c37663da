//! Each kind of bad workbook and what is said of it. None may cost more than what it may be.

use std::io::{Cursor, Write as _};

use bytes::Bytes;
use proptest::prelude::*;
use rust_xlsxwriter::Worksheet;
use tables::objects::ObjectAt;
use tables::text::{FileProblem, RecordError};
use tables::upload::{Limits, UploadError};
use tables::workbook::{WorkbookProblem, check};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::support::Store;
use crate::workbook::book;

fn problem(file: &[u8], limits: &Limits) -> WorkbookProblem {
    match check(&ObjectAt::memory(Bytes::copy_from_slice(file)), None, limits) {
        Err(RecordError::Problem(FileProblem::Workbook(problem))) => problem,
        other => panic!("{other:?}"),
    }
}

fn told(file: &[u8]) -> String {
    problem(file, &Limits::default()).to_string()
}

/// A workbook written part by part.
struct Parts(ZipWriter<Cursor<Vec<u8>>>);

const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

impl Parts {
    fn new(sheet: &[u8]) -> Self {
        let mut parts = Self(ZipWriter::new(Cursor::new(Vec::new())));
        parts.add("[Content_Types].xml", b"<Types/>");
        let relation = |kind: &str, target: &str| {
            format!(
                "<Relationships><Relationship Id=\"r1\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/></Relationships>"
            )
        };
        parts.add("_rels/.rels", relation("officeDocument", "xl/workbook.xml").as_bytes());
        parts.add("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml").as_bytes());
        let workbook = format!(
            "<workbook xmlns:r=\"{RELATIONS}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
        );
        parts.add("xl/workbook.xml", workbook.as_bytes());
        parts.add("xl/worksheets/sheet1.xml", sheet);
        parts
    }

    fn add(&mut self, name: &str, content: &[u8]) {
        self.0.start_file(name, SimpleFileOptions::default()).unwrap();
        self.0.write_all(content).unwrap();
    }

    /// A part of many megabytes that are a few bytes when packed.
    fn add_repeated(&mut self, name: &str, piece: &[u8], times: usize) {
        self.0.start_file(name, SimpleFileOptions::default()).unwrap();
        (0..times).for_each(|_| self.0.write_all(piece).unwrap());
    }

    fn file(self) -> Vec<u8> {
        self.0.finish().unwrap().into_inner()
    }
}

fn sheet(rows: &str) -> String {
    format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")
}

fn of_sheet(rows: &str) -> Vec<u8> {
    Parts::new(sheet(rows).as_bytes()).file()
}

const GOOD: &str = "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>x</v></c></row><row r=\"2\"><c r=\"A2\"><v>1</v></c></row>";

#[test]
fn parts_written_by_hand_are_a_workbook() {
    let found = check(&ObjectAt::memory(of_sheet(GOOD).into()), None, &Limits::default()).unwrap();
    assert_eq!((found.rows, found.columns[0].name.as_str()), (1, "x"));
    // Formulas copied down beyond the table say nothing, in either way of writing it.
    let blank = "<row r=\"3\"><c r=\"A3\" t=\"str\"><f>IF(A9,1,\"\")</f><v></v></c><c r=\"B3\" s=\"1\"/></row>\
                 <row r=\"4\"><c r=\"A4\" t=\"str\"><f t=\"shared\" si=\"0\"/><v/></c></row>";
    let found = check(&ObjectAt::memory(of_sheet(&format!("{GOOD}{blank}")).into()), None, &Limits::default()).unwrap();
    assert_eq!(found.rows, 1);
}

#[test]
fn bombs_are_not_unpacked_beyond_what_they_may_be() {
    let spaces = vec![b' '; 1 << 20];
    let small = Limits { max_text_bytes: 8 << 20, ..Limits::default() };
    let unpacked =
        "unpacked, the workbook is larger than the 8388608 bytes allowed; upload the table as CSV or Parquet";
    let mut declared = Parts::new(sheet(GOOD).as_bytes());
    declared.add_repeated("xl/worksheets/sheet2.xml", &spaces, 16);
    let declared = declared.file();
    assert!(declared.len() < 100_000);
    assert_eq!(problem(&declared, &small).to_string(), unpacked);
    // The directory says that the part is small; what unpacks is not.
    let lying = {
        let mut file = declared.clone();
        let size = (16_u32 << 20).to_le_bytes();
        let places: Vec<usize> = (0..file.len() - 4).filter(|&at| file[at..at + 4] == size).collect();
        assert!(!places.is_empty());
        for at in places {
            file[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
        }
        file
    };
    let refused = problem(&lying, &small);
    assert!(matches!(refused, WorkbookProblem::TooLargeUnpacked { .. } | WorkbookProblem::Damaged { .. }), "{refused}");
    let mut media = Parts::new(sheet(GOOD).as_bytes());
    media.add_repeated("xl/media/picture.png", &spaces, 65);
    let large = "`xl/media/picture.png` in the workbook is larger than the 67108864 bytes allowed; take out pictures and \
                 embedded files";
    assert_eq!(told(&media.file()), large);
}

#[test]
fn what_would_be_held_in_memory_is_refused() {
    let mib = "x".repeat(1 << 20);
    let cases = [
        of_sheet(&format!("<row r=\"1\"><c r=\"A1\" t=\"str\"><v>{mib}</v></c></row>")),
        of_sheet(&format!(
            "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is>{}</is></c></row>",
            format!("<t>{}</t>", &mib[9..]).repeat(5)
        )),
        of_sheet("<!-- no workbook has this -->"),
        Parts::new(b"<!DOCTYPE x [<!ENTITY a \"a\">]><worksheet><sheetData/></worksheet>").file(),
        {
            let mut parts = Parts::new(sheet(GOOD).as_bytes());
            // Memory for so many strings would be asked for at once; there is no surviving that it is refused.
            parts.add("xl/sharedStrings.xml", b"<sst uniqueCount=\"99999999999\"><si><t>x</t></si></sst>");
            parts.file()
        },
    ];
    for (index, file) in cases.iter().enumerate() {
        assert!(told(file).starts_with("the workbook is damaged ("), "{index}: {}", told(file));
    }
    // Two cells at opposite ends of the sheet are two cells, not seventeen thousand million.
    let ends = "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>x</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>";
    assert!(
        told(&of_sheet(ends))
            .starts_with("cell XFD1048576 has a value, but its column has no name in the header (row 1)")
    );
}

#[test]
fn cells_that_cannot_be_are_damaged() {
    for rows in [
        "<row r=\"2\"><c r=\"A2\"><v>1</v></c></row><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>",
        "<row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>",
        "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>",
        "<row r=\"1\"><c r=\"XFE1\"><v>1</v></c></row>",
        "<row r=\"1048577\"><c r=\"A1048577\"><v>1</v></c></row>",
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>5</v></c></row>",
        "<row r=\"1\"><c r=\"A1\"><v>1</v></c>",
    ] {
        let file = if rows.ends_with("</c>") { Parts::new(rows.as_bytes()).file() } else { of_sheet(rows) };
        assert!(told(&file).starts_with("the workbook is damaged ("), "{rows}: {}", told(&file));
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "it is one list")]
fn each_is_told_with_its_cell() {
    let of = |fill: fn(&mut Worksheet)| book(fill);
    let cases = [
        (
            of(|_| {}),
            "the workbook has no sheet with anything in it; upload one with a header row and at least one row",
            None,
        ),
        (
            of(|sheet| {
                sheet.write_string(4, 1, "x").unwrap();
            }),
            "sheet `Sheet1`, row 5: there is a header with 1 columns, but no rows follow; add the data",
            None,
        ),
        (
            of(|sheet| {
                sheet.write_string(0, 0, "a").unwrap();
                sheet.write_string(0, 2, "c").unwrap();
            }),
            "cell B1 is empty: its column has no name; the first row that is not empty must name each column",
            Some("B1"),
        ),
        (
            of(|sheet| {
                for (column, name) in [(0, "a"), (1, "b"), (2, "a ")] {
                    sheet.write_string(0, column, name).unwrap();
                }
            }),
            "cells A1 and C1: both columns are named `a`; give each its own name",
            Some("C1"),
        ),
        (
            of(|sheet| {
                sheet.write_string(0, 0, "Sales 2026").unwrap();
                sheet.write_string(2, 0, "region").unwrap();
                sheet.write_string(2, 1, "sales").unwrap();
            }),
            "cell B3 has a value, but its column has no name in the header (row 1); name the column, or take out what is \
             not part of the table: titles, notes and sums too",
            Some("B3"),
        ),
    ];
    for (file, expected, cell) in cases {
        let refused = problem(&file, &Limits::default());
        assert_eq!(refused.to_string(), expected);
        assert_eq!(refused.cell().map(|cell| cell.to_string()).as_deref(), cell);
    }
    let tight = Limits { max_columns: 2, max_field_bytes: 5, ..Limits::default() };
    let wide = of(|sheet| {
        for column in 0..3 {
            sheet.write_number(0, column, column).unwrap();
        }
    });
    let told = "row 1: 3 columns are more than the 2 allowed; leave out what the analysis does not need";
    assert_eq!(problem(&wide, &tight).to_string(), told);
    let long = of(|sheet| {
        sheet.write_string(0, 0, "x").unwrap();
        sheet.write_string(7, 0, "123456").unwrap();
    });
    let refused = problem(&long, &tight);
    assert_eq!((refused.row(), refused.column()), (Some(8), Some(1)));
    assert!(refused.to_string().starts_with("cell A8: the text is longer than the 5 bytes allowed"));
}

#[tokio::test]
async fn other_archives_are_told_apart_and_nothing_stays() {
    let archive = |names: &[&str]| {
        let mut parts = Parts(ZipWriter::new(Cursor::new(Vec::new())));
        for name in names {
            parts.add(name, &[b' '; 600]);
        }
        parts.file()
    };
    let cases = [
        (archive(&["[Content_Types].xml", "word/document.xml"]), "the file is an Office document without sheets, not"),
        (archive(&["[Content_Types].xml", "xl/workbook.bin"]), "the file is a binary Excel workbook (.xlsb), not"),
        (
            archive(&["table.csv"]),
            "the file is a zip archive, not delimited text; unpack it and upload the table in it",
        ),
        (
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0".to_vec(),
            "the file is an old Excel workbook (.xls) or one with a password",
        ),
        (of_sheet(GOOD)[..300].to_vec(), "the workbook is damaged ("),
    ];
    let store = Store::new();
    for (file, expected) in cases {
        let error = store.upload(&file).await.unwrap_err();
        assert!(matches!(error, UploadError::Refused(_)));
        assert!(error.to_string().starts_with(expected), "{error}");
        assert!(store.files().is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is changed: a table, or words. What the library panics at is for `receive` to catch.
    #[test]
    fn a_changed_workbook_ends_in_words(at in any::<prop::sample::Index>(), flip in 1_u8..=255) {
        let mut file = of_sheet(GOOD);
        let at = at.index(file.len());
        file[at] ^= flip;
        let store = Store::new();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        match runtime.block_on(store.upload(&file)) {
            Ok(received) => prop_assert_eq!(received.schema.columns.len(), 1),
            Err(UploadError::Refused(_)) => prop_assert!(store.files().is_empty()),
            Err(other) => prop_assert!(false, "{}", other),
        }
    }

    #[test]
    fn changed_cells_end_in_words(at in any::<prop::sample::Index>(), letter in "[ -~]") {
        let mut rows = GOOD.to_owned();
        let at = at.index(rows.len());
        rows.replace_range(at..=at, &letter);
        let store = Store::new();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let outcome = runtime.block_on(store.upload(&of_sheet(&rows)));
        prop_assert!(matches!(outcome, Ok(_) | Err(UploadError::Refused(_))), "{rows}");
    }
}
