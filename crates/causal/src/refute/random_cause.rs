//! Random common cause: one more covariate that is pure noise must not move the estimate.
//!
//! With `w` the noise, `M` the projection off the controls and `r = Mt`:
//! `b = (r'y - r'w w'My / w'Mw) / (r'r - (r'w)² / w'Mw)` is the coefficient of the treatment in the
//! regression that holds `w` fixed as well.

use super::probe::{Overlap, probe};
use super::{Draws, FLAG_BELOW, Plan, Refutation, Refuter};
use crate::error::CausalError;
use crate::estimate::Fit;
use crate::factor::PIVOT_TOLERANCE;
use crate::random::{Purpose, fill_noise, stream};

/// Adds a random covariate to each fit, again and again.
///
/// # Errors
/// A number of simulations out of range.
pub fn random_common_cause(fits: &[&Fit], plan: Plan) -> Result<Vec<Refutation>, CausalError> {
    plan.check()?;
    let overlaps = probe(fits, plan.simulations, |simulation, values| {
        fill_noise(&mut stream(plan.seed, Purpose::CommonCause, simulation), values);
    });
    let refutations = fits
        .iter()
        .enumerate()
        .map(|(index, fit)| report(fit, Draws::of(overlaps.iter().map(|simulation| adjusted(fit, simulation[index])))));
    Ok(refutations.collect())
}

fn adjusted(fit: &Fit, overlap: Overlap) -> Option<f64> {
    if !overlap.usable {
        return None;
    }
    let variation = fit.treatment_variation - overlap.with_treatment * overlap.with_treatment / overlap.own;
    let covariation =
        fit.treatment_variation * fit.estimate.value - overlap.with_treatment * overlap.with_outcome / overlap.own;
    (variation > PIVOT_TOLERANCE * fit.treatment_variation).then(|| covariation / variation)
}

fn report(fit: &Fit, draws: Draws) -> Refutation {
    let original = fit.estimate.value;
    let p_value = draws.two_sided_position(original);
    let flagged = p_value < FLAG_BELOW || draws.values.is_empty();
    let shift = (draws.mean - original) / fit.estimate.standard_error;
    let finding = if flagged {
        format!(
            "adding a random covariate moves the estimate to {:.4} on average ({shift:.2} standard errors)",
            draws.mean
        )
    } else {
        format!(
            "adding a random covariate leaves the estimate at {:.4} on average ({shift:.2} standard errors away)",
            draws.mean
        )
    };
    Refutation {
        refuter: Refuter::RandomCommonCause,
        estimator: fit.estimate.estimator.name().into(),
        tests: "whether the estimate moves when a covariate is added that has nothing to do with anything".into(),
        method: "one covariate, uniform with mean 0 and variance 1, independent of all columns, is added".into(),
        original,
        simulations_asked: draws.values.len() + draws.failed,
        rows: fit.estimate.rows,
        simulations: draws.values.len(),
        failed_simulations: draws.failed,
        mean: draws.mean,
        standard_deviation: draws.standard_deviation,
        p_value,
        p_value_meaning: "two-sided position of the estimate among the estimates with a random covariate; small means that these lie to one side of it".into(),
        permutation_p_value: None,
        interval: None,
        same_sign_share: None,
        flagged,
        finding,
        warnings: draws.warnings("random common cause"),
        values: draws.values,
    }
}
