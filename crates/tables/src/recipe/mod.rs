//! Carries out a [`Recipe`]: reads a stored table, filters, derives and reshapes it, and stores what comes out as a new
//! object, checked on the way like an upload.
//!
//! Rows stream through the steps ([`stage`]) as text: a field that no step touches is written as it was read, so that
//! `007` stays `007`. Three kinds of step look at the whole table first, in a pass of their own over the steps before
//! them: a baseline keeps 8 bytes a row, reshaping keeps what it makes, and both hold their panel (see [`crate::panel`])
//! while they look. All other steps hold one row.
//!
//! Where rows come from is [`source`]'s to know: to read another format, teach it. The same recipe on the same bytes
//! gives the same bytes.

mod condition;
mod error;
mod formula;
mod long;
mod plan;
mod row;
mod source;
mod stage;
mod write;

use domain::dataset::StoredTable;
use domain::recipe::Recipe;

pub use error::RecipeError;

use crate::objects::Objects;
use crate::upload::Received;
use plan::Plan;
use source::Source;

/// Makes a table by a recipe that has passed [`domain::recipe::check`] against `table`, and stores it under `key`: all of
/// it, or nothing. Reports the share done, 0 to 1. Blocks, and must not be called from within an asynchronous task.
///
/// # Errors
/// [`RecipeError::Refused`] when the rows cannot be used so, with everything that one pass found; what the store says.
pub fn make(
    objects: &Objects,
    table: &StoredTable,
    recipe: &Recipe,
    key: &str,
    on_progress: &mut dyn FnMut(f64),
) -> Result<Received, RecipeError> {
    let mut plan = Plan::new(Source::stored(objects, table)?, recipe, on_progress);
    for (index, step) in recipe.steps.iter().enumerate() {
        plan.add(index, step)?;
    }
    write::write(objects, key, source::written_as(table), plan)
}
