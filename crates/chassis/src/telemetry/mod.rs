//! What a service tells about itself: logs on standard output (of a subcommand on standard error), traces over OTLP when configured, metrics for
//! Prometheus on the private port.
//!
//! | variable | meaning | default |
//! | --- | --- | --- |
//! | `APP_ENV` | `production` or `development` | `development` |
//! | `LOG_FORMAT` | `json` or `pretty` | `json` in production, else `pretty` |
//! | `RUST_LOG`, else `LOG_LEVEL` | filter directives, e.g. `info,store=debug` | `info` |
//! | `OTEL_EXPORTER_OTLP_ENDPOINT` | collector's base URL (OTLP over HTTP, protobuf) | traces are not exported |
//! | `OTEL_SERVICE_NAME` | name of the service in traces | the service's own |
//!
//! Every span has a W3C trace context even when nothing is exported, so that a job can carry it from the request to
//! the worker: see [`trace_context`].

mod export;
mod logs;
pub mod metrics;
pub(crate) mod process;
pub mod trace_context;

use std::time::Duration;

use opentelemetry_sdk::trace::SdkTracerProvider;
use url::Url;

use crate::config::{ConfigProblems, Env, Setting};

pub use logs::LogFormat;
pub use trace_context::{current_traceparent, set_remote_parent};

/// How long the last spans may take to leave when the service ends.
const FLUSH_DEADLINE: Duration = Duration::from_secs(5);

/// Where the service runs: decides defaults, never behaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppEnv {
    /// A developer's machine.
    Development,
    /// A server.
    Production,
}

impl Setting for AppEnv {
    const EXPECTED: &'static str = "development or production";

    fn read(text: &str) -> Option<Self> {
        match text {
            "development" | "dev" | "test" => Some(Self::Development),
            "production" | "prod" | "staging" => Some(Self::Production),
            _ => None,
        }
    }
}

/// What to tell and to whom.
#[derive(Debug, Clone)]
pub struct TelemetryConfig {
    /// JSON lines or text for a person.
    pub log_format: LogFormat,
    /// On standard error instead of standard output: of a command whose output is its answer.
    pub logs_to_stderr: bool,
    /// Filter directives of `tracing-subscriber`.
    pub log_filter: String,
    /// Base URL of the OTLP collector.
    pub otlp_endpoint: Option<Url>,
    /// Name of the service in traces, when not its own.
    pub service_name: Option<String>,
}

impl TelemetryConfig {
    /// Reads the variables of the table above.
    ///
    /// # Errors
    /// Every variable that cannot be read.
    pub fn read(env: &Env) -> Result<Self, ConfigProblems> {
        let mut read = env.reader();
        let app_env = read.parse_or("APP_ENV", AppEnv::Development);
        let default_format = if app_env == AppEnv::Production { LogFormat::Json } else { LogFormat::Pretty };
        let config = Self {
            log_format: read.parse_or("LOG_FORMAT", default_format),
            logs_to_stderr: false,
            log_filter: env.get("RUST_LOG").or_else(|| env.get("LOG_LEVEL")).unwrap_or("info").to_owned(),
            otlp_endpoint: read.optional("OTEL_EXPORTER_OTLP_ENDPOINT"),
            service_name: read.optional("OTEL_SERVICE_NAME"),
        };
        let filter_variable = if env.get("RUST_LOG").is_some() { "RUST_LOG" } else { "LOG_LEVEL" };
        if let Err(error) = logs::filter(&config.log_filter) {
            let advice = "expected directives such as info or info,store=debug";
            read.problem(filter_variable, format!("{:?} cannot be read ({error}); {advice}", config.log_filter));
        }
        read.finish(|| Some(config))
    }
}

/// The running telemetry; [`Telemetry::flush`] it before the process ends.
#[derive(Debug)]
pub struct Telemetry {
    provider: SdkTracerProvider,
}

/// Starts logs and traces for the process. When a subscriber is already there (several services in one process)
/// that one stays. Call it inside the tokio runtime.
///
/// # Errors
/// When the exporter cannot be built from the configured endpoint.
pub fn start(config: &TelemetryConfig, service: &str, revision: &str) -> anyhow::Result<Telemetry> {
    let provider = export::provider(config, service, revision)?;
    logs::install(config, service, &provider);
    Ok(Telemetry { provider })
}

impl Telemetry {
    /// Sends what is still buffered and stops. Waits at most five seconds.
    pub async fn flush(self) {
        let stop = tokio::task::spawn_blocking(move || self.provider.shutdown_with_timeout(FLUSH_DEADLINE));
        if let Ok(Err(error)) = stop.await {
            tracing::warn!(%error, "the last traces could not be sent");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_logs_json_unless_told_otherwise() {
        let json = TelemetryConfig::read(&Env::from_pairs([("APP_ENV", "production")])).unwrap();
        assert_eq!(json.log_format, LogFormat::Json);
        let env = Env::from_pairs([("APP_ENV", "production"), ("LOG_FORMAT", "pretty")]);
        assert_eq!(TelemetryConfig::read(&env).unwrap().log_format, LogFormat::Pretty);
    }

    #[test]
    fn a_bad_filter_is_a_problem_of_its_variable() {
        let problems = TelemetryConfig::read(&Env::from_pairs([("LOG_LEVEL", "store=loud")])).unwrap_err();
        assert_eq!(problems.0[0].name, "LOG_LEVEL");
    }
}
