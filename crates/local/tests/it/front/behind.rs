//! The whole platform behind nginx: uploads, events, problems, what is not reachable.

use std::time::Duration;

use futures::StreamExt as _;
use local::main_job;
use local::platform::Platform;
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::house::{E2I, admin, eventually, id, upload_nsw, user};
use crate::wire::{self, client};

async fn behind_nginx() -> Platform {
    Platform::for_test_behind_nginx(E2I, 1, &[]).await.unwrap()
}

#[tokio::test]
async fn the_main_job_goes_through_one_address() {
    let platform = behind_nginx().await;
    let nginx = platform.nginx().unwrap().address();
    assert_eq!(platform.public_url(), format!("http://{nginx}"));
    let ann = user(&platform, "ann@example.org").await;
    let mut all = ann.send(ann.request(Method::GET, "/api/v1/events")).await.unwrap().bytes_stream();
    let first = tokio::time::timeout(Duration::from_secs(10), all.next()).await.expect("the snapshot is held back");
    assert!(!first.unwrap().unwrap().is_empty());
    let dataset = upload_nsw(&ann).await;
    let question = main_job::nsw_question();
    let analysis = ann.submit("causal_impact", Some(id(&dataset)), &question).await.unwrap();
    let mut names = Vec::new();
    let ended = ann.follow(id(&analysis), |event| names.push(event.name.clone())).await.unwrap();
    assert_eq!(ended["state"], "succeeded", "{ended}");
    assert!(names.iter().any(|name| name == "progress"), "{names:?}");
}

#[tokio::test]
async fn a_resumable_upload_goes_through_in_pieces() {
    let platform = behind_nginx().await;
    let ann = user(&platform, "ann@example.org").await;
    let mut table = b"id,t,y\n".to_vec();
    for row in 0..300_000 {
        table.extend(format!("{row},{},{}.5\n", row % 2, row % 17).bytes());
    }
    let create = ann
        .request(Method::POST, "/api/v1/uploads")
        .header("tus-resumable", "1.0.0")
        .header("upload-length", table.len())
        // filename table.csv
        .header("upload-metadata", "filename dGFibGUuY3N2");
    let created = ann.send(create).await.unwrap();
    assert_eq!(created.status(), StatusCode::CREATED);
    let location = created.headers()["location"].to_str().unwrap().to_owned();
    let path = location.strip_prefix(platform.public_url()).unwrap_or(&location).to_owned();
    let mut offset = 0;
    for piece in table.chunks(1 << 20) {
        let append = ann
            .request(Method::PATCH, &path)
            .header("tus-resumable", "1.0.0")
            .header("upload-offset", offset)
            .header("content-type", "application/offset+octet-stream")
            .body(piece.to_vec());
        let answer = ann.send(append).await.unwrap();
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        offset += piece.len();
        assert_eq!(answer.headers()["upload-offset"], offset.to_string().as_str());
    }
    let datasets = eventually("the dataset", async || {
        let datasets = ann.get("/api/v1/datasets").await.unwrap();
        datasets["datasets"].as_array().filter(|items| !items.is_empty()).cloned()
    })
    .await;
    assert_eq!(datasets[0]["rows"], 300_000, "{datasets:?}");
}

#[tokio::test]
async fn errors_that_nginx_makes_are_problems() {
    let platform = behind_nginx().await;
    let to = platform.nginx().unwrap().address();
    let from = client(2);
    wire::get(from, to, "/no/such/path", "").await.problem(404, "not-found");
    wire::get(from, to, &format!("/api/v1/me?{}", "x".repeat(20_000)), "").await.problem(414, "uri-too-long");
    let large = format!("X-Large: {}\r\n", "x".repeat(20_000));
    wire::get(from, to, "/api/v1/me", &large).await.problem(431, "request-header-fields-too-large");
    wire::send(from, to, b"GET / HTTP/1.1\r\n\r\n").await.problem(400, "bad-request");
    wire::send(from, to, b"no http at all\r\n\r\n").await.problem(400, "bad-request");
    let trace = b"TRACE /api/v1/me HTTP/1.1\r\nHost: e2i\r\nConnection: close\r\n\r\n";
    wire::send(from, to, trace).await.problem(405, "method-not-allowed");
    let post = b"POST / HTTP/1.1\r\nHost: e2i\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    wire::send(from, to, post).await.problem(405, "method-not-allowed");
    let huge = b"POST /api/v1/analyses HTTP/1.1\r\nHost: e2i\r\nConnection: close\r\nContent-Length: 99999999\r\n\r\n";
    wire::send(from, to, huge).await.problem(413, "content-too-large");
    wire::get(from, to, "/-/problem", "").await.problem(404, "not-found");
    let home = wire::get(from, to, "/", "").await;
    assert_eq!((home.status, home.header("server")), (200, Some("nginx")), "{home:?}");
    for path in ["/docs/", "/openapi.json", "/config.json"] {
        assert_eq!(wire::get(from, to, path, "").await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn while_the_gateway_is_away_the_answer_is_a_problem_and_afterwards_all_is_well() {
    let platform = behind_nginx().await;
    let to = platform.nginx().unwrap().address();
    // So that nginx keeps connections to a gateway that is gone.
    for _ in 0..5 {
        assert_eq!(wire::get(client(2), to, "/config.json", "").await.status, 200);
    }
    platform.gateway().stop().await;
    let away = wire::get(client(2), to, "/config.json", "").await;
    away.problem(502, "bad-gateway");
    assert_eq!(away.header("retry-after"), Some("2"));
}

#[tokio::test]
async fn a_gateway_that_was_killed_is_reached_again_by_resting_connections() {
    let platform = behind_nginx().await;
    let client = admin(&platform).await;
    platform.gateway().kill9().await.unwrap();
    eventually("the gateway is back", async || client.get("/api/v1/workspaces").await.ok()).await;
    for _ in 0..20 {
        let answered: Value = client.get("/api/v1/workspaces").await.unwrap();
        assert!(answered["workspaces"].is_array(), "{answered}");
    }
}

/// An early refusal must reach a client that is still sending: no 502, no reset without an answer.
#[tokio::test]
async fn an_upload_that_is_refused_early_gets_its_answer() {
    let platform = behind_nginx().await;
    let ann = user(&platform, "ann@example.org").await;
    let pieces = futures::stream::iter((0..64).map(|_| Ok::<_, std::io::Error>(vec![b'x'; 1 << 20])));
    let stranger = local::client::Client::new(platform.public_url()).unwrap();
    let body = reqwest::Body::wrap_stream(pieces);
    let request = stranger.request(Method::POST, "/api/v1/datasets?name=x").header("content-type", "text/csv");
    let refused = stranger.send(request.body(body)).await.unwrap_err();
    assert!(refused.to_string().contains("401"), "{refused:#}");
    assert!(ann.get("/api/v1/datasets").await.is_ok());
}
