//! What before and after say: the panel, effects by time since the start, pre-trends, placebos.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::estimate::Interval;
use super::estimator::Estimator;

/// A panel, or two groups at two times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PanelReport {
    /// Two groups at two times.
    TwoTimes(Cells),
    /// Units over periods.
    Panel(Box<Panel>),
}

/// The four cells of two groups at two times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cells {
    /// The value of time that stands for before.
    pub before: String,
    /// The value that stands for after.
    pub after: String,
    /// Mean outcome of the comparison group, before and after.
    pub comparison_means: [f64; 2],
    /// Mean outcome of the treated group, before and after.
    pub treated_means: [f64; 2],
    /// Rows of the comparison group, before and after.
    pub comparison_rows: [u64; 2],
    /// Rows of the treated group, before and after.
    pub treated_rows: [u64; 2],
}

/// Units over periods.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Panel {
    /// Units used.
    pub units: u64,
    /// Units left out because they were treated from the first period on.
    pub units_left_out: u64,
    /// Periods, in order.
    pub periods: Vec<String>,
    /// Whether every unit has a row in every period.
    pub balanced: bool,
    /// Rows that a balanced panel would have besides.
    pub rows_lacking: u64,
    /// Units never treated within the panel.
    pub never_treated_units: u64,
    /// Treated units by their start.
    pub cohorts: Vec<Cohort>,
    /// Whether there is more than one start.
    pub staggered: bool,
    /// What errors are clustered by.
    pub cluster: String,
    /// Clusters.
    pub clusters: u64,
    /// Effects by periods since the start, for a plot: of group-time effects where they could be had, else of two-way
    /// fixed effects.
    pub event_study: Vec<EventEffect>,
    /// Which of the two `event_study` is.
    pub event_study_estimator: Option<Estimator>,
    /// Effects by cohort.
    pub by_cohort: Vec<PartEffect>,
    /// Effects by period.
    pub by_period: Vec<PartEffect>,
    /// Joint test that effects before the start are zero; absent without enough periods before it.
    pub pre_trend: Option<PreTrend>,
    /// How the two-way fixed effects weigh, where starts are staggered.
    pub two_way_weights: Option<TwoWayWeights>,
    /// A start pretended before the first real one.
    pub placebo_in_time: Option<PlaceboInTime>,
    /// The estimate without each cohort.
    pub without_cohort: Vec<WithoutCohort>,
    /// How far trends may have parted.
    pub trend_breakdown: Option<TrendBreakdown>,
}

/// Units that start in the same period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cohort {
    /// The first treated period.
    pub start: String,
    /// Units.
    pub units: u64,
    /// Periods before the start.
    pub periods_before: u64,
}

/// The effect some periods since the start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EventEffect {
    /// Periods since the start; negative before it.
    pub event_time: i64,
    /// The effect; before the start it should be none.
    pub estimate: f64,
    /// Its standard error; none for the reference.
    pub standard_error: Option<f64>,
    /// Confidence interval of this effect alone.
    pub interval: Option<Interval>,
    /// Its part of a band that holds for all event times at once.
    pub band: Option<Interval>,
    /// Whether it is the reference, zero by definition.
    pub reference: bool,
}

/// The effect on one cohort or in one period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PartEffect {
    /// Start of the cohort, or the period.
    pub label: String,
    /// The effect.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Confidence interval.
    pub interval: Interval,
}

/// Joint test of the effects before the start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PreTrend {
    /// Wald statistic over its degrees of freedom.
    pub statistic: f64,
    /// Coefficients tested.
    pub numerator_degrees_of_freedom: f64,
    /// Degrees of freedom of the denominator.
    pub denominator_degrees_of_freedom: f64,
    /// Probability of trends at least this far apart if they were parallel.
    pub p_value: f64,
    /// Whether it is a red flag.
    pub flagged: bool,
    /// The finding in a sentence.
    pub finding: String,
}

/// How two-way fixed effects weigh single effects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TwoWayWeights {
    /// Treated rows.
    pub treated_rows: u64,
    /// Treated rows with a negative weight (de Chaisemartin and D'Haultfoeuille 2020).
    pub negative_rows: u64,
    /// The sum of the negative weights; all weights sum to one.
    pub negative_sum: f64,
    /// Weight of comparisons with units already treated (Goodman-Bacon 2021); absent with gaps or covariates.
    pub forbidden_weight: Option<f64>,
}

/// The effect of a start that never was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlaceboInTime {
    /// The pretended start.
    pub start: String,
    /// The effect found; it should be none.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Probability of an effect at least this large if there were none.
    pub p_value: f64,
    /// Whether it is a red flag.
    pub flagged: bool,
    /// The finding in a sentence.
    pub finding: String,
}

/// The estimate without one cohort.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WithoutCohort {
    /// Start of the cohort left out.
    pub start: String,
    /// The estimate without it; absent where it cannot be computed.
    pub estimate: Option<f64>,
    /// Whether it lies over three standard errors from the whole, or changes its sign.
    pub flagged: bool,
}

/// How far trends may have parted after the start, measured by how far they parted before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TrendBreakdown {
    /// Largest change of the trends' difference from one period to the next before the start, in size.
    pub largest_before: f64,
    /// How many times that in each period after the start brings the interval to zero; 0 when it includes zero already.
    pub breakdown: f64,
    /// The finding in a sentence.
    pub finding: String,
}
