//! The refuters and the sensitivity to an unobserved confounder, of every estimator.
//!
//! Linear estimators are refuted in full, by algebra. The others share the time set aside: what has an influence
//! function is resampled by it, all else is estimated again on as many rows, as often as the share pays for by the
//! expected cost of one estimate on one thread. The clock is not asked, so that the result is the same everywhere.

use causal::refute::{
    AgainPlan, Original, Plan, Refuter, placebo_treatment, random_common_cause, refute_again, refute_by_influence,
    resampling,
};
use causal::sensitivity::{SensitivityOptions, e_value_for, omitted_variable, unobserved_confounder};
use causal::{CausalError, Fit, Sample, Warning};
use domain::agents::causal_impact::cost::{Shape, Task, expected};
use domain::agents::causal_impact::{CausalImpactParameters, Design, Estimator, RefutationReport, SensitivityReport};

use super::estimated::{Estimated, Fitted};
use super::estimators::{self, Data};
use super::{refused, report};
use crate::AgentError;

/// Rows of one simulation at most: beyond, more rows tell a refuter nothing more.
const MOST_ROWS: usize = 200_000;

/// What refuters and sensitivity found.
#[derive(Default)]
pub(super) struct Refuted {
    pub(super) refutations: Vec<RefutationReport>,
    pub(super) sensitivity: Vec<SensitivityReport>,
    pub(super) warnings: Vec<Warning>,
}

/// Puts every estimate to the refuters.
pub(super) fn of(
    data: &Data<'_>,
    estimates: &[Estimated],
    tell: &mut dyn FnMut(f64, &str),
) -> Result<Refuted, AgentError> {
    let mut refuted = Refuted::default();
    let linear = |of_change: bool| -> Vec<(Estimator, &Fit)> {
        let own = estimates.iter().filter(|found| (found.estimator() == Estimator::ChangeScore) == of_change);
        own.filter_map(|found| match &found.fitted {
            Fitted::Linear(fit) => Some((found.estimator(), fit.as_ref())),
            _ => None,
        })
        .collect()
    };
    tell(0.0, "refuters: linear estimators");
    refuted.linear(data.parameters, data.sample, &linear(false))?;
    if let Some(change) = data.change {
        refuted.linear(data.parameters, change, &linear(true))?;
    }
    let costly: Vec<&Estimated> = estimates.iter().filter(|found| !matches!(found.fitted, Fitted::Linear(_))).collect();
    for (index, found) in costly.iter().enumerate() {
        let words = format!("refuters: {}", found.estimator().words());
        tell(0.1 + 0.9 * index as f64 / costly.len() as f64, &words);
        refuted.costly(data, found, costly.len()).map_err(refused)?;
        if data.parameters.design == Design::Observational {
            refuted.sensitivity.push(sensitivity(data, found).map_err(refused)?);
        }
    }
    Ok(refuted)
}

impl Refuted {
    /// The simulated refuters of all linear estimators of one sample at once: they share its products.
    pub(super) fn simulated(
        &mut self,
        parameters: &CausalImpactParameters,
        sample: &Sample,
        named: &[(Estimator, &Fit)],
    ) -> Result<(), AgentError> {
        let plan = plan(parameters);
        let fits: Vec<&Fit> = named.iter().map(|(_, fit)| *fit).collect();
        let mut groups = vec![placebo_treatment(sample, &fits, plan).map_err(refused)?];
        groups.push(random_common_cause(&fits, plan).map_err(refused)?);
        let resampled = resampling(sample, &fits, plan).map_err(refused)?;
        groups.extend([resampled.subset, resampled.bootstrap]);
        for group in groups {
            for ((estimator, _), found) in named.iter().zip(&group) {
                self.warnings.extend(found.warnings.iter().cloned());
                self.refutations.push(report::refutation(*estimator, found));
            }
        }
        Ok(())
    }

    /// The simulated refuters, and the unobserved confounder.
    fn linear(
        &mut self,
        parameters: &CausalImpactParameters,
        sample: &Sample,
        named: &[(Estimator, &Fit)],
    ) -> Result<(), AgentError> {
        if named.is_empty() {
            return Ok(());
        }
        self.simulated(parameters, sample, named)?;
        if parameters.design == Design::Randomised {
            // Nothing can have moved an assignment by chance: the question does not arise.
            return Ok(());
        }
        let options = SensitivityOptions { alpha: 1.0 - parameters.confidence_level, ..SensitivityOptions::default() };
        for (estimator, fit) in named {
            let found = unobserved_confounder(sample, fit, &options).map_err(refused)?;
            self.warnings.extend(found.warnings.iter().cloned());
            self.sensitivity.push(report::sensitivity(*estimator, &found));
        }
        Ok(())
    }

    /// One estimator that is dear to estimate again; `sharing` of them share the time.
    fn costly(&mut self, data: &Data<'_>, found: &Estimated, sharing: usize) -> Result<(), CausalError> {
        let estimator = found.estimator();
        let original = Original {
            confidence: data.parameters.confidence_level,
            ..Original::new(estimator.words(), found.report.estimate, found.report.standard_error)
        };
        let by_influence = [Refuter::DataSubset, Refuter::Bootstrap];
        let mut again = vec![Refuter::PlaceboTreatment, Refuter::RandomCommonCause];
        let mut refutations = if let Some(influence) = found.influence() {
            refute_by_influence(data.sample, &original, &influence, &by_influence, plan(data.parameters))?
        } else {
            again.extend(by_influence);
            Vec::new()
        };
        let refit = |sample: &Sample, seed: u64| {
            let parameters = CausalImpactParameters { seed, ..data.parameters.clone() };
            let data = Data { parameters: &parameters, sample, change: None, folds: None };
            estimators::one(&data, estimator).map(|found| found.report.estimate)
        };
        let budget = budget(data, estimator, sharing * again.len());
        refutations.extend(refute_again(data.sample, &original, &refit, &again, &budget)?);
        refutations.sort_by_key(|found| found.refuter as u8);
        for found in &refutations {
            // The same was cut of several estimators: each says whose.
            let named = found.warnings.iter().map(|warning| Warning {
                message: format!("{}: {}", estimator.words(), warning.message),
                ..warning.clone()
            });
            self.warnings.extend(named);
            self.refutations.push(report::refutation(estimator, found));
        }
        Ok(())
    }
}

const fn plan(parameters: &CausalImpactParameters) -> Plan {
    Plan { simulations: parameters.simulations as usize, seed: parameters.seed }
}

/// What one of so many refuters may cost, in rows times fits.
fn budget(data: &Data<'_>, estimator: Estimator, refuters: usize) -> AgainPlan {
    let Data { parameters, sample, .. } = data;
    let shape = Shape {
        rows: sample.rows(),
        columns: sample.columns(),
        folds: parameters.folds as usize,
        neighbours: parameters.matches as usize,
        ..Shape::default()
    };
    let seconds_per_row = expected(Task::of(parameters, estimator), &shape).seconds / sample.rows().max(1) as f64;
    let seconds = f64::from(parameters.refuter_budget_s) / refuters as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count of rows, bounded by the budget"
    )]
    let most_row_fits = (seconds / seconds_per_row).min(1e15) as usize;
    let simulations = parameters.simulations as usize;
    AgainPlan { simulations, seed: parameters.seed, most_row_fits, most_rows: MOST_ROWS }
}

/// Omitted-variable bias where there is a theory of it, and the E-value.
fn sensitivity(data: &Data<'_>, found: &Estimated) -> Result<SensitivityReport, CausalError> {
    let alpha = 1.0 - data.parameters.confidence_level;
    let interval = causal::Interval {
        confidence: found.report.interval.confidence_level,
        lower: found.report.interval.lower,
        upper: found.report.interval.upper,
    };
    let e_value = e_value_for(data.sample, found.report.estimate, interval);
    let omitted = match &found.fitted {
        Fitted::DoublyRobust(fit) => omitted_variable(data.sample, fit, alpha)?,
        _ => None,
    };
    Ok(report::general_sensitivity(found.estimator(), alpha, omitted.as_ref(), e_value.as_ref()))
}
