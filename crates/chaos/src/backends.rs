//! Private Postgres and Redis of a run, and what can be done to them directly.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use chassis::entropy::SharedEntropy;
use local::platform::random_bytes;
use servers::{Account, Folder, Postgres, PostgresOptions, RandomBytes, Redis, RedisOptions};
use tokio::task::spawn_blocking;
use url::Url;

/// The database of a run.
pub const DATABASE: &str = "e2i";
/// Begins every key on Redis.
pub const KEY_PREFIX: &str = "e2i:";
/// The job streams.
const STREAMS: &str = "jobs:*";

/// The servers of a run.
pub struct Backends {
    /// Postgres.
    pub postgres: Postgres,
    /// Redis, with an append-only file.
    pub redis: Redis,
    redis_data: PathBuf,
    account: Account,
}

impl Backends {
    /// Starts both, empty.
    ///
    /// # Errors
    /// When one does not start.
    pub async fn start(entropy: &SharedEntropy) -> anyhow::Result<Self> {
        let random = random_bytes(entropy);
        let programs = spawn_blocking(servers::ensure_installed).await??;
        let account = Account::for_servers()?;
        let folder = Folder::temporary(account.clone())?;
        let redis_data = folder.path().join("data");
        let redis = RedisOptions { folder, port: None, append_only: true, random: RandomBytes::clone(&random) };
        let folder = Folder::temporary(account.clone())?;
        // Processes are killed here, not machines: what was written is there, flushed to the disk or not.
        let postgres = PostgresOptions { folder, port: None, durable: false, random };
        let (postgres, redis) = tokio::try_join!(Postgres::start(&programs, postgres), Redis::start(&programs, redis))?;
        postgres.create_database(DATABASE).await?;
        Ok(Self { postgres, redis, redis_data, account })
    }

    pub(crate) fn postgres_address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.postgres.port()))
    }

    pub(crate) fn redis_address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.redis.port()))
    }

    pub(crate) fn postgres_url(&self) -> String {
        self.postgres.url(DATABASE)
    }

    /// The same by way of `proxy`; every session of it says in `chaos.process` whose it is.
    pub(crate) fn postgres_url_by(&self, proxy: SocketAddr, process: &str) -> anyhow::Result<String> {
        let url = through(&self.postgres_url(), proxy)?;
        Ok(format!("{url}&options[chaos.process]={process}"))
    }

    pub(crate) fn redis_url_by(&self, proxy: SocketAddr) -> anyhow::Result<String> {
        through(&self.redis.url(), proxy)
    }

    /// `kill -9` of Postgres, and a start.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn crash_postgres(&self) -> anyhow::Result<()> {
        self.postgres.kill9().await?;
        self.postgres.restart().await
    }

    /// `kill -9` of Redis, and a start after `between`.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn crash_redis(&self, between: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<()> {
        self.redis.kill9().await?;
        between()?;
        self.redis.restart().await
    }

    /// Removes what Redis keeps on disk; call while it is down.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn forget_redis_data(&self) -> anyhow::Result<()> {
        let log = self.append_only();
        if log.exists() {
            fs::remove_dir_all(&log).context("remove Redis' append-only file")?;
        }
        Ok(())
    }

    /// Copies Redis' append-only file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn remember_redis_data(&self, into: &Path) -> anyhow::Result<()> {
        self.copy(&self.append_only(), into)
    }

    /// Puts a copy in the place of Redis' append-only file; call while it is down.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn restore_redis_data(&self, from: &Path) -> anyhow::Result<()> {
        self.forget_redis_data()?;
        self.copy(from, &self.append_only())
    }

    fn append_only(&self) -> PathBuf {
        self.redis_data.join("appendonlydir")
    }

    fn copy(&self, from: &Path, to: &Path) -> anyhow::Result<()> {
        if to.exists() {
            fs::remove_dir_all(to).with_context(|| format!("remove {}", to.display()))?;
        }
        fs::create_dir(to).with_context(|| format!("make {}", to.display()))?;
        self.account.give(to)?;
        for entry in fs::read_dir(from).with_context(|| format!("list {}", from.display()))?.flatten() {
            let target = to.join(entry.file_name());
            fs::copy(entry.path(), &target).with_context(|| format!("copy to {}", target.display()))?;
            self.account.give(&target)?;
        }
        Ok(())
    }

    /// Deletes every second entry of the job streams that nobody has read yet or read and not settled; gives how many.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn lose_entries(&self) -> anyhow::Result<usize> {
        let url = Url::parse(&self.redis.url()).context("the address of Redis is no URL")?;
        let address = self.redis_address();
        spawn_blocking(move || {
            let mut redis = Console::open(address, url.password().unwrap_or_default())?;
            let mut lost = 0;
            for stream in redis.ask(&["KEYS", &format!("{KEY_PREFIX}{STREAMS}")])? {
                let ids = redis.ask(&["XRANGE", &stream, "-", "+"])?;
                let ids = ids.iter().filter(|text| is_entry_id(text));
                for id in ids.step_by(2) {
                    redis.ask(&["XDEL", &stream, id])?;
                    lost += 1;
                }
            }
            Ok(lost)
        })
        .await?
    }
}

fn is_entry_id(text: &str) -> bool {
    text.split_once('-')
        .is_some_and(|(ms, nth)| ms.len() == 13 && [ms, nth].iter().all(|part| part.parse::<u64>().is_ok()))
}

fn through(url: &str, proxy: SocketAddr) -> anyhow::Result<String> {
    let mut url = Url::parse(url).context("the address of a server is no URL")?;
    if url.set_port(Some(proxy.port())).is_err() {
        bail!("the address of a server has no port");
    }
    Ok(url.into())
}

/// A few words of Redis' protocol, past the proxies: enough to spoil something.
struct Console(BufReader<TcpStream>);

impl Console {
    fn open(address: SocketAddr, password: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, Duration::from_secs(5)).context("connect to Redis")?;
        stream.set_read_timeout(Some(Duration::from_secs(10))).context("set a time-out")?;
        let mut console = Self(BufReader::new(stream));
        console.ask(&["AUTH", password])?;
        Ok(console)
    }

    /// All texts and numbers of the answer, one after another.
    fn ask(&mut self, words: &[&str]) -> anyhow::Result<Vec<String>> {
        let bulk: Vec<String> = words.iter().map(|word| format!("${}\r\n{word}\r\n", word.len())).collect();
        write!(self.0.get_mut(), "*{}\r\n{}", words.len(), bulk.concat()).context("write to Redis")?;
        let mut answer = Vec::new();
        self.read(&mut answer)?;
        Ok(answer)
    }

    fn read(&mut self, into: &mut Vec<String>) -> anyhow::Result<()> {
        let mut line = String::new();
        self.0.read_line(&mut line).context("read from Redis")?;
        match line.trim_end().split_at_checked(1) {
            Some(("+" | ":", text)) => into.push(text.to_owned()),
            Some(("$", length)) => {
                let Ok(length) = length.parse::<usize>() else { return Ok(()) };
                let mut text = vec![0; length + 2];
                self.0.read_exact(&mut text).context("read from Redis")?;
                into.push(String::from_utf8_lossy(&text[..length]).into_owned());
            }
            Some(("*", count)) => {
                for _ in 0..count.parse().unwrap_or(0) {
                    self.read(into)?;
                }
            }
            _ => bail!("Redis answered `{}`", line.trim_end()),
        }
        Ok(())
    }
}
