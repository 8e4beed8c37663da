//! How a part is hurt, and healed.

use std::fmt;
use std::time::Instant;

use anyhow::{Context, ensure};
use tokio::process::Command;

use crate::command::{run, said};
use crate::engine;
use crate::project::{Container, Project};

/// Twenty bytes a second: the first packet of an answer takes seconds, the whole of it longer than any look waits.
const RATE: &str = "160bit";
/// The largest packet: a bucket that holds less would let no such packet through, ever.
const BUCKET: &str = "1600";
/// What is sent waits, and is not dropped.
const QUEUE: &str = "256kb";

/// A way to hurt a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Injury {
    /// Gone, and not started again: `docker kill` counts as stopped by hand.
    Killed,
    /// Every process is stopped: the kernel still accepts connections, and nobody answers.
    Paused,
    /// What it sends crawls.
    Slowed,
}

impl Injury {
    /// All.
    pub const ALL: [Self; 3] = [Self::Killed, Self::Paused, Self::Slowed];
}

impl fmt::Display for Injury {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Killed => "killed",
            Self::Paused => "paused",
            Self::Slowed => "slowed",
        })
    }
}

/// A part that is hurt.
#[derive(Debug)]
#[must_use = "somebody has to heal it"]
pub struct Wound {
    container: Container,
    injury: Injury,
    /// When it was begun.
    pub at: Instant,
}

impl Wound {
    /// Hurts the container of a service.
    ///
    /// # Errors
    /// When it does not run, or cannot be hurt.
    pub async fn inflict(project: &Project, service: &str, injury: Injury) -> anyhow::Result<Self> {
        let container = project.container(service).await?;
        ensure!(container.status() == "running", "{service} is {}", container.status());
        let wound = Self { at: Instant::now(), container, injury };
        match injury {
            Injury::Killed => engine::docker(&["kill", &wound.container.id]).await.map(drop),
            Injury::Paused => engine::docker(&["pause", &wound.container.id]).await.map(drop),
            Injury::Slowed => slow(&wound.container).await,
        }
        .with_context(|| format!("{service} is to be {injury}"))?;
        Ok(wound)
    }

    /// Undoes it.
    ///
    /// # Errors
    /// When that does not succeed.
    pub async fn heal(self) -> anyhow::Result<()> {
        let id = &self.container.id;
        match self.injury {
            Injury::Killed => engine::docker(&["start", id]).await.map(drop),
            Injury::Paused => engine::docker(&["unpause", id]).await.map(drop),
            Injury::Slowed => quicken(id).await,
        }
        .with_context(|| format!("{} is no longer to be {}", self.container.service, self.injury))
    }
}

/// A token bucket before each of its interfaces; the kernels that this is tried on have no `netem`.
async fn slow(container: &Container) -> anyhow::Result<()> {
    let pid = container.about["State"]["Pid"].to_string();
    for interface in interfaces(&pid).await? {
        let bucket = ["tbf", "rate", RATE, "burst", BUCKET, "limit", QUEUE];
        run(within(&pid, "tc").args(["qdisc", "add", "dev", &interface, "root"]).args(bucket)).await?;
    }
    let networks = container.about["NetworkSettings"]["Networks"].as_object();
    for network in networks.into_iter().flat_map(|networks| networks.values()) {
        let host = network["Gateway"].as_str().context("a network without a gateway")?;
        // The bucket is full at first: one packet to nobody, and it is not.
        let packet = format!("head -c 1440 /dev/zero >/dev/udp/{host}/9");
        run(within(&pid, "bash").args(["-c", &packet])).await?;
    }
    Ok(())
}

async fn quicken(id: &str) -> anyhow::Result<()> {
    // Who was started again meanwhile has new interfaces, and no bucket.
    let pid = engine::inspect(id).await?["State"]["Pid"].to_string();
    for interface in interfaces(&pid).await? {
        let mut remove = within(&pid, "tc");
        remove.args(["qdisc", "del", "dev", &interface, "root"]);
        let said = said(&mut remove, std::time::Duration::from_secs(10)).await?;
        ensure!(said.success || said.err.contains("No such file") || said.err.contains("zero"), "tc: {}", said.all());
    }
    Ok(())
}

/// A program of this machine in a container's network.
fn within(pid: &str, program: &str) -> Command {
    let mut command = Command::new("nsenter");
    command.args(["--target", pid, "--net", "--", program]);
    command
}

async fn interfaces(pid: &str) -> anyhow::Result<Vec<String>> {
    let found = names(&run(within(pid, "ip").args(["-oneline", "link", "show"])).await?);
    ensure!(!found.is_empty(), "process {pid} has no network");
    Ok(found)
}

/// From lines like `2: eth0@if7: <BROADCAST,...`.
fn names(links: &str) -> Vec<String> {
    let name = |line: &str| Some(line.split(": ").nth(1)?.split('@').next()?.to_owned());
    links.lines().filter_map(name).filter(|name| name != "lo").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interfaces_are_all_but_the_loopback() {
        let links = "1: lo: <LOOPBACK,UP> mtu 65536\\    link/loopback\n2: eth0@if7: <BROADCAST> mtu 1500\\    link/ether\n\
                     9: eth1@if10: <BROADCAST> mtu 1500\\    link/ether\n";
        assert_eq!(names(links), ["eth0", "eth1"]);
    }
}
