//! What is understood of good files.

use domain::dataset::ColumnType::{self, Boolean, Date, Empty, Float, Integer, Text, Timestamp};
use domain::dataset::{TableFormat, TextFormat};

use crate::support::{gzip, schema};

/// The type and the missing values of a column that holds these values.
fn column(values: &[&str]) -> (ColumnType, u64) {
    let rows: Vec<String> = values.iter().map(|value| format!("x,{value}\n")).collect();
    let found = schema(format!("first,second\n{}", rows.concat()).as_bytes());
    assert_eq!(found.rows, values.len() as u64);
    (found.columns[1].column_type, found.columns[1].missing)
}

#[test]
fn types_come_from_all_rows() {
    let cases: &[(&[&str], ColumnType)] = &[
        (&["1", "-2", "+3", "0", "9007199254740992", "-9007199254740992"], Integer),
        // Beyond 2^53 doubles merge neighbours: such identifiers would silently become one category or cluster.
        (&["1", "9007199254740993"], Text),
        (&["1", "-9007199254740993"], Text),
        (&["9223372036854775807"], Text),
        (&["1.5", "9007199254740993"], Float),
        (&["12345678901234567890"], Text),
        (&["1", "2.5"], Float),
        (&["1.", ".5", "-0.25", "1e5", "1E-5", "+2.5e+10", " 7 "], Float),
        (&["01234", "1234"], Text),
        (&["00"], Text),
        (&["0", "-0"], Integer),
        (&["007.5"], Text),
        (&["0x1F"], Text),
        (&["inf"], Text),
        (&["Infinity", "1"], Text),
        (&["1e400"], Text),
        (&["1e"], Text),
        (&["-"], Text),
        (&["+"], Text),
        (&["e5"], Text),
        (&["1_000"], Text),
        (&["\"1,000\""], Text),
        (&["1 000"], Text),
        (&["\"12\"", "13"], Integer),
        (&["true", "FALSE", "True"], Boolean),
        (&["true", "1"], Text),
        (&["true", "yes"], Text),
        (&["2024-02-29", "1900-01-01"], Date),
        (&["2023-02-29"], Text),
        (&["2024-13-01"], Text),
        (&["01/02/2024"], Text),
        (&["2024-05-01T12:00:00Z", "2024-05-01 12:00", "2024-05-01 12:00:30.123456+02:00"], Timestamp),
        (&["2024-05-01", "2024-05-01 12:00"], Timestamp),
        (&["2024-05-01 24:00"], Text),
        (&["2024-05-01 12:00 CET"], Text),
        (&["2024-05-01", "5"], Text),
        (&["abc"], Text),
        (&["none", "-", "?"], Text),
    ];
    for (values, expected) in cases {
        assert_eq!(column(values), (*expected, 0), "{values:?}");
        let reversed: Vec<&str> = values.iter().rev().copied().collect();
        assert_eq!(column(&reversed), (*expected, 0), "{reversed:?}");
    }
}

#[test]
fn missing_values_have_no_type() {
    let all = ["", " ", "\"\"", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "null", "NULL", "Null", "None", ".", " NA "];
    assert_eq!(column(&all), (Empty, all.len() as u64));
    for value in all {
        assert_eq!(column(&[value, "1"]), (Integer, 1), "{value:?}");
        assert_eq!(column(&["word", value, "1"]), (Text, 1), "{value:?}");
    }
}

#[test]
fn the_delimiter_is_found() {
    let cases: [(&str, u8, usize); 9] = [
        ("a,b\n1,2\n", b',', 2),
        ("a;b\n1,5;2,5\n", b';', 2),
        ("a\tb\n1\t2\n", b'\t', 2),
        ("a|b\n1|2\n", b'|', 2),
        ("name,note\nx,a;b;c\ny,d;e\n", b',', 2),
        ("\"a;b\",c\n\"1;2\",3\n", b',', 2),
        ("id;text\n1;\"a,b,c\nd,e\"\n2;\"f\"\n", b';', 2),
        ("one\n1\n2\n", b',', 1),
        ("a|b;c|d\n1|2;3|4\n", b'|', 3),
    ];
    for (file, delimiter, columns) in cases {
        let found = schema(file.as_bytes());
        let format = TableFormat::Text(TextFormat { delimiter, gzip: false });
        assert_eq!((found.format, found.columns.len()), (format, columns), "{file:?}");
    }
}

#[test]
fn marks_line_ends_and_gzip_do_not_change_the_table() {
    let plain = schema(b"a,b\n1,x\n,y\n");
    assert_eq!(plain.rows, 2);
    for file in [
        "\u{FEFF}a,b\n1,x\n,y\n",
        "a,b\r\n1,x\r\n,y\r\n",
        "a,b\r1,x\r,y\r",
        "a,b\n1,x\r\n,y",
        "\n\na,b\n\n1,x\n\n\n,y\n\n",
        " a ,\"b\"\n\"1\",x\n\"\",y\n",
        "\u{FEFF}\"a\",b\n1,x\n,\"y\"",
    ] {
        assert_eq!(schema(file.as_bytes()), plain, "{file:?}");
        let compressed = schema(&gzip(file.as_bytes()));
        assert_eq!(compressed.format, TableFormat::Text(TextFormat { delimiter: b',', gzip: true }));
        assert_eq!((compressed.columns, compressed.rows), (plain.columns.clone(), 2));
    }
    let two_members = [gzip(b"a,b\n1,x"), gzip(b"\n,y\n")].concat();
    assert_eq!(schema(&two_members).columns, plain.columns);
}

#[test]
fn wide_rows_are_longer_than_the_window() {
    let names: Vec<String> = (0..10_000).map(|index| format!("a_rather_long_name_of_column_{index:05}")).collect();
    let row = vec!["1.5"; names.len()].join(",");
    let long = vec!["123456789012345678901234567890.25"; names.len()].join(",");
    let found = schema(format!("{}\n{row}\n{long}\n{row}", names.join(",")).as_bytes());
    assert_eq!((found.columns.len(), found.rows), (10_000, 3));
    assert!(found.columns.iter().all(|column| column.column_type == Float));
    assert_eq!(found.columns[9999].name, names[9999]);
}
