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

/// Keeps one subscription to events and cancels alive and repeats what it hears to all receivers of `heard`, until its
/// future is dropped. A receiver that falls behind is told so by its channel (`Lagged`) and replays.
pub async fn listen(queue: Queue, heard: broadcast::Sender<Heard>) {
    loop {
        if let Err(error) = listen_once(&queue, &heard).await {
            tracing::warn!(%error, "the subscription to Redis broke; trying again");
        }
        tokio::time::sleep(RETRY).await;
    }
}

async fn listen_once(queue: &Queue, heard: &broadcast::Sender<Heard>) -> Result<()> {
    let mut subscription = queue.client.get_async_pubsub().await?;
    let events = queue.keys.events();
    subscription.subscribe(&[&events, &queue.keys.cancels()]).await?;
    // No receiver is no error: nobody listens at the moment.
    let _ = heard.send(Heard::Begun);
    let mut messages = subscription.into_on_message();
    while let Some(message) = messages.next().await {
        let payload: String = message.get_payload()?;
        let told = if message.get_channel_name() == events {
            serde_json::from_str::<Envelope>(&payload).ok().map(|envelope| Heard::Event(Arc::new(envelope)))
        } else {
            payload.parse().ok().map(Heard::Cancel)
        };
        if let Some(told) = told {
            // No receiver is no error here either.
            let _ = heard.send(told);
        } else {
            tracing::error!(channel = message.get_channel_name(), "a message that nobody of ours wrote");
        }
    }
    Ok(())
}
