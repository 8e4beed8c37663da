//! `POST /api/v1/analyses/expectation`: what an analysis would take, and whether it may.

use axum::extract::State;
use chassis::http::{Json, Problem, ProblemDetails};
use domain::agents::{Expected, ExpectedStep, Limits};
use domain::dataset::TableSchema;
use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::submit::{self, SubmitAnalysis};
use crate::contracts::{self, Contract};
use crate::error::Result;
use crate::people::admission::Person;
use crate::state::AppState;

/// What an analysis is expected to take, beside what it may.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Expectation {
    /// Seconds on one idle processor, right within a factor of about two; null where the agent cannot tell.
    seconds: Option<f64>,
    /// Most bytes at once; null where the agent cannot tell.
    memory_bytes: Option<u64>,
    /// Bytes it may take.
    memory_limit_bytes: u64,
    /// Seconds after which it is ended.
    seconds_limit: u32,
    /// Whether it would be accepted.
    fits: bool,
    /// What is too large, and what makes it smaller; empty when it fits.
    advice: Vec<String>,
    /// One entry a step, in the order of the run.
    by_step: Vec<ExpectedStep>,
}

impl Expectation {
    fn of(state: &AppState, contract: &Contract, parameters: &Value, table: Option<&TableSchema>) -> Self {
        let expected: Option<Expected> = (contract.agent.expected)(parameters, table);
        let (memory_limit_bytes, seconds_limit) = (state.config.analysis_memory_limit_bytes, contract.agent.timeout_s);
        let limits = Limits { seconds: f64::from(seconds_limit), memory_bytes: memory_limit_bytes };
        let advice = expected.as_ref().map(|expected| expected.advice(&limits)).unwrap_or_default();
        Self {
            seconds: expected.as_ref().map(|expected| expected.seconds),
            memory_bytes: expected.as_ref().map(|expected| expected.memory_bytes),
            memory_limit_bytes,
            seconds_limit,
            fits: advice.is_empty(),
            advice,
            by_step: expected.map(|expected| expected.by_step).unwrap_or_default(),
        }
    }
}

/// Tells what an analysis would take, without running it.
///
/// The body is that of a submission and is checked like one. Nothing is stored.
#[utoipa::path(post, path = "/expectation", tag = "analyses", request_body = SubmitAnalysis,
    responses(
        (status = 200, description = "What it would take", body = Expectation),
        (status = 400, description = "Not JSON", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "The agent is not for the caller to use", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 404, description = "No such dataset of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 409, description = "The dataset cannot be used in its state", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 422, description = "Wrong parameters, all told in `errors`", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn expect_analysis(
    State(state): State<AppState>,
    caller: Person,
    Json(asked): Json<SubmitAnalysis>,
) -> Result<Json<Expectation>> {
    let contract = submit::contract_for(&caller, &asked.agent)?;
    let dataset = submit::dataset_for(&state, &caller, contract, &asked).await?;
    let table = dataset.as_ref().and_then(|dataset| dataset.schema.as_ref());
    let parameters =
        contract.check(&Value::Object(asked.parameters), table).map_err(|problems| contracts::refused(&problems))?;
    Ok(Json(Expectation::of(&state, contract, &parameters, table)))
}

/// Refuses what is expected to take more than it may.
///
/// # Errors
/// 422 with what is too large and what makes it smaller.
pub(super) fn within_limits(
    state: &AppState,
    contract: &Contract,
    parameters: &Value,
    table: Option<&TableSchema>,
) -> Result<()> {
    let found = Expectation::of(state, contract, parameters, table);
    if found.fits {
        return Ok(());
    }
    let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "analysis-too-large", "Analysis too large")
        .detail(found.advice.join("; "))
        .extra("advice", json!(found.advice))
        .extra("seconds", json!(found.seconds))
        .extra("seconds_limit", json!(found.seconds_limit))
        .extra("memory_bytes", json!(found.memory_bytes))
        .extra("memory_limit_bytes", json!(found.memory_limit_bytes));
    Err(problem.into())
}
