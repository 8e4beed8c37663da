//! What the JSON Schema of the parameters cannot say: the columns against the dataset, and each against the others.

use super::parameters::{
    CausalImpactParameters, Design, EstimatorChoice, MOST_SIMULATIONS, MissingValues, StandardErrorChoice,
};
use crate::agents::ParameterProblem;
use crate::dataset::{Column, ColumnType, TableSchema};

/// Largest whole number that every JSON reader keeps exact.
const MOST_SEED: u64 = 9_007_199_254_740_991;

pub(super) fn check(
    parameters: &CausalImpactParameters,
    table: Option<&TableSchema>,
) -> Result<(), Vec<ParameterProblem>> {
    let mut problems = Vec::new();
    check_numbers(parameters, &mut problems);
    check_choices(parameters, &mut problems);
    check_roles(parameters, &mut problems);
    match table {
        None => problems.push(ParameterProblem::new("", "this agent needs a dataset; give dataset_id")),
        Some(table) => check_columns(parameters, table, &mut problems),
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn check_numbers(parameters: &CausalImpactParameters, problems: &mut Vec<ParameterProblem>) {
    let mut out_of_range = |pointer: &str, value: String, expected: &str| {
        problems.push(ParameterProblem::new(pointer, format!("{value} is out of range; give {expected}")));
    };
    if !(0.5..=0.999).contains(&parameters.confidence_level) {
        out_of_range(
            "/confidence_level",
            parameters.confidence_level.to_string(),
            "a number from 0.5 to 0.999, as 0.95",
        );
    }
    if !(20..=MOST_SIMULATIONS).contains(&parameters.simulations) {
        out_of_range("/simulations", parameters.simulations.to_string(), "a whole number from 20 to 10000");
    }
    if parameters.seed > MOST_SEED {
        out_of_range("/seed", parameters.seed.to_string(), "a whole number up to 9007199254740991");
    }
    if let Some(share) = parameters.expected_treated_share
        && !(0.001..=0.999).contains(&share)
    {
        out_of_range("/expected_treated_share", share.to_string(), "a number from 0.001 to 0.999, as 0.5");
    }
}

fn check_choices(parameters: &CausalImpactParameters, problems: &mut Vec<ParameterProblem>) {
    let mut wrong = |pointer: &str, detail: &str| problems.push(ParameterProblem::new(pointer, detail));
    if parameters.standard_error == StandardErrorChoice::Cluster && parameters.cluster.is_none() {
        wrong("/standard_error", "`cluster` needs a cluster column; give `cluster`, or choose another standard error");
    }
    if parameters.estimator == EstimatorChoice::RegressionAdjustment && parameters.covariates.is_empty() {
        wrong("/estimator", "`regression_adjustment` needs covariates; give some, or choose `difference_in_means`");
    }
    if parameters.expected_treated_share.is_some() && parameters.design != Design::Randomised {
        wrong(
            "/expected_treated_share",
            "a planned share belongs to a randomised design; set `design` to `randomised`, or leave it out",
        );
    }
}

fn check_roles(parameters: &CausalImpactParameters, problems: &mut Vec<ParameterProblem>) {
    let mut wrong = |pointer: String, detail: String| problems.push(ParameterProblem::new(pointer, detail));
    let (outcome, treatment) = (&parameters.outcome, &parameters.treatment);
    if treatment == outcome {
        wrong("/treatment".into(), format!("`{treatment}` is the outcome already; choose another column"));
    }
    for (index, name) in parameters.covariates.iter().enumerate() {
        let pointer = format!("/covariates/{index}");
        if name == outcome || name == treatment {
            let role = if name == outcome { "outcome" } else { "treatment" };
            wrong(pointer, format!("`{name}` is the {role} already; leave it out of the covariates"));
        } else if parameters.covariates[..index].contains(name) {
            wrong(pointer, format!("`{name}` stands twice; name each covariate once"));
        }
    }
    if let Some(cluster) = &parameters.cluster
        && (cluster == outcome || cluster == treatment)
    {
        wrong("/cluster".into(), format!("`{cluster}` is the outcome or treatment already; choose another column"));
    }
    for (field, names) in [("categorical", &parameters.categorical), ("squared", &parameters.squared)] {
        for (index, name) in names.iter().enumerate() {
            let pointer = format!("/{field}/{index}");
            if !parameters.covariates.contains(name) {
                wrong(pointer, format!("`{name}` is not among the covariates; add it there, or leave it out here"));
            } else if names[..index].contains(name) {
                wrong(pointer, format!("`{name}` stands twice; name it once"));
            } else if field == "squared" && parameters.categorical.contains(name) {
                wrong(pointer, format!("`{name}` is a category and has no square; leave it out of one of the two"));
            }
        }
    }
}

fn check_columns(parameters: &CausalImpactParameters, table: &TableSchema, problems: &mut Vec<ParameterProblem>) {
    let mut wanted = vec![
        (String::from("/outcome"), &parameters.outcome, Need::Numbers),
        (String::from("/treatment"), &parameters.treatment, Need::NumbersOrCategories),
    ];
    for (index, name) in parameters.covariates.iter().enumerate() {
        let categorical = parameters.categorical.contains(name);
        let need = if categorical { Need::Anything } else { Need::NumbersOrCategories };
        wanted.push((format!("/covariates/{index}"), name, need));
    }
    if let Some(name) = &parameters.cluster {
        wanted.push((String::from("/cluster"), name, Need::Anything));
    }
    for (pointer, name, need) in wanted {
        let detail = match table.column(name) {
            None => Some(unknown(name, table)),
            Some(column) => need.unmet(column).or_else(|| missing(parameters, column, table)),
        };
        if let Some(detail) = detail {
            problems.push(ParameterProblem::new(pointer, detail));
        }
    }
    // What is wrong with them as covariates has been said.
    for (index, name) in parameters.squared.iter().enumerate() {
        if let Some(detail) = table.column(name).and_then(|column| Need::Numbers.unmet(column)) {
            problems.push(ParameterProblem::new(format!("/squared/{index}"), detail));
        }
    }
}

/// What a role asks of its column.
#[derive(Clone, Copy)]
enum Need {
    Numbers,
    NumbersOrCategories,
    Anything,
}

impl Need {
    fn unmet(self, column: &Column) -> Option<String> {
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

fn missing(parameters: &CausalImpactParameters, column: &Column, table: &TableSchema) -> Option<String> {
    (parameters.missing == MissingValues::Refuse && column.missing > 0).then(|| {
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
    use crate::dataset::TextFormat;

    fn table() -> TableSchema {
        let column = |name: &str, column_type, missing| Column { name: name.into(), column_type, missing };
        TableSchema {
            columns: vec![
                column("sales", ColumnType::Float, 0),
                column("visit", ColumnType::Text, 0),
                column("age", ColumnType::Integer, 3),
                column("region", ColumnType::Text, 0),
                column("day", ColumnType::Date, 0),
                column("blank", ColumnType::Empty, 10),
            ],
            rows: 10,
            format: TextFormat { delimiter: b',', gzip: false },
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
        one(|given| given.treatment = "sales".into(), "/treatment", "is the outcome already");
        one(|given| given.covariates = vec!["visit".into()], "/covariates/0", "is the treatment already");
        one(|given| given.covariates = vec!["region".into(), "region".into()], "/covariates/1", "stands twice");
        one(|given| given.cluster = Some("visit".into()), "/cluster", "outcome or treatment");
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
        one(|given| given.estimator = EstimatorChoice::RegressionAdjustment, "/estimator", "needs covariates");
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
        assert_eq!(schema["required"], serde_json::json!(["outcome", "treatment"]));
        for (name, field) in schema["properties"].as_object().unwrap() {
            assert!(
                field["title"].is_string() && field["description"].is_string(),
                "{name} lacks title or description"
            );
        }
        let filled = (agent.check)(&serde_json::json!({"outcome": "sales", "treatment": "visit"}), Some(&table()));
        assert_eq!(filled.unwrap()["confidence_level"], 0.95);
    }
}
