//! An agent as callers see it.

use domain::agents::Audience;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::contracts::Contract;

/// What an agent does, what it can be asked and what comes back.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Agent)]
pub(crate) struct AgentView {
    /// Its name, for `POST /api/v1/analyses`.
    #[schema(example = "causal_impact")]
    name: &'static str,
    /// Raised when the same parameters and data may give another result.
    version: i32,
    /// A few words.
    title: &'static str,
    /// One or two sentences.
    summary: &'static str,
    /// Who may run it.
    audience: Audience,
    /// Whether it works on a dataset.
    needs_dataset: bool,
    /// Seconds after which an attempt is ended.
    timeout_s: u32,
    /// JSON Schema (2020-12) of the parameters, with `x-role` and `x-column-kind` on fields that name columns.
    #[schema(value_type = Object)]
    parameters_schema: &'static Value,
    /// JSON Schema (2020-12) of the result.
    #[schema(value_type = Object)]
    result_schema: &'static Value,
}

impl From<&'static Contract> for AgentView {
    fn from(contract: &'static Contract) -> Self {
        let agent = contract.agent;
        Self {
            name: agent.name,
            version: agent.version,
            title: agent.title,
            summary: agent.summary,
            audience: agent.audience,
            needs_dataset: agent.needs_dataset,
            timeout_s: agent.timeout_s,
            parameters_schema: &contract.parameters_schema,
            result_schema: &contract.result_schema,
        }
    }
}
