//! What comes back from `causal_impact`: the effect, its error, what speaks against it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::agreement::{Agreement, BeforeAfter, NegativeControl};
use super::choices::Design;
use super::diagnostics::Diagnostics;
use super::estimate::{Contrast, Estimand, EstimateReport, Interval, NotComputed};
use super::estimator::Estimator;
use super::overlap::Overlap;
use super::panel::PanelReport;
use super::parameters::CausalImpactParameters;
use super::refutation::{RefutationReport, SensitivityReport};
use super::worth::Worth;

/// An effect with everything needed to judge, plot and repeat it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CausalImpactResult {
    /// The effect: treated less control, or per unit of a continuous treatment; with several arms, of the first.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Its confidence interval.
    pub interval: Interval,
    /// Probability of an estimate at least this far from zero if there were no effect.
    pub p_value: f64,
    /// Which of `estimates` the four numbers above are.
    pub estimator: Estimator,
    /// Whose effect it is.
    pub estimand: Estimand,
    /// "no red flags found", or "red flags: " and what they are.
    pub finding: String,
    /// The result in plain sentences.
    pub summary: Vec<String>,
    /// What a reader must know before using the number.
    pub red_flags: Vec<RedFlag>,
    /// What a reader should know.
    pub warnings: Vec<Notice>,
    /// How the treatment came about, as stated by the analyst.
    pub design: Design,
    /// What was compared with what.
    pub treatment: TreatmentReport,
    /// One entry an estimator; the one at the head comes first.
    pub estimates: Vec<EstimateReport>,
    /// Estimators that apply and gave no estimate, with the reason.
    pub not_computed: Vec<NotComputed>,
    /// A treatment of several arms: each arm against the control, by each estimator.
    pub contrasts: Vec<Contrast>,
    /// Whether the estimators agree; absent when there is nothing to compare.
    pub agreement: Option<Agreement>,
    /// Whether the arms have comparable rows; for two arms with covariates.
    pub overlap: Option<Overlap>,
    /// With a baseline: ANCOVA beside the change score.
    pub before_after: Option<BeforeAfter>,
    /// Effects on outcomes that the treatment cannot have moved.
    pub negative_controls: Vec<NegativeControl>,
    /// With unit and time, or time alone: what before and after say.
    pub panel: Option<PanelReport>,
    /// One entry a refuter and estimator.
    pub refutations: Vec<RefutationReport>,
    /// Sensitivity to an unobserved confounder, one entry an estimator; empty for a randomised design.
    pub sensitivity: Vec<SensitivityReport>,
    /// What the effect is worth, where a value was given.
    pub worth: Option<Worth>,
    /// Rows, balance, summaries, checks of the design.
    pub diagnostics: Diagnostics,
    /// The seed of folds and simulations.
    pub seed: u64,
    /// What computed it.
    pub versions: Versions,
    /// The parameters, defaults filled in.
    pub parameters: CausalImpactParameters,
}

/// What was compared with what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TreatmentReport {
    /// Two arms.
    Binary {
        /// Value of the control arm.
        control: String,
        /// Value of the treated arm.
        treated: String,
        /// Rows of the control arm.
        control_rows: u64,
        /// Rows of the treated arm.
        treated_rows: u64,
    },
    /// Several arms against a control.
    Arms {
        /// Value of the control.
        control: String,
        /// The arms with their rows, the control among them.
        arms: Vec<ArmRows>,
    },
    /// Units of a panel that are treated from some period on, against units that are not (yet).
    Adoption {
        /// Units that are treated within the panel.
        treated_units: u64,
        /// Units that are not.
        untreated_units: u64,
    },
    /// An amount.
    Continuous {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        standard_deviation: f64,
    },
}

/// An arm and its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ArmRows {
    /// The value.
    pub arm: String,
    /// Rows with it.
    pub rows: u64,
}

/// Something a reader must know before using the number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RedFlag {
    /// Which check raised it, as `balance` or `bootstrap`.
    pub check: String,
    /// What it found.
    pub message: String,
}

/// Something a reader should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Notice {
    /// What it is about, for programs, as `rows_dropped`.
    pub code: String,
    /// The sentence.
    pub message: String,
}

/// What computed a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Versions {
    /// Version of the agent.
    pub agent: i32,
    /// Version of the crate `causal`.
    pub causal: String,
}
