//! Workspaces and their members. A person is a bare id here: with Supabase there is no row in `users`.

mod members;

use chrono::{DateTime, Utc};
use domain::ids::{UserId, WorkspaceId};
use domain::people::WorkspaceRole;
use serde_json::json;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use super::Actor;
use super::audit::{self, Entry};
use crate::{Result, Store, row};

pub use members::{Member, MemberChanged};

/// A workspace as one of its members sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name.
    pub name: String,
    /// Whether it came with the caller's account.
    pub personal: bool,
    /// What the caller may do in it.
    pub role: WorkspaceRole,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// What became of a wish that needs an owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Renamed {
    /// As it is now.
    Workspace(Workspace),
    /// The caller is a member, but no owner.
    NotOwner,
}

#[derive(FromRow)]
struct WorkspaceRow {
    id: Uuid,
    name: String,
    personal: bool,
    role: String,
    created_at: DateTime<Utc>,
}

impl WorkspaceRow {
    fn workspace(self) -> Result<Workspace> {
        Ok(Workspace {
            id: WorkspaceId(self.id),
            name: self.name,
            personal: self.personal,
            role: row::name("workspace_members", &self.role)?,
            created_at: self.created_at,
        })
    }
}

/// Workspaces of the member `$1`.
macro_rules! of_member {
    ($end:literal) => {
        concat!(
            "SELECT w.id, w.name, coalesce(w.personal_of = $1, false) AS personal, m.role, w.created_at
             FROM e2i.workspaces w JOIN e2i.workspace_members m ON m.workspace_id = w.id AND m.user_id = $1 ",
            $end
        )
    };
}

impl Store {
    /// Makes a workspace owned by `owner`.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn create_workspace(&self, actor: &Actor, owner: UserId, name: &str) -> Result<Workspace> {
        let mut transaction = self.pool.begin().await?;
        let (id, created_at): (Uuid, DateTime<Utc>) =
            sqlx::query_as("INSERT INTO e2i.workspaces (name, created_by) VALUES ($1, $2) RETURNING id, created_at")
                .bind(name)
                .bind(owner.0)
                .fetch_one(&mut *transaction)
                .await?;
        let id = WorkspaceId(id);
        insert_owner(&mut transaction, id, owner).await?;
        let detail = json!({"name": name});
        let entry = Entry { action: "workspace.create", target: id.0, workspace: Some(id), detail };
        audit::write(&mut transaction, actor, entry).await?;
        transaction.commit().await?;
        Ok(Workspace { id, name: name.to_owned(), personal: false, role: WorkspaceRole::Owner, created_at })
    }

    /// Makes sure that `user` has a personal workspace; called when somebody is first seen. Gives whether it was made
    /// now.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn ensure_personal_workspace(&self, actor: &Actor, user: UserId, name: &str) -> Result<bool> {
        let present: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM e2i.workspaces WHERE personal_of = $1)")
            .bind(user.0)
            .fetch_one(&self.pool)
            .await?;
        if present {
            return Ok(false);
        }
        let mut transaction = self.pool.begin().await?;
        let made = insert_personal(&mut transaction, actor, user, name).await?;
        transaction.commit().await?;
        Ok(made)
    }

    /// The workspaces of `user`, the personal one first.
    ///
    /// # Errors
    /// When the database is away or a row unreadable.
    pub async fn workspaces(&self, user: UserId) -> Result<Vec<Workspace>> {
        let found: Vec<WorkspaceRow> = sqlx::query_as(of_member!("ORDER BY personal DESC, w.name, w.id"))
            .bind(user.0)
            .fetch_all(&self.pool)
            .await?;
        found.into_iter().map(WorkspaceRow::workspace).collect()
    }

    /// One workspace of `user`. `None`: not theirs.
    ///
    /// # Errors
    /// When the database is away or the row unreadable.
    pub async fn workspace(&self, user: UserId, id: WorkspaceId) -> Result<Option<Workspace>> {
        let found: Option<WorkspaceRow> =
            sqlx::query_as(of_member!("WHERE w.id = $2")).bind(user.0).bind(id.0).fetch_optional(&self.pool).await?;
        found.map(WorkspaceRow::workspace).transpose()
    }

    /// Gives a workspace another name. `None`: not the caller's.
    ///
    /// # Errors
    /// When the database is away or the row unreadable.
    pub async fn rename_workspace(
        &self,
        actor: &Actor,
        user: UserId,
        id: WorkspaceId,
        name: &str,
    ) -> Result<Option<Renamed>> {
        let Some(before) = self.workspace(user, id).await? else {
            return Ok(None);
        };
        let mut transaction = self.pool.begin().await?;
        let renamed = sqlx::query(
            "UPDATE e2i.workspaces w SET name = $3 FROM e2i.workspace_members m
             WHERE w.id = $2 AND m.workspace_id = w.id AND m.user_id = $1 AND m.role = 'owner'",
        )
        .bind(user.0)
        .bind(id.0)
        .bind(name)
        .execute(&mut *transaction)
        .await?;
        if renamed.rows_affected() == 0 {
            return Ok(Some(Renamed::NotOwner));
        }
        let detail = json!({"name": name, "name_before": before.name});
        let entry = Entry { action: "workspace.rename", target: id.0, workspace: Some(id), detail };
        audit::write(&mut transaction, actor, entry).await?;
        transaction.commit().await?;
        Ok(Some(Renamed::Workspace(Workspace { name: name.to_owned(), ..before })))
    }
}

/// Makes the personal workspace of `user` where there is none.
pub(super) async fn insert_personal(
    connection: &mut PgConnection,
    actor: &Actor,
    user: UserId,
    name: &str,
) -> Result<bool> {
    let name: String = name.chars().take(200).collect();
    let made: Option<Uuid> = sqlx::query_scalar(
        "INSERT INTO e2i.workspaces (name, personal_of, created_by) VALUES ($1, $2, $2)
         ON CONFLICT (personal_of) DO NOTHING RETURNING id",
    )
    .bind(if name.is_empty() { "personal" } else { &name })
    .bind(user.0)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(id) = made.map(WorkspaceId) else {
        return Ok(false);
    };
    insert_owner(&mut *connection, id, user).await?;
    let detail = json!({"personal_of": user});
    let entry = Entry { action: "workspace.create", target: id.0, workspace: Some(id), detail };
    audit::write(connection, actor, entry).await?;
    Ok(true)
}

async fn insert_owner(connection: &mut PgConnection, id: WorkspaceId, owner: UserId) -> Result<()> {
    sqlx::query("INSERT INTO e2i.workspace_members (workspace_id, user_id, role) VALUES ($1, $2, 'owner')")
        .bind(id.0)
        .bind(owner.0)
        .execute(connection)
        .await?;
    Ok(())
}
