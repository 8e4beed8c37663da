//! What the health service asks of Redis: reads, changes nothing, and holds no connection from one look to the next, so
//! that each look tells whether Redis takes one.

use std::time::Duration;

use redis::{AsyncConnectionConfig, Client};

use crate::{QueueError, Result};

const PATIENCE: Duration = Duration::from_secs(4);

/// How Redis is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glance {
    /// What it holds.
    pub used_bytes: u64,
    /// What it may hold; `None` when it may hold all there is.
    pub max_bytes: Option<u64>,
    /// It reads its data from disk, and answers nothing else meanwhile.
    pub is_loading: bool,
    /// What it keeps on disk could not be written: which of them.
    pub unwritten: Vec<&'static str>,
    /// Clients that are connected.
    pub clients: u64,
    /// For how long it has run.
    pub uptime: Duration,
}

/// Connects, pings, and asks.
///
/// # Errors
/// What it said instead.
pub async fn glance(url: &str) -> Result<Glance> {
    let client = Client::open(url).map_err(QueueError::Url)?;
    let config =
        AsyncConnectionConfig::new().set_connection_timeout(Some(PATIENCE)).set_response_timeout(Some(PATIENCE));
    let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
    let info: String = redis::cmd("INFO").query_async(&mut connection).await?;
    let glance = read(&info);
    if !glance.is_loading {
        let () = redis::cmd("PING").query_async(&mut connection).await?;
    }
    Ok(glance)
}

/// Connects and pings, of any Redis.
///
/// # Errors
/// What it said instead.
pub async fn ping(url: &str) -> Result<()> {
    let client = Client::open(url).map_err(QueueError::Url)?;
    let config =
        AsyncConnectionConfig::new().set_connection_timeout(Some(PATIENCE)).set_response_timeout(Some(PATIENCE));
    let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
    Ok(redis::cmd("PING").query_async(&mut connection).await?)
}

fn read(info: &str) -> Glance {
    let value = |name: &str| {
        info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim).unwrap_or_default()
    };
    let number = |name: &str| value(name).parse::<u64>().unwrap_or(0);
    let written = [
        ("rdb_last_bgsave_status", "the snapshot"),
        ("aof_last_write_status", "the append-only file"),
        ("aof_last_bgrewrite_status", "the rewrite of the append-only file"),
    ];
    Glance {
        used_bytes: number("used_memory"),
        max_bytes: Some(number("maxmemory")).filter(|most| *most > 0),
        is_loading: value("loading") == "1",
        unwritten: written.into_iter().filter(|(name, _)| value(name) == "err").map(|(_, words)| words).collect(),
        clients: number("connected_clients"),
        uptime: Duration::from_secs(number("uptime_in_seconds")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_redis_says_of_itself_is_read() {
        let info = "# Memory\r\nused_memory:1048576\r\nused_memory_human:1.00M\r\nmaxmemory:4194304\r\nloading:0\r\n\
                    rdb_last_bgsave_status:ok\r\naof_last_write_status:err\r\nconnected_clients:3\r\n\
                    uptime_in_seconds:61\r\n";
        let read = read(info);
        assert_eq!((read.used_bytes, read.max_bytes, read.clients), (1 << 20, Some(4 << 20), 3));
        assert_eq!(read.unwritten, ["the append-only file"]);
        assert!(!read.is_loading && read.uptime == Duration::from_secs(61));
        assert_eq!(super::read("maxmemory:0\r\n").max_bytes, None);
    }
}
