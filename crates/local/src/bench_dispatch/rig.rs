//! The platform under the bench, and what is asked of it.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;
use chassis::entropy::{SharedEntropy, SystemEntropy};
use domain::ids::JobId;
use domain::job::JobState;
use domain::progress::JobEvent;
use queue::{Channel, Heard, Queue};
use rustix::process::Pid;
use serde_json::{Value, json};
use servers::{Account, Folder, Postgres, PostgresOptions, RandomBytes, Redis, RedisOptions};
use tokio::sync::{Notify, broadcast};
use tokio::task::JoinHandle;

use super::{PATIENCE, pid};
use crate::client::{Client, text};
use crate::home::Home;
use crate::platform::{Addresses, Backends, Platform, PlatformOptions, random_bytes};

const DATABASE: &str = "e2i";
const KEY_PREFIX: &str = "e2i:";

/// When each attempt of each job was heard to run.
type Runs = Arc<Mutex<HashMap<(JobId, u32), Instant>>>;

pub(super) struct Rig {
    pub(super) postgres: Postgres,
    pub(super) redis: Redis,
    pub(super) platform: Platform,
    pub(super) client: Client,
    runs: Runs,
    noted: Arc<Notify>,
    /// Hears the events; it would take its share of the machine while many jobs drain.
    listening: Mutex<Option<JoinHandle<()>>>,
}

impl Rig {
    /// Durable servers of its own, a gateway, and one worker with so many places.
    pub(super) async fn start(program: PathBuf, concurrency: usize) -> anyhow::Result<Self> {
        let entropy: SharedEntropy = Arc::new(SystemEntropy);
        let random = random_bytes(&entropy);
        let (postgres, redis) = start_servers(&random).await?;
        let backends = Backends {
            database_url: postgres.url(DATABASE),
            redis_url: redis.url(),
            key_prefix: KEY_PREFIX.to_owned(),
        };
        let address = || servers::free_port(&random).map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        let addresses = Addresses {
            gateway: address()?,
            gateway_private: address()?,
            workers_private: vec![address()?],
            health: None,
            nginx: None,
            nginx_private: None,
            deployer: None,
            public_url: None,
        };
        let environment = [
            ("RUST_LOG", "warn".to_owned()),
            ("WORKER_CONCURRENCY", concurrency.to_string()),
            // One person at one address submits as fast as the gateway answers.
            ("RATE_LIMIT_ADDRESS_PER_MINUTE", "10000000".to_owned()),
            ("RATE_LIMIT_USER_PER_MINUTE", "10000000".to_owned()),
        ];
        let platform = Platform::start(PlatformOptions {
            program,
            home: Home::temporary(Account::for_servers()?)?,
            backends,
            addresses,
            environment: environment.map(|(name, value)| (name.to_owned(), value)).into(),
            sink: Arc::new(|service, line| eprintln!("{service:<9}| {line}")),
            entropy,
        })
        .await?;
        let password = tokio::fs::read_to_string(&platform.admin().password_file).await?;
        let client = Client::new(platform.public_url())?.sign_in(&platform.admin().email, password.trim()).await?;
        let rig = Self {
            postgres,
            redis,
            platform,
            client,
            runs: Runs::default(),
            noted: Arc::default(),
            listening: Mutex::default(),
        };
        rig.listen()?;
        Ok(rig)
    }

    /// Begins to hear the events.
    pub(super) fn listen(&self) -> anyhow::Result<()> {
        let (heard, receiver) = broadcast::channel(4096);
        let queue = Queue::open(&self.redis.url(), KEY_PREFIX)?;
        tokio::spawn(note_runs(receiver, Arc::clone(&self.runs), Arc::clone(&self.noted)));
        *locked(&self.listening) = Some(tokio::spawn(queue::listen(queue, Channel::Events, heard)));
        Ok(())
    }

    /// Hears no more events.
    pub(super) fn listen_no_more(&self) {
        if let Some(listening) = locked(&self.listening).take() {
            listening.abort();
        }
    }

    /// Submits a job that works for so long; gives its id.
    pub(super) async fn submit(&self, work_ms: u32) -> anyhow::Result<String> {
        let body = json!({ "agent": "canary", "parameters": { "work_ms": work_ms } });
        let answer: Value = self.client.post("/api/v1/analyses", &body).await?;
        Ok(text(&answer, "id")?.to_owned())
    }

    /// Submits a job that does nothing: how long from before the request until a worker said that it runs it, which it does
    /// after its claim is committed.
    pub(super) async fn claimed_within(&self) -> anyhow::Result<Duration> {
        let begin = Instant::now();
        let job = self.submit(0).await?;
        Ok(self.running(&job, 1).await?.duration_since(begin))
    }

    /// Waits until that attempt of the job was heard to run; gives when.
    pub(super) async fn running(&self, job: &str, attempt: u32) -> anyhow::Result<Instant> {
        let job: JobId = job.parse().map_err(|error| anyhow::anyhow!("{job}: {error}"))?;
        let heard = async {
            loop {
                let noted = self.noted.notified();
                tokio::pin!(noted);
                noted.as_mut().enable();
                if let Some(at) = locked(&self.runs).get(&(job, attempt)) {
                    return *at;
                }
                noted.await;
            }
        };
        tokio::time::timeout(PATIENCE, heard).await.with_context(|| format!("attempt {attempt} of {job} does not run"))
    }

    /// The one number that a statement gives.
    pub(super) async fn number(&self, statement: &str) -> anyhow::Result<f64> {
        let answer = self.postgres.ask(DATABASE, statement).await?;
        answer.trim().parse().with_context(|| format!("`{answer}` is no number; asked was {statement}"))
    }

    pub(super) fn worker_pid(&self) -> anyhow::Result<Pid> {
        pid(self.platform.workers().first().context("no worker")?.pid())
    }

    /// The most memory that the worker has had, without its children.
    pub(super) fn worker_peak_mib(&self) -> anyhow::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.worker_pid()?.as_raw_nonzero()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
        let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse().context("read VmHWM")?;
        Ok(kibibytes / 1024.0)
    }
}

async fn note_runs(mut heard: broadcast::Receiver<Heard>, runs: Runs, noted: Arc<Notify>) {
    loop {
        match heard.recv().await {
            Ok(Heard::Event(event)) => {
                if matches!(event.event, JobEvent::State { state: JobState::Running, .. }) {
                    locked(&runs).insert((event.job, event.attempt), Instant::now());
                    noted.notify_waiters();
                }
            }
            Err(broadcast::error::RecvError::Closed) => return,
            // Of many at once only the singles matter, and those come alone.
            _ => {}
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn start_servers(random: &RandomBytes) -> anyhow::Result<(Postgres, Redis)> {
    let programs = tokio::task::spawn_blocking(servers::ensure_installed).await??;
    let folder = || Folder::temporary(Account::for_servers()?);
    let postgres = PostgresOptions { folder: folder()?, port: None, durable: true, random: RandomBytes::clone(random) };
    let redis = RedisOptions { folder: folder()?, port: None, append_only: true, random: RandomBytes::clone(random) };
    let (postgres, redis) = tokio::try_join!(Postgres::start(&programs, postgres), Redis::start(&programs, redis))?;
    postgres.create_database(DATABASE).await?;
    Ok((postgres, redis))
}
