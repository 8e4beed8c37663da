//! Ids as types of their own, so that a dataset's id can never be passed where a job's is meant.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, ToSchema,
        )]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    };
}

id!(
    /// One piece of work: an analysis, a profile or a canary run.
    JobId
);
id!(
    /// One immutable version of an uploaded table.
    DatasetId
);
id!(
    /// A table that arrives in pieces and becomes a dataset once it is complete.
    UploadId
);
id!(
    /// A link by which anybody who has it may read one analysis.
    ShareId
);
id!(
    /// What owns datasets and analyses; people are members of it.
    WorkspaceId
);
id!(
    /// A person, known by the `sub` of their token; not necessarily a local user.
    UserId
);
