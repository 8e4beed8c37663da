//! An HTTP server that takes what is posted and answers as told; and Slack on it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse as _, Response};
use notify::Channel as _;
use notify::slack::Slack;
use serde_json::Value;
use url::Url;

use crate::{http, line};

/// What was posted.
#[derive(Clone)]
pub(crate) struct Posted {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

type Answer = (StatusCode, Vec<(HeaderName, String)>, &'static str);

/// The server; ends with the test.
#[derive(Clone, Default)]
pub(crate) struct Hooks {
    posted: Arc<Mutex<Vec<Posted>>>,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    url: String,
}

impl Hooks {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let hooks = Self { url: format!("http://{}", listener.local_addr().unwrap()), ..Self::default() };
        let router = Router::new().fallback(take).with_state(hooks.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        hooks
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        format!("{}{path}", self.url).parse().unwrap()
    }

    /// Answers the next request so; without any it answers 200.
    pub(crate) fn answer_next(&self, status: StatusCode, headers: &[(&'static str, &str)], body: &'static str) {
        let headers =
            headers.iter().map(|(name, value)| (HeaderName::from_static(name), (*value).to_owned())).collect();
        self.answers.lock().unwrap().push_back((status, headers, body));
    }

    pub(crate) fn posted(&self) -> Vec<Posted> {
        self.posted.lock().unwrap().clone()
    }
}

async fn take(State(hooks): State<Hooks>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let body = serde_json::from_slice(&bytes).unwrap();
    hooks.posted.lock().unwrap().push(Posted { path: parts.uri.path().to_owned(), headers: parts.headers, body });
    let (status, headers, text) = hooks.answers.lock().unwrap().pop_front().unwrap_or((StatusCode::OK, vec![], "ok"));
    let mut response = (status, text).into_response();
    response.headers_mut().extend(headers.into_iter().map(|(name, value)| (name, value.parse().unwrap())));
    response
}

#[tokio::test]
async fn slack_is_told_with_the_event() {
    let hooks = Hooks::start().await;
    let slack = Slack::new(http(), hooks.url("/services/T/B/secret").into());
    slack.deliver(&line("deployment-12-live")).await.unwrap();
    let posted = hooks.posted();
    assert_eq!(posted[0].path, "/services/T/B/secret");
    assert!(posted[0].body["text"].as_str().unwrap().contains("deployment-12-live"));
    assert_eq!(posted[0].body["blocks"][2]["fields"][0]["text"], "*Commit*\n0123456789ab");
}

#[tokio::test]
async fn what_slack_refuses_is_said_without_the_address() {
    let hooks = Hooks::start().await;
    let slack = Slack::new(http(), hooks.url("/services/T/B/secret").into());
    hooks.answer_next(StatusCode::TOO_MANY_REQUESTS, &[("retry-after", "30")], "rate_limited");
    let failure = slack.deliver(&line("a")).await.unwrap_err();
    assert_eq!(failure.retry_after.unwrap().as_secs(), 30);
    hooks.answer_next(StatusCode::NOT_FOUND, &[], "no_service");
    let failure = slack.deliver(&line("a")).await.unwrap_err();
    assert!(failure.words.contains("no_service") && failure.words.contains("SLACK_WEBHOOK_URL"), "{failure}");
    let nobody = Slack::new(http(), "http://127.0.0.1:1/services/secret".parse::<Url>().unwrap().into());
    let failure = nobody.deliver(&line("a")).await.unwrap_err();
    assert!(failure.words.contains("cannot be reached") && !failure.words.contains("secret"), "{failure}");
}
