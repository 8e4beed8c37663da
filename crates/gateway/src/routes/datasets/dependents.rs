//! `GET /api/v1/datasets/{id}/dependents`

use axum::extract::State;
use chassis::http::{Json, Path, ProblemDetails};
use domain::dataset::DatasetState;
use domain::ids::DatasetId;
use serde::Serialize;
use store::Access;
use utoipa::ToSchema;

use crate::access;
use crate::error::Result;
use crate::people::admission::Person;
use crate::state::AppState;

/// What hangs on a dataset, before somebody deletes it with `cascade=true`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DatasetDependents {
    /// Analyses that use it; they would go with it.
    analyses: u64,
    /// So many of them are queued or running.
    analyses_active: u64,
    /// Links to them that have neither expired nor been revoked; they would go too.
    shares: u64,
    /// Versions that were made from it, newest first, at most 200. They would stay; one that is still being made would
    /// fail.
    derived_versions: Vec<DerivedVersion>,
}

/// A version that was made, or is being made, from another.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DerivedVersion {
    /// Its id.
    id: DatasetId,
    /// Which version it is.
    version: u32,
    /// Where it stands; `uploading` while it is being made.
    state: DatasetState,
}

impl From<store::datasets::DerivedVersion> for DerivedVersion {
    fn from(derived: store::datasets::DerivedVersion) -> Self {
        let store::datasets::DerivedVersion { id, version, state } = derived;
        Self { id, version, state }
    }
}

/// Tells what hangs on a dataset: what would go with it, and what was made from it.
#[utoipa::path(get, path = "/{id}/dependents", tag = "datasets",
    params(("id" = DatasetId, Path, description = "The dataset")),
    responses(
        (status = 200, body = DatasetDependents),
        (status = 404, description = "No such dataset of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn get_dependents(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<DatasetId>,
) -> Result<Json<DatasetDependents>> {
    access::dataset(&state, &person, id).await?;
    let found = state.store.dependents(Access::read(person.user_id()), id).await?;
    Ok(Json(DatasetDependents {
        analyses: found.analyses,
        analyses_active: found.analyses_active,
        shares: found.shares,
        derived_versions: found.derived_versions.into_iter().map(DerivedVersion::from).collect(),
    }))
}
