//! `GET /api/v1/agents`

use chassis::http::{Json, ProblemDetails};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::AgentView;
use crate::contracts;
use crate::error::Result;
use crate::people::admission::Person;

/// The agents there are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgentList {
    /// Those that the caller may run.
    agents: Vec<AgentView>,
}

/// Lists the agents that the caller may run, with the schemas of their parameters and results.
#[utoipa::path(get, path = "/", tag = "agents", responses(
    (status = 200, body = AgentList),
    (status = 401, description = "Not signed in", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn list_agents(caller: Person) -> Result<Json<AgentList>> {
    let open = contracts::all()?.iter().filter(|contract| contracts::is_open_to(contract.agent, caller.role));
    Ok(Json(AgentList { agents: open.map(AgentView::from).collect() }))
}
