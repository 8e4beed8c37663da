//! One subscription for many readers.

use std::sync::Arc;
use std::time::Duration;

use domain::ids::JobId;
use domain::progress::Envelope;
use futures::StreamExt;
use tokio::sync::broadcast;

use crate::{Queue, Result};

/// What a subscription hears.
#[derive(Debug, Clone)]
pub enum Heard {
    /// Something happened to a job.
    Event(Arc<Envelope>),
    /// Somebody wants this job cancelled.
    Cancel(JobId),
    /// The subscription (re)began: what was said before may have been missed; replay what matters.
    Begun,
}

const RETRY: Duration = Duration::from_millis(500);

/// Which of it a subscriber wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// [`Heard::Event`].
    Events,
    /// [`Heard::Cancel`].
    Cancels,
}

/// Keeps one subscription alive and repeats what it hears to all receivers of `heard`, until its future is dropped. A
/// receiver that falls behind is told so by its channel (`Lagged`) and replays.
pub async fn listen(queue: Queue, channel: Channel, heard: broadcast::Sender<Heard>) {
    loop {
        if let Err(error) = listen_once(&queue, channel, &heard).await {
            tracing::warn!(%error, "the subscription to Redis broke; trying again");
        }
        tokio::time::sleep(RETRY).await;
    }
}

async fn listen_once(queue: &Queue, channel: Channel, heard: &broadcast::Sender<Heard>) -> Result<()> {
    let mut subscription = queue.client.get_async_pubsub().await?;
    let name = match channel {
        Channel::Events => queue.keys.events(),
        Channel::Cancels => queue.keys.cancels(),
    };
    subscription.subscribe(&name).await?;
    // No receiver is no error: nobody listens at the moment.
    let _ = heard.send(Heard::Begun);
    let mut messages = subscription.into_on_message();
    while let Some(message) = messages.next().await {
        let payload: String = message.get_payload()?;
        let told: Vec<Heard> = match channel {
            Channel::Events => serde_json::from_str::<Vec<Envelope>>(&payload)
                .map(|events| events.into_iter().map(|event| Heard::Event(Arc::new(event))).collect())
                .unwrap_or_default(),
            Channel::Cancels => payload.parse().map(Heard::Cancel).into_iter().collect(),
        };
        if told.is_empty() {
            tracing::error!(channel = name, "a message that nobody of ours wrote");
        }
        for told in told {
            // No receiver is no error here either.
            let _ = heard.send(told);
        }
    }
    Ok(())
}
