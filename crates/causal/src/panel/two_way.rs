//! Two-way fixed effects: `y_it = a_i + b_t + d D_it + c'x_it + e_it`, with cluster-robust errors.
//!
//! With one start, `d` is the difference in differences. With several, it averages the effects of
//! units and periods with weights that may be negative, and units already treated serve as
//! comparison (Goodman-Bacon 2021; de Chaisemartin-D'Haultfoeuille 2020): the result says how much.

use serde::{Deserialize, Serialize};

use super::comparisons::{Comparisons, NegativeWeights, negative_weights};
use super::prepare::Panel;
use super::problem::{PanelError, PanelWarning, PanelWarningCode};
use super::regression::{Coefficient, Design, PanelInference, Within, fit};
use super::within::TwoWay;
use crate::error::CausalError;
use crate::factor::PIVOT_TOLERANCE;
use crate::matrix::{centred_sum_of_squares, dot};
use crate::standard_error::StandardErrorConvention;

/// The coefficient of the treatment and what it is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TwoWayEstimate {
    /// The effect.
    pub effect: Coefficient,
    /// Coefficients of the covariates that were kept.
    pub covariates: Vec<Coefficient>,
    /// Rows used.
    pub rows: usize,
    /// Share of the variation within units and periods that treatment and covariates explain.
    pub within_r_squared: f64,
    /// The standard errors' exact meaning.
    pub convention: StandardErrorConvention,
    /// How the coefficient weighs the effects of single units and periods.
    pub negative_weights: NegativeWeights,
    /// The comparisons of two cohorts that make up the coefficient; absent with gaps or covariates.
    pub comparisons: Option<Comparisons>,
    /// What to know about this estimate.
    pub warnings: Vec<PanelWarning>,
}

/// Estimates the effect with unit and period effects.
///
/// # Errors
/// A treatment that effects and covariates determine, too few rows, a perfect fit, a confidence level
/// outside (0, 1).
pub fn two_way_fixed_effects(panel: &Panel, inference: &PanelInference) -> Result<TwoWayEstimate, PanelError> {
    inference.check()?;
    let effects = TwoWay::of(panel);
    let mut given = vec![(panel.treatment.name.clone(), panel.treatment.values.as_slice())];
    given.extend(panel.covariates.iter().map(|column| (column.name.clone(), column.values.as_slice())));
    given.push((panel.outcome.name.clone(), &panel.outcome.values));
    let columns = Within::of(&effects, given);
    let (given, outcome) = columns.split_at(columns.len() - 1);
    let controls = Design::of(&given[1..], &mut Vec::new());
    let treatment = controls.rest(&given[0].residual);
    if dot(&treatment, &treatment) <= PIVOT_TOLERANCE * centred_sum_of_squares(&panel.treatment.values) {
        return Err(undetermined(panel).into());
    }
    let fitted = fit(panel, &effects, given, &outcome[0].residual, inference)?;
    let mut coefficients = fitted.coefficients.into_iter();
    let effect = coefficients.next().ok_or_else(|| undetermined(panel))?;
    let weights = negative_weights(panel, &treatment);
    let comparisons = (panel.is_balanced() && controls.kept.is_empty()).then(|| Comparisons::of(panel));
    let mut warnings = fitted.warnings;
    warnings.extend(staggered_warning(panel, &weights, comparisons.as_ref()));
    Ok(TwoWayEstimate {
        effect,
        covariates: coefficients.collect(),
        rows: panel.rows(),
        within_r_squared: fitted.r_squared,
        convention: fitted.convention,
        negative_weights: weights,
        comparisons,
        warnings,
    })
}

fn undetermined(panel: &Panel) -> CausalError {
    let mut with = vec!["unit effects".into(), "period effects".into()];
    with.extend(panel.covariates.iter().map(|column| column.name.clone()));
    CausalError::TreatmentCollinear { treatment: panel.treatment.name.clone(), with }
}

fn staggered_warning(
    panel: &Panel,
    weights: &NegativeWeights,
    comparisons: Option<&Comparisons>,
) -> Option<PanelWarning> {
    let starts = panel.starts().len();
    if starts < 2 {
        return None;
    }
    let forbidden = comparisons.map_or_else(String::new, |found| {
        format!(
            "; {:.1} % of its weight is on comparisons with units already treated (Goodman-Bacon 2021)",
            100.0 * found.forbidden_weight
        )
    });
    let message = format!(
        "units start the treatment in {starts} different periods: one coefficient with unit and period effects misleads when effects differ over time or between cohorts{forbidden}; {} of {} treated rows have a negative weight, {:.4} in all (de Chaisemartin-D'Haultfoeuille 2020); prefer the group-time effects of Callaway and Sant'Anna",
        weights.rows, weights.treated_rows, weights.sum
    );
    Some(PanelWarning::new(PanelWarningCode::StaggeredTwoWay, message))
}
