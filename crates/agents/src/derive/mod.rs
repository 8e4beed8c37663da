//! `derive`: a new version of a dataset, made by a recipe with `tables::recipe` and stored for this attempt alone.

use domain::agents::derive::{DeriveVersion, Derived};
use domain::recipe::Recipe;
use tables::read::ReadError;
use tables::recipe::{RecipeError, make};

use crate::{AgentError, Compute, Input, Progress};

impl Compute for DeriveVersion {
    fn compute(recipe: &Recipe, input: &Input, progress: &mut dyn Progress) -> Result<Derived, AgentError> {
        let table = input.table()?;
        let key = input.output_key.as_deref();
        let key =
            key.ok_or_else(|| AgentError::Internal("there is no key to store the new version under".to_owned()))?;
        let step = format!("carrying out {} steps on {} rows", recipe.steps.len(), table.schema.rows);
        let made =
            make(&input.objects, table, recipe, key, &mut |done| progress.report(done, &step)).map_err(explain)?;
        Ok(Derived { schema: made.schema, size_bytes: made.size_bytes, sha256: made.sha256 })
    }
}

fn explain(error: RecipeError) -> AgentError {
    match error {
        error if error.is_transient() => AgentError::Unavailable(error.to_string()),
        RecipeError::Refused(_)
        | RecipeError::Read(ReadError::Changed(_) | ReadError::TooMuchText { .. } | ReadError::NoSuchColumn { .. }) => {
            AgentError::User(error.to_string())
        }
        error => AgentError::Internal(error.to_string()),
    }
}
