//! The server that is released to: a machine within this one, with a network, a disk, processes and a Docker engine of its own.
//!
//! It is a handful of namespaces that one small process holds. Docker's data root is a file system in a file, so it can be
//! filled up; the engine can be restarted, and the power can be cut, without anybody else's containers noticing. Its address
//! is one that RFC 2544 sets aside for benchmarks; "the internet" as it sees it is this machine, at the address next to it.

mod engine;
mod network;

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use stack::command::{run, run_within, said, until};
use tokio::process::{Child, Command};

use network::Cable;

/// What happens before the first process of the server: nothing of this machine's `/run`, and a data root of its own.
const BOOT: &str = "mount --make-rprivate / && mount -t tmpfs tmpfs /run && mkdir -p /var/lib/docker \
    && mount -o loop \"$1\" /var/lib/docker && touch /run/booted && exec sleep infinity";
const BOOTS_WITHIN: Duration = Duration::from_secs(20);

/// The machine. Dropped, it is gone with all that ran on it.
#[derive(Debug)]
pub struct Server {
    folder: PathBuf,
    disk: PathBuf,
    cable: Cable,
    options: Vec<String>,
    power: Option<Power>,
}

/// While it is on.
#[derive(Debug)]
struct Power {
    /// Who holds the namespaces together; when it ends, the kernel ends all that is in them.
    holder: Child,
    /// The first process inside, as this machine numbers it.
    first: i32,
}

impl Server {
    /// A server that is off; `id` is a few characters, `folder` exists and is its alone.
    ///
    /// # Errors
    /// When this is not root, or no disk can be made.
    pub async fn new(id: &str, folder: &Path, disk_gib: u32, options: &[String]) -> anyhow::Result<Self> {
        let disk = folder.join("disk.img");
        run(Command::new("truncate").arg(format!("--size={disk_gib}G")).arg(&disk)).await.context("make a disk")?;
        // Nothing set aside for root: full is full.
        run(Command::new("mkfs.ext4").args(["-q", "-m", "0"]).arg(&disk)).await.context("make its file system")?;
        let cable = Cable::new(id)?;
        Ok(Self { folder: folder.to_owned(), disk, cable, options: options.to_vec(), power: None })
    }

    /// Its address, as everybody sees it.
    #[must_use]
    pub fn address(&self) -> Ipv4Addr {
        self.cable.server
    }

    /// Where it reaches what this program serves: git, registry, Slack, mail.
    #[must_use]
    pub fn internet(&self) -> Ipv4Addr {
        self.cable.internet
    }

    /// Switches it on and waits until its engine answers.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn boot(&mut self) -> anyhow::Result<()> {
        ensure!(self.power.is_none(), "the server is on already");
        let mut holder = Command::new("unshare");
        holder.args(["--net", "--mount", "--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc", "--"]);
        // Somebody has to take in orphans: containers' shims are some.
        holder.args(["docker-init", "--", "sh", "-c", BOOT, "sh"]).arg(&self.disk);
        holder.stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true);
        let holder = holder.spawn().context("unshare (Debian package util-linux)")?;
        let first = until("the server boots", BOOTS_WITHIN, async || first_process(&holder)).await?;
        self.power = Some(Power { holder, first });
        until("the server's disk is there", BOOTS_WITHIN, async || {
            Ok(self.path("/run/booted")?.exists().then_some(()))
        })
        .await?;
        self.cable.plug_in(first).await?;
        self.start_engine().await
    }

    /// Cuts the power: everything that runs there ends now.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn cut_power(&mut self) -> anyhow::Result<()> {
        let Some(mut power) = self.power.take() else { bail!("the server is off") };
        power.holder.kill().await.context("cut the power")?;
        let first = PathBuf::from(format!("/proc/{}", power.first));
        until("the server is off", BOOTS_WITHIN, async || Ok((!first.exists()).then_some(()))).await?;
        // Its end of the cable goes with its network; the kernel takes a moment for that.
        self.cable.pulled_out().await
    }

    /// A file of the server, as this machine reaches it.
    ///
    /// # Errors
    /// When it is off.
    pub fn path(&self, path: &str) -> anyhow::Result<PathBuf> {
        Ok(PathBuf::from(format!("/proc/{}/root{path}", self.first()?)))
    }

    /// A program on the server.
    ///
    /// # Errors
    /// When it is off.
    pub fn command(&self, program: &str) -> anyhow::Result<Command> {
        let mut command = Command::new("nsenter");
        command.args([&format!("--target={}", self.first()?), "--net", "--mount", "--pid", "--", program]);
        Ok(command)
    }

    fn first(&self) -> anyhow::Result<i32> {
        Ok(self.power.as_ref().context("the server is off")?.first)
    }

    /// Writes a file that leaves `free_mib` free on Docker's disk; [`Self::empty_disk`] removes it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn fill_disk(&self, free_mib: u64) -> anyhow::Result<()> {
        let free = run(self.command("df")?.args(["--output=avail", "--block-size=1M", "/var/lib/docker"])).await?;
        let free: u64 = free.lines().last().unwrap_or_default().trim().parse().context("df's answer")?;
        ensure!(free > free_mib, "only {free} MiB are free");
        let size = format!("--length={}M", free - free_mib);
        run_within(self.command("fallocate")?.args([&size, BALLAST]), Duration::from_mins(1)).await?;
        Ok(())
    }

    /// Removes what [`Self::fill_disk`] wrote.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub async fn empty_disk(&self) -> anyhow::Result<()> {
        run(self.command("rm")?.args(["-f", BALLAST])).await?;
        Ok(())
    }

    /// The folder of what belongs to this server: its disk, its engine's log.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

const BALLAST: &str = "/var/lib/docker/ballast-of-a-test";

/// The child of whoever holds the namespaces, once it is there.
fn first_process(holder: &Child) -> anyhow::Result<Option<i32>> {
    let pid = holder.id().context("unshare has ended: root is needed")?;
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    Ok(children.split_whitespace().next().and_then(|pid| pid.parse().ok()))
}
