//! A job's events: published once, replayed in order, fenced by their own ids.

use std::sync::LazyLock;

use domain::ids::JobId;
use domain::progress::{Envelope, EventId};
use redis::AsyncCommands;
use redis::streams::StreamRangeReply;

use crate::dispatch::unreadable;
use crate::{Queue, Result};

/// How many events of a job are kept, and for how long after the last one.
const KEPT_EVENTS: usize = 1000;
const KEPT_SECONDS: usize = 24 * 3600;

/// XADD refuses an id that is not greater than the last one: then nothing is published either.
static PUBLISH: LazyLock<redis::Script> = LazyLock::new(|| {
    redis::Script::new(
        "local added = redis.pcall('XADD', KEYS[1], 'MAXLEN', ARGV[3], ARGV[1], 'e', ARGV[2])
         if type(added) == 'table' and added.err then
             if string.find(added.err, 'equal or smaller') then return 0 end
             return added
         end
         redis.call('EXPIRE', KEYS[1], ARGV[4])
         redis.call('PUBLISH', ARGV[5], ARGV[2])
         return 1",
    )
});

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    /// It is kept and was told to all gateways.
    Told,
    /// A greater or equal id was there before: a zombie's or a doubled event.
    Refused,
}

/// A job's events after some point.
#[derive(Debug, Clone, PartialEq)]
pub struct Replay {
    /// In order.
    pub events: Vec<Envelope>,
    /// Whether events between that point and the first of these may be missing.
    pub gap: bool,
}

impl Queue {
    /// Keeps an event and tells it to all gateways, in one step.
    ///
    /// # Errors
    /// When Redis is away; readers then get a gap and a snapshot.
    pub async fn publish(&self, envelope: &Envelope) -> Result<Published> {
        let key = self.keys.progress(envelope.job);
        let payload = serde_json::to_string(envelope).map_err(|error| unreadable(&key, error))?;
        let told: u8 = PUBLISH
            .key(&key)
            .arg(envelope.id().to_string())
            .arg(payload)
            .arg(KEPT_EVENTS)
            .arg(KEPT_SECONDS)
            .arg(self.keys.events())
            .invoke_async(&mut self.connection.clone())
            .await?;
        Ok(if told == 1 { Published::Told } else { Published::Refused })
    }

    /// The kept events of a job after `after`, all of them without it.
    ///
    /// # Errors
    /// When Redis is away or holds what is not ours.
    pub async fn replay(&self, job: JobId, after: Option<EventId>) -> Result<Replay> {
        let key = self.keys.progress(job);
        let start = after.map_or_else(|| "-".to_owned(), |id| id.to_string());
        let reply: StreamRangeReply = self.connection.clone().xrange(&key, start, "+").await?;
        let mut events = Vec::with_capacity(reply.ids.len());
        for raw in &reply.ids {
            let payload: String = raw.get("e").ok_or_else(|| unreadable(&key, "no payload"))?;
            events.push(serde_json::from_str::<Envelope>(&payload).map_err(|error| unreadable(&key, error))?);
        }
        // The event that the reader saw last stands first while the history reaches back that far.
        let gap = after.is_some_and(|after| events.first().is_none_or(|first| first.id() != after));
        events.retain(|envelope| after.is_none_or(|after| envelope.id() > after));
        Ok(Replay { events, gap })
    }

    /// Forgets a job's events.
    ///
    /// # Errors
    /// When Redis is away; they expire by themselves.
    pub async fn forget_progress(&self, job: JobId) -> Result<()> {
        Ok(self.connection.clone().del(self.keys.progress(job)).await?)
    }
}
