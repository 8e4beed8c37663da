//! The services of a run: two gateways and some workers, each process with its own way to Postgres and Redis and its own
//! clock, started again as soon as it ends.
//!
//! `local::platform` is not used for that: it gives all services the same addresses, and lets one that dies often wait up
//! to 30 s, as it should outside of such a run.

mod process;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chassis::entropy::SharedEntropy;
use futures::future::{join_all, try_join_all};
use local::home::Home;

pub use process::Process;
use process::{Launch, run_to_end};

use crate::backends::{Backends, KEY_PREFIX};
use crate::guards::Removal;
use crate::proxy::Link;

/// How long a claim holds in a run: short, so that what is lost is soon found.
pub const LEASE: Duration = Duration::from_secs(3);

/// What a fleet is made of.
pub struct FleetOptions<'a> {
    /// This program, which is every service as well.
    pub program: &'a Path,
    /// Where the processes' lines go.
    pub logs: &'a Path,
    /// How many.
    pub gateways: usize,
    /// How many.
    pub workers: usize,
    /// Jobs a worker runs at a time.
    pub places: usize,
    /// A guard to take out on the wire.
    pub removal: Option<Arc<Removal>>,
    /// The library that fakes clocks, where the machine has it.
    pub clock_library: Option<PathBuf>,
}

/// A service with its links.
pub struct Member {
    /// The process.
    pub process: Process,
    /// Its way to Postgres.
    pub postgres: Link,
    /// Its way to Redis.
    pub redis: Link,
    /// Holds how far its clock is off.
    clock: Option<PathBuf>,
}

/// All services.
pub struct Fleet {
    /// The gateways.
    pub gateways: Vec<Member>,
    /// The workers.
    pub workers: Vec<Member>,
    /// Where each gateway is reached.
    pub urls: Vec<String>,
    /// Signs in as the admin.
    pub admin_password: String,
    _home: Arc<Home>,
}

/// The first admin of a run.
pub const ADMIN: &str = "admin@e2i.local";

impl Fleet {
    /// Migrates, makes the admin, starts all services, and returns when they are ready.
    ///
    /// # Errors
    /// When one does not start.
    pub async fn start(
        options: &FleetOptions<'_>,
        backends: &Backends,
        entropy: &SharedEntropy,
    ) -> anyhow::Result<Self> {
        let home = Arc::new(Home::temporary(servers::Account::for_servers()?)?);
        let program = home.keep_program(options.program)?;
        let common = Common::new(&home, options, backends, entropy)?;
        for task in ["migrate", "bootstrap"] {
            let launch = common.launch(task, &program, &["gateway", task], common.bootstrap(backends), None);
            let home = Arc::clone(&home);
            tokio::task::spawn_blocking(move || run_to_end(&launch, &home)).await??;
        }
        let mut gateways = Vec::new();
        for (nth, address) in common.gateways.iter().enumerate() {
            let own = common.gateway(*address)?;
            gateways.push(common.member(&format!("gateway-{}", nth + 1), &program, "gateway", own, backends).await?);
        }
        let mut workers = Vec::new();
        for nth in 0..options.workers {
            let own = common.worker()?;
            workers.push(common.member(&format!("worker-{}", nth + 1), &program, "worker", own, backends).await?);
        }
        let urls = common.gateways.iter().map(|address| format!("http://{address}")).collect();
        let admin_password = std::fs::read_to_string(&common.admin_password).context("read the admin's password")?;
        let admin_password = admin_password.trim().to_owned();
        let fleet = Self { gateways, workers, urls, admin_password, _home: home };
        try_join_all(fleet.members().map(|member| member.process.ready())).await?;
        Ok(fleet)
    }

    /// All services.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.gateways.iter().chain(&self.workers)
    }

    /// Why a service will not be started again, when one will not.
    #[must_use]
    pub fn gave_up(&self) -> Option<String> {
        self.members().find_map(|member| member.process.gave_up())
    }

    /// Stops all.
    pub async fn stop(&self) {
        join_all(self.members().map(|member| member.process.stop())).await;
    }
}

impl Member {
    /// Puts its clock so far off. False where clocks cannot be faked here.
    ///
    /// # Errors
    /// When the file that says so cannot be written.
    pub fn set_clock(&self, by_s: i64) -> anyhow::Result<bool> {
        let Some(clock) = &self.clock else { return Ok(false) };
        // Replaced as a whole: a process that reads half a number would jump by centuries.
        let new = clock.with_extension("new");
        std::fs::write(&new, format!("{by_s:+}\n")).and_then(|()| std::fs::rename(&new, clock))?;
        Ok(true)
    }
}

/// What all services are told.
struct Common<'a> {
    options: &'a FleetOptions<'a>,
    home: Arc<Home>,
    environment: Vec<(String, String)>,
    gateways: Vec<SocketAddr>,
    admin_password: PathBuf,
    random: servers::RandomBytes,
}

impl<'a> Common<'a> {
    fn new(
        home: &Arc<Home>,
        options: &'a FleetOptions<'a>,
        backends: &Backends,
        entropy: &SharedEntropy,
    ) -> anyhow::Result<Self> {
        let random = local::platform::random_bytes(entropy);
        let gateways = (0..options.gateways).map(|_| free(&random)).collect::<anyhow::Result<Vec<_>>>()?;
        let first = gateways.first().context("a run needs a gateway")?;
        let (admin_password, _) = home.password("admin-password", entropy.as_ref())?;
        let secret_key = home.key("secret-key", entropy.as_ref())?;
        let within = |path: &str| home.path().join(path).to_string_lossy().into_owned();
        let environment = [
            ("APP_ENV", "development".to_owned()),
            ("NO_COLOR", "1".to_owned()),
            ("RUST_LOG", "info,e2i=info".to_owned()),
            ("REDIS_KEY_PREFIX", KEY_PREFIX.to_owned()),
            ("REDIS_URL", backends.redis.url()),
            ("OBJECT_STORE_URL", within("objects")),
            ("PUBLIC_URL", format!("http://{first}")),
            ("AUTH_MODE", "local".to_owned()),
            ("JWKS_FILE", within("public/jwks.json")),
            ("AUTH_KEYS_DIR", within("keys")),
            ("SECRET_KEY_FILE", secret_key.to_string_lossy().into_owned()),
            ("ACCESS_TOKEN_TTL", "24h".to_owned()),
            ("DRAIN_DEADLINE", "3s".to_owned()),
            ("WORKER_DRAIN_MAX", "3s".to_owned()),
            ("WORKER_LEASE", format!("{}s", LEASE.as_secs())),
            ("WORKER_CONCURRENCY", options.places.to_string()),
            ("WORKER_WARM_CHILDREN", "2".to_owned()),
            // All clients of a run are one person at one address.
            ("RATE_LIMIT_ADDRESS_PER_MINUTE", "600000".to_owned()),
            ("RATE_LIMIT_USER_PER_MINUTE", "600000".to_owned()),
            ("RATE_LIMIT_SIGN_IN_PER_MINUTE", "6000".to_owned()),
            ("RATE_LIMIT_ACCOUNT_PER_HOUR", "6000".to_owned()),
        ];
        let environment = environment.map(|(name, value)| (name.to_owned(), value)).into();
        Ok(Self { options, home: Arc::clone(home), environment, gateways, admin_password, random })
    }

    fn bootstrap(&self, backends: &Backends) -> Vec<(String, String)> {
        let mut own = vec![
            ("DATABASE_URL".to_owned(), backends.postgres_url()),
            ("ADMIN_EMAIL".to_owned(), ADMIN.to_owned()),
            ("ADMIN_PASSWORD_FILE".to_owned(), self.admin_password.to_string_lossy().into_owned()),
        ];
        own.push(("GATEWAY_LISTEN".to_owned(), self.gateways[0].to_string()));
        own
    }

    fn gateway(&self, address: SocketAddr) -> anyhow::Result<(Vec<(String, String)>, SocketAddr)> {
        let private = free(&self.random)?;
        let own = [("GATEWAY_LISTEN", address), ("GATEWAY_PRIVATE_LISTEN", private)];
        Ok((own.map(|(name, value)| (name.to_owned(), value.to_string())).into(), private))
    }

    fn worker(&self) -> anyhow::Result<(Vec<(String, String)>, SocketAddr)> {
        let private = free(&self.random)?;
        Ok((vec![("WORKER_PRIVATE_LISTEN".to_owned(), private.to_string())], private))
    }

    async fn member(
        &self,
        name: &str,
        program: &Path,
        service: &str,
        (mut own, private): (Vec<(String, String)>, SocketAddr),
        backends: &Backends,
    ) -> anyhow::Result<Member> {
        let postgres = Link::open(name, backends.postgres_address(), self.options.removal.clone()).await?;
        let redis = Link::open(name, backends.redis_address(), None).await?;
        own.push(("DATABASE_URL".to_owned(), backends.postgres_url_by(postgres.address(), name)?));
        own.push(("REDIS_URL".to_owned(), backends.redis_url_by(redis.address())?));
        let clock = self.options.clock_library.as_ref().map(|_| self.home.path().join(format!("run/{name}.clock")));
        if let Some(clock) = &clock {
            std::fs::write(clock, "+0\n").with_context(|| format!("write {}", clock.display()))?;
        }
        let launch = self.launch(name, program, &[service], own, clock.as_deref());
        let process = Process::start(launch, Arc::clone(&self.home), private).await?;
        Ok(Member { process, postgres, redis, clock })
    }

    fn launch(
        &self,
        name: &str,
        program: &Path,
        arguments: &[&str],
        own: Vec<(String, String)>,
        clock: Option<&Path>,
    ) -> Launch {
        let is_own = |name: &String| own.iter().any(|(own, _)| own == name);
        let mut environment: Vec<_> = self.environment.iter().filter(|(name, _)| !is_own(name)).cloned().collect();
        environment.extend(own);
        let mut preloaded = Vec::new();
        if let (Some(clock), Some(library)) = (clock, &self.options.clock_library) {
            preloaded = vec![
                format!("LD_PRELOAD={}", library.display()),
                format!("FAKETIME_TIMESTAMP_FILE={}", clock.display()),
                "FAKETIME_CACHE_DURATION=1".to_owned(),
                // Time-outs and intervals go on as they were: it is the clock on the wall that jumps.
                "FAKETIME_DONT_FAKE_MONOTONIC=1".to_owned(),
                "DONT_FAKE_MONOTONIC=1".to_owned(),
            ];
        }
        Launch {
            name: name.to_owned(),
            program: program.to_path_buf(),
            arguments: std::iter::once("service").chain(arguments.iter().copied()).map(str::to_owned).collect(),
            preloaded,
            environment,
            log: self.options.logs.join(format!("{name}.log")),
        }
    }
}

fn free(random: &servers::RandomBytes) -> anyhow::Result<SocketAddr> {
    Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, servers::free_port(random)?)))
}
