//! Killed between their answer and our note: the one unavoidable duplicate, and that it can be told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use chassis::clock::SystemClock;
use chrono::{DateTime, Utc};
use notify::slack::Slack;
use notify::sqlite::Outbox;
use notify::{Depth, Dispatcher, Line, LineId, Storage};
use tokio_util::sync::CancellationToken;

use crate::hooks::Hooks;
use crate::{Database, http, until};

/// The real outbox, but for the moment when what has arrived is noted: there the program stands until it is killed.
struct KilledBeforeTheNote {
    outbox: Outbox,
    stands: Arc<AtomicBool>,
}

#[async_trait]
impl Storage for KilledBeforeTheNote {
    async fn heads(&self, channel: &str, limit: usize) -> anyhow::Result<Vec<Line>> {
        self.outbox.heads(channel, limit).await
    }

    async fn delivered(&self, _line: LineId, _at: DateTime<Utc>) -> anyhow::Result<()> {
        self.stands.store(true, Ordering::SeqCst);
        std::future::pending().await
    }

    async fn failed(&self, line: LineId, next_try_at: DateTime<Utc>, words: &str) -> anyhow::Result<()> {
        self.outbox.failed(line, next_try_at, words).await
    }

    async fn depths(&self) -> anyhow::Result<Vec<Depth>> {
        self.outbox.depths().await
    }
}

#[tokio::test]
async fn killed_between_their_answer_and_our_note_it_is_told_twice_with_one_event() {
    let (database, hooks) = (Database::new(), Hooks::start().await);
    let slack = || Arc::new(Slack::new(http(), hooks.url("/").into()));
    database.enqueue(&["slack"], "deployment-12", "deployment-12-live");
    let stands = Arc::new(AtomicBool::new(false));
    let storage = KilledBeforeTheNote { outbox: database.outbox.clone(), stands: stands.clone() };
    let first = Dispatcher::new(Arc::new(storage), vec![slack()], Arc::new(SystemClock));
    let running = tokio::spawn(first.run(CancellationToken::new()));
    until("they have answered", async || stands.load(Ordering::SeqCst)).await;
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());

    let second = database.dispatcher(vec![slack()]);
    tokio::spawn(second.run(CancellationToken::new()));
    until("nothing waits", async || database.outbox.depths().await.unwrap().is_empty()).await;
    let posted = hooks.posted();
    assert_eq!(posted.len(), 2, "once by each");
    assert_eq!(posted[0].body, posted[1].body, "the same to the letter");
    assert!(posted[1].body["text"].as_str().unwrap().contains("deployment-12-live"));
}
