//! How many jobs are in front of a queued one.

use domain::ids::JobId;

use crate::{Result, Store, row};

/// Jobs in front are counted up to here for each owner, and of so many owners.
const COUNTED: i64 = 1000;

/// Where a queued job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Jobs that are to begin before it, as far as is known now; counted up to a bound.
    pub in_front: u64,
    /// Jobs of its class that run.
    pub running: u64,
    /// Places for its class, over all workers seen.
    pub places: u64,
}

const PLACE: &str = "
WITH me AS (
    SELECT id, owner, class, priority, listed, due_from, dispatched_at FROM e2i.jobs
    WHERE id = $1 AND state = 'queued' AND run_at <= now()
), flying AS MATERIALIZED (
    SELECT j.owner, j.state, j.priority, j.dispatched_at, j.id FROM e2i.jobs j, me
    WHERE j.class = me.class AND (j.state = 'running' OR (j.state = 'queued' AND j.dispatched_at IS NOT NULL))
), own AS (
    SELECT count(*) AS n FROM (
        SELECT 1 FROM me JOIN e2i.jobs j ON j.class = me.class AND j.priority = me.priority AND j.owner = me.owner
            AND j.listed = me.listed AND (j.due_from, j.id) < (me.due_from, me.id)
        WHERE j.state = 'queued' AND j.dispatched_at IS NULL LIMIT $2) AS t
), turn AS (
    SELECT own.n + (SELECT count(*) FROM flying, me WHERE flying.owner = me.owner) AS mine FROM own
), others AS (
    -- Of everybody else as many as have an earlier turn; owners are read off the index, some at a time.
    SELECT coalesce(sum(waiting.n), 0) AS n FROM (
        SELECT DISTINCT j.owner FROM (
            SELECT j.owner FROM e2i.jobs j, me
            WHERE j.state = 'queued' AND j.dispatched_at IS NULL AND j.class = me.class AND j.priority = me.priority
            ORDER BY j.class, j.priority, j.owner LIMIT $2) AS j, me WHERE j.owner <> me.owner
    ) AS o, me, turn, LATERAL (
        SELECT count(*) AS n FROM (
            SELECT 1 FROM e2i.jobs j WHERE j.state = 'queued' AND j.dispatched_at IS NULL AND j.class = me.class
               AND j.priority = me.priority AND j.owner = o.owner
            LIMIT greatest(0, least($2, turn.mine - (SELECT count(*) FROM flying WHERE flying.owner = o.owner)))) AS t
    ) AS waiting
)
SELECT CASE WHEN me.dispatched_at IS NULL
            THEN (SELECT count(*) FROM flying f WHERE f.state = 'queued' AND f.priority <= me.priority)
                 + own.n + others.n::bigint
            ELSE (SELECT count(*) FROM flying f WHERE f.state = 'queued' AND f.priority = me.priority
                      AND (f.dispatched_at, f.id) < (me.dispatched_at, me.id)) END,
       (SELECT count(*) FROM flying WHERE state = 'running'),
       (SELECT coalesce(sum(CASE me.class WHEN 'small' THEN small_places ELSE large_places END), 0)::bigint
        FROM e2i.workers WHERE seen_at > now() - interval '30 s')
FROM me, own, others";

impl Store {
    /// Where a queued job stands; `None` where it is not queued or its time has not come. For a job of an owner with much
    /// waiting this is a lower bound.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn place(&self, job: JobId) -> Result<Option<Place>> {
        let found: Option<(i64, i64, i64)> =
            sqlx::query_as(PLACE).bind(job.0).bind(COUNTED).fetch_optional(&self.pool).await?;
        Ok(found.map(|(in_front, running, places)| Place {
            in_front: row::count(in_front),
            running: row::count(running),
            places: row::count(places),
        }))
    }
}
