//! How much memory a large upload, a load and a profile cost: measured in a process of its own, because the peak of a
//! process never falls.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::process::Command;

use bytes::Bytes;
use domain::dataset::StoredTable;
use futures::stream;
use parquet::basic::Compression;
use tables::profile::{Budget, profile_within};
use tables::read::Table;
use tables::upload::{Limits, receive};
use tokio_util::io::ReaderStream;

use crate::parquet_files::{Values, Written, parquet};
use crate::support::Store;

const FILE_MIB: usize = 96;
const ALLOWED_MIB: u64 = 72;
const PARQUET_ROWS: usize = 1_600_000;

#[test]
fn a_large_table_costs_little() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let peak = peak_of("memory::measured", "");
    assert!(peak < ALLOWED_MIB, "{peak} MiB for a table of {FILE_MIB} MiB");
}

/// Of a Parquet file of as many columns a page at a time is held, and the one that is loaded.
#[test]
fn a_large_parquet_file_costs_little() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let values = |column: u64| {
        let numbers = (0..PARQUET_ROWS as u64).map(move |row| (row * 2_654_435_761 + column) % 1_000_003);
        Values::F64(numbers.map(|number| Some(number as f64 / 7.0)).collect())
    };
    let columns: Vec<Values> = (0..8).map(values).collect();
    let schema: Vec<String> = (0..8).map(|column| format!("optional double c{column};")).collect();
    let written = Written { dictionary: false, compression: Compression::UNCOMPRESSED, ..Written::default() };
    let file = parquet(&schema.concat(), &columns, &written);
    assert!(file.len() > FILE_MIB << 20, "{}", file.len());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.parquet");
    std::fs::write(&path, &file).unwrap();
    let peak = peak_of("memory::measured_parquet", path.to_str().unwrap());
    assert!(peak < ALLOWED_MIB, "{peak} MiB for a file of {} MiB", file.len() >> 20);
}

/// The peak of a process that runs one of the tests below.
fn peak_of(measured: &str, file: &str) -> u64 {
    let this = std::env::current_exe().unwrap();
    let arguments = ["--exact", measured, "--ignored", "--nocapture", "--test-threads=1"];
    let output = Command::new(this).args(arguments).env("MEASURED_FILE", file).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let peak = text.lines().find_map(|line| line.split_once("peak ")?.1.strip_suffix(" MiB")?.parse::<u64>().ok());
    peak.unwrap()
}

#[test]
#[ignore = "run by `a_large_parquet_file_costs_little`"]
fn measured_parquet() {
    let store = Store::new();
    let path = std::env::var_os("MEASURED_FILE").unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let received = runtime.block_on(async {
        let stream = ReaderStream::with_capacity(tokio::fs::File::open(path).await.unwrap(), 64 << 10);
        receive(&store.objects, "t", stream, None, &Limits::default()).await.unwrap()
    });
    let table = StoredTable { object_key: "t".to_owned(), schema: received.schema };
    let loaded = Table::load(&store.objects, &table, &["c5".to_owned()], &mut |_| {}).unwrap();
    assert_eq!(loaded.rows(), PARQUET_ROWS);
    let budget = Budget { numbers_bytes: 1 << 20, values_bytes: 1 << 20 };
    assert_eq!(profile_within(&budget, &store.objects, &table, &mut |_| {}).unwrap().rows, table.schema.rows);
    print_peak();
}

#[test]
#[ignore = "run by `a_large_table_costs_little`"]
fn measured() {
    let store = Store::new();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut row = 0_u64;
    let piece = std::iter::from_fn(move || {
        let mut text = if row == 0 { "id,group,note,value\n".to_owned() } else { String::new() };
        for _ in 0..10_000 {
            row += 1;
            writeln!(text, "{row},g{},\"a note, quoted, {row} times and rather long\",0.{row}", row % 7).unwrap();
        }
        Some(Ok::<_, Infallible>(Bytes::from(text)))
    });
    let pieces = stream::iter(piece.take(FILE_MIB * 2));
    let received = runtime.block_on(receive(&store.objects, "t", pieces, None, &Limits::default())).unwrap();
    assert!(received.size_bytes > (FILE_MIB as u64) << 20, "{}", received.size_bytes);
    let table = StoredTable { object_key: "t".to_owned(), schema: received.schema };
    let wanted = ["group".to_owned(), "value".to_owned()];
    assert_eq!(Table::load(&store.objects, &table, &wanted, &mut |_| {}).unwrap().rows(), FILE_MIB * 20_000);
    let budget = Budget { numbers_bytes: 1 << 20, values_bytes: 1 << 20 };
    assert_eq!(profile_within(&budget, &store.objects, &table, &mut |_| {}).unwrap().rows, table.schema.rows);
    print_peak();
}

fn print_peak() {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    println!("peak {} MiB", kib / 1024);
}
