//! What is released: services at revisions, out of a commit. No input and output here.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A deployment: one try to change what is live. Numbers are given once and grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct DeploymentId(pub i64);

impl fmt::Display for DeploymentId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}

/// A full commit id: 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Commit(String);

/// Not a full commit id.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no full commit id (40 or 64 hexadecimal digits)")]
pub struct NoCommit(pub String);

impl Commit {
    /// The id, all of it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first twelve digits, for people.
    #[must_use]
    pub fn short(&self) -> &str {
        &self.0[..12]
    }

    /// The id of no commit: forty zeros.
    #[must_use]
    pub fn none() -> Self {
        Self("0".repeat(40))
    }

    /// Whether it is the id of no commit: what GitHub sends for a ref that was made or deleted.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.0.bytes().all(|digit| digit == b'0')
    }
}

impl TryFrom<String> for Commit {
    type Error = NoCommit;

    fn try_from(text: String) -> Result<Self, NoCommit> {
        let is_hex = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if is_hex && matches!(text.len(), 40 | 64) { Ok(Self(text)) } else { Err(NoCommit(text)) }
    }
}

impl std::str::FromStr for Commit {
    type Err = NoCommit;

    fn from_str(text: &str) -> Result<Self, NoCommit> {
        Self::try_from(text.to_owned())
    }
}

impl From<Commit> for String {
    fn from(commit: Commit) -> Self {
        commit.0
    }
}

impl fmt::Display for Commit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A part of the platform that has an image of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// One-shot: secrets.
    Init,
    /// The HTTP API.
    Gateway,
    /// Runs analyses.
    Worker,
    /// Looks at all of it, and tells.
    Health,
    /// The web app's files.
    Frontend,
    /// The edge's image; a release takes its configuration, never the container itself.
    Nginx,
    /// Certificates.
    Certificates,
    /// Runs and artifacts.
    Mlflow,
    /// This program.
    Deployer,
}

impl Service {
    /// All.
    pub const ALL: [Self; 9] = [
        Self::Init,
        Self::Gateway,
        Self::Worker,
        Self::Health,
        Self::Frontend,
        Self::Nginx,
        Self::Certificates,
        Self::Mlflow,
        Self::Deployer,
    ];

    /// Those that a release starts anew beside the old; in the order in which they start.
    pub const ROLLED: [Self; 4] = [Self::Worker, Self::Gateway, Self::Health, Self::Frontend];

    /// Those that no release replaces: they change by hand, as announced maintenance.
    pub const INFRASTRUCTURE: [Self; 3] = [Self::Nginx, Self::Certificates, Self::Mlflow];

    /// Its name in the compose files and in image names.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Init => "init",
            Self::Gateway => "gateway",
            Self::Worker => "worker",
            Self::Health => "health",
            Self::Frontend => "frontend",
            Self::Nginx => "nginx",
            Self::Certificates => "certificates",
            Self::Mlflow => "mlflow",
            Self::Deployer => "deployer",
        }
    }

    /// Whether there are releases without it: those from before it came.
    #[must_use]
    pub fn came_later(self) -> bool {
        self == Self::Health
    }

    /// By name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.name() == name)
    }
}

impl fmt::Display for Service {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The image of one service in a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// The last commit that touched what the image is made of, as `scripts/revision.sh` tells it. Probes expect it.
    pub revision: String,
    /// The image's name with its tag.
    pub image: String,
    /// The image's id (`sha256:…`), which is what "is running" means.
    pub image_id: String,
}

/// What a release is: which image each service runs, and which nginx configuration is current.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Service to image.
    pub pieces: BTreeMap<Service, Piece>,
    /// The version under `conf/` on nginx's volume; `None` until it is published.
    pub configuration: Option<String>,
    /// The container of each rolled service, by its name; a service that a release leaves alone keeps its container.
    pub containers: BTreeMap<Service, String>,
    /// The newest migration that this release brings, and what its programs need at least.
    pub schema: Option<Schema>,
}

impl Manifest {
    /// Whether the release has something to say of the service: one from before it came has not.
    #[must_use]
    pub fn knows(&self, service: Service) -> bool {
        !service.came_later() || self.pieces.contains_key(&service)
    }

    /// What a release from before a service came says nothing of stays as it is.
    pub fn leave_alone_what_came_later(&mut self, live: &Self) {
        for service in Service::ROLLED.into_iter().filter(|service| service.came_later()) {
            if let (None, Some(piece)) = (self.pieces.get(&service), live.pieces.get(&service)) {
                self.pieces.insert(service, piece.clone());
                self.containers.extend(live.containers.get(&service).map(|container| (service, container.clone())));
            }
        }
    }
}

/// Which database schemas a release can live with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// Its newest migration.
    pub newest: i64,
    /// The oldest release schema that can still run on a database which has all of its migrations.
    pub readable_by: i64,
}

/// A commit, for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CommitInfo {
    /// Its id.
    #[schema(value_type = String)]
    pub id: Commit,
    /// The first line of its message.
    pub subject: String,
    /// Who wrote it: a name, never an address.
    pub author: String,
    /// When it was committed.
    pub at: DateTime<Utc>,
}
