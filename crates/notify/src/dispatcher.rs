//! Hands what waits in the outbox to its channels, until everything has arrived.
//!
//! One task a channel, and in it one message at a time: a channel that is slow or away holds up nobody but itself. A line is
//! noted as delivered after the other side has said yes and never before.

use std::sync::Arc;
use std::time::Duration;

use chassis::clock::SharedClock;
use chassis::telemetry::metrics::{self as chassis_metrics, Measure};
use chrono::{DateTime, TimeDelta, Utc};
use metrics::Label;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::backoff::Backoff;
use crate::outbox::{Bell, Line, Storage};
use crate::{Channel, Failure};

/// The outbox is looked at this often even when nobody rings.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Lines that are read at once.
const BATCH: usize = 16;
/// A channel that has not answered within this has failed.
const DELIVERY_TIMEOUT: Duration = Duration::from_mins(1);

const DEPTH: Measure = Measure::gauge("notify_outbox_depth", "Messages that wait for their channel.").of(&[]);
const DELIVERIES: Measure =
    Measure::counter("notify_deliveries_total", "Tries to hand a message to its channel; a failed one is tried again.")
        .of(&[]);

/// Hands what waits to its channels.
pub struct Dispatcher {
    storage: Arc<dyn Storage>,
    channels: Vec<Arc<dyn Channel>>,
    clock: SharedClock,
    backoff: Backoff,
    bell: Bell,
}

impl std::fmt::Debug for Dispatcher {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.channels.iter().map(|channel| channel.name()).collect();
        formatter.debug_struct("Dispatcher").field("channels", &names).finish_non_exhaustive()
    }
}

impl Dispatcher {
    /// Between this outbox and these channels.
    #[must_use]
    pub fn new(storage: Arc<dyn Storage>, channels: Vec<Arc<dyn Channel>>, clock: SharedClock) -> Self {
        Self { storage, channels, clock, backoff: Backoff::default(), bell: Bell::default() }
    }

    /// With other pauses.
    #[must_use]
    pub fn with_backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// Woken by this bell.
    #[must_use]
    pub fn with_bell(mut self, bell: Bell) -> Self {
        self.bell = bell;
        self
    }

    /// Works until told to stop. Dropping it at any time loses nothing.
    pub async fn run(self, stop: CancellationToken) {
        self.begin_measures();
        self.say_who_is_gone().await;
        let this = Arc::new(self);
        let mut loops = JoinSet::new();
        for channel in &this.channels {
            loops.spawn(Arc::clone(&this).serve(Arc::clone(channel)));
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = this.measure() => {}
        }
    }

    fn begin_measures(&self) {
        chassis_metrics::begin(&[DEPTH, DELIVERIES]);
        for channel in &self.channels {
            let named = || Label::new("channel", channel.name());
            DEPTH.begin_with(vec![named()]);
            for outcome in ["delivered", "failed"] {
                DELIVERIES.begin_with(vec![named(), Label::new("outcome", outcome)]);
            }
        }
    }

    /// A channel that was taken out of the configuration may have left something behind.
    async fn say_who_is_gone(&self) {
        for depth in self.storage.depths().await.unwrap_or_default() {
            if !self.channels.iter().any(|channel| channel.name() == depth.channel) {
                let (channel, waiting) = (depth.channel, depth.waiting);
                tracing::warn!(channel, waiting, "messages wait for a channel that is not configured");
            }
        }
    }

    async fn measure(&self) {
        loop {
            if let Ok(depths) = self.storage.depths().await {
                for channel in &self.channels {
                    let depth = depths.iter().find(|depth| depth.channel == channel.name());
                    metrics::gauge!("notify_outbox_depth", "channel" => channel.name())
                        .set(depth.map_or(0.0, |depth| depth.waiting as f64));
                }
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    async fn serve(self: Arc<Self>, channel: Arc<dyn Channel>) {
        loop {
            // Heard from here on: what is written while the outbox is read is not slept through.
            let bell = self.bell.heard();
            let pause = match self.round(channel.as_ref()).await {
                Ok(pause) => pause,
                Err(error) => {
                    tracing::error!(channel = channel.name(), "the outbox cannot be used: {error:#}");
                    LOOK_EVERY
                }
            };
            tokio::select! {
                () = bell => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Delivers what is due; gives how long there is nothing to do.
    async fn round(&self, channel: &dyn Channel) -> anyhow::Result<Duration> {
        let mut pause = LOOK_EVERY;
        for line in self.storage.heads(channel.name(), BATCH).await? {
            let now = self.clock.now();
            if let Some(left) = self.due_in(&line, now) {
                pause = pause.min(left);
            } else {
                self.deliver(channel, &line).await?;
                // Another of its thread may be due.
                pause = Duration::ZERO;
            }
        }
        Ok(pause)
    }

    /// How long until the line is due; `None` when it is. A time that no pause can have set comes of a clock that was put
    /// back: it is not waited for.
    fn due_in(&self, line: &Line, now: DateTime<Utc>) -> Option<Duration> {
        let left = (line.next_try_at - now).to_std().ok().filter(|left| !left.is_zero())?;
        (left <= self.backoff.longest()).then_some(left)
    }

    async fn deliver(&self, channel: &dyn Channel, line: &Line) -> anyhow::Result<()> {
        let answered = tokio::time::timeout(DELIVERY_TIMEOUT, channel.deliver(line)).await;
        let outcome = answered
            .unwrap_or_else(|_elapsed| Err(Failure::new(format!("no answer within {} s", DELIVERY_TIMEOUT.as_secs()))));
        let (name, event) = (channel.name(), line.event.as_str());
        match outcome {
            Ok(()) => {
                count(name, "delivered");
                tracing::info!(channel = name, event, attempts = line.attempts + 1, "told");
                self.storage.delivered(line.id, self.clock.now()).await
            }
            Err(failure) => {
                count(name, "failed");
                let attempts = line.attempts.saturating_add(1);
                let pause = self.backoff.after(attempts, failure.retry_after);
                let pause_s = pause.as_secs();
                tracing::warn!(channel = name, event, attempts, pause_s, "not told, tried again later: {failure}");
                let next = self.clock.now() + TimeDelta::from_std(pause).unwrap_or(TimeDelta::hours(1));
                self.storage.failed(line.id, next, &failure.words).await
            }
        }
    }
}

fn count(channel: &'static str, outcome: &'static str) {
    metrics::counter!("notify_deliveries_total", "channel" => channel, "outcome" => outcome).increment(1);
}
