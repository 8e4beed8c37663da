//! From the journal's messages to people and GitHub.
//!
//! The engine writes one message into the journal with each change of a deployment's state, in the same transaction. Here
//! each becomes a line for every channel that wants it, in the table of [`notify::sqlite`] beside; only then is it noted as
//! passed on. Killed in between, it is passed on again, and the table takes an event only once for each channel. Delivery,
//! with its own pauses for each channel, is [`notify::Dispatcher`]'s.

mod words;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chassis::clock::SharedClock;
use notify::sqlite::Outbox;
use notify::{Bell, Channel, Dispatcher, Entry};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::github;
use crate::journal::{Journal, Message};
use crate::view::{State, Summary};

pub use words::{message, status};

/// The journal is looked at this often: a state is told within it.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Messages that are passed on at once.
const BATCH: usize = 50;

/// What a message of the journal carries.
#[derive(Debug, serde::Deserialize)]
struct Told {
    deployment: Summary,
    #[serde(default)]
    note: String,
}

/// Passes messages on.
#[derive(Debug)]
pub struct Relay {
    journal: Journal,
    outbox: rusqlite::Connection,
    clock: SharedClock,
    public_url: Url,
    people: Vec<&'static str>,
    has_github: bool,
    bell: Bell,
}

/// What tells people and GitHub: the relay, and the dispatcher behind it.
#[derive(Debug)]
pub struct Announcer {
    relay: Relay,
    dispatcher: Dispatcher,
}

impl Announcer {
    /// Between the journal and these channels.
    ///
    /// # Errors
    /// The outbox cannot be opened.
    pub fn open(
        journal: Journal,
        channels: Vec<Arc<dyn Channel>>,
        clock: SharedClock,
        public_url: Url,
    ) -> anyhow::Result<Self> {
        let path = outbox_path(journal.folder());
        let outbox = Outbox::open(&path)?;
        let names: Vec<_> = channels.iter().map(|channel| channel.name()).collect();
        let bell = Bell::default();
        let relay = Relay {
            journal,
            outbox: connect(&path)?,
            clock: clock.clone(),
            public_url,
            people: names.iter().copied().filter(|name| *name != github::CHANNEL).collect(),
            has_github: names.contains(&github::CHANNEL),
            bell: bell.clone(),
        };
        let dispatcher = Dispatcher::new(Arc::new(outbox), channels, clock).with_bell(bell);
        Ok(Self { relay, dispatcher })
    }

    /// Works until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        let Self { mut relay, dispatcher } = self;
        let told = dispatcher.run(stop.clone());
        let passed_on = async move {
            loop {
                match tokio::task::spawn_blocking(move || (relay.pass_on(), relay)).await {
                    Ok((outcome, back)) => {
                        relay = back;
                        if let Err(error) = outcome {
                            tracing::error!("messages cannot be passed on: {error:#}");
                        }
                    }
                    Err(error) => return tracing::error!(%error, "messages are passed on no more"),
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        tokio::select! {
            () = told => {}
            () = passed_on => {}
        }
    }
}

impl Relay {
    /// Passes on what waits.
    fn pass_on(&mut self) -> anyhow::Result<()> {
        loop {
            let now = self.clock.now();
            let messages = self.journal.due_messages(now, BATCH)?;
            if messages.is_empty() {
                return Ok(());
            }
            for message in &messages {
                let entries = self.entries(message);
                let transaction = self.outbox.transaction()?;
                notify::sqlite::enqueue(&transaction, now, &entries)?;
                transaction.commit()?;
                self.journal.message_delivered(message.id, now)?;
            }
            self.bell.ring();
        }
    }

    fn entries(&self, message: &Message) -> Vec<Entry> {
        let told: Told = match serde_json::from_str(&message.payload) {
            Ok(told) => told,
            Err(error) => {
                tracing::error!(event = message.event_id, %error, "a message of the journal cannot be read; it is not told");
                return Vec::new();
            }
        };
        let summary = &told.deployment;
        count(summary);
        let thread = format!("deployment-{}", summary.id);
        let mut entries = Vec::new();
        if let Some(words) =
            words::message(&message.event_id, summary, &told.note, &self.public_url, message.created_at)
        {
            entries = Entry::messages(&self.people, &thread, &words);
        }
        if let Some(status) = words::status(summary, &self.public_url, message.created_at).filter(|_| self.has_github) {
            entries.push(Entry {
                channel: github::CHANNEL.to_owned(),
                thread,
                event: message.event_id.clone(),
                // A status is always representable.
                body: serde_json::to_value(status).unwrap_or_default(),
            });
        }
        entries
    }
}

/// The outbox stands in a file of its own: the journal's writers never wait for a channel's notes.
fn outbox_path(folder: &Path) -> std::path::PathBuf {
    folder.join("notify.sqlite")
}

fn connect(path: &Path) -> anyhow::Result<rusqlite::Connection> {
    let connection = rusqlite::Connection::open(path).with_context(|| format!("open {}", path.display()))?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "synchronous", "full")?;
    Ok(connection)
}

/// Each state is told once, so it is counted once.
fn count(summary: &Summary) {
    let ends = matches!(
        summary.state,
        State::Live
            | State::TakenBack
            | State::Failed
            | State::Refused
            | State::Cancelled
            | State::Superseded
            | State::Stuck
    );
    if ends {
        let (kind, outcome) = (summary.kind.name(), summary.state.name());
        metrics::counter!("deployments_total", "kind" => kind, "outcome" => outcome).increment(1);
        if let Some(seconds) = summary.seconds {
            metrics::histogram!("deployment_duration_seconds", "kind" => kind, "outcome" => outcome).record(seconds);
        }
    }
}
