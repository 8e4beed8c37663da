//! What the environment says.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use chassis::config::{ConfigProblems, Env, Reader, Secret};
use chassis::revision;
use domain::agents;
use domain::job::JobClass;
use reqwest::Url;
use tables::objects;

use crate::memory;

/// The private port where `WORKER_PRIVATE_LISTEN` says none.
pub(crate) const PRIVATE_LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9010);

/// The worker's configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// `DATABASE_URL`.
    pub database_url: Secret<String>,
    /// `REDIS_URL`.
    pub redis_url: Secret<String>,
    /// `REDIS_KEY_PREFIX`: begins every key, `e2i:` by default.
    pub redis_key_prefix: String,
    /// `OBJECT_STORE_URL`: where tables lie.
    pub object_store_url: String,
    /// `DO_SPACES_KEY`, `DO_SPACES_SECRET`, `DO_SPACES_ENDPOINT`: how, when it is a bucket.
    pub object_store_options: objects::Options,
    /// `WORKER_PRIVATE_LISTEN`: liveness, readiness, metrics.
    pub private_listen: SocketAddr,
    /// `WORKER_CONCURRENCY`: small jobs at a time; the number of cores by default.
    pub concurrency: usize,
    /// `WORKER_LARGE_CONCURRENCY`: large jobs at a time, 1 by default.
    pub large_concurrency: usize,
    /// `WORKER_WARM_CHILDREN`: idle children that are kept; as many as small jobs at a time by default.
    pub warm_children: usize,
    /// `WORKER_SMALL_MEMORY_MIB`: what a small job may hold; beyond it, it gets a large place. 1024 by default.
    pub small_memory_mib: u32,
    /// `WORKER_LARGE_MEMORY_MIB`: what a large job may hold; beyond it, it fails. By default three quarters of what this
    /// machine, or the container's limit, has.
    pub large_memory_mib: u32,
    /// `WORKER_MEMORY_MIB`: what running jobs may declare to hold together; by default four fifths of what there is.
    pub memory_mib: u32,
    /// `WORKER_STUCK_AFTER`: longest silence of a job where its agent does not bound it sooner.
    pub stuck_after: Duration,
    /// `WORKER_LEASE`: how long a claim holds without a heartbeat; a third of it is the heartbeat's interval.
    pub lease: Duration,
    /// `WORKER_REST_ALONE`: a worker that rests while nobody else takes jobs wakes by itself after so long.
    pub rest_alone: Duration,
    /// `DISPATCH_WINDOW`: at most so many queued jobs of a class and priority are on Redis.
    pub dispatch_window: u32,
    /// `JOBS_RUNNING_PER_OWNER`: at most so many analyses of one owner run or stand on Redis.
    pub jobs_running_per_owner: u32,
    /// Where analyses are logged; nowhere when left out.
    pub mlflow: Option<MlflowConfig>,
    /// `E2I_REVISION`.
    pub revision: String,
}

/// The MLflow server to log to.
#[derive(Debug, Clone)]
pub struct MlflowConfig {
    /// `MLFLOW_TRACKING_URI`: its address, with the static prefix if it has one.
    pub tracking_uri: Url,
    /// `MLFLOW_TRACKING_USERNAME`, where it asks for one.
    pub username: Option<String>,
    /// `MLFLOW_TRACKING_PASSWORD`.
    pub password: Option<Secret<String>>,
}

impl Config {
    /// Reads and checks everything, and tells all problems at once.
    ///
    /// # Errors
    /// Each problem with the variable's name and what to do.
    pub fn read(env: &Env) -> Result<Self, ConfigProblems> {
        let mut read = env.reader();
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let database_url = read.required_secret("DATABASE_URL");
        let redis_url = read.required_secret("REDIS_URL");
        let object_store_url = read.required::<String>("OBJECT_STORE_URL");
        let object_store_options = objects::Options {
            key: read.optional_secret("DO_SPACES_KEY").map(|key| key.expose().clone()),
            secret: read.optional_secret("DO_SPACES_SECRET").map(|secret| secret.expose().clone()),
            endpoint: read.optional("DO_SPACES_ENDPOINT"),
            region: None,
        };
        let redis_key_prefix = read.parse_or("REDIS_KEY_PREFIX", "e2i:".to_owned());
        let private_listen = read.parse_or("WORKER_PRIVATE_LISTEN", PRIVATE_LISTEN);
        let concurrency = read.parse_or("WORKER_CONCURRENCY", cores);
        let large_concurrency = read.parse_or("WORKER_LARGE_CONCURRENCY", 1);
        let warm_children = read.parse_or("WORKER_WARM_CHILDREN", concurrency);
        let small_memory_mib = read.parse_or("WORKER_SMALL_MEMORY_MIB", 1024);
        let large_memory_mib = read.parse_or("WORKER_LARGE_MEMORY_MIB", memory::total_mib() / 4 * 3);
        let memory_mib = read.parse_or("WORKER_MEMORY_MIB", memory::total_mib() / 5 * 4);
        let (stuck_after, lease, rest_alone) = patience(&mut read);
        let dispatch_window = read.parse_or("DISPATCH_WINDOW", 256);
        let jobs_running_per_owner = read.parse_or("JOBS_RUNNING_PER_OWNER", 512);
        let mlflow = mlflow(&mut read);
        read.check("WORKER_CONCURRENCY", (1..=1024).contains(&concurrency), "give 1 to 1024");
        read.check("WORKER_LARGE_CONCURRENCY", (1..=1024).contains(&large_concurrency), "give 1 to 1024");
        read.check("WORKER_SMALL_MEMORY_MIB", small_memory_mib >= 64, "give at least 64; 1024 is usual");
        read.check(
            "WORKER_LARGE_MEMORY_MIB",
            large_memory_mib >= small_memory_mib,
            "must not be less than WORKER_SMALL_MEMORY_MIB",
        );
        read.check("WORKER_MEMORY_MIB", memory_mib >= 64, "give at least 64");
        read.check("DISPATCH_WINDOW", (1..=1024).contains(&dispatch_window), "give 1 to 1024; 256 is usual");
        read.check("JOBS_RUNNING_PER_OWNER", jobs_running_per_owner > 0, "give at least 1; 512 is usual");
        read.finish(|| {
            Some(Self {
                database_url: database_url?,
                redis_url: redis_url?,
                redis_key_prefix,
                object_store_url: object_store_url?,
                object_store_options,
                private_listen,
                concurrency,
                large_concurrency,
                warm_children,
                small_memory_mib,
                large_memory_mib,
                memory_mib,
                stuck_after,
                lease,
                rest_alone,
                dispatch_window,
                jobs_running_per_owner,
                mlflow,
                revision: revision::of(env),
            })
        })
    }

    /// What a job of that class may hold.
    #[must_use]
    pub fn memory_limit(&self, class: JobClass) -> u64 {
        let mib = match class {
            JobClass::Small => self.small_memory_mib,
            JobClass::Large => self.large_memory_mib,
        };
        u64::from(mib) << 20
    }

    /// After how much silence an attempt of that agent counts as stuck.
    #[must_use]
    pub fn stuck_after(&self, agent: &str) -> Duration {
        let own = agents::find(agent).map(|agent| Duration::from_secs(agent.stuck_s.into()));
        own.map_or(self.stuck_after, |own| own.min(self.stuck_after))
    }
}

/// How long a job may be silent, a claim holds, and a rest may leave nobody at work.
fn patience(read: &mut Reader<'_>) -> (Duration, Duration, Duration) {
    let stuck_after = read.parse_or("WORKER_STUCK_AFTER", Duration::from_mins(10));
    read.check("WORKER_STUCK_AFTER", !stuck_after.is_zero(), "give at least 1s; 10m is usual");
    let lease = read.parse_or("WORKER_LEASE", Duration::from_secs(30));
    read.check("WORKER_LEASE", lease >= Duration::from_secs(1), "give at least 1s; 30s is usual");
    let rest_alone = read.parse_or("WORKER_REST_ALONE", Duration::from_mins(5));
    read.check("WORKER_REST_ALONE", !rest_alone.is_zero(), "give at least 1s; 5m is usual");
    (stuck_after, lease, rest_alone)
}

fn mlflow(read: &mut Reader<'_>) -> Option<MlflowConfig> {
    let username = read.optional("MLFLOW_TRACKING_USERNAME");
    let password = read.optional_secret("MLFLOW_TRACKING_PASSWORD");
    let tracking_uri: Url = read.optional("MLFLOW_TRACKING_URI")?;
    let is_http = matches!(tracking_uri.scheme(), "http" | "https");
    read.check("MLFLOW_TRACKING_URI", is_http, "give the address of an MLflow server, e.g. http://mlflow:5000/mlflow");
    let has_no_secret = tracking_uri.password().is_none();
    read.check("MLFLOW_TRACKING_URI", has_no_secret, "give the password by MLFLOW_TRACKING_PASSWORD");
    Some(MlflowConfig { tracking_uri, username, password })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_missing_or_wrong_is_told_at_once_and_no_secret_with_it() {
        let env = Env::from_pairs([
            ("DATABASE_URL", "postgresql://e2i:hunter2@localhost/e2i"),
            ("WORKER_LEASE", "10"),
            ("WORKER_CONCURRENCY", "0"),
        ]);
        let problems = Config::read(&env).unwrap_err().to_string();
        for part in ["REDIS_URL", "OBJECT_STORE_URL", "WORKER_LEASE", "WORKER_CONCURRENCY"] {
            assert!(problems.contains(part), "{part} in {problems}");
        }
        assert!(!problems.contains("hunter2"));
    }

    #[test]
    fn no_secret_is_shown_by_debug() {
        let env = Env::from_pairs([
            ("DATABASE_URL", "postgresql://e2i:hunter2@localhost/e2i"),
            ("REDIS_URL", "redis://:hunter2@localhost"),
            ("OBJECT_STORE_URL", "s3://bucket/prefix"),
            ("DO_SPACES_KEY", "hunter2"),
            ("DO_SPACES_SECRET", "hunter2"),
        ]);
        let shown = format!("{:?}", Config::read(&env).unwrap());
        assert!(shown.contains("s3://bucket/prefix") && !shown.contains("hunter2"), "{shown}");
    }
}
