//! Jobs that nobody is left to compute.

use crate::{Result, Store, row};

/// Queued jobs of one agent version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranded {
    /// The agent.
    pub agent: String,
    /// Its version.
    pub version: i32,
    /// How many are queued, those for later included.
    pub jobs: u64,
}

impl Store {
    /// Queued jobs that no worker with these agent versions can compute: they wait, nothing counted, until one comes that
    /// can, or until they are cancelled.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn stranded_jobs(&self, agents: &[(String, i32)]) -> Result<Vec<Stranded>> {
        let (names, versions): (Vec<&str>, Vec<i32>) =
            agents.iter().map(|(agent, version)| (agent.as_str(), *version)).unzip();
        let rows: Vec<(String, i32, i64)> = sqlx::query_as(
            "SELECT agent, agent_version, count(*) FROM e2i.jobs
             WHERE state = 'queued' AND (agent, agent_version) NOT IN (SELECT * FROM unnest($1::text[], $2::int[]))
             GROUP BY agent, agent_version ORDER BY agent, agent_version",
        )
        .bind(names)
        .bind(versions)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(|(agent, version, jobs)| Stranded { agent, version, jobs: row::count(jobs) }).collect())
    }
}
