//! The estimate that is put to the test, for refuters that know no estimator.

use serde::{Deserialize, Serialize};

use crate::error::CausalError;
use crate::estimate::check_confidence;

/// An estimate with its uncertainty and a label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Original {
    /// The caller's name of the estimator, handed on in [`super::Refutation::estimator`].
    pub estimator: String,
    /// The estimate.
    pub value: f64,
    /// Its reported standard error.
    pub standard_error: f64,
    /// Confidence level of intervals; the normal law is used.
    pub confidence: f64,
}

impl Original {
    /// An estimate with intervals at 95 %.
    pub fn new(estimator: impl Into<String>, value: f64, standard_error: f64) -> Self {
        Self { estimator: estimator.into(), value, standard_error, confidence: 0.95 }
    }

    pub(crate) fn check(&self) -> Result<(), CausalError> {
        check_confidence(self.confidence)?;
        let refuse = |option, value: f64, expected| {
            Err(CausalError::InvalidOption { option, value: value.to_string(), expected })
        };
        if !self.value.is_finite() {
            return refuse("the estimate to refute", self.value, "a finite number");
        }
        if !(self.standard_error > 0.0 && self.standard_error.is_finite()) {
            return refuse("the standard error to refute", self.standard_error, "positive and finite");
        }
        Ok(())
    }
}
