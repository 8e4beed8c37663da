//! Sessions: one per sign-in, kept alive by a chain of refresh tokens of which only hashes are stored.
//!
//! Each token is exchanged once, for its child. When it comes back later, either the client never got the answer (or
//! two tabs asked at once), or somebody has a copy. So the parent of the present token is accepted for another
//! [`REUSE_GRACE`], and gets **the same** child; anything older ends the session. The same child can be given although
//! only its hash is stored, because the caller derives it from the parent by a keyed hash: a thief who holds an old
//! token cannot follow the chain, and a thief within the grace shares one chain with the owner, so that the next
//! exchange of the two gives him away.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::ids::UserId;
use serde_json::json;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use super::audit::{self, Entry};
use super::users::{UserRow, user_columns};
use super::{Actor, User};
use crate::{Result, Store};

/// How long the parent of the present token is still accepted.
pub const REUSE_GRACE: Duration = Duration::from_secs(10);

/// Longest user agent that is kept.
const MAX_USER_AGENT: usize = 200;

/// A sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The `session_id` of its tokens.
    pub id: Uuid,
    /// Whose.
    pub user: User,
    /// When they proved who they are.
    pub signed_in_at: DateTime<Utc>,
}

/// A refresh token to be stored: its hash and its life.
#[derive(Debug, Clone, Copy)]
pub struct NewToken<'a> {
    /// A hash from which the token cannot be found.
    pub hash: &'a [u8],
    /// How long it may be exchanged.
    pub ttl: Duration,
}

/// What became of a refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refreshed {
    /// Exchanged for its child; also when the same exchange was made a moment ago.
    Session(Session),
    /// There is no such token, it has expired, or its session has ended.
    Refused,
    /// An older token of the chain: the session is ended now.
    Reused {
        /// Whose session it was.
        user: UserId,
    },
}

/// A session that still holds, for whom it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct OpenSession {
    /// The `session_id` of its tokens.
    pub id: Uuid,
    /// What the client called itself when it signed in.
    pub user_agent: Option<String>,
    /// When they proved who they are.
    pub signed_in_at: DateTime<Utc>,
    /// When its tokens were renewed last.
    pub last_used_at: DateTime<Utc>,
    /// When its present refresh token expires.
    pub expires_at: DateTime<Utc>,
}

/// Most sessions that are listed.
const MAX_LISTED: i64 = 200;

/// Which sessions to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// This one, which asks.
    Local(Uuid),
    /// This one, whichever asks.
    One(Uuid),
    /// All but this one.
    Others(Uuid),
    /// All.
    Global,
}

#[derive(FromRow)]
struct TokenRow {
    session_id: Uuid,
    user_id: Uuid,
    signed_in_at: DateTime<Utc>,
    standing: String,
}

/// Where a token stands in its chain, as Postgres finds it.
mod standing {
    /// Expired, or its session has ended.
    pub(super) const DEAD: &str = "dead";
    /// Not yet exchanged.
    pub(super) const PRESENT: &str = "present";
    /// Exchanged a moment ago for the present one.
    pub(super) const PARENT: &str = "parent";
}

impl Store {
    /// Opens a session with its first token. `None`: the user was disabled meanwhile.
    ///
    /// # Errors
    /// When the database is away or the row unreadable.
    pub async fn open_session(
        &self,
        actor: &Actor,
        user: UserId,
        token: NewToken<'_>,
        user_agent: Option<&str>,
    ) -> Result<Option<Session>> {
        let mut transaction = self.pool.begin().await?;
        let session = insert(&mut transaction, actor, user, token, user_agent).await?;
        transaction.commit().await?;
        Ok(session)
    }

    /// Exchanges the token hashed `hash` for `child`, which must be derived from it (see the module).
    ///
    /// # Errors
    /// When the database is away or a row unreadable.
    pub async fn refresh_session(&self, hash: &[u8], child: NewToken<'_>) -> Result<Refreshed> {
        let mut transaction = self.pool.begin().await?;
        let Some(token) = lock_token(&mut transaction, hash, child.hash).await? else {
            return Ok(Refreshed::Refused);
        };
        let user = UserId(token.user_id);
        match token.standing.as_str() {
            standing::DEAD => return Ok(Refreshed::Refused),
            standing::PRESENT => exchange(&mut transaction, token.session_id, hash, child).await?,
            standing::PARENT => {}
            _older => {
                end_for_reuse(&mut transaction, token.session_id, user).await?;
                transaction.commit().await?;
                return Ok(Refreshed::Reused { user });
            }
        }
        let row: UserRow = sqlx::query_as(concat!("SELECT ", user_columns!(), " FROM e2i.users u WHERE u.id = $1"))
            .bind(user.0)
            .fetch_one(&mut *transaction)
            .await?;
        transaction.commit().await?;
        let session = Session { id: token.session_id, user: row.user()?, signed_in_at: token.signed_in_at };
        Ok(Refreshed::Session(session))
    }

    /// Ends sessions of `user`; gives how many.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn end_sessions(&self, actor: &Actor, user: UserId, scope: Scope) -> Result<u64> {
        let why = "signed out";
        let mut transaction = self.pool.begin().await?;
        let (ended, name) = match scope {
            Scope::Local(session) => (revoke_one(&mut transaction, user, session, why).await?, "local"),
            Scope::One(session) => (revoke_one(&mut transaction, user, session, why).await?, "one"),
            Scope::Others(session) => (revoke_others(&mut transaction, user, Some(session), why).await?, "others"),
            Scope::Global => (revoke_all(&mut transaction, user, why).await?, "global"),
        };
        if ended > 0 {
            let mut detail = json!({"scope": name, "sessions": ended});
            if let Scope::Local(session) | Scope::One(session) = scope {
                detail["session"] = json!(session);
            }
            let entry = Entry { action: "session.end", target: user.0, workspace: None, detail };
            audit::write(&mut transaction, actor, entry).await?;
        }
        transaction.commit().await?;
        Ok(ended)
    }

    /// The sessions of `user` that still hold, the one used last first.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn open_sessions(&self, user: UserId) -> Result<Vec<OpenSession>> {
        let open = sqlx::query_as(
            "SELECT s.id, s.user_agent, s.signed_in_at, s.refreshed_at AS last_used_at, t.expires_at
             FROM e2i.sessions s JOIN e2i.refresh_tokens t ON t.session_id = s.id AND t.exchanged_at IS NULL
             WHERE s.user_id = $1 AND s.revoked_at IS NULL AND t.expires_at > now()
             ORDER BY s.refreshed_at DESC, s.id LIMIT $2",
        );
        Ok(open.bind(user.0).bind(MAX_LISTED).fetch_all(&self.pool).await?)
    }

    /// Whether a session still holds and its user may still sign in.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn session_is_live(&self, session: Uuid, user: UserId) -> Result<bool> {
        let live = sqlx::query_scalar(
            "SELECT EXISTS (
                 SELECT FROM e2i.sessions s JOIN e2i.users u ON u.id = s.user_id
                 WHERE s.id = $1 AND s.user_id = $2 AND s.revoked_at IS NULL AND u.disabled_at IS NULL
             )",
        );
        Ok(live.bind(session).bind(user.0).fetch_one(&self.pool).await?)
    }
}

/// Opens a session within a transaction. `None`: the user is not there or disabled.
pub(super) async fn insert(
    connection: &mut PgConnection,
    actor: &Actor,
    user: UserId,
    token: NewToken<'_>,
    user_agent: Option<&str>,
) -> Result<Option<Session>> {
    let row: Option<UserRow> = sqlx::query_as(concat!(
        "UPDATE e2i.users u SET last_sign_in_at = now() WHERE u.id = $1 AND u.disabled_at IS NULL RETURNING ",
        user_columns!()
    ))
    .bind(user.0)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let user_agent: Option<String> = user_agent.map(|agent| agent.chars().take(MAX_USER_AGENT).collect());
    let (id, signed_in_at): (Uuid, DateTime<Utc>) =
        sqlx::query_as("INSERT INTO e2i.sessions (user_id, user_agent) VALUES ($1, $2) RETURNING id, signed_in_at")
            .bind(user.0)
            .bind(user_agent)
            .fetch_one(&mut *connection)
            .await?;
    insert_token(&mut *connection, id, None, token).await?;
    let entry = Entry { action: "session.open", target: user.0, workspace: None, detail: json!({"session": id}) };
    audit::write(connection, &actor.by(user), entry).await?;
    Ok(Some(Session { id, user: row.user()?, signed_in_at }))
}

/// Locks the token's session: two exchanges at the same time happen one after the other. Its columns are read by a
/// second statement, which sees what the first of them did.
async fn lock_token(connection: &mut PgConnection, hash: &[u8], child: &[u8]) -> Result<Option<TokenRow>> {
    sqlx::query(
        "SELECT FROM e2i.sessions s JOIN e2i.refresh_tokens t ON t.session_id = s.id
         WHERE t.token_hash = $1 FOR UPDATE OF s",
    )
    .bind(hash)
    .execute(&mut *connection)
    .await?;
    let token = sqlx::query_as(
        "SELECT t.session_id, s.user_id, s.signed_in_at,
                CASE WHEN s.revoked_at IS NOT NULL OR u.disabled_at IS NOT NULL OR t.expires_at <= now() THEN 'dead'
                     WHEN t.exchanged_at IS NULL THEN 'present'
                     WHEN t.exchanged_at > now() - make_interval(secs => $3) AND EXISTS (
                         SELECT FROM e2i.refresh_tokens c WHERE c.token_hash = $2 AND c.exchanged_at IS NULL
                     ) THEN 'parent'
                     ELSE 'older' END AS standing
         FROM e2i.refresh_tokens t JOIN e2i.sessions s ON s.id = t.session_id JOIN e2i.users u ON u.id = s.user_id
         WHERE t.token_hash = $1",
    );
    Ok(token.bind(hash).bind(child).bind(REUSE_GRACE.as_secs_f64()).fetch_optional(connection).await?)
}

async fn exchange(connection: &mut PgConnection, session: Uuid, hash: &[u8], child: NewToken<'_>) -> Result<()> {
    sqlx::query("UPDATE e2i.refresh_tokens SET exchanged_at = now() WHERE token_hash = $1")
        .bind(hash)
        .execute(&mut *connection)
        .await?;
    insert_token(&mut *connection, session, Some(hash), child).await?;
    sqlx::query("UPDATE e2i.sessions SET refreshed_at = now() WHERE id = $1")
        .bind(session)
        .execute(&mut *connection)
        .await?;
    // What has expired is refused anyway and need not be remembered.
    sqlx::query("DELETE FROM e2i.refresh_tokens WHERE session_id = $1 AND expires_at < now()")
        .bind(session)
        .execute(connection)
        .await?;
    Ok(())
}

async fn insert_token(
    connection: &mut PgConnection,
    session: Uuid,
    parent: Option<&[u8]>,
    token: NewToken<'_>,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO e2i.refresh_tokens (token_hash, session_id, parent_hash, expires_at)
         VALUES ($1, $2, $3, now() + make_interval(secs => $4))",
    )
    .bind(token.hash)
    .bind(session)
    .bind(parent)
    .bind(token.ttl.as_secs_f64())
    .execute(connection)
    .await?;
    Ok(())
}

async fn end_for_reuse(connection: &mut PgConnection, session: Uuid, user: UserId) -> Result<()> {
    revoke_one(&mut *connection, user, session, "an older refresh token was used again").await?;
    let detail = json!({"session": session});
    let entry = Entry { action: "session.reuse", target: user.0, workspace: None, detail };
    audit::write(connection, &Actor::platform(), entry).await
}

async fn revoke_one(connection: &mut PgConnection, user: UserId, session: Uuid, why: &str) -> Result<u64> {
    let ended = sqlx::query(
        "UPDATE e2i.sessions SET revoked_at = now(), revoked_why = $3
         WHERE user_id = $1 AND id = $2 AND revoked_at IS NULL",
    );
    Ok(ended.bind(user.0).bind(session).bind(why).execute(connection).await?.rows_affected())
}

/// Ends all sessions of `user`; gives how many.
pub(super) async fn revoke_all(connection: &mut PgConnection, user: UserId, why: &str) -> Result<u64> {
    revoke_others(connection, user, None, why).await
}

/// Ends all sessions of `user` but `keep`; gives how many.
pub(super) async fn revoke_others(
    connection: &mut PgConnection,
    user: UserId,
    keep: Option<Uuid>,
    why: &str,
) -> Result<u64> {
    let ended = sqlx::query(
        "WITH hit AS (SELECT id FROM e2i.sessions WHERE user_id = $1 AND id IS DISTINCT FROM $2 AND revoked_at IS NULL
                      ORDER BY id FOR UPDATE)
         UPDATE e2i.sessions s SET revoked_at = now(), revoked_why = $3 FROM hit WHERE s.id = hit.id",
    );
    Ok(ended.bind(user.0).bind(keep).bind(why).execute(connection).await?.rows_affected())
}
