//! What has not ended, by agent: for graphs and alerts, which must not wait for the next claim to tell of a queue.

use std::time::Duration;

use domain::job::{JobClass, Priority};

use super::Stream;
use crate::{Result, Store, row};

/// Jobs of one agent on one stream that have not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InHand {
    /// Which agent.
    pub agent: String,
    /// Which stream.
    pub stream: Stream,
    /// Waiting, those delayed included.
    pub queued: u64,
    /// Waiting for a time that is still to come.
    pub delayed: u64,
    /// Claimed.
    pub running: u64,
    /// For how long the oldest one that could begin has waited; zero where none waits.
    pub oldest: Duration,
}

/// Agent, class, priority, queued, delayed, running, seconds of the oldest.
type Row = (String, String, i16, i64, i64, i64, f64);

impl Store {
    /// Jobs that have not ended, by agent and stream. Reads every one of them.
    ///
    /// # Errors
    /// When the database is away or a row unreadable.
    pub async fn jobs_in_hand(&self) -> Result<Vec<InHand>> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT agent, class, priority,
                    count(*) FILTER (WHERE state = 'queued'),
                    count(*) FILTER (WHERE state = 'queued' AND run_at > now()),
                    count(*) FILTER (WHERE state = 'running'),
                    coalesce(extract(epoch FROM now() - min(due_from) FILTER (WHERE state = 'queued' AND run_at <= now())),
                             0)::float8
             FROM e2i.jobs WHERE state IN ('queued', 'running')
             GROUP BY agent, class, priority ORDER BY agent, class, priority",
        )
        .fetch_all(&self.pool)
        .await?;
        let in_hand = |(agent, class, priority, queued, delayed, running, oldest_s): Row| {
            Ok(InHand {
                agent,
                stream: (row::name::<JobClass>("jobs", &class)?, Priority::from_rank(priority)),
                queued: row::count(queued),
                delayed: row::count(delayed),
                running: row::count(running),
                oldest: Duration::try_from_secs_f64(oldest_s).unwrap_or_default(),
            })
        };
        rows.into_iter().map(in_hand).collect()
    }
}
