//! Who there is: made by an admin, invited, disabled.

use chrono::{DateTime, Utc};
use domain::ids::UserId;
use domain::people::PlatformRole;
use serde_json::json;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use super::audit::{self, Entry};
use super::workspaces::insert_personal;
use super::{Actor, Email, sessions};
use crate::{Result, Store, row};

/// A person of this platform (not of Supabase).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The `sub` of their tokens.
    pub id: UserId,
    /// In lower case.
    pub email: String,
    /// What they may do on the platform.
    pub role: PlatformRole,
    /// Whether they have accepted an invite or were given a password.
    pub has_password: bool,
    /// When they were made.
    pub created_at: DateTime<Utc>,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
    /// When they last signed in.
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// Since when they may not.
    pub disabled_at: Option<DateTime<Utc>>,
}

/// A user with the hash of their password, for signing in.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Who.
    pub user: User,
    /// In PHC form; `None` until an invite is accepted.
    pub password_hash: Option<String>,
}

/// What became of a wish to make a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created {
    /// Here they are.
    User(User),
    /// The address is somebody's already.
    EmailTaken,
}

/// What to change in a user; `None` leaves it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UserChange {
    /// Another platform role.
    pub role: Option<PlatformRole>,
    /// Disable (ends all sessions) or enable.
    pub disabled: Option<bool>,
}

/// What became of a wish to change a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// As they are now.
    User(User),
    /// They are the last admin who can sign in.
    LastAdmin,
}

/// What became of a person that must exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ensured {
    /// Made now.
    Created,
    /// Was there, and was given what was missing.
    Updated,
    /// Was there.
    Present,
}

/// The columns of [`UserRow`], for `concat!`: statements stay fixed texts.
macro_rules! user_columns {
    () => {
        "u.id, u.email, u.role, u.password_hash IS NOT NULL AS has_password, u.created_at, u.updated_at, \
         u.last_sign_in_at, u.disabled_at"
    };
}
pub(super) use user_columns;

#[derive(FromRow)]
pub(super) struct UserRow {
    id: Uuid,
    email: String,
    role: String,
    has_password: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    last_sign_in_at: Option<DateTime<Utc>>,
    disabled_at: Option<DateTime<Utc>>,
}

impl UserRow {
    pub(super) fn user(self) -> Result<User> {
        Ok(User {
            id: UserId(self.id),
            email: self.email,
            role: row::name("users", &self.role)?,
            has_password: self.has_password,
            created_at: self.created_at,
            updated_at: self.updated_at,
            last_sign_in_at: self.last_sign_in_at,
            disabled_at: self.disabled_at,
        })
    }
}

impl Store {
    /// Makes a user with their personal workspace. Without a `password_hash` they cannot sign in until they have
    /// accepted an invite.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn create_user(
        &self,
        actor: &Actor,
        email: &Email,
        role: PlatformRole,
        password_hash: Option<&str>,
    ) -> Result<Created> {
        let mut transaction = self.pool.begin().await?;
        let Some(user) = insert(&mut transaction, actor, email, role, password_hash).await? else {
            return Ok(Created::EmailTaken);
        };
        transaction.commit().await?;
        Ok(Created::User(user))
    }

    /// One user.
    ///
    /// # Errors
    /// When the database is away or the row unreadable.
    pub async fn user(&self, id: UserId) -> Result<Option<User>> {
        let found: Option<UserRow> =
            sqlx::query_as(concat!("SELECT ", user_columns!(), " FROM e2i.users u WHERE u.id = $1"))
                .bind(id.0)
                .fetch_optional(&self.pool)
                .await?;
        found.map(UserRow::user).transpose()
    }

    /// One user by address, with what their password must match.
    ///
    /// # Errors
    /// When the database is away or the row unreadable.
    pub async fn credentials(&self, email: &Email) -> Result<Option<Credentials>> {
        let found: Option<(Uuid, Option<String>)> =
            sqlx::query_as("SELECT id, password_hash FROM e2i.users WHERE email = $1")
                .bind(email.as_str())
                .fetch_optional(&self.pool)
                .await?;
        let Some((id, password_hash)) = found else {
            return Ok(None);
        };
        Ok(self.user(UserId(id)).await?.map(|user| Credentials { user, password_hash }))
    }

    /// Users by address, after `after`, at most `limit`.
    ///
    /// # Errors
    /// When the database is away or a row unreadable.
    pub async fn users(&self, after: Option<&str>, limit: i64) -> Result<Vec<User>> {
        let found: Vec<UserRow> = sqlx::query_as(concat!(
            "SELECT ",
            user_columns!(),
            " FROM e2i.users u WHERE u.email > coalesce($1, '') ORDER BY u.email LIMIT $2"
        ))
        .bind(after)
        .bind(limit)
        .fetch_all(&self.pool)
        .await?;
        found.into_iter().map(UserRow::user).collect()
    }

    /// Changes a user's role, disables or enables them. Disabling, and any change of role, ends their sessions: tokens
    /// carry the role. `None`: there is no such user.
    ///
    /// # Errors
    /// When the database is away or the row unreadable.
    pub async fn change_user(&self, actor: &Actor, id: UserId, change: UserChange) -> Result<Option<Changed>> {
        let mut transaction = self.pool.begin().await?;
        let admins = lock_admins(&mut transaction).await?;
        let Some(before) = lock_user(&mut transaction, id).await? else {
            return Ok(None);
        };
        let role = change.role.unwrap_or(before.role);
        let disabled = change.disabled.unwrap_or(before.disabled_at.is_some());
        let stays_admin = role == PlatformRole::Admin && !disabled;
        if admins == [id.0] && !stays_admin {
            return Ok(Some(Changed::LastAdmin));
        }
        let changes = role != before.role || disabled != before.disabled_at.is_some();
        if !changes {
            return Ok(Some(Changed::User(before)));
        }
        let after: UserRow = sqlx::query_as(concat!(
            "UPDATE e2i.users u SET role = $2, updated_at = now(),
                 disabled_at = CASE WHEN $3 THEN coalesce(u.disabled_at, now()) END
             WHERE u.id = $1 RETURNING ",
            user_columns!()
        ))
        .bind(id.0)
        .bind(role.as_str())
        .bind(disabled)
        .fetch_one(&mut *transaction)
        .await?;
        let why = if disabled { "the account was disabled" } else { "the platform role changed" };
        sessions::revoke_all(&mut transaction, id, why).await?;
        let detail = json!({
            "role": role, "role_before": before.role, "disabled": disabled, "disabled_before": before.disabled_at.is_some(),
        });
        let entry = Entry { action: "user.change", target: id.0, workspace: None, detail };
        audit::write(&mut transaction, actor, entry).await?;
        transaction.commit().await?;
        Ok(Some(Changed::User(after.user()?)))
    }

    /// Sets a user's password and ends their sessions but for `keep`. False: there is no such user.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn set_password(&self, actor: &Actor, id: UserId, hash: &str, keep: Option<Uuid>) -> Result<bool> {
        let mut transaction = self.pool.begin().await?;
        if !write_password(&mut transaction, id, hash).await? {
            return Ok(false);
        }
        sessions::revoke_others(&mut transaction, id, keep, "the password changed").await?;
        let entry = Entry { action: "user.password", target: id.0, workspace: None, detail: json!({}) };
        audit::write(&mut transaction, actor, entry).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Makes the first admin unless somebody already is one and can sign in. When `email` is somebody's already, they
    /// become admin and keep their password if they have one.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn ensure_admin(&self, email: &Email, password_hash: &str) -> Result<Ensured> {
        let actor = Actor::platform();
        let mut transaction = self.pool.begin().await?;
        // Two that find no admin at the same time must not both make one.
        sqlx::query("LOCK TABLE e2i.users IN SHARE ROW EXCLUSIVE MODE").execute(&mut *transaction).await?;
        if !lock_admins(&mut transaction).await?.is_empty() {
            return Ok(Ensured::Present);
        }
        if insert(&mut transaction, &actor, email, PlatformRole::Admin, Some(password_hash)).await?.is_some() {
            transaction.commit().await?;
            return Ok(Ensured::Created);
        }
        let id: Uuid = sqlx::query_scalar(
            "UPDATE e2i.users SET role = 'admin', disabled_at = NULL, updated_at = now(),
                 password_hash = coalesce(password_hash, $2)
             WHERE email = $1 RETURNING id",
        )
        .bind(email.as_str())
        .bind(password_hash)
        .fetch_one(&mut *transaction)
        .await?;
        let detail = json!({"role": "admin", "why": "no admin could sign in"});
        audit::write(&mut transaction, &actor, Entry { action: "user.change", target: id, workspace: None, detail })
            .await?;
        transaction.commit().await?;
        Ok(Ensured::Updated)
    }
}

/// Inserts a user, their personal workspace and the line of the log. `None`: the address is taken.
async fn insert(
    connection: &mut PgConnection,
    actor: &Actor,
    email: &Email,
    role: PlatformRole,
    password_hash: Option<&str>,
) -> Result<Option<User>> {
    let made: Option<UserRow> = sqlx::query_as(concat!(
        "INSERT INTO e2i.users AS u (email, role, password_hash, password_changed_at)
         VALUES ($1, $2, $3, CASE WHEN $3 IS NOT NULL THEN now() END)
         ON CONFLICT (email) DO NOTHING RETURNING ",
        user_columns!()
    ))
    .bind(email.as_str())
    .bind(role.as_str())
    .bind(password_hash)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(user) = made.map(UserRow::user).transpose()? else {
        return Ok(None);
    };
    let detail = json!({"email": user.email, "role": user.role, "has_password": user.has_password});
    let entry = Entry { action: "user.create", target: user.id.0, workspace: None, detail };
    audit::write(&mut *connection, actor, entry).await?;
    insert_personal(connection, actor, user.id, email.local_part()).await?;
    Ok(Some(user))
}

/// Locks the admins who can sign in, in id order, until the transaction ends: nobody else can remove one meanwhile.
async fn lock_admins(connection: &mut PgConnection) -> Result<Vec<Uuid>> {
    let admins = sqlx::query_scalar(
        "SELECT id FROM e2i.users
         WHERE role = 'admin' AND disabled_at IS NULL AND password_hash IS NOT NULL ORDER BY id FOR UPDATE",
    );
    Ok(admins.fetch_all(connection).await?)
}

async fn lock_user(connection: &mut PgConnection, id: UserId) -> Result<Option<User>> {
    let found: Option<UserRow> =
        sqlx::query_as(concat!("SELECT ", user_columns!(), " FROM e2i.users u WHERE u.id = $1 FOR UPDATE"))
            .bind(id.0)
            .fetch_optional(connection)
            .await?;
    found.map(UserRow::user).transpose()
}

/// Writes the hash. False: there is no such user.
pub(super) async fn write_password(connection: &mut PgConnection, id: UserId, hash: &str) -> Result<bool> {
    let written = sqlx::query(
        "UPDATE e2i.users SET password_hash = $2, password_changed_at = now(), updated_at = now() WHERE id = $1",
    )
    .bind(id.0)
    .bind(hash)
    .execute(connection)
    .await?;
    Ok(written.rows_affected() == 1)
}
