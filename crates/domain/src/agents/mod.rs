//! The contract of every agent: its typed parameters, its typed result, and the JSON Schema of both.
//!
//! The gateway checks parameters by it and the web form is made from it; the worker computes by it (crate `agents`).
//! To add an agent: one file here, one folder in `agents`, one line in
//! [`registered_agents`](crate::registered_agents). Nothing else changes; an agent without its computation does not
//! compile. The whole way is in `docs/adding-an-agent.md`.
//!
//! Schema extensions, set by `#[schemars(extend("x-role" = "outcome"))]` on a field that names a column:
//! `x-role` is one of outcome, treatment, confounder, baseline, unit, time, `treatment_start`, cluster, weight,
//! modifier, instrument, `negative_control`; `x-column-kind` is one of numeric, binary, categorical, time, any.

pub mod canary;
pub mod causal_impact;
pub mod derive;
mod expected;
pub mod profile;

use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

pub use self::expected::{Expected, ExpectedStep, Limits};
use crate::dataset::TableSchema;
use crate::job::{JobClass, Priority};

/// Calls the macro `$with` with the list of all agents. **The registration line is here.**
#[macro_export]
macro_rules! registered_agents {
    ($with:ident) => {
        $with!(
            $crate::agents::causal_impact::CausalImpact,
            $crate::agents::profile::ProfileTable,
            $crate::agents::derive::DeriveVersion,
            $crate::agents::canary::Canary,
        )
    };
}

/// What an agent promises, known to the gateway and the worker alike.
pub trait AgentContract {
    /// The name in the API; never reused for something else.
    const NAME: &'static str;
    /// Raised when the same parameters and data may give another result. A worker takes only versions it knows.
    const VERSION: i32;
    /// A few words for a list.
    const TITLE: &'static str;
    /// One or two sentences for a person who chooses.
    const SUMMARY: &'static str;
    /// Who may run it.
    const AUDIENCE: Audience = Audience::Analysts;
    /// Whether it works on a dataset.
    const NEEDS_DATASET: bool = true;
    /// Which class its jobs wait in.
    const CLASS: JobClass = JobClass::Small;
    /// Which stream of the class.
    const PRIORITY: Priority = Priority::Normal;
    /// After how many seconds an attempt ends with the reason `timeout`.
    const TIMEOUT_S: u32 = 900;
    /// After how many seconds without a report of progress an attempt counts as stuck and is ended.
    const STUCK_S: u32 = 600;

    /// What may be asked. Unknown fields are refused, defaults are filled in.
    type Parameters: Serialize + DeserializeOwned + JsonSchema;
    /// What comes back.
    type Output: Serialize + DeserializeOwned + JsonSchema;

    /// Checks what the JSON Schema cannot say, above all the columns against the dataset. All problems at once.
    ///
    /// # Errors
    /// One problem a wrong parameter, each with the place and what to do.
    fn check(parameters: &Self::Parameters, table: Option<&TableSchema>) -> Result<(), Vec<ParameterProblem>>;

    /// What it will take, from the parameters and the shape of the table alone. None where that cannot be told.
    #[expect(unused_variables, reason = "the default cannot tell")]
    fn expected(parameters: &Self::Parameters, table: Option<&TableSchema>) -> Option<Expected> {
        None
    }

    /// A Python script that, given the data, computes the result with other people's packages and compares the
    /// numbers; `dataset` is the name of the data. None where the agent has no such script.
    #[expect(unused_variables, reason = "most agents have none")]
    fn reproduce(parameters: &Self::Parameters, result: &Self::Output, dataset: Option<&str>) -> Option<String> {
        None
    }
}

/// Who may run an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Analysts and owners of the workspace; listed in the API.
    Analysts,
    /// The platform itself only (profiles, derived versions).
    Platform,
    /// The canary user, and admins.
    Canary,
}

/// One thing wrong with the parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct ParameterProblem {
    /// JSON pointer into the parameters, as in `/covariates/2`; empty for the whole.
    pub pointer: String,
    /// What was wrong, with the value, and what to do.
    pub detail: String,
}

impl ParameterProblem {
    /// A problem at that place.
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }
}

/// An agent as the gateway and the worker's loop see it: the contract without its types.
#[derive(Debug, Clone, Copy)]
pub struct Agent {
    /// See [`AgentContract::NAME`].
    pub name: &'static str,
    /// See [`AgentContract::VERSION`].
    pub version: i32,
    /// See [`AgentContract::TITLE`].
    pub title: &'static str,
    /// See [`AgentContract::SUMMARY`].
    pub summary: &'static str,
    /// See [`AgentContract::AUDIENCE`].
    pub audience: Audience,
    /// See [`AgentContract::NEEDS_DATASET`].
    pub needs_dataset: bool,
    /// See [`AgentContract::CLASS`].
    pub class: JobClass,
    /// See [`AgentContract::PRIORITY`].
    pub priority: Priority,
    /// See [`AgentContract::TIMEOUT_S`].
    pub timeout_s: u32,
    /// See [`AgentContract::STUCK_S`].
    pub stuck_s: u32,
    /// JSON Schema (2020-12) of the parameters.
    pub parameters_schema: fn() -> Value,
    /// JSON Schema (2020-12) of the result.
    pub result_schema: fn() -> Value,
    /// Reads the parameters, fills in defaults, checks them; gives them back complete.
    pub check: fn(&Value, Option<&TableSchema>) -> Result<Value, Vec<ParameterProblem>>,
    /// See [`AgentContract::expected`]; of parameters that were checked.
    pub expected: fn(&Value, Option<&TableSchema>) -> Option<Expected>,
    /// See [`AgentContract::reproduce`]: stored parameters, stored result, name of the dataset. None also where an older
    /// version of the agent wrote the result and it does not fit any more.
    pub reproduce: fn(&Value, &Value, Option<&str>) -> Option<String>,
}

/// Declared memory beyond which a job needs a place of the class `large`.
pub const SMALL_MEMORY_MIB: u32 = 512;
/// No machine has more.
const MOST_MEMORY_MIB: u32 = 1 << 30;
/// What a job is taken to hold when nothing is expected of it, and at least.
pub const LEAST_MEMORY_MIB: u32 = 64;

impl Agent {
    /// How many MiB a job of these checked parameters is declared to hold: what is expected and a quarter more.
    #[must_use]
    pub fn declared_memory_mib(&self, parameters: &Value, table: Option<&TableSchema>) -> u32 {
        let bytes = (self.expected)(parameters, table).map_or(0, |expected| expected.memory_bytes);
        u32::try_from((bytes + bytes / 4).div_ceil(1 << 20))
            .unwrap_or(u32::MAX)
            .clamp(LEAST_MEMORY_MIB, MOST_MEMORY_MIB)
    }

    /// The class of a job that is declared to hold so much.
    #[must_use]
    pub fn class_for(&self, memory_mib: u32) -> JobClass {
        if memory_mib > SMALL_MEMORY_MIB { JobClass::Large } else { self.class }
    }

    /// The untyped view of a contract.
    #[must_use]
    pub const fn of<A: AgentContract>() -> Self {
        Self {
            name: A::NAME,
            version: A::VERSION,
            title: A::TITLE,
            summary: A::SUMMARY,
            audience: A::AUDIENCE,
            needs_dataset: A::NEEDS_DATASET,
            class: A::CLASS,
            priority: A::PRIORITY,
            timeout_s: A::TIMEOUT_S,
            stuck_s: A::STUCK_S,
            parameters_schema: schema_of::<A::Parameters>,
            result_schema: schema_of::<A::Output>,
            check: check_parameters::<A>,
            expected: expected_of::<A>,
            reproduce: reproduce::<A>,
        }
    }
}

macro_rules! untyped {
    ($($agent:path),+ $(,)?) => { &[$(Agent::of::<$agent>()),+] };
}

static ALL: &[Agent] = registered_agents!(untyped);

/// All agents there are.
#[must_use]
pub fn all() -> &'static [Agent] {
    ALL
}

/// The agent of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Agent> {
    all().iter().find(|agent| agent.name == name)
}

fn schema_of<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    SchemaGenerator::from(settings).into_root_schema_for::<T>().to_value()
}

fn check_parameters<A: AgentContract>(
    given: &Value,
    table: Option<&TableSchema>,
) -> Result<Value, Vec<ParameterProblem>> {
    let parameters: A::Parameters = serde_json::from_value(given.clone())
        .map_err(|error| vec![ParameterProblem::new("", format!("{error}; see the agent's parameters_schema"))])?;
    A::check(&parameters, table)?;
    serde_json::to_value(&parameters).map_err(|error| vec![ParameterProblem::new("", error.to_string())])
}

fn expected_of<A: AgentContract>(parameters: &Value, table: Option<&TableSchema>) -> Option<Expected> {
    A::expected(&A::Parameters::deserialize(parameters).ok()?, table)
}

fn reproduce<A: AgentContract>(parameters: &Value, result: &Value, dataset: Option<&str>) -> Option<String> {
    let parameters = A::Parameters::deserialize(parameters).ok()?;
    let result = A::Output::deserialize(result).ok()?;
    A::reproduce(&parameters, &result, dataset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_and_plain() {
        let names: HashSet<_> = all().iter().map(|agent| agent.name).collect();
        assert_eq!(names.len(), all().len());
        assert!(names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')));
    }

    #[test]
    fn every_schema_is_an_object_that_refuses_unknown_fields() {
        for agent in all() {
            let schema = (agent.parameters_schema)();
            assert_eq!(schema["type"], "object", "{}", agent.name);
            assert_eq!(schema["additionalProperties"], false, "{}", agent.name);
        }
    }

    #[test]
    fn an_unknown_field_is_named() {
        let canary = find("canary").unwrap();
        let problems = (canary.check)(&serde_json::json!({"colour": "blue"}), None).unwrap_err();
        assert!(problems[0].detail.contains("colour"), "{problems:?}");
    }
}
