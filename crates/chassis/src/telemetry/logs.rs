//! Logs on standard output, or of a subcommand on standard error: one JSON object per line for machines, or text for a person.

use std::io;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::filter::ParseError;
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use super::TelemetryConfig;
use crate::config::Setting;

/// The shape of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object per line, with the fields of the current span.
    Json,
    /// Text with colours.
    Pretty,
}

impl Setting for LogFormat {
    const EXPECTED: &'static str = "json or pretty";

    fn read(text: &str) -> Option<Self> {
        match text {
            "json" => Some(Self::Json),
            "pretty" => Some(Self::Pretty),
            _ => None,
        }
    }
}

pub(super) fn filter(directives: &str) -> Result<EnvFilter, ParseError> {
    EnvFilter::try_new(directives)
}

pub(super) fn install(config: &TelemetryConfig, service: &str, provider: &SdkTracerProvider) {
    let filter = filter(&config.log_filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let writer = if config.logs_to_stderr { BoxMakeWriter::new(io::stderr) } else { BoxMakeWriter::new(io::stdout) };
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    let lines = match config.log_format {
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
        LogFormat::Pretty => lines.with_target(false).boxed(),
    };
    let traces = tracing_opentelemetry::layer().with_tracer(provider.tracer(service.to_owned()));
    // A second service in the same process (`e2i`, tests) keeps the subscriber of the first.
    let _already_installed = tracing_subscriber::registry().with(filter).with(lines).with(traces).try_init();
}
