//! `causal_impact`: did the treatment move the outcome, by how much, and what speaks against it.
//!
//! One numeric outcome and a treatment of two or more arms or of an amount; one row a unit, two groups at two times, or
//! a panel. The result carries the estimate of each estimator and whether they agree, what the refuters and diagnostics
//! found, and everything the plots need. How it is computed and how to read it: `docs/agents/causal_impact.md`.
//!
//! To add an estimator: a variant of [`Estimator`] with what it needs, its computation in crate `causal`, and its line
//! in the agent's `estimators`.

mod agreement;
mod check;
mod choices;
pub mod cost;
mod diagnostics;
mod estimate;
mod estimator;
mod expected;
mod overlap;
mod panel;
mod parameters;
mod refutation;
mod reproduce;
mod result;
mod worth;

pub use agreement::{Agreement, AgreementRow, BeforeAfter, NegativeControl};
pub use choices::{ComparisonUnits, Design, Gaps, MissingValues, StandardErrorChoice, Target, TreatedFromStart};
pub use diagnostics::{
    ArmSummary, Balance, BalanceRow, ColumnCount, ColumnSummary, Diagnostics, JointBalance, LevelShare, Split,
    SplitTest,
};
pub use estimate::{
    Contrast, Estimand, EstimateReport, Interval, Matching, NotComputed, NuisanceQuality, ReferenceDistribution,
    StandardError, StandardErrorConvention, Weighting,
};
pub use estimator::{Estimator, Shape};
pub use expected::ROWS_TO_BOOST;
pub use overlap::{ArmOverlap, Overlap};
pub use panel::{
    Cells, Cohort, EventEffect, Panel, PanelReport, PartEffect, PlaceboInTime, PreTrend, TrendBreakdown, TwoWayWeights,
    WithoutCohort,
};
pub use parameters::{CausalImpactParameters, MOST_SIMULATIONS};
pub use refutation::{Benchmark, Contour, EValue, RefutationReport, Refuter, SensitivityReport};
pub use result::{ArmRows, CausalImpactResult, Notice, RedFlag, TreatmentReport, Versions};
pub use worth::{ReturnOnCost, Worth};

use super::{AgentContract, Expected, ParameterProblem};
use crate::dataset::TableSchema;

/// The contract of `causal_impact`.
#[derive(Debug)]
pub struct CausalImpact;

impl AgentContract for CausalImpact {
    const NAME: &'static str = "causal_impact";
    const VERSION: i32 = 2;
    const TITLE: &'static str = "Causal impact";
    const SUMMARY: &'static str = "Did the treatment move the outcome, by how much, and was it worth it: regression, weighting, matching, doubly \
                                   robust and before-and-after estimators, held against each other, put to refuters and checked for overlap.";

    type Parameters = CausalImpactParameters;
    type Output = CausalImpactResult;

    fn check(parameters: &CausalImpactParameters, table: Option<&TableSchema>) -> Result<(), Vec<ParameterProblem>> {
        check::check(parameters, table)
    }

    fn expected(parameters: &CausalImpactParameters, table: Option<&TableSchema>) -> Option<Expected> {
        table.map(|table| expected::expected(parameters, table))
    }

    fn reproduce(
        parameters: &CausalImpactParameters,
        result: &CausalImpactResult,
        dataset: Option<&str>,
    ) -> Option<String> {
        reproduce::script(parameters, result, dataset)
    }
}
