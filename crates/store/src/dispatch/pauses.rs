//! Pausing a class: nothing of it begins until an admin resumes it. Submitting goes on; what runs goes on.

use chrono::{DateTime, Utc};
use domain::ids::UserId;
use domain::job::JobClass;
use serde_json::{Value, json};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::people::Actor;
use crate::{Result, Store, row};

/// A class that is paused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// Which.
    pub class: JobClass,
    /// Why, in the admin's words.
    pub reason: String,
    /// By whom.
    pub by: UserId,
    /// Since when.
    pub since: DateTime<Utc>,
}

#[derive(FromRow)]
struct PauseRow {
    class: String,
    reason: String,
    paused_by: Uuid,
    paused_at: DateTime<Utc>,
}

impl TryFrom<PauseRow> for Pause {
    type Error = crate::StoreError;
    fn try_from(pause: PauseRow) -> Result<Self> {
        Ok(Self {
            class: row::name("dispatch_pauses", &pause.class)?,
            reason: pause.reason,
            by: pause.paused_by.into(),
            since: pause.paused_at,
        })
    }
}

/// Every queued job of the class gets the next dispatch number, those on Redis go back to the outbox: from here on no
/// entry of theirs is worth anything, neither one that lies on Redis nor one that somebody is about to put there.
const TAKE_BACK: &str = "
WITH hit AS (
    SELECT j.id FROM e2i.jobs j WHERE j.state = 'queued' AND j.class = $1 ORDER BY j.id FOR UPDATE
), changed AS (
    UPDATE e2i.jobs j SET dispatch_seq = j.dispatch_seq + 1, dispatched_at = NULL
    FROM hit WHERE j.id = hit.id RETURNING j.id, j.dispatch_seq, j.run_at
)
INSERT INTO e2i.outbox (job_id, dispatch_seq, due_at) SELECT id, dispatch_seq, run_at FROM changed
ON CONFLICT (job_id) DO UPDATE SET dispatch_seq = excluded.dispatch_seq";

impl Store {
    /// The classes that are paused.
    ///
    /// # Errors
    /// When the database is away or a row unreadable.
    pub async fn pauses(&self) -> Result<Vec<Pause>> {
        let statement = "SELECT class, reason, paused_by, paused_at FROM e2i.dispatch_pauses ORDER BY class";
        let rows: Vec<PauseRow> = sqlx::query_as(statement).fetch_all(&self.pool).await?;
        rows.into_iter().map(Pause::try_from).collect()
    }

    /// Pauses a class, or gives the pause another reason. When this is done, no queued job of the class begins.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn pause(&self, actor: &Actor, by: UserId, class: JobClass, reason: &str) -> Result<Pause> {
        let mut transaction = self.pool.begin().await?;
        let pause: PauseRow = sqlx::query_as(
            "INSERT INTO e2i.dispatch_pauses (class, reason, paused_by) VALUES ($1, $2, $3)
             ON CONFLICT (class) DO UPDATE SET reason = excluded.reason, paused_by = excluded.paused_by
             RETURNING class, reason, paused_by, paused_at",
        )
        .bind(class.as_str())
        .bind(reason)
        .bind(by.0)
        .fetch_one(&mut *transaction)
        .await?;
        let taken_back = sqlx::query(TAKE_BACK).bind(class.as_str()).execute(&mut *transaction).await?.rows_affected();
        let detail = json!({ "reason": reason, "queued": taken_back });
        audit(&mut transaction, actor, "dispatch.pause", class, detail).await?;
        transaction.commit().await?;
        pause.try_into()
    }

    /// Lets a class go on. False: it was not paused.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn resume(&self, actor: &Actor, class: JobClass, reason: Option<&str>) -> Result<bool> {
        let mut transaction = self.pool.begin().await?;
        let deleted = sqlx::query("DELETE FROM e2i.dispatch_pauses WHERE class = $1").bind(class.as_str());
        if deleted.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(false);
        }
        audit(&mut transaction, actor, "dispatch.resume", class, json!({ "reason": reason })).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

async fn audit(
    connection: &mut PgConnection,
    actor: &Actor,
    action: &str,
    class: JobClass,
    detail: Value,
) -> Result<()> {
    sqlx::query("INSERT INTO e2i.audit_log (actor, action, target, request_id, detail) VALUES ($1, $2, $3, $4, $5)")
        .bind(actor.user.map(|user| user.0))
        .bind(action)
        .bind(class.as_str())
        .bind(actor.request_id.as_deref())
        .bind(detail)
        .execute(connection)
        .await?;
    Ok(())
}
