//! Who may use a workspace.

use chrono::{DateTime, Utc};
use domain::ids::{UserId, WorkspaceId};
use domain::people::WorkspaceRole;
use serde_json::json;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use super::super::Actor;
use super::super::audit::{self, Entry};
use crate::{Result, Store, row};

/// A member of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// Their address, where this platform knows it.
    pub email: Option<String>,
    /// What they may do.
    pub role: WorkspaceRole,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// What became of a wish to change members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberChanged {
    /// The member as they are now; `None`: they are none any more.
    Done(Option<Member>),
    /// The caller is a member, but no owner.
    NotOwner,
    /// The workspace would be left without an owner.
    LastOwner,
    /// There is no such member.
    NoSuchMember,
}

#[derive(FromRow)]
struct MemberRow {
    user_id: Uuid,
    email: Option<String>,
    role: String,
    created_at: DateTime<Utc>,
}

impl MemberRow {
    fn member(self) -> Result<Member> {
        Ok(Member {
            user: UserId(self.user_id),
            email: self.email,
            role: row::name("workspace_members", &self.role)?,
            since: self.created_at,
        })
    }
}

/// A member to be made or changed.
struct Wish {
    caller: UserId,
    workspace: WorkspaceId,
    member: UserId,
}

impl Store {
    /// The members of a workspace, owners first. `None`: not the caller's.
    ///
    /// # Errors
    /// When the database is away or a row unreadable.
    pub async fn members(&self, caller: UserId, workspace: WorkspaceId) -> Result<Option<Vec<Member>>> {
        let found: Vec<MemberRow> = sqlx::query_as(
            "SELECT m.user_id, u.email, m.role, m.created_at
             FROM e2i.workspace_members m LEFT JOIN e2i.users u ON u.id = m.user_id
             WHERE m.workspace_id = $2
               AND EXISTS (SELECT FROM e2i.workspace_members own WHERE own.workspace_id = $2 AND own.user_id = $1)
             ORDER BY array_position(ARRAY['owner', 'analyst', 'viewer'], m.role), u.email, m.user_id",
        )
        .bind(caller.0)
        .bind(workspace.0)
        .fetch_all(&self.pool)
        .await?;
        // A member sees at least themselves.
        if found.is_empty() {
            return Ok(None);
        }
        found.into_iter().map(MemberRow::member).collect::<Result<_>>().map(Some)
    }

    /// Makes `member` a member with `role`, or gives a member another role. Owners only. `None`: not the caller's.
    ///
    /// # Errors
    /// When the database is away or a row unreadable.
    pub async fn put_member(
        &self,
        actor: &Actor,
        caller: UserId,
        workspace: WorkspaceId,
        member: UserId,
        role: WorkspaceRole,
    ) -> Result<Option<MemberChanged>> {
        let wish = Wish { caller, workspace, member };
        let mut transaction = self.pool.begin().await?;
        let owners = lock_owners(&mut transaction, workspace).await?;
        match standing(&mut transaction, &wish, &owners).await? {
            Standing::Stranger => return Ok(None),
            Standing::Member => return Ok(Some(MemberChanged::NotOwner)),
            Standing::Owner => {}
        }
        if owners == [member.0] && role != WorkspaceRole::Owner {
            return Ok(Some(MemberChanged::LastOwner));
        }
        sqlx::query(
            "INSERT INTO e2i.workspace_members (workspace_id, user_id, role) VALUES ($1, $2, $3)
             ON CONFLICT (workspace_id, user_id) DO UPDATE SET role = excluded.role",
        )
        .bind(workspace.0)
        .bind(member.0)
        .bind(role.as_str())
        .execute(&mut *transaction)
        .await?;
        let entry =
            Entry { action: "member.put", target: member.0, workspace: Some(workspace), detail: json!({"role": role}) };
        audit::write(&mut transaction, actor, entry).await?;
        let now = read_member(&mut transaction, &wish).await?;
        transaction.commit().await?;
        Ok(Some(MemberChanged::Done(now)))
    }

    /// Removes a member; owners may remove anybody, everybody themselves. `None`: not the caller's.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn remove_member(
        &self,
        actor: &Actor,
        caller: UserId,
        workspace: WorkspaceId,
        member: UserId,
    ) -> Result<Option<MemberChanged>> {
        let wish = Wish { caller, workspace, member };
        let mut transaction = self.pool.begin().await?;
        let owners = lock_owners(&mut transaction, workspace).await?;
        match standing(&mut transaction, &wish, &owners).await? {
            Standing::Stranger => return Ok(None),
            Standing::Member if caller != member => return Ok(Some(MemberChanged::NotOwner)),
            Standing::Member | Standing::Owner => {}
        }
        if owners == [member.0] {
            return Ok(Some(MemberChanged::LastOwner));
        }
        let removed = sqlx::query("DELETE FROM e2i.workspace_members WHERE workspace_id = $1 AND user_id = $2")
            .bind(workspace.0)
            .bind(member.0)
            .execute(&mut *transaction)
            .await?;
        if removed.rows_affected() == 0 {
            return Ok(Some(MemberChanged::NoSuchMember));
        }
        let entry = Entry { action: "member.remove", target: member.0, workspace: Some(workspace), detail: json!({}) };
        audit::write(&mut transaction, actor, entry).await?;
        transaction.commit().await?;
        Ok(Some(MemberChanged::Done(None)))
    }
}

/// Locks the owners, in id order, until the transaction ends: two owners cannot remove each other at the same time.
async fn lock_owners(connection: &mut PgConnection, workspace: WorkspaceId) -> Result<Vec<Uuid>> {
    let owners = sqlx::query_scalar(
        "SELECT user_id FROM e2i.workspace_members
         WHERE workspace_id = $1 AND role = 'owner' ORDER BY user_id FOR UPDATE",
    );
    Ok(owners.bind(workspace.0).fetch_all(connection).await?)
}

/// What the caller is to the workspace.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Owner,
    Member,
    Stranger,
}

async fn standing(connection: &mut PgConnection, wish: &Wish, owners: &[Uuid]) -> Result<Standing> {
    if owners.contains(&wish.caller.0) {
        return Ok(Standing::Owner);
    }
    let is_member: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM e2i.workspace_members WHERE workspace_id = $1 AND user_id = $2)",
    )
    .bind(wish.workspace.0)
    .bind(wish.caller.0)
    .fetch_one(connection)
    .await?;
    Ok(if is_member { Standing::Member } else { Standing::Stranger })
}

async fn read_member(connection: &mut PgConnection, wish: &Wish) -> Result<Option<Member>> {
    let found: Option<MemberRow> = sqlx::query_as(
        "SELECT m.user_id, u.email, m.role, m.created_at
         FROM e2i.workspace_members m LEFT JOIN e2i.users u ON u.id = m.user_id
         WHERE m.workspace_id = $1 AND m.user_id = $2",
    )
    .bind(wish.workspace.0)
    .bind(wish.member.0)
    .fetch_optional(connection)
    .await?;
    found.map(MemberRow::member).transpose()
}
