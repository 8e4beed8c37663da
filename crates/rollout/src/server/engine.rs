//! The server's Docker engine, by its command line.

use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde_json::Value;

use super::{BOOTS_WITHIN, Command, Server, run, run_within, said, until};
use stack::command::Said;

const STOPS_WITHIN: Duration = Duration::from_mins(3);
/// Images are copied, pushed, pulled.
const SLOWLY: Duration = Duration::from_mins(10);
const PID_FILE: &str = "/run/docker.pid";

impl Server {
    pub(super) async fn start_engine(&self) -> anyhow::Result<()> {
        let file = std::fs::File::options().create(true).append(true).open(self.folder().join("dockerd.log"));
        let log = file.context("open the engine's log")?;
        let mut engine = self.command("setsid")?;
        engine.arg("dockerd").args(&self.options);
        engine.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        // It belongs to the server, and ends with it or when it is told to.
        engine.kill_on_drop(false).spawn().context("start the server's engine")?;
        until("the server's engine answers", BOOTS_WITHIN, async || {
            Ok(self.said(&["version"]).await?.success.then_some(()))
        })
        .await
    }

    /// Ends the engine softly and starts it again; gives the seconds until it answers.
    ///
    /// # Errors
    /// When it does not end, or does not come back.
    pub async fn restart_engine(&self) -> anyhow::Result<f64> {
        let begin = Instant::now();
        let pid = std::fs::read_to_string(self.path(PID_FILE)?).context("the engine's pid")?;
        run(self.command("kill")?.args(["-TERM", pid.trim()])).await?;
        until("the engine has ended", STOPS_WITHIN, async || Ok((!self.path(PID_FILE)?.exists()).then_some(())))
            .await?;
        self.start_engine().await?;
        Ok(begin.elapsed().as_secs_f64())
    }

    /// What `DOCKER_HOST` has to be to reach the engine from this machine.
    ///
    /// # Errors
    /// When the server is off.
    pub fn docker_host(&self) -> anyhow::Result<String> {
        Ok(format!("unix://{}", self.path("/run/docker.sock")?.display()))
    }

    fn docker_command(&self, arguments: &[&str]) -> anyhow::Result<Command> {
        let mut command = Command::new("docker");
        command.env("DOCKER_HOST", self.docker_host()?).args(arguments);
        Ok(command)
    }

    /// `docker` with arguments; gives its standard output.
    ///
    /// # Errors
    /// When it fails.
    pub async fn docker(&self, arguments: &[&str]) -> anyhow::Result<String> {
        run(&mut self.docker_command(arguments)?).await
    }

    /// [`Self::docker`] for what takes long.
    ///
    /// # Errors
    /// When it fails.
    pub async fn docker_slowly(&self, arguments: &[&str]) -> anyhow::Result<String> {
        run_within(&mut self.docker_command(arguments)?, SLOWLY).await
    }

    /// `docker` whose failure is no error.
    ///
    /// # Errors
    /// When it cannot be started or does not end.
    pub async fn said(&self, arguments: &[&str]) -> anyhow::Result<Said> {
        said(&mut self.docker_command(arguments)?, Duration::from_mins(1)).await
    }

    /// Docker's own description of containers or images.
    ///
    /// # Errors
    /// When one is not there.
    pub async fn inspect(&self, names: &[&str]) -> anyhow::Result<Vec<Value>> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let text = self.docker(&[&["inspect"][..], names].concat()).await?;
        serde_json::from_str(&text).context("read docker inspect")
    }

    /// Ends a container's first process as a crash would: for `docker kill` no restart policy acts.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn crash(&self, container: &str) -> anyhow::Result<()> {
        let pid = self.docker(&["inspect", "--format", "{{.State.Pid}}", container]).await?;
        ensure!(pid.trim() != "0", "{container} does not run");
        run(self.command("kill")?.args(["-KILL", pid.trim()])).await?;
        Ok(())
    }

    /// Brings images of this machine's engine to the server's.
    ///
    /// # Errors
    /// When one is not there.
    pub async fn bring_images(&self, names: &[String]) -> anyhow::Result<()> {
        let script = "docker save \"$@\" | docker --host \"$SERVER\" load --quiet";
        let mut command = Command::new("sh");
        command.args(["-c", script, "sh"]).args(names).env("SERVER", self.docker_host()?);
        run_within(&mut command, SLOWLY).await.context("bring the images to the server")?;
        Ok(())
    }
}
