//! One worker's reading end, on connections of its own.

use std::collections::HashMap;
use std::time::Duration;

use domain::job::{JobClass, Priority};
use redis::AsyncConnectionConfig;
use redis::aio::MultiplexedConnection;
use redis::streams::{StreamAutoClaimOptions, StreamAutoClaimReply, StreamReadOptions, StreamReadReply};

use crate::dispatch::Delivery;
use crate::keys::GROUP;
use crate::{Queue, Result};

/// Reads job streams for one consumer. [`Reader::read`] never blocks and takes no more than asked; [`Reader::wait`]
/// blocks without taking anything, so that no entry can be stranded with a consumer that has no room for it.
#[derive(Debug)]
pub struct Reader {
    queue: Queue,
    consumer: String,
    blocking: Option<MultiplexedConnection>,
    seen: HashMap<String, String>,
}

impl Reader {
    /// A reader for that consumer: `host-pid-uuid`, never used again.
    #[must_use]
    pub fn new(queue: &Queue, consumer: &str) -> Self {
        Self { queue: queue.clone(), consumer: consumer.to_owned(), blocking: None, seen: HashMap::new() }
    }

    /// Takes up to `count` new entries of one stream, without blocking.
    ///
    /// # Errors
    /// When Redis is away.
    pub async fn read(&mut self, class: JobClass, priority: Priority, count: usize) -> Result<Vec<Delivery>> {
        let stream = self.queue.keys.jobs(class, priority);
        match self.take(&stream, count).await {
            Err(error) if error.code() == Some("NOGROUP") => {
                self.queue.ensure_group(class, priority).await?;
                Ok(self.take(&stream, count).await?)
            }
            taken => Ok(taken?),
        }
    }

    async fn take(&mut self, stream: &str, count: usize) -> redis::RedisResult<Vec<Delivery>> {
        let options = StreamReadOptions::default().group(GROUP, &self.consumer).count(count);
        let mut command = redis::cmd("XREADGROUP");
        command.arg(&options).arg("STREAMS").arg(stream).arg(">");
        let reply: Option<StreamReadReply> = command.query_async(&mut self.queue.connection.clone()).await?;
        let deliveries: Vec<Delivery> = reply
            .into_iter()
            .flat_map(|reply| reply.keys)
            .flat_map(|key| key.ids)
            .map(|raw| Delivery::read(stream, &raw))
            .collect();
        if let Some(last) = deliveries.last() {
            self.seen.insert(stream.to_owned(), last.id.clone());
        }
        Ok(deliveries)
    }

    /// Waits until something is put on one of the class's streams, or `at_most` has passed. Takes nothing. May return
    /// early for an entry that another worker has taken. Always await it to its end.
    ///
    /// # Errors
    /// When Redis is away.
    pub async fn wait(&mut self, class: JobClass, at_most: Duration) -> Result<()> {
        let streams = Priority::ALL.map(|priority| self.queue.keys.jobs(class, priority));
        let mut command = redis::cmd("XREAD");
        command.arg("COUNT").arg(1).arg("BLOCK").arg(at_most.as_millis().max(1).to_string()).arg("STREAMS");
        for stream in &streams {
            command.arg(stream);
        }
        for stream in &streams {
            command.arg(self.seen.get(stream).map_or("0", String::as_str));
        }
        let mut connection = self.blocking_connection(at_most).await?;
        let reply: redis::RedisResult<Option<StreamReadReply>> = command.query_async(&mut connection).await;
        if reply.is_err() {
            self.blocking = None;
        }
        for key in reply?.into_iter().flat_map(|reply| reply.keys) {
            if let Some(last) = key.ids.last() {
                self.seen.insert(key.key, last.id.clone());
            }
        }
        Ok(())
    }

    /// Takes over up to `count` entries that another consumer read over `idle` ago and never settled: it died in between.
    ///
    /// # Errors
    /// When Redis is away.
    pub async fn take_over(
        &mut self,
        class: JobClass,
        priority: Priority,
        idle: Duration,
        count: usize,
    ) -> Result<Vec<Delivery>> {
        let stream = self.queue.keys.jobs(class, priority);
        let mut command = redis::cmd("XAUTOCLAIM");
        command
            .arg(&stream)
            .arg(GROUP)
            .arg(&self.consumer)
            .arg(idle.as_millis().to_string())
            .arg("0-0")
            .arg(StreamAutoClaimOptions::default().count(count));
        let reply: redis::RedisResult<StreamAutoClaimReply> =
            command.query_async(&mut self.queue.connection.clone()).await;
        match reply {
            Err(error) if error.code() == Some("NOGROUP") => Ok(Vec::new()),
            reply => Ok(reply?.claimed.iter().map(|raw| Delivery::read(&stream, raw)).collect()),
        }
    }

    async fn blocking_connection(&mut self, block: Duration) -> Result<MultiplexedConnection> {
        if let Some(connection) = &self.blocking {
            return Ok(connection.clone());
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(Duration::from_secs(2)))
            .set_response_timeout(Some(block * 2 + Duration::from_secs(5)));
        let connection = self.queue.client.get_multiplexed_async_connection_with_config(&config).await?;
        self.blocking = Some(connection.clone());
        Ok(connection)
    }
}
