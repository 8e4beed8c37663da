//! What the helper is about, on the state volume: written before each step, so that a helper that was killed goes on.

use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::adapters::compose::write_private;
use crate::release::DeploymentId;

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Nothing has happened yet.
    Planned,
    /// The new container is there and does not run.
    Created,
    /// The old one is being stopped.
    Stopping,
    /// The new one is being started and watched.
    Starting,
    /// The new one is healthy and owns the lock; the old one is gone.
    Done,
    /// The new one was no good: it is being removed and the old one started again.
    Restoring,
    /// The old one runs again.
    Restored,
}

/// One replacement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Which deployment brings the new deployer.
    pub deployment: DeploymentId,
    /// The platform's compose project.
    pub project: String,
    /// The compose file with the new deployer.
    pub file: PathBuf,
    /// The container that is replaced.
    pub old: String,
    /// The container that replaces it.
    pub new: Option<String>,
    /// The new one's image.
    pub image: String,
    /// How far it is.
    pub phase: Phase,
    /// Why it was taken back.
    pub words: Option<String>,
}

impl Plan {
    /// Where it is kept.
    #[must_use]
    pub fn file(state_dir: &Path) -> PathBuf {
        state_dir.join("self-update.json")
    }

    /// The last one; `None` when there was none yet.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn load(state_dir: &Path) -> anyhow::Result<Option<Self>> {
        let file = Self::file(state_dir);
        match std::fs::read(&file) {
            Ok(text) => Ok(Some(serde_json::from_slice(&text).with_context(|| format!("read {}", file.display()))?)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("read {}", file.display())),
        }
    }

    /// Keeps it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self, state_dir: &Path) -> anyhow::Result<()> {
        write_private(&Self::file(state_dir), &serde_json::to_vec_pretty(self)?)
    }
}
