//! A script in Python that repeats an analysis with other people's packages and compares the numbers.
//!
//! [`script`] is pure text: the pieces beside this file (each a module of readable Python) that the estimators of the
//! result need, in one file, with the analysis as a literal ([`literal`]) between the imports and the pieces
//! ([`assemble`]). Everything that a user wrote stands inside that literal and nowhere else.
//!
//! To add an estimator: a function under `@computes("its_name")` in a piece, the piece in [`PIECES`], and a case in
//! `crates/agents/tests/it/reproduce.rs`, which runs the script.

mod assemble;
mod literal;

use serde_json::{Value, json};

use super::estimate::EstimateReport;
use super::estimator::Estimator;
use super::result::CausalImpactResult;
use super::{CausalImpact, CausalImpactParameters};
use crate::agents::AgentContract;

/// A piece of the script and the analyses that need it.
struct Piece {
    source: &'static str,
    needed: fn(&Content) -> bool,
}

/// In the order in which they build on each other.
const PIECES: [Piece; 15] = [
    Piece { source: include_str!("table.py"), needed: |_| true },
    Piece { source: include_str!("study.py"), needed: |_| true },
    Piece { source: include_str!("linear.py"), needed: |content| content.any(is_linear) },
    Piece { source: include_str!("propensity.py"), needed: |content| content.any(has_propensity) },
    Piece {
        source: include_str!("weighting.py"),
        needed: |content| content.any(|one| one == Estimator::InversePropensityWeighting),
    },
    Piece { source: include_str!("matching.py"), needed: |content| content.any(is_matching) },
    Piece { source: include_str!("folds.py"), needed: |content| content.any(is_cross_fitted) },
    Piece { source: include_str!("doubly_robust.py"), needed: |content| content.any(is_cross_fitted) },
    Piece { source: include_str!("two_by_two.py"), needed: |content| content.any(|one| one == Estimator::TwoByTwo) },
    Piece { source: include_str!("panel.py"), needed: |content| content.any(is_panel) },
    Piece {
        source: include_str!("two_way.py"),
        needed: |content| content.any(|one| one == Estimator::TwoWayFixedEffects),
    },
    Piece {
        source: include_str!("group_time.py"),
        needed: |content| content.any(|one| one == Estimator::CallawaySantanna),
    },
    Piece { source: include_str!("arms.py"), needed: |content| content.has_arms },
    Piece { source: include_str!("arms_aipw.py"), needed: |content| content.has_arms && content.any(is_cross_fitted) },
    Piece { source: include_str!("compare.py"), needed: |_| true },
];

/// The packages with the versions that the tests use.
const REQUIREMENTS: &str = include_str!("requirements.txt");

/// What decides which pieces are needed.
struct Content {
    estimators: Vec<Estimator>,
    has_arms: bool,
}

impl Content {
    fn any(&self, is: impl Fn(Estimator) -> bool) -> bool {
        self.estimators.iter().any(|&one| is(one))
    }
}

const fn is_linear(estimator: Estimator) -> bool {
    matches!(
        estimator,
        Estimator::DifferenceInMeans
            | Estimator::RegressionAdjustment
            | Estimator::Ancova
            | Estimator::ChangeScore
            | Estimator::TwoByTwo
    )
}

const fn has_propensity(estimator: Estimator) -> bool {
    matches!(estimator, Estimator::InversePropensityWeighting) || is_matching(estimator)
}

const fn is_matching(estimator: Estimator) -> bool {
    matches!(estimator, Estimator::PropensityMatching | Estimator::MahalanobisMatching)
}

const fn is_cross_fitted(estimator: Estimator) -> bool {
    matches!(
        estimator,
        Estimator::AipwLinear | Estimator::AipwBoosted | Estimator::PartiallyLinear | Estimator::PartiallyLinearBoosted
    )
}

const fn is_boosted(estimator: Estimator) -> bool {
    matches!(estimator, Estimator::AipwBoosted | Estimator::PartiallyLinearBoosted)
}

const fn is_panel(estimator: Estimator) -> bool {
    matches!(estimator, Estimator::TwoWayFixedEffects | Estimator::CallawaySantanna)
}

/// The script; none where it could repeat nothing.
#[must_use]
pub(super) fn script(
    parameters: &CausalImpactParameters,
    result: &CausalImpactResult,
    dataset: Option<&str>,
) -> Option<String> {
    if result.estimates.is_empty() {
        return None;
    }
    let estimators = result.estimates.iter().map(|report| report.estimator).collect();
    let content = Content { estimators, has_arms: !result.contrasts.is_empty() };
    let sources: Vec<&str> = PIECES.iter().filter(|piece| (piece.needed)(&content)).map(|piece| piece.source).collect();
    let analysis = json!({
        "dataset": dataset,
        "agent": format!("{} {}", CausalImpact::NAME, result.versions.agent),
        "estimates": result.estimates.iter().map(|report| told(report, result)).collect::<Vec<_>>(),
        "parameters": parameters,
    });
    Some(assemble::script(&sources, REQUIREMENTS, &literal::of(&analysis)))
}

/// What the script is told of an estimate.
fn told(report: &EstimateReport, result: &CausalImpactResult) -> Value {
    let own = result.contrasts.iter().filter(|contrast| contrast.estimator == report.estimator);
    let contrasts = own.map(|contrast| {
        json!({
            "arm": contrast.arm,
            "estimate": contrast.estimate,
            "standard_error": contrast.standard_error,
            "adjusted_p_value": contrast.adjusted_p_value,
        })
    });
    json!({
        "estimator": report.estimator,
        "estimate": report.estimate,
        "standard_error": report.standard_error,
        "error": report.convention.kind,
        "exact": !is_boosted(report.estimator),
        "contrasts": contrasts.collect::<Vec<_>>(),
    })
}
