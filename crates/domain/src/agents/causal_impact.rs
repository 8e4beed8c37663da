//! `causal_impact`: did the treatment cause the outcome, by how much. (Placeholder contract until its helper lands it.)

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AgentContract, ParameterProblem};
use crate::dataset::TableSchema;

/// The contract of `causal_impact`.
#[derive(Debug)]
pub struct CausalImpact;

/// What may be asked.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Causal impact")]
pub struct CausalImpactParameters {
    /// The column that holds the outcome.
    #[schemars(extend("x-role" = "outcome", "x-column-kind" = "numeric"))]
    pub outcome: String,
    /// The column that holds the treatment.
    #[schemars(extend("x-role" = "treatment", "x-column-kind" = "any"))]
    pub treatment: String,
}

/// What comes back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CausalImpactResult {
    /// The effect.
    pub estimate: f64,
}

impl AgentContract for CausalImpact {
    const NAME: &'static str = "causal_impact";
    const VERSION: i32 = 1;
    const TITLE: &'static str = "Causal impact";
    const SUMMARY: &'static str = "Did the treatment cause the outcome, and by how much.";

    type Parameters = CausalImpactParameters;
    type Output = CausalImpactResult;

    fn check(_parameters: &CausalImpactParameters, _table: Option<&TableSchema>) -> Result<(), Vec<ParameterProblem>> {
        Ok(())
    }
}
