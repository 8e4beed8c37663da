//! `POST /api/v1/datasets/{id}/versions`

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chassis::auth::Role;
use chassis::http::{Json, Path, Problem, ProblemDetails};
use chassis::telemetry::trace_context::current_traceparent;
use domain::agents::ParameterProblem;
use domain::ids::DatasetId;
use domain::recipe::{self, Recipe};
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};
use store::datasets::Dataset;
use store::derivations::{Derivation, NewDerivation};
use store::jobs::Idempotency;

use super::view::DatasetDetail;
use crate::access;
use crate::contracts;
use crate::error::Result;
use crate::idempotency;
use crate::people::RequestContext;
use crate::people::admission::Person;
use crate::state::AppState;

/// A recipe whose steps are read one by one, so that every wrong one is told.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PostedRecipe {
    steps: Vec<Value>,
}

/// Makes a new version of a dataset by a recipe: rows filtered, columns derived, long data reshaped.
///
/// The version is there at once, with its recipe; `state` goes from `uploading` to `profiling` to `ready`, or to `failed`
/// with what the rows had against it. The recipe of any version can be posted again, on the same version or a newer one.
#[utoipa::path(post, path = "/{id}/versions", tag = "datasets", request_body = Recipe,
    params(("id" = DatasetId, Path, description = "The version to make it from"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters of your choice")),
    responses(
        (status = 202, description = "Accepted; look at Location until it is ready", body = DatasetDetail,
         headers(("Location" = String), ("Idempotency-Replayed" = Option<String>))),
        (status = 400, description = "Not JSON, or an Idempotency-Key that is none", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "The caller is a viewer of the workspace", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 404, description = "No such dataset of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 409, description = "The dataset cannot be used in its state; or a request with the same key is being worked on", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 422, description = "Wrong steps, all told in `errors`; or a key that was used for another request",
         body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub(crate) async fn derive_version(
    State(state): State<AppState>,
    person: Person,
    context: RequestContext,
    headers: HeaderMap,
    Path(id): Path<DatasetId>,
    Json(posted): Json<PostedRecipe>,
) -> Result<Response> {
    if person.role == Role::Canary {
        return Err(Problem::forbidden("the canary user may run the canary agent alone").into());
    }
    let idempotency = idempotency::read(&headers, &json!({"derive_from": id, "steps": posted.steps}))?;
    let _held = state.in_work.hold(person.user_id(), idempotency.as_ref())?;
    if let Some(replayed) = replay(&state, &person, idempotency.as_ref()).await? {
        return Ok(replayed);
    }
    let source = access::dataset(&state, &person, id).await?;
    let table = access::readable(&source)?;
    let recipe = read(posted.steps).map_err(|problems| contracts::refused(&problems))?;
    recipe::check(&recipe, table).map_err(|problems| contracts::refused(&problems))?;
    let new = NewDerivation {
        source: id,
        recipe: serde_json::to_value(&recipe).map_err(anyhow::Error::from)?,
        traceparent: current_traceparent(),
        idempotency,
        request_id: context.actor.request_id,
    };
    match state.store.begin_derivation(person.user_id(), &new).await? {
        Derivation::New(dataset, pending) => {
            state.dispatcher.dispatch_own(pending);
            metrics::counter!("gateway_derivations_submitted_total").increment(1);
            Ok(accepted(*dataset))
        }
        Derivation::Replayed(dataset) => Ok(replayed(*dataset)),
        Derivation::KeyReused => Err(idempotency::key_reused()),
        Derivation::NotYours => {
            access::dataset(&state, &person, id).await?;
            Err(access::viewer_only())
        }
    }
}

/// The answer to a request that came before with the same key, before anything of it is checked anew.
async fn replay(state: &AppState, person: &Person, idempotency: Option<&Idempotency>) -> Result<Option<Response>> {
    let Some(idempotency) = idempotency else { return Ok(None) };
    match state.store.derived_before(person.user_id(), idempotency).await? {
        Some(Derivation::Replayed(dataset)) => Ok(Some(replayed(*dataset))),
        Some(_) => Err(idempotency::key_reused()),
        None => Ok(None),
    }
}

fn replayed(dataset: Dataset) -> Response {
    let mut response = accepted(dataset);
    idempotency::mark_replayed(&mut response);
    response
}

/// Every step that can be read, or everything that cannot.
fn read(steps: Vec<Value>) -> Result<Recipe, Vec<ParameterProblem>> {
    let mut problems = Vec::new();
    let mut read = Vec::with_capacity(steps.len().min(recipe::MOST_STEPS));
    for (index, step) in steps.into_iter().enumerate() {
        match serde_json::from_value(step) {
            Ok(step) => read.push(step),
            Err(error) => problems
                .push(ParameterProblem::new(format!("/steps/{index}"), contracts::shortened(&error.to_string()))),
        }
    }
    problems.truncate(contracts::MAX_PROBLEMS);
    if problems.is_empty() { Ok(Recipe { steps: read }) } else { Err(problems) }
}

fn accepted(dataset: Dataset) -> Response {
    let location = format!("/api/v1/datasets/{}", dataset.id);
    (StatusCode::ACCEPTED, [(header::LOCATION, location)], Json(DatasetDetail::from(dataset))).into_response()
}
