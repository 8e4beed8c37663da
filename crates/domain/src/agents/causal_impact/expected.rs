//! What a question will take, from its parameters and the shape of the table: the steps of the agent, each by its
//! [`cost`](super::cost).
//!
//! Known beforehand are rows, columns and types. Not known, and guessed on the side of more: how many levels a category
//! has ([`GUESSED_LEVELS`]), that a treatment has two arms, how many arms there are where a control is named
//! ([`GUESSED_ARMS`]), how many periods and starts a panel has. One thread is counted: another analysis may have the
//! others.

use super::choices::Design;
use super::cost::{self, Cost, Task};
use super::estimator::{Estimator, Shape};
use super::parameters::CausalImpactParameters;
use crate::agents::{Expected, ExpectedStep};
use crate::dataset::{ColumnType, TableSchema};

/// Levels of a category.
const GUESSED_LEVELS: u64 = 10;
/// Arms beside the control.
const GUESSED_ARMS: f64 = 3.0;
/// Periods and starts of a panel.
const GUESSED_PERIODS: usize = 24;
const GUESSED_STARTS: usize = 4;
/// Boosted trees need rows to learn from.
pub const ROWS_TO_BOOST: u64 = 1_000;
/// Draws behind the band of an event study.
const BAND_DRAWS: usize = 999;
/// Refuters that estimate anew: placebo, random cause, subset, bootstrap.
const REFUTERS: f64 = 4.0;
/// The first two of them, where subset and bootstrap are had from the estimate's influence function.
const REFUTERS_BESIDE_INFLUENCE: f64 = 2.0;
/// Seconds of taking one cell of the file apart (text of about a hundred megabytes a second), needed or not.
const SECONDS_PER_CELL: f64 = 60e-9;
/// Bytes of a value while the table and the study made of it stand side by side.
const BYTES_PER_VALUE: f64 = 24.0;
const BASE_BYTES: f64 = 32e6;

const FEWER_ROWS: &str = "fewer rows or covariates";
const FEWER_SIMULATIONS: &str = "fewer `simulations`, or a smaller `refuter_budget_s`";

pub(super) fn expected(parameters: &CausalImpactParameters, table: &TableSchema) -> Expected {
    let shape = shape(parameters, table);
    let mut expected = Expected::default();
    expected.add(reading(parameters, table));
    match parameters.shape() {
        Shape::Panel => panel(parameters, &shape, &mut expected),
        Shape::TwoTimes => {
            step(&mut expected, "difference in differences", cost::expected(Task::Regression, &shape), FEWER_ROWS);
        }
        Shape::CrossSection => cross_section(parameters, table, &shape, &mut expected),
    }
    expected
}

fn shape(parameters: &CausalImpactParameters, table: &TableSchema) -> cost::Shape {
    let levels = GUESSED_LEVELS.min(table.rows.max(2)) - 1;
    let coded = |name: &String| {
        let words = table.column(name).is_some_and(|column| column.column_type == ColumnType::Text);
        if words || parameters.categorical.contains(name) { levels } else { 1 }
    };
    let columns: u64 = parameters.covariates.iter().map(coded).sum();
    let more = parameters.squared.len() + usize::from(parameters.baseline.is_some());
    cost::Shape {
        rows: whole(table.rows),
        columns: whole(columns) + more,
        folds: parameters.folds as usize,
        simulations: parameters.simulations as usize,
        neighbours: parameters.matches as usize,
        periods: GUESSED_PERIODS,
        cohorts: GUESSED_STARTS,
        ..cost::Shape::default()
    }
}

fn whole(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn reading(parameters: &CausalImpactParameters, table: &TableSchema) -> ExpectedStep {
    let rows = table.rows as f64;
    let named = 3 + parameters.covariates.len() + parameters.negative_controls.len();
    ExpectedStep {
        step: "reading the table".to_owned(),
        seconds: SECONDS_PER_CELL * rows * table.columns.len() as f64,
        memory_bytes: bytes(BASE_BYTES + BYTES_PER_VALUE * rows * named as f64),
        smaller: "fewer rows, or fewer columns named".to_owned(),
    }
}

fn step(expected: &mut Expected, name: &str, Cost { seconds, bytes: memory }: Cost, smaller: &str) {
    let smaller = smaller.to_owned();
    expected.add(ExpectedStep { step: name.to_owned(), seconds, memory_bytes: bytes(memory + BASE_BYTES), smaller });
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates; a size is not negative")]
fn bytes(size: f64) -> u64 {
    size as u64
}

fn cross_section(
    parameters: &CausalImpactParameters,
    table: &TableSchema,
    shape: &cost::Shape,
    expected: &mut Expected,
) {
    let arms = if parameters.control_value.is_some() { GUESSED_ARMS } else { 1.0 };
    let mut again = 0.0;
    let mut memory = 0.0_f64;
    let chosen = chosen(parameters, table);
    for &estimator in &chosen {
        let task = Task::of(parameters, estimator);
        let Cost { seconds, bytes } = cost::expected(task, shape);
        step(expected, estimator.words(), Cost { seconds: seconds * arms, bytes }, smaller(estimator));
        let refuters = match task {
            Task::Regression => 0.0,
            Task::PropensityMatching | Task::MahalanobisMatching { .. } => REFUTERS,
            _ => REFUTERS_BESIDE_INFLUENCE,
        };
        if refuters > 0.0 {
            again += refuters * f64::from(parameters.simulations) * seconds;
            memory = memory.max(bytes);
        }
    }
    if parameters.control_value.is_some() {
        return;
    }
    let linear = if chosen.iter().any(|&estimator| Task::of(parameters, estimator) == Task::Regression) {
        cost::expected(Task::RegressionRefuters, shape)
    } else {
        Cost::default()
    };
    // Linear estimators are refuted in full, whatever the budget.
    let seconds = linear.seconds + again.min(f64::from(parameters.refuter_budget_s));
    let refuters = Cost { seconds, bytes: linear.bytes.max(memory) };
    step(expected, "refuters", refuters, FEWER_SIMULATIONS);
}

/// The estimators that will be run, as far as the schema tells: with two arms and room to boost.
fn chosen(parameters: &CausalImpactParameters, table: &TableSchema) -> Vec<Estimator> {
    use Estimator as E;
    let mut chosen = parameters.estimators.clone();
    if chosen.is_empty() {
        let adjusts = !parameters.covariates.is_empty() || parameters.baseline.is_some();
        chosen.push(E::DifferenceInMeans);
        match (adjusts, &parameters.baseline) {
            (false, _) => {}
            (true, Some(_)) => chosen.extend([E::Ancova, E::ChangeScore]),
            (true, None) => chosen.push(E::RegressionAdjustment),
        }
        if adjusts && parameters.design == Design::Observational {
            chosen.extend([E::InversePropensityWeighting, E::PropensityMatching, E::AipwLinear]);
            if table.rows >= ROWS_TO_BOOST {
                chosen.extend([E::AipwBoosted, E::PartiallyLinearBoosted]);
            }
        }
        if parameters.control_value.is_some() {
            chosen.retain(|estimator| estimator.takes_arms());
        }
    }
    chosen.extend(parameters.estimator.filter(|head| !chosen.contains(head)));
    chosen
}

const fn smaller(estimator: Estimator) -> &'static str {
    match estimator {
        Estimator::AipwBoosted | Estimator::PartiallyLinearBoosted => {
            "name `estimators` without the boosted ones, or take fewer `folds`, rows or covariates"
        }
        Estimator::MahalanobisMatching => {
            "name `estimators` without mahalanobis_matching (propensity_matching looks at far fewer pairs), set `target` \
             to `treated`, or take fewer rows"
        }
        Estimator::DifferenceInMeans | Estimator::RegressionAdjustment => FEWER_ROWS,
        _ => "name fewer `estimators`, or take fewer rows or covariates",
    }
}

fn panel(parameters: &CausalImpactParameters, shape: &cost::Shape, expected: &mut Expected) {
    let both = [Estimator::CallawaySantanna, Estimator::TwoWayFixedEffects];
    let chosen = if parameters.estimators.is_empty() { both.as_slice() } else { &parameters.estimators };
    let drawn = cost::Shape { simulations: BAND_DRAWS, ..*shape };
    for &estimator in chosen {
        let smaller = "name one of the two `estimators`, or take fewer units, periods or covariates";
        step(expected, estimator.words(), cost::expected(Task::of(parameters, estimator), &drawn), smaller);
    }
    let fewer = "fewer units, periods or covariates";
    step(expected, "event study", cost::expected(Task::EventStudy, shape), fewer);
    // The whole once more for each start left out, and half of it for the pretended start.
    let undrawn = cost::Shape { simulations: 0, ..*shape };
    let Cost { seconds, bytes } = cost::expected(Task::GroupTime, &undrawn);
    let repeated = Cost { seconds: seconds * (GUESSED_STARTS as f64 + 0.5), bytes };
    step(expected, "placebo in time and leaving out each start", repeated, fewer);
    let each = |&estimator: &Estimator| cost::expected(Task::of(parameters, estimator), &undrawn);
    let once = chosen.iter().map(each).fold(Cost::default(), Cost::then);
    let again = REFUTERS * f64::from(parameters.simulations) * once.seconds;
    let refuters = Cost { seconds: again.min(f64::from(parameters.refuter_budget_s)), bytes: once.bytes };
    step(expected, "refuters", refuters, FEWER_SIMULATIONS);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agents::Limits;
    use crate::dataset::{Column, TableFormat, TextFormat};

    fn table(rows: u64) -> TableSchema {
        let column = |index: usize| {
            let column_type = if index == 5 { ColumnType::Text } else { ColumnType::Float };
            Column { name: format!("c{index}"), column_type, missing: 0 }
        };
        TableSchema {
            columns: (0..22).map(column).collect(),
            rows,
            format: TableFormat::Text(TextFormat { delimiter: b',', gzip: false }),
        }
    }

    fn question() -> CausalImpactParameters {
        let mut question = CausalImpactParameters::new("c0", "c1");
        question.covariates = (2..22).map(|index| format!("c{index}")).collect();
        question
    }

    fn steps(expected: &Expected) -> Vec<&str> {
        expected.by_step.iter().map(|step| step.step.as_str()).collect()
    }

    #[test]
    fn the_steps_are_those_of_the_question() {
        let all = expected(&question(), &table(10_000));
        assert!(steps(&all).contains(&Estimator::AipwBoosted.words()), "{:?}", steps(&all));
        let small = expected(&question(), &table(400));
        assert!(!steps(&small).contains(&Estimator::AipwBoosted.words()), "too few rows to boost");
        let mut experiment = question();
        experiment.design = Design::Randomised;
        let experiment = expected(&experiment, &table(10_000));
        assert_eq!(steps(&experiment)[1..], ["difference in means", "regression adjustment", "refuters"]);
        assert!(experiment.seconds < all.seconds);
        let mut panel = question();
        (panel.unit, panel.time) = (Some("c2".into()), Some("c3".into()));
        panel.covariates.clear();
        assert!(steps(&expected(&panel, &table(10_000))).contains(&"event study"));
    }

    #[test]
    fn refuters_keep_to_their_budget() {
        let mut question = question();
        let seconds = |question: &CausalImpactParameters| {
            let found = expected(question, &table(1_000_000));
            found.by_step.iter().find(|step| step.step == "refuters").unwrap().seconds
        };
        question.refuter_budget_s = 7;
        let short = seconds(&question);
        question.refuter_budget_s = 27;
        assert!((seconds(&question) - short - 20.0).abs() < 1e-9, "the linear ones stay the same");
    }

    #[test]
    fn categories_count_by_their_guessed_levels() {
        let mut question = question();
        question.covariates = vec!["c5".into(), "c6".into()];
        assert_eq!(shape(&question, &table(1_000)).columns, 10);
        question.categorical = vec!["c6".into()];
        assert_eq!(shape(&question, &table(1_000)).columns, 18);
    }

    #[test]
    fn a_question_too_large_is_told_what_makes_it_smaller() {
        let mut question = question();
        question.estimators = vec![Estimator::RegressionAdjustment, Estimator::MahalanobisMatching];
        let limits = Limits { seconds: 900.0, memory_bytes: 8 << 30 };
        assert!(expected(&question, &table(10_000)).advice(&limits).is_empty());
        let advice = expected(&question, &table(3_000_000)).advice(&limits);
        assert!(advice.len() == 1 && advice[0].contains("without mahalanobis_matching"), "{advice:?}");
        question.estimators.pop();
        assert!(expected(&question, &table(3_000_000)).advice(&limits).is_empty());
        let advice = expected(&question, &table(100_000_000)).advice(&limits);
        assert!(advice.iter().any(|sentence| sentence.contains("MiB of memory")), "{advice:?}");
    }
}
