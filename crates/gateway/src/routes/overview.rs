//! `GET /api/v1/overview`: how much there is, for the page that people see first.

use axum::extract::State;
use chassis::http::{Json, Query};
use domain::ids::WorkspaceId;
use serde::{Deserialize, Serialize};
use store::{Access, COUNTED_ANALYSES};
use utoipa::{IntoParams, ToSchema};

use crate::error::Result;
use crate::people::admission::Person;
use crate::state::AppState;

/// Of what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OverviewQuery {
    /// Of this workspace; of all of the caller's when left out.
    workspace_id: Option<WorkspaceId>,
}

/// How much there is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Overview {
    /// Analyses by where they stand.
    analyses: AnalysisCounts,
    /// Whether as many were counted as are counted at most, the newest 10,000: there may be older ones.
    is_capped: bool,
    /// Datasets, all versions of a name as one.
    datasets: u64,
}

/// Analyses by where they stand.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnalysisCounts {
    /// They wait.
    queued: u64,
    /// They run.
    running: u64,
    /// They have a result.
    succeeded: u64,
    /// They ended without one.
    failed: u64,
    /// Somebody ended them.
    cancelled: u64,
}

/// Counts the caller's analyses by state, and their datasets.
#[utoipa::path(get, path = "/overview", tag = "account", params(OverviewQuery), responses((status = 200, body = Overview)))]
pub(crate) async fn overview(
    State(state): State<AppState>,
    person: Person,
    Query(query): Query<OverviewQuery>,
) -> Result<Json<Overview>> {
    let found = state.store.work_counts(Access::read(person.user_id()), query.workspace_id).await?;
    let store::WorkCounts { queued, running, succeeded, failed, cancelled, datasets } = found;
    let analyses = AnalysisCounts { queued, running, succeeded, failed, cancelled };
    Ok(Json(Overview { analyses, is_capped: found.counted() >= COUNTED_ANALYSES, datasets }))
}
