//! Where the pieces of a stream end must not matter.

use std::io::Read;

use domain::dataset::TableSchema;
use proptest::prelude::*;
use tables::upload::{Limits, check};

use crate::support::gzip;

/// Gives the bytes up to `cut`, then the rest; or one by one.
struct Cut<'a> {
    bytes: &'a [u8],
    cut: Option<usize>,
}

impl Read for Cut<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = match &mut self.cut {
            Some(cut) if *cut > 0 => std::mem::take(cut),
            Some(_) => usize::MAX,
            None => 1,
        };
        let count = most.min(buffer.len()).min(self.bytes.len());
        let (now, later) = self.bytes.split_at(count);
        buffer[..count].copy_from_slice(now);
        self.bytes = later;
        Ok(count)
    }
}

fn outcome(reader: impl Read, limits: &Limits) -> Result<TableSchema, String> {
    check(reader, None, limits).map_err(|error| error.to_string())
}

#[test]
fn every_cut_gives_the_same() {
    let small = Limits { max_field_bytes: 30, max_record_bytes: 50, max_text_bytes: 100, ..Limits::default() };
    let files: [&[u8]; 9] = [
        b"\xEF\xBB\xBFa,b\r\n1,\"x\r\n\"\"y\"\"\"\r\n2,\xC3\xBC\r\n",
        b"a;b\r1;2\r3;4\r",
        b"a,b\n1,2\n3\n",
        b"a,b\n\"1,2\n3,4\n",
        b"a,b\n1,\xE2\x82\xAC\n2,\xE2\x82\n",
        b"a,b\n1,2\n3,\0",
        b"a,b\n1,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n",
        b"a,b\n1,\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        b"PK\x03\x04aaaa[Content_Types].xml",
    ];
    for file in files {
        for file in [file.to_vec(), gzip(file), file.repeat(9)] {
            let expected = outcome(file.as_slice(), &small);
            for cut in 0..=file.len() {
                assert_eq!(outcome(Cut { bytes: &file, cut: Some(cut) }, &small), expected, "cut at {cut}");
            }
            assert_eq!(outcome(Cut { bytes: &file, cut: None }, &small), expected, "byte by byte");
        }
    }
}

/// Rows around the window's end: plain, quoted, with line ends of two bytes.
#[test]
fn the_window_s_end_does_not_show() {
    for shift in 0..40 {
        let mut file = format!("a,b,c\r\n{},2,3\r\n", "x".repeat(shift)).into_bytes();
        while file.len() < 2 * tables::text::WINDOW_BYTES {
            file.extend_from_slice("12,\"q,\"\"\r\n\",ü\r\n1234,5678,x\r\n".as_bytes());
        }
        let rows = file.windows(5).filter(|part| *part == b"\xBC\r\n12").count() as u64;
        let found = outcome(file.as_slice(), &Limits::default()).unwrap();
        assert_eq!(found.rows, 1 + 2 * rows, "shift {shift}");
        file.extend_from_slice(b"1,2\r\n");
        let told = outcome(file.as_slice(), &Limits::default()).unwrap_err();
        assert!(told.starts_with(&format!("line {}: 2 fields", 3 + 3 * rows)), "{told}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let expected = outcome(bytes.as_slice(), &Limits::default());
        prop_assert_eq!(outcome(Cut { bytes: &bytes, cut: None }, &Limits::default()), expected);
    }

    #[test]
    fn nothing_like_a_table_panics(text in "[a1,;\"\r\n\t|. é\u{FEFF}-]{0,120}", cut in 0_usize..120) {
        let small = Limits { max_field_bytes: 12, max_record_bytes: 20, max_columns: 4, ..Limits::default() };
        for limits in [small, Limits::default()] {
            let expected = outcome(text.as_bytes(), &limits);
            let cut = Cut { bytes: text.as_bytes(), cut: Some(cut) };
            prop_assert_eq!(outcome(cut, &limits), expected.clone());
            prop_assert_eq!(outcome(Cut { bytes: text.as_bytes(), cut: None }, &limits), expected);
        }
    }

    #[test]
    fn damaged_gzip_never_panics(at in 0_usize..200, flip in 1_u8..=255) {
        let mut file = gzip(&b"a,b\n1,2\n\"3\",4\n".repeat(20));
        let at = at % file.len();
        file[at] ^= flip;
        let _ = outcome(file.as_slice(), &Limits::default());
    }
}
