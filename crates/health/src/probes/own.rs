//! What operators watch besides, by their own file (`HEALTH_CHECKS_FILE`; `own_checks` reads it).

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chassis::clock::SharedMonotonic;
use chassis::config::Secret;
use chrono::{DateTime, Utc};
use http::StatusCode;
use tokio::net::TcpStream;
use url::Url;

use super::http::Asker;
use super::{Probe, beginning, for_so_long, innermost};
use crate::keep::Keeper;
use crate::part::PartId;
use crate::reading::{Reading, Unit};

/// Something that answers over HTTP.
#[derive(Debug)]
pub struct HttpCheck {
    /// Who asks.
    pub asker: Asker,
    /// Where.
    pub url: Url,
    /// What it has to answer; any success when left out.
    pub status: Option<StatusCode>,
    /// What has to be in the body.
    pub contains: Option<String>,
}

#[async_trait]
impl Probe for HttpCheck {
    async fn look(&self) -> Reading {
        let answer = match self.asker.get(self.url.clone()).await {
            Ok(answer) => answer,
            Err(words) => return Reading::fail(words),
        };
        let is_expected = self.status.map_or(answer.status.is_success(), |status| status == answer.status);
        if !is_expected {
            return Reading::fail(format!("answers {}: {}", answer.status.as_u16(), beginning(&answer.body)));
        }
        match &self.contains {
            Some(wanted) if !answer.body.contains(wanted) => {
                Reading::fail(format!("the answer does not contain {wanted:?}"))
            }
            _ => Reading::pass(),
        }
    }
}

/// Something that takes connections.
#[derive(Debug)]
pub struct TcpCheck(
    /// `host:port`.
    pub String,
);

#[async_trait]
impl Probe for TcpCheck {
    async fn look(&self) -> Reading {
        match TcpStream::connect(&self.0).await {
            Ok(_) => Reading::pass(),
            Err(error) => Reading::fail(format!("{} takes no connection: {error}", self.0)),
        }
    }
}

/// A question to a database.
#[derive(Debug)]
pub struct SqlCheck {
    /// Which.
    pub url: Secret<String>,
    /// The statement.
    pub query: String,
    /// What the first column of the first row has to be, as text; any row will do when left out.
    pub expect: Option<String>,
}

#[async_trait]
impl Probe for SqlCheck {
    async fn look(&self) -> Reading {
        match store::glance::ask(self.url.expose(), &self.query).await {
            Ok(Some(answer)) => match &self.expect {
                Some(wanted) if *wanted != answer => {
                    Reading::fail(format!("says {:?} instead of {wanted:?}", beginning(&answer)))
                }
                _ => Reading::pass(),
            },
            Ok(None) => Reading::fail("says nothing: no row, or null in it"),
            Err(error) => Reading::fail(beginning(&error.to_string())),
        }
    }
}

/// A Redis of the operator's own.
#[derive(Debug)]
pub struct RedisCheck(
    /// Its address.
    pub Secret<String>,
);

#[async_trait]
impl Probe for RedisCheck {
    async fn look(&self) -> Reading {
        match queue::glance::ping(self.0.expose()).await {
            Ok(()) => Reading::pass(),
            Err(error) => Reading::fail(innermost(&error)),
        }
    }
}

/// Something that says by itself that it is alive: a backup job, a cron job elsewhere.
///
/// A beat may reach any copy of this service, which writes it down; how long ago it was is counted from when it was first
/// seen here, by the clock that never jumps: a wall clock that does makes no beat late.
#[derive(Debug)]
pub struct HeartbeatCheck {
    part: PartId,
    within: Duration,
    keeper: Keeper,
    monotonic: SharedMonotonic,
    heard: Mutex<Option<Heard>>,
}

/// The last beat, and when it was first seen.
type Heard = (Option<DateTime<Utc>>, Duration);

impl HeartbeatCheck {
    /// One beat of the part is due within so long.
    #[must_use]
    pub fn of(part: PartId, within: Duration, keeper: Keeper, monotonic: SharedMonotonic) -> Self {
        Self { part, within, keeper, monotonic, heard: Mutex::new(None) }
    }

    /// How long ago the last beat was; counted from the first look when there was none since.
    fn silence(&self, beat: Option<DateTime<Utc>>) -> Duration {
        let now = self.monotonic.elapsed();
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let since = match *heard {
            Some((last, since)) if last == beat => since,
            _ => now,
        };
        *heard = Some((beat, since));
        now.saturating_sub(since)
    }
}

#[async_trait]
impl Probe for HeartbeatCheck {
    async fn look(&self) -> Reading {
        let part = self.part.clone();
        let silence = match self.keeper.run(move |keeper| keeper.last_beat(&part)).await {
            Ok(beat) => self.silence(beat),
            Err(error) => return Reading::fail(format!("beats cannot be read: {error}")),
        };
        let reading = if silence > self.within {
            let (silent, within) = (for_so_long(silence.as_secs_f64()), for_so_long(self.within.as_secs_f64()));
            Reading::fail(format!("no word for {silent}; one was due within {within}"))
        } else {
            Reading::pass()
        };
        reading.with("last word", silence.as_secs_f64(), Unit::Seconds)
    }
}

#[cfg(test)]
mod tests {
    use chassis::clock::TestMonotonic;

    use super::*;

    #[tokio::test]
    async fn a_beat_is_missed_after_its_time_whatever_the_wall_clock_says() {
        let folder = tempfile::tempdir().unwrap();
        let keeper = Keeper::open(folder.path(), DateTime::UNIX_EPOCH).unwrap();
        let part = PartId::parse("nightly-export").unwrap();
        let ticks = TestMonotonic::start();
        let check = HeartbeatCheck::of(part.clone(), Duration::from_mins(1), keeper.clone(), ticks.clone());
        let is_well = async || check.look().await.words.is_empty();
        assert!(is_well().await, "counted from the first look on");
        ticks.advance(Duration::from_secs(61));
        assert!(!is_well().await);
        keeper.beat(&part, DateTime::UNIX_EPOCH).unwrap();
        assert!(is_well().await);
        // An hour back: still another beat.
        ticks.advance(Duration::from_secs(50));
        keeper.beat(&part, DateTime::UNIX_EPOCH - chrono::TimeDelta::hours(1)).unwrap();
        assert!(is_well().await);
        ticks.advance(Duration::from_secs(59));
        assert!(is_well().await);
        ticks.advance(Duration::from_secs(2));
        assert!(!is_well().await);
    }
}
