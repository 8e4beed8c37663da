//! Messages against real servers: an SMTP server that speaks STARTTLS and TLS, HTTP servers, an outbox in `SQLite`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must say so")]

mod api;
mod dispatcher;
mod hooks;
mod killed;
mod mail;
mod outbox;
mod smtp_server;

use std::sync::Arc;
use std::time::Duration;

use chassis::clock::{Clock as _, SystemClock};
use chrono::DateTime;
use notify::sqlite::{self, Outbox};
use notify::{Channel, Dispatcher, Entry, Line, LineId, Message, Severity};
use rusqlite::Connection;
use tempfile::TempDir;

/// How long anything may take.
pub(crate) const WITHIN: Duration = Duration::from_secs(20);

/// A message that says that deployment 12 is live.
pub(crate) fn message(event: &str) -> Message {
    Message {
        event: event.to_owned(),
        severity: Severity::Good,
        title: "#12 is live".to_owned(),
        text: "Größe & <tag>: everything is well.".to_owned(),
        facts: Vec::new(),
        link: Some("https://e2i.example.org/deployments/12".parse().unwrap()),
        at: DateTime::UNIX_EPOCH,
    }
    .fact("Commit", "0123456789ab")
}

/// The message as a line of the outbox.
pub(crate) fn line(event: &str) -> Line {
    Line {
        id: LineId(1),
        thread: "deployment-12".to_owned(),
        event: event.to_owned(),
        body: serde_json::to_value(message(event)).unwrap(),
        attempts: 0,
        next_try_at: DateTime::UNIX_EPOCH,
    }
}

/// A database with an outbox, which goes with it.
pub(crate) struct Database {
    pub(crate) folder: TempDir,
    pub(crate) outbox: Outbox,
}

impl Database {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let outbox = Outbox::open(&folder.path().join("journal.sqlite")).unwrap();
        Self { folder, outbox }
    }

    /// Another connection: that of whoever has something to tell.
    pub(crate) fn connect(&self) -> Connection {
        let connection = Connection::open(self.folder.path().join("journal.sqlite")).unwrap();
        connection.busy_timeout(WITHIN).unwrap();
        connection
    }

    pub(crate) fn enqueue(&self, channels: &[&str], thread: &str, event: &str) {
        let entries = Entry::messages(channels, thread, &message(event));
        sqlite::enqueue(&self.connect(), SystemClock.now(), &entries).unwrap();
    }

    pub(crate) fn dispatcher(&self, channels: Vec<Arc<dyn Channel>>) -> Dispatcher {
        Dispatcher::new(Arc::new(self.outbox.clone()), channels, Arc::new(SystemClock))
    }
}

/// Waits until the condition holds.
pub(crate) async fn until<F: AsyncFnMut() -> bool>(what: &str, mut holds: F) {
    let waited = tokio::time::timeout(WITHIN, async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    waited.await.unwrap_or_else(|_| panic!("{what}: not within {WITHIN:?}"));
}

/// The client that main would build.
pub(crate) fn http() -> reqwest::Client {
    reqwest::Client::builder().timeout(Duration::from_secs(5)).build().unwrap()
}
