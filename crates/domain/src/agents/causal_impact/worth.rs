//! What an effect is worth: units, money, return.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::estimate::Interval;

/// What the effect is worth. All intervals are those of the effect, scaled: value and cost are taken as known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Worth {
    /// Rows (of a panel: unit-periods) that were treated, to which the effect is put.
    pub treated_rows: u64,
    /// The effect used: on the treated where it was estimated, else that at the head.
    pub effect: f64,
    /// What that effect is, in words.
    pub basis: String,
    /// Units of the outcome gained through the treatment, over all treated rows.
    pub incremental_units: f64,
    /// Their interval.
    pub incremental_units_interval: Interval,
    /// Their value.
    pub value: f64,
    /// Its interval.
    pub value_interval: Interval,
    /// Return, where a cost was given.
    pub return_on_cost: Option<ReturnOnCost>,
    /// The finding in a sentence.
    pub finding: String,
}

/// Value over cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReturnOnCost {
    /// The cost given.
    pub cost: f64,
    /// Value less cost.
    pub net_value: f64,
    /// Value over cost: above 1 the treatment earned more than it cost.
    pub ratio: f64,
    /// Its interval.
    pub ratio_interval: Interval,
    /// Probability that the ratio is above 1, given the data and nothing else known before (a flat prior).
    pub probability_above_one: f64,
}
