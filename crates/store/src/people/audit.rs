//! Who did what, written with the deed.

use domain::ids::{UserId, WorkspaceId};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Result, Store};

/// Who does something, for the audit log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Actor {
    /// The person; `None` for the platform itself and for people who are signing in.
    pub user: Option<UserId>,
    /// The request it was asked for in.
    pub request_id: Option<String>,
}

impl Actor {
    /// The platform itself.
    #[must_use]
    pub const fn platform() -> Self {
        Self { user: None, request_id: None }
    }

    /// The same request, done by `user`.
    #[must_use]
    pub fn by(&self, user: UserId) -> Self {
        Self { user: Some(user), request_id: self.request_id.clone() }
    }
}

/// A step of a rotation of the keys that sign tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyChange {
    /// Made, and published.
    Announce,
    /// Signs from now on.
    Promote,
    /// Deleted.
    Retire,
}

impl KeyChange {
    /// The name in the log.
    #[must_use]
    pub const fn action(self) -> &'static str {
        match self {
            Self::Announce => "key.announce",
            Self::Promote => "key.promote",
            Self::Retire => "key.retire",
        }
    }
}

impl Store {
    /// Writes that the key `kid` was changed; keys are files, so the line is all there is of it here.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn note_key_change(&self, change: KeyChange, kid: &str) -> Result<()> {
        sqlx::query("INSERT INTO e2i.audit_log (action, target) VALUES ($1, $2)")
            .bind(change.action())
            .bind(kid)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Writes that an admin opened MLflow.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn note_mlflow_opened(&self, actor: &Actor) -> Result<()> {
        sqlx::query("INSERT INTO e2i.audit_log (actor, action, request_id) VALUES ($1, 'mlflow.open', $2)")
            .bind(actor.user.map(|user| user.0))
            .bind(actor.request_id.as_deref())
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

/// One line of the log.
pub(super) struct Entry {
    /// What was done, e.g. `user.create`.
    pub(super) action: &'static str,
    /// To whom or what.
    pub(super) target: Uuid,
    /// In which workspace.
    pub(super) workspace: Option<WorkspaceId>,
    /// What else is worth knowing; never a secret.
    pub(super) detail: Value,
}

/// Writes one line within the deed's transaction.
pub(super) async fn write(connection: &mut PgConnection, actor: &Actor, entry: Entry) -> Result<()> {
    sqlx::query(
        "INSERT INTO e2i.audit_log (actor, action, target, workspace_id, request_id, detail)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(actor.user.map(|user| user.0))
    .bind(entry.action)
    .bind(entry.target.to_string())
    .bind(entry.workspace.map(|workspace| workspace.0))
    .bind(actor.request_id.as_deref())
    .bind(entry.detail)
    .execute(connection)
    .await?;
    Ok(())
}
