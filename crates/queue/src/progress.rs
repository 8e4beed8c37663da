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

/// For each event its key, id and payload. XADD refuses an id that is not greater than the last one: then that event is not
/// published either. What was kept is published as one message, a JSON array.
static PUBLISH: LazyLock<redis::Script> = LazyLock::new(|| {
    redis::Script::new(
        "local told, kept = {}, {}
         for i, key in ipairs(KEYS) do
             local id, payload = ARGV[2 * i + 2], ARGV[2 * i + 3]
             local added = redis.pcall('XADD', key, 'MAXLEN', ARGV[1], id, 'e', payload)
             if type(added) == 'table' and added.err then
                 if not string.find(added.err, 'equal or smaller') then return added end
                 told[i] = 0
             else
                 redis.call('EXPIRE', key, ARGV[2])
                 kept[#kept + 1] = payload
                 told[i] = 1
             end
         end
         if #kept > 0 then redis.call('PUBLISH', ARGV[3], '[' .. table.concat(kept, ',') .. ']') end
         return told",
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
    /// Keeps events and tells them to all gateways, in one step; those of one job in their order.
    ///
    /// # Errors
    /// When Redis is away; readers then get a gap and a snapshot.
    pub async fn publish_all(&self, envelopes: &[Envelope]) -> Result<Vec<Published>> {
        let Some(first) = envelopes.first() else { return Ok(Vec::new()) };
        let mut call = PUBLISH.prepare_invoke();
        call.arg(KEPT_EVENTS).arg(KEPT_SECONDS).arg(self.keys.events());
        for envelope in envelopes {
            let payload =
                serde_json::to_string(envelope).map_err(|error| unreadable(&self.keys.progress(first.job), error))?;
            call.key(self.keys.progress(envelope.job)).arg(envelope.id().to_string()).arg(payload);
        }
        let told: Vec<u8> = call.invoke_async(&mut self.connection.clone()).await?;
        Ok(told.into_iter().map(|told| if told == 1 { Published::Told } else { Published::Refused }).collect())
    }

    /// [`Self::publish_all`] of one.
    ///
    /// # Errors
    /// As there.
    pub async fn publish(&self, envelope: &Envelope) -> Result<Published> {
        let told = self.publish_all(std::slice::from_ref(envelope)).await?;
        Ok(told.first().copied().unwrap_or(Published::Refused))
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
