//! `DELETE /api/v1/datasets/{id}`

use axum::extract::State;
use chassis::http::{Path, Problem, ProblemDetails, Query};
use domain::dataset::DatasetState;
use domain::ids::DatasetId;
use http::StatusCode;
use serde::Deserialize;
use store::Access;
use store::datasets::Deleted;
use utoipa::IntoParams;

use crate::access;
use crate::error::Result;
use crate::people::RequestContext;
use crate::people::admission::Person;
use crate::state::AppState;

/// What goes with it.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeleteQuery {
    /// Whether the analyses that use it go with it, running ones included, and versions that are being made from it fail.
    /// Versions that were made from it stay.
    #[serde(default)]
    cascade: bool,
}

/// Deletes one version of a dataset.
#[utoipa::path(delete, path = "/{id}", tag = "datasets",
    params(("id" = DatasetId, Path, description = "The dataset"), DeleteQuery),
    responses(
        (status = 204, description = "Gone"),
        (status = 401, description = "Not signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "The caller is a viewer of the workspace", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 404, description = "No such dataset of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 409, description = "Analyses use it (`analyses` of them), versions are being made from it (`derivations` of \
            them), or it is still being uploaded",
         body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub(crate) async fn delete_dataset(
    State(state): State<AppState>,
    person: Person,
    context: RequestContext,
    Path(id): Path<DatasetId>,
    Query(query): Query<DeleteQuery>,
) -> Result<StatusCode> {
    let dataset = access::dataset(&state, &person, id).await?;
    // One that is being made is given up by its delete.
    if dataset.state == DatasetState::Uploading && dataset.recipe.is_none() {
        let detail = format!("dataset {id} is still being uploaded; end the upload, and it is gone");
        return Err(Problem::conflict(detail).extra("state", dataset.state.as_str()).into());
    }
    match state.store.delete_dataset(Access::write(person.user_id()), id, query.cascade, context.request_id()).await? {
        Some(Deleted::Gone { object_key, .. }) => {
            // The row is gone: the caller is right to hear so, whatever the object store says.
            if let Err(error) = state.objects.delete(&object_key).await {
                tracing::error!(%error, object_key, "the object of a deleted dataset is left over");
            }
            Ok(StatusCode::NO_CONTENT)
        }
        Some(Deleted::InUse { analyses, derivations }) => {
            let detail = format!(
                "{analyses} analyses use dataset {id} and {derivations} versions are being made from it; delete them \
                 first, or give cascade=true"
            );
            Err(Problem::new(StatusCode::CONFLICT, "dataset-in-use", "Dataset in use")
                .detail(detail)
                .extra("analyses", analyses)
                .extra("derivations", derivations)
                .into())
        }
        None => Err(access::viewer_only()),
    }
}
