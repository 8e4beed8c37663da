//! What receives traces in these tests: OTLP over HTTP, as any collector takes it; and a listener before MLflow that hears
//! what it is asked.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use bytes::Bytes;
use opentelemetry_proto::tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
use prost::Message as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A span as it was received.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    pub(crate) service: String,
    pub(crate) name: String,
    pub(crate) trace: String,
    pub(crate) id: String,
    pub(crate) parent: String,
    pub(crate) kind: i32,
    /// Nanoseconds.
    pub(crate) lasted: (u64, u64),
    attributes: Vec<KeyValue>,
}

impl Span {
    pub(crate) fn says(&self, key: &str) -> Option<String> {
        said(&self.attributes, key)
    }
}

/// The receiver.
#[derive(Clone, Default)]
pub(crate) struct Collector {
    spans: Arc<Mutex<Vec<Span>>>,
}

impl Collector {
    /// One that listens, and its base URL.
    pub(crate) async fn start() -> (Self, String) {
        let collector = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/v1/traces", post(receive)).with_state(collector.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (collector, url)
    }

    /// The spans of a trace.
    pub(crate) fn of(&self, trace: &str) -> Vec<Span> {
        self.spans.lock().unwrap().iter().filter(|span| span.trace == trace).cloned().collect()
    }
}

async fn receive(State(collector): State<Collector>, headers: HeaderMap, body: Bytes) -> (StatusCode, Vec<u8>) {
    assert_eq!(headers["content-type"], "application/x-protobuf");
    let request = ExportTraceServiceRequest::decode(body).unwrap();
    let mut spans = collector.spans.lock().unwrap();
    for of_service in request.resource_spans {
        let service = said(&of_service.resource.unwrap().attributes, "service.name").unwrap();
        for span in of_service.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            spans.push(Span {
                service: service.clone(),
                name: span.name,
                trace: hexadecimal(&span.trace_id),
                id: hexadecimal(&span.span_id),
                parent: hexadecimal(&span.parent_span_id),
                kind: span.kind,
                lasted: (span.start_time_unix_nano, span.end_time_unix_nano),
                attributes: span.attributes,
            });
        }
    }
    (StatusCode::OK, ExportTraceServiceResponse::default().encode_to_vec())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

fn said(attributes: &[KeyValue], key: &str) -> Option<String> {
    let value = attributes.iter().find(|attribute| attribute.key == key)?.value.clone()?.value?;
    Some(match value {
        Value::StringValue(text) => text,
        Value::IntValue(number) => number.to_string(),
        other => format!("{other:?}"),
    })
}

/// Passes on what a server is asked, and keeps it.
#[derive(Clone)]
pub(crate) struct Overheard {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<u8>>>,
}

impl Overheard {
    pub(crate) async fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let overheard = Self { address: listener.local_addr().unwrap(), asked: Arc::default() };
        let asked = Arc::clone(&overheard.asked);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass_on(client, server, Arc::clone(&asked)));
            }
        });
        overheard
    }

    /// The requests whose head has that in it: their heads.
    pub(crate) fn heads_with(&self, text: &str) -> Vec<String> {
        let asked = String::from_utf8_lossy(&self.asked.lock().unwrap()).into_owned();
        let heads = asked.split("\r\n\r\n").filter(|part| part.contains(text));
        heads.map(str::to_owned).collect()
    }
}

async fn pass_on(client: TcpStream, server: SocketAddr, asked: Arc<Mutex<Vec<u8>>>) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = TcpStream::connect(server).await.unwrap().into_split();
    tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
    let mut piece = vec![0; 64 * 1024];
    while let Ok(length) = from_client.read(&mut piece).await {
        asked.lock().unwrap().extend(&piece[..length]);
        if length == 0 || to_server.write_all(&piece[..length]).await.is_err() {
            return;
        }
    }
}
