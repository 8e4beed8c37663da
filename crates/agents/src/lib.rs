//! What each agent computes: typed parameters and a table in, a typed result out.
//!
//! The contract of an agent (name, parameters, result, checks) stands in `domain::agents`; here stands, one folder an
//! agent, how its result is computed: an `impl Compute for` the contract's type. [`run`] finds it by name. An agent
//! runs in a child process of the worker, one at a time: it may use the whole process, block, and take its time, as
//! long as it tells how far it is.

mod canary;
mod causal_impact;
mod derive;
mod profile;

use domain::agents::AgentContract;
use domain::dataset::StoredTable;
use domain::job::{Failure, Reason};
use serde_json::Value;
use tables::objects::Objects;

/// An agent's computation.
pub trait Compute: AgentContract {
    /// Computes the result. The parameters have passed the contract's check against the same table.
    ///
    /// # Errors
    /// [`AgentError`], which says whether trying again can help.
    fn compute(
        parameters: &Self::Parameters,
        input: &Input,
        progress: &mut dyn Progress,
    ) -> Result<Self::Output, AgentError>;
}

/// What an agent computes on.
#[derive(Debug, Clone)]
pub struct Input {
    /// The table, for agents that need one.
    pub table: Option<StoredTable>,
    /// Where tables lie.
    pub objects: Objects,
    /// Under which key to store what is made, for agents that make a table. It is this attempt's alone.
    pub output_key: Option<String>,
}

impl Input {
    /// The table, or the error to give where there is none.
    ///
    /// # Errors
    /// [`AgentError::User`] when the job has no dataset.
    pub fn table(&self) -> Result<&StoredTable, AgentError> {
        self.table.as_ref().ok_or_else(|| AgentError::User("this agent needs a dataset; give dataset_id".to_owned()))
    }
}

/// Where an agent says how far it is.
pub trait Progress {
    /// `fraction` is the share done, 0 to 1; `step` a few words.
    fn report(&mut self, fraction: f64, step: &str);
}

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// The data or parameters cannot give a result: never tried again. In words for the analyst.
    #[error("{0}")]
    User(String),
    /// Something outside was away: tried again.
    #[error("{0}")]
    Unavailable(String),
    /// A defect of ours.
    #[error("{0}")]
    Internal(String),
}

impl From<AgentError> for Failure {
    fn from(error: AgentError) -> Self {
        let reason = match &error {
            AgentError::User(_) => Reason::UserError,
            AgentError::Unavailable(_) => Reason::Unavailable,
            AgentError::Internal(_) => Reason::Internal,
        };
        Self { reason, detail: error.to_string() }
    }
}

/// Runs the agent of that name.
///
/// # Errors
/// What the agent says, or [`AgentError::Internal`] when there is no such agent or its values do not fit its types.
pub fn run(agent: &str, parameters: Value, input: &Input, progress: &mut dyn Progress) -> Result<Value, AgentError> {
    macro_rules! dispatch {
        ($($contract:path),+ $(,)?) => {
            match agent {
                $(<$contract>::NAME => run_typed::<$contract>(parameters, input, progress),)+
                unknown => Err(AgentError::Internal(format!("no agent `{unknown}` in this worker"))),
            }
        };
    }
    domain::registered_agents!(dispatch)
}

fn run_typed<A: Compute>(parameters: Value, input: &Input, progress: &mut dyn Progress) -> Result<Value, AgentError> {
    let internal = |error: serde_json::Error| AgentError::Internal(format!("{}: {error}", A::NAME));
    let parameters: A::Parameters = serde_json::from_value(parameters).map_err(internal)?;
    let output = A::compute(&parameters, input, progress)?;
    serde_json::to_value(&output).map_err(internal)
}
