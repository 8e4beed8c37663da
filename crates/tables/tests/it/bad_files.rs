//! Each kind of bad file and exactly what is said of it.

use tables::text::RecordError;
use tables::upload::{Limits, check};

use crate::support::gzip;

fn tight() -> Limits {
    Limits { max_text_bytes: 4000, max_columns: 5, max_field_bytes: 20, max_record_bytes: 60, ..Limits::default() }
}

/// What is said of a file, and the line.
fn verdict(file: &[u8], limits: &Limits) -> (String, Option<u64>) {
    match check(file, None, limits) {
        Err(RecordError::Problem(problem)) => (problem.to_string(), problem.line()),
        other => panic!("{other:?}"),
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "it is one list")]
fn each_is_told_with_its_place() {
    const RAGGED: &str = "look for a missing or extra delimiter, or a field with a delimiter in it that is not quoted";
    const UNCLOSED: &str = "is never closed; close it, or double it when it belongs to the value";
    const NAME_IT: &str = "has no name; name it, or remove it (also a delimiter at the line's end)";
    const EMPTY: &str = "the file is empty; upload a file with a header line and at least one row";
    const LATIN: &str = "the file looks like Latin-1 or Windows-1252; save it as UTF-8 (\"CSV UTF-8\" in Excel)";
    const UTF16: &str = "the file looks like UTF-16 (\"Unicode text\" in Excel); save it as \"CSV UTF-8\"";
    const UNKNOWN: &str = "is it text at all? save it as UTF-8";
    let cases: Vec<(&[u8], String)> = vec![
        (b"", EMPTY.into()),
        (b"\n\r\n\r", EMPTY.into()),
        (b"\xEF\xBB\xBF", EMPTY.into()),
        (b"a,b,c\n", "line 1: there is a header with 3 columns, but no rows follow; add the data".into()),
        (b"a,b,c", "line 1: there is a header with 3 columns, but no rows follow; add the data".into()),
        (b"a,b\n1,2\n3\n", format!("line 3: 1 fields where the header has 2; {RAGGED}")),
        (b"a,b\n1,2\n3,4,5\n", format!("line 3: 3 fields where the header has 2; {RAGGED}")),
        (b"a,b\r1,2\r3,4,5\r", format!("line 3: 3 fields where the header has 2; {RAGGED}")),
        (b"a,b\r\n1,2\r\n\r\n3,4,5", format!("line 4: 3 fields where the header has 2; {RAGGED}")),
        (b"a,b\n\"x\ny\r\nz\",2\n3\n", format!("line 5: 1 fields where the header has 2; {RAGGED}")),
        (b"a,b\n1,\"2\n3,4\n", format!("line 2: the quote that opens field 2 {UNCLOSED}")),
        (b"a,b\n\"1\n\n2\",\"3", format!("line 4: the quote that opens field 2 {UNCLOSED}")),
        (b"\"a,b\n1,2\n", format!("line 1: the quote that opens field 1 {UNCLOSED}")),
        (b"a,b,a\n1,2,3\n", "line 1: columns 1 and 3 are both named `a`; give each its own name".into()),
        (b"\na, b,b \n1,2,3\n", "line 2: columns 2 and 3 are both named `b`; give each its own name".into()),
        (b"a,,c\n1,2,3\n", format!("line 1: column 2 {NAME_IT}")),
        (b"a,b,\" \"\n1,2,3\n", format!("line 1: column 3 {NAME_IT}")),
        (
            b"a,b,c,d,e,f\n1,2,3,4,5,6\n",
            "line 1: 6 columns are more than the 5 allowed; leave out what the analysis does not need".into(),
        ),
        (
            b"\"a\",b,c,d,e,f,g\n1,2,3,4,5,6,7\n",
            "line 1: 7 columns are more than the 5 allowed; leave out what the analysis does not need".into(),
        ),
        (b"a,b\n\"1\",2,,,,,,,\n", format!("line 2: 9 fields where the header has 2; {RAGGED}")),
        (
            b"a,b\n1,2\n3,123456789012345678901\n",
            "line 3: field 2 is longer than the 20 bytes allowed; shorten it or leave the column out".into(),
        ),
        (
            b"a,b\n1,2\n3,\"123456789012345678901\"\n",
            "line 3: field 2 is longer than the 20 bytes allowed; shorten it or leave the column out".into(),
        ),
        (
            b"a,b,c,d,e\n1234567890123,1234567890123,1234567890123,1234567890123,1234567890123\n",
            "line 2: the row is longer than the 60 bytes allowed; is each row on a line of its own?".into(),
        ),
        (
            b"a,b,c,d,e\n\"1234567890123\",1234567890123,1234567890123,1234567890123,1234567890123\n",
            "line 2: the row is longer than the 60 bytes allowed; is each row on a line of its own?".into(),
        ),
        (b"a,b\n1,Z\xFCrich\n", format!("line 2: byte 7 (0xFC) is not UTF-8; {LATIN}")),
        (b"a,b\n1,\x93hi\x94\n", format!("line 2: byte 6 (0x93) is not UTF-8; {LATIN}")),
        (b"a,b\n1,2\n3,\xC3", format!("line 3: byte 10 (0xC3) is not UTF-8; {UNKNOWN}")),
        (b"a,b\n1,\x81\x8D\xFE\xFF\xC0\xC1\n", format!("line 2: byte 6 (0x81) is not UTF-8; {UNKNOWN}")),
        (b"\xFF\xFEa\0,\0b\0\n\0", format!("line 1: byte 0 (0xFF) is not UTF-8; {UTF16}")),
        (b"\xFE\xFF\0a\0,\0b\0\n", format!("line 1: byte 0 (0xFE) is not UTF-8; {UTF16}")),
        (b"a\0,\0b\0\n\x001\0,\x002\0", format!("line 1: byte 1 is NUL, which text does not have; {UTF16}")),
        (b"\0a\0,\0b\0\n", format!("line 1: byte 0 is NUL, which text does not have; {UTF16}")),
        (b"a,b\n1,2\n3,\0\n", format!("line 3: byte 10 is NUL, which text does not have; {UNKNOWN}")),
        (b"a\0\0\0\0\0\0\0\0", format!("line 1: byte 1 is NUL, which text does not have; {UNKNOWN}")),
        (b"a,b\n1,2\n3\n4,\0\n", format!("line 3: 1 fields where the header has 2; {RAGGED}")),
    ];
    for (file, expected) in cases {
        let shown = String::from_utf8_lossy(file).into_owned();
        let (told, line) = verdict(file, &tight());
        assert_eq!(told, expected, "{shown:?}");
        assert_eq!(line.is_some(), told.starts_with("line "), "{shown:?}");
        let compressed = gzip(file);
        if !file.is_empty() {
            assert_eq!(verdict(&compressed, &tight()).0, expected, "as gzip: {shown:?}");
        }
    }
}

#[test]
fn files_of_other_kinds_are_named() {
    let packed = "not delimited text; upload it as it is, not packed with gzip";
    let cases: [(&[u8], &str, &str); 10] = [
        (b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0[Content_Types].xml", "an Excel workbook (.xlsx)", packed),
        (
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0",
            "an old Excel workbook (.xls) or one with a password",
            "not delimited text; save it as .xlsx without a password and upload that",
        ),
        (
            b"PK\x03\x04\x14\0\0\x08\0\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
            "an OpenDocument spreadsheet (.ods)",
            "not delimited text; save the sheet as .xlsx or \"CSV UTF-8\" and upload that",
        ),
        (b"PK\x03\x04\x14\0table.csv", "a zip archive", "not delimited text; unpack it and upload the table in it"),
        (b"PAR1\x15\x04", "a Parquet file", packed),
        (b"%PDF-1.7", "a PDF document", "not delimited text; upload the table itself as CSV"),
        (
            b"\n<!DOCTYPE HTML><html>",
            "a web page (HTML)",
            "not delimited text; the download may have been a sign-in page; fetch the CSV file itself",
        ),
        (
            b"\x28\xB5\x2F\xFD\0",
            "compressed with zstd",
            "not delimited text; upload the CSV file plain or compressed once with gzip (.csv.gz)",
        ),
        (b"SQLite format 3\0", "an SQLite database", "not delimited text; export the table as CSV and upload that"),
        (b"\x89PNG\r\n\x1A\n", "an image", "not delimited text; upload the table itself as CSV"),
    ];
    for (file, format, advice) in cases {
        let expected = (format!("the file is {format}, {advice}"), None);
        assert_eq!(verdict(file, &Limits::default()), expected);
        assert_eq!(verdict(&gzip(file), &Limits::default()), expected);
    }
    let tar = [b"table.csv".as_slice(), &[0; 248], b"ustar\0", b"00"].concat();
    assert!(verdict(&gzip(&tar), &Limits::default()).0.starts_with("the file is a tar archive, not delimited text; "));
    let twice = gzip(&gzip(b"a,b\n1,2\n"));
    assert!(verdict(&twice, &Limits::default()).0.starts_with("the file is compressed with gzip twice, "));
}

#[test]
fn a_gzip_bomb_is_stopped_at_the_limit() {
    let bomb = gzip(&b"a,b\n1,2\n".repeat(1 << 20));
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    let limits = Limits { max_text_bytes: 1 << 20, ..Limits::default() };
    let header_repeated = verdict(&bomb, &Limits { max_text_bytes: 1 << 20, ..limits });
    let told = "decompressed, the file is larger than the 1048576 bytes allowed; split it, or leave out columns";
    assert_eq!(header_repeated, (format!("line 262145: {told}"), Some(262_145)));
    let one_field = gzip(&vec![b'x'; 64 << 20]);
    assert_eq!(verdict(&one_field, &limits).0, format!("line 1: {told}"));
    let quoted = gzip(&[b"\"".as_slice(), &vec![b'\n'; 64 << 20]].concat());
    let unclosed =
        "line 1: the quote that opens field 1 is never closed; close it, or double it when it belongs to the value";
    assert_eq!(verdict(&quoted, &Limits::default()).0, unclosed);
}

#[test]
fn plain_text_over_the_limit_is_refused() {
    let file = b"a,b\n1,2\n".repeat(600);
    let told = "the file is larger than the 4000 bytes allowed; split it, or leave out columns";
    assert_eq!(verdict(&file, &tight()), (told.to_owned(), None));
}

#[test]
fn damaged_gzip_is_told_with_the_line_reached() {
    let whole = gzip(&b"a,b\n1,2\n".repeat(10));
    for cut in 2..whole.len() {
        let (told, line) = verdict(&whole[..cut], &Limits::default());
        assert!(told.contains("the gzip data are damaged or cut off here ("), "{cut}: {told}");
        assert!(line.is_some());
    }
    let mut wrong_sum = whole.clone();
    let place = wrong_sum.len() - 6;
    wrong_sum[place] ^= 1;
    let (told, line) = verdict(&wrong_sum, &Limits::default());
    assert!(told.contains("damaged"), "{told}");
    assert_eq!(line, Some(21));
    let trailing = [whole.as_slice(), b"garbage"].concat();
    assert!(verdict(&trailing, &Limits::default()).0.contains("damaged"));
}

#[test]
fn an_unclosed_quote_is_not_followed_beyond_a_field_s_bound() {
    let mut file = b"a,b\n1,\"2\n".to_vec();
    file.extend(b"3,4\n".repeat(4 << 20));
    let (told, line) = verdict(&file, &Limits::default());
    assert_eq!(line, Some(2));
    assert!(told.starts_with("line 2: the quote that opens field 2 is never closed"), "{told}");
}

#[test]
fn endless_delimiters_are_counted_not_kept() {
    let commas = |count: usize| [b"\"a\"".as_slice(), &vec![b','; count], b"\n1\n"].concat();
    let allowed = "columns are more than the 10000 allowed; leave out what the analysis does not need";
    let (told, _) = verdict(&commas(5_000_000), &Limits::default());
    assert_eq!(told, format!("line 1: 5000001 {allowed}"));
    let limits = Limits { max_record_bytes: 1 << 20, ..Limits::default() };
    let (told, _) = verdict(&commas(5_000_000), &limits);
    assert_eq!(told, "line 1: the row is longer than the 1048576 bytes allowed; is each row on a line of its own?");
}
