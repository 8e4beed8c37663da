//! `make bench-health`: how soon an injury is seen, how many questions are answered and how soon, and what a year leaves. The
//! last line is JSON.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, ensure};
use local::bench_gateway::wrk::Load;
use serde_json::{Map, Value, json};
use tokio::process::Command;

use super::cases::{Case, Run, all, both, faults};
use super::flood::percentile;
use super::room::Room;
use super::run::{attempt_all, failed};
use super::sight::health_url;
use crate::command::run_within;
use crate::engine;
use crate::report::failures;
use crate::site::Site;

/// A year is simulated through the real code.
const YEAR_WITHIN: Duration = Duration::from_mins(10);
const CONNECTIONS: u32 = 64;
const SECONDS: u32 = 10;
/// Of questions at their pace.
const PACED_SECONDS: u32 = 20;

/// What to measure.
#[derive(Clone, Debug)]
pub struct Options {
    /// The clone.
    pub clone: PathBuf,
    /// How often each part is hurt in each way.
    pub rounds: u32,
    /// The program that simulates a year of looks, and says what that leaves.
    pub year: PathBuf,
    /// Every other case is tried too, and this is where the page goes.
    pub report: Option<PathBuf>,
}

/// The figures so far; each is said as it comes.
#[derive(Default)]
struct Sheet(Map<String, Value>);

impl Sheet {
    fn put(&mut self, name: &str, value: f64) {
        println!("bench-health  {name:<28} {value:.2}");
        self.0.insert(name.to_owned(), json!((value * 1000.0).round() / 1000.0));
    }
}

/// Measures, and prints the figures.
///
/// # Errors
/// When the platform cannot be brought up, or an injury is not told as it has to be.
pub async fn bench(options: &Options) -> anyhow::Result<()> {
    let mut sheet = Sheet::default();
    sheet.0.insert("bench".to_owned(), json!("health"));
    year(&options.year, &mut sheet).await?;
    let site = Site::copy(&options.clone, false).await?;
    let room = Room::make(&site, false).await?;
    let mut cases: Vec<Case> = (1..options.rounds).flat_map(|_| faults()).collect();
    cases.extend(if options.report.is_some() { all() } else { faults() });
    let outcomes = attempt_all(&room, &site, &cases, options.report.as_deref()).await?;
    let mut seconds: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (_, outcome) in cases.iter().zip(&outcomes).filter(|(case, _)| matches!(case.run, Run::Fault(..))) {
        let row = outcome.result.as_ref().map_err(|why| anyhow::anyhow!("{}: {why}", outcome.name))?;
        for detected in &row.detected {
            seconds.entry(detected.part).or_default().push(detected.told_s);
        }
    }
    detection(seconds, &mut sheet)?;
    questions(&room, &mut sheet).await?;
    sheet.put("peak_mib", peak_mib(&room).await?);
    print!("{}", failures(failed(&outcomes)));
    println!("{}", Value::Object(sheet.0));
    ensure!(failed(&outcomes).next().is_none(), "cases failed: the page tells which");
    Ok(())
}

/// From the injury until the alert is there: of a part the slowest of its injuries, and over all of them.
fn detection(seconds: BTreeMap<&str, Vec<f64>>, sheet: &mut Sheet) -> anyhow::Result<()> {
    ensure!(!seconds.is_empty(), "nothing was hurt");
    let mut all: Vec<f64> = Vec::new();
    for (part, of_part) in seconds {
        sheet.put(&format!("detection_{part}_s"), of_part.iter().copied().fold(0.0, f64::max));
        all.extend(of_part);
    }
    all.sort_by(f64::total_cmp);
    sheet.put("detection_p50_s", percentile(&all, 50));
    sheet.put("detection_p99_s", percentile(&all, 99));
    Ok(())
}

/// As many as can be, and how soon each is answered at a thousand a second.
async fn questions(room: &Room, sheet: &mut Sheet) -> anyhow::Result<()> {
    let url = format!("{}/health", health_url(room.project.name()).await?);
    let load = Load::get(url, None);
    load.run(CONNECTIONS, 1).await.context("warm /health up")?;
    sheet.put("health_requests_per_s", load.run(CONNECTIONS, SECONDS).await?.requests_per_s);
    let [direct, by_nginx] = both(room, PACED_SECONDS).await?;
    for flooded in [&direct, &by_nginx] {
        let all_good = flooded.failures == 0 && flooded.statuses.keys().eq([&200]);
        ensure!(all_good, "not every answer was a good one: {flooded:?}");
    }
    sheet.put("health_p99_ms", direct.p99_ms);
    sheet.put("health_nginx_p99_ms", by_nginx.p99_ms);
    Ok(())
}

/// The most that health has ever held.
async fn peak_mib(room: &Room) -> anyhow::Result<f64> {
    let health = room.project.container("health").await?;
    let processes = engine::processes(&health.id)?;
    let kibibytes = processes.iter().filter_map(|process| {
        let status = std::fs::read_to_string(format!("/proc/{}/status", process.pid)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim();
        line.strip_suffix(" kB")?.parse::<f64>().ok()
    });
    kibibytes.max_by(f64::total_cmp).map(|kibibytes| kibibytes / 1024.0).context("health has no process")
}

/// Its program prints figures as JSON in its last line.
async fn year(program: &Path, sheet: &mut Sheet) -> anyhow::Result<()> {
    let printed = run_within(&mut Command::new(program), YEAR_WITHIN).await.context("simulate a year")?;
    let last = printed.lines().last().unwrap_or_default();
    let figures: Value = serde_json::from_str(last).with_context(|| format!("the year ended with `{last}`"))?;
    for name in ["disk_year_mib", "history_90d_ms"] {
        sheet.put(name, figures[name].as_f64().with_context(|| format!("the year tells no {name}"))?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_part_the_slowest_counts() {
        let mut sheet = Sheet::default();
        let seconds = BTreeMap::from([("nginx", vec![4.0, 9.0]), ("redis", vec![6.0])]);
        detection(seconds, &mut sheet).unwrap();
        let figure = |name: &str| sheet.0[name].as_f64().unwrap();
        assert_eq!((figure("detection_nginx_s"), figure("detection_redis_s")), (9.0, 6.0));
        assert_eq!((figure("detection_p50_s"), figure("detection_p99_s")), (6.0, 9.0));
        assert!(detection(BTreeMap::new(), &mut sheet).is_err());
    }

    #[tokio::test]
    async fn the_years_last_line_counts() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("year");
        std::fs::write(&program, "#!/bin/sh\necho noise\necho '{\"disk_year_mib\":12.5,\"history_90d_ms\":3}'\n")
            .unwrap();
        std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let mut sheet = Sheet::default();
        year(&program, &mut sheet).await.unwrap();
        assert_eq!(sheet.0["disk_year_mib"], json!(12.5));
    }
}
