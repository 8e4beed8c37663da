//! Redis Streams: dispatch entries and live progress. Holds nothing that cannot be rebuilt from Postgres.
//!
//! **Dispatch.** One stream per class and priority, `{prefix}jobs:{class}:p{0,1,2}`, with the consumer group `workers`.
//! An entry is a job's id, its dispatch number and its trace context, never the payload. A worker reads
//! ([`Reader::read`]) as many entries as it has free permits, claims them in Postgres by compare-and-set, then settles
//! them ([`Queue::settle`]: `XACK` + `XDEL`). So an entry on Redis is a hint: a doubled one is dropped at the claim, a
//! lost one is put there again (sweep, epoch).
//!
//! **Progress.** One capped stream per job, `{prefix}progress:{job}`, whose entry ids are the events' own ids
//! `{attempt}-{seq}`: Redis refuses a smaller or equal id, and with it a zombie's or a doubled event. The same script
//! publishes the events to all gateways ([`Queue::publish_all`]); each has one subscription ([`listen`]) for all its readers.
//!
//! **Epoch.** `{prefix}epoch` holds `{run_id of the server}:{random}`. Missing or of another `run_id` means that Redis
//! was wiped, restarted or failed over: all queued jobs are dispatched anew ([`Queue::epoch_is_current`]).
//!
//! [`glance`] is what the health service asks.
//!
//! Traps of the client that this crate steers around: its default response timeout (500 ms) would cut a blocking read
//! and strand an entry with a consumer that never saw it, and so would dropping a read's future: blocking reads have a
//! connection of their own and are always awaited. `DELCONSUMER` would drop what is pending: never called.

mod dispatch;
mod epoch;
pub mod glance;
mod keys;
mod live;
mod progress;
mod reader;

use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};

pub use dispatch::{Delivery, Entry};
pub use keys::Keys;
pub use live::{Channel, Heard, listen};
pub use progress::{Published, Replay};
pub use reader::Reader;

/// What can go wrong on the way to Redis.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// The address.
    #[error("REDIS_URL cannot be read: {0}; write redis://[USER:PASSWORD@]HOST:6379/0")]
    Url(redis::RedisError),
    /// Redis is away or says no.
    #[error("redis: {0}")]
    Redis(#[from] redis::RedisError),
    /// An entry that nobody of ours wrote.
    #[error("an entry of {key} cannot be read: {detail}")]
    Unreadable {
        /// Where it stands.
        key: String,
        /// What is wrong with it.
        detail: String,
    },
}

/// What every call here gives.
pub type Result<T, E = QueueError> = std::result::Result<T, E>;

/// A handle on Redis; cheap to clone. Connects when first used, and again by itself.
#[derive(Clone)]
pub struct Queue {
    client: redis::Client,
    connection: ConnectionManager,
    keys: Keys,
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Queue").field("keys", &self.keys).finish_non_exhaustive()
    }
}

impl Queue {
    /// Reads the address. Redis need not be there yet: a gateway without it still accepts work. Call within a runtime.
    ///
    /// # Errors
    /// [`QueueError::Url`].
    pub fn open(url: &str, prefix: &str) -> Result<Self> {
        let client = redis::Client::open(url).map_err(QueueError::Url)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(Duration::from_secs(2)))
            .set_response_timeout(Some(Duration::from_secs(5)))
            .set_number_of_retries(1)
            .set_max_delay(Duration::from_millis(500));
        let connection = ConnectionManager::new_lazy_with_config(client.clone(), config)?;
        Ok(Self { client, connection, keys: Keys::new(prefix) })
    }

    /// Whether Redis answers now.
    ///
    /// # Errors
    /// What it said instead.
    pub async fn ping(&self) -> Result<()> {
        Ok(redis::cmd("PING").query_async(&mut self.connection.clone()).await?)
    }
}
