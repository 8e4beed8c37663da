//! `make bench-tables`: upload (check, infer, hash, store), load and profile of a mixed table, beside the disk.
//!
//! Prints a line per step, the best of `REPEATS` runs (1), and last one line of JSON. `BENCH_GIB` (2) is the size of the
//! CSV, which goes the way a gateway's upload goes; uploads may be no larger. Megabytes are 10^6 bytes of CSV; the disk is
//! what it takes to write and sync as many bytes one after the other, in the same folder and run. The peaks are the
//! process's resident memory in MiB: after the upload, and after all.

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
const GIB: f64 = (1_u64 << 30) as f64;

fn main() -> Outcome<()> {
    let gib = setting("BENCH_GIB", 2.0)?;
    let repeats = setting("REPEATS", 1)?;
    let folder = std::env::temp_dir().join(format!("e2i-bench-tables-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let line = run(gib, repeats, &folder);
    std::fs::remove_dir_all(&folder)?;
    println!("{}", line?);
    Ok(())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size that somebody asked for")]
fn run(gib: f64, repeats: usize, folder: &Path) -> Outcome<String> {
    let file = folder.join("table.csv");
    let size_bytes = (gib * GIB) as u64;
    let rows = write_table(&file, size_bytes)?;
    let megabytes = std::fs::metadata(&file)?.len() as f64 / 1e6;
    println!("{rows} rows of 12 columns, {megabytes:.1} MB");
    let disk =
        best("write and sync as many bytes", repeats, megabytes, || write_to_disk(&folder.join("disk"), size_bytes))?;
    std::fs::remove_file(folder.join("disk"))?;
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
        "{{\"bench\":\"tables\",\"rows\":{rows},\"mb\":{megabytes:.1},\"disk_write_mb_per_s\":{disk:.0},\
         \"csv_check_mb_per_s\":{checked:.0},\"csv_upload_mb_per_s\":{uploaded:.0},\"csv_load_mb_per_s\":{loaded:.0},\
         \"csv_profile_mb_per_s\":{profiled:.0},\"upload_peak_mib\":{upload_peak_mib:.0},\"peak_mib\":{peak_mib:.0}}}"
    ))
}

fn write_to_disk(file: &Path, size_bytes: u64) -> Outcome<()> {
    let piece = vec![b'x'; 8 << 20];
    let mut file = File::create(file)?;
    let mut left = size_bytes;
    while left > 0 {
        let count = left.min(piece.len() as u64);
        file.write_all(&piece[..usize::try_from(count)?])?;
        left -= count;
    }
    Ok(file.sync_all()?)
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
fn write_table(file: &Path, size_bytes: u64) -> Outcome<u64> {
    const HEADER: &str = "id,treated,age,income,score,region,zip,signed_up,last_seen,active,visits,note";
    const REGIONS: [&str; 6] = ["north", "south", "east", "west", "Zürich", "Île-de-France"];
    let mut writer = BufWriter::new(File::create(file)?);
    writeln!(writer, "{HEADER}")?;
    let mut state = 1_u64;
    let mut line = String::new();
    let (mut written, mut row) = (HEADER.len() as u64 + 1, 0);
    loop {
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
        written += line.len() as u64;
        if written > size_bytes {
            // On disk before the disk is measured.
            writer.into_inner()?.sync_all()?;
            return Ok(row);
        }
        writer.write_all(line.as_bytes())?;
        row += 1;
    }
}

/// The most memory this process ever had resident (Linux; 0 elsewhere).
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|rest| rest.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok());
    kib.unwrap_or_default() / 1024.0
}

fn setting<T: std::str::FromStr>(name: &str, default: T) -> Outcome<T> {
    match std::env::var_os(name) {
        None => Ok(default),
        Some(text) => {
            let text = text.to_string_lossy();
            text.parse().map_err(|_| format!("{name} is `{text}`; it must be a number").into())
        }
    }
}
