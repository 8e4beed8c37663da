//! What stands for Slack, and for the watcher outside: it answers as they do, and remembers what it heard and when.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::Context;
use axum::extract::State;
use axum::routing::{any, post};
use axum::{Json, Router};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Where containers of every network reach this machine: Docker's own bridge, which is always there.
const THIS_MACHINE: &str = "172.17.0.1";

/// What a message is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// Something is wrong.
    Raised(i64),
    /// It is over.
    Resolved(i64),
    /// Anything else: by its event id.
    Other(String),
}

impl News {
    /// From the id of an event, which every copy of a message has.
    #[must_use]
    pub fn of(event: &str) -> Self {
        let incident = event.strip_prefix("incident-").and_then(|rest| rest.split_once('-'));
        let incident = incident.and_then(|(number, word)| Some((number.parse().ok()?, word)));
        match incident {
            Some((number, "raised")) => Self::Raised(number),
            Some((number, "resolved")) => Self::Resolved(number),
            _ => Self::Other(event.to_owned()),
        }
    }
}

/// A message that came.
#[derive(Clone, Debug)]
pub struct Heard {
    /// When.
    pub at: Instant,
    /// About what.
    pub news: News,
    /// Its first line.
    pub title: String,
    /// All that it says.
    pub body: Value,
}

#[derive(Debug, Default)]
struct Memory {
    messages: Vec<Heard>,
    beats: Vec<Instant>,
    /// What did not come from health, but from who watches it.
    watcher: Vec<Value>,
}

/// The listener; dropped, nobody answers any more.
#[derive(Debug)]
pub struct Ear {
    port: u16,
    memory: Arc<Mutex<Memory>>,
    task: JoinHandle<()>,
}

impl Ear {
    /// Listens at a free port.
    ///
    /// # Errors
    /// When there is none.
    pub async fn begin() -> anyhow::Result<Self> {
        // The networks of the platform are not made yet: every address.
        let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).await.context("listen for messages")?;
        let port = listener.local_addr()?.port();
        let memory = Arc::new(Mutex::new(Memory::default()));
        let router = Router::new()
            .route("/slack", post(hear))
            .route("/beat", any(beat))
            .route("/watcher", post(hear_watcher))
            .with_state(memory.clone());
        let task = tokio::spawn(async move {
            // It ends when it is dropped.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { port, memory, task })
    }

    /// An address of it, as containers see it: `slack`, `beat`, `watcher`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{THIS_MACHINE}:{}/{path}", self.port)
    }

    /// How many messages came so far.
    #[must_use]
    pub fn count(&self) -> usize {
        self.with(|memory| memory.messages.len())
    }

    /// Those after the first so many.
    #[must_use]
    pub fn after(&self, count: usize) -> Vec<Heard> {
        self.with(|memory| memory.messages[count.min(memory.messages.len())..].to_vec())
    }

    /// When health said that it lives.
    #[must_use]
    pub fn beats(&self) -> Vec<Instant> {
        self.with(|memory| memory.beats.clone())
    }

    /// What the watcher said.
    #[must_use]
    pub fn watcher(&self) -> Vec<Value> {
        self.with(|memory| memory.watcher.clone())
    }

    fn with<T>(&self, act: impl FnOnce(&Memory) -> T) -> T {
        act(&self.memory.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.task.abort();
    }
}

type Shared = State<Arc<Mutex<Memory>>>;

async fn hear(State(memory): Shared, Json(body): Json<Value>) -> &'static str {
    let heard = read(Instant::now(), body);
    memory.lock().unwrap_or_else(PoisonError::into_inner).messages.push(heard);
    "ok"
}

async fn beat(State(memory): Shared) -> &'static str {
    memory.lock().unwrap_or_else(PoisonError::into_inner).beats.push(Instant::now());
    "ok"
}

async fn hear_watcher(State(memory): Shared, Json(body): Json<Value>) -> &'static str {
    memory.lock().unwrap_or_else(PoisonError::into_inner).watcher.push(body);
    "ok"
}

/// The text that notifications show is `TITLE (event ID)`.
fn read(at: Instant, body: Value) -> Heard {
    let text = body["text"].as_str().unwrap_or_default();
    let (title, event) = text.rsplit_once(" (event ").unwrap_or((text, ""));
    let news = News::of(event.trim_end_matches(')'));
    Heard { at, news, title: title.to_owned(), body }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_message_is_known_by_its_event() {
        let heard = read(Instant::now(), json!({"text": ":rotating_light: Redis is down (event incident-12-raised)"}));
        assert_eq!((heard.news, heard.title.as_str()), (News::Raised(12), ":rotating_light: Redis is down"));
        assert_eq!(News::of("incident-3-resolved"), News::Resolved(3));
        for other in ["incident-3-flapping", "incident-x-raised", "test-1", ""] {
            assert_eq!(News::of(other), News::Other(other.to_owned()));
        }
    }

    #[tokio::test]
    async fn what_is_said_is_remembered() {
        let ear = Ear::begin().await.unwrap();
        let here = |path: &str| ear.url(path).replace(THIS_MACHINE, "127.0.0.1");
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        for event in ["incident-1-raised", "incident-1-resolved"] {
            let body = json!({"text": format!("Title (event {event})")});
            let answer = http.post(here("slack")).json(&body).send().await.unwrap();
            assert_eq!(answer.text().await.unwrap(), "ok");
        }
        http.get(here("beat")).send().await.unwrap();
        http.post(here("watcher")).json(&json!({"text": "dead"})).send().await.unwrap();
        let news: Vec<News> = ear.after(0).into_iter().map(|heard| heard.news).collect();
        assert_eq!(news, [News::Raised(1), News::Resolved(1)]);
        assert_eq!((ear.count(), ear.after(1).len(), ear.after(9).len()), (2, 1, 0));
        assert_eq!((ear.beats().len(), ear.watcher().len()), (1, 1));
    }
}
