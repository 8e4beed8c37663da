//! What the bench asks: a gateway on durable servers of its own, without a worker.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use chassis::entropy::{SharedEntropy, SystemEntropy};
use serde_json::json;
use servers::{Account, Folder, Postgres, PostgresOptions, RandomBytes, Redis, RedisOptions};

use crate::client::{Client, text};
use crate::home::Home;
use crate::platform::{Addresses, Backends, Platform, PlatformOptions, random_bytes};

const DATABASE: &str = "e2i";
/// Limits are tried by tests; here they would be what is measured.
const ENVIRONMENT: [(&str, &str); 5] = [
    ("RUST_LOG", "warn"),
    ("ACCESS_TOKEN_TTL", "2h"),
    ("RATE_LIMIT_ADDRESS_PER_MINUTE", "0"),
    ("RATE_LIMIT_USER_PER_MINUTE", "0"),
    ("JOBS_QUEUED_PER_OWNER", "100000000"),
];

pub(super) struct Rig {
    pub(super) postgres: Postgres,
    /// Kept running.
    _redis: Redis,
    pub(super) platform: Platform,
    pub(super) client: Client,
    pub(super) token: String,
}

impl Rig {
    pub(super) async fn start(program: PathBuf) -> anyhow::Result<Self> {
        let entropy: SharedEntropy = Arc::new(SystemEntropy);
        let random = random_bytes(&entropy);
        let (postgres, redis) = start_servers(&random).await?;
        let address = || servers::free_port(&random).map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        let platform = Platform::start(PlatformOptions {
            program,
            home: Home::temporary(Account::for_servers()?)?,
            backends: Backends {
                database_url: postgres.url(DATABASE),
                redis_url: redis.url(),
                key_prefix: "e2i:".to_owned(),
            },
            addresses: Addresses {
                gateway: address()?,
                gateway_private: address()?,
                workers_private: Vec::new(),
                health: None,
                nginx: None,
                nginx_private: None,
                deployer: None,
                public_url: None,
            },
            environment: ENVIRONMENT.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            sink: Arc::new(|service, line| eprintln!("{service:<9}| {line}")),
            entropy,
        })
        .await?;
        let password = tokio::fs::read_to_string(&platform.admin().password_file).await?;
        let nobody = Client::new(platform.public_url())?;
        let client = nobody.sign_in(&platform.admin().email, password.trim()).await?;
        let body = json!({ "email": platform.admin().email, "password": password.trim() });
        let signed_in = nobody.post("/auth/v1/token?grant_type=password", &body).await?;
        let token = text(&signed_in, "access_token")?.to_owned();
        Ok(Self { postgres, _redis: redis, platform, client, token })
    }

    pub(super) fn database_url(&self) -> String {
        self.postgres.url(DATABASE)
    }

    /// The most memory that the gateway has had.
    pub(super) fn gateway_peak_mib(&self) -> anyhow::Result<f64> {
        peak_mib(self.platform.gateway().pid().context("the gateway is not running")?)
    }
}

/// The most memory that a process has had.
pub(super) fn peak_mib(pid: i32) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).context("read the state of a process")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse().context("read VmHWM")?;
    Ok(kibibytes / 1024.0)
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
