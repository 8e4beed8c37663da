//! From the columns of a table to a panel: who, when, treated from when.

use causal::panel::{Adoption, Gaps, PanelOptions, PanelStudy, PanelTime, TreatedFromStart};
use causal::{CategoricalColumn, MISSING_LEVEL, NumericColumn};
use domain::agents::causal_impact as contract;
use domain::agents::causal_impact::CausalImpactParameters;
use tables::read::{Table, Values};

use super::super::{inputs, unread};
use crate::AgentError;

/// How strict the checks are.
pub(super) const fn options(parameters: &CausalImpactParameters) -> PanelOptions {
    PanelOptions {
        gaps: match parameters.gaps {
            contract::Gaps::Refuse => Gaps::Refuse,
            contract::Gaps::Keep => Gaps::Keep,
        },
        treated_from_start: match parameters.treated_from_start {
            contract::TreatedFromStart::Refuse => TreatedFromStart::Refuse,
            contract::TreatedFromStart::LeaveOut => TreatedFromStart::LeaveOut,
        },
    }
}

/// The panel that the parameters ask for.
pub(super) fn study(parameters: &CausalImpactParameters, table: &Table) -> Result<PanelStudy, AgentError> {
    let (Some(unit), Some(time)) = (&parameters.unit, &parameters.time) else {
        return Err(AgentError::Internal("a panel without unit and time".to_owned()));
    };
    // Says which rows stand twice, or lack a unit or a period, by their number in the table.
    let recognised =
        tables::panel::Panel::of(table, unit, time).map_err(|error| AgentError::User(error.to_string()))?;
    Ok(PanelStudy {
        unit: inputs::category(table, unit)?,
        time: periods(table, time, recognised.periods())?,
        adoption: adoption(parameters, table)?,
        outcome: inputs::number_column(table, &parameters.outcome)?,
        covariates: inputs::covariates(parameters, table)?,
        clusters: inputs::clusters(parameters, table)?,
        missing: inputs::policy(parameters),
    })
}

fn is_number(table: &Table, name: &str) -> Result<bool, AgentError> {
    Ok(matches!(table.values(name).map_err(unread)?, Values::Numeric(_)))
}

/// Numbers as they are; labels in the order of time.
fn periods(table: &Table, name: &str, in_order: &[String]) -> Result<PanelTime, AgentError> {
    if is_number(table, name)? {
        return Ok(PanelTime::Numbers(inputs::number_column(table, name)?));
    }
    let column = inputs::category(table, name)?;
    let place = |level: &String| {
        let position = in_order.iter().position(|period| period == level);
        position.and_then(|position| u32::try_from(position).ok()).unwrap_or(MISSING_LEVEL)
    };
    let places: Vec<u32> = column.levels.iter().map(place).collect();
    let code = |&code: &u32| places.get(code as usize).copied().unwrap_or(MISSING_LEVEL);
    let codes = column.codes.iter().map(code).collect();
    Ok(PanelTime::Labels(CategoricalColumn { name: column.name, levels: in_order.to_vec(), codes }))
}

fn adoption(parameters: &CausalImpactParameters, table: &Table) -> Result<Adoption, AgentError> {
    let Some(start) = &parameters.treatment_start else {
        let (path, _) = inputs::treatment(parameters, table)?;
        return Ok(Adoption::Path(path));
    };
    let never = parameters.never_treated_value.as_deref().map(str::trim);
    if is_number(table, start)? {
        let never = never.map(|text| {
            let wrong = || AgentError::User(format!("never_treated_value is '{text}', but '{start}' holds numbers"));
            text.parse::<f64>().map_err(|_| wrong())
        });
        let column = PanelTime::Numbers(inputs::number_column(table, start)?);
        return Ok(Adoption::Start { column, never: never.transpose()? });
    }
    let mut column = inputs::category(table, start)?;
    if let Some(level) = never.and_then(|never| column.levels.iter().position(|level| level.trim() == never)) {
        for code in &mut column.codes {
            if *code as usize == level {
                *code = MISSING_LEVEL;
            }
        }
    }
    Ok(Adoption::Start { column: PanelTime::Labels(column), never: None })
}

/// The same for two groups at two times.
pub(in super::super) fn zero_and_one(table: &Table, name: &str) -> Result<(NumericColumn, [String; 2]), AgentError> {
    let column = inputs::category(table, name)?;
    let [before, after] = column.levels.as_slice() else {
        return Err(AgentError::User(format!(
            "time '{name}' has {} values; without `unit` two are needed, before and after: keep the rows of two, or give \
             `unit` for long data",
            column.levels.len()
        )));
    };
    let value = |&code: &u32| if code == MISSING_LEVEL { f64::NAN } else { f64::from(code) };
    let values = column.codes.iter().map(value).collect();
    Ok((NumericColumn::new(name, values), [before.clone(), after.clone()]))
}
