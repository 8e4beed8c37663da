//! What open streams of events are compared with, for many readers in one statement each.

use std::collections::{HashMap, HashSet};

use domain::ids::{JobId, UserId};
use domain::job::JobState;
use uuid::Uuid;

use crate::{Result, Store, row};

impl Store {
    /// Which of these sessions are live: not ended, of these users, who are not disabled.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn live_sessions(&self, asked: &[(Uuid, UserId)]) -> Result<HashSet<(Uuid, UserId)>> {
        let (sessions, users): (Vec<Uuid>, Vec<Uuid>) = asked.iter().map(|(session, user)| (*session, user.0)).unzip();
        let rows: Vec<(Uuid, Uuid)> = sqlx::query_as(
            "SELECT s.id, s.user_id
             FROM unnest($1::uuid[], $2::uuid[]) AS asked (session_id, user_id)
             JOIN e2i.sessions s ON s.id = asked.session_id AND s.user_id = asked.user_id
             JOIN e2i.users u ON u.id = s.user_id
             WHERE s.revoked_at IS NULL AND u.disabled_at IS NULL",
        )
        .bind(sessions)
        .bind(users)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(|(session, user)| (session, user.into())).collect())
    }

    /// State and attempt of each of these jobs that its reader, a member of its workspace, may see.
    ///
    /// # Errors
    /// When the database is away or a row unreadable.
    pub async fn standings(&self, asked: &[(UserId, JobId)]) -> Result<HashMap<(UserId, JobId), (JobState, u32)>> {
        let (users, jobs): (Vec<Uuid>, Vec<Uuid>) = asked.iter().map(|(user, job)| (user.0, job.0)).unzip();
        let rows: Vec<(Uuid, Uuid, String, i32)> = sqlx::query_as(
            "SELECT m.user_id, j.id, j.state, j.attempt
             FROM unnest($1::uuid[], $2::uuid[]) AS asked (user_id, job_id)
             JOIN e2i.jobs j ON j.id = asked.job_id
             JOIN e2i.workspace_members m ON m.workspace_id = j.workspace_id AND m.user_id = asked.user_id",
        )
        .bind(users)
        .bind(jobs)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|(user, job, state, attempt)| {
                Ok(((user.into(), job.into()), (row::name("jobs", &state)?, row::attempt(attempt))))
            })
            .collect()
    }
}
