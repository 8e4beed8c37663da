//! `make bench-causal`: the estimators and refuters on 100,000 rows by 20 covariates and on a panel of
//! 100,000 rows, each in a process of its own for its peak memory; then how seconds grow to a million rows.
//!
//! Prints a line per job and, last, one line of JSON. With `PEERS=1` `DoWhy`, statsmodels, `DoubleML` (with
//! `LightGBM`), linearmodels, pyfixest and csdid run in the same run on the same rows, from throw-away virtual
//! environments, and their ratios are added: machines differ twofold from day to day, so the ratio
//! counts. `ROWS`, `SIMULATIONS` and `REPEATS` change the size; `GROWTH=0` leaves the growth out.
//!
//! To add a job, add it to [`JOBS`] and to `jobs::one`.

mod data;
mod files;
mod growth;
mod jobs;
mod panel;
mod peers;
mod refuters;
mod support;

use std::path::Path;

use causal::synthetic::COVARIATES;
use serde_json::{Map, Value, json};

use files::Files;
use support::{Outcome, child, setting};

const REFUTERS: &str = "ols_refuters";
/// Jobs and their repeats.
const JOBS: [(&str, usize); 9] = [
    ("aipw_linear", 3),
    ("aipw_boosted", 1),
    ("plr_linear", 3),
    ("ipw", 3),
    ("matching_log_odds", 3),
    ("matching_mahalanobis", 3),
    ("twfe", 21),
    ("callaway_santanna", 7),
    ("callaway_santanna_bands", 3),
];

fn main() -> Outcome<()> {
    let (simulations, repeats) = (setting("SIMULATIONS", 100)?, setting("REPEATS", 7)?);
    if let (Some(job), Some(file)) = (std::env::var_os("JOB"), std::env::var_os("JOB_FILE")) {
        let (job, file) = (job.to_string_lossy(), Path::new(&file));
        let found =
            if job == REFUTERS { refuters::run(file, simulations, repeats)? } else { jobs::run(&job, file, repeats)? };
        println!("{found}");
        return Ok(());
    }
    let rows = setting("ROWS", 100_000)?;
    let files = Files { folder: std::env::temp_dir().join(format!("e2i-bench-causal-{}", std::process::id())) };
    std::fs::create_dir_all(&files.folder)?;
    let result = run(&files, rows, simulations, repeats);
    std::fs::remove_dir_all(&files.folder)?;
    println!("{}", flat(result?));
    Ok(())
}

fn run(files: &Files, rows: usize, simulations: usize, repeats: usize) -> Outcome<Map<String, Value>> {
    let mut result = Map::new();
    for (name, value) in [
        ("bench", json!("causal")),
        ("rows", json!(rows)),
        ("covariates", json!(COVARIATES)),
        ("simulations", json!(simulations)),
        ("threads", json!(std::thread::available_parallelism()?.get())),
    ] {
        result.insert(name.into(), value);
    }
    if let Value::Object(fields) = child(REFUTERS, &files.of(REFUTERS, rows)?, repeats)? {
        result.extend(fields);
    }
    for (job, repeats) in JOBS {
        add(&mut result, job, child(job, &files.of(job, rows)?, repeats)?);
    }
    if std::env::var_os("PEERS").is_some_and(|value| value == "1") {
        peers::add(&mut result, &files.csv(false, rows)?, &files.csv(true, rows)?, simulations)?;
    }
    if setting("GROWTH", 1)? > 0 {
        result.extend(growth::run(files)?);
    }
    Ok(result)
}

/// The figures of a job as `job_figure`.
fn add(result: &mut Map<String, Value>, job: &str, found: Value) {
    if let Value::Object(fields) = found {
        result.extend(fields.into_iter().map(|(name, value)| (format!("{job}_{name}"), value)));
    }
}

/// Figures alone: lists and what is nested were printed on the way.
fn flat(result: Map<String, Value>) -> Value {
    Value::Object(result.into_iter().filter(|(_, value)| !value.is_object() && !value.is_array()).collect())
}
