//! The variables every service of a platform gets.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use chassis::entropy::Entropy;

use super::launcher::Plan;
use crate::front::TRUSTED_PROXIES;
use crate::home::Home;

/// How long a service may take to end when the platform stops.
pub(super) const GRACE: Duration = Duration::from_secs(10);
/// What a service itself allows running work then: less than [`GRACE`], so that jobs are handed back in order.
const DRAIN: &str = "5s";

/// For glibc: else each thread keeps what one password's hash took, 19 MiB, for the next.
const GIVE_MEMORY_BACK: [(&str, &str); 2] = [("MALLOC_MMAP_THRESHOLD_", "1048576"), ("MALLOC_ARENA_MAX", "2")];

/// Addresses of the servers a platform stands on.
#[derive(Clone)]
pub struct Backends {
    /// Postgres, signed in as the owner of the database.
    pub database_url: String,
    /// Redis.
    pub redis_url: String,
    /// Begins every key in Redis.
    pub key_prefix: String,
}

/// A person of the platform and the file that holds the first password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Signs in with it.
    pub email: String,
    /// Mode 0600.
    pub password_file: PathBuf,
}

/// Where the services listen.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// The public API.
    pub gateway: SocketAddr,
    /// The gateway's private port.
    pub gateway_private: SocketAddr,
    /// One private port for each worker.
    pub workers_private: Vec<SocketAddr>,
    /// The health service, if it is to run.
    pub health: Option<HealthAddresses>,
    /// The nginx before everything; without one the gateway is reached directly.
    pub nginx: Option<SocketAddr>,
    /// Where that nginx says how it is itself.
    pub nginx_private: Option<SocketAddr>,
    /// Where nginx looks for a deployer: none is started here, but one may be.
    pub deployer: Option<SocketAddr>,
    /// How the world calls the public API, when not by nginx's (or the gateway's) port on the loopback address.
    pub public_url: Option<String>,
}

/// Where the health service listens.
#[derive(Clone, Debug)]
pub struct HealthAddresses {
    /// What nginx asks.
    pub public: SocketAddr,
    /// Its private port.
    pub private: SocketAddr,
}

impl Addresses {
    /// How the world calls the public API.
    #[must_use]
    pub fn public_url(&self) -> String {
        let port = self.nginx.unwrap_or(self.gateway).port();
        self.public_url.clone().unwrap_or_else(|| format!("http://127.0.0.1:{port}"))
    }
}

/// Everything a platform's services are told.
pub(super) struct Settings {
    common: Vec<(String, String)>,
    keys: PathBuf,
    health_state: PathBuf,
    addresses: Addresses,
    pub(super) admin: Person,
    pub(super) canary: Person,
    /// Whether the admin's password was made now.
    pub(super) first_time: bool,
}

impl Settings {
    pub(super) fn new(
        home: &Home,
        backends: &Backends,
        addresses: Addresses,
        inherited: &[(String, String)],
        entropy: &dyn Entropy,
    ) -> anyhow::Result<Self> {
        let (admin_password, first_time) = home.password("admin-password", entropy)?;
        let (canary_password, _) = home.password("canary-password", entropy)?;
        let secret_key = home.key("secret-key", entropy)?;
        let text = |path: PathBuf| path.to_string_lossy().into_owned();
        let own = [
            ("APP_ENV", "development".to_owned()),
            ("DATABASE_URL", backends.database_url.clone()),
            ("REDIS_URL", backends.redis_url.clone()),
            ("REDIS_KEY_PREFIX", backends.key_prefix.clone()),
            ("OBJECT_STORE_URL", text(home.path().join("objects"))),
            ("PUBLIC_URL", addresses.public_url()),
            ("AUTH_MODE", "local".to_owned()),
            ("JWKS_FILE", text(home.path().join("public/jwks.json"))),
            ("SECRET_KEY_FILE", text(secret_key)),
            ("DRAIN_DEADLINE", DRAIN.to_owned()),
            ("WORKER_DRAIN_MAX", DRAIN.to_owned()),
        ];
        // What the shell sets (log level, OTLP endpoint, limits) reaches the services, but never in place of ours.
        let is_own = |name: &String| own.iter().any(|(own, _)| own == name);
        let mut common: Vec<(String, String)> = inherited.iter().filter(|(name, _)| !is_own(name)).cloned().collect();
        common.extend(own.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        let person = |variable: &str, default: &str, password_file| Person {
            email: find(inherited, variable).unwrap_or_else(|| default.to_owned()),
            password_file,
        };
        Ok(Self {
            admin: person("ADMIN_EMAIL", "admin@e2i.local", admin_password),
            canary: person("CANARY_EMAIL", "canary@e2i.local", canary_password),
            common,
            keys: home.path().join("keys"),
            health_state: home.path().join("health"),
            addresses,
            first_time,
        })
    }

    /// A subcommand of the gateway that ends by itself.
    pub(super) fn gateway_task(&self, task: &str) -> Plan {
        let mut environment = self.gateway_environment();
        for (variable, person) in [("ADMIN", &self.admin), ("CANARY", &self.canary)] {
            environment.push((format!("{variable}_EMAIL"), person.email.clone()));
            let file = person.password_file.to_string_lossy().into_owned();
            environment.push((format!("{variable}_PASSWORD_FILE"), file));
        }
        plan(task, &["service", "gateway", task], environment)
    }

    pub(super) fn gateway(&self) -> Plan {
        plan("gateway", &["service", "gateway"], self.gateway_environment())
    }

    /// Each worker's plan with its private address.
    pub(super) fn workers(&self) -> Vec<(Plan, SocketAddr)> {
        let addresses = &self.addresses.workers_private;
        let name = |number: usize| if addresses.len() == 1 { "worker".to_owned() } else { format!("worker-{number}") };
        let worker = |(number, address): (usize, &SocketAddr)| {
            let mut environment = self.common.clone();
            environment.push(("WORKER_PRIVATE_LISTEN".to_owned(), address.to_string()));
            (plan(&name(number + 1), &["service", "worker"], environment), *address)
        };
        addresses.iter().enumerate().map(worker).collect()
    }

    /// The health service's plan with its private address.
    pub(super) fn health(&self) -> Option<(Plan, SocketAddr)> {
        let Addresses { health, nginx_private, gateway_private, workers_private, .. } = &self.addresses;
        let health = health.as_ref()?;
        let url = |address: &SocketAddr| format!("http://{address}");
        let own = [
            ("HEALTH_LISTEN", health.public.to_string()),
            ("HEALTH_PRIVATE_LISTEN", health.private.to_string()),
            ("HEALTH_DRAIN_DEADLINE", DRAIN.to_owned()),
            ("HEALTH_STATE_DIR", self.health_state.to_string_lossy().into_owned()),
            ("HEALTH_GATEWAY_URL", url(gateway_private)),
            ("HEALTH_NGINX_URL", nginx_private.as_ref().map_or_else(|| "none".to_owned(), url)),
            // nginx serves the web app's files itself.
            ("HEALTH_FRONTEND_URL", "none".to_owned()),
            ("CANARY_EMAIL", self.canary.email.clone()),
            ("CANARY_PASSWORD_FILE", self.canary.password_file.to_string_lossy().into_owned()),
        ];
        let mut environment = self.common.clone();
        environment.extend(own.map(|(name, value)| (name.to_owned(), value)));
        // Of several workers the first: they are alike, and the queue tells of all.
        environment.extend(workers_private.first().map(|address| ("HEALTH_WORKER_URL".to_owned(), url(address))));
        self.believe_nginx(&mut environment);
        Some((plan("health", &["service", "health"], environment), health.private))
    }

    pub(super) fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// The private keys are for the gateway alone.
    fn gateway_environment(&self) -> Vec<(String, String)> {
        let mut environment = self.common.clone();
        environment.extend([
            ("GATEWAY_LISTEN".to_owned(), self.addresses.gateway.to_string()),
            ("GATEWAY_PRIVATE_LISTEN".to_owned(), self.addresses.gateway_private.to_string()),
            ("AUTH_KEYS_DIR".to_owned(), self.keys.to_string_lossy().into_owned()),
        ]);
        environment.extend(GIVE_MEMORY_BACK.map(|(name, value)| (name.to_owned(), value.to_owned())));
        self.believe_nginx(&mut environment);
        environment
    }

    fn believe_nginx(&self, environment: &mut Vec<(String, String)>) {
        if self.addresses.nginx.is_some() && find(environment, "TRUSTED_PROXIES").is_none() {
            environment.push(("TRUSTED_PROXIES".to_owned(), TRUSTED_PROXIES.to_owned()));
        }
    }
}

fn plan(name: &str, arguments: &[&str], environment: Vec<(String, String)>) -> Plan {
    let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
    Plan { name: name.to_owned(), arguments, environment, grace: GRACE }
}

fn find(variables: &[(String, String)], name: &str) -> Option<String> {
    variables
        .iter()
        .find(|(present, value)| present == name && !value.trim().is_empty())
        .map(|(_, value)| value.clone())
}
