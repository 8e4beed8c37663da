//! What every part of the bench needs: settings, figures, the peak of a process, children, Python.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

pub(crate) type Outcome<T> = Result<T, Box<dyn Error>>;

/// A whole number from the environment.
pub(crate) fn setting(name: &str, default: usize) -> Outcome<usize> {
    match std::env::var_os(name) {
        None => Ok(default),
        Some(text) => {
            let text = text.to_string_lossy();
            text.parse().map_err(|_| format!("{name} is '{text}'; it must be a whole number").into())
        }
    }
}

pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

pub(crate) fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// Largest resident set of this process so far; `None` where the kernel does not tell.
pub(crate) fn peak_mib() -> Outcome<Option<u64>> {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return Ok(None) };
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map(|line| Ok(line.trim().trim_end_matches("kB").trim().parse::<u64>()? / 1024)).transpose()
}

/// Runs one job of this bench in a process of its own, so that its peak is its own.
pub(crate) fn child(job: &str, file: &Path, repeats: usize) -> Outcome<Value> {
    let mut command = Command::new(std::env::current_exe()?);
    command.env("JOB", job).env("JOB_FILE", file).env("REPEATS", repeats.to_string());
    let found = last_json(&mut command)?;
    println!("{job} ({}): {found}", file.file_stem().unwrap_or_default().to_string_lossy());
    Ok(found)
}

/// Runs a program and reads its last line as JSON.
pub(crate) fn last_json(command: &mut Command) -> Outcome<Value> {
    let ran = command.stderr(Stdio::inherit()).output()?;
    let text = String::from_utf8(ran.stdout)?;
    let last = text.lines().last().ok_or_else(|| format!("{command:?} printed nothing"))?;
    Ok(serde_json::from_str(last)?)
}

/// Where the peers' scripts are.
pub(crate) fn scripts() -> PathBuf {
    PathBuf::from("../../scripts/bench")
}

/// The Python of a throw-away environment with the peers of a set.
pub(crate) fn python(set: &str) -> Outcome<PathBuf> {
    let made = Command::new(scripts().join("peers_venv.sh")).arg(set).stderr(Stdio::inherit()).output()?;
    if !made.status.success() {
        return Err("peers_venv.sh failed; is the Python package registry reachable?".into());
    }
    Ok(String::from_utf8(made.stdout)?.trim().into())
}
