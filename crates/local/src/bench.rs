//! `make bench-main-job`: how long a person waits.
//!
//! Both figures are taken from outside, on a platform of its own in a throw-away folder: `warm_start_s` from starting the
//! program `e2i up` until every service is ready (data exist already), `upload_to_result_s` from the first byte of the
//! upload until the result has arrived, over HTTP, following the events as the web app does.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use tokio::task::spawn_blocking;

use crate::client::Client;
use crate::console::say;
use crate::main_job;
use crate::running::{self, Running};

const WARM_STARTS: usize = 3;
const LONGEST_START: Duration = Duration::from_mins(5);

/// Runs the bench with `program` (an `e2i`) and prints its figures, as JSON in the last line.
///
/// # Errors
/// When the platform does not start or a job fails.
pub async fn main_job(program: PathBuf, file: &Path, runs: u16) -> anyhow::Result<()> {
    let place = tempfile::tempdir().context("make a folder for the bench")?;
    let local = place.path().join(".local");
    let outcome = measure(program, &local, file, runs).await;
    // For root the data lie elsewhere, behind a link.
    if let Ok(home) = std::fs::canonicalize(local.join("data")) {
        std::fs::remove_dir_all(&home).with_context(|| format!("remove {}", home.display()))?;
    }
    outcome
}

async fn measure(program: PathBuf, local: &Path, file: &Path, runs: u16) -> anyhow::Result<()> {
    let (up, _, first_start) = Up::start(&program, local).await?;
    up.stop().await?;
    say(&format!("first start (new data)   {first_start:.2} s"));
    let mut starts = Vec::new();
    for number in 1..=WARM_STARTS {
        let (up, running, seconds) = Up::start(&program, local).await?;
        say(&format!("warm start {number}             {seconds:.2} s"));
        starts.push(seconds);
        if number < WARM_STARTS {
            up.stop().await?;
            continue;
        }
        let jobs = jobs(&running, file, runs).await;
        up.stop().await?;
        let mut jobs = jobs?;
        let (fastest, slowest) =
            (jobs.iter().copied().fold(f64::INFINITY, f64::min), jobs.iter().copied().fold(0.0, f64::max));
        let figures = json!({
            "bench": "main_job", "profile": if cfg!(debug_assertions) { "dev" } else { "release" }, "runs": runs,
            "upload_to_result_s": rounded(median(&mut jobs)), "upload_to_result_min_s": rounded(fastest),
            "upload_to_result_max_s": rounded(slowest),
            "warm_start_s": rounded(median(&mut starts)), "first_start_s": rounded(first_start),
            "threads": std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
        });
        say(&figures.to_string());
    }
    Ok(())
}

/// Seconds of each job after one that warms up connections, caches and the worker.
async fn jobs(running: &Running, file: &Path, runs: u16) -> anyhow::Result<Vec<f64>> {
    let client: Client = main_job::sign_in(running).await?;
    let question = main_job::nsw_question();
    let mut seconds = Vec::new();
    for number in 0..=runs {
        let begin = Instant::now();
        main_job::ask(&client, "bench", file, &question, |_| {}).await?;
        let took = begin.elapsed().as_secs_f64();
        if number > 0 {
            say(&format!("upload to result {number:>3}     {took:.3} s"));
            seconds.push(took);
        }
    }
    Ok(seconds)
}

/// A running `e2i up`.
struct Up {
    process: Child,
}

impl Up {
    /// Gives it, where it listens, and how many seconds that took.
    async fn start(program: &Path, local: &Path) -> anyhow::Result<(Self, Running, f64)> {
        let begin = Instant::now();
        let process = Command::new(program)
            .arg("up")
            .arg("--stop-with-parent")
            .arg("--local")
            .arg(local)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("run {}", program.display()))?;
        let mut up = Self { process };
        loop {
            if let Some(status) = up.process.try_wait().context("wait for e2i up")? {
                bail!("`e2i up` ended with {status}");
            }
            let look = local.to_path_buf();
            let published = look.join("platform.json").exists();
            if published && let Some(running) = spawn_blocking(move || running::find(&look)).await?? {
                return Ok((up, running, begin.elapsed().as_secs_f64()));
            }
            if begin.elapsed() > LONGEST_START {
                bail!("`e2i up` is not ready after {} s", LONGEST_START.as_secs());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn stop(mut self) -> anyhow::Result<()> {
        if let Some(pid) = i32::try_from(self.process.id()).ok().and_then(Pid::from_raw) {
            kill_process(pid, Signal::TERM).context("stop e2i up")?;
        }
        let status = spawn_blocking(move || self.process.wait()).await??;
        if !status.success() {
            bail!("`e2i up` ended with {status} when it was stopped");
        }
        Ok(())
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

fn rounded(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_between_the_two() {
        assert!((median(&mut [3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median(&mut [4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < f64::EPSILON);
        assert!(median(&mut []).is_nan());
    }
}
