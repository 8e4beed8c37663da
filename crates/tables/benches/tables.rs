//! `cargo bench -p tables`: upload (check, infer, hash, store), load and profile of a mixed table.
//!
//! Prints a line per step, the best of `REPEATS` runs, and last one line of JSON. `ROWS` changes the size. Megabytes
//! are 10^6 bytes of CSV; the peaks are the process's resident memory in MiB, also of an upload alone.

use std::error::Error;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::time::Instant;

use domain::dataset::StoredTable;
use tables::objects::Objects;
use tables::profile::profile;
use tables::read::Table;
use tables::upload::{Limits, check, receive};
use tokio_util::io::ReaderStream;

type Outcome<T> = Result<T, Box<dyn Error>>;

const CHUNK_BYTES: usize = 64 * 1024;

fn main() -> Outcome<()> {
    let rows = setting("ROWS", 1_000_000)?;
    let repeats = setting("REPEATS", 3)?;
    let folder = std::env::temp_dir().join(format!("e2i-bench-tables-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let line = run(rows, repeats, &folder);
    std::fs::remove_dir_all(&folder)?;
    println!("{}", line?);
    Ok(())
}

fn run(rows: usize, repeats: usize, folder: &Path) -> Outcome<String> {
    let file = folder.join("table.csv");
    write_table(&file, rows)?;
    let megabytes = std::fs::metadata(&file)?.len() as f64 / 1e6;
    println!("{rows} rows of 12 columns, {megabytes:.1} MB");
    let objects = Objects::open(&folder.join("objects").to_string_lossy())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;

    let checked = best("check and infer", repeats, megabytes, || {
        check(File::open(&file)?, None, &Limits::default())?;
        Ok(())
    })?;
    let mut schema = None;
    let uploaded = best("upload", repeats, megabytes, || {
        let received = runtime.block_on(async {
            let stream = ReaderStream::with_capacity(tokio::fs::File::open(&file).await?, CHUNK_BYTES);
            Ok::<_, Box<dyn Error>>(receive(&objects, "table", stream, None, &Limits::default()).await?)
        })?;
        schema = Some(received.schema);
        Ok(())
    })?;
    let upload_peak_mib = peak_mib();
    let table = StoredTable { object_key: "table".to_owned(), schema: schema.ok_or("no upload was run")? };
    let wanted: Vec<String> = ["treated", "age", "income", "region"].map(str::to_owned).to_vec();
    let loaded = best("load 4 columns", repeats, megabytes, || {
        Table::load(&objects, &table, &wanted, &mut |_| {})?;
        Ok(())
    })?;
    let profiled = best("profile", repeats, megabytes, || {
        profile(&objects, &table, &mut |_| {})?;
        Ok(())
    })?;
    let peak_mib = peak_mib();
    Ok(format!(
        "{{\"bench\":\"tables\",\"rows\":{rows},\"mb\":{megabytes:.1},\"check_mb_per_s\":{checked:.0},\
         \"upload_mb_per_s\":{uploaded:.0},\"load_mb_per_s\":{loaded:.0},\"profile_mb_per_s\":{profiled:.0},\
         \"upload_peak_mib\":{upload_peak_mib:.0},\"peak_mib\":{peak_mib:.0}}}"
    ))
}

/// Megabytes a second of the fastest run.
fn best(name: &str, repeats: usize, megabytes: f64, mut step: impl FnMut() -> Outcome<()>) -> Outcome<f64> {
    let mut seconds = f64::INFINITY;
    for _ in 0..repeats.max(1) {
        let started = Instant::now();
        step()?;
        seconds = seconds.min(started.elapsed().as_secs_f64());
    }
    println!("{name}: {seconds:.3} s, {:.0} MB/s", megabytes / seconds);
    Ok(megabytes / seconds)
}

/// Numbers, categories, dates, codes and quoted text, as sales data have them.
fn write_table(file: &Path, rows: usize) -> Outcome<()> {
    const REGIONS: [&str; 6] = ["north", "south", "east", "west", "Zürich", "Île-de-France"];
    let mut writer = BufWriter::new(File::create(file)?);
    writeln!(writer, "id,treated,age,income,score,region,zip,signed_up,last_seen,active,visits,note")?;
    let mut state = 1_u64;
    let mut line = String::new();
    for row in 0..rows {
        let mut draw = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        line.clear();
        write!(line, "{row},{},{},", draw(2), 18 + draw(70))?;
        write!(line, "{}.{:02},{:.6},", 20_000 + draw(90_000), draw(100), draw(1 << 31) as f64 / f64::from(1 << 28))?;
        write!(line, "{},{:05},", REGIONS[usize::try_from(draw(6))?], draw(100_000))?;
        write!(line, "20{:02}-{:02}-{:02},", draw(25), 1 + draw(12), 1 + draw(28))?;
        write!(line, "2024-{:02}-{:02}T{:02}:{:02}:00Z,", 1 + draw(12), 1 + draw(28), draw(24), draw(60))?;
        let visits = if draw(10) == 0 { "NA".to_owned() } else { draw(40).to_string() };
        write!(line, "{},{visits},", if draw(2) == 0 { "true" } else { "false" })?;
        match draw(10) {
            0 => writeln!(line, "\"called twice, said \"\"later\"\"\"")?,
            1 => writeln!(line)?,
            other => writeln!(line, "call {other}")?,
        }
        writer.write_all(line.as_bytes())?;
    }
    writer.flush()?;
    Ok(())
}

/// The most memory this process ever had resident (Linux; 0 elsewhere).
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|rest| rest.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok());
    kib.unwrap_or_default() / 1024.0
}

fn setting(name: &str, default: usize) -> Outcome<usize> {
    match std::env::var_os(name) {
        None => Ok(default),
        Some(text) => {
            let text = text.to_string_lossy();
            text.parse().map_err(|_| format!("{name} is `{text}`; it must be a whole number").into())
        }
    }
}
