//! `GET /api/v1/shared`

use axum::extract::State;
use axum::response::IntoResponse;
use chassis::http::{Json, ProblemDetails};
use chrono::{DateTime, Utc};
use domain::job::{Failure, JobState};
use http::{HeaderMap, header};
use serde::Serialize;
use serde_json::Value;
use store::jobs::{Opened, OpenedDataset};
use utoipa::ToSchema;

use super::open;
use crate::contracts;
use crate::error::Result;
use crate::people::RequestContext;
use crate::routes::agents::AgentView;
use crate::routes::analyses;
use crate::state::AppState;

/// One analysis, as a link to it shows it. No id is in it, and nobody's name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SharedAnalysis {
    /// Until when the link works.
    expires_at: DateTime<Utc>,
    /// What was asked, by which agent: its `parameters_schema` says which role each column has.
    agent: Option<AgentView>,
    /// The agent's name.
    agent_name: String,
    /// The version of it that answered.
    agent_version: i32,
    /// The question, complete with defaults.
    #[schema(value_type = Object)]
    parameters: Value,
    /// What it was asked of.
    dataset: Option<SharedDataset>,
    /// Where it stands.
    state: JobState,
    /// Why it has no result.
    failure: Option<Failure>,
    /// The answer, as the agent's `result_schema` describes it; null until there is one.
    #[schema(value_type = Option<Object>)]
    result: Option<Value>,
    /// Whether there is a script that computes it again.
    has_script: bool,
    /// When it was submitted.
    created_at: DateTime<Utc>,
    /// When a worker first took it up.
    started_at: Option<DateTime<Utc>>,
    /// When it ended.
    finished_at: Option<DateTime<Utc>>,
}

/// The dataset of a shared analysis.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SharedDataset {
    /// Its name.
    name: String,
    /// Which version.
    version: u32,
    /// Rows, the header not counted.
    rows: Option<u64>,
}

impl From<OpenedDataset> for SharedDataset {
    fn from(dataset: OpenedDataset) -> Self {
        let OpenedDataset { name, version, rows } = dataset;
        Self { name, version, rows }
    }
}

impl SharedAnalysis {
    fn of(opened: Opened) -> Result<Self> {
        let contract = contracts::all()?.iter().find(|contract| contract.agent.name == opened.job.agent);
        let has_script = analyses::script(&opened.job, opened.result.as_ref(), name(&opened)).is_some();
        let Opened { job, result, dataset, expires_at } = opened;
        Ok(Self {
            expires_at,
            agent: contract.map(AgentView::from),
            agent_name: job.agent,
            agent_version: job.agent_version,
            parameters: job.parameters,
            dataset: dataset.map(SharedDataset::from),
            state: job.state,
            failure: job.failure,
            result: result.filter(|_| job.state == JobState::Succeeded),
            has_script,
            created_at: job.created_at,
            started_at: job.started_at,
            finished_at: job.finished_at,
        })
    }
}

/// The dataset's name.
pub(super) fn name(opened: &Opened) -> Option<&str> {
    opened.dataset.as_ref().map(|dataset| dataset.name.as_str())
}

/// Shows the analysis that a link leads to, to whoever has the link.
#[utoipa::path(get, path = "/", tag = "shared", security(()),
    params(("X-Share-Token" = String, Header, description = "What stands behind `#token=` in the link")),
    responses(
        (status = 200, body = SharedAnalysis),
        (status = 404, description = "The link does not work: unknown, expired or revoked, which is not told apart",
         body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub(crate) async fn get_shared(
    State(state): State<AppState>,
    context: RequestContext,
    headers: HeaderMap,
) -> Result<impl IntoResponse> {
    let shown = SharedAnalysis::of(open(&state, &context, &headers).await?)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(shown)))
}
