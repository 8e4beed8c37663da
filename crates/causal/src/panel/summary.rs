//! What a panel holds, for the result: units, periods, cohorts with their sizes.

use serde::{Deserialize, Serialize};

/// Units that start the treatment in the same period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cohort {
    /// The first treated period.
    pub start: String,
    /// Position of that period among all periods, from 0: also the number of periods before it.
    pub start_position: usize,
    /// Units.
    pub units: usize,
    /// Rows.
    pub rows: usize,
}

/// What a panel holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelSummary {
    /// Rows used.
    pub rows: usize,
    /// Rows that lacked a value and were dropped on the caller's demand.
    pub rows_dropped: usize,
    /// Units used.
    pub units: usize,
    /// Units treated from the first period on that were left out on the caller's demand.
    pub units_left_out: usize,
    /// Periods, in order.
    pub periods: Vec<String>,
    /// Whether every unit has a row in every period.
    pub balanced: bool,
    /// Rows that a balanced panel would have besides.
    pub rows_lacking: usize,
    /// Units never treated within the panel.
    pub never_treated: usize,
    /// Treated units by their start, in order.
    pub cohorts: Vec<Cohort>,
    /// Whether there is more than one start.
    pub staggered: bool,
    /// Rows under treatment.
    pub treated_rows: usize,
    /// What errors are clustered by.
    pub cluster: String,
    /// Clusters.
    pub clusters: usize,
}
