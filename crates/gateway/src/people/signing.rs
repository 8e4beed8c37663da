//! The keys that sign tokens here, kept up with the folder they lie in: a rotation needs no restart.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use anyhow::Context as _;
use chassis::auth::keys::{self, KeyRing};

/// How often the folder is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The present keys; clones share them.
#[derive(Debug, Clone)]
pub struct Signing(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    jwks_file: PathBuf,
    ring: RwLock<Arc<KeyRing>>,
}

impl Signing {
    /// Loads the keys in `folder`, makes a first one where there is none, and publishes them in `jwks_file`.
    ///
    /// # Errors
    /// Worded for the operator.
    pub fn open(folder: PathBuf, jwks_file: PathBuf) -> anyhow::Result<Self> {
        KeyRing::load_or_create(&folder).context("AUTH_KEYS_DIR")?;
        let ring = KeyRing::load_and_publish(&folder, &jwks_file).context("AUTH_KEYS_DIR or JWKS_FILE")?;
        Ok(Self(Arc::new(Inner { folder, jwks_file, ring: RwLock::new(Arc::new(ring)) })))
    }

    /// The keys as they were when last looked at.
    #[must_use]
    pub fn ring(&self) -> Arc<KeyRing> {
        Arc::clone(&self.0.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks at the folder again and again; loads and publishes what has changed. Never ends.
    pub async fn keep_up(self) {
        let mut seen: Option<String> = None;
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let this = self.clone();
            let looked = tokio::task::spawn_blocking(move || this.look(seen.as_deref())).await;
            seen = match looked {
                Ok(Ok(seen)) => Some(seen),
                Ok(Err(error)) => {
                    tracing::warn!("the key folder cannot be read, known keys stay: {error:#}");
                    None
                }
                Err(_) => None,
            };
        }
    }

    fn look(&self, seen: Option<&str>) -> anyhow::Result<String> {
        let Inner { folder, jwks_file, ring } = &*self.0;
        let found = keys::fingerprint(folder)?;
        if seen == Some(found.as_str()) {
            return Ok(found);
        }
        let loaded = KeyRing::load_and_publish(folder, jwks_file)?;
        if loaded.current().kid() != self.ring().current().kid() {
            tracing::info!(kid = loaded.current().kid(), "another key signs from now on");
        }
        *ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(loaded);
        Ok(found)
    }
}
