//! The agents as the API shows and checks them: each JSON Schema made and compiled once.
//!
//! Parameters pass two checks, and all problems of a check are told at once: first the JSON Schema (types, bounds,
//! unknown and missing fields), then the agent's own (`domain::agents::Agent::check`), which knows the dataset's
//! columns. Pointers are into the request's body, so that `/parameters/outcome` names one field of a form.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chassis::auth::Role;
use chassis::http::Problem;
use domain::agents::{self, Agent, Audience, ParameterProblem};
use domain::dataset::TableSchema;
use http::StatusCode;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::{Value, json};

/// Where parameters stand in the request's body.
const PARAMETERS: &str = "/parameters";
/// Longest message of a schema problem: it may quote the whole value.
const MAX_DETAIL_CHARACTERS: usize = 300;
/// Most problems told at once.
pub(crate) const MAX_PROBLEMS: usize = 100;

/// An agent with its schemas.
#[derive(Debug)]
pub(crate) struct Contract {
    /// The agent.
    pub(crate) agent: &'static Agent,
    /// JSON Schema of the parameters.
    pub(crate) parameters_schema: Value,
    /// JSON Schema of the result.
    pub(crate) result_schema: Value,
    validator: Validator,
}

static ALL: LazyLock<Result<Vec<Contract>, String>> = LazyLock::new(|| {
    let contract = |agent: &'static Agent| {
        let parameters_schema = (agent.parameters_schema)();
        let validator = jsonschema::draft202012::new(&parameters_schema)
            .map_err(|error| format!("the parameters schema of {} is none: {error}", agent.name))?;
        Ok(Contract { agent, parameters_schema, result_schema: (agent.result_schema)(), validator })
    };
    agents::all().iter().map(contract).collect()
});

/// All agents.
///
/// # Errors
/// When a schema of ours cannot be compiled; a unit test sees to it that this does not happen.
pub(crate) fn all() -> anyhow::Result<&'static [Contract]> {
    ALL.as_ref().map(Vec::as_slice).map_err(|error| anyhow::anyhow!("{error}"))
}

static COLUMN_PARAMETERS: LazyLock<Result<Vec<&'static str>, String>> = LazyLock::new(|| {
    let contracts = ALL.as_ref().map_err(String::clone)?;
    let properties =
        contracts.iter().filter_map(|contract| contract.parameters_schema["properties"].as_object()).flatten();
    let names_columns = properties.filter(|(_, schema)| schema.get("x-column-kind").is_some());
    let names: BTreeSet<&str> = names_columns.map(|(name, _)| name.as_str()).collect();
    Ok(names.into_iter().collect())
});

/// The parameters of any agent that name columns.
///
/// # Errors
/// As [`all`].
pub(crate) fn column_parameters() -> anyhow::Result<&'static [&'static str]> {
    COLUMN_PARAMETERS.as_ref().map(Vec::as_slice).map_err(|error| anyhow::anyhow!("{error}"))
}

/// Whether callers of that role see and run the agent.
pub(crate) fn is_open_to(agent: &Agent, role: Role) -> bool {
    match (agent.audience, role) {
        (Audience::Analysts, Role::User | Role::Admin) | (Audience::Canary, Role::Admin | Role::Canary) => true,
        (Audience::Analysts, Role::Canary) | (Audience::Canary, Role::User) | (Audience::Platform, _) => false,
    }
}

impl Contract {
    /// Checks parameters against the schema, then against the table; gives them back complete.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub(crate) fn check(
        &self,
        parameters: &Value,
        table: Option<&TableSchema>,
    ) -> Result<Value, Vec<ParameterProblem>> {
        let mut problems: Vec<_> =
            self.validator.iter_errors(parameters).flat_map(|error| by_field(&error)).take(MAX_PROBLEMS).collect();
        if problems.is_empty() {
            return (self.agent.check)(parameters, table).map_err(|mut problems| {
                for problem in &mut problems {
                    problem.pointer.insert_str(0, PARAMETERS);
                }
                problems
            });
        }
        problems.dedup();
        Err(problems)
    }
}

/// 422 with every problem.
pub(crate) fn refused(problems: &[ParameterProblem]) -> Problem {
    let detail = match problems {
        [only] => format!("{}: {}", only.pointer, only.detail),
        _ => format!("{} things are wrong with the request; see errors", problems.len()),
    };
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-parameters", "Invalid parameters")
        .detail(detail)
        .extra("errors", json!(problems))
}

/// One problem a field: a missing or unknown one is named in the pointer, where the library points at its parent.
fn by_field(error: &ValidationError<'_>) -> Vec<ParameterProblem> {
    let place = format!("{PARAMETERS}{}", error.instance_path());
    let at = |field: &str, detail: String| {
        ParameterProblem::new(format!("{place}/{}", field.replace('~', "~0").replace('/', "~1")), detail)
    };
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let field = property.as_str().unwrap_or_default();
            vec![at(field, format!("`{field}` is missing; give it"))]
        }
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => unexpected
            .iter()
            .map(|field| at(field, format!("there is no parameter `{}`; leave it out", shortened(field))))
            .collect(),
        _ => vec![ParameterProblem::new(place, shortened(&error.to_string()))],
    }
}

/// A message that is not longer than it may be.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_DETAIL_CHARACTERS) {
        Some((end, _)) => format!("{} ...", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contract(name: &str) -> &'static Contract {
        all().unwrap().iter().find(|contract| contract.agent.name == name).unwrap()
    }

    #[test]
    fn every_schema_compiles() {
        assert_eq!(all().unwrap().len(), agents::all().len());
    }

    #[test]
    fn all_problems_are_told_at_once_and_where() {
        let problems = contract("canary").check(&json!({"work_ms": -1, "colour": "blue", "a/b": 1}), None).unwrap_err();
        let mut pointers: Vec<_> = problems.iter().map(|problem| problem.pointer.as_str()).collect();
        pointers.sort_unstable();
        assert_eq!(pointers, ["/parameters/a~1b", "/parameters/colour", "/parameters/work_ms"], "{problems:?}");
        let missing = contract("causal_impact").check(&json!({}), None).unwrap_err();
        assert!(missing.iter().any(|problem| problem.pointer == "/parameters/outcome"), "{missing:?}");
    }

    #[test]
    fn defaults_are_filled_in() {
        assert_eq!(
            contract("canary").check(&json!({}), None).unwrap(),
            json!({"work_ms": 0, "hold_mib": 0, "fault": null})
        );
    }

    #[test]
    fn a_huge_value_is_not_told_back() {
        let problems = contract("canary").check(&json!({"work_ms": "é".repeat(100_000)}), None).unwrap_err();
        assert!(problems[0].detail.len() < 1000, "{}", problems[0].detail.len());
    }

    #[test]
    fn who_may_run_what() {
        let agent = |name| contract(name).agent;
        let open = |name| [Role::User, Role::Admin, Role::Canary].map(|role| is_open_to(agent(name), role));
        assert_eq!(open("causal_impact"), [true, true, false]);
        assert_eq!(open("canary"), [false, true, true]);
        assert_eq!(open("profile"), [false, false, false]);
    }
}
