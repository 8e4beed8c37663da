//! Sample-ratio check of a randomised design: do the arms have the sizes that were planned?
//!
//! Pearson's chi-square test with one degree of freedom against the planned share of treated rows.
//! A mismatch hints at a fault of assignment or of logging (Fabijan et al., KDD 2019).

use serde::{Deserialize, Serialize};

use crate::distribution::chi_square_upper_tail;
use crate::error::CausalError;
use crate::sample::{Sample, TreatmentKind};

/// p-values below this are flagged: a mismatch, where there is one, is usually glaring.
const FLAG_BELOW: f64 = 0.01;

/// The sizes of the arms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Split {
    /// Rows in the treated arm.
    pub treated_rows: usize,
    /// Rows in the control arm.
    pub control_rows: usize,
    /// Share of treated rows.
    pub treated_share: f64,
    /// The test against the planned share, where one was given.
    pub test: Option<SplitTest>,
}

/// The test against a planned share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SplitTest {
    /// Planned share of treated rows.
    pub expected_share: f64,
    /// Chi-square statistic, one degree of freedom.
    pub statistic: f64,
    /// Probability of a split at least this far from the plan.
    pub p_value: f64,
    /// Whether it is flagged.
    pub flagged: bool,
    /// The finding in a sentence.
    pub finding: String,
}

/// Sizes of the arms, tested against a planned share if one is given; `None` for a continuous treatment.
///
/// # Errors
/// A planned share that is not between 0 and 1.
pub fn split(sample: &Sample, expected_share: Option<f64>) -> Result<Option<Split>, CausalError> {
    let TreatmentKind::Binary { control_rows, treated_rows, .. } = *sample.treatment_kind() else {
        return Ok(None);
    };
    let rows = (control_rows + treated_rows) as f64;
    let treated_share = treated_rows as f64 / rows;
    let test = expected_share.map(|expected| test(treated_share, rows, expected)).transpose()?;
    Ok(Some(Split { treated_rows, control_rows, treated_share, test }))
}

fn test(treated_share: f64, rows: f64, expected_share: f64) -> Result<SplitTest, CausalError> {
    if !(expected_share > 0.0 && expected_share < 1.0) {
        let expected = "between 0 and 1, both excluded";
        let value = expected_share.to_string();
        return Err(CausalError::InvalidOption { option: "expected share of treated rows", value, expected });
    }
    let statistic = rows * (treated_share - expected_share).powi(2) / (expected_share * (1.0 - expected_share));
    let p_value = chi_square_upper_tail(statistic, 1.0);
    let flagged = p_value < FLAG_BELOW;
    let shares = format!("{:.2} % treated where {:.2} % were planned", 100.0 * treated_share, 100.0 * expected_share);
    let finding = if flagged {
        format!("sample-ratio mismatch: {shares} (p = {p_value:.2e}); look for a fault in assignment or logging")
    } else {
        format!("the split agrees with the plan: {shares} (p = {p_value:.3})")
    };
    Ok(SplitTest { expected_share, statistic, p_value, flagged, finding })
}
