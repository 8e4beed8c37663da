//! A job and its outbox row, written together or not at all.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::ids::UserId;
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use super::{Idempotency, InFlight, NewJob, Submitted};
use crate::dispatch::Pending;
use crate::{Result, Store, StoreError};

const SUBMIT: &str = include_str!("submit.sql");

/// How far ahead `run_at` may lie.
pub const MAX_DELAY_DAYS: i32 = 30;
/// An owner's jobs in flight are counted up to here.
pub const COUNTED_OF_OWNER: i64 = 8;
/// A stream's jobs on Redis are counted up to here.
pub const COUNTED_ON_STREAM: i64 = 1024;

#[derive(FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column")]
struct SubmitRow {
    allowed: bool,
    timely: bool,
    id: Option<Uuid>,
    created_at: Option<DateTime<Utc>>,
    run_at: Option<DateTime<Utc>>,
    delayed: bool,
    paused: bool,
    of_owner: i64,
    on_stream: i64,
}

/// Jobs as the statement takes them: one array a column.
#[derive(Default)]
struct Columns<'a> {
    workspaces: Vec<Uuid>,
    owners: Vec<Uuid>,
    agents: Vec<&'a str>,
    versions: Vec<i32>,
    datasets: Vec<Option<Uuid>>,
    parameters: Vec<&'a Value>,
    listed: Vec<bool>,
    classes: Vec<&'a str>,
    priorities: Vec<i16>,
    timeouts_s: Vec<i32>,
    traces: Vec<Option<&'a str>>,
    keys: Vec<Option<&'a str>>,
    hashes: Vec<Option<&'a [u8]>>,
    requests: Vec<Option<&'a str>>,
    run_at: Vec<Option<DateTime<Utc>>>,
    memory_mib: Vec<i32>,
}

impl<'a> Columns<'a> {
    fn add(&mut self, job: &'a NewJob) {
        self.workspaces.push(job.workspace.0);
        self.owners.push(job.owner.0);
        self.agents.push(job.agent.name);
        self.versions.push(job.agent.version);
        self.datasets.push(job.dataset.map(|dataset| dataset.0));
        self.parameters.push(&job.parameters);
        self.listed.push(job.agent.audience == domain::agents::Audience::Analysts);
        self.classes.push(job.class().as_str());
        self.priorities.push(job.agent.priority.rank());
        self.timeouts_s.push(i32::try_from(job.agent.timeout_s).unwrap_or(i32::MAX));
        self.traces.push(job.traceparent.as_deref());
        self.keys.push(job.idempotency.as_ref().map(|idempotency| idempotency.key.as_str()));
        self.hashes.push(job.idempotency.as_ref().map(|idempotency| idempotency.request_hash.as_slice()));
        self.requests.push(job.request_id.as_deref());
        self.run_at.push(job.run_at);
        self.memory_mib.push(i32::try_from(job.memory_mib).unwrap_or(i32::MAX));
    }

    async fn write(self, store: &Store) -> Result<Vec<SubmitRow>> {
        Ok(sqlx::query_as(SUBMIT)
            .bind(self.workspaces)
            .bind(self.owners)
            .bind(self.agents)
            .bind(self.versions)
            .bind(self.datasets)
            .bind(self.parameters)
            .bind(self.listed)
            .bind(self.classes)
            .bind(self.priorities)
            .bind(self.timeouts_s)
            .bind(self.traces)
            .bind(self.keys)
            .bind(self.hashes)
            .bind(self.requests)
            .bind(self.run_at)
            .bind(self.memory_mib)
            .bind(MAX_DELAY_DAYS)
            .bind(COUNTED_OF_OWNER)
            .bind(COUNTED_ON_STREAM)
            .fetch_all(&store.pool)
            .await?)
    }
}

impl Store {
    /// Writes jobs and their outbox rows in one transaction; gives what became of each, in order.
    ///
    /// # Errors
    /// When the database is away, or one of them holds what cannot be stored; then none is written, or the client may ask
    /// again with the same key.
    pub async fn submit_all(&self, jobs: &[&NewJob]) -> Result<Vec<Submitted>> {
        let mut columns = Columns::default();
        for job in jobs {
            columns.add(job);
        }
        let rows = columns.write(self).await?;
        let (mut answers, mut of_owners, mut on_streams) = (Vec::new(), HashMap::new(), HashMap::new());
        for (job, row) in jobs.iter().zip(rows) {
            let mut answer = self.answer(job, row).await?;
            if let Submitted::New { in_flight, .. } = &mut answer {
                // Those of the same statement come before it.
                let (of_owner, on_stream): (&mut i64, &mut i64) = (
                    of_owners.entry(job.owner).or_default(),
                    on_streams.entry((job.class(), job.agent.priority)).or_default(),
                );
                in_flight.of_owner += *of_owner;
                in_flight.on_stream += *on_stream;
                *of_owner += 1;
                *on_stream += 1;
            }
            answers.push(answer);
        }
        Ok(answers)
    }

    /// [`Store::submit_all`] of one.
    ///
    /// # Errors
    /// As there.
    pub async fn submit(&self, job: &NewJob) -> Result<Submitted> {
        let answer = self.submit_all(&[job]).await?.pop();
        answer.ok_or_else(|| StoreError::Unreadable { table: "jobs", detail: "nothing came back".to_owned() })
    }

    async fn answer(&self, job: &NewJob, row: SubmitRow) -> Result<Submitted> {
        match (row.allowed, row.id, row.created_at, row.run_at) {
            (false, ..) => Ok(Submitted::NotYours),
            (true, Some(id), Some(created_at), Some(run_at)) => Ok(Submitted::New {
                id: id.into(),
                created_at,
                run_at,
                pending: Pending {
                    job: id.into(),
                    dispatch_seq: 1,
                    class: job.class(),
                    priority: job.agent.priority,
                    traceparent: job.traceparent.clone(),
                },
                in_flight: InFlight {
                    on_stream: row.on_stream,
                    of_owner: row.of_owner,
                    must_wait: row.delayed || row.paused,
                },
            }),
            _ if !row.timely => Ok(Submitted::TooFarAhead),
            _ => match &job.idempotency {
                // None: it was deleted in between; then there is nothing left that the key could be good for.
                Some(key) => Ok(self.submitted_before(job.owner, key).await?.unwrap_or(Submitted::KeyReused)),
                None => Ok(Submitted::NotYours),
            },
        }
    }

    /// What became of an earlier request of `owner` with the same key: [`Submitted::Replayed`] or
    /// [`Submitted::KeyReused`]. `None`: there was none.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn submitted_before(&self, owner: UserId, idempotency: &Idempotency) -> Result<Option<Submitted>> {
        let found: Option<(Uuid, bool)> = sqlx::query_as(
            "SELECT id, coalesce(request_hash = $3, false) FROM e2i.jobs WHERE owner = $1 AND idempotency_key = $2",
        )
        .bind(owner.0)
        .bind(&idempotency.key)
        .bind(&idempotency.request_hash)
        .fetch_optional(&self.pool)
        .await?;
        Ok(found.map(|(id, same)| if same { Submitted::Replayed(id.into()) } else { Submitted::KeyReused }))
    }

    /// How many of the owner's analyses are queued, on Redis or behind it, counted up to `at_most`. The platform's own
    /// jobs do not count.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn queued_of(&self, owner: UserId, at_most: i64) -> Result<i64> {
        Ok(sqlx::query_scalar(
            "SELECT count(*) FROM (
                 (SELECT 1 FROM unnest(ARRAY['small', 'large']) AS c(class), generate_series(0, 2) AS p(priority),
                      LATERAL (SELECT 1 FROM e2i.jobs j
                               WHERE j.state = 'queued' AND j.dispatched_at IS NULL AND j.class = c.class
                                 AND j.priority = p.priority AND j.owner = $1 AND j.listed) AS waiting)
                 UNION ALL
                 (SELECT 1 FROM e2i.jobs
                  WHERE owner = $1 AND state = 'queued' AND dispatched_at IS NOT NULL AND listed)
                 LIMIT $2) AS t",
        )
        .bind(owner.0)
        .bind(at_most)
        .fetch_one(&self.pool)
        .await?)
    }
}
