//! What health measures, each from its start. `docs/MONITORING.md` has the list.

use chassis::telemetry::metrics::{self as chassis_metrics, Measure};

const MEASURES: [Measure; 8] = [
    Measure::gauge("health_status", "1 for how everything stands: pass, warn or fail.").of(&[
        &[("status", "pass")],
        &[("status", "warn")],
        &[("status", "fail")],
    ]),
    Measure::gauge("health_picture_age_seconds", "How old the picture is."),
    Measure::gauge("health_part_state", "1 for the state that the part is in.").of(&[]),
    Measure::gauge("health_part_flapping", "1 while the part changes too often to be told of each time.").of(&[]),
    Measure::gauge("health_part_latency_seconds", "How long the last look at the part took.").of(&[]),
    Measure::gauge("health_part_looked_at_seconds", "When the part was last looked at.").of(&[]),
    Measure::gauge("health_open_incidents", "Incidents that have not ended."),
    Measure::gauge("health_waiting_alerts", "Messages that have not reached their channel."),
];

/// Begins all of them.
pub(super) fn begin() {
    chassis_metrics::begin(&MEASURES);
}
