//! `derive`: makes a new version of a dataset by a recipe. Submitted by the gateway when somebody posts one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AgentContract, Audience, ParameterProblem};
use crate::dataset::TableSchema;
use crate::job::Priority;
use crate::recipe::{self, Recipe};

/// The contract of `derive`.
#[derive(Debug)]
pub struct DeriveVersion;

/// What was made. It is already stored; the dataset's row is completed with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Derived {
    /// Columns, rows and format of the new version.
    pub schema: TableSchema,
    /// Stored bytes.
    pub size_bytes: u64,
    /// SHA-256 of the stored bytes, in hexadecimal.
    pub sha256: String,
}

impl AgentContract for DeriveVersion {
    const NAME: &'static str = "derive";
    const VERSION: i32 = 1;
    const TITLE: &'static str = "Derived version";
    const SUMMARY: &'static str = "A new version of a dataset: rows filtered, columns derived, long data reshaped.";
    const AUDIENCE: Audience = Audience::Platform;
    const PRIORITY: Priority = Priority::High;
    const TIMEOUT_S: u32 = 3600;

    type Parameters = Recipe;
    type Output = Derived;

    fn check(recipe: &Recipe, table: Option<&TableSchema>) -> Result<(), Vec<ParameterProblem>> {
        match table {
            Some(table) => recipe::check(recipe, table),
            None => Err(vec![ParameterProblem::new("", "a recipe needs a dataset; give dataset_id")]),
        }
    }
}
