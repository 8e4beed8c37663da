//! `causal_impact`: loads the columns, fits the estimators, puts them to the refuters, and says what was found.
//!
//! The numbers come from crate `causal`; here stand the steps ([`Compute`]), how columns become a study ([`study`]),
//! how results become the contract's types ([`report`]), what counts as a red flag ([`flags`]) and the plain words
//! ([`words`]).

mod flags;
mod report;
mod study;
mod words;

use causal::refute::{Plan, Refutation, placebo_treatment, random_common_cause, resampling};
use causal::sensitivity::{Sensitivity, SensitivityOptions, unobserved_confounder};
use causal::{CausalError, Fit, Inference, ReferenceDistribution, Sample, StandardErrorKind, diagnostics};
use domain::agents::AgentContract;
use domain::agents::causal_impact::{
    CausalImpact, CausalImpactParameters, CausalImpactResult, Design, EstimatorChoice, Notice, StandardErrorChoice,
    Versions,
};
use tables::read::{ReadError, Table};

use crate::{AgentError, Compute, Input, Progress};

/// Below this many rows `auto` takes HC3 (Long and Ervin 2000).
const SMALL_SAMPLE: usize = 250;

/// Everything computed, before it is put into words.
struct Findings {
    sample: Sample,
    /// What was noticed about the columns themselves.
    notices: Vec<Notice>,
    /// The one at the head comes first.
    fits: Vec<Fit>,
    refutations: Vec<Refutation>,
    sensitivity: Vec<Sensitivity>,
    balance: diagnostics::Balance,
    columns: Vec<diagnostics::CovariateSummary>,
    split: Option<diagnostics::Split>,
    joint_balance: Option<diagnostics::JointBalance>,
}

impl Compute for CausalImpact {
    fn compute(
        parameters: &CausalImpactParameters,
        input: &Input,
        progress: &mut dyn Progress,
    ) -> Result<CausalImpactResult, AgentError> {
        let stored = input.table()?;
        let columns = study::columns(parameters);
        let mut loading = |fraction: f64| progress.report(0.4 * fraction, "reading the table");
        let table = Table::load(&input.objects, stored, &columns, &mut loading).map_err(unread)?;
        let study = study::study(parameters, &table)?;
        drop(table);
        let findings = analyse(parameters, study, progress)?;
        progress.report(1.0, "done");
        Ok(result(parameters, &findings))
    }
}

fn analyse(
    parameters: &CausalImpactParameters,
    study: causal::Study,
    progress: &mut dyn Progress,
) -> Result<Findings, AgentError> {
    progress.report(0.4, "checking the data");
    let notices = study::nearly_numbers(parameters, &study);
    let sample = Sample::prepare(study).map_err(refused)?;
    let balance = diagnostics::balance(&sample);
    let columns = diagnostics::summaries(&sample);
    let randomised = parameters.design == Design::Randomised;
    let split = diagnostics::split(&sample, parameters.expected_treated_share).map_err(refused)?;
    progress.report(0.5, "estimating the effect");
    let fits = fits(parameters, &sample)?;
    let joint_balance = if randomised { joint_balance(&sample, &fits) } else { None };
    let borrowed: Vec<&Fit> = fits.iter().collect();
    let plan = Plan { simulations: parameters.simulations as usize, seed: parameters.seed };
    progress.report(0.55, "placebo treatment");
    let mut refutations = placebo_treatment(&sample, &borrowed, plan).map_err(refused)?;
    progress.report(0.65, "random common cause");
    refutations.extend(random_common_cause(&borrowed, plan).map_err(refused)?);
    progress.report(0.75, "data subset and bootstrap");
    let resampled = resampling(&sample, &borrowed, plan).map_err(refused)?;
    refutations.extend(resampled.subset);
    refutations.extend(resampled.bootstrap);
    let sensitivity = if randomised {
        // Nothing can have moved an assignment by chance: the question does not arise.
        Vec::new()
    } else {
        progress.report(0.95, "unobserved confounder");
        let options = SensitivityOptions { alpha: 1.0 - parameters.confidence_level, ..SensitivityOptions::default() };
        let of_fit = |fit: &Fit| unobserved_confounder(&sample, fit, &options).map_err(refused);
        fits.iter().map(of_fit).collect::<Result<_, _>>()?
    };
    Ok(Findings { sample, notices, fits, refutations, sensitivity, balance, columns, split, joint_balance })
}

/// The estimators that apply, the one for the head first.
fn fits(parameters: &CausalImpactParameters, sample: &Sample) -> Result<Vec<Fit>, AgentError> {
    use causal::Estimator::{DifferenceInMeans, RegressionAdjustment};
    let inference = Inference {
        standard_error: standard_error(parameters, sample.rows()),
        confidence: parameters.confidence_level,
        distribution: ReferenceDistribution::StudentT,
    };
    let estimators = match parameters.estimator {
        _ if parameters.covariates.is_empty() => vec![DifferenceInMeans],
        EstimatorChoice::DifferenceInMeans => vec![DifferenceInMeans, RegressionAdjustment],
        EstimatorChoice::Auto | EstimatorChoice::RegressionAdjustment => vec![RegressionAdjustment, DifferenceInMeans],
    };
    estimators.into_iter().map(|estimator| causal::estimate(sample, estimator, &inference).map_err(refused)).collect()
}

fn standard_error(parameters: &CausalImpactParameters, rows: usize) -> StandardErrorKind {
    match parameters.standard_error {
        StandardErrorChoice::Auto if parameters.cluster.is_some() => StandardErrorKind::Cluster,
        StandardErrorChoice::Auto if rows < SMALL_SAMPLE => StandardErrorKind::Hc3,
        StandardErrorChoice::Auto | StandardErrorChoice::Hc2 => StandardErrorKind::Hc2,
        StandardErrorChoice::Classical => StandardErrorKind::Classical,
        StandardErrorChoice::Hc1 => StandardErrorKind::Hc1,
        StandardErrorChoice::Hc3 => StandardErrorKind::Hc3,
        StandardErrorChoice::Cluster => StandardErrorKind::Cluster,
    }
}

fn joint_balance(sample: &Sample, fits: &[Fit]) -> Option<diagnostics::JointBalance> {
    let adjusted = fits.iter().find(|fit| fit.estimate.estimator == causal::Estimator::RegressionAdjustment)?;
    diagnostics::joint_balance(sample, adjusted)
}

fn result(parameters: &CausalImpactParameters, findings: &Findings) -> CausalImpactResult {
    let head = &findings.fits[0].estimate;
    let red_flags = flags::red_flags(parameters, findings);
    CausalImpactResult {
        estimate: head.value,
        standard_error: head.standard_error,
        interval: report::interval(head.interval),
        p_value: head.p_value,
        estimator: report::estimator(head.estimator),
        finding: flags::finding(&red_flags),
        summary: words::summary(parameters, findings, &red_flags),
        warnings: flags::warnings(findings),
        red_flags,
        design: parameters.design,
        treatment: report::treatment(findings.sample.treatment_kind()),
        estimates: findings.fits.iter().map(|fit| report::estimate(&fit.estimate)).collect(),
        refutations: findings.refutations.iter().map(report::refutation).collect(),
        sensitivity: findings.sensitivity.iter().map(report::sensitivity).collect(),
        diagnostics: report::diagnostics(findings),
        seed: parameters.seed,
        versions: Versions { agent: CausalImpact::VERSION, causal: causal::VERSION.to_owned() },
        parameters: parameters.clone(),
    }
}

/// What `causal` refuses is in the data or the parameters: trying again changes nothing.
#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn refused(error: CausalError) -> AgentError {
    AgentError::User(error.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn unread(error: ReadError) -> AgentError {
    let message = error.to_string();
    match error {
        _ if error.is_transient() => AgentError::Unavailable(message),
        ReadError::Changed(_) | ReadError::TooMuchText { .. } | ReadError::NoSuchColumn { .. } => {
            AgentError::User(message)
        }
        _ => AgentError::Internal(message),
    }
}
