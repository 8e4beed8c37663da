//! What production's containers may not do, seen from the kernel and the engine.

use anyhow::{Context, ensure};

use crate::case::{Figures, Room};
use crate::engine::{self, Process};
use crate::project::Container;

/// The one that is root, without a capability: what it reads, the engine lets root alone read.
const AS_ROOT: &str = "logs";

pub(super) async fn hardened(room: &Room<'_>) -> anyhow::Result<Figures> {
    let mut count = 0;
    for container in room.project()?.containers().await? {
        limited(&container).with_context(|| container.service.clone())?;
        if container.is_one_shot() {
            continue;
        }
        let processes = engine::processes(&container.id)?;
        ensure!(!processes.is_empty(), "{} has no process", container.service);
        for process in &processes {
            nobody(process, container.service == AS_ROOT)
                .with_context(|| format!("{}: {} ({})", container.service, process.name, process.pid))?;
        }
        count += processes.len();
        read_only(&container).await.with_context(|| container.service.clone())?;
    }
    Ok(Figures::none().with("processes", count as f64, ""))
}

fn nobody(process: &Process, may_be_root: bool) -> anyhow::Result<()> {
    ensure!(may_be_root || !process.users.contains(&0), "runs as root: {:?}", process.users);
    ensure!(process.capabilities == 0, "has capabilities {:x}", process.capabilities);
    ensure!(process.no_new_privileges, "may gain privileges");
    ensure!(process.filtered, "may make any system call");
    Ok(())
}

fn limited(container: &Container) -> anyhow::Result<()> {
    let host = &container.about["HostConfig"];
    for limit in ["Memory", "NanoCpus", "PidsLimit"] {
        ensure!(host[limit].as_i64().is_some_and(|value| value > 0), "has no {limit}");
    }
    ensure!(host["ReadonlyRootfs"] == true && host["Privileged"] == false, "is not read-only, or privileged");
    let log = &host["LogConfig"];
    ensure!(log["Type"] == "json-file", "logs by {}", log["Type"]);
    for option in ["max-size", "max-file"] {
        ensure!(log["Config"][option].is_string(), "its log has no {option}");
    }
    Ok(())
}

/// Root itself, let in by the engine, cannot write a file.
async fn read_only(container: &Container) -> anyhow::Result<()> {
    for folder in ["/", "/etc", "/usr/local/bin"] {
        let file = format!("{folder}/e2i-probe");
        let said = engine::exec_as("0", &container.id, &["sh", "-c", &format!(": > {file}")]).await?;
        ensure!(!said.success, "{file} could be written");
        ensure!(said.all().contains("Read-only file system"), "{file}: {}", said.all());
    }
    // The way of trying works: where it may, it writes.
    let said = engine::exec(&container.id, &["sh", "-c", ": > /tmp/e2i-probe && rm /tmp/e2i-probe"]).await?;
    ensure!(said.success || container.service == "redis", "/tmp cannot be written: {}", said.all());
    Ok(())
}
