//! `GET /api/v1/agents/{name}`

use chassis::http::{Json, Path, ProblemDetails};

use super::view::AgentView;
use crate::contracts;
use crate::error::{ApiError, Result};
use crate::people::admission::Person;

/// Describes one agent.
#[utoipa::path(get, path = "/{name}", tag = "agents",
    params(("name" = String, Path, description = "The agent's name")),
    responses(
        (status = 200, body = AgentView),
        (status = 401, description = "Not signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "No such agent, or none for the caller", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn get_agent(caller: Person, Path(name): Path<String>) -> Result<Json<AgentView>> {
    let found = contracts::all()?
        .iter()
        .find(|contract| contract.agent.name == name && contracts::is_open_to(contract.agent, caller.role));
    let found = found.ok_or_else(|| ApiError::not_found(&format!("agent `{name}` for you; see /api/v1/agents")))?;
    Ok(Json(found.into()))
}
