//! `causal_impact`: did the treatment move the outcome, by how much, and what speaks against it.
//!
//! One binary or continuous treatment, one numeric outcome, covariates to hold fixed. The result carries the estimate
//! of each estimator, what the refuters found, what the diagnostics found, and everything the plots need. How it is
//! computed and how to read it: `docs/agents/causal_impact.md`.

mod check;
mod diagnostics;
mod parameters;
mod refutation;
mod result;

pub use diagnostics::{
    ArmSummary, Balance, BalanceRow, ColumnCount, ColumnSummary, Diagnostics, JointBalance, LevelShare, Split,
    SplitTest,
};
pub use parameters::{
    CausalImpactParameters, Design, EstimatorChoice, MOST_SIMULATIONS, MissingValues, StandardErrorChoice,
};
pub use refutation::{Benchmark, Contour, EValue, RefutationReport, Refuter, SensitivityReport};
pub use result::{
    CausalImpactResult, EstimateReport, Estimator, Interval, Notice, RedFlag, ReferenceDistribution, StandardError,
    StandardErrorConvention, TreatmentReport, Versions,
};

use super::{AgentContract, ParameterProblem};
use crate::dataset::TableSchema;

/// The contract of `causal_impact`.
#[derive(Debug)]
pub struct CausalImpact;

impl AgentContract for CausalImpact {
    const NAME: &'static str = "causal_impact";
    const VERSION: i32 = 1;
    const TITLE: &'static str = "Causal impact";
    const SUMMARY: &'static str = "Did the treatment move the outcome, and by how much: difference in means and regression adjustment, put to five \
                                   refuters and checked for balance.";

    type Parameters = CausalImpactParameters;
    type Output = CausalImpactResult;

    fn check(parameters: &CausalImpactParameters, table: Option<&TableSchema>) -> Result<(), Vec<ParameterProblem>> {
        check::check(parameters, table)
    }
}
