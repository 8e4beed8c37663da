//! The first people: an admin, because nobody else can make users, and the canary of releases. Safe to run again and
//! from several places at once.

use anyhow::Context as _;
use chassis::entropy::{Entropy as _, SystemEntropy};
use domain::people::PlatformRole;
use store::Store;
use store::people::users::{Created, Ensured};
use store::people::{Actor, Email, password};

use super::passwords;
use crate::config::{BootstrapConfig, FirstPerson};
use crate::state;

/// What was there and what was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bootstrapped {
    /// The first admin.
    pub admin: Ensured,
    /// The canary user; `None` when none is configured.
    pub canary: Option<Ensured>,
}

/// Makes the first admin unless one can sign in already, and the canary user with the configured password.
///
/// # Errors
/// When an address or a password cannot be used, or the database cannot.
pub async fn run(config: &BootstrapConfig) -> anyhow::Result<Bootstrapped> {
    let store = state::connect(config.database_url.expose(), 2).await?;
    people(&store, &config.admin, config.canary.as_ref()).await
}

/// The same on an open store.
///
/// # Errors
/// See [`run`].
pub async fn people(store: &Store, admin: &FirstPerson, canary: Option<&FirstPerson>) -> anyhow::Result<Bootstrapped> {
    let (email, hash) = usable(admin, "ADMIN").await?;
    let admin = store.ensure_admin(&email, &hash).await?;
    let canary = match canary {
        Some(canary) => Some(ensure_canary(store, canary).await?),
        None => None,
    };
    Ok(Bootstrapped { admin, canary })
}

async fn ensure_canary(store: &Store, canary: &FirstPerson) -> anyhow::Result<Ensured> {
    let (email, hash) = usable(canary, "CANARY").await?;
    let actor = Actor::platform();
    let Some(found) = store.credentials(&email).await? else {
        return Ok(match store.create_user(&actor, &email, PlatformRole::Canary, Some(&hash)).await? {
            Created::User(_) => Ensured::Created,
            // Somebody else has just made it.
            Created::EmailTaken => Ensured::Present,
        });
    };
    let role = found.user.role;
    anyhow::ensure!(
        role == PlatformRole::Canary,
        "CANARY_EMAIL: {email} is a user with the platform role {role}; use an address of its own"
    );
    let (password, stored) = (canary.password.clone(), found.password_hash);
    let same =
        tokio::task::spawn_blocking(move || stored.is_some_and(|stored| password::verify(password.expose(), &stored)));
    if same.await? {
        return Ok(Ensured::Present);
    }
    store.set_password(&actor, found.user.id, &hash, None).await?;
    Ok(Ensured::Updated)
}

/// Checks and hashes before anything is written.
async fn usable(person: &FirstPerson, variable: &str) -> anyhow::Result<(Email, String)> {
    let email: Email = person.email.parse().with_context(|| format!("{variable}_EMAIL"))?;
    passwords::check(person.password.expose(), email.as_str())
        .map_err(|error| anyhow::anyhow!("{variable}_PASSWORD: {}", error.problem().message()))?;
    let mut salt = [0; 16];
    SystemEntropy.fill(&mut salt);
    let password = person.password.clone();
    let hash = tokio::task::spawn_blocking(move || password::hash(password.expose(), &salt)).await??;
    Ok((email, hash))
}
