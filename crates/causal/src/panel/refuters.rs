//! The refuters of [`crate::refute`] for panels: units or whole clusters are what is drawn.
//!
//! | refuter | a simulation |
//! | --- | --- |
//! | placebo treatment | the starts are dealt out to the units anew (to clusters that share one) |
//! | random common cause | one more covariate of noise, a number for each unit and period |
//! | data subset | units (clusters) are left out with probability 0.2 |
//! | bootstrap | the units (clusters) are split into two halves, by start |
//!
//! Each estimates the panel anew, cohorts and comparison units included; thresholds and budget are those
//! of [`crate::refute::refute_again`], the budget counted in rows (units times periods). [`super::placebo_in_unit`]
//! asks another question of the same placebos: whether the estimate stands out among them.

use super::placebo::{PanelEstimator, permuted_starts};
use super::prepare::Panel;
use super::problem::PanelError;
use super::regression::{Design, Within};
use super::within::TwoWay;
use crate::factor::PIVOT_TOLERANCE;
use crate::matrix::{centred_sum_of_squares, dot};
use crate::random::{Purpose, fill_noise, stream};
use crate::refute::engine::{Subject, refute};
use crate::refute::units::{Units, shared};
use crate::refute::{AgainPlan, Original, Refutation, Refuter};
use crate::study::NumericColumn;

/// What a refuter found for a panel's estimate: the same as for a sample's.
pub type PanelRefutation = Refutation;

/// Puts a panel's estimate to the four simulated refuters, in the order placebo treatment, random common cause,
/// data subset, bootstrap.
///
/// # Errors
/// A plan out of range, an original without a positive standard error.
pub fn panel_refuters(
    panel: &Panel,
    estimator: PanelEstimator,
    original: &Original,
    plan: &AgainPlan,
) -> Result<Vec<PanelRefutation>, PanelError> {
    plan.check()?;
    original.check()?;
    let estimate = |panel: &Panel, _seed: u64| {
        let value = match estimator {
            PanelEstimator::TwoWayFixedEffects => Ok(two_way_value(panel)),
            PanelEstimator::CallawaySantanna { .. } => estimator.value(panel).map(Some),
        };
        match value {
            Ok(Some(value)) => Ok(value),
            Ok(None) => Err("unit effects, period effects and covariates determine the treatment".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    };
    let refuters = [Refuter::PlaceboTreatment, Refuter::RandomCommonCause, Refuter::DataSubset, Refuter::Bootstrap];
    Ok(refute(panel, &estimate, original, &refuters, plan))
}

/// The coefficient of [`super::two_way_fixed_effects`] alone; `None` when nothing of the treatment is left.
fn two_way_value(panel: &Panel) -> Option<f64> {
    let effects = TwoWay::of(panel);
    let given = panel.covariates.iter().map(|column| (column.name.clone(), column.values.as_slice())).collect();
    let controls = Design::of(&Within::of(&effects, given), &mut Vec::new());
    let [treatment, outcome] = [&panel.treatment, &panel.outcome].map(|column| effects.residual(&column.values));
    let (treatment, outcome) = (controls.rest(&treatment), controls.rest(&outcome));
    let variation = dot(&treatment, &treatment);
    let enough = variation > PIVOT_TOLERANCE * centred_sum_of_squares(&panel.treatment.values);
    enough.then(|| dot(&treatment, &outcome) / variation)
}

impl Subject for Panel {
    fn rows(&self) -> usize {
        Panel::rows(self)
    }

    /// Clusters, by start where their units share one.
    fn units(&self) -> Units {
        let word = if self.clusters.count() == self.units.len() { "unit" } else { "cluster" };
        let starts: Vec<f64> = self.start.iter().map(|start| start.map_or(-1.0, f64::from)).collect();
        Units::of(&shared(&self.clusters, &starts), word, "start of the treatment")
    }

    fn part(&self, kept: &[bool]) -> Result<Self, String> {
        let keep: Vec<bool> = (0..self.units.len()).map(|unit| kept[self.clusters.of_row(unit)]).collect();
        if keep.iter().all(|&kept| !kept) {
            return Err("no unit is left".into());
        }
        Ok(Panel::part(self, &keep, 0..self.periods.len()))
    }

    fn placebo(&self, seed: u64, simulation: usize) -> Self {
        self.with_starts(permuted_starts(self, seed, simulation))
    }

    fn placebo_method(&self) -> &'static str {
        "the starts of the treatment are dealt out to the units (clusters that share one) anew"
    }

    fn with_noise(&self, seed: u64, simulation: usize) -> Result<Self, String> {
        let mut panel = self.clone();
        let mut values = vec![0.0; Panel::rows(self)];
        fill_noise(&mut stream(seed, Purpose::CommonCause, simulation), &mut values);
        panel.covariates.push(NumericColumn::new("random common cause", values));
        Ok(panel)
    }
}
