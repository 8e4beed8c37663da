//! All services of one platform as processes, on servers that are already there.
//!
//! `make up` runs one on servers of its own (module `up`); a test runs [`Platform::for_test`] on servers shared with the
//! other tests of its process, with its own database, key prefix and home, so that many run side by side.
//!
//! Another service joins by one more plan in `settings.rs` and one more [`Service`] in [`Platform::start`].

mod launcher;
mod service;
mod settings;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use chassis::entropy::{Entropy, SharedEntropy, SystemEntropy};
use futures::future::{join_all, select_all, try_join_all};
use futures::{FutureExt as _, TryFutureExt as _};
use reqwest::Url;
use servers::{Account, Folder, Nginx, NginxOptions, RandomBytes};
use tokio::task::spawn_blocking;

pub use launcher::Sink;
pub use service::Service;
pub use settings::{Addresses, Backends, HealthAddresses, Person};

use crate::front::{self, Others};
use crate::home::Home;
use crate::web_app;
use launcher::Launcher;
use settings::Settings;

/// What a platform is made of.
pub struct PlatformOptions {
    /// The `e2i` program.
    pub program: PathBuf,
    /// Where it keeps what lasts.
    pub home: Home,
    /// What it stands on.
    pub backends: Backends,
    /// Where it listens.
    pub addresses: Addresses,
    /// Variables for the services, beside those that the platform sets.
    pub environment: Vec<(String, String)>,
    /// Where their lines go.
    pub sink: Sink,
    /// Where passwords and keys come from.
    pub entropy: SharedEntropy,
}

/// What a test's platform has besides gateway and workers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    Nginx,
    Health,
}

/// A running platform. Dropped, or when this process ends however it ends, its services are stopped.
pub struct Platform {
    public_url: String,
    admin: Person,
    canary: Person,
    first_time: bool,
    gateway: Service,
    gateway_address: SocketAddr,
    workers: Vec<Service>,
    health: Option<Service>,
    nginx: Option<Nginx>,
    /// Outlives the services, which work in it.
    home: Arc<Home>,
}

impl Platform {
    /// Migrates, makes the first people, starts every service, and returns when all are ready.
    ///
    /// # Errors
    /// When one of these fails: with the service's last lines.
    pub async fn start(options: PlatformOptions) -> anyhow::Result<Self> {
        let PlatformOptions { program, home, backends, addresses, environment, sink, entropy } = options;
        let settings = Settings::new(&home, &backends, addresses, &environment, entropy.as_ref())?;
        let home = Arc::new(home);
        let launcher = Arc::new(Launcher::new(&program, Arc::clone(&home), sink)?);
        for task in ["migrate", "bootstrap"] {
            let (launcher, plan) = (Arc::clone(&launcher), settings.gateway_task(task));
            spawn_blocking(move || launcher.run_to_end(&plan)).await.context("a thread ended early")??;
        }
        let start = |plan, address| Service::start(Arc::clone(&launcher), plan, address);
        let gateway = start(settings.gateway(), settings.addresses().gateway_private);
        let workers = try_join_all(settings.workers().into_iter().map(|(plan, address)| start(plan, address)));
        let health = async {
            match settings.health() {
                Some((plan, address)) => start(plan, address).await.map(Some),
                None => Ok(None),
            }
        };
        let (gateway, workers, health) = tokio::try_join!(gateway, workers, health)?;
        let addresses = settings.addresses().clone();
        let mut platform = Self {
            public_url: addresses.public_url(),
            admin: settings.admin,
            canary: settings.canary,
            first_time: settings.first_time,
            gateway,
            gateway_address: addresses.gateway,
            workers,
            health,
            nginx: None,
            home,
        };
        let ready = try_join_all(platform.services().map(Service::ready)).map_ok(drop).await;
        let nginx = match ready {
            Ok(()) => start_nginx(&platform.home, &addresses, &environment, random_bytes(&entropy)).await,
            Err(error) => Err(error),
        };
        match nginx {
            Ok(nginx) => platform.nginx = nginx,
            Err(error) => {
                platform.stop().await;
                return Err(error);
            }
        }
        Ok(platform)
    }

    /// A platform for one test: own database, key prefix, ports and home on the test process's shared servers.
    ///
    /// `program` is `env!("CARGO_BIN_EXE_e2i")`.
    ///
    /// # Errors
    /// When the servers or a service do not start.
    pub async fn for_test(program: &str, workers: usize, environment: &[(&str, &str)]) -> anyhow::Result<Self> {
        Self::for_a_test(program, workers, environment, (&[], shown())).await
    }

    /// [`Self::for_test`] behind a real nginx: [`Self::public_url`] is nginx's.
    ///
    /// # Errors
    /// When the servers or a service do not start.
    pub async fn for_test_behind_nginx(
        program: &str,
        workers: usize,
        environment: &[(&str, &str)],
    ) -> anyhow::Result<Self> {
        Self::for_a_test(program, workers, environment, (&[Beside::Nginx], shown())).await
    }

    /// [`Self::for_test_behind_nginx`] with the health service, which looks at all of it.
    ///
    /// # Errors
    /// When the servers or a service do not start.
    pub async fn for_test_with_health(
        program: &str,
        workers: usize,
        environment: &[(&str, &str)],
    ) -> anyhow::Result<Self> {
        Self::for_a_test(program, workers, environment, (&[Beside::Nginx, Beside::Health], shown())).await
    }

    /// [`Self::for_test_behind_nginx`] whose services' lines go to `sink`.
    ///
    /// # Errors
    /// When the servers or a service do not start.
    pub async fn for_test_heard(
        program: &str,
        workers: usize,
        environment: &[(&str, &str)],
        sink: Sink,
    ) -> anyhow::Result<Self> {
        Self::for_a_test(program, workers, environment, (&[Beside::Nginx], sink)).await
    }

    async fn for_a_test(
        program: &str,
        workers: usize,
        environment: &[(&str, &str)],
        (beside, sink): (&[Beside], Sink),
    ) -> anyhow::Result<Self> {
        let shared = servers::fresh().await?;
        let entropy: SharedEntropy = Arc::new(SystemEntropy);
        let random = random_bytes(&entropy);
        let address = || servers::free_port(&random).map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        let addresses = Addresses {
            gateway: address()?,
            gateway_private: address()?,
            workers_private: (0..workers).map(|_| address()).collect::<anyhow::Result<_>>()?,
            health: beside
                .contains(&Beside::Health)
                .then(|| anyhow::Ok(HealthAddresses { public: address()?, private: address()? }))
                .transpose()?,
            nginx: beside.contains(&Beside::Nginx).then(address).transpose()?,
            nginx_private: beside.contains(&Beside::Nginx).then(address).transpose()?,
            deployer: None,
            public_url: None,
        };
        let backends =
            Backends { database_url: shared.database_url, redis_url: shared.redis_url, key_prefix: shared.key_prefix };
        Self::start(PlatformOptions {
            program: Path::new(program).to_path_buf(),
            home: Home::temporary(Account::for_servers()?)?,
            backends,
            addresses,
            environment: [("NO_COLOR", "1")]
                .iter()
                .chain(environment)
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            sink,
            entropy,
        })
        .await
    }

    /// The address of the API.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// The first admin.
    #[must_use]
    pub fn admin(&self) -> &Person {
        &self.admin
    }

    /// The user that may run the `canary` agent alone.
    #[must_use]
    pub fn canary(&self) -> &Person {
        &self.canary
    }

    /// Whether the admin's password was made by this start.
    #[must_use]
    pub fn is_first_time(&self) -> bool {
        self.first_time
    }

    /// The gateway.
    #[must_use]
    pub fn gateway(&self) -> &Service {
        &self.gateway
    }

    /// The nginx before everything, when there is one.
    #[must_use]
    pub fn nginx(&self) -> Option<&Nginx> {
        self.nginx.as_ref()
    }

    /// Where the gateway itself listens.
    #[must_use]
    pub fn gateway_address(&self) -> SocketAddr {
        self.gateway_address
    }

    /// The workers.
    #[must_use]
    pub fn workers(&self) -> &[Service] {
        &self.workers
    }

    /// The health service, when there is one.
    #[must_use]
    pub fn health(&self) -> Option<&Service> {
        self.health.as_ref()
    }

    /// All services.
    pub fn services(&self) -> impl Iterator<Item = &Service> {
        std::iter::once(&self.gateway).chain(&self.workers).chain(&self.health)
    }

    /// Returns when a service gave up, with the reason.
    pub async fn gave_up(&self) -> String {
        let waiting = self
            .services()
            .map(|service| service.gave_up().map(|reason| format!("{} {reason}", service.name())).boxed());
        select_all(waiting).await.0
    }

    /// Stops all services in order: first what lets requests in.
    pub async fn stop(&self) {
        if let Some(nginx) = &self.nginx {
            // When the waiting thread could not run, the runtime is ending and the guardian stops it.
            let _ = nginx.stop().await;
        }
        join_all(self.services().map(Service::stop)).await;
    }
}

/// Shown by the test harness when the test fails.
fn shown() -> Sink {
    Arc::new(|service, line| println!("{service:<9}| {line}"))
}

async fn start_nginx(
    home: &Home,
    addresses: &Addresses,
    environment: &[(String, String)],
    random: RandomBytes,
) -> anyhow::Result<Option<Nginx>> {
    let Some(listen) = addresses.nginx else { return Ok(None) };
    let programs = spawn_blocking(servers::ensure_installed).await.context("a thread ended early")??;
    let folder = Folder::open(&home.path().join("nginx"), home.account().clone())?;
    let build = web_app::build(environment)?;
    web_app::publish(build.as_deref(), &home.path().join("nginx"))?;
    let address = |variable: &str| {
        let told = environment.iter().find(|(name, value)| name == variable && !value.trim().is_empty());
        let url = told.map(|(_, url)| Url::parse(url.trim())).transpose();
        url.with_context(|| format!("read {variable}"))
    };
    let others = Others {
        sign_in: address("SUPABASE_URL")?,
        mlflow: address("MLFLOW_TRACKING_URI")?,
        deployer: addresses.deployer,
        health: addresses.health.as_ref().map(|health| health.public),
        private: addresses.nginx_private,
    };
    let files = front::configuration(listen, addresses.gateway, &others);
    let options = NginxOptions { folder, listen, files, random };
    Ok(Some(Nginx::start(&programs, options).await.context("start nginx")?))
}

/// The house's randomness in the form that `servers` takes.
#[must_use]
pub fn random_bytes(entropy: &SharedEntropy) -> RandomBytes {
    let entropy = Arc::clone(entropy);
    Arc::new(move |bytes| {
        Entropy::fill(entropy.as_ref(), bytes);
        Ok(())
    })
}
