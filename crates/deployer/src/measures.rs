//! What the deployer measures, each from its start. `docs/MONITORING.md` has the list.

use chassis::telemetry::metrics::{self as chassis_metrics, Measure};
use metrics::Label;

use crate::machine::{Kind, State};

const ENDED: Measure = Measure::counter("deployments_total", "Deployments by kind and how they ended.").of(&[]);
const DURATION: Measure =
    Measure::histogram("deployment_duration_seconds", "From a deployment's turn to its end.").of(&[]);

const PLAIN: [Measure; 8] = [
    Measure::gauge("deployer_live_deployment", "The number of the deployment that is live; 0 while there is none."),
    Measure::gauge("deployer_running", "1 while a deployment is under way."),
    Measure::gauge("deployer_pending", "1 while one waits for its turn."),
    Measure::gauge("deployer_stuck", "1 while one needs a person: it could go neither forward nor back."),
    Measure::gauge("deployer_pinned", "1 while a rollback by hand holds newer commits back."),
    Measure::gauge("deployer_paused", "1 while nothing is released by itself."),
    Measure::counter("deployer_webhook_signatures_refused_total", "Deliveries with a missing or wrong signature."),
    Measure::counter("deployer_webhook_deliveries_total", "Deliveries of GitHub by event and what they led to.").of(&[
        &[("event", "ping"), ("outcome", "ignored")],
        &[("event", "push"), ("outcome", "accepted")],
        &[("event", "push"), ("outcome", "ignored")],
        &[("event", "push"), ("outcome", "duplicate")],
        &[("event", "workflow_run"), ("outcome", "accepted")],
        &[("event", "workflow_run"), ("outcome", "ignored")],
        &[("event", "workflow_run"), ("outcome", "duplicate")],
        &[("event", "other"), ("outcome", "ignored")],
    ]),
];

/// Begins all of them at zero.
pub(crate) fn begin() {
    chassis_metrics::begin(&PLAIN);
    chassis_metrics::begin(&[ENDED, DURATION]);
    for kind in [Kind::Deploy, Kind::Rollback] {
        for state in [State::Live, State::TakenBack, State::Failed, State::Refused, State::Stuck] {
            let labels = || vec![Label::new("kind", kind.name()), Label::new("outcome", state.name())];
            ENDED.begin_with(labels());
            DURATION.begin_with(labels());
        }
    }
}
