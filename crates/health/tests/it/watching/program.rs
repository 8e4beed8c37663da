//! The program itself, killed in the middle of an incident.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use chassis::config::Env;
use serde_json::Value;

use super::rig::warm;
use super::street::{House, Slack, until};

/// Looks every ten seconds, and what a loaded machine adds.
const SLOWLY: Duration = Duration::from_mins(1);

struct Platform {
    folder: tempfile::TempDir,
    house: House,
    slack: Slack,
    redis: servers::Redis,
    database_url: String,
}

/// A running copy; killed when dropped.
struct Program {
    child: Child,
    url: String,
    private: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _dead_already = self.child.kill();
        let _reaped = self.child.wait();
    }
}

impl Platform {
    async fn build() -> anyhow::Result<Self> {
        let (folder, house, slack) = (tempfile::tempdir()?, House::build().await, Slack::open().await);
        house.says("/readyz", 200, r#"{"status":"pass"}"#).says("/", 200, "<html>");
        std::fs::write(folder.path().join("jwks.json"), r#"{"keys":[]}"#)?;
        let database_url = servers::fresh_database().await?;
        store::schema::migrate(&database_url, &store::schema::Patience::default()).await?;
        let redis = servers::Redis::for_test().await?;
        warm(&folder.path().join("state"));
        Ok(Self { folder, house, slack, redis, database_url })
    }

    fn start(&self) -> anyhow::Result<Program> {
        let port = || servers::free_port(&servers::operating_system_random());
        let (public, private) = (format!("127.0.0.1:{}", port()?), format!("127.0.0.1:{}", port()?));
        let path = |name: &str| self.folder.path().join(name).display().to_string();
        let house = self.house.url("").to_string();
        let child = Command::new(env!("CARGO_BIN_EXE_e2i-health"))
            .env_clear()
            .envs([
                ("HEALTH_LISTEN", public.clone()),
                ("HEALTH_PRIVATE_LISTEN", private.clone()),
                ("HEALTH_STATE_DIR", path("state")),
                ("HEALTH_GATEWAY_URL", house.clone()),
                ("HEALTH_WORKER_URL", house.clone()),
                ("HEALTH_FRONTEND_URL", house.clone()),
                ("HEALTH_NGINX_URL", "none".to_owned()),
                ("PUBLIC_URL", house),
                ("JWKS_FILE", path("jwks.json")),
                ("DATABASE_URL", self.database_url.clone()),
                ("REDIS_URL", self.redis.url()),
                ("OBJECT_STORE_URL", path("objects")),
                ("SLACK_WEBHOOK_URL", self.slack.url.to_string()),
                ("NO_PROXY", "127.0.0.1".to_owned()),
                ("LOG_FORMAT", "json".to_owned()),
            ])
            .stdout(File::options().create(true).append(true).open(self.log())?)
            .spawn()?;
        Ok(Program { child, url: format!("http://{public}"), private })
    }

    /// What all copies print.
    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// Messages of Redis's incidents alone: the machine that tests run on may be short of something by itself.
    fn told(&self) -> Vec<String> {
        self.slack.told().into_iter().filter(|told| told.contains("Redis")).collect()
    }
}

impl Program {
    async fn state(&self, part: &str) -> Option<String> {
        let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(5)).build().ok()?;
        let status: Value = client.get(format!("{}/api/v1/status", self.url)).send().await.ok()?.json().await.ok()?;
        let parts = status["parts"].as_array()?;
        parts.iter().find(|one| one["id"] == part)?["state"].as_str().map(str::to_owned)
    }

    async fn health(&self) -> anyhow::Result<()> {
        let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(5)).build()?;
        client.get(format!("{}/health", self.url)).send().await?;
        Ok(())
    }

    async fn until(&self, part: &str, state: &str) {
        until(&format!("{part} is {state}"), SLOWLY, async || self.state(part).await.as_deref() == Some(state)).await;
    }

    fn kill9(mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// What an image's health check asks.
    fn healthcheck(&self) -> bool {
        let env = Env::from_pairs([("HEALTH_PRIVATE_LISTEN", self.private.clone())]);
        let arguments = ["e2i-health", "healthcheck"].map(std::ffi::OsString::from);
        health::main(arguments, env) == std::process::ExitCode::SUCCESS
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn killed_in_an_incident_it_tells_its_beginning_and_its_end_once_each() -> anyhow::Result<()> {
    let platform = Platform::build().await?;
    let first = platform.start()?;
    first.until("redis", "pass").await;
    first.until("postgres", "pass").await;
    assert!(tokio::task::block_in_place(|| first.healthcheck()));
    let second = platform.start()?;
    second.until("redis", "pass").await;
    platform.redis.kill9().await?;
    second.until("redis", "fail").await;
    until("it is told", SLOWLY, async || platform.told().len() == 1).await;
    // The copy that led is gone without a word; the other one takes over, is killed too, and a third goes on.
    first.kill9()?;
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(second.state("redis").await.as_deref(), Some("fail"));
    second.kill9()?;
    let third = platform.start()?;
    third.until("redis", "fail").await;
    platform.redis.restart().await?;
    third.until("redis", "pass").await;
    until("its end is told", SLOWLY, async || platform.told().len() == 2).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let told = platform.told();
    third.health().await?;
    let log = std::fs::read_to_string(platform.log())?;
    assert!(log.contains(r#""path":"/api/v1/status""#), "{log}");
    assert!(!log.contains(r#""path":"/health""#), "asked a thousand times a second, it would bury the rest: {log}");
    let of = |what: &str| told.iter().filter(|told| told.contains(what)).count();
    assert_eq!((of("-raised"), of("-resolved"), told.len()), (1, 1, 2), "{told:?}");
    Ok(())
}

#[test]
fn a_configuration_that_is_wrong_is_told_as_a_whole() {
    assert!(Path::new(env!("CARGO_BIN_EXE_e2i-health")).exists());
    let output = Command::new(env!("CARGO_BIN_EXE_e2i-health")).env_clear().env("HEALTH_LISTEN", "x").output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(78), "{words}");
    for name in ["HEALTH_LISTEN", "PUBLIC_URL", "JWKS_FILE", "DATABASE_URL", "REDIS_URL"] {
        assert!(words.contains(name), "{name} is not in {words}");
    }
}
