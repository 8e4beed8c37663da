//! What a year of looks costs: `cargo run --release -p health --example year [DAYS]`.
//!
//! Fifteen parts, each looked at every 10 seconds, through the real judge, history and outbox, into a file in a folder of its
//! own. Prints one line of JSON: bytes of the file at its largest, the time of a 90-day page, the memory at its largest.

mod simulation;

use std::time::Duration;

use chassis::clock::{Clock as _, SystemClock};
use simulation::Plan;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let days = std::env::args().nth(1).map_or(Ok(365), |days| days.parse())?;
    let plan = Plan { parts: 15, every: Duration::from_secs(10), days, batch: Duration::from_hours(1) };
    let folder = tempfile::tempdir()?;
    let outcome = simulation::run(folder.path(), &plan, SystemClock.now()).await?;
    let milliseconds = |time: Duration| time.as_secs_f64() * 1_000.0;
    let line = serde_json::json!({
        "days": days,
        "looks": outcome.looks,
        "incidents": outcome.incidents,
        "disk_year_mib": outcome.largest_bytes as f64 / f64::from(1 << 20),
        "history_90d_ms": milliseconds(outcome.history_90d),
        "uptime_ms": milliseconds(outcome.uptime),
        "latency_90d_ms": milliseconds(outcome.latency_90d),
        "memory_mib": memory_mib()?,
    });
    println!("{line}");
    Ok(())
}

/// The most that this process ever had in memory.
fn memory_mib() -> anyhow::Result<Option<f64>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let kib =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    Ok(kib.map(|kib| kib / 1_024.0))
}
