//! One trace of a whole analysis: from what the browser says, over nginx, gateway, queue and worker, its child and MLflow.

mod collector;

use std::time::Duration;

use local::client::Client;
use local::main_job;
use local::platform::Platform;
use reqwest::Method;
use serde_json::{Value, json};

use self::collector::{Collector, Overheard, Span};
use crate::house::{E2I, eventually, id, upload_nsw, user};
use crate::mlflow::server::Mlflow;

const TRACE: &str = "5bd66ef5095369c7b0d1f8f4bd33716a";
const CLICK: &str = "c532cb4098ac3dd2";
/// Of OTLP.
const SERVER: i32 = 2;
const CLIENT: i32 = 3;
const PRODUCER: i32 = 4;
const CONSUMER: i32 = 5;

async fn ask(ann: &Client, traceparent: &str, request_id: &str) -> Value {
    let dataset = upload_nsw(ann).await;
    let body = json!({ "agent": "causal_impact", "dataset_id": id(&dataset), "parameters": main_job::nsw_question() });
    let request = ann.request(Method::POST, "/api/v1/analyses").json(&body);
    let request = request.header("traceparent", traceparent).header("x-request-id", request_id);
    let asked: Value = ann.send(request).await.unwrap().json().await.unwrap();
    assert_eq!(ann.wait(id(&asked)).await.unwrap()["state"], "succeeded");
    asked
}

/// The one span of that name.
#[track_caller]
fn one<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    let found: Vec<&Span> = spans.iter().filter(|span| span.name == name).collect();
    assert_eq!(found.len(), 1, "{name}: {spans:#?}");
    found[0]
}

#[tokio::test]
async fn one_trace_leads_from_the_click_to_mlflow() {
    let (collector, endpoint) = Collector::start().await;
    let mlflow = Overheard::before(Mlflow::shared().await.address).await;
    let tracking = format!("http://{}/mlflow", mlflow.address);
    let variables = [("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str()), ("MLFLOW_TRACKING_URI", &tracking)];
    let platform = Platform::for_test_behind_nginx(E2I, 1, &variables).await.unwrap();
    let ann = user(&platform, "ann@example.org").await;
    assert_eq!(ann.get("/config.json").await.unwrap()["traces"], true, "browsers are told to begin traces");
    let asked = ask(&ann, &format!("00-{TRACE}-{CLICK}-01"), "click-00000001").await;
    eventually("the analysis is logged", async || {
        let analysis = ann.get(&format!("/api/v1/analyses/{}", id(&asked))).await.unwrap();
        (analysis["mlflow"]["state"] == "logged").then_some(())
    })
    .await;
    let access_log = std::fs::read_to_string(platform.nginx().unwrap().access_log()).unwrap();
    // Ended in order, services send what they still hold.
    platform.stop().await;

    let spans = collector.of(TRACE);
    let request = one(&spans, "POST /api/v1/analyses");
    assert_eq!((request.kind, request.parent.as_str(), request.service.as_str()), (SERVER, CLICK, "e2i-gateway"));
    assert_eq!(request.says("request_id").as_deref(), Some("click-00000001"));
    let sent = one(&spans, "send to the queue");
    assert_eq!((sent.kind, &sent.parent), (PRODUCER, &request.id));
    let attempt = one(&spans, "attempt causal_impact");
    assert_eq!((attempt.kind, &attempt.parent, attempt.service.as_str()), (CONSUMER, &request.id, "e2i-worker"));
    assert_eq!(attempt.says("job").as_deref(), Some(id(&asked)));
    assert_eq!(attempt.says("request_id").as_deref(), Some("click-00000001"));
    let child = one(&spans, "child");
    assert_eq!(child.parent, attempt.id);
    assert!(child.says("pid").is_some_and(|pid| pid.parse::<u32>().is_ok()), "{child:?}");
    assert!(attempt.lasted.0 <= child.lasted.0 && child.lasted.1 <= attempt.lasted.1, "{child:?} in {attempt:?}");
    let steps: Vec<&Span> = spans.iter().filter(|span| span.parent == child.id).collect();
    assert!(!steps.is_empty(), "what the child said it does: {spans:#?}");
    let logged = one(&spans, "log the run to MLflow");
    assert_eq!((logged.kind, &logged.parent), (CLIENT, &request.id));

    let told = mlflow.heads_with(&format!("traceparent: 00-{TRACE}-{}-01", logged.id));
    assert!(told.iter().any(|head| head.contains("/runs/create")), "MLflow is told of the trace: {told:?}");
    let line = access_log.lines().find(|line| line.contains("click-00000001")).unwrap();
    let line: Value = serde_json::from_str(line).unwrap();
    assert_eq!(line["trace_id"], TRACE, "nginx logs it");
}

#[tokio::test]
async fn what_a_caller_does_not_want_kept_is_not_sent_and_a_collector_that_is_away_stops_nobody() {
    let (collector, endpoint) = Collector::start().await;
    let platform = Platform::for_test(E2I, 1, &[("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint)]).await.unwrap();
    let ann = user(&platform, "ann@example.org").await;
    ask(&ann, &format!("00-{TRACE}-{CLICK}-00"), "unkept-00000001").await;
    platform.stop().await;
    assert!(collector.of(TRACE).is_empty(), "{:#?}", collector.of(TRACE));

    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let endpoint = format!("http://{nobody}");
    let platform = Platform::for_test(E2I, 1, &[("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint)]).await.unwrap();
    let ann = user(&platform, "ann@example.org").await;
    let traceparent = format!("00-{TRACE}-{CLICK}-01");
    let asking = ask(&ann, &traceparent, "nobody-00000001");
    tokio::time::timeout(Duration::from_mins(1), asking).await.unwrap();
}
