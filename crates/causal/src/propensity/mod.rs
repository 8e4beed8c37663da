//! The propensity score: probability of treatment given the covariates, by logistic regression.
//!
//! With `p = 1 / (1 + exp(-x'b))` the log likelihood `sum w (t log p + (1-t) log(1-p))` is climbed by
//! Newton's method (iteratively reweighted least squares; McCullagh-Nelder 1989, 4.4), without ridge:
//! `b += (X'WX)^-1 X'w(t-p)`, `W = w p (1-p)`, the step halved while the likelihood falls. Columns are
//! centred and scaled first ([`PropensityDesign`]); coefficients and covariance are given back in the
//! covariates' own units. It has converged when a step changes no linear predictor by more than `1e-9`.
//!
//! Separation (Albert-Anderson 1984) is detected, not smoothed over: when steps do not shrink, the
//! step's direction `d` is tried as a certificate (`x'd >= 0` for all treated, `<= 0` for all controls).
//!
//! Rows of weight zero take no part in a fit but get a probability: that is how cross-fitting fits on
//! some rows and predicts on others, and how the bootstrap reweights.

mod design;
mod logistic;

use crate::error::CausalError;
use crate::sample::Sample;

pub use self::design::PropensityDesign;
pub use self::logistic::LogisticFit;

/// The propensity model of a sample: all covariates, an absorbed category included as indicators.
///
/// # Errors
/// A treatment that is not binary, too many columns, too few rows, complete separation, no convergence.
pub fn propensity(sample: &Sample) -> Result<(PropensityDesign, LogisticFit), CausalError> {
    let design = PropensityDesign::of(sample)?;
    let fit = design.fit(sample.treatment_values(), None)?;
    Ok((design, fit))
}
