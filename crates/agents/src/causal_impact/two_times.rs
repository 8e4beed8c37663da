//! Two groups at two times: difference in differences of four means.

use causal::panel::{PanelError, TwoByTwo, two_by_two_fit};
use domain::agents::causal_impact::{
    CausalImpactParameters, Cells, Diagnostics, Estimand, EstimateReport, Estimator, PanelReport, TreatmentReport,
};
use tables::read::Table;

use super::findings::{Findings, Notices};
use super::refuters::Refuted;
use super::{estimators, inputs, panel, report, worth};
use crate::{AgentError, Progress};

/// Estimates the effect as the difference of the groups' changes.
pub(super) fn analyse(
    parameters: &CausalImpactParameters,
    table: Table,
    progress: &mut dyn Progress,
) -> Result<Findings, AgentError> {
    progress.report(0.35, "difference in differences");
    let time = parameters.time.as_deref().unwrap_or_default();
    let (post, [before, after]) = panel::zero_and_one(&table, time)?;
    let (group, labels) = inputs::treatment(parameters, &table)?;
    let [control, treated] = labels.unwrap_or_else(|| ["0".to_owned(), "1".to_owned()]);
    let data = TwoByTwo {
        outcome: inputs::number_column(&table, &parameters.outcome)?,
        group,
        post,
        covariates: inputs::covariates(parameters, &table)?,
        clusters: inputs::clusters(parameters, &table)?,
        missing: inputs::policy(parameters),
    };
    let rows_given = data.outcome.values.len();
    drop(table);
    let fitted = two_by_two_fit(data, &estimators::inference(parameters, rows_given)).map_err(unfit)?;
    progress.report(0.6, "refuters");
    let mut refuted = Refuted::default();
    refuted.simulated(parameters, &fitted.sample, &[(Estimator::TwoByTwo, &fitted.fit)])?;
    let found = fitted.estimate;
    let head = EstimateReport {
        meaning: "average effect on the treated group after, if both groups would have moved in parallel".to_owned(),
        ..report::linear(Estimator::TwoByTwo, Estimand::Treated, &found.estimate)
    };
    let count = |group: usize| found.rows[group].map(|rows| rows as u64);
    let cells = Cells {
        before,
        after,
        comparison_means: found.means[0],
        treated_means: found.means[1],
        comparison_rows: count(0),
        treated_rows: count(1),
    };
    let treatment = TreatmentReport::Binary {
        control,
        treated,
        control_rows: count(0).iter().sum(),
        treated_rows: count(1).iter().sum(),
    };
    let mut notices = Notices::default();
    notices.warnings(found.estimate.warnings.iter().chain(&refuted.warnings));
    let worth = worth::of(parameters, &head, &treatment, Some(count(1)[1]));
    let diagnostics: Diagnostics = panel::rows_alone(rows_given, found.estimate.rows);
    Ok(Findings {
        panel: Some(PanelReport::TwoTimes(cells)),
        refutations: refuted.refutations,
        worth,
        notices: notices.0,
        ..Findings::of(treatment, vec![head], diagnostics)
    })
}

#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn unfit(error: PanelError) -> AgentError {
    AgentError::User(error.to_string())
}
