//! Steps on long data: the panel is recognised, then each unit is looked at by itself.

use std::ops::Range;

use arrow_array::{Array, Float64Array};
use domain::dataset::{Column, ColumnType};
use domain::recipe::{Baseline, Before, Gaps, Literal, Reshape};

use super::RecipeError;
use super::condition::Kind;
use super::formula::text_of;
use super::plan::{Plan, Planned};
use super::row::Row;
use crate::panel::{Panel, PanelError, is_period};
use crate::read::{Gatherer, Table, Values};

/// For each row that reaches the step, its value less its unit's value in the baseline period; NaN where either has none.
pub(super) fn difference_from_baseline(
    plan: &mut Plan<'_, '_>,
    pointer: &str,
    baseline: &Baseline,
) -> Result<Vec<f64>, RecipeError> {
    let pointer = format!("{pointer}/from/difference_from_baseline");
    let roles = Roles { unit: &baseline.unit, time: &baseline.time, gaps: baseline.gaps };
    let long = Long::gather(plan, &pointer, &roles, std::slice::from_ref(&baseline.column), &[])?;
    let period = match &baseline.period {
        None => 0,
        Some(period) => long.period(&format!("{pointer}/period"), period)?,
    };
    let values = long.table.numeric(&baseline.column)?;
    let mut differences = vec![f64::NAN; long.table.rows()];
    for unit in 0..long.panel.units().len() {
        let base = long.panel.row(unit, period).map_or(f64::NAN, |row| value(values, row));
        for row in long.rows_of(unit) {
            differences[row] = value(values, row) - base;
        }
    }
    let overflow = differences.iter().filter(|difference| difference.is_infinite()).count();
    if overflow > 0 {
        let detail = format!("the difference is larger than a double can hold in {overflow} rows");
        return Err(RecipeError::at(&pointer, detail));
    }
    Ok(differences)
}

/// Rows that were made: their fields as text.
type Made = Vec<Vec<Vec<u8>>>;

/// One row a unit: the unit, what is carried along, each value before and after the split.
pub(super) fn reshape(
    plan: &mut Plan<'_, '_>,
    pointer: &str,
    reshape: &Reshape,
) -> Result<(Vec<Planned>, Made), RecipeError> {
    let columns = columns(plan, reshape)?;
    let mut texts = vec![reshape.unit.clone()];
    texts.extend(reshape.carry.iter().cloned());
    let roles = Roles { unit: &reshape.unit, time: &reshape.time, gaps: reshape.gaps };
    let long = Long::gather(plan, pointer, &roles, &reshape.values, &texts)?;
    let split = long.split(&format!("{pointer}/split"), &reshape.split)?;
    let values: Vec<&Float64Array> =
        reshape.values.iter().map(|name| long.table.numeric(name)).collect::<Result<_, _>>()?;
    let mut made = Vec::with_capacity(long.panel.units().len());
    for unit in 0..long.panel.units().len() {
        let mut fields = Vec::with_capacity(columns.len());
        for (index, text) in long.texts.iter().enumerate() {
            let at = if index == 0 { "/unit".to_owned() } else { format!("/carry/{}", index - 1) };
            fields.push(long.one_text(unit, text, &format!("{pointer}{at}"))?);
        }
        for (index, values) in values.iter().enumerate() {
            let both = long.before_and_after(unit, values, split, reshape.before);
            if both.iter().flatten().any(|value| value.is_infinite()) {
                let unit = &long.panel.units()[unit];
                let detail = format!("the mean of unit `{unit}` is larger than a double can hold");
                return Err(RecipeError::at(&format!("{pointer}/values/{index}"), detail));
            }
            fields.extend(both.map(|value| value.map(text_of).unwrap_or_default().into_bytes()));
        }
        made.push(fields);
    }
    Ok((columns, made))
}

/// The columns of the new table.
fn columns(plan: &Plan<'_, '_>, reshape: &Reshape) -> Result<Vec<Planned>, RecipeError> {
    let mut columns = Vec::new();
    for name in std::iter::once(&reshape.unit).chain(&reshape.carry) {
        columns.push(plan.columns()[plan.index(name)?].clone());
    }
    for name in &reshape.values {
        let new = [Reshape::before_name(name), Reshape::after_name(name)];
        columns.extend(new.map(|name| Planned { name, column_type: ColumnType::Float, is_made: true }));
    }
    Ok(columns)
}

/// Which columns make the panel.
struct Roles<'r> {
    unit: &'r String,
    time: &'r String,
    gaps: Gaps,
}

/// Long data in memory: a panel, the numbers that are wanted of it, and some columns as written.
struct Long {
    panel: Panel,
    table: Table,
    time_type: ColumnType,
    texts: Vec<(String, Values)>,
    /// Which row of the source each row is: a filter may stand before.
    numbers: Vec<u64>,
}

impl Long {
    fn gather(
        plan: &mut Plan<'_, '_>,
        pointer: &str,
        roles: &Roles<'_>,
        values: &[String],
        texts: &[String],
    ) -> Result<Self, RecipeError> {
        let mut typed: Vec<Gathered> = Vec::new();
        for name in [roles.unit, roles.time].into_iter().chain(values) {
            if typed.iter().all(|gathered| gathered.column.name != *name) {
                typed.push(Gathered::new(plan, name, None)?);
            }
        }
        let mut written: Vec<Gathered> =
            texts.iter().map(|name| Gathered::new(plan, name, Some(ColumnType::Text))).collect::<Result<_, _>>()?;
        let mut numbers = Vec::new();
        plan.each_row(&mut |row| {
            numbers.push(row.number);
            typed.iter_mut().chain(&mut written).try_for_each(|gathered| gathered.push(row))
        })?;
        let columns = typed.into_iter().map(|gathered| (gathered.column, gathered.gatherer.finish())).collect();
        let table = Table::of(numbers.len(), columns);
        let time_type = table.column(roles.time)?.column_type;
        let panel = Panel::of(&table, roles.unit, roles.time);
        let panel = panel.map_err(|error| RecipeError::of_panel(pointer, in_the_source(error, &numbers)))?;
        if roles.gaps == Gaps::Refuse {
            panel.complete().map_err(|error| RecipeError::of_panel(pointer, error))?;
        }
        let texts = written.into_iter().map(|gathered| (gathered.column.name, gathered.gatherer.finish())).collect();
        Ok(Self { panel, table, time_type, texts, numbers })
    }

    /// The rows of a unit, in order of time.
    fn rows_of(&self, unit: usize) -> impl Iterator<Item = usize> {
        (0..self.panel.periods().len()).filter_map(move |period| self.panel.row(unit, period))
    }

    /// What stands for a unit before the split and after it.
    fn before_and_after(&self, unit: usize, values: &Float64Array, split: usize, before: Before) -> [Option<f64>; 2] {
        let present = |periods: Range<usize>| -> Vec<f64> {
            let rows = periods.filter_map(|period| self.panel.row(unit, period));
            rows.map(|row| value(values, row)).filter(|value| !value.is_nan()).collect()
        };
        let (earlier, later) = (present(0..split), present(split..self.panel.periods().len()));
        let before = match before {
            Before::Mean => mean(&earlier),
            Before::Last => earlier.last().copied(),
        };
        [before, mean(&later)]
    }

    /// The one text that a column has in all rows of a unit.
    fn one_text(&self, unit: usize, column: &(String, Values), pointer: &str) -> Result<Vec<u8>, RecipeError> {
        let (name, Values::Text(texts)) = column else {
            return Err(RecipeError::Internal(format!("`{}` was not gathered as text", column.0)));
        };
        let words = texts.downcast_dict::<arrow_array::StringArray>();
        let words = words.ok_or_else(|| RecipeError::Internal(format!("`{name}` is no dictionary of texts")))?;
        let text = |row: usize| texts.is_valid(row).then(|| words.values().value(texts.key(row).unwrap_or_default()));
        let mut rows: Vec<usize> = self.rows_of(unit).collect();
        rows.sort_unstable();
        let first = rows.first().copied().unwrap_or_default();
        // The unit's own column may be written in more than one way (`1` and `1.0`): the first one stands.
        let is_unit = pointer.ends_with("/unit");
        if let Some(&other) = rows.iter().find(|&&row| !is_unit && text(row) != text(first)) {
            let told = |row: usize| text(row).map_or("no value".to_owned(), |text| format!("`{text}`"));
            let detail = format!(
                "unit `{}` has more than one `{name}`: {} in row {} and {} in row {}; leave it out, or correct the rows",
                self.panel.units()[unit],
                told(first),
                self.numbers[first],
                told(other),
                self.numbers[other],
            );
            return Err(RecipeError::at(pointer, detail));
        }
        Ok(text(first).unwrap_or_default().as_bytes().to_vec())
    }

    /// The period that a value of the recipe names.
    fn period(&self, pointer: &str, wanted: &Literal) -> Result<usize, RecipeError> {
        let order = self.order(pointer, wanted)?;
        let found = (0..self.panel.periods().len()).find(|&period| order(period).is_eq());
        found.ok_or_else(|| RecipeError::at(pointer, format!("no row is of period {wanted}; {}", self.span())))
    }

    /// How many periods are before a value of the recipe: some, and not all.
    fn split(&self, pointer: &str, split: &Literal) -> Result<usize, RecipeError> {
        let order = self.order(pointer, split)?;
        let all = self.panel.periods().len();
        let before = (0..all).filter(|&period| order(period).is_lt()).count();
        if before == 0 || before == all {
            let side = if before == 0 { "before" } else { "at or after" };
            return Err(RecipeError::at(pointer, format!("no period is {side} {split}; {}", self.span())));
        }
        Ok(before)
    }

    /// How each period stands to a value of the recipe.
    fn order(
        &self,
        pointer: &str,
        wanted: &Literal,
    ) -> Result<impl Fn(usize) -> std::cmp::Ordering + use<'_>, RecipeError> {
        let periods = self.panel.periods();
        let kind = Kind::of(self.time_type);
        let number = kind.map(|kind| kind.number(wanted)).transpose();
        let number = number.map_err(|detail| RecipeError::at(pointer, detail))?;
        let text = wanted.as_text().unwrap_or_default().to_owned();
        if number.is_none() && !is_period(&text, &periods[0]) {
            let detail = format!("{wanted} is not written as the periods are; {}", self.span());
            return Err(RecipeError::at(pointer, detail));
        }
        Ok(move |period: usize| match number.zip(kind) {
            Some((number, kind)) => {
                kind.read(periods[period].as_bytes()).unwrap_or(f64::NAN).total_cmp(&(number + 0.0))
            }
            None => periods[period].cmp(&text),
        })
    }

    fn span(&self) -> String {
        let periods = self.panel.periods();
        format!("the {} periods are `{}` to `{}`", periods.len(), periods[0], periods[periods.len() - 1])
    }
}

/// A column being gathered from the rows that reach a step.
struct Gathered {
    index: usize,
    column: Column,
    gatherer: Gatherer,
}

impl Gathered {
    /// As its own type, or as another.
    fn new(plan: &Plan<'_, '_>, name: &str, as_type: Option<ColumnType>) -> Result<Self, RecipeError> {
        let index = plan.index(name)?;
        let column_type = as_type.unwrap_or(plan.columns()[index].column_type);
        let column = Column { name: name.to_owned(), column_type, missing: 0 };
        // Room for the rows that a filter may leave is found as they come.
        let rows = plan.most_rows().min(1 << 16);
        Ok(Self { index, gatherer: Gatherer::new(column_type, rows), column })
    }

    fn push(&mut self, row: &Row) -> Result<(), RecipeError> {
        Ok(self.gatherer.push(row.field(self.index), row.line, &self.column)?)
    }
}

/// The panel counts the rows it was given; whoever reads the message counts those of the source.
fn in_the_source(error: PanelError, numbers: &[u64]) -> PanelError {
    let number = |row: usize| {
        let number = row.checked_sub(1).and_then(|index| numbers.get(index)).copied();
        number.and_then(|number| usize::try_from(number).ok()).unwrap_or(row)
    };
    match error {
        PanelError::NoUnit { row, column } => PanelError::NoUnit { row: number(row), column },
        PanelError::NoPeriod { row, unit, column } => PanelError::NoPeriod { row: number(row), unit, column },
        PanelError::Duplicate { unit, period, first, second } => {
            PanelError::Duplicate { unit, period, first: number(first), second: number(second) }
        }
        other => other,
    }
}

fn value(values: &Float64Array, row: usize) -> f64 {
    if values.is_valid(row) { values.value(row) } else { f64::NAN }
}

/// The mean; `None` of nothing.
fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}
