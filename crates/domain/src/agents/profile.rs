//! `profile`: what stands in each column of a dataset. Submitted by the gateway after each upload.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AgentContract, Audience, ParameterProblem};
use crate::dataset::{Profile, TableSchema};
use crate::job::Priority;

/// The contract of `profile`.
#[derive(Debug)]
pub struct ProfileTable;

/// There is nothing to choose.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Profile")]
pub struct ProfileParameters {}

impl AgentContract for ProfileTable {
    const NAME: &'static str = "profile";
    const VERSION: i32 = 1;
    const TITLE: &'static str = "Profile";
    const SUMMARY: &'static str = "Types, missing values, distributions and frequent values of each column.";
    const AUDIENCE: Audience = Audience::Platform;
    const PRIORITY: Priority = Priority::High;
    const TIMEOUT_S: u32 = 3600;

    type Parameters = ProfileParameters;
    type Output = Profile;

    fn check(_parameters: &ProfileParameters, table: Option<&TableSchema>) -> Result<(), Vec<ParameterProblem>> {
        match table {
            Some(_) => Ok(()),
            None => Err(vec![ParameterProblem::new("", "a profile needs a dataset; give dataset_id")]),
        }
    }
}
