//! What is wrong with a recipe, all of it at once, before a row is read.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

use super::{
    Baseline, Condition, Derive, Filter, Formula, LONGEST_NAME, Literal, MOST_STEPS, MOST_VALUES, Range, Recipe,
    Reshape, Step,
};
use crate::agents::ParameterProblem;
use crate::dataset::{ColumnType, TableSchema};

/// Checks a recipe against the table it is to be carried out on. Pointers are into the recipe, as `/steps/2/column`.
///
/// A column that a wrong step was to make counts as made, so that one mistake is told once.
///
/// # Errors
/// Everything that is wrong with it.
pub fn check(recipe: &Recipe, table: &TableSchema) -> Result<(), Vec<ParameterProblem>> {
    let columns = table.columns.iter().map(|column| (column.name.clone(), column.column_type)).collect();
    let mut checking = Checking { columns, place: String::new(), problems: Vec::new() };
    if recipe.steps.is_empty() || recipe.steps.len() > MOST_STEPS {
        let detail = format!("{} steps are not possible; give 1 to {MOST_STEPS}", recipe.steps.len());
        checking.problems.push(ParameterProblem::new("/steps", detail));
    }
    for (index, step) in recipe.steps.iter().enumerate() {
        checking.place = format!("/steps/{index}");
        checking.step(step);
    }
    if checking.problems.is_empty() { Ok(()) } else { Err(checking.problems) }
}

/// The table as it is before a step.
struct Checking {
    columns: Vec<(String, ColumnType)>,
    place: String,
    problems: Vec<ParameterProblem>,
}

/// What a column must hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Numbers,
    Periods,
    Values,
    Anything,
}

impl Checking {
    fn step(&mut self, step: &Step) {
        match step {
            Step::Filter(filter) => self.filter(filter),
            Step::Derive(derive) => self.derive(derive),
            Step::Keep(keep) => {
                self.names(&keep.columns);
                self.columns.retain(|(name, _)| keep.columns.contains(name));
            }
            Step::Drop(drop) => {
                self.names(&drop.columns);
                let kept = self.columns.iter().filter(|(name, _)| !drop.columns.contains(name)).count();
                if kept == 0 {
                    self.wrong("/columns", "no column would be left; keep at least one");
                } else {
                    self.columns.retain(|(name, _)| !drop.columns.contains(name));
                }
            }
            Step::Reshape(reshape) => self.reshape(reshape),
        }
    }

    fn filter(&mut self, filter: &Filter) {
        let need = match filter.is {
            Condition::Missing | Condition::NotMissing => Need::Anything,
            _ => Need::Values,
        };
        let Some(column_type) = self.column("/column", &filter.column, need) else { return };
        match &filter.is {
            Condition::Equals(value) => self.literal("/is/equals", &filter.column, column_type, value),
            Condition::NotEquals(value) => self.literal("/is/not_equals", &filter.column, column_type, value),
            Condition::OneOf(values) => self.literals("/is/one_of", &filter.column, column_type, values),
            Condition::NoneOf(values) => self.literals("/is/none_of", &filter.column, column_type, values),
            Condition::Range(range) => self.range(&filter.column, column_type, range),
            Condition::Missing | Condition::NotMissing => {}
        }
    }

    fn literals(&mut self, at: &str, column: &str, column_type: ColumnType, values: &[Literal]) {
        if values.is_empty() || values.len() > MOST_VALUES {
            self.wrong(at, format!("{} values are not possible; give 1 to {MOST_VALUES}", values.len()));
        }
        for (index, value) in values.iter().enumerate().take(MOST_VALUES) {
            self.literal(&format!("{at}/{index}"), column, column_type, value);
        }
    }

    fn range(&mut self, column: &str, column_type: ColumnType, range: &Range) {
        if matches!(column_type, ColumnType::Text | ColumnType::Boolean) {
            let detail = format!("`{column}` holds {column_type} values, which have no range; use `one_of`");
            return self.wrong("/is/range", detail);
        }
        let lower = range.at_least.is_some() && range.above.is_some();
        let upper = range.at_most.is_some() && range.below.is_some();
        if range.bounds().next().is_none() {
            self.wrong(
                "/is/range",
                "no bound is given; give `at_least` or `above`, `at_most` or `below`, or one of each",
            );
        } else if lower || upper {
            self.wrong(
                "/is/range",
                "two bounds are given for one end; give `at_least` or `above`, `at_most` or `below`",
            );
        }
        for (name, bound) in range.bounds() {
            self.literal(&format!("/is/range/{name}"), column, column_type, bound);
        }
    }

    /// A value must be one that the column could hold.
    fn literal(&mut self, at: &str, column: &str, column_type: ColumnType, value: &Literal) {
        let wanted = match column_type {
            ColumnType::Integer | ColumnType::Float => value.as_number().is_none().then_some("a number, as 3.5"),
            ColumnType::Boolean => (!matches!(value, Literal::Boolean(_))).then_some("true or false"),
            ColumnType::Date | ColumnType::Timestamp => {
                let is_time = value.as_text().is_some_and(|text| is_time(text.trim()));
                (!is_time).then_some("a date as \"2024-05-01\", or a time as \"2024-05-01T12:00:00Z\"")
            }
            ColumnType::Text => value.as_text().is_none().then_some("a text, in quotes"),
            ColumnType::Empty => None,
        };
        if let Some(wanted) = wanted {
            self.wrong(at, format!("`{column}` holds {column_type} values, {value} is none; give {wanted}"));
        }
    }

    fn derive(&mut self, derive: &Derive) {
        self.new_name("/name", &derive.name);
        match &derive.from {
            Formula::Log { column } => {
                self.column("/from/log/column", column, Need::Numbers);
            }
            Formula::Log1p { column } => {
                self.column("/from/log1p/column", column, Need::Numbers);
            }
            Formula::Difference { column, minus } => {
                self.column("/from/difference/column", column, Need::Numbers);
                self.column("/from/difference/minus", minus, Need::Numbers);
            }
            Formula::Ratio { column, over } => {
                self.column("/from/ratio/column", column, Need::Numbers);
                self.column("/from/ratio/over", over, Need::Numbers);
            }
            Formula::DifferenceFromBaseline(baseline) => self.baseline("/from/difference_from_baseline", baseline),
        }
        self.columns.push((derive.name.clone(), ColumnType::Float));
    }

    fn baseline(&mut self, at: &str, baseline: &Baseline) {
        self.column(&format!("{at}/column"), &baseline.column, Need::Numbers);
        let time_type = self.panel(at, &baseline.unit, &baseline.time);
        if let (Some(time_type), Some(period)) = (time_type, &baseline.period) {
            self.literal(&format!("{at}/period"), &baseline.time, time_type, period);
        }
    }

    /// Unit and time; gives the type of the time.
    fn panel(&mut self, at: &str, unit: &str, time: &str) -> Option<ColumnType> {
        self.column(&format!("{at}/unit"), unit, Need::Values);
        let time_type = self.column(&format!("{at}/time"), time, Need::Periods);
        if unit == time {
            self.wrong(&format!("{at}/time"), format!("`{time}` is the unit already; choose another column"));
        }
        time_type
    }

    fn reshape(&mut self, reshape: &Reshape) {
        if let Some(time_type) = self.panel("", &reshape.unit, &reshape.time) {
            self.literal("/split", &reshape.time, time_type, &reshape.split);
        }
        if reshape.values.is_empty() {
            self.wrong("/values", "no column is given; name at least one");
        }
        let panel = [reshape.unit.clone(), reshape.time.clone()];
        let mut made = vec![(reshape.unit.clone(), self.type_of(&reshape.unit))];
        for (index, name) in reshape.carry.iter().enumerate() {
            let at = format!("/carry/{index}");
            self.column(&at, name, Need::Anything);
            self.stands_once(&at, name, &reshape.carry[..index], &panel);
            made.push((name.clone(), self.type_of(name)));
        }
        for (index, name) in reshape.values.iter().enumerate() {
            let at = format!("/values/{index}");
            self.column(&at, name, Need::Numbers);
            self.stands_once(&at, name, &reshape.values[..index], &panel);
            for new in [Reshape::before_name(name), Reshape::after_name(name)] {
                if made.iter().any(|(name, _)| *name == new) && !reshape.values[..index].contains(name) {
                    let detail = format!("it becomes `{new}`, which another column is called; leave that one out");
                    self.wrong(&at, detail);
                }
                made.push((new, ColumnType::Float));
            }
        }
        self.columns = made;
    }

    fn stands_once(&mut self, at: &str, name: &String, before: &[String], panel: &[String; 2]) {
        if before.contains(name) {
            self.wrong(at, format!("`{name}` stands twice; name it once"));
        } else if panel.contains(name) {
            self.wrong(at, format!("`{name}` is the unit or the time already; leave it out here"));
        }
    }

    /// The columns of `keep` and `drop`.
    fn names(&mut self, names: &[String]) {
        if names.is_empty() {
            self.wrong("/columns", "no column is given; name at least one");
        }
        for (index, name) in names.iter().enumerate() {
            let at = format!("/columns/{index}");
            self.column(&at, name, Need::Anything);
            if names[..index].contains(name) {
                self.wrong(&at, format!("`{name}` stands twice; name it once"));
            }
        }
    }

    fn new_name(&mut self, at: &str, name: &str) {
        let length = name.chars().count();
        if name.trim() != name || length == 0 || name.chars().any(char::is_control) {
            let detail = format!("{name:?} is no name; give one without spaces around it and control characters in it");
            self.wrong(at, detail);
        } else if length > LONGEST_NAME {
            self.wrong(at, format!("the name has {length} characters; give at most {LONGEST_NAME}"));
        } else if self.columns.iter().any(|(column, _)| column == name) {
            self.wrong(at, format!("there is a column `{name}` already; give the new one another name"));
        }
    }

    /// The column's type, if there is one of that name that holds what is needed.
    fn column(&mut self, at: &str, name: &str, need: Need) -> Option<ColumnType> {
        let Some(column_type) = self.columns.iter().find(|(column, _)| column == name).map(|(_, found)| *found) else {
            let detail = self.unknown(name);
            self.wrong(at, detail);
            return None;
        };
        let detail = match (need, column_type) {
            (Need::Anything, _) => return Some(column_type),
            (_, ColumnType::Empty) => format!("`{name}` has no values; choose another column"),
            (Need::Numbers, found) if !found.is_numeric() => {
                format!("`{name}` holds {found} values; a column of numbers is needed here")
            }
            (Need::Periods, ColumnType::Boolean) => {
                format!("`{name}` holds boolean values, which have no order of time; choose another column")
            }
            _ => return Some(column_type),
        };
        self.wrong(at, detail);
        None
    }

    fn type_of(&self, name: &str) -> ColumnType {
        // One that is not there has been told of: a number is what the least is said about.
        self.columns.iter().find(|(column, _)| column == name).map_or(ColumnType::Float, |(_, found)| *found)
    }

    fn unknown(&self, name: &str) -> String {
        const SHOWN: usize = 20;
        let same = self.columns.iter().find(|(column, _)| column.eq_ignore_ascii_case(name.trim()));
        if let Some((column, _)) = same {
            return format!("there is no column `{name}` at this step; did you mean `{column}`?");
        }
        let names: Vec<&str> = self.columns.iter().take(SHOWN).map(|(column, _)| column.as_str()).collect();
        let more = if self.columns.len() > SHOWN { ", ..." } else { "" };
        format!("there is no column `{name}` at this step; there are {}{more}", names.join(", "))
    }

    fn wrong(&mut self, at: &str, detail: impl Into<String>) {
        self.problems.push(ParameterProblem::new(format!("{}{at}", self.place), detail));
    }
}

/// Whether it is written like a date or a point in time; the worker reads it with the rules of the values themselves.
fn is_time(text: &str) -> bool {
    let text = text.replacen(' ', "T", 1);
    let is_date = text.len() == 10 && NaiveDate::parse_from_str(&text, "%Y-%m-%d").is_ok();
    is_date
        || DateTime::parse_from_rfc3339(&text).is_ok()
        || ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%.f"]
            .iter()
            .any(|form| NaiveDateTime::parse_from_str(&text, form).is_ok())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::dataset::{Column, TableFormat, TextFormat};

    fn table() -> TableSchema {
        let column = |(name, column_type): (&str, ColumnType)| Column { name: name.into(), column_type, missing: 0 };
        let columns = [
            ("store", ColumnType::Text),
            ("month", ColumnType::Text),
            ("sales", ColumnType::Float),
            ("visits", ColumnType::Integer),
            ("day", ColumnType::Date),
            ("open", ColumnType::Boolean),
            ("blank", ColumnType::Empty),
        ];
        let columns = columns.map(column).into();
        TableSchema { columns, rows: 10, format: TableFormat::Text(TextFormat { delimiter: b',', gzip: false }) }
    }

    fn problems(steps: &Value) -> Vec<(String, String)> {
        let recipe: Recipe = serde_json::from_value(json!({"steps": steps})).unwrap();
        let found = check(&recipe, &table()).err().unwrap_or_default();
        found.into_iter().map(|problem| (problem.pointer, problem.detail)).collect()
    }

    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "the steps are made where they are passed")]
    fn refused(steps: Value, pointer: &str, words: &str) {
        let found = problems(&steps);
        let [(at, detail)] = found.as_slice() else { panic!("{found:?}") };
        assert!(at == pointer && detail.contains(words), "{at}: {detail}");
    }

    #[test]
    fn every_kind_of_step_can_be_right() {
        let steps = json!([
            {"step": "filter", "column": "sales", "is": {"range": {"above": 0, "at_most": 1e6}}},
            {"step": "filter", "column": "day", "is": {"range": {"at_least": "2024-01-01", "below": "2024-02-01 12:00"}}},
            {"step": "filter", "column": "store", "is": {"one_of": ["007", "a"]}},
            {"step": "filter", "column": "open", "is": {"equals": true}},
            {"step": "filter", "column": "blank", "is": "missing"},
            {"step": "derive", "name": "log_sales", "from": {"log": {"column": "sales"}}},
            {"step": "derive", "name": "more", "from": {"difference": {"column": "log_sales", "minus": "visits"}}},
            {"step": "derive", "name": "gain", "from": {"difference_from_baseline":
                {"column": "more", "unit": "store", "time": "month", "period": "2024-01", "gaps": "allow"}}},
            {"step": "drop", "columns": ["blank"]},
            {"step": "reshape", "unit": "store", "time": "month", "split": "2024-06", "values": ["sales", "gain"],
             "carry": ["open"], "before": "last"},
            {"step": "keep", "columns": ["store", "gain_after", "sales_before"]},
        ]);
        assert_eq!(problems(&steps), []);
    }

    #[test]
    fn a_recipe_reads_back_as_it_was_posted() {
        let posted = json!({"steps": [
            {"step": "filter", "column": "visits", "is": {"one_of": [3, 2.5, "007", true]}},
            {"step": "filter", "column": "visits", "is": "not_missing"},
            {"step": "derive", "name": "l", "from": {"log1p": {"column": "visits"}}},
            {"step": "keep", "columns": ["l"]},
        ]});
        let recipe: Recipe = serde_json::from_value(posted.clone()).unwrap();
        assert_eq!(serde_json::to_value(&recipe).unwrap(), posted);
    }

    #[test]
    fn all_problems_are_told_at_once_and_where() {
        let found = problems(&json!([
            {"step": "filter", "column": "Sales", "is": {"equals": 1}},
            {"step": "derive", "name": "visits", "from": {"log": {"column": "store"}}},
            {"step": "drop", "columns": ["month", "month", "nothing"]},
            {"step": "derive", "name": "x", "from": {"ratio": {"column": "month", "over": "blank"}}},
            {"step": "derive", "name": "y", "from": {"log": {"column": "x"}}},
        ]));
        let pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
        let expected = [
            "/steps/0/column",
            "/steps/1/name",
            "/steps/1/from/log/column",
            "/steps/2/columns/1",
            "/steps/2/columns/2",
            "/steps/3/from/ratio/column",
            "/steps/3/from/ratio/over",
        ];
        assert_eq!(pointers, expected, "{found:?}");
        assert!(found[0].1.contains("did you mean `sales`?"), "{found:?}");
        assert!(found[5].1.contains("there are store, sales, visits"), "the dropped one is not there: {found:?}");
    }

    #[test]
    fn values_must_fit_their_column() {
        let filter = |column: &str, is: Value| json!([{"step": "filter", "column": column, "is": is}]);
        refused(filter("sales", json!({"equals": "3"})), "/steps/0/is/equals", "give a number");
        refused(filter("store", json!({"one_of": ["a", 7]})), "/steps/0/is/one_of/1", "give a text");
        refused(filter("store", json!({"one_of": []})), "/steps/0/is/one_of", "0 values");
        refused(filter("open", json!({"not_equals": "true"})), "/steps/0/is/not_equals", "true or false");
        refused(filter("day", json!({"range": {"above": "May"}})), "/steps/0/is/range/above", "2024-05-01");
        refused(filter("day", json!({"range": {}})), "/steps/0/is/range", "no bound");
        refused(filter("sales", json!({"range": {"above": 1, "at_least": 2}})), "/steps/0/is/range", "one end");
        refused(filter("store", json!({"range": {"above": "a"}})), "/steps/0/is/range", "one_of");
        refused(filter("blank", json!({"equals": 1})), "/steps/0/column", "no values");
    }

    #[test]
    fn names_must_be_new_and_plain() {
        let derive = |name: &str| json!([{"step": "derive", "name": name, "from": {"log": {"column": "sales"}}}]);
        for (name, words) in [("sales", "already"), (" x", "no name"), ("", "no name"), ("a\nb", "no name")] {
            refused(derive(name), "/steps/0/name", words);
        }
        refused(derive(&"x".repeat(201)), "/steps/0/name", "201 characters");
        refused(
            json!([{"step": "drop", "columns": ["store", "month", "sales", "visits", "day", "open", "blank"]}]),
            "/steps/0/columns",
            "no column would be left",
        );
    }

    #[test]
    fn roles_of_a_panel_are_checked() {
        let reshape = |more: Value| {
            let mut step =
                json!({"step": "reshape", "unit": "store", "time": "month", "split": "2024-06", "values": ["sales"]});
            step.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            json!([step])
        };
        refused(reshape(json!({"time": "open"})), "/steps/0/time", "no order of time");
        refused(reshape(json!({"time": "store", "split": "a"})), "/steps/0/time", "is the unit already");
        refused(reshape(json!({"split": 6})), "/steps/0/split", "give a text");
        refused(reshape(json!({"values": []})), "/steps/0/values", "no column");
        refused(reshape(json!({"values": ["sales", "sales"]})), "/steps/0/values/1", "twice");
        refused(reshape(json!({"carry": ["month"]})), "/steps/0/carry/0", "the unit or the time");
        let clash = json!([
            {"step": "derive", "name": "sales_before", "from": {"log": {"column": "sales"}}},
            {"step": "reshape", "unit": "store", "time": "month", "split": "2024-06", "values": ["sales"], "carry": ["sales_before"]},
        ]);
        refused(clash, "/steps/1/values/0", "it becomes `sales_before`");
    }

    #[test]
    fn how_many_steps_there_may_be() {
        refused(json!([]), "/steps", "0 steps");
        let one = json!({"step": "filter", "column": "sales", "is": "not_missing"});
        refused(json!(vec![one; 51]), "/steps", "51 steps");
    }

    #[test]
    fn unknown_fields_are_refused_and_named() {
        for (step, word) in [
            (json!({"step": "filter", "column": "a", "is": "missing", "colour": 1}), "colour"),
            (json!({"step": "sort", "column": "a"}), "sort"),
            (json!({"step": "derive", "name": "a", "from": {"log": {"column": "a", "base": 10}}}), "base"),
            (json!({"step": "derive", "name": "a", "from": {"sqrt": {"column": "a"}}}), "sqrt"),
            (json!({"step": "keep"}), "columns"),
        ] {
            let error = serde_json::from_value::<Step>(step).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}
