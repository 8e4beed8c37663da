//! Entries on the job streams: put there, settled, looked after.

use domain::ids::JobId;
use domain::job::{JobClass, Priority};
use redis::AsyncCommands;
use redis::streams::{StreamId, StreamInfoGroupsReply, StreamRangeReply};

use crate::keys::GROUP;
use crate::{Queue, QueueError, Result};

/// What stands on a job stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The job.
    pub job: JobId,
    /// Which dispatch of it; the claim compares it.
    pub dispatch_seq: i64,
    /// W3C trace context of the request that asked for the job.
    pub traceparent: Option<String>,
}

/// An entry as it was delivered to one consumer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub(crate) stream: String,
    pub(crate) id: String,
    /// What it says; `None` for an entry that cannot be read, which is only to be settled.
    pub entry: Option<Entry>,
}

const JOB: &str = "job";
const SEQ: &str = "seq";
const TRACE: &str = "traceparent";

impl Delivery {
    pub(crate) fn read(stream: &str, raw: &StreamId) -> Self {
        let text = |field: &str| raw.get::<String>(field);
        let job = text(JOB).and_then(|job| job.parse().ok());
        let dispatch_seq = text(SEQ).and_then(|seq| seq.parse().ok());
        let entry =
            job.zip(dispatch_seq).map(|(job, dispatch_seq)| Entry { job, dispatch_seq, traceparent: text(TRACE) });
        if entry.is_none() {
            tracing::error!(stream, id = raw.id, "an entry that nobody of ours wrote is dropped");
        }
        Self { stream: stream.to_owned(), id: raw.id.clone(), entry }
    }
}

impl Queue {
    /// Puts entries on their streams, in one round trip.
    ///
    /// # Errors
    /// When Redis is away; some may be there nevertheless, which is harmless.
    pub async fn enqueue(&self, entries: &[(JobClass, Priority, Entry)]) -> Result<()> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut pipeline = redis::pipe();
        for (class, priority, entry) in entries {
            let mut fields = vec![(JOB, entry.job.to_string()), (SEQ, entry.dispatch_seq.to_string())];
            if let Some(traceparent) = &entry.traceparent {
                fields.push((TRACE, traceparent.clone()));
            }
            pipeline.xadd(self.keys.jobs(*class, *priority), "*", &fields).ignore();
        }
        Ok(pipeline.query_async(&mut self.connection.clone()).await?)
    }

    /// Takes delivered entries off their streams: after the claim, Postgres alone owns the job.
    ///
    /// # Errors
    /// When Redis is away; the entries then come again and are dropped at the claim.
    pub async fn settle(&self, deliveries: &[Delivery]) -> Result<()> {
        if deliveries.is_empty() {
            return Ok(());
        }
        let mut pipeline = redis::pipe();
        for delivery in deliveries {
            pipeline.xack(&delivery.stream, GROUP, &[&delivery.id]).ignore();
            pipeline.xdel(&delivery.stream, &[&delivery.id]).ignore();
        }
        Ok(pipeline.query_async(&mut self.connection.clone()).await?)
    }

    /// Whether nothing waits on the stream, neither undelivered nor unsettled. True also where there is no stream.
    ///
    /// # Errors
    /// When Redis is away.
    pub async fn is_drained(&self, class: JobClass, priority: Priority) -> Result<bool> {
        let stream = self.keys.jobs(class, priority);
        let mut connection = self.connection.clone();
        if !connection.exists::<_, bool>(&stream).await? {
            return Ok(true);
        }
        let groups: StreamInfoGroupsReply = connection.xinfo_groups(&stream).await?;
        let Some(group) = groups.groups.iter().find(|group| group.name == GROUP) else {
            return Ok(false);
        };
        // Redis cannot tell the lag once entries were deleted; what stands behind the last delivered one can be seen.
        let behind: StreamRangeReply =
            connection.xrange_count(&stream, format!("({}", group.last_delivered_id), "+", 1).await?;
        Ok(group.pending == 0 && behind.ids.is_empty())
    }

    /// Makes the stream and its group where they are missing; the group starts at the stream's beginning.
    ///
    /// # Errors
    /// When Redis is away.
    pub async fn ensure_group(&self, class: JobClass, priority: Priority) -> Result<()> {
        let made: redis::RedisResult<()> =
            self.connection.clone().xgroup_create_mkstream(self.keys.jobs(class, priority), GROUP, "0").await;
        match made {
            Err(error) if error.code() != Some("BUSYGROUP") => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Asks whichever worker runs the job to look at once. Postgres holds the wish; this only makes it quick.
    ///
    /// # Errors
    /// When Redis is away; the worker learns at its next heartbeat.
    pub async fn hurry_cancel(&self, job: JobId) -> Result<()> {
        Ok(self.connection.clone().publish(self.keys.cancels(), job.to_string()).await?)
    }
}

pub(crate) fn unreadable(key: &str, detail: impl std::fmt::Display) -> QueueError {
    QueueError::Unreadable { key: key.to_owned(), detail: detail.to_string() }
}
