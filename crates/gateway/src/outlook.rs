//! What is queued: how much of it one person may have, and what it can expect.
//!
//! Both are asked often and change slowly, so what Postgres said is kept for a moment. A limit is never enforced by a kept
//! answer: before anything is refused Postgres is asked anew, so that a refusal is always true.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chassis::http::Problem;
use chrono::{DateTime, Utc};
use domain::agents;
use domain::ids::UserId;
use domain::job::JobClass;
use store::Store;
use store::dispatch::Place;
use store::dispatch::pauses::Pause;
use store::history::Histories;
use store::jobs::Job;
use tokio::time::Instant;

use crate::error::Result;

/// How long an answer is kept.
const KEPT: Duration = Duration::from_secs(1);
/// How long histories are kept: they change slowly.
const HISTORIES_KEPT: Duration = Duration::from_secs(10);
/// Persons whose count is kept; beyond it all are forgotten.
const PERSONS: usize = 10_000;
/// When a caller with too much queued may try again: a job may have ended by then.
const RETRY_AFTER_S: u64 = 30;

/// `JOBS_QUEUED_PER_OWNER`, checked at every submission.
#[derive(Debug)]
pub struct QueuedLimit {
    limit: i64,
    seen: Mutex<HashMap<UserId, Seen>>,
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    queued: i64,
    at: Instant,
}

impl QueuedLimit {
    /// At most so many of each person.
    #[must_use]
    pub fn new(limit: u32) -> Self {
        Self { limit: limit.into(), seen: Mutex::default() }
    }

    /// Takes a place for one more analysis of `owner`.
    ///
    /// # Errors
    /// 429 when there are too many queued, with what to do.
    pub(crate) async fn admit(&self, store: &Store, owner: UserId) -> Result<()> {
        if self.take_of_kept(owner) {
            return Ok(());
        }
        let queued = store.queued_of(owner, self.limit).await?;
        if queued >= self.limit {
            let detail = format!(
                "you have {queued} analyses queued, as many as one person may; wait until some have begun, or cancel some"
            );
            let problem = Problem::too_many_requests(detail, RETRY_AFTER_S);
            return Err(problem.extra("limit", self.limit).into());
        }
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= PERSONS {
            seen.clear();
        }
        seen.insert(owner, Seen { queued: queued + 1, at: Instant::now() });
        Ok(())
    }

    fn take_of_kept(&self, owner: UserId) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match seen.get_mut(&owner) {
            Some(seen) if seen.at.elapsed() < KEPT && seen.queued < self.limit => {
                seen.queued += 1;
                true
            }
            _ => false,
        }
    }
}

/// How long until a place comes free for a job, when runs take `mean_s` seconds; `None` where no worker is seen.
fn wait(place: Place, mean_s: f64) -> Option<chrono::TimeDelta> {
    if place.places == 0 {
        return None;
    }
    let before = (place.in_front + place.running + 1).saturating_sub(place.places);
    let turns = u32::try_from(before).ok()?;
    let seconds = f64::from(turns) * mean_s / f64::from(u32::try_from(place.places).ok()?);
    chrono::TimeDelta::from_std(Duration::try_from_secs_f64(seconds).ok()?).ok()
}

/// What a queued analysis can expect.
#[derive(Debug, Default)]
pub struct Outlook {
    pauses: tokio::sync::Mutex<Option<(Instant, Vec<Pause>)>>,
    histories: tokio::sync::Mutex<Option<(Instant, Histories)>>,
}

/// What one queued analysis can expect; what is not known is absent.
#[derive(Debug, Default)]
pub(crate) struct Expected {
    /// From 1 on.
    pub(crate) position: Option<u64>,
    pub(crate) start: Option<DateTime<Utc>>,
    pub(crate) seconds: Option<f64>,
}

impl Outlook {
    /// Why a class is paused, where it is; up to a second old.
    ///
    /// # Errors
    /// When the database is away.
    pub(crate) async fn paused(&self, store: &Store, class: JobClass) -> Result<Option<Pause>> {
        let mut kept = self.pauses.lock().await;
        let fresh = kept.as_ref().is_some_and(|(at, _)| at.elapsed() < KEPT);
        if !fresh {
            *kept = Some((Instant::now(), store.pauses().await?));
        }
        Ok(kept.iter().flat_map(|(_, pauses)| pauses).find(|pause| pause.class == class).cloned())
    }

    /// Where a queued job stands, when it may begin and how long it may take.
    ///
    /// # Errors
    /// When the database is away.
    pub(crate) async fn of(&self, store: &Store, job: &Job, now: DateTime<Utc>) -> Result<Expected> {
        let histories = self.histories(store).await?;
        let table = match job.dataset {
            Some(dataset) => store.table_of(dataset).await?,
            None => None,
        };
        let agent = agents::find(&job.agent).filter(|agent| agent.version == job.agent_version);
        let seconds = agent.and_then(|agent| histories.expected_s(agent, &job.parameters, table.as_ref()));
        let Some(place) = store.place(job.id).await? else {
            return Ok(Expected { seconds, ..Expected::default() });
        };
        Ok(Expected {
            position: Some(place.in_front + 1),
            start: histories.mean_seconds().and_then(|mean| now.checked_add_signed(wait(place, mean)?)),
            seconds,
        })
    }

    async fn histories(&self, store: &Store) -> Result<Histories> {
        let mut kept = self.histories.lock().await;
        if let Some((_, histories)) = kept.as_ref().filter(|(at, _)| at.elapsed() < HISTORIES_KEPT) {
            return Ok(histories.clone());
        }
        let histories = store.histories().await?;
        *kept = Some((Instant::now(), histories.clone()));
        Ok(histories)
    }

    /// A class was paused or resumed here.
    pub(crate) async fn forget(&self) {
        *self.pauses.lock().await = None;
    }
}
