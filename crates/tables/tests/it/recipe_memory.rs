//! How much memory a recipe on a large table costs: measured in a process of its own, because the peak of a process never
//! falls.

use std::fmt::Write as _;
use std::process::Command;

use domain::dataset::StoredTable;
use domain::recipe::Recipe;
use serde_json::json;
use tables::recipe::make;
use tables::upload::{Limits, check};

use crate::support::Store;

const ROWS: u64 = 1_000_000;
const FILE_MIB: u64 = 54;
const ALLOWED_MIB: u64 = 44;

#[test]
fn steps_that_look_at_one_row_hold_one_row() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let this = std::env::current_exe().unwrap();
    let measured = ["--exact", "recipe_memory::measured", "--ignored", "--nocapture", "--test-threads=1"];
    let output = Command::new(this).args(measured).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let peak = text.lines().find_map(|line| line.split_once("peak ")?.1.strip_suffix(" MiB")?.parse::<u64>().ok());
    let peak = peak.unwrap();
    assert!(peak < ALLOWED_MIB, "{peak} MiB for a table of {FILE_MIB} MiB");
}

#[test]
#[ignore = "run by `steps_that_look_at_one_row_hold_one_row`"]
fn measured() {
    let store = Store::new();
    let path = store.folder.path().join("source");
    write_large(&path);
    let size_bytes = std::fs::metadata(&path).unwrap().len();
    assert!(size_bytes > FILE_MIB << 20, "{size_bytes}");
    let schema = check(std::fs::File::open(&path).unwrap(), None, &Limits::default()).unwrap();
    let table = StoredTable { object_key: "source".to_owned(), schema };
    let recipe: Recipe = serde_json::from_value(json!({"steps": [
        {"step": "filter", "column": "id", "is": {"range": {"above": 10}}},
        {"step": "derive", "name": "log_id", "from": {"log": {"column": "id"}}},
        {"step": "drop", "columns": ["group"]},
    ]}))
    .unwrap();
    let made = make(&store.objects, &table, &recipe, "made", &mut |_| {}).unwrap();
    assert_eq!(made.schema.rows, ROWS - 10);
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    println!("peak {} MiB", kib / 1024);
}

fn write_large(path: &std::path::Path) {
    use std::io::Write as _;
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    let mut line = "id,group,note\n".to_owned();
    for row in 1..=ROWS {
        file.write_all(line.as_bytes()).unwrap();
        line.clear();
        writeln!(line, "{row},g{},\"a note, quoted, {row} times and rather long\"", row % 7).unwrap();
    }
    file.write_all(line.as_bytes()).unwrap();
    file.flush().unwrap();
}
