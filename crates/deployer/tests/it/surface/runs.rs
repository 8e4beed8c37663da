//! A delivery that was lost: GitHub is asked whether CI has passed.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use chassis::clock::{Clock as _, TestClock};
use chassis::config::Secret;
use chrono::TimeDelta;
use deployer::github::{GithubConfig, Runs, WithRuns};
use deployer::ports::Source as _;
use deployer::release::Commit;
use deployer::webhook::Expected;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::paper::World;
use crate::rig::start;

/// What the server answers: status, headers, body.
type Answer = (StatusCode, Vec<(&'static str, String)>, Value);

/// GitHub's list of runs, asked with what the documentation names.
struct Github {
    answer: watch::Sender<Answer>,
    asked: watch::Sender<usize>,
    url: String,
}

#[derive(Clone)]
struct Shared {
    answer: watch::Receiver<Answer>,
    asked: watch::Sender<usize>,
    head: String,
}

async fn runs(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Query(query): Query<std::collections::BTreeMap<String, String>>,
) -> Response {
    shared.asked.send_modify(|asked| *asked += 1);
    assert_eq!(headers["authorization"], "Bearer ghp_token");
    assert_eq!(headers["x-github-api-version"], "2022-11-28");
    let query: Vec<(&str, &str)> = query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let head = shared.head.as_str();
    let wanted =
        [("branch", "main"), ("event", "push"), ("head_sha", head), ("per_page", "100"), ("status", "completed")];
    assert_eq!(query, wanted);
    let (status, headers, body) = shared.answer.borrow().clone();
    let mut answer = (status, Json(body)).into_response();
    for (name, value) in headers {
        answer.headers_mut().insert(name, value.parse().unwrap());
    }
    answer
}

impl Github {
    async fn start(head: &Commit) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (answer, answers) = watch::channel((StatusCode::OK, Vec::new(), listed(&[])));
        let (asked, _) = watch::channel(0);
        let shared = Shared { answer: answers, asked: asked.clone(), head: head.to_string() };
        let router = Router::new().route("/repos/e2i/platform/actions/runs", get(runs)).with_state(shared);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { answer, asked, url }
    }

    fn lists(&self, runs: &[Value]) {
        self.answer.send_replace((StatusCode::OK, Vec::new(), listed(runs)));
    }

    fn refuses(&self, status: StatusCode, headers: &[(&'static str, String)], message: &str) {
        self.answer.send_replace((status, headers.to_vec(), json!({"message": message})));
    }

    fn asked(&self) -> usize {
        *self.asked.borrow()
    }
}

fn listed(runs: &[Value]) -> Value {
    json!({"total_count": runs.len(), "workflow_runs": runs})
}

/// A run as GitHub's documentation shows it, with the members that matter and some that do not.
fn run(head: &Commit, conclusion: &str) -> Value {
    let repository = json!({"id": 7, "full_name": "e2i/platform", "private": false});
    json!({
        "id": 30_433_642, "name": "ci", "path": ".github/workflows/ci.yml@main", "run_number": 562, "event": "push",
        "display_title": "Change", "status": "completed", "conclusion": conclusion, "workflow_id": 159_038,
        "head_branch": "main", "head_sha": head.as_str(), "run_attempt": 1, "pull_requests": [],
        "repository": repository, "head_repository": repository,
    })
}

fn asking(url: &str, clock: Arc<TestClock>) -> Runs {
    let http = reqwest::Client::builder().timeout(Duration::from_secs(5)).build().unwrap();
    let config = GithubConfig {
        token: Secret::new("ghp_token".to_owned()),
        api: url.parse().unwrap(),
        repository: "e2i/platform".to_owned(),
        environment: "production".to_owned(),
    };
    let expected =
        Expected { branch: "main".into(), repository: Some("e2i/platform".into()), workflow: Some("ci".into()) };
    Runs::new(http, config, expected, clock)
}

fn head() -> Commit {
    "a10867b14bb761a232cd80139fbd4c0d33264240".parse().unwrap()
}

#[tokio::test]
async fn a_commit_has_passed_when_a_run_that_the_webhook_would_take_has() {
    let github = Github::start(&head()).await;
    let world = Arc::new(World::new(start()));
    let source = WithRuns::new(world, asking(&github.url, TestClock::at(start())));
    let passed = async || source.has_passed(&head()).await.unwrap();
    assert_eq!(passed().await, Some(false), "no run, or one that runs still: neither is listed as completed");
    github.lists(&[run(&head(), "failure")]);
    assert_eq!(passed().await, Some(false));
    github.lists(&[run(&head(), "failure"), run(&head(), "success")]);
    assert_eq!(passed().await, Some(true), "run again, and passed");
    for (member, value) in [
        ("name", json!("docs")),
        ("event", json!("pull_request")),
        ("head_branch", json!("main2")),
        ("head_sha", json!("b".repeat(40))),
        ("head_repository", json!({"id": 8, "full_name": "mallory/platform"})),
        ("head_repository", Value::Null),
        ("conclusion", Value::Null),
    ] {
        let mut other = run(&head(), "success");
        other[member] = value;
        if member == "name" {
            other["path"] = json!(".github/workflows/docs.yml");
        }
        github.lists(&[other]);
        assert_eq!(passed().await, Some(false), "{member}");
    }
}

#[tokio::test]
async fn a_limit_is_kept_and_said_and_ends() {
    let github = Github::start(&head()).await;
    let clock = TestClock::at(start());
    let runs = asking(&github.url, clock.clone());
    let why = async || format!("{:#}", runs.have_passed(&head()).await.unwrap_err());
    let reset = (start() + TimeDelta::minutes(20)).timestamp().to_string();
    let used_up = [("x-ratelimit-remaining", "0".to_owned()), ("x-ratelimit-reset", reset)];
    github.refuses(StatusCode::FORBIDDEN, &used_up, "API rate limit exceeded for user ID 1.");
    let words = why().await;
    assert!(
        words.contains("403") && words.contains("rate limit exceeded") && !words.contains("GITHUB_TOKEN"),
        "{words}"
    );
    github.lists(&[run(&head(), "success")]);
    clock.set(start() + TimeDelta::minutes(19));
    let words = why().await;
    assert!(words.contains("2026-11-20 09:20:00"), "{words}");
    assert_eq!(github.asked(), 1, "it is left alone");
    clock.set(start() + TimeDelta::minutes(20));
    assert!(runs.have_passed(&head()).await.unwrap());
    // The other kind of limit.
    github.refuses(StatusCode::TOO_MANY_REQUESTS, &[("retry-after", "60".to_owned())], "secondary rate limit");
    assert!(why().await.contains("429"));
    github.lists(&[run(&head(), "success")]);
    assert!(why().await.contains("09:21:00") && github.asked() == 3);
    clock.set(clock.now() + TimeDelta::seconds(60));
    assert!(runs.have_passed(&head()).await.unwrap());
}

#[tokio::test]
async fn what_is_wrong_with_the_token_or_the_line_is_said() {
    let github = Github::start(&head()).await;
    let runs = asking(&github.url, TestClock::at(start()));
    for (status, words) in [
        (StatusCode::UNAUTHORIZED, "GITHUB_TOKEN is no longer valid"),
        (StatusCode::FORBIDDEN, "GITHUB_TOKEN may read actions there"),
        (StatusCode::NOT_FOUND, "check GITHUB_REPOSITORY"),
        (StatusCode::BAD_GATEWAY, "502"),
    ] {
        github.refuses(status, &[], "no");
        let said = format!("{:#}", runs.have_passed(&head()).await.unwrap_err());
        assert!(said.contains(words) && !said.contains("ghp_token"), "{said}");
    }
    github.answer.send_replace((StatusCode::OK, Vec::new(), json!("no list")));
    assert!(format!("{:#}", runs.have_passed(&head()).await.unwrap_err()).contains("cannot be read"));
    // Each is asked anew: only a limit holds questions back.
    assert_eq!(github.asked(), 5);
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let away = asking(&format!("http://{closed}"), TestClock::at(start()));
    let said = format!("{:#}", away.have_passed(&head()).await.unwrap_err());
    assert!(said.contains("cannot be reached"), "{said}");
}
