//! Questions while a part hangs.

use std::net::SocketAddr;

use anyhow::ensure;

use crate::alarms::flood::{Flooded, flood};
use crate::alarms::part::POSTGRES;
use crate::alarms::room::Room;
use crate::alarms::sight::address;
use crate::alarms::trial::{Row, hurt};
use crate::alarms::wound::Injury;

const PER_SECOND: u32 = 1_000;
const SECONDS: u32 = 60;
const P99_MS: f64 = 100.0;

pub(super) async fn while_postgres_hangs(room: &Room) -> anyhow::Result<Row> {
    hurt(room, &[POSTGRES], Injury::Paused, async |room| {
        let [direct, by_nginx] = both(room, SECONDS).await?;
        Ok(vec![judged("direct", &direct)?, judged("by nginx", &by_nginx)?])
    })
    .await
}

/// Straight to health, and by nginx.
///
/// # Errors
/// When one of them does not run.
pub async fn both(room: &Room, seconds: u32) -> anyhow::Result<[Flooded; 2]> {
    let health = address(room.project.name(), "health", 8020).await?;
    let nginx: SocketAddr = address(room.project.name(), "nginx", 80).await?;
    Ok([flood(health, "/health", PER_SECOND, seconds).await, flood(nginx, "/health", PER_SECOND, seconds).await])
}

fn judged(way: &str, flooded: &Flooded) -> anyhow::Result<String> {
    let Flooded { requests_per_s, p99_ms, max_ms, statuses, failures, failure } = flooded;
    let told = format!("{way}: {requests_per_s:.0} a second, p99 {p99_ms:.1} ms, largest {max_ms:.0} ms");
    ensure!(*failures == 0, "{told}; {failures} without an answer: {failure:?}");
    // Postgres is down, and without it the platform is.
    ensure!(statuses.keys().eq([&503]), "{told}; statuses {statuses:?} instead of 503 alone");
    ensure!(*p99_ms < P99_MS, "{told}");
    Ok(told)
}
