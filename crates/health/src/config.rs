//! The variables of the health service; `.env.example` and `docs/health.md` explain them. Those of Slack and mail are read
//! by `notify`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use chassis::config::{ConfigProblems, Env, Reader, Secret, Setting};
use tables::objects;
use url::Url;

use crate::discovery;
use crate::http::config::HttpConfig;
use crate::own_checks::{self, OwnCheck};
use crate::probes::public::Public;

/// Everything the running service is told.
#[derive(Debug, Clone)]
pub struct Config {
    /// `HEALTH_LISTEN`.
    pub listen: SocketAddr,
    /// `HEALTH_PRIVATE_LISTEN`.
    pub private_listen: SocketAddr,
    /// `HEALTH_STATE_DIR`: history, the lock, what was told last.
    pub state_dir: PathBuf,
    /// `REMIND_EVERY`: of a critical incident that is open.
    pub remind_every: Duration,
    /// `HEALTH_HEARTBEAT_URL`: who is told that this one lives.
    pub heartbeat_url: Option<Secret<Url>>,
    /// `HEALTH_LOGS_KEPT_FILE`: where the shipper of logs writes how many days it keeps.
    pub logs_kept_file: Option<PathBuf>,
    /// The API.
    pub http: HttpConfig,
    /// Slack and mail.
    pub notify: notify::Config,
    /// What is watched.
    pub targets: Targets,
    /// `HEALTH_CHECKS_FILE`: what is watched besides.
    pub own: Vec<OwnCheck>,
}

/// Where the parts of the platform are.
#[derive(Debug, Clone)]
pub struct Targets {
    /// `HEALTH_GATEWAY_URL`: its private port.
    pub gateway: Url,
    /// `HEALTH_WORKER_URL`: its private port.
    pub worker: Url,
    /// `HEALTH_FRONTEND_URL`: where it serves the web app.
    pub frontend: Option<Url>,
    /// `HEALTH_NGINX_URL`: its private port.
    pub nginx: Option<Url>,
    /// `HEALTH_DEPLOYER_URL`: its private port.
    pub deployer: Option<Url>,
    /// `MLFLOW_TRACKING_URI`.
    pub mlflow: Option<Url>,
    /// `DATABASE_URL`.
    pub database_url: Secret<String>,
    /// `REDIS_URL`.
    pub redis_url: Secret<String>,
    /// `OBJECT_STORE_URL`, and `DO_SPACES_*` where it is a bucket.
    pub objects: Option<(String, objects::Options)>,
    /// `PUBLIC_URL`, `HEALTH_PUBLIC_VIA`, `PUBLIC_CA_FILE`.
    pub public: Public,
    /// `CANARY_EMAIL`, `CANARY_PASSWORD`.
    pub canary: Option<(String, Secret<String>)>,
    /// `HEALTH_CANARY_EVERY`.
    pub canary_every: Duration,
    /// `CLAUDE_API_URL`, where `CLAUDE_API_KEY` is set.
    pub claude: Option<Url>,
}

/// An address, or the word that there is none.
#[derive(Debug, Clone)]
struct UrlOrNone(Option<Url>);

impl Setting for UrlOrNone {
    const EXPECTED: &'static str = "a URL such as http://nginx:9080, or none";

    fn read(text: &str) -> Option<Self> {
        if text == "none" { Some(Self(None)) } else { text.parse().ok().map(|url| Self(Some(url))) }
    }
}

/// A host and its port.
#[derive(Debug, Clone)]
struct HostPort(String, u16);

impl Setting for HostPort {
    const EXPECTED: &'static str = "a host and its port, such as nginx:443";

    fn read(text: &str) -> Option<Self> {
        let (host, port) = text.rsplit_once(':')?;
        let host = host.trim_matches(['[', ']']);
        (!host.is_empty()).then_some(Self(host.to_owned(), port.parse().ok()?))
    }
}

impl Config {
    /// Reads every variable.
    ///
    /// # Errors
    /// All problems at once.
    pub fn read(env: &Env) -> Result<Self, ConfigProblems> {
        let mut read = env.reader();
        let listen = read.parse_or("HEALTH_LISTEN", SocketAddr::from(([127, 0, 0, 1], 8020)));
        let private_listen = read.parse_or("HEALTH_PRIVATE_LISTEN", SocketAddr::from(([127, 0, 0, 1], 9020)));
        let state_dir = read.parse_or("HEALTH_STATE_DIR", PathBuf::from("/var/lib/e2i/health"));
        let remind_every = read.parse_or("REMIND_EVERY", Duration::from_hours(4));
        read.check("REMIND_EVERY", remind_every >= Duration::from_mins(1), "give at least 1m; 4h is usual");
        let heartbeat_url = secret_url(&mut read, "HEALTH_HEARTBEAT_URL");
        let logs_kept_file = read.optional("HEALTH_LOGS_KEPT_FILE");
        let http = read.absorb(HttpConfig::read(env, listen));
        let notify = read.absorb(notify::Config::read(env));
        let targets = targets(&mut read, http.as_ref().map(|http| &http.public_url));
        let own = own_checks(&mut read, env);
        read.finish(|| {
            Some(Self {
                listen,
                private_listen,
                state_dir,
                remind_every,
                heartbeat_url,
                logs_kept_file,
                http: http?,
                notify: notify?,
                targets: targets?,
                own,
            })
        })
    }
}

fn targets(read: &mut Reader<'_>, public_url: Option<&Url>) -> Option<Targets> {
    let gateway = compose_url(read, "HEALTH_GATEWAY_URL", "http://gateway:9000").0;
    let worker = compose_url(read, "HEALTH_WORKER_URL", "http://worker:9010").0;
    let frontend = compose_url(read, "HEALTH_FRONTEND_URL", "http://frontend:3000").0;
    let nginx = compose_url(read, "HEALTH_NGINX_URL", "http://nginx:9080").0;
    for (name, is_there) in [("HEALTH_GATEWAY_URL", gateway.is_some()), ("HEALTH_WORKER_URL", worker.is_some())] {
        read.check(name, is_there, "is none: there is no platform without one");
    }
    let deployer = read.optional::<UrlOrNone>("HEALTH_DEPLOYER_URL").and_then(|url| url.0);
    let mlflow = read.optional::<UrlOrNone>("MLFLOW_TRACKING_URI").and_then(|url| url.0);
    let database_url = read.required_secret("DATABASE_URL");
    let redis_url = read.required_secret("REDIS_URL");
    let objects = objects(read);
    let public = public(read, public_url);
    let canary_every = read.parse_or("HEALTH_CANARY_EVERY", Duration::from_mins(5));
    read.check("HEALTH_CANARY_EVERY", canary_every >= Duration::from_secs(10), "give at least 10s; 5m is usual");
    let canary = canary(read);
    let claude = claude(read);
    Some(Targets {
        gateway: gateway?,
        worker: worker?,
        frontend,
        nginx,
        deployer,
        mlflow,
        database_url: database_url?,
        redis_url: redis_url?,
        objects,
        public: public?,
        canary,
        canary_every,
        claude,
    })
}

/// What is said, else where compose has it.
fn compose_url(read: &mut Reader<'_>, name: &str, default: &str) -> UrlOrNone {
    read.optional(name).unwrap_or_else(|| UrlOrNone(default.parse().ok()))
}

fn secret_url(read: &mut Reader<'_>, name: &str) -> Option<Secret<Url>> {
    let text = read.optional_secret(name)?;
    let url: Option<Url> = text.expose().parse().ok();
    read.check(name, url.is_some(), "is no URL; expected e.g. https://hc-ping.com/…");
    url.map(Secret::new)
}

fn objects(read: &mut Reader<'_>) -> Option<(String, objects::Options)> {
    let options = objects::Options {
        key: read.optional_secret("DO_SPACES_KEY").map(|key| key.expose().clone()),
        secret: read.optional_secret("DO_SPACES_SECRET").map(|secret| secret.expose().clone()),
        endpoint: read.optional("DO_SPACES_ENDPOINT"),
        region: None,
    };
    Some((read.optional("OBJECT_STORE_URL")?, options))
}

fn public(read: &mut Reader<'_>, url: Option<&Url>) -> Option<Public> {
    let via = read.optional::<HostPort>("HEALTH_PUBLIC_VIA").map(|HostPort(host, port)| (host, port));
    let ca_file = read.optional("PUBLIC_CA_FILE");
    Some(Public { url: url?.clone(), via, ca_file })
}

fn canary(read: &mut Reader<'_>) -> Option<(String, Secret<String>)> {
    let email = read.optional("CANARY_EMAIL");
    let password = read.optional_secret("CANARY_PASSWORD");
    email.zip(password)
}

fn claude(read: &mut Reader<'_>) -> Option<Url> {
    let url: Option<Url> = read.optional("CLAUDE_API_URL");
    let default = || "https://api.anthropic.com/v1/models".parse().ok();
    // Its presence alone is looked at.
    let _key = read.optional_secret("CLAUDE_API_KEY")?;
    url.or_else(default)
}

fn own_checks(read: &mut Reader<'_>, env: &Env) -> Vec<OwnCheck> {
    let Some(path) = read.optional::<PathBuf>("HEALTH_CHECKS_FILE") else { return Vec::new() };
    match own_checks::read(&path, env, &discovery::ids()) {
        Ok(checks) => checks,
        Err(words) => {
            read.problem("HEALTH_CHECKS_FILE", words);
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete() -> Env {
        Env::from_pairs([
            ("PUBLIC_URL", "https://e2i.example.org"),
            ("JWKS_FILE", "/keys/jwks.json"),
            ("DATABASE_URL", "postgresql://e2i:hunter2@postgres:5432/e2i"),
            ("REDIS_URL", "redis://:hunter2@redis:6379/0"),
        ])
    }

    #[test]
    fn little_has_to_be_said_and_everything_fits_compose() {
        let config = Config::read(&complete()).unwrap();
        assert_eq!((config.listen.port(), config.private_listen.port()), (8020, 9020));
        let targets = &config.targets;
        assert_eq!(targets.gateway.as_str(), "http://gateway:9000/");
        assert_eq!(targets.nginx.as_ref().unwrap().as_str(), "http://nginx:9080/");
        assert!(targets.deployer.is_none() && targets.canary.is_none() && targets.claude.is_none());
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn parts_can_be_said_to_be_missing() {
        let env = complete().with("HEALTH_FRONTEND_URL", "none").with("HEALTH_NGINX_URL", "none");
        let config = Config::read(&env).unwrap();
        assert!(config.targets.frontend.is_none() && config.targets.nginx.is_none());
        let problems = Config::read(&env.with("HEALTH_GATEWAY_URL", "none")).unwrap_err().to_string();
        assert!(problems.contains("HEALTH_GATEWAY_URL: is none"), "{problems}");
    }

    #[test]
    fn all_problems_come_at_once_and_no_secret_with_them() {
        let env = Env::from_pairs([
            ("HEALTH_LISTEN", "x"),
            ("HEALTH_HEARTBEAT_URL", "hunter2"),
            ("HEALTH_PUBLIC_VIA", "nginx"),
            ("HEALTH_CANARY_EVERY", "1s"),
            ("REMIND_EVERY", "1s"),
            ("HEALTH_CHECKS_FILE", "/nowhere"),
            ("HEALTH_NGINX_URL", "nginx"),
        ]);
        let problems = Config::read(&env).unwrap_err().to_string();
        for name in [
            "HEALTH_LISTEN",
            "HEALTH_HEARTBEAT_URL",
            "HEALTH_PUBLIC_VIA",
            "HEALTH_CANARY_EVERY",
            "REMIND_EVERY",
            "HEALTH_CHECKS_FILE",
            "HEALTH_NGINX_URL",
            "PUBLIC_URL",
            "JWKS_FILE",
            "DATABASE_URL",
            "REDIS_URL",
        ] {
            assert!(problems.contains(name), "{name} is not in {problems}");
        }
        assert!(!problems.contains("hunter2"));
    }
}
