//! What every part of the worker holds.

use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use chassis::entropy::{SharedEntropy, SystemEntropy};
use chassis::lifecycle::Shutdown;
use queue::Queue;
use store::{Options, Store};
use tables::objects::Objects;

use crate::child::pool::Pool;
use crate::config::Config;
use crate::ending::Endings;
use crate::leases::Leases;
use crate::load::Load;
use crate::memory::Budget;
use crate::telling::Events;

/// The worker; clones share everything.
#[derive(Debug, Clone)]
pub(crate) struct Worker {
    pub(crate) config: Arc<Config>,
    /// `host-pid-random`: consumer on Redis, owner of leases in Postgres; never used again.
    pub(crate) name: Arc<str>,
    pub(crate) store: Store,
    pub(crate) queue: Queue,
    /// Children read and write it; the worker removes what nobody took over.
    pub(crate) objects: Objects,
    pub(crate) leases: Leases,
    /// Where attempts put their endings and events.
    pub(crate) endings: Endings,
    pub(crate) events: Events,
    /// What running jobs have declared to hold.
    pub(crate) budget: Budget,
    /// How many jobs of each class run.
    pub(crate) load: Load,
    /// Idle children.
    pub(crate) pool: Pool,
    pub(crate) shutdown: Shutdown,
    pub(crate) entropy: SharedEntropy,
    /// Program and arguments of a child.
    pub(crate) child_command: Arc<[OsString]>,
}

impl Worker {
    /// Connects, and refuses a schema that this release cannot read.
    pub(crate) async fn open(config: Config, child: Vec<OsString>, shutdown: Shutdown) -> anyhow::Result<Self> {
        let options = Options {
            application_name: "e2i-worker".to_owned(),
            max_connections: u32::try_from(config.concurrency).unwrap_or(1).clamp(4, 16),
            acquire_timeout: Duration::from_secs(5),
        };
        let store = Store::connect(config.database_url.expose(), &options).await?;
        store.check_schema().await?;
        let store = if config.mlflow.is_some() { store.logging_runs(&config.revision) } else { store };
        // A wrong address is to be told at start, not by the first job.
        let objects = Objects::open_with(&config.object_store_url, &config.object_store_options);
        let objects = objects.context("OBJECT_STORE_URL")?;
        let queue = Queue::open(config.redis_url.expose(), &config.redis_key_prefix)?;
        let entropy: SharedEntropy = Arc::new(SystemEntropy);
        let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
        let name = format!("{host}-{}-{}", std::process::id(), entropy.uuid());
        let (endings, ending_desk) = Endings::new();
        let (events, event_desk) = Events::new();
        let worker = Self {
            budget: Budget::new(config.memory_mib),
            load: Load::begin(),
            pool: Pool::new(config.warm_children),
            config: Arc::new(config),
            name: name.into(),
            store,
            queue,
            objects,
            leases: Leases::default(),
            shutdown,
            entropy,
            child_command: child.into(),
            endings,
            events,
        };
        // Both end with the process: what they have to do before it, attempts and the drain wait for.
        tokio::spawn(ending_desk.run(worker.clone()));
        tokio::spawn(event_desk.run(worker.clone()));
        Ok(worker)
    }

    /// A random share of `at_most`: full jitter.
    pub(crate) fn jitter(&self, at_most: Duration) -> Duration {
        let mut bytes = [0; 4];
        self.entropy.fill(&mut bytes);
        at_most.mul_f64(f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX))
    }
}
