//! What a person may do on the platform as a whole (workspaces have roles of their own).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The platform role, from `app_metadata.role`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Works in workspaces.
    #[default]
    User,
    /// Manages people and releases, besides.
    Admin,
    /// The release's smoke test: may run the `canary` agent alone.
    Canary,
}

/// A role that this platform does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a platform role; the roles are user, admin and canary")]
pub struct UnknownRole(pub String);

impl Role {
    /// The role as it stands in tokens and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
            Self::Canary => "canary",
        }
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl std::str::FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        match text {
            "user" => Ok(Self::User),
            "admin" => Ok(Self::Admin),
            "canary" => Ok(Self::Canary),
            other => Err(UnknownRole(other.to_owned())),
        }
    }
}
