//! One Postgres and one Redis for a whole test process; a database and a key prefix for each test.
//!
//! `E2I_TEST_POSTGRES_URL` (may create databases) and `E2I_TEST_REDIS_URL` name servers to use instead.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};

use anyhow::Context;

use crate::instance::blocking;
use crate::{Account, Postgres, RandomBytes, Redis, folder, operating_system_random, postgres, random};

/// What one test gets of the shared servers.
#[derive(Clone, Debug)]
pub struct TestServers {
    /// A database of its own, empty, signed in as the role that owns it (no superuser).
    pub database_url: String,
    /// The same database, signed in as a superuser.
    pub admin_url: String,
    /// A Redis for all tests of the process: never flush it.
    pub redis_url: String,
    /// Begins all keys of this test; ends with `:`.
    pub key_prefix: String,
}

/// The servers of this process.
struct Shared {
    postgres: Source<Postgres>,
    redis: Source<Redis>,
    random: RandomBytes,
}

/// A server of ours, or the address of somebody else's.
enum Source<S> {
    Own(S),
    Given(String),
}

/// A new, empty database on the shared Postgres: its address.
///
/// # Errors
/// When the servers cannot be installed or started.
pub async fn fresh_database() -> anyhow::Result<String> {
    Ok(fresh().await?.database_url)
}

/// A new, empty database and a key prefix of its own.
///
/// # Errors
/// When the servers cannot be installed or started.
pub async fn fresh() -> anyhow::Result<TestServers> {
    blocking(|| shared()?.fresh()).await
}

/// Started at the first call; when that fails every later call says the same.
fn shared() -> anyhow::Result<&'static Shared> {
    static SHARED: OnceLock<Result<Shared, String>> = OnceLock::new();
    let shared = SHARED.get_or_init(|| Shared::start().map_err(|error| format!("{error:#}")));
    shared.as_ref().map_err(|error| anyhow::anyhow!("the servers for tests could not be started: {error}"))
}

impl Shared {
    fn start() -> anyhow::Result<Self> {
        let given = |name: &str| std::env::var_os(name).and_then(|value| value.into_string().ok());
        if let Ok(account) = Account::for_servers() {
            folder::sweep_test_folders(&account);
        }
        let postgres = match given("E2I_TEST_POSTGRES_URL") {
            Some(url) => Source::Given(url),
            None => Source::Own(Postgres::for_test_blocking().context("start Postgres")?),
        };
        let redis = match given("E2I_TEST_REDIS_URL") {
            Some(url) => Source::Given(url),
            None => Source::Own(Redis::for_test_blocking().context("start Redis")?),
        };
        Ok(Self { postgres, redis, random: operating_system_random() })
    }

    fn fresh(&self) -> anyhow::Result<TestServers> {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        // The server may be one that other processes use as well.
        let name = format!("test_{}_{number}", random::hexadecimal::<6>(&self.random)?);
        let (database_url, admin_url) = self.create_database(&name)?;
        let redis_url = match &self.redis {
            Source::Own(redis) => redis.url(),
            Source::Given(url) => url.clone(),
        };
        Ok(TestServers { database_url, admin_url, redis_url, key_prefix: format!("{name}:") })
    }

    fn create_database(&self, name: &str) -> anyhow::Result<(String, String)> {
        // `CREATE DATABASE` copies a template that nobody else may be copying: one at a time is the fast way.
        static ONE_AT_A_TIME: LazyLock<Mutex<()>> = LazyLock::new(Mutex::default);
        let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        match &self.postgres {
            Source::Own(postgres) => {
                postgres.create_database_blocking(name)?;
                Ok((postgres.url(name), postgres.admin_url(name)))
            }
            Source::Given(admin_url) => {
                postgres::create_database(Path::new("psql"), admin_url, name, None)?;
                let mut url = url::Url::parse(admin_url).context("E2I_TEST_POSTGRES_URL is no URL")?;
                url.set_path(name);
                Ok((url.to_string(), url.into()))
            }
        }
    }
}
