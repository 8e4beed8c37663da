//! Metrics for Prometheus: recorded with the `metrics` macros anywhere, rendered on the private port.

use std::sync::OnceLock;

use anyhow::Context as _;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Upper bounds, in seconds, of the buckets of every metric whose name ends in `_seconds`.
const SECONDS_BUCKETS: [f64; 14] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 30.0, 300.0];

static INSTALLED: OnceLock<PrometheusHandle> = OnceLock::new();

/// Installs the process's recorder, or gives the handle of the one already there (several services in one process
/// share it).
///
/// # Errors
/// When another kind of recorder is already installed.
pub fn install() -> anyhow::Result<PrometheusHandle> {
    if let Some(handle) = INSTALLED.get() {
        return Ok(handle.clone());
    }
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS_BUCKETS)
        .context("set the buckets of histograms")?
        .build_recorder();
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_err() {
        return INSTALLED.get().cloned().context("another recorder of metrics is already installed");
    }
    Ok(INSTALLED.get_or_init(|| handle).clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_rendered_and_installing_twice_is_fine() {
        let handle = install().unwrap();
        metrics::counter!("chassis_test_total", "kind" => "unit").increment(3);
        metrics::histogram!("chassis_test_seconds").record(0.02);
        let text = install().unwrap().render();
        assert!(text.contains("chassis_test_total{kind=\"unit\"} 3"), "{text}");
        assert!(text.contains("chassis_test_seconds_bucket{le=\"0.025\"} 1"), "{text}");
        handle.run_upkeep();
    }
}
