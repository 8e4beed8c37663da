//! How a database stands to this release, for whoever decides whether it may be started: reads, and changes nothing.

use sqlx::{Connection, PgConnection};

use super::migrate::names;
use super::{MIGRATIONS, SchemaError, applied, compatible, declared, name, own_readable_by, own_version};
use crate::connect::session_options;
use crate::{ConnectError, StoreError};

/// How a database stands to this release.
#[derive(Debug)]
pub struct Standing {
    /// The newest migration that the database has; `None` before the first.
    pub newest: Option<i64>,
    /// Migrations of this release that are not applied, by the names of their files.
    pub pending: Vec<String>,
    /// Why this release cannot run there, even once the pending ones are applied.
    pub refusal: Option<SchemaError>,
}

/// Looks at the database.
///
/// # Errors
/// When it is away.
pub async fn standing(database_url: &str) -> Result<Standing, SchemaError> {
    let mut connection =
        PgConnection::connect_with(&session_options(database_url)?).await.map_err(ConnectError::Away)?;
    let before = applied(&mut connection).await.map_err(StoreError::from)?;
    let declared = declared(&mut connection).await?;
    connection.close().await.map_err(StoreError::from)?;
    let missing: Vec<_> = MIGRATIONS.iter().filter(|one| !before.contains_key(&one.version)).collect();
    let unknown = before.keys().find(|version| !MIGRATIONS.version_exists(**version));
    let (found, readable_by) = declared.unwrap_or((0, 0));
    let refusal = match unknown {
        Some(unknown) if !missing.is_empty() => {
            Some(SchemaError::Diverged { unknown: *unknown, missing: names(&missing) })
        }
        _ => compatible(own_version(), found.max(own_version()), readable_by.max(own_readable_by())).err(),
    };
    let pending = missing.into_iter().map(name).collect();
    Ok(Standing { newest: declared.map(|(found, _)| found), pending, refusal })
}
