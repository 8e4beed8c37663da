//! Why a table is no panel.

use domain::dataset::ColumnType;

use crate::read::ReadError;

/// Why rows are no panel. Rows count from 1, the header not counted.
#[derive(Debug, thiserror::Error)]
pub enum PanelError {
    /// A row belongs to nobody.
    #[error("row {row}: the unit column `{column}` has no value; fill it in or remove the row")]
    NoUnit {
        /// The row.
        row: usize,
        /// The unit's column.
        column: String,
    },
    /// A row belongs to no period.
    #[error("row {row}: unit `{unit}` has no period in column `{column}`; fill it in or remove the row")]
    NoPeriod {
        /// The row.
        row: usize,
        /// Whose row it is.
        unit: String,
        /// The time's column.
        column: String,
    },
    /// The same unit twice in the same period.
    #[error(
        "rows {first} and {second}: unit `{unit}` stands twice in period `{period}`; keep one row for each unit and \
         period, for instance their sum"
    )]
    Duplicate {
        /// The unit.
        unit: String,
        /// The period.
        period: String,
        /// The first row.
        first: usize,
        /// The second row.
        second: usize,
    },
    /// A unit lacks a period that others have.
    #[error(
        "unit `{unit}` has no row for period `{period}` ({missing} rows are missing among {units} units and {periods} \
         periods); add them, or leave out the units or periods that are not complete"
    )]
    Gap {
        /// The first unit with a gap.
        unit: String,
        /// The first period it lacks.
        period: String,
        /// Gaps in all.
        missing: usize,
        /// Units.
        units: usize,
        /// Periods.
        periods: usize,
    },
    /// The periods have no order.
    #[error(
        "column `{column}` cannot be put in order of time: it is {found} (for instance `{example}`); write periods as \
         numbers, as dates (2024-05-01), or as text of one form that starts with the year (2024-05, 2024Q2)"
    )]
    NoOrder {
        /// The time's column.
        column: String,
        /// What it holds.
        found: ColumnType,
        /// One of its values.
        example: String,
    },
    /// There is nothing to compare.
    #[error("the table has {units} units and {periods} periods; a panel needs at least one unit and two periods")]
    TooFew {
        /// Units.
        units: usize,
        /// Periods.
        periods: usize,
    },
    /// Hardly a unit shares a period with another.
    #[error(
        "{units} units and {periods} periods make {cells} cells, of which {rows} rows fill less than one in {least}; \
         round the time to months or weeks, or check which column is the unit and which the time"
    )]
    TooSparse {
        /// Units.
        units: usize,
        /// Periods.
        periods: usize,
        /// Units times periods.
        cells: usize,
        /// Rows.
        rows: usize,
        /// One in so many must be filled.
        least: usize,
    },
    /// The columns cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}
