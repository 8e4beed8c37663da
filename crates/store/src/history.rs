//! How long attempts really took, and what that says of the next one.
//!
//! What is kept is small: one row for each agent, version and size of table, with the running mean of
//! ln(seconds / expected seconds), where the agent's own expectation ([`Agent::expected`]) knows the parameters and the mean
//! knows the machine; of ln(seconds) where the agent expects nothing. Later runs count for at least a tenth, so that the
//! mean follows a machine that becomes faster or slower.

use std::collections::HashMap;

use domain::agents::{self, Agent};
use domain::dataset::TableSchema;
use domain::ids::{DatasetId, JobId};
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{Result, Store, row};

/// As many runs as the agent's own expectation counts for.
const OWN_WEIGHT: f64 = 2.0;
/// Shortest time that is told apart.
const SHORTEST_S: f64 = 0.001;

/// All that is known, for many questions at once.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Histories(HashMap<(String, i32, i32), History>);

#[derive(Debug, Clone, Copy, PartialEq)]
struct History {
    runs: f64,
    log_factor: f64,
    mean_seconds: f64,
}

impl Histories {
    /// Seconds that an attempt is expected to take: the agent's own expectation, corrected by how long runs on tables of
    /// such a size really took. None where neither can tell.
    #[must_use]
    pub fn expected_s(&self, agent: &Agent, parameters: &Value, table: Option<&TableSchema>) -> Option<f64> {
        let own = own_expectation(agent, parameters, table);
        let key = (agent.name.to_owned(), agent.version, size_bucket(table));
        match (own, self.0.get(&key)) {
            (Some(own), Some(history)) => {
                Some(own * (history.log_factor * history.runs / (history.runs + OWN_WEIGHT)).exp())
            }
            (None, Some(history)) => Some(history.log_factor.exp()),
            (own, None) => own,
        }
    }

    /// Seconds that a run took on the average, over everything; None before the first.
    #[must_use]
    pub fn mean_seconds(&self) -> Option<f64> {
        let runs: f64 = self.0.values().map(|history| history.runs).sum();
        let seconds: f64 = self.0.values().map(|history| history.runs * history.mean_seconds).sum();
        (runs > 0.0).then(|| seconds / runs)
    }
}

fn own_expectation(agent: &Agent, parameters: &Value, table: Option<&TableSchema>) -> Option<f64> {
    (agent.expected)(parameters, table).map(|expected| expected.seconds).filter(|seconds| *seconds > 0.0)
}

/// Decimal digits of the number of cells; 0 without a table.
fn size_bucket(table: Option<&TableSchema>) -> i32 {
    let cells = table.map_or(0, |table| table.rows.saturating_mul(table.columns.len() as u64));
    cells.checked_ilog10().map_or(0, |log| i32::try_from(log + 1).unwrap_or(i32::MAX))
}

#[derive(FromRow)]
struct Run {
    id: Uuid,
    agent: String,
    agent_version: i32,
    parameters: Value,
    schema: Option<Value>,
}

impl Store {
    /// All histories: some rows for each agent.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn histories(&self) -> Result<Histories> {
        let rows: Vec<(String, i32, i32, i64, f64, f64)> = sqlx::query_as(
            "SELECT agent, agent_version, size_bucket, runs, log_factor, mean_seconds FROM e2i.agent_history",
        )
        .fetch_all(&self.pool)
        .await?;
        #[expect(clippy::cast_precision_loss, reason = "runs are far below 2^53")]
        let history = |(agent, version, bucket, runs, log_factor, mean_seconds)| {
            ((agent, version, bucket), History { runs: runs as f64, log_factor, mean_seconds })
        };
        Ok(Histories(rows.into_iter().map(history).collect()))
    }

    /// The table of a dataset, as far as it is known.
    ///
    /// # Errors
    /// When the database is away or the row unreadable.
    pub async fn table_of(&self, dataset: DatasetId) -> Result<Option<TableSchema>> {
        let schema: Option<Option<Value>> = sqlx::query_scalar("SELECT schema FROM e2i.datasets WHERE id = $1")
            .bind(dataset.0)
            .fetch_optional(&self.pool)
            .await?;
        row::optional_json("datasets", schema.flatten())
    }

    /// Learns how many seconds these succeeded attempts took. Give few at a time; jobs that are gone teach nothing.
    ///
    /// # Errors
    /// When the database is away or a row unreadable.
    pub async fn learn(&self, took: &[(JobId, f64)]) -> Result<()> {
        let ids: Vec<Uuid> = took.iter().map(|(job, _)| job.0).collect();
        let runs: Vec<Run> = sqlx::query_as(
            "SELECT j.id, j.agent, j.agent_version, j.parameters, d.schema
             FROM e2i.jobs j LEFT JOIN e2i.datasets d ON d.id = j.dataset_id WHERE j.id = ANY($1)",
        )
        .bind(ids)
        .fetch_all(&self.pool)
        .await?;
        let mut learned: Vec<((String, i32, i32), f64, f64)> = Vec::new();
        for run in runs {
            let Some(agent) = agents::find(&run.agent).filter(|agent| agent.version == run.agent_version) else {
                continue;
            };
            let Some((_, seconds)) = took.iter().find(|(job, _)| job.0 == run.id) else { continue };
            let table: Option<TableSchema> = row::optional_json("datasets", run.schema)?;
            let own = own_expectation(agent, &run.parameters, table.as_ref()).unwrap_or(1.0);
            let log_factor = (seconds.max(SHORTEST_S) / own.max(SHORTEST_S)).ln();
            learned.push(((run.agent, run.agent_version, size_bucket(table.as_ref())), log_factor, *seconds));
        }
        // One order for all: two workers that learn at once never wait for each other.
        learned.sort_by(|one, other| one.0.cmp(&other.0));
        for ((agent, version, bucket), log_factor, seconds) in learned {
            sqlx::query(
                "INSERT INTO e2i.agent_history AS h (agent, agent_version, size_bucket, runs, log_factor, mean_seconds)
                 VALUES ($1, $2, $3, 1, $4, $5)
                 ON CONFLICT (agent, agent_version, size_bucket) DO UPDATE SET runs = h.runs + 1, updated_at = now(),
                     log_factor = h.log_factor + (excluded.log_factor - h.log_factor) * greatest(0.1, 1.0 / (h.runs + 1)),
                     mean_seconds =
                         h.mean_seconds + (excluded.mean_seconds - h.mean_seconds) * greatest(0.1, 1.0 / (h.runs + 1))",
            )
            .bind(agent)
            .bind(version)
            .bind(bucket)
            .bind(log_factor)
            .bind(seconds)
            .execute(&self.pool)
            .await?;
        }
        Ok(())
    }
}
