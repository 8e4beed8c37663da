//! The steps of a recipe in order, over the rows they work on.

use domain::dataset::{Column, ColumnType};
use domain::recipe::{Derive, Formula, Recipe, Step};

use super::RecipeError;
use super::condition::Asked;
use super::formula::Arithmetic;
use super::long;
use super::row::Row;
use super::source::Source;
use super::stage::{Stage, Work};

/// A column as it is after the steps so far.
#[derive(Debug, Clone)]
pub(super) struct Planned {
    pub(super) name: String,
    pub(super) column_type: ColumnType,
    /// Whether a step computed it: its final type is found from its values. All others keep theirs.
    pub(super) is_made: bool,
}

/// The steps so far.
pub(super) struct Plan<'a, 'p> {
    source: Source<'a>,
    columns: Vec<Planned>,
    stages: Vec<Stage>,
    passes: Passes<'p>,
}

/// How far all passes are.
struct Passes<'p> {
    done: usize,
    all: usize,
    on_progress: &'p mut dyn FnMut(f64),
}

impl Passes<'_> {
    fn tell(&mut self, of_this_pass: f64) {
        (self.on_progress)((self.done as f64 + of_this_pass) / self.all.max(1) as f64);
    }
}

impl<'a, 'p> Plan<'a, 'p> {
    pub(super) fn new(source: Source<'a>, recipe: &Recipe, on_progress: &'p mut dyn FnMut(f64)) -> Self {
        let columns = planned(source.columns());
        let looks = recipe.steps.iter().filter(|step| looks_at_the_whole_table(step)).count();
        Self { source, columns, stages: Vec::new(), passes: Passes { done: 0, all: looks + 1, on_progress } }
    }

    /// The columns after the steps so far.
    pub(super) fn columns(&self) -> &[Planned] {
        &self.columns
    }

    /// Adds a step, which may have to look at the rows first.
    ///
    /// # Errors
    /// As [`super::make`].
    pub(super) fn add(&mut self, index: usize, step: &Step) -> Result<(), RecipeError> {
        let pointer = format!("/steps/{index}");
        match step {
            Step::Filter(filter) => {
                let at = self.index(&filter.column)?;
                let asked = Asked::new(&filter.is, self.columns[at].column_type)
                    .map_err(|detail| RecipeError::at(&format!("{pointer}/is"), detail))?;
                self.stage(pointer, Work::Filter { index: at, column: filter.column.clone(), asked });
            }
            Step::Derive(derive) => self.derive(pointer, derive)?,
            Step::Keep(keep) => {
                for name in &keep.columns {
                    self.index(name)?;
                }
                self.select(pointer, |name| keep.columns.contains(name));
            }
            Step::Drop(drop) => self.select(pointer, |name| !drop.columns.contains(name)),
            Step::Reshape(reshape) => {
                let (columns, rows) = long::reshape(self, &pointer, reshape)?;
                self.source = Source::Made { columns: columns.iter().map(as_column).collect(), rows };
                self.columns = columns;
                self.stages.clear();
            }
        }
        Ok(())
    }

    fn derive(&mut self, pointer: String, derive: &Derive) -> Result<(), RecipeError> {
        let work = match (&derive.from, Arithmetic::new(&derive.from, |name| self.index(name))) {
            (_, Some(arithmetic)) => Work::Derive(arithmetic?),
            (Formula::DifferenceFromBaseline(baseline), None) => {
                Work::Given(long::difference_from_baseline(self, &pointer, baseline)?)
            }
            (other, None) => return Err(RecipeError::Internal(format!("nothing computes {other:?}"))),
        };
        self.stage(pointer, work);
        let (name, column_type) = (derive.name.clone(), ColumnType::Float);
        self.columns.push(Planned { name, column_type, is_made: true });
        Ok(())
    }

    fn select(&mut self, pointer: String, keeps: impl Fn(&String) -> bool) {
        let fields: Vec<usize> = (0..self.columns.len()).filter(|&at| keeps(&self.columns[at].name)).collect();
        self.columns.retain(|column| keeps(&column.name));
        self.stage(pointer, Work::Select { fields, spare: Row::default() });
    }

    fn stage(&mut self, pointer: String, work: Work) {
        self.stages.push(Stage::new(pointer, work));
    }

    /// Where a column stands at this step.
    pub(super) fn index(&self, name: &str) -> Result<usize, RecipeError> {
        let found = self.columns.iter().position(|column| column.name == name);
        found.ok_or_else(|| RecipeError::Internal(format!("the recipe was checked, but there is no column `{name}`")))
    }

    /// At most so many rows come out of the steps.
    pub(super) fn most_rows(&self) -> usize {
        usize::try_from(self.source.rows()).unwrap_or(usize::MAX)
    }

    /// Gives every row that comes out of the steps to `take`.
    ///
    /// # Errors
    /// What `take` says; when the rows cannot be read; after the last row, everything that the steps refused.
    pub(super) fn each_row(
        &mut self,
        take: &mut dyn FnMut(&Row) -> Result<(), RecipeError>,
    ) -> Result<(), RecipeError> {
        let Self { source, stages, passes, .. } = self;
        stages.iter_mut().for_each(Stage::rewind);
        source.each_row(&mut |fraction| passes.tell(fraction), &mut |row| {
            for stage in stages.iter_mut() {
                if !stage.pass(row)? {
                    return Ok(());
                }
            }
            take(row)
        })?;
        let problems: Vec<_> = self.stages.iter().filter_map(Stage::problem).collect();
        if !problems.is_empty() {
            return Err(RecipeError::Refused(problems));
        }
        self.passes.done += 1;
        self.passes.tell(0.0);
        Ok(())
    }
}

fn planned(columns: &[Column]) -> Vec<Planned> {
    let plan = |column: &Column| Planned { name: column.name.clone(), column_type: column.column_type, is_made: false };
    columns.iter().map(plan).collect()
}

fn as_column(planned: &Planned) -> Column {
    Column { name: planned.name.clone(), column_type: planned.column_type, missing: 0 }
}

const fn looks_at_the_whole_table(step: &Step) -> bool {
    matches!(step, Step::Reshape(_) | Step::Derive(Derive { from: Formula::DifferenceFromBaseline(_), .. }))
}
