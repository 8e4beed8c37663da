//! A control group of the host that builds run in: its limits hold for all of them together.
//!
//! A program in a container cannot make one. A helper container, which ends at once, writes it where the kernel keeps them,
//! for either version of control groups. (A container that merely holds limits would do on version 1 alone: on version 2 a
//! group with a process of its own can have no limited groups below it.)

use std::fmt;
use std::time::Duration;

use anyhow::{Context, ensure};

use super::docker::Docker;

const WITHIN: Duration = Duration::from_mins(1);
/// Prints the processors and bytes that hold. `$1` name, `$2` processors (empty: three quarters of all), `$3` bytes.
const SCRIPT: &str = r#"
set -eu
root=/sys/fs/cgroup period=100000
cpus=${2:-$(nproc | awk '{ print ($1 * 0.75 < 1) ? 1 : $1 * 0.75 }')}
quota=$(awk "BEGIN { printf \"%d\", $cpus * $period }")
if [ -f $root/cgroup.controllers ]; then
  echo '+cpu +memory' >$root/cgroup.subtree_control
  mkdir -p "$root/$1"
  echo '+cpu +memory' >"$root/$1/cgroup.subtree_control"
  echo "$3" >"$root/$1/memory.max"
  [ ! -f "$root/$1/memory.swap.max" ] || echo 0 >"$root/$1/memory.swap.max"
  echo "$quota $period" >"$root/$1/cpu.max"
  [ ! -f "$root/$1/cpu.weight" ] || echo 20 >"$root/$1/cpu.weight"
  held=$(cat "$root/$1/memory.max")
else
  mkdir -p "$root/memory/$1" "$root/cpu/$1"
  echo "$3" >"$root/memory/$1/memory.limit_in_bytes"
  echo "$period" >"$root/cpu/$1/cpu.cfs_period_us"
  echo "$quota" >"$root/cpu/$1/cpu.cfs_quota_us"
  echo 204 >"$root/cpu/$1/cpu.shares"
  held=$(cat "$root/memory/$1/memory.limit_in_bytes")
fi
echo "$cpus $held"
"#;

/// What is asked for.
#[derive(Clone, Debug)]
pub(crate) struct CapOptions {
    /// The group's name.
    pub(crate) name: String,
    /// Processors; `None`: three quarters of what there is.
    pub(crate) cpus: Option<f64>,
    /// Memory, without any swap where that can be said.
    pub(crate) memory_bytes: u64,
}

/// A group that is there.
#[derive(Clone, Debug)]
pub(crate) struct Cap {
    parent: String,
    cpus: f64,
    memory_bytes: u64,
}

impl Cap {
    /// Makes it, or sets its limits anew. `image` has a shell.
    pub(crate) async fn make(docker: &Docker, image: &str, options: &CapOptions) -> anyhow::Result<Self> {
        let (cpus, memory) = (options.cpus.map(|cpus| cpus.to_string()), options.memory_bytes.to_string());
        let said = docker
            .said(
                &[
                    "run",
                    "--rm",
                    "--pull",
                    "never",
                    "--privileged",
                    "--user",
                    "0:0",
                    "--network",
                    "none",
                    "--cgroupns",
                    "host",
                    "--volume",
                    "/sys/fs/cgroup:/sys/fs/cgroup",
                    "--entrypoint",
                    "/bin/sh",
                    image,
                    "-c",
                    SCRIPT,
                    "sh",
                    &options.name,
                    cpus.as_deref().unwrap_or_default(),
                    &memory,
                ],
                WITHIN,
            )
            .await?;
        ensure!(said.success, "the control group {} could not be made: {}", options.name, said.last_words());
        let held = said.out.trim().split_once(' ');
        let held = held.and_then(|(cpus, bytes)| Some((cpus.parse().ok()?, bytes.parse().ok()?)));
        let (cpus, memory_bytes) =
            held.with_context(|| format!("the control group's limits are `{}`", said.out.trim()))?;
        Ok(Self { parent: format!("/{}", options.name), cpus, memory_bytes })
    }

    /// For `docker build --cgroup-parent`.
    pub(crate) fn parent(&self) -> &str {
        &self.parent
    }
}

impl fmt::Display for Cap {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} processors and {:.1} GB", self.cpus, self.memory_bytes as f64 / 1e9)
    }
}
