//! One-time links: an admin hands them over by whatever means; no mail is needed.

use std::fmt;

use chrono::{DateTime, Utc};
use domain::ids::UserId;
use serde_json::json;
use uuid::Uuid;

use super::audit::{self, Entry};
use super::sessions::{self, NewToken, Session};
use super::users::{UserRow, user_columns, write_password};
use super::{Actor, User};
use crate::{Result, Store};

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// The first password of a new user.
    Invite,
    /// A new password in place of a forgotten one.
    Reset,
}

impl LinkKind {
    /// The name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invite => "invite",
            Self::Reset => "reset",
        }
    }
}

impl fmt::Display for LinkKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Store {
    /// Stores a link for `user`, by the keyed hash of its token; their earlier links stop working. Gives when it
    /// expires; `None`: there is no such user.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn create_link(
        &self,
        actor: &Actor,
        user: UserId,
        kind: LinkKind,
        token: NewToken<'_>,
    ) -> Result<Option<DateTime<Utc>>> {
        let mut transaction = self.pool.begin().await?;
        let found: Option<Uuid> = sqlx::query_scalar("SELECT id FROM e2i.users WHERE id = $1 FOR UPDATE")
            .bind(user.0)
            .fetch_optional(&mut *transaction)
            .await?;
        if found.is_none() {
            return Ok(None);
        }
        sqlx::query("DELETE FROM e2i.one_time_links WHERE user_id = $1 AND used_at IS NULL")
            .bind(user.0)
            .execute(&mut *transaction)
            .await?;
        let expires_at: DateTime<Utc> = sqlx::query_scalar(
            "INSERT INTO e2i.one_time_links (token_hash, kind, user_id, created_by, expires_at)
             VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5)) RETURNING expires_at",
        )
        .bind(token.hash)
        .bind(kind.as_str())
        .bind(user.0)
        .bind(actor.user.map(|actor| actor.0))
        .bind(token.ttl.as_secs_f64())
        .fetch_one(&mut *transaction)
        .await?;
        let detail = json!({"kind": kind.as_str(), "expires_at": expires_at});
        let entry = Entry { action: "user.link", target: user.0, workspace: None, detail };
        audit::write(&mut transaction, actor, entry).await?;
        transaction.commit().await?;
        Ok(Some(expires_at))
    }

    /// Whose link is hashed `link_hash`, if it could be accepted now: asked before the costly hashing of a password.
    ///
    /// # Errors
    /// When the database is away or the row unreadable.
    pub async fn user_of_link(&self, link_hash: &[u8]) -> Result<Option<User>> {
        let found: Option<UserRow> = sqlx::query_as(concat!(
            "SELECT ",
            user_columns!(),
            " FROM e2i.one_time_links l JOIN e2i.users u ON u.id = l.user_id
             WHERE l.token_hash = $1 AND l.used_at IS NULL AND l.expires_at > now() AND u.disabled_at IS NULL"
        ))
        .bind(link_hash)
        .fetch_optional(&self.pool)
        .await?;
        found.map(UserRow::user).transpose()
    }

    /// Uses the link up: sets the password, ends all sessions, opens one. `None`: there is no such link, or it is used
    /// up or expired, or the user disabled; nothing has changed then.
    ///
    /// # Errors
    /// When the database is away or the row unreadable.
    pub async fn accept_link(
        &self,
        actor: &Actor,
        link_hash: &[u8],
        password_hash: &str,
        refresh_token: NewToken<'_>,
        user_agent: Option<&str>,
    ) -> Result<Option<Session>> {
        let mut transaction = self.pool.begin().await?;
        let accepted: Option<(Uuid, String)> = sqlx::query_as(
            "UPDATE e2i.one_time_links SET used_at = now()
             WHERE token_hash = $1 AND used_at IS NULL AND expires_at > now() RETURNING user_id, kind",
        )
        .bind(link_hash)
        .fetch_optional(&mut *transaction)
        .await?;
        let Some((user, kind)) = accepted else {
            return Ok(None);
        };
        let user = UserId(user);
        write_password(&mut transaction, user, password_hash).await?;
        sessions::revoke_all(&mut transaction, user, "the password changed").await?;
        let Some(session) = sessions::insert(&mut transaction, actor, user, refresh_token, user_agent).await? else {
            return Ok(None);
        };
        let entry = Entry { action: "user.password", target: user.0, workspace: None, detail: json!({"by": kind}) };
        audit::write(&mut transaction, &actor.by(user), entry).await?;
        transaction.commit().await?;
        Ok(Some(session))
    }
}
