//! Roles: what a person may do on the platform, and within one workspace.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A role name that is not one of ours.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{given}` is no {what}; use one of: {allowed}")]
pub struct UnknownName {
    /// What kind of name was expected.
    pub what: &'static str,
    /// What came instead.
    pub given: String,
    /// The names that exist, separated by commas.
    pub allowed: &'static str,
}

macro_rules! names {
    ($what:literal, $allowed:literal, $type:ident { $($variant:ident => $name:literal),+ $(,)? }) => {
        impl $type {
            /// The name on the wire and in the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl FromStr for $type {
            type Err = $crate::people::UnknownName;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($name => Ok(Self::$variant),)+
                    _ => Err($crate::people::UnknownName { what: $what, given: text.to_owned(), allowed: $allowed }),
                }
            }
        }
    };
}
pub(crate) use names;

/// What a person may do on the whole platform, from `app_metadata.role` of the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlatformRole {
    /// Works within workspaces.
    #[default]
    User,
    /// Also makes users, reads the state of the platform, releases.
    Admin,
    /// The platform's own probe: may run the `canary` agent and nothing else.
    Canary,
}
names!("platform role", "user, admin, canary", PlatformRole { User => "user", Admin => "admin", Canary => "canary" });

/// What a member may do in one workspace. Ordered: an owner may do all that an analyst may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WorkspaceRole {
    /// Reads datasets, analyses and results.
    Viewer,
    /// Also uploads, submits, cancels and deletes.
    Analyst,
    /// Also says who is a member.
    Owner,
}
names!("workspace role", "viewer, analyst, owner", WorkspaceRole {
    Viewer => "viewer", Analyst => "analyst", Owner => "owner",
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_may_do_what_analysts_may() {
        assert!(WorkspaceRole::Owner > WorkspaceRole::Analyst);
        assert!(WorkspaceRole::Analyst > WorkspaceRole::Viewer);
    }

    #[test]
    fn an_unknown_role_is_named_with_what_exists() {
        let error = "root".parse::<PlatformRole>().unwrap_err();
        assert_eq!(error.to_string(), "`root` is no platform role; use one of: user, admin, canary");
    }
}
