//! How much memory a large upload, a load and a profile cost: measured in a process of its own, because the peak of a
//! process never falls.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::process::Command;

use bytes::Bytes;
use domain::dataset::StoredTable;
use futures::stream;
use tables::profile::{Budget, profile_within};
use tables::read::Table;
use tables::upload::{Limits, receive};

use crate::support::Store;

const FILE_MIB: usize = 48;
const ALLOWED_MIB: u64 = 44;

#[test]
fn a_large_table_costs_little() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let this = std::env::current_exe().unwrap();
    let measured = ["--exact", "memory::measured", "--ignored", "--nocapture", "--test-threads=1"];
    let output = Command::new(this).args(measured).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let peak = text.lines().find_map(|line| line.split_once("peak ")?.1.strip_suffix(" MiB")?.parse::<u64>().ok());
    let peak = peak.unwrap();
    assert!(peak < ALLOWED_MIB, "{peak} MiB for a table of {FILE_MIB} MiB");
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
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    println!("peak {} MiB", kib / 1024);
}
