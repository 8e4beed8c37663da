//! Traces over OTLP (HTTP, protobuf), sent from the runtime that the service already has.
//!
//! The SDK's batch processor runs on its own thread, outside tokio, where an asynchronous reqwest client cannot work.
//! [`OnRuntime`] therefore sends from a task of the runtime and the processor's thread waits for it.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use opentelemetry::KeyValue;
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use url::Url;

use super::TelemetryConfig;

/// A collector that does not answer within this time loses the batch.
const SEND_DEADLINE: Duration = Duration::from_secs(10);

pub(super) fn provider(config: &TelemetryConfig, service: &str, revision: &str) -> anyhow::Result<SdkTracerProvider> {
    let name = config.service_name.clone().unwrap_or_else(|| service.to_owned());
    let resource = Resource::builder()
        .with_service_name(name)
        .with_attribute(KeyValue::new("service.version", revision.to_owned()))
        .build();
    let builder = SdkTracerProvider::builder().with_resource(resource);
    Ok(match &config.otlp_endpoint {
        Some(endpoint) => builder.with_batch_exporter(exporter(endpoint)?).build(),
        None => builder.build(),
    })
}

fn exporter(endpoint: &Url) -> anyhow::Result<SpanExporter> {
    let client = reqwest::Client::builder().timeout(SEND_DEADLINE).build().context("build the OTLP client")?;
    SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_http_client(OnRuntime { client, runtime: tokio::runtime::Handle::current() })
        .with_endpoint(traces_url(endpoint))
        .with_timeout(SEND_DEADLINE)
        .build()
        .with_context(|| format!("OTEL_EXPORTER_OTLP_ENDPOINT: no exporter can be built for {endpoint}"))
}

/// The specification appends `v1/traces` to the base URL.
fn traces_url(endpoint: &Url) -> String {
    format!("{}/v1/traces", endpoint.as_str().trim_end_matches('/'))
}

#[derive(Debug)]
struct OnRuntime {
    client: reqwest::Client,
    runtime: tokio::runtime::Handle,
}

type Sending<'a> = Pin<Box<dyn Future<Output = Result<http::Response<Bytes>, HttpError>> + Send + 'a>>;

impl HttpClient for OnRuntime {
    fn send_bytes<'this, 'future>(&'this self, request: http::Request<Bytes>) -> Sending<'future>
    where
        'this: 'future,
        Self: 'future,
    {
        let client = self.client.clone();
        let sent = self.runtime.spawn(async move { client.send_bytes(request).await });
        Box::pin(async move { sent.await? })
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{Tracer as _, TracerProvider as _};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;
    use crate::config::Env;

    #[tokio::test]
    async fn what_is_buffered_leaves_at_the_end() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let collector = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 64 * 1024];
            let length = stream.read(&mut request).await.unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
            String::from_utf8_lossy(&request[..length]).into_owned()
        });
        let config = TelemetryConfig::read(&Env::from_pairs([("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)])).unwrap();
        let provider = provider(&config, "e2i-test", "abc123").unwrap();
        provider.tracer("test").in_span("a-span-of-the-test", |_| {});
        super::super::Telemetry { provider }.flush().await;
        let request = collector.await.unwrap();
        assert!(request.starts_with("POST /v1/traces HTTP/1.1"), "{request}");
        assert!(request.contains("application/x-protobuf"), "{request}");
    }

    #[test]
    fn the_traces_path_is_appended_once() {
        let url = |text: &str| traces_url(&Url::parse(text).unwrap());
        assert_eq!(url("http://collector:4318"), "http://collector:4318/v1/traces");
        assert_eq!(url("http://collector:4318/otlp/"), "http://collector:4318/otlp/v1/traces");
    }
}
