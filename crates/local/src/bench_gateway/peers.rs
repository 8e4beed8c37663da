//! The same endpoints in `FastAPI` + uvicorn + asyncpg + `PyJWT` (`scripts/bench/gateway/`), on the same Postgres.

use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::{Child, Command};

use super::rig::{Rig, peak_mib};
use crate::console::say;

const SCRIPT: &str = "scripts/bench/gateway/run.sh";
/// The first run installs its packages.
const STARTS_WITHIN: Duration = Duration::from_mins(5);

pub(super) struct FastApi {
    process: Child,
    base: String,
}

impl FastApi {
    pub(super) async fn start(rig: &Rig) -> anyhow::Result<Self> {
        say("FastAPI ...");
        let port = servers::free_port(&servers::operating_system_random())?;
        let public_url = rig.platform.public_url();
        let process = Command::new(SCRIPT)
            .env("PORT", port.to_string())
            .env("DATABASE_URL", rig.database_url())
            .env("JWKS_URL", format!("{public_url}/auth/v1/.well-known/jwks.json"))
            .env("ISSUER", format!("{public_url}/auth/v1"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            // Its workers outlive a parent that is killed: they are ended together.
            .process_group(0)
            .spawn()
            .with_context(|| format!("run {SCRIPT} (from the top of the clone)"))?;
        let base = format!("http://127.0.0.1:{port}");
        let mut peer = Self { process, base };
        let begin = Instant::now();
        let client = reqwest::Client::builder().no_proxy().build().context("build the HTTP client")?;
        loop {
            if client.get(format!("{}/static", peer.base)).send().await.is_ok_and(|answer| answer.status().is_success())
            {
                return Ok(peer);
            }
            if let Some(status) = peer.process.try_wait()? {
                bail!("{SCRIPT} ended with {status}");
            }
            if begin.elapsed() > STARTS_WITHIN {
                bail!("FastAPI is not ready after {} s", STARTS_WITHIN.as_secs());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// The peaks of the process and of its workers together.
    pub(super) fn peak_mib(&self) -> anyhow::Result<f64> {
        let parent = i32::try_from(self.process.id().context("FastAPI has ended")?)?;
        let mut sum = peak_mib(parent)?;
        for entry in std::fs::read_dir("/proc").context("list the processes")?.flatten() {
            let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok()) else { continue };
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            let of = stat.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(1)?.parse::<i32>().ok());
            if of == Some(parent) {
                sum += peak_mib(pid)?;
            }
        }
        Ok(sum)
    }
}

impl Drop for FastApi {
    fn drop(&mut self) {
        let group = self.process.id().and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?));
        if let Some(group) = group {
            // It may have ended already.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}
