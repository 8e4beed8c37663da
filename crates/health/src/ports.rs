//! What is needed of the world, as traits: the adapters are in `checks` and `deployer`.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::part::{Answer, Part};

/// Asks a part how it is. It may hang: who calls it gives it up after the part's timeout, and drops the future.
#[async_trait]
pub trait Check: Send + Sync + 'static {
    /// What was found. That the part does not answer is an answer, too.
    async fn ask(&self) -> Answer;
}

/// A part and how it is asked.
#[derive(Clone)]
pub struct Watched {
    /// The part.
    pub part: Part,
    /// How it is asked.
    pub check: Arc<dyn Check>,
}

/// Something that happened to releases and certificates, as their keepers tell it.
#[derive(Clone, Debug, PartialEq)]
pub struct Happening {
    /// The same in every telling: `deployment-12-live`.
    pub id: String,
    /// What it is.
    pub kind: HappeningKind,
    /// When.
    pub at: DateTime<Utc>,
    /// One line: `release #12 (a1b2c3d4e5f6) is live`.
    pub title: String,
    /// The services that it touches, by their names in the compose files.
    pub services: Vec<String>,
    /// The commit, where there is one.
    pub commit: Option<String>,
}

/// Which kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HappeningKind {
    /// A release began: what it touches is under maintenance until it ends.
    ReleaseBegan,
    /// A release went live.
    ReleaseLive,
    /// A release was taken back by itself, or ended before it was live.
    ReleaseTakenBack,
    /// Somebody went back by hand.
    RolledBack,
    /// The stack was pinned, or let go.
    Pinned,
    /// A certificate was renewed.
    CertificateRenewed,
}

/// Tells what happened to releases.
#[async_trait]
pub trait Happenings: Send + Sync + 'static {
    /// The last ones, oldest first, at most 100; told again and again, known by their ids.
    ///
    /// # Errors
    /// Their keeper does not answer.
    async fn latest(&self) -> anyhow::Result<Vec<Happening>>;
}
