//! `causal_impact`: loads the columns, fits the estimators, puts them to the refuters, and says what was found.
//!
//! The numbers come from crate `causal`. The shape of the data decides the way: [`cross_section`] (one row a unit),
//! [`arms`] (several arms against a control), [`two_times`] (two groups before and after), [`panel`] (units over
//! periods). Each gives [`findings`] in the contract's terms, which [`flags`] judges and [`words`] says.

mod agreement;
mod arms;
mod cross_section;
mod diagnostics;
mod estimated;
mod estimators;
mod findings;
mod flags;
mod inputs;
mod negative_controls;
mod panel;
mod refuters;
mod report;
mod two_times;
mod words;
mod worth;

use causal::CausalError;
use domain::agents::causal_impact::{CausalImpact, CausalImpactParameters, CausalImpactResult, Shape};
use tables::read::{ReadError, Table};

use crate::{AgentError, Compute, Input, Progress};

impl Compute for CausalImpact {
    fn compute(
        parameters: &CausalImpactParameters,
        input: &Input,
        progress: &mut dyn Progress,
    ) -> Result<CausalImpactResult, AgentError> {
        let stored = input.table()?;
        let columns = inputs::columns(parameters);
        let mut loading = |fraction: f64| progress.report(0.3 * fraction, "reading the table");
        let table = Table::load(&input.objects, stored, &columns, &mut loading).map_err(unread)?;
        let findings = match parameters.shape() {
            Shape::CrossSection if parameters.control_value.is_some() => arms::analyse(parameters, table, progress)?,
            Shape::CrossSection => cross_section::analyse(parameters, table, progress)?,
            Shape::TwoTimes => two_times::analyse(parameters, table, progress)?,
            Shape::Panel => panel::analyse(parameters, table, progress)?,
        };
        progress.report(1.0, "done");
        Ok(findings.into_result(parameters))
    }
}

/// What `causal` refuses is in the data or the parameters: trying again changes nothing.
#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn refused(error: CausalError) -> AgentError {
    AgentError::User(error.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn unread(error: ReadError) -> AgentError {
    let message = error.to_string();
    match error {
        _ if error.is_transient() => AgentError::Unavailable(message),
        ReadError::Changed(_) | ReadError::TooMuchText { .. } | ReadError::NoSuchColumn { .. } => {
            AgentError::User(message)
        }
        _ => AgentError::Internal(message),
    }
}
