//! Whether estimates that should be one number are: between estimators, before and after, on negative controls.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::estimate::Interval;
use super::estimator::Estimator;

/// A test of each estimator against one that answers the same question and assumes less.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Agreement {
    /// One entry a comparison.
    pub comparisons: Vec<AgreementRow>,
    /// Whether any is a red flag.
    pub flagged: bool,
    /// The finding in a sentence.
    pub finding: String,
}

/// One estimator against another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AgreementRow {
    /// The estimator.
    pub estimator: Estimator,
    /// The one that it is held against.
    pub against: Estimator,
    /// Its estimate less the other's.
    pub difference: f64,
    /// Standard error of the difference.
    pub standard_error: f64,
    /// How that error was found.
    pub method: String,
    /// Probability of a difference at least this large if both estimated the same number.
    pub p_value: f64,
    /// Adjusted by Holm for all comparisons.
    pub adjusted_p_value: f64,
    /// Whether it is a red flag: beyond chance, and large beside the estimate's own error.
    pub flagged: bool,
}

/// ANCOVA beside the change score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BeforeAfter {
    /// ANCOVA less change score.
    pub difference: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Whether they differ beyond chance.
    pub apart: bool,
    /// From the lowest to the highest end of the two intervals: what holds whichever assumption is right.
    pub bracket: Interval,
    /// The finding in a sentence.
    pub finding: String,
}

/// The effect on an outcome that the treatment cannot have moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NegativeControl {
    /// The outcome.
    pub outcome: String,
    /// Whether it is the outcome before the treatment.
    pub baseline: bool,
    /// The estimator: that of the head where it can be had, else regression adjustment.
    pub estimator: Estimator,
    /// The effect; it should be none.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Probability of an effect at least this large if there were none.
    pub p_value: f64,
    /// Adjusted by Holm for all negative controls.
    pub adjusted_p_value: f64,
    /// Confidence interval.
    pub interval: Interval,
    /// Whether it is a red flag.
    pub flagged: bool,
    /// The finding in a sentence.
    pub finding: String,
}
