//! Placebo treatment: the same analysis with the treatment permuted must find nothing.

use super::probe::probe;
use super::{Draws, FLAG_BELOW, Plan, Refutation, Refuter};
use crate::error::CausalError;
use crate::estimate::Fit;
use crate::matrix::mean;
use crate::random::{Purpose, shuffle, stream};
use crate::sample::Sample;

/// Puts each fit to permuted treatments.
///
/// # Errors
/// A number of simulations out of range.
pub fn placebo_treatment(sample: &Sample, fits: &[&Fit], plan: Plan) -> Result<Vec<Refutation>, CausalError> {
    plan.check()?;
    let permutation = Permutation::of(sample);
    let overlaps = probe(fits, plan.simulations, |simulation, values| permutation.draw(plan.seed, simulation, values));
    let refutations = fits.iter().enumerate().map(|(index, fit)| {
        let estimates = overlaps.iter().map(|simulation| {
            let overlap = simulation[index];
            overlap.usable.then(|| overlap.with_outcome / overlap.own)
        });
        report(fit, Draws::of(estimates), permutation.method())
    });
    Ok(refutations.collect())
}

/// What is permuted: the treatment of rows, or of whole clusters that share one.
pub(crate) struct Permutation<'a> {
    sample: &'a Sample,
    centre: f64,
    centred: Vec<f64>,
    by_cluster: bool,
}

impl<'a> Permutation<'a> {
    pub(crate) fn of(sample: &'a Sample) -> Self {
        let centre = mean(&sample.treatment.values);
        let of_clusters = sample.clusters.as_ref().and_then(|groups| groups.constant_within(&sample.treatment.values));
        let by_cluster = of_clusters.is_some();
        // Centred, so that squares of a treatment far from zero do not cost digits; the intercept
        // takes the shift up.
        let mut centred = of_clusters.unwrap_or_else(|| sample.treatment.values.clone());
        for value in &mut centred {
            *value -= centre;
        }
        Self { sample, centre, centred, by_cluster }
    }

    pub(crate) fn draw(&self, seed: u64, simulation: usize, values: &mut [f64]) {
        let mut generator = stream(seed, Purpose::Placebo, simulation);
        match &self.sample.clusters {
            Some(clusters) if self.by_cluster => {
                let mut shared = self.centred.clone();
                shuffle(&mut generator, &mut shared);
                values.iter_mut().enumerate().for_each(|(row, value)| *value = shared[clusters.of_row(row)]);
            }
            _ => {
                values.copy_from_slice(&self.centred);
                shuffle(&mut generator, values);
            }
        }
    }

    /// The permuted treatment in the coding of the sample.
    pub(crate) fn treatment(&self, seed: u64, simulation: usize) -> Vec<f64> {
        let mut values = vec![0.0; self.sample.rows()];
        self.draw(seed, simulation, &mut values);
        let binary = self.sample.is_binary();
        for value in &mut values {
            *value = if binary { f64::from(u8::from(*value > 0.0)) } else { *value + self.centre };
        }
        values
    }

    pub(crate) fn method(&self) -> &'static str {
        if self.by_cluster {
            "the treatment of whole clusters is permuted"
        } else {
            "the treatment is permuted over the rows"
        }
    }
}

fn report(fit: &Fit, draws: Draws, method: &str) -> Refutation {
    let original = fit.estimate.value;
    let p_value = draws.two_sided_position(0.0);
    let permutation_p_value = draws.at_least_as_far(original);
    let flagged = p_value < FLAG_BELOW || draws.values.is_empty();
    let finding = if draws.values.is_empty() {
        "no permutation of the treatment could be analysed".to_owned()
    } else if flagged {
        format!(
            "permuted treatments have effects around {:.4} instead of zero: the analysis finds effects where there are none",
            draws.mean
        )
    } else {
        format!(
            "permuted treatments have effects around zero (mean {:.4}); an effect as large as the estimate came up in {:.1} % of them",
            draws.mean,
            100.0 * share_as_large(&draws, original)
        )
    };
    Refutation {
        refuter: Refuter::PlaceboTreatment,
        estimator: fit.estimate.estimator.name().into(),
        tests: "whether the analysis finds an effect of a treatment that cannot have one".into(),
        method: method.into(),
        original,
        simulations_asked: draws.values.len() + draws.failed,
        rows: fit.estimate.rows,
        simulations: draws.values.len(),
        failed_simulations: draws.failed,
        mean: draws.mean,
        standard_deviation: draws.standard_deviation,
        p_value,
        p_value_meaning: "two-sided position of zero among the placebo effects; small means that placebo effects are not centred on zero".into(),
        permutation_p_value: Some(permutation_p_value),
        interval: None,
        same_sign_share: None,
        flagged,
        finding,
        warnings: draws.warnings("placebo"),
        values: draws.values,
    }
}

fn share_as_large(draws: &Draws, original: f64) -> f64 {
    let count = draws.values.iter().filter(|value| value.abs() >= original.abs()).count();
    count as f64 / draws.values.len() as f64
}
