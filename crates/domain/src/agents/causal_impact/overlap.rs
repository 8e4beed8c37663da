//! Whether each arm has comparable rows in the other, and whether weighting makes the arms alike.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::diagnostics::BalanceRow;

/// Overlap of two arms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Overlap {
    /// The treated arm.
    pub treated: ArmOverlap,
    /// The control arm.
    pub control: ArmOverlap,
    /// Lower end of the common support.
    pub support_lower: f64,
    /// Upper end of the common support; below the lower one when the arms do not meet.
    pub support_upper: f64,
    /// Standardized mean differences after weighting; flagged above 0.1. Those before are the diagnostics' balance.
    pub balance_after: Vec<BalanceRow>,
    /// Whether any rule is broken.
    pub flagged: bool,
    /// The broken rules in sentences; empty when there are none.
    pub findings: Vec<String>,
}

/// Propensities of one arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ArmOverlap {
    /// Rows.
    pub rows: u64,
    /// Rows in each of forty equal bars of propensities from 0 to 1.
    pub histogram: Vec<u64>,
    /// Share of rows outside the common support.
    pub outside_share: f64,
    /// Share of rows with a propensity below 0.1 or above 0.9.
    pub extreme_share: f64,
    /// What the rows are worth after weighting (Kish 1965).
    pub effective_rows: f64,
}
