//! What stands around the service in these tests: HTTP servers that answer as told, one that accepts and never answers, and
//! Slack.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep};
use url::Url;

/// An HTTP server that answers each path as told, 404 otherwise, and counts who asked.
#[derive(Clone)]
pub(crate) struct House {
    pub(crate) address: SocketAddr,
    answers: Arc<Mutex<BTreeMap<String, (u16, String)>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl House {
    pub(crate) async fn build() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let house = Self { address, answers: Arc::default(), asked: Arc::default() };
        let router = Router::new().fallback(answer).with_state(house.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        house
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        format!("http://{}{path}", self.address).parse().unwrap()
    }

    pub(crate) fn says(&self, path: &str, status: u16, body: impl Into<String>) -> &Self {
        self.answers.lock().unwrap().insert(path.to_owned(), (status, body.into()));
        self
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

async fn answer(State(house): State<House>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    house.asked.lock().unwrap().push(path.clone());
    match house.answers.lock().unwrap().get(&path) {
        Some((status, body)) => (StatusCode::from_u16(*status).unwrap(), body.clone()).into_response(),
        None => (StatusCode::NOT_FOUND, "there is nothing here").into_response(),
    }
}

/// Somebody who takes connections and says nothing.
pub(crate) async fn deaf() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut taken = Vec::new();
        loop {
            taken.push(listener.accept().await.unwrap().0);
        }
    });
    address
}

/// Slack, which keeps what it was told.
#[derive(Clone)]
pub(crate) struct Slack {
    pub(crate) url: Url,
    told: Arc<Mutex<Vec<Value>>>,
}

impl Slack {
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/services/T/B/x", listener.local_addr().unwrap()).parse().unwrap();
        let slack = Self { url, told: Arc::default() };
        let told = slack.told.clone();
        let take = move |body: Bytes| async move {
            told.lock().unwrap().push(serde_json::from_slice(&body).unwrap());
            "ok"
        };
        let router = Router::new().fallback(take);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        slack
    }

    /// What was told, in the words of its notifications.
    pub(crate) fn told(&self) -> Vec<String> {
        self.told.lock().unwrap().iter().map(|told| told["text"].as_str().unwrap().to_owned()).collect()
    }

    /// How many messages have this in them.
    pub(crate) fn count(&self, words: &str) -> usize {
        self.told().iter().filter(|told| told.contains(words)).count()
    }
}

/// Waits until it is so.
pub(crate) async fn until(what: &str, within: Duration, mut is_so: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + within;
    while !is_so().await {
        assert!(Instant::now() < end, "after {within:?} still not: {what}");
        sleep(Duration::from_millis(50)).await;
    }
}
