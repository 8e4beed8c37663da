//! `POST /api/v1/analyses`

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chassis::auth::{Caller, Role};
use chassis::http::{Json, Problem, ProblemDetails};
use chassis::telemetry::trace_context::current_traceparent;
use chrono::{DateTime, Utc};
use domain::agents::ParameterProblem;
use domain::ids::{DatasetId, JobId, WorkspaceId};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::Access;
use store::datasets::Dataset;
use store::jobs::{Idempotency, Job, MAX_DELAY_DAYS, NewJob, Submitted};
use utoipa::ToSchema;

use super::expectation;
use super::view::{Analysis, expecting, state_event};
use crate::access;
use crate::contracts::{self, Contract};
use crate::error::Result;
use crate::idempotency;
use crate::people::RequestContext;
use crate::people::admission::Person;
use crate::state::AppState;

/// A question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubmitAnalysis {
    /// Which agent; see `/api/v1/agents`.
    #[schema(example = "causal_impact")]
    pub(super) agent: String,
    /// On what, for agents that need a dataset.
    pub(super) dataset_id: Option<DatasetId>,
    /// What the agent's `parameters_schema` asks for. `params` is another name of it.
    #[serde(default, alias = "params")]
    pub(super) parameters: Map<String, Value>,
    /// Where the analysis belongs: the dataset's workspace, else your personal one, when left out.
    workspace_id: Option<WorkspaceId>,
    /// Not before this time (RFC 3339, at most 30 days ahead); at once when left out or past.
    run_at: Option<DateTime<Utc>>,
}

/// Submits an analysis.
///
/// From the 202 on it cannot be lost. With an `Idempotency-Key` the request can be sent again safely: the same key and
/// body give the same analysis (header `Idempotency-Replayed: true`), another body is refused.
#[utoipa::path(post, path = "/", tag = "analyses", request_body = SubmitAnalysis,
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters of your choice")),
    responses(
        (status = 202, description = "Accepted; follow it at Location", body = Analysis,
         headers(("Location" = String), ("Idempotency-Replayed" = Option<String>))),
        (status = 400, description = "Not JSON, or an Idempotency-Key that is none", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "The agent or the workspace is not for the caller to use", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 404, description = "No such dataset or workspace of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 409, description = "The dataset cannot be used in its state; or a request with the same key is being worked on", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 429, description = "As many analyses of the caller's are queued as one person may have", body = ProblemDetails,
         content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 422, description = "Wrong parameters, all told in `errors`; more than an analysis may take, with `advice`; or a key \
         that was used for another request",
         body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub(crate) async fn submit_analysis(
    State(state): State<AppState>,
    caller: Person,
    context: RequestContext,
    headers: HeaderMap,
    Json(asked): Json<SubmitAnalysis>,
) -> Result<Response> {
    let mut request = json!({
        "agent": asked.agent, "dataset_id": asked.dataset_id, "parameters": asked.parameters,
        "workspace_id": asked.workspace_id,
    });
    // Only where it is given: the hashes of earlier requests did not have it.
    if let Some(run_at) = asked.run_at {
        request["run_at"] = json!(run_at);
    }
    let idempotency = idempotency::read(&headers, &request)?;
    let _held = state.in_work.hold(caller.user_id(), idempotency.as_ref())?;
    if let Some(replayed) = replay(&state, &caller, idempotency.as_ref()).await? {
        return Ok(replayed);
    }
    let contract = contract_for(&caller, &asked.agent)?;
    let dataset = dataset_for(&state, &caller, contract, &asked).await?;
    let workspace = match &dataset {
        Some(dataset) => dataset.workspace,
        None => access::workspace_to_write(&state, &caller, asked.workspace_id).await?,
    };
    let table = dataset.as_ref().and_then(|dataset| dataset.schema.as_ref());
    let parameters =
        contract.check(&Value::Object(asked.parameters), table).map_err(|problems| contracts::refused(&problems))?;
    expectation::within_limits(&state, contract, &parameters, table)?;
    let job = NewJob {
        workspace,
        owner: caller.user_id(),
        agent: contract.agent,
        dataset: dataset.as_ref().map(|dataset| dataset.id),
        memory_mib: contract.agent.declared_memory_mib(&parameters, table),
        parameters,
        traceparent: current_traceparent(),
        idempotency,
        request_id: context.actor.request_id,
        run_at: asked.run_at,
    };
    state.queued_limit.admit(&state.store, job.owner).await?;
    let (job, submitted) = state.submissions.write(job).await?;
    match submitted {
        Submitted::New { id, created_at, run_at, pending, in_flight } => {
            let job = Job::just_written(job, id, created_at, run_at);
            let at_ms = u64::try_from(job.created_at.timestamp_millis()).unwrap_or(0);
            state.dispatcher.tell(state_event(&job, 0, at_ms));
            state.dispatcher.dispatch(pending, in_flight);
            state.dispatcher.count_submitted();
            metrics::counter!("gateway_analyses_submitted_total", "agent" => contract.agent.name).increment(1);
            // Where it begins at once there is nothing to expect but that.
            let analysis = if in_flight.must_wait { expecting(&state, job).await? } else { job.into() };
            Ok(accepted(&analysis, false))
        }
        Submitted::Replayed(id) => {
            let job = access::analysis(&state, &caller, id).await?;
            Ok(accepted(&expecting(&state, job).await?, true))
        }
        Submitted::TooFarAhead => {
            let detail = format!("run_at lies more than {MAX_DELAY_DAYS} days ahead; give a time within them");
            Err(contracts::refused(&[ParameterProblem::new("/run_at", detail)]).into())
        }
        Submitted::KeyReused => Err(idempotency::key_reused()),
        Submitted::NotYours => not_yours(&state, &caller, &job).await,
    }
}

/// The answer to a request that came before with the same key, before anything of it is checked anew.
async fn replay(state: &AppState, caller: &Person, idempotency: Option<&Idempotency>) -> Result<Option<Response>> {
    let Some(idempotency) = idempotency else { return Ok(None) };
    match state.store.submitted_before(caller.user_id(), idempotency).await? {
        Some(Submitted::Replayed(id)) => {
            let job = access::analysis(state, caller, id).await?;
            Ok(Some(accepted(&expecting(state, job).await?, true)))
        }
        Some(_) => Err(idempotency::key_reused()),
        None => Ok(None),
    }
}

pub(super) fn accepted(analysis: &Analysis, replayed: bool) -> Response {
    let mut response = (StatusCode::ACCEPTED, Json(analysis)).into_response();
    if let Ok(location) = HeaderValue::from_str(&location(analysis.id)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    if replayed {
        idempotency::mark_replayed(&mut response);
    }
    response
}

fn location(id: JobId) -> String {
    format!("/api/v1/analyses/{id}")
}

/// The agent, if there is one of that name and the caller may run it.
pub(super) fn contract_for(caller: &Caller, name: &str) -> Result<&'static Contract> {
    let Some(contract) = contracts::all()?.iter().find(|contract| contract.agent.name == name) else {
        let detail = format!("there is no agent {name:?}; see /api/v1/agents");
        return Err(contracts::refused(&[ParameterProblem::new("/agent", detail)]).into());
    };
    if contracts::is_open_to(contract.agent, caller.role) {
        return Ok(contract);
    }
    let detail = match caller.role {
        Role::Canary => format!("the canary user may run the agent canary alone, not {name}"),
        Role::User | Role::Admin => format!("the agent {name} is the platform's own; see /api/v1/agents for yours"),
    };
    Err(Problem::forbidden(detail).into())
}

/// The dataset, checked against what the agent and the request say of it.
pub(super) async fn dataset_for(
    state: &AppState,
    caller: &Caller,
    contract: &Contract,
    asked: &SubmitAnalysis,
) -> Result<Option<Dataset>> {
    let agent = contract.agent;
    let wrong = |pointer: &str, detail: String| contracts::refused(&[ParameterProblem::new(pointer, detail)]);
    let Some(id) = asked.dataset_id else {
        if agent.needs_dataset {
            return Err(wrong("/dataset_id", format!("{} works on a dataset; give its id", agent.name)).into());
        }
        return Ok(None);
    };
    if !agent.needs_dataset {
        return Err(wrong("/dataset_id", format!("{} works on no dataset; leave it out", agent.name)).into());
    }
    let dataset = access::dataset(state, caller, id).await?;
    if asked.workspace_id.is_some_and(|workspace| workspace != dataset.workspace) {
        let detail = format!("the dataset lies in the workspace {}; give that or none", dataset.workspace);
        return Err(wrong("/workspace_id", detail).into());
    }
    access::readable(&dataset)?;
    Ok(Some(dataset))
}

/// The store wrote nothing: the caller is a viewer, or what they named has just gone.
async fn not_yours(state: &AppState, caller: &Caller, job: &NewJob) -> Result<Response> {
    if let Some(id) = job.dataset
        && state.store.dataset(Access::write(caller.user_id()), id).await?.is_none()
    {
        access::dataset(state, caller, id).await?;
        return Err(access::viewer_only());
    }
    Err(Problem::conflict("the workspace or the dataset changed meanwhile; try again").into())
}
