//! A dataset as callers see it: in a list without, by itself with columns and profile.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use domain::dataset::{DatasetState, Profile, StoredTable, TableSchema};
use domain::ids::{DatasetId, UserId, WorkspaceId};
use domain::job::Failure;
use domain::recipe::Recipe;
use serde::Serialize;
use serde_json::Value;
use store::datasets::Dataset;
use utoipa::ToSchema;

use crate::access;
use crate::error::Result;

/// One version of an uploaded table, in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DatasetSummary {
    /// Its id.
    id: DatasetId,
    /// Where it belongs.
    workspace_id: WorkspaceId,
    /// Its name, shared by its versions.
    name: String,
    /// 1, 2, ...
    version: u32,
    /// Where it stands. Analyses may use it from `profiling` on. `uploading` until all its bytes are there, whether they
    /// come from somebody or from a recipe.
    state: DatasetState,
    /// Stored bytes.
    size_bytes: Option<u64>,
    /// SHA-256 of the stored bytes, in hexadecimal.
    sha256: Option<String>,
    /// Rows, the header not counted.
    rows: Option<u64>,
    /// How many columns.
    column_count: Option<usize>,
    /// Why there is no profile, or no table.
    failure: Option<Failure>,
    /// How it was made from another version, in the form in which it can be posted again; null for an upload.
    #[schema(value_type = Option<Recipe>)]
    recipe: Option<Value>,
    /// From which one it was made; null for an upload.
    derived_from: Option<DerivedFromView>,
    /// Who uploaded it, or asked for it.
    created_by: UserId,
    /// When.
    created_at: DateTime<Utc>,
}

/// The version that another was made from. It may have been deleted since.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DerivedFrom)]
pub(crate) struct DerivedFromView {
    /// Its id.
    id: DatasetId,
    /// Which version it was.
    version: u32,
}

/// A table's bytes, in API documents.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "describes bodies to API documents; the bytes themselves are streamed")]
pub(crate) struct TableBytes(Vec<u8>);

/// One version of an uploaded table.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Dataset)]
pub(crate) struct DatasetDetail {
    #[serde(flatten)]
    summary: DatasetSummary,
    /// Its columns and format.
    schema: Option<TableSchema>,
    /// What stands in its columns, once profiled.
    profile: Option<Profile>,
}

impl From<Dataset> for DatasetSummary {
    fn from(dataset: Dataset) -> Self {
        Self {
            id: dataset.id,
            workspace_id: dataset.workspace,
            name: dataset.name,
            version: dataset.version,
            state: dataset.state,
            size_bytes: dataset.size_bytes,
            sha256: dataset.sha256.as_deref().map(hexadecimal),
            rows: dataset.schema.as_ref().map(|schema| schema.rows),
            column_count: dataset.schema.as_ref().map(|schema| schema.columns.len()),
            failure: dataset.failure,
            recipe: dataset.recipe,
            derived_from: dataset.derived_from.map(|from| DerivedFromView { id: from.id, version: from.version }),
            created_by: dataset.created_by,
            created_at: dataset.created_at,
        }
    }
}

impl From<Dataset> for DatasetDetail {
    fn from(mut dataset: Dataset) -> Self {
        let (schema, profile) = (dataset.schema.clone(), dataset.profile.take());
        Self { summary: dataset.into(), schema, profile }
    }
}

/// Where its bytes lie, once they are all there.
pub(super) fn stored(dataset: &Dataset) -> Result<StoredTable> {
    dataset.stored_table().ok_or_else(|| access::without_table(dataset))
}

/// In hexadecimal.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
