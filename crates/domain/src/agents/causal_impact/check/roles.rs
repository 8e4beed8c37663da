//! Which column has which role, what the role asks of it, and with which other role it may share it.

use crate::agents::causal_impact::parameters::CausalImpactParameters;
use crate::dataset::{Column, ColumnType};

/// A column in a role.
pub(super) struct Role<'a> {
    pub(super) pointer: String,
    pub(super) name: &'a str,
    /// The role in a sentence.
    pub(super) word: &'static str,
    pub(super) need: Need,
    /// Whether no value says something (no start: never treated).
    pub(super) may_be_missing: bool,
}

impl Role<'_> {
    /// Whether both may be the same column.
    pub(super) fn may_share(&self, other: &Self) -> bool {
        // Groups may be held fixed, followed or folded by; what is to be explained may not.
        let groups = |role: &Self| matches!(role.word, "cluster" | "fold column");
        let explained = |role: &Self| matches!(role.word, "outcome" | "treatment" | "start of the treatment");
        (groups(self) || groups(other)) && !explained(self) && !explained(other)
    }

    pub(super) const fn instead(&self) -> &'static str {
        match self.need {
            Need::NumbersOrCategories if !matches!(self.word.as_bytes(), b"treatment") => {
                "leave it out of the covariates"
            }
            _ => "choose another column",
        }
    }
}

/// All roles given, in the order in which they are explained.
pub(super) fn of(parameters: &CausalImpactParameters) -> Vec<Role<'_>> {
    let mut roles = vec![role("/outcome", &parameters.outcome, "outcome", Need::Numbers)];
    let optional = [
        ("/treatment", &parameters.treatment, "treatment", Need::NumbersOrCategories),
        ("/treatment_start", &parameters.treatment_start, "start of the treatment", Need::Anything),
        ("/unit", &parameters.unit, "unit", Need::Anything),
        ("/time", &parameters.time, "time", Need::Anything),
        ("/baseline", &parameters.baseline, "baseline", Need::Numbers),
    ];
    for (pointer, name, word, need) in optional {
        roles.extend(name.as_ref().map(|name| role(pointer, name, word, need)));
    }
    for (index, name) in parameters.covariates.iter().enumerate() {
        let need = if parameters.categorical.contains(name) { Need::Anything } else { Need::NumbersOrCategories };
        roles.push(role(format!("/covariates/{index}"), name, "covariate", need));
    }
    for (index, name) in parameters.negative_controls.iter().enumerate() {
        roles.push(role(format!("/negative_controls/{index}"), name, "negative control", Need::Numbers));
    }
    for (pointer, name, word) in
        [("/cluster", &parameters.cluster, "cluster"), ("/fold_column", &parameters.fold_column, "fold column")]
    {
        roles.extend(name.as_ref().map(|name| role(pointer, name, word, Need::Anything)));
    }
    for role in &mut roles {
        role.may_be_missing = role.word == "start of the treatment";
    }
    roles
}

fn role<'a>(pointer: impl Into<String>, name: &'a str, word: &'static str, need: Need) -> Role<'a> {
    Role { pointer: pointer.into(), name, word, need, may_be_missing: false }
}

/// What a role asks of its column.
#[derive(Clone, Copy)]
pub(super) enum Need {
    Numbers,
    NumbersOrCategories,
    Anything,
}

impl Need {
    pub(super) fn unmet(self, column: &Column) -> Option<String> {
        let (name, found) = (&column.name, column.column_type);
        if found == ColumnType::Empty {
            return Some(format!("`{name}` has no values; choose another column"));
        }
        match self {
            Self::Numbers if !found.is_numeric() => {
                Some(format!("`{name}` holds {found} values; a column of numbers is needed here"))
            }
            Self::NumbersOrCategories if matches!(found, ColumnType::Date | ColumnType::Timestamp) => Some(format!(
                "`{name}` holds {found} values, which cannot be used as they are; derive a number from it (days since), or list it under `categorical`"
            )),
            _ => None,
        }
    }
}
