//! What the helper container does: one deployer out, another in, or back.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, anyhow, ensure};
use chassis::config::Env;
use clap::{Arg, ArgMatches, Command, value_parser};
use rustix::fs::{FlockOperation, flock};
use tokio::time::{Instant, sleep};

use super::deployers;
use super::plan::{Phase, Plan};
use crate::adapters::docker::{Docker, SHORT, is_missing};
use crate::adapters::programs::{Programs, last_lines};
use crate::adapters::render::DEPLOYMENT_LABEL;
use crate::release::Service;

/// The subcommand's name.
pub const NAME: &str = "replace";
/// The lock that the journal's owner holds.
const LOCK: &str = "lock";
/// A deployer ends within this time, or is killed: its journal knows where it was.
const STOP_SECONDS: &str = "30";
const STOP_WITHIN: Duration = Duration::from_mins(1);
const CREATE_WITHIN: Duration = Duration::from_mins(2);
const HEALTHY_WITHIN: Duration = Duration::from_secs(90);
const BETWEEN: Duration = Duration::from_millis(500);
/// The engine starts a program that ended again; more often than this it is no accident.
const MOST_RESTARTS: u64 = 3;
/// Lines of a new deployer that was no good.
const LAST_WORDS: usize = 15;

/// `e2i-deployer replace --plan FILE`.
#[must_use]
pub fn command() -> Command {
    let plan = Arg::new("plan").long("plan").value_name("FILE").required(true).value_parser(value_parser!(PathBuf));
    let about = "Replace the running deployer by another image; run by a helper container that the deployer starts";
    Command::new(NAME).hide(true).about(about).arg(plan.help("What is intended, on the state volume"))
}

/// Does it.
///
/// # Errors
/// When it cannot go on now; started again, it goes on where it was.
pub async fn run(arguments: &ArgMatches, env: &Env) -> anyhow::Result<()> {
    let file = arguments.get_one::<PathBuf>("plan").context("--plan says where the plan is")?;
    let state_dir = file.parent().context("the plan lies in no folder")?;
    let docker = Docker::new(Programs::new(env, Vec::new()));
    Helper { docker, state_dir: state_dir.to_owned(), healthy_within: HEALTHY_WITHIN }.replace().await
}

struct Helper {
    docker: Docker,
    state_dir: PathBuf,
    healthy_within: Duration,
}

impl Helper {
    /// Each phase is written down before what it names is done, and each is safe to repeat.
    async fn replace(&self) -> anyhow::Result<()> {
        let mut plan = Plan::load(&self.state_dir)?.context("there is no plan")?;
        loop {
            tracing::info!(phase = ?plan.phase, old = plan.old, new = plan.new, "replacing the deployer");
            plan.phase = match plan.phase {
                Phase::Planned => {
                    plan.new = Some(self.create(&plan).await?);
                    Phase::Created
                }
                Phase::Created => Phase::Stopping,
                Phase::Stopping => {
                    self.stop(&plan.old).await?;
                    Phase::Starting
                }
                Phase::Starting => match self.start(&plan).await {
                    Ok(()) => {
                        self.remove(&plan.old).await?;
                        Phase::Done
                    }
                    Err(error) => {
                        tracing::error!("the new deployer is no good: {error:#}");
                        plan.words = Some(format!("{error:#}"));
                        Phase::Restoring
                    }
                },
                Phase::Restoring => {
                    self.restore(&plan).await?;
                    Phase::Restored
                }
                Phase::Done | Phase::Restored => return Ok(()),
            };
            plan.save(&self.state_dir)?;
        }
    }

    /// One more container of the same service; the old one runs on meanwhile.
    async fn create(&self, plan: &Plan) -> anyhow::Result<String> {
        let id = plan.deployment.to_string();
        let made = || async {
            let all = deployers(&self.docker, &plan.project).await?;
            let new = all.iter().find(|one| one.label(DEPLOYMENT_LABEL) == Some(&id) && one.name() != plan.old);
            anyhow::Ok((all.len(), new.map(|one| one.name().to_owned())))
        };
        let (count, there) = made().await?;
        if let Some(name) = there {
            return Ok(name);
        }
        let service = Service::Deployer.name();
        let scale = format!("{service}={}", count + 1);
        let mut command =
            self.docker.command(["compose", "--progress", "plain", "--project-name", &plan.project, "--file"]);
        command.arg(&plan.file).args([
            "create",
            "--no-build",
            "--no-recreate",
            "--pull",
            "never",
            "--scale",
            &scale,
            service,
        ]);
        self.docker.programs().output(command, CREATE_WITHIN).await.context("the new deployer could not be made")?;
        made().await?.1.context("compose made no new deployer")
    }

    async fn stop(&self, container: &str) -> anyhow::Result<()> {
        let said = self.docker.said(&["stop", "--time", STOP_SECONDS, container], STOP_WITHIN).await?;
        ensure!(said.success || is_missing(&said.err), "{container} could not be stopped: {}", said.last_words());
        Ok(())
    }

    async fn remove(&self, container: &str) -> anyhow::Result<()> {
        self.docker.run_if_there(&["rm", "--force", container]).await.map(drop)
    }

    async fn start(&self, plan: &Plan) -> anyhow::Result<()> {
        let new = plan.new.as_deref().context("the plan names no new deployer")?;
        self.docker.run(&["start", new]).await?;
        let begin = Instant::now();
        let deadline = begin + self.healthy_within;
        loop {
            let why = match self.is_well(new).await? {
                Ok(()) => return Ok(()),
                Err(why) => why,
            };
            if Instant::now() >= deadline || self.keeps_ending(new).await? {
                let said = self.docker.said(&["logs", "--tail", "50", new], SHORT).await?;
                let words = last_lines(&format!("{}{}", said.out, said.err), LAST_WORDS);
                return Err(anyhow!("{new} {why} after {:.0} s; it said: {words}", begin.elapsed().as_secs_f64()));
            }
            sleep(BETWEEN).await;
        }
    }

    /// Nothing is waited for from a program that was started again and again.
    async fn keeps_ending(&self, new: &str) -> anyhow::Result<bool> {
        let about = self.docker.container(new).await?;
        Ok(about.is_none_or(|about| about.restart_count >= MOST_RESTARTS))
    }

    async fn is_well(&self, new: &str) -> anyhow::Result<Result<(), &'static str>> {
        let about = self.docker.container(new).await?.with_context(|| format!("{new} is gone"))?;
        if !about.state.running {
            return Ok(Err("does not run"));
        }
        if about.state.health.is_none_or(|health| health.status != "healthy") {
            return Ok(Err("is not healthy"));
        }
        Ok(if is_locked(&self.state_dir)? { Ok(()) } else { Err("does not own the journal") })
    }

    async fn restore(&self, plan: &Plan) -> anyhow::Result<()> {
        if let Some(new) = &plan.new {
            self.stop(new).await?;
            self.remove(new).await?;
        }
        self.docker.run(&["start", &plan.old]).await.map(drop)
    }
}

/// Whether somebody owns the journal. Asked only of a deployer that is healthy: it is let go of at once.
fn is_locked(state_dir: &Path) -> anyhow::Result<bool> {
    let file = state_dir.join(LOCK);
    let lock = match File::open(&file) {
        Ok(lock) => lock,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error).with_context(|| format!("open {}", file.display())),
    };
    match flock(&lock, FlockOperation::NonBlockingLockShared) {
        Ok(()) => Ok(false),
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(true),
        Err(error) => Err(error).with_context(|| format!("look at the lock of {}", file.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_seen_and_not_taken() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_locked(folder.path()).unwrap());
        let file = File::create(folder.path().join(LOCK)).unwrap();
        assert!(!is_locked(folder.path()).unwrap());
        flock(&file, FlockOperation::NonBlockingLockExclusive).unwrap();
        assert!(is_locked(folder.path()).unwrap());
        drop(file);
        assert!(!is_locked(folder.path()).unwrap());
    }
}
