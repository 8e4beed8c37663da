//! The deployer's variables; `docs/DEPLOYMENT_RUNBOOK.md` explains them to operators. Those of git, Docker and nginx are read
//! by the adapters, those of Slack and mail by `notify`.

mod auth;
mod hooks;
mod rates;
mod settings;

use std::net::SocketAddr;
use std::path::PathBuf;

use chassis::config::{ConfigProblems, Env, Secret, Setting};
use url::Url;

use crate::adapters::AdaptersConfig;
use crate::github::{self, GithubConfig};
use crate::settings::Settings;

pub use auth::{AuthConfig, AuthMode, SupabaseConfig};
pub use hooks::HooksConfig;
pub use rates::RateConfig;

/// What the deployer stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runtime {
    /// A Docker engine: it deploys.
    Docker,
    /// None (a native platform, tests of the page): it tells, and refuses to deploy with words.
    None,
}

impl Setting for Runtime {
    const EXPECTED: &'static str = "docker or none";

    fn read(text: &str) -> Option<Self> {
        match text {
            "docker" => Some(Self::Docker),
            "none" => Some(Self::None),
            _ => None,
        }
    }
}

/// Everything the running deployer is told.
#[derive(Debug, Clone)]
pub struct Config {
    /// `DEPLOYER_LISTEN`.
    pub listen: SocketAddr,
    /// `DEPLOYER_PRIVATE_LISTEN`.
    pub private_listen: SocketAddr,
    /// `DEPLOYER_RUNTIME`.
    pub runtime: Runtime,
    /// What the engine is told.
    pub settings: Settings,
    /// `PUBLIC_URL`: where people open the platform.
    pub public_url: Url,
    /// Whose tokens hold.
    pub auth: AuthConfig,
    /// GitHub's webhook.
    pub hooks: HooksConfig,
    /// GitHub's API, where a token is given.
    pub github: Option<GithubConfig>,
    /// Slack and mail.
    pub notify: notify::Config,
    /// How often somebody may ask.
    pub rates: RateConfig,
    /// `E2I_REVISION`.
    pub revision: String,
    /// Git, Docker, nginx; `None` without an engine.
    pub adapters: Option<AdaptersConfig>,
}

impl Config {
    /// Reads every variable.
    ///
    /// # Errors
    /// All problems at once.
    pub fn read(env: &Env) -> Result<Self, ConfigProblems> {
        let mut read = env.reader();
        let listen = read.parse_or("DEPLOYER_LISTEN", SocketAddr::from(([127, 0, 0, 1], 8030)));
        let private_listen = read.parse_or("DEPLOYER_PRIVATE_LISTEN", SocketAddr::from(([127, 0, 0, 1], 9030)));
        let runtime = read.parse_or("DEPLOYER_RUNTIME", Runtime::Docker);
        let public_url = read.required::<Url>("PUBLIC_URL");
        let settings = settings::read(&mut read, env, runtime);
        let auth = read.absorb(AuthConfig::read(env));
        let repository = github::repository(&mut read, &settings.repository);
        let hooks = HooksConfig::read(&mut read, &settings.branch, repository.as_deref());
        let github = GithubConfig::read(&mut read, repository);
        let notify = read.absorb(notify::Config::read(env));
        let rates = read.absorb(RateConfig::read(env, listen));
        let adapters = (runtime == Runtime::Docker).then(|| read.absorb(AdaptersConfig::read(env)));
        read.finish(|| {
            Some(Self {
                listen,
                private_listen,
                runtime,
                settings,
                public_url: public_url?,
                auth: auth?,
                hooks,
                github,
                notify: notify?,
                rates: rates?,
                revision: chassis::revision::of(env),
                adapters: match adapters {
                    Some(adapters) => Some(adapters?),
                    None => None,
                },
            })
        })
    }
}

/// Where the state stands when nothing is said.
#[must_use]
pub fn state_dir(env: &Env) -> PathBuf {
    env.get("DEPLOYER_STATE_DIR").map_or_else(|| PathBuf::from("/var/lib/e2i/deployer"), PathBuf::from)
}

/// The secrets that may not be shorter than an HMAC's output is worth guessing.
fn long_enough(secret: &Secret<String>) -> bool {
    secret.expose().len() >= 20
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete() -> Env {
        Env::from_pairs([
            ("PUBLIC_URL", "https://e2i.example.org"),
            ("JWKS_FILE", "/keys/jwks.json"),
            ("PROJECT_DIR", "/srv/e2i"),
        ])
    }

    #[test]
    fn little_has_to_be_said_and_everything_has_a_default() {
        let config = Config::read(&complete()).unwrap();
        assert_eq!((config.listen.port(), config.private_listen.port()), (8030, 9030));
        assert_eq!(config.settings.branch, "main");
        assert!(config.hooks.secrets.is_empty() && config.github.is_none());
    }

    #[test]
    fn all_problems_come_at_once_and_no_secret_with_them() {
        let env = complete()
            .with("GITHUB_WEBHOOK_SECRET", "hunter2")
            .with("RELEASE_TRIGGER", "wish")
            .with("DISK_UPLOADS", "0.95")
            .with("SOAK_SECONDS", "46")
            .with("GITHUB_TOKEN", "ghp_secret")
            .with("SLACK_WEBHOOK_URL", "no url")
            .with("DEPLOYER_LISTEN", "x");
        let problems = Config::read(&env).unwrap_err().to_string();
        for name in [
            "GITHUB_WEBHOOK_SECRET",
            "RELEASE_TRIGGER",
            "DISK_",
            "SOAK_SECONDS",
            "GITHUB_REPOSITORY",
            "SLACK_WEBHOOK_URL",
            "DEPLOYER_LISTEN",
        ] {
            assert!(problems.contains(name), "{name} is not in {problems}");
        }
        assert!(!problems.contains("hunter2") && !problems.contains("ghp_secret"));
    }
}
