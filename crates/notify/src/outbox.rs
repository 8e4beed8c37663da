//! What waits to be told, as dispatchers see it.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::Value;
use tokio::sync::Notify;

use crate::message::Message;

/// A line's number; grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineId(pub i64);

/// What is written into the outbox: one line for each channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Through which channel.
    pub channel: String,
    /// Lines of one thread arrive in their order.
    pub thread: String,
    /// The event's id. The same event is written once for each channel, however often it is tried.
    pub event: String,
    /// What is told, as the channel understands it: a [`Message`] for Slack and mail.
    pub body: Value,
}

impl Entry {
    /// The same message for each of these channels.
    #[must_use]
    pub fn messages(channels: &[&str], thread: &str, message: &Message) -> Vec<Self> {
        // A message is always representable as JSON: it has neither maps with odd keys nor numbers.
        let body = serde_json::to_value(message).unwrap_or_default();
        let entry = |channel: &&str| Self {
            channel: (*channel).to_owned(),
            thread: thread.to_owned(),
            event: message.event.clone(),
            body: body.clone(),
        };
        channels.iter().map(entry).collect()
    }
}

/// A line that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number.
    pub id: LineId,
    /// Its thread.
    pub thread: String,
    /// The event's id.
    pub event: String,
    /// What is told.
    pub body: Value,
    /// How often it was tried in vain.
    pub attempts: u32,
    /// When it is to be tried next.
    pub next_try_at: DateTime<Utc>,
}

impl Line {
    /// The message in it.
    ///
    /// # Errors
    /// It holds something else, in words.
    pub fn message(&self) -> Result<Message, crate::Failure> {
        serde_json::from_value(self.body.clone())
            .map_err(|error| crate::Failure::new(format!("line {} of the outbox is no message: {error}", self.id.0)))
    }
}

/// What waits for one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Depth {
    /// The channel.
    pub channel: String,
    /// Lines that wait.
    pub waiting: u64,
    /// Since when the oldest does.
    pub oldest_at: DateTime<Utc>,
    /// Why the last try was in vain.
    pub last_error: Option<String>,
}

/// Where the outbox is kept. Writing into it is not part of this: that is done by whoever has something to tell, in a
/// transaction of their own.
#[async_trait]
pub trait Storage: Send + Sync {
    /// For the channel, the first waiting line of each thread, at most `limit`, the one to be tried first first.
    async fn heads(&self, channel: &str, limit: usize) -> anyhow::Result<Vec<Line>>;
    /// Notes that it has arrived.
    async fn delivered(&self, line: LineId, at: DateTime<Utc>) -> anyhow::Result<()>;
    /// Notes that it has not, why, and when to try again.
    async fn failed(&self, line: LineId, next_try_at: DateTime<Utc>, words: &str) -> anyhow::Result<()>;
    /// What waits, for each channel with anything.
    async fn depths(&self) -> anyhow::Result<Vec<Depth>>;
}

/// Rung after something was written into the outbox, so that it is told at once. Forgetting it costs seconds, never a
/// message. Clones are the same bell.
#[derive(Debug, Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// Wakes the dispatcher.
    pub fn ring(&self) {
        self.0.notify_waiters();
    }

    pub(crate) fn heard(&self) -> impl Future<Output = ()> + '_ {
        self.0.notified()
    }
}
