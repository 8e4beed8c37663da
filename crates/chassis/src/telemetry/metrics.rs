//! Metrics for Prometheus: recorded with the `metrics` macros anywhere, rendered on the private port.
//!
//! Each crate that records has one list of [`Measure`]s, which its service [`begin`]s at the start: what has not happened
//! yet is there as a zero, so that the first time is seen as a change, and a graph of nothing says 0 and not "no data". The
//! lists are what `docs/MONITORING.md` says; a test compares both with running services.

use std::sync::OnceLock;

use anyhow::Context as _;
use metrics::Label;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Upper bounds, in seconds, of the buckets of requests.
const REQUEST_BUCKETS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];
/// The same of everything else whose name ends in `_seconds`: analyses and releases take from milliseconds to hours.
const WORK_BUCKETS: [f64; 17] =
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0, 14400.0];

static INSTALLED: OnceLock<PrometheusHandle> = OnceLock::new();

/// One metric of a service.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    kind: Kind,
    name: &'static str,
    meaning: &'static str,
    labels: &'static [&'static [(&'static str, &'static str)]],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Counter,
    Gauge,
    Histogram,
}

impl Measure {
    /// What only grows; named `..._total`.
    #[must_use]
    pub const fn counter(name: &'static str, meaning: &'static str) -> Self {
        Self { kind: Kind::Counter, name, meaning, labels: &[&[]] }
    }

    /// What goes up and down.
    #[must_use]
    pub const fn gauge(name: &'static str, meaning: &'static str) -> Self {
        Self { kind: Kind::Gauge, name, meaning, labels: &[&[]] }
    }

    /// How long things take, in buckets.
    #[must_use]
    pub const fn histogram(name: &'static str, meaning: &'static str) -> Self {
        Self { kind: Kind::Histogram, name, meaning, labels: &[&[]] }
    }

    /// The label values that there are from the start; without this one series without labels. None at all for what only
    /// its first event can name.
    #[must_use]
    pub const fn of(mut self, labels: &'static [&'static [(&'static str, &'static str)]]) -> Self {
        self.labels = labels;
        self
    }

    /// Adds the series of `labels`, where their values are known only at run time.
    pub fn begin_with(&self, labels: Vec<Label>) {
        match self.kind {
            Kind::Counter => metrics::counter!(self.name, labels).increment(0),
            // Written with nothing added: what it says already stays.
            Kind::Gauge => metrics::gauge!(self.name, labels).increment(0.0),
            Kind::Histogram => drop(metrics::histogram!(self.name, labels)),
        }
    }

    fn describe(&self) {
        match self.kind {
            Kind::Counter => metrics::describe_counter!(self.name, self.meaning),
            Kind::Gauge => metrics::describe_gauge!(self.name, self.meaning),
            Kind::Histogram => metrics::describe_histogram!(self.name, self.meaning),
        }
    }
}

/// Says what these metrics mean and begins each at zero. Nothing happens to those that have begun.
pub fn begin(measures: &[Measure]) {
    for measure in measures {
        measure.describe();
        for labels in measure.labels {
            measure.begin_with(labels.iter().map(|(name, value)| Label::from_static_parts(name, value)).collect());
        }
    }
}

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
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &WORK_BUCKETS)
        .context("set the buckets of histograms")?
        .set_buckets_for_metric(Matcher::Full("http_request_duration_seconds".to_owned()), &REQUEST_BUCKETS)
        .context("set the buckets of requests")?
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
        metrics::histogram!("http_request_duration_seconds", "route" => "/unit").record(0.0015);
        let text = install().unwrap().render();
        assert!(text.contains("chassis_test_total{kind=\"unit\"} 3"), "{text}");
        assert!(text.contains("chassis_test_seconds_bucket{le=\"0.025\"} 1"), "{text}");
        assert!(text.contains("chassis_test_seconds_bucket{le=\"14400\"} 1"), "{text}");
        assert!(text.contains("http_request_duration_seconds_bucket{route=\"/unit\",le=\"0.0025\"} 1"), "{text}");
        handle.run_upkeep();
    }

    #[test]
    fn what_has_not_happened_yet_is_a_zero_with_its_meaning_and_what_has_stays() {
        const MEASURES: [Measure; 4] = [
            Measure::counter("chassis_begun_total", "Told apart.").of(&[&[("how", "well")], &[("how", "badly")]]),
            Measure::gauge("chassis_begun", "A level."),
            Measure::histogram("chassis_begun_seconds", "How long."),
            Measure::counter("chassis_later_total", "Named by its first event.").of(&[]),
        ];
        let handle = install().unwrap();
        metrics::counter!("chassis_begun_total", "how" => "well").increment(2);
        metrics::gauge!("chassis_begun").set(5.0);
        begin(&MEASURES);
        begin(&MEASURES);
        let text = handle.render();
        for line in [
            "# HELP chassis_begun_total Told apart.\n",
            "chassis_begun_total{how=\"well\"} 2\n",
            "chassis_begun_total{how=\"badly\"} 0\n",
            "# TYPE chassis_begun gauge\nchassis_begun 5\n",
            "chassis_begun_seconds_count 0\n",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
        assert!(!text.contains("chassis_later_total"), "{text}");
    }
}
