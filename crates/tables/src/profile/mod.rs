//! What stands in each column of a stored table, in one streaming pass, or two where one cannot tell all.
//!
//! Exact for every table: rows, missing values, smallest and largest, mean and standard deviation (Welford), lengths
//! of text, first and last time, histograms, and the counts of the frequent values that are listed.
//!
//! Exact while it fits the [`Budget`], else as good as said here:
//! * **Quantiles** (linear interpolation between order statistics, Hyndman and Fan's type 7): beyond the kept values,
//!   a KLL sketch. At the default budget a quantile's rank is then off by less than 0.5 % of the rows.
//! * **Distinct values**: beyond the kept ones, `HyperLogLog`; standard error 0.8 % (1.6 % above 2,000 columns).
//! * **Frequent values**: beyond the kept ones, those that stand in more than a thousandth of the rows (a hundredth at
//!   20,000 columns) are sure to be found (Misra-Gries), then counted exactly in the second pass; rarer ones are listed only as far as it is sure that
//!   nothing more frequent was missed.
//!
//! Values are told apart as written (`1` and `1.0` are two), without the spaces around them unless they are text.
//! Nothing is random: the same table gives the same profile.
//!
//! Memory: the budget, 256 MiB for everything kept; what takes its place when that is too little is smaller.

mod budget;
mod cardinality;
mod column;
mod counts;
mod finding;
mod frequent;
mod hash;
mod moments;
mod numbers;
mod sketch;
mod warnings;

use domain::dataset::{Profile, StoredTable};

pub use budget::Budget;

use crate::objects::Objects;
use crate::read::{ReadError, each_field};
use column::ColumnPass;
use finding::{Finding, Recount};

/// The share of the work that the first pass is, where there are two.
const FIRST_PASS: f64 = 0.6;

/// Profiles a table within the default budget and reports the share done, 0 to 1. Blocks.
///
/// # Errors
/// [`ReadError`] when the file cannot be read, or is not the one that was uploaded.
pub fn profile(objects: &Objects, table: &StoredTable, on_progress: &mut dyn FnMut(f64)) -> Result<Profile, ReadError> {
    profile_within(&Budget::default(), objects, table, on_progress)
}

/// [`profile`] with another bound on what is kept in memory.
///
/// # Errors
/// As [`profile`].
pub fn profile_within(
    budget: &Budget,
    objects: &Objects,
    table: &StoredTable,
    on_progress: &mut dyn FnMut(f64),
) -> Result<Profile, ReadError> {
    let share = budget.share_of_each(&table.schema);
    let mut passes: Vec<ColumnPass> =
        table.schema.columns.iter().map(|column| ColumnPass::new(column.column_type, share)).collect();
    let all: Vec<usize> = (0..passes.len()).collect();
    let mut on_first = |done: f64| on_progress(done * FIRST_PASS);
    each_field(objects, table, &all, u64::MAX, &mut on_first, |column, field, _| {
        passes[column].observe(field);
        Ok(())
    })?;
    let mut recounts: Vec<Recount> = passes.into_iter().map(ColumnPass::finish).collect();
    let again: Vec<usize> = all.into_iter().filter(|&column| recounts[column].is_needed()).collect();
    if !again.is_empty() {
        let mut on_second = |done: f64| on_progress(FIRST_PASS + done * (1.0 - FIRST_PASS));
        each_field(objects, table, &again, u64::MAX, &mut on_second, |place, field, _| {
            recounts[again[place]].observe(field);
            Ok(())
        })?;
    }
    let findings: Vec<Finding> =
        recounts.into_iter().zip(&table.schema.columns).map(|(recount, column)| recount.finish(&column.name)).collect();
    let warnings = warnings::of(&findings, table.schema.rows);
    on_progress(1.0);
    Ok(Profile {
        rows: table.schema.rows,
        columns: findings.into_iter().map(|finding| finding.profile).collect(),
        warnings,
    })
}
