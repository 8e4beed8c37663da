//! What the JSON Schema of the parameters cannot say: the columns against the dataset, and each against the others.
//!
//! [`roles`] lists which column has which role, [`choices`] which choices go together; here the roles are held against
//! one another and against the table.

mod choices;
mod roles;

use self::roles::{Need, Role};
use super::choices::MissingValues;
use super::parameters::CausalImpactParameters;
use crate::agents::ParameterProblem;
use crate::dataset::{Column, TableSchema};

pub(super) fn check(
    parameters: &CausalImpactParameters,
    table: Option<&TableSchema>,
) -> Result<(), Vec<ParameterProblem>> {
    let mut problems = Vec::new();
    choices::check_numbers(parameters, &mut problems);
    choices::check_choices(parameters, &mut problems);
    let roles = roles::of(parameters);
    check_roles(&roles, &mut problems);
    check_subsets(parameters, &mut problems);
    match table {
        None => problems.push(ParameterProblem::new("", "this agent needs a dataset; give dataset_id")),
        Some(table) => check_columns(parameters, &roles, table, &mut problems),
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Each column has one role, but those that may be shared.
fn check_roles(roles: &[Role<'_>], problems: &mut Vec<ParameterProblem>) {
    for (index, role) in roles.iter().enumerate() {
        let clash = roles[..index].iter().find(|other| other.name == role.name && !role.may_share(other));
        let Some(other) = clash else { continue };
        let name = role.name;
        let detail = if role.word == other.word {
            format!("`{name}` stands twice; name each {} once", role.word)
        } else {
            format!("`{name}` is the {} already; {}", other.word, role.instead())
        };
        problems.push(ParameterProblem::new(role.pointer.clone(), detail));
    }
}

/// `categorical` and `squared` name covariates.
fn check_subsets(parameters: &CausalImpactParameters, problems: &mut Vec<ParameterProblem>) {
    for (field, names) in [("categorical", &parameters.categorical), ("squared", &parameters.squared)] {
        for (index, name) in names.iter().enumerate() {
            let detail = if !parameters.covariates.contains(name) {
                format!("`{name}` is not among the covariates; add it there, or leave it out here")
            } else if names[..index].contains(name) {
                format!("`{name}` stands twice; name it once")
            } else if field == "squared" && parameters.categorical.contains(name) {
                format!("`{name}` is a category and has no square; leave it out of one of the two")
            } else {
                continue;
            };
            problems.push(ParameterProblem::new(format!("/{field}/{index}"), detail));
        }
    }
}

fn check_columns(
    parameters: &CausalImpactParameters,
    roles: &[Role<'_>],
    table: &TableSchema,
    problems: &mut Vec<ParameterProblem>,
) {
    for role in roles {
        let detail = match table.column(role.name) {
            None => Some(unknown(role.name, table)),
            Some(column) => role.need.unmet(column).or_else(|| missing(parameters, role, column, table)),
        };
        if let Some(detail) = detail {
            problems.push(ParameterProblem::new(role.pointer.clone(), detail));
        }
    }
    // What is wrong with them as covariates has been said.
    for (index, name) in parameters.squared.iter().enumerate() {
        if let Some(detail) = table.column(name).and_then(|column| Need::Numbers.unmet(column)) {
            problems.push(ParameterProblem::new(format!("/squared/{index}"), detail));
        }
    }
}

fn missing(
    parameters: &CausalImpactParameters,
    role: &Role<'_>,
    column: &Column,
    table: &TableSchema,
) -> Option<String> {
    let refused = parameters.missing == MissingValues::Refuse && column.missing > 0 && !role.may_be_missing;
    refused.then(|| {
        format!(
            "`{}` has no value in {} of {} rows; fill them in, leave the column out, or set `missing` to `drop_rows`",
            column.name, column.missing, table.rows
        )
    })
}

fn unknown(name: &str, table: &TableSchema) -> String {
    const SHOWN: usize = 20;
    let same = table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name.trim()));
    if let Some(column) = same {
        return format!("there is no column `{name}`; did you mean `{}`?", column.name);
    }
    let names: Vec<&str> = table.columns.iter().take(SHOWN).map(|column| column.name.as_str()).collect();
    let more = if table.columns.len() > SHOWN { ", ..." } else { "" };
    format!("there is no column `{name}`; the dataset has {}{more}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agents::causal_impact::{Estimator, StandardErrorChoice};
    use crate::dataset::{ColumnType, TableFormat, TextFormat};

    fn table() -> TableSchema {
        let column = |name: &str, column_type, missing| Column { name: name.into(), column_type, missing };
        TableSchema {
            columns: vec![
                column("sales", ColumnType::Float, 0),
                column("visit", ColumnType::Text, 0),
                column("age", ColumnType::Integer, 3),
                column("region", ColumnType::Text, 0),
                column("day", ColumnType::Date, 0),
                column("begin", ColumnType::Date, 4),
                column("blank", ColumnType::Empty, 10),
            ],
            rows: 10,
            format: TableFormat::Text(TextFormat { delimiter: b',', gzip: false }),
        }
    }

    fn problems(change: impl FnOnce(&mut CausalImpactParameters)) -> Vec<(String, String)> {
        let mut parameters = CausalImpactParameters::new("sales", "visit");
        change(&mut parameters);
        let problems = check(&parameters, Some(&table())).err().unwrap_or_default();
        problems.into_iter().map(|problem| (problem.pointer, problem.detail)).collect()
    }

    #[track_caller]
    fn one(change: impl FnOnce(&mut CausalImpactParameters), pointer: &str, words: &str) {
        let found = problems(change);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, pointer);
        assert!(found[0].1.contains(words), "{}", found[0].1);
    }

    #[test]
    fn defaults_pass() {
        assert!(problems(|_| ()).is_empty());
        assert!(problems(|given| given.covariates = vec!["region".into()]).is_empty());
    }

    #[test]
    fn columns_must_exist_and_fit() {
        one(|given| given.outcome = "Sales".into(), "/outcome", "did you mean `sales`");
        one(|given| given.outcome = "profit".into(), "/outcome", "the dataset has sales, visit");
        one(|given| given.outcome = "region".into(), "/outcome", "holds text values");
        one(|given| given.covariates = vec!["region".into(), "day".into()], "/covariates/1", "derive a number");
        one(|given| given.covariates = vec!["blank".into()], "/covariates/0", "has no values");
        assert!(
            problems(|given| {
                given.covariates = vec!["day".into()];
                given.categorical = vec!["day".into()];
            })
            .is_empty()
        );
    }

    #[test]
    fn missing_values_need_leave() {
        one(|given| given.covariates = vec!["age".into()], "/covariates/0", "no value in 3 of 10 rows");
        let dropped = problems(|given| {
            given.covariates = vec!["age".into()];
            given.missing = MissingValues::DropRows;
        });
        assert!(dropped.is_empty());
    }

    #[test]
    fn no_column_twice() {
        one(|given| given.treatment = Some("sales".into()), "/treatment", "is the outcome already");
        one(|given| given.covariates = vec!["visit".into()], "/covariates/0", "is the treatment already");
        one(|given| given.covariates = vec!["region".into(), "region".into()], "/covariates/1", "stands twice");
        one(|given| given.cluster = Some("visit".into()), "/cluster", "is the treatment already");
        one(|given| given.baseline = Some("sales".into()), "/baseline", "is the outcome already");
        one(|given| given.squared = vec!["age".into()], "/squared/0", "not among the covariates");
        // A cluster may be held fixed too.
        assert!(
            problems(|given| {
                given.covariates = vec!["region".into()];
                given.cluster = Some("region".into());
            })
            .is_empty()
        );
    }

    #[test]
    fn choices_and_numbers() {
        one(|given| given.standard_error = StandardErrorChoice::Cluster, "/standard_error", "needs a cluster column");
        one(|given| given.estimator = Some(Estimator::RegressionAdjustment), "/estimator", "needs covariates");
        one(|given| given.confidence_level = 95.0, "/confidence_level", "as 0.95");
        one(|given| given.simulations = 5, "/simulations", "from 20 to 10000");
        one(|given| given.expected_treated_share = Some(0.5), "/expected_treated_share", "randomised");
        one(|given| given.seed = u64::MAX, "/seed", "whole number");
    }

    #[test]
    fn the_schema_carries_what_a_form_needs() {
        let agent = crate::agents::find("causal_impact").unwrap();
        let schema = (agent.parameters_schema)();
        let property = |name: &str| &schema["properties"][name];
        assert_eq!(property("outcome")["x-role"], "outcome");
        assert_eq!(property("covariates")["x-role"], "confounder");
        assert_eq!(property("design")["default"], "observational");
        assert_eq!(property("simulations")["default"], 100);
        assert_eq!(schema["required"], serde_json::json!(["outcome"]));
        for (name, field) in schema["properties"].as_object().unwrap() {
            assert!(
                field["title"].is_string() && field["description"].is_string(),
                "{name} lacks title or description"
            );
        }
        let filled = (agent.check)(&serde_json::json!({"outcome": "sales", "treatment": "visit"}), Some(&table()));
        assert_eq!(filled.unwrap()["confidence_level"], 0.95);
    }

    #[test]
    fn roles_of_a_panel_go_together() {
        let panel = |given: &mut CausalImpactParameters| {
            given.treatment = None;
            given.unit = Some("region".into());
            given.time = Some("day".into());
            given.treatment_start = Some("begin".into());
        };
        assert!(problems(panel).is_empty());
        one(|given| given.unit = Some("region".into()), "/unit", "give `time`");
        one(|given| given.treatment = None, "/treatment", "which column says who was treated");
        one(
            |given| {
                panel(given);
                given.treatment = Some("visit".into());
            },
            "/treatment",
            "one of the two",
        );
        one(
            |given| {
                panel(given);
                given.estimators = vec![Estimator::AipwLinear];
            },
            "/estimators/0",
            "long data",
        );
        one(|given| given.estimators = vec![Estimator::CallawaySantanna], "/estimators/0", "`unit` and `time`");
        one(|given| given.estimator = Some(Estimator::Ancova), "/estimator", "give `baseline`");
        one(|given| given.cost = Some(100.0), "/cost", "value_per_unit");
        one(
            |given| {
                given.treatment = None;
                given.treatment_start = Some("begin".into());
            },
            "/treatment_start",
            "give `unit` and `time`",
        );
    }
}
