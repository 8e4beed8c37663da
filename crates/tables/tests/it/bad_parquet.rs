//! Each kind of bad Parquet file and what is said of it. None may cost more than what it may be.

use std::time::Duration;

use bytes::Bytes;
use proptest::prelude::*;
use tables::columnar::check;
use tables::objects::ObjectAt;
use tables::text::{FileProblem, RecordError};
use tables::upload::{Limits, UploadError};

use crate::parquet_files::{Values, Written, parquet, plain, texts};
use crate::raw_parquet::{
    INT64, RawFile, STRING, Structure, data_page, dictionary_page, length, same_index, with_footer,
};
use crate::support::{Store, gzip};

fn problem(file: &[u8], limits: &Limits) -> FileProblem {
    match check(ObjectAt::memory(Bytes::copy_from_slice(file)), limits) {
        Err(RecordError::Problem(problem)) => problem,
        other => panic!("{other:?}"),
    }
}

fn told(file: &[u8]) -> String {
    problem(file, &Limits::default()).to_string()
}

fn small() -> Limits {
    Limits { max_text_bytes: 1 << 20, max_columns: 3, max_field_bytes: 10, ..Limits::default() }
}

fn raw(kind: i64, codec: i64, rows: i64, pages: &[Vec<u8>]) -> Vec<u8> {
    RawFile { pages: pages.concat(), kind, codec, rows }.bytes()
}

/// The bytes that a bomb stands for.
const BOMB_BYTES: usize = 128 << 20;

/// What the tests make by hand can be read, as long as it is honest.
#[test]
fn raw_files_are_files() {
    let body: Vec<u8> = (1_i64..=3).flat_map(i64::to_le_bytes).collect();
    let file = raw(INT64, 2, 3, &[data_page(3, 0, 24, &gzip(&body))]);
    assert_eq!(check(ObjectAt::memory(file.into()), &Limits::default()).unwrap().rows, 3);
    let dictionary = dictionary_page(1, 6, b"\x02\0\0\0hi");
    let indices = same_index(9);
    let file = raw(STRING, 0, 9, &[dictionary, data_page(9, 8, length(&indices), &indices)]);
    assert_eq!(check(ObjectAt::memory(file.into()), &Limits::default()).unwrap().rows, 9);
}

#[test]
fn bombs_are_not_unpacked_beyond_what_they_say() {
    let zeros = vec![0; BOMB_BYTES];
    let packed = gzip(&zeros);
    assert!(packed.len() < BOMB_BYTES / 50);
    let says = "the Parquet file is damaged or cut off (a page has more than the 800 bytes that its header says); \
                write or copy it again";
    assert_eq!(told(&raw(INT64, 2, 100, &[data_page(100, 0, 800, &packed)])), says);
    let zstd = zstd::bulk::compress(&zeros, 1).unwrap();
    assert!(told(&raw(INT64, 6, 100, &[data_page(100, 0, 800, &zstd)])).contains("damaged"));
    let snappy = snap::raw::Encoder::new().compress_vec(&zeros).unwrap();
    assert!(told(&raw(INT64, 1, 100, &[data_page(100, 0, 800, &snappy)])).contains("where its header says 800"));
    let lz4 = lz4_flex::block::compress(&zeros);
    assert!(told(&raw(INT64, 7, 100, &[data_page(100, 0, 800, &lz4)])).contains("damaged"));
    // It says so itself.
    let page = "column 1 (`x`), row group 1: a page of 134217728 bytes is more than the 67108864 allowed; write \
                smaller pages (about 1 MiB is usual)";
    assert_eq!(told(&raw(INT64, 2, 100, &[data_page(100, 0, 1 << 27, &packed)])), page);
    // Each page is small enough, all together are not.
    let mib = gzip(&vec![0; 1 << 19]);
    let pages: Vec<Vec<u8>> = (0..3).map(|_| data_page(1 << 16, 0, 1 << 19, &mib)).collect();
    let unpacked = "unpacked, the table is larger than the 1048576 bytes allowed; split it, or leave out columns";
    let refused = problem(&raw(INT64, 2, 3 << 16, &pages), &small());
    assert!(refused.is_too_large());
    assert_eq!(refused.to_string(), unpacked);
}

#[test]
fn few_bytes_that_stand_for_many_values_are_counted() {
    // One text and how often it stands: a table of a hundred gigabytes in a hundred bytes.
    let dictionary = dictionary_page(1, 14, b"\x0A\0\0\x000123456789");
    let indices = same_index(100_000_000);
    let file = raw(STRING, 0, 100_000_000, &[dictionary, data_page(100_000_000, 8, length(&indices), &indices)]);
    assert!(file.len() < 300);
    assert!(problem(&file, &small()).is_too_large());
    let rows = "1000000000000 rows are more than the 100000000 allowed; split the table, or aggregate it";
    assert_eq!(told(&raw(INT64, 0, 1_000_000_000_000, &[])), rows);
    // What would be taken memory for before it is looked at.
    let claims = [
        raw(STRING, 0, 1, &[dictionary_page(1 << 30, 4, b"\0\0\0\0")]),
        raw(INT64, 0, 1, &[dictionary_page(-1, 8, &[0; 8])]),
        // A list of 2^35 lengths: block of 128, 4 parts, the count, the first.
        raw(STRING, 0, 1, &[data_page(1, 6, 10, b"\x80\x01\x04\x80\x80\x80\x80\x80\x01\x00")]),
        raw(INT64, 0, 1, &[data_page(1, 8, 2, b"\x01\x02")]),
        raw(INT64, 0, 1, &[data_page(2, 0, 16, &[0; 16])]),
        raw(INT64, 0, 2, &[data_page(1, 0, 8, &[0; 8])]),
        raw(INT64, 0, 1, &[data_page(1, 0, -8, &[0; 8])]),
        raw(INT64, 0, 1, &[data_page(-1, 0, 8, &[0; 8])]),
        raw(INT64, 0, 1, &[]),
    ];
    for (index, file) in claims.iter().enumerate() {
        assert!(told(file).starts_with("the Parquet file is damaged or cut off ("), "{index}: {}", told(file));
    }
    let prefixes = told(&raw(STRING, 0, 1, &[data_page(1, 7, 1, b"\0")]));
    assert_eq!(
        prefixes,
        "column 1 (`x`) is written in the encoding DELTA_BYTE_ARRAY; write it with the default encodings"
    );
}

#[test]
fn footers_are_looked_at_before_they_are_read() {
    let damaged = "the Parquet file is damaged or cut off (";
    // A hundred thousand structures, each within the one before it.
    let group = |name: &str| Structure::default().i32(3, 1).text(4, name).i32(5, 1);
    let mut schema = vec![Structure::default().text(4, "table").i32(5, 1)];
    schema.extend((0..100_000).map(|_| group("x")));
    let footer = Structure::default().i32(1, 1).list(2, &schema).i64(3, 1).list(4, &[]);
    assert!(told(&with_footer(b"", &footer.end())).contains("holds a structure of several values"));
    // Two thousand million columns in 30 bytes, and as many row groups.
    for id in [2, 4] {
        let footer = Structure::default().i32(1, 1).raw_list(id, 12, (1 << 31) - 1, &[0; 30]).end();
        assert!(told(&with_footer(b"", &footer)).starts_with(damaged));
    }
    let root = Structure::default().text(4, "table").i32(5, i64::from(i32::MAX));
    let footer = Structure::default().i32(1, 1).list(2, &[root]).i64(3, 1).list(4, &[]).end();
    assert!(told(&with_footer(b"", &footer)).contains("other columns than it says"));
    let encrypted = with_footer(b"", &Structure::default().i32(1, 1).structure(8, Structure::default()).end());
    let stop = "the Parquet file is encrypted; write it without encryption";
    assert_eq!(told(&encrypted), stop);
    assert_eq!(told(b"PARE............\x04\0\0\0PARE"), stop);
    let leaf = |name: &str| Structure::default().i32(1, INT64).i32(3, 0).text(4, name);
    let wide = [Structure::default().text(4, "t").i32(5, 4), leaf("a"), leaf("b"), leaf("c"), leaf("d")];
    let footer = Structure::default().i32(1, 1).list(2, &wide).i64(3, 1).list(4, &[]).end();
    let wide = problem(&with_footer(b"", &footer), &small()).to_string();
    assert_eq!(wide, "4 columns are more than the 3 allowed; leave out what the analysis does not need");
}

#[test]
fn columns_that_are_none_are_named() {
    let one = || Values::I64(vec![Some(1)]);
    let bytes = || texts(&["x"]);
    let cases = [
        plain("optional binary x;", &[bytes()]),
        plain("required int64 id; optional int64 id;", &[one(), one()]),
        plain("optional int64 x;", &[Values::I64(vec![])]),
        plain("optional fixed_len_byte_array(12) x (INTERVAL);", &[Values::Fixed(vec![Some(vec![0; 12])])]),
        plain("required int64 id; optional double x;", &[one(), Values::F64(vec![Some(f64::INFINITY)])]),
        plain("optional binary x (STRING);", &[Values::Bytes(vec![Some(b"a".to_vec()), Some(b"\xE9".to_vec())])]),
        plain("optional binary x (STRING);", &[texts(&["a\0b"])]),
        plain("optional int32 x (DATE);", &[Values::I32(vec![Some(i32::MAX)])]),
    ];
    let expected = [
        "column 1 (`x`) holds bytes without a meaning (binary); write text as strings, or leave it out",
        "columns 1 and 2 are both named `id`; give each its own name",
        "the Parquet file has 1 columns, but no rows; add the data",
        "column 1 (`x`) holds spans of time (interval); cast it to a number, a date or text, or leave it out",
        "row 1, column 2 (`x`): the number is infinite; write a number, or nothing where there is none",
        "row 2, column 1 (`x`): the text is not UTF-8",
        "row 1, column 1 (`x`): the text has a NUL byte in it; take it out",
        "row 1, column 1 (`x`): the date is outside of the years 0 to 9999; write nothing where there is none",
    ];
    for (file, expected) in cases.iter().zip(expected) {
        assert_eq!(told(file), expected);
    }
    let long = plain("optional binary x (STRING);", &[texts(&["short", "12345678901"])]);
    let refused = problem(&long, &small());
    assert_eq!((refused.row(), refused.column(), refused.line()), (Some(2), Some(1), None));
    for (schema, kind) in [
        (
            "required int64 id; optional group tags (LIST) { repeated group list { optional binary element; } }",
            "a list of values",
        ),
        ("required int64 id; repeated int64 tags;", "a list of values"),
        ("required int64 id; optional group tags (MAP) { repeated group key_value { required binary key; } }", "a map"),
        (
            "required int64 id; optional group tags { optional int64 a; optional int64 b; }",
            "a structure of several values",
        ),
    ] {
        // A file without row groups says what its columns are all the same.
        let expected = format!(
            "column 2 (`tags`) holds {kind}; a table needs one value in each row: spread it over columns or rows, or \
             leave it out"
        );
        assert_eq!(told(&plain(schema, &[])), expected);
    }
}

/// The caller goes away while a file is checked that takes long: the object goes, and the checking thread ends.
#[test]
fn nothing_stays_of_a_parquet_file_whose_caller_went_away() {
    let store = Store::new();
    let indices = same_index(100_000_000);
    let pages = [dictionary_page(1, 6, b"\x02\0\0\0hi"), data_page(100_000_000, 8, length(&indices), &indices)];
    let file = raw(STRING, 0, 100_000_000, &pages);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        {
            let mut upload = std::pin::pin!(store.upload(&file));
            while !store.folder.path().join("tables/1").exists() {
                assert!(futures::poll!(&mut upload).is_pending());
                tokio::task::yield_now().await;
            }
            // It is being checked now, or will be at once.
            assert!(futures::poll!(&mut upload).is_pending());
        }
        let gone = async {
            while !store.files().is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), gone).await.unwrap();
    });
    // It waits for the checking thread, which would take minutes.
    let started = std::time::Instant::now();
    drop(runtime);
    assert!(started.elapsed() < Duration::from_secs(20), "the checking thread went on");
}

fn good() -> Vec<u8> {
    let numbers = Values::F64((0..300).map(|row| (row % 5 != 0).then_some(f64::from(row) / 7.0)).collect());
    let names = Values::Bytes((0..300).map(|row| Some(format!("site {}", row % 9).into_bytes())).collect());
    let ids = Values::I64((0..300).map(Some).collect());
    let written = Written { group_rows: 100, page_bytes: 200, ..Written::default() };
    parquet("optional double y; optional binary site (STRING); required int64 id;", &[numbers, names, ids], &written)
}

#[test]
fn a_file_that_is_cut_off_is_damaged() {
    let file = good();
    for end in (4..file.len()).step_by(13) {
        assert!(told(&file[..end]).contains("damaged or cut off"), "{end}: {}", told(&file[..end]));
    }
    for file in [b"PAR1".as_slice(), b"PAR1PAR1", b"PAR1\xFF\xFF\xFF\xFFPAR1", b"PAR1\0\0\0\0PAR1"] {
        assert!(told(file).contains("damaged or cut off"), "{file:?}");
    }
}

#[tokio::test]
async fn nothing_stays_of_a_parquet_file_that_is_no_table() {
    let store = Store::new();
    let file = good();
    for bad in [&file[..file.len() - 9], b"PAR1 and then something else, as long as it may be"] {
        let error = store.upload(bad).await.unwrap_err();
        assert!(matches!(error, UploadError::Refused(FileProblem::Parquet(_))), "{error}");
        assert!(store.files().is_empty());
    }
    let received = store.upload(&file).await.unwrap();
    assert_eq!((received.size_bytes, received.schema.rows), (file.len() as u64, 300));
    assert_eq!(std::fs::read(store.folder.path().join("tables/1")).unwrap(), file);
    let packed = store.upload(&gzip(&file)).await.unwrap_err().to_string();
    assert_eq!(packed, "the file is a Parquet file, not delimited text; upload it as it is, not packed with gzip");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is changed: a table, or words. What the library panics at is for `receive` to catch.
    #[test]
    fn a_changed_file_ends_in_words(at in any::<prop::sample::Index>(), flip in 1_u8..=255, footer in any::<bool>()) {
        let mut file = good();
        let length = file.len();
        let tail = usize::try_from(u32::from_le_bytes(file[length - 8..length - 4].try_into().unwrap())).unwrap() + 8;
        let at = if footer { length - tail + at.index(tail) } else { 4 + at.index(length - tail - 4) };
        file[at] ^= flip;
        let store = Store::new();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        match runtime.block_on(store.upload(&file)) {
            Ok(received) => prop_assert_eq!(received.schema.columns.len(), 3),
            Err(UploadError::Refused(_)) => prop_assert!(store.files().is_empty()),
            Err(other) => prop_assert!(false, "{}", other),
        }
    }

    #[test]
    fn noise_is_damaged(noise in prop::collection::vec(any::<u8>(), 0..300), length in 0_u32..300) {
        let file = [b"PAR1", noise.as_slice(), &length.to_le_bytes(), b"PAR1"].concat();
        prop_assert!(check(ObjectAt::memory(file.into()), &Limits::default()).is_err());
    }
}
