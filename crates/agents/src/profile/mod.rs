//! `profile`: what stands in each column of a dataset, computed by `tables::profile`.

use domain::agents::profile::{ProfileParameters, ProfileTable};
use domain::dataset::Profile;
use tables::profile::profile;
use tables::read::ReadError;

use crate::{AgentError, Compute, Input, Progress};

impl Compute for ProfileTable {
    fn compute(
        _parameters: &ProfileParameters,
        input: &Input,
        progress: &mut dyn Progress,
    ) -> Result<Profile, AgentError> {
        let table = input.table()?;
        let columns = table.schema.columns.len();
        let step = format!("reading {} rows of {columns} columns", table.schema.rows);
        profile(&input.objects, table, &mut |done| progress.report(done, &step)).map_err(explain)
    }
}

/// The file was found good when it was uploaded: what is wrong with it now is no fault of the analyst, unless he can
/// upload it again.
fn explain(error: ReadError) -> AgentError {
    match error {
        error if error.is_transient() => AgentError::Unavailable(error.to_string()),
        ReadError::Changed(_) | ReadError::TooMuchText { .. } => AgentError::User(error.to_string()),
        error => AgentError::Internal(error.to_string()),
    }
}
