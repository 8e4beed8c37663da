//! The disk that everything shares, and what of it can be had back.
//!
//! Removed is only what is ours, by its labels and its name, and is in no manifest that has to be kept: containers that do not
//! run, images, the build cache beyond its bound, and rendered projects of deployments that are gone. Whatever a container
//! still uses, the engine itself refuses to remove.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use anyhow::Context;
use async_trait::async_trait;
use rustix::fs::{StatVfs, statvfs};
use tokio::time::Instant;

use super::builder::bound_cache;
use super::docker::{Docker, is_missing};
use super::images::{Names, TITLE_LABEL};
use super::render::{DEPLOYMENT_LABEL, PROJECT_LABEL, SERVICE_LABEL};
use super::usage::{self, Usage};
use crate::ports::{Disk, DiskPart, Housekeeping, Log};
use crate::release::{Manifest, Service};

/// Counting takes the engine seconds; how full the disk is, is asked each time.
const PARTS_HOLD: Duration = Duration::from_mins(5);
const LOGS_WITHIN: Duration = Duration::from_mins(1);
const REMOVE_WITHIN: Duration = Duration::from_mins(2);
/// Volumes of the platform, and what people call what is on them.
const VOLUMES: [(&str, &str); 7] = [
    ("postgres", "database"),
    ("redis", "queue"),
    ("objects", "datasets"),
    ("mlflow-artifacts", "mlflow"),
    ("web-assets", "web app"),
    ("health-state", "health"),
    ("deployer-state", "deployer"),
];

/// [`Housekeeping`] of this machine.
#[derive(Debug)]
pub struct Keeper {
    names: Names,
    project: String,
    state_dir: PathBuf,
    own_image: String,
    cache_max_bytes: u64,
    parts: Mutex<Option<(Instant, Vec<DiskPart>)>>,
}

impl Keeper {
    pub(crate) fn new(names: Names, project: &str, state_dir: &Path, own_image: &str, cache_max_bytes: u64) -> Self {
        let (project, own_image) = (project.to_owned(), own_image.to_owned());
        Self { names, project, state_dir: state_dir.to_owned(), own_image, cache_max_bytes, parts: Mutex::new(None) }
    }

    fn docker(&self) -> &Docker {
        &self.names.docker
    }

    async fn parts(&self) -> anyhow::Result<Vec<DiskPart>> {
        let known = self.parts.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        if let Some((_, parts)) = known.filter(|(at, _)| at.elapsed() < PARTS_HOLD) {
            return Ok(parts);
        }
        let usage = Usage::of(self.docker()).await?;
        let part = |name: &str, size_bytes| DiskPart { name: name.to_owned(), size_bytes };
        let mut parts = vec![part("build cache", usage.build_cache), part("images", usage.images)];
        parts.push(part("checkout", folder_bytes(&self.state_dir.join("checkout"))));
        // What cannot be counted is left out rather than called nothing.
        parts.extend(self.log_bytes().await.map(|bytes| part("logs", bytes)));
        for (volume, size_bytes) in usage::volumes(self.docker()).await? {
            let key = volume.strip_prefix(&format!("{}_", self.project));
            let name = key.and_then(|key| VOLUMES.iter().find(|(volume, _)| *volume == key));
            parts.extend(name.map(|(_, name)| part(name, size_bytes)));
        }
        let known = Some((Instant::now(), parts.clone()));
        *self.parts.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = known;
        Ok(parts)
    }

    /// Containers' logs lie where only the engine may look.
    async fn log_bytes(&self) -> Option<u64> {
        let root = self.docker().run(&["info", "--format", "{{.DockerRootDir}}"]).await.ok()?;
        let mount = format!("{}/containers:/logs:ro", root.trim());
        let arguments = ["run", "--rm", "--pull", "never", "--network", "none", "--user", "0:0", "--volume", &mount];
        let counted = ["--entrypoint", "/usr/bin/du", &self.own_image, "--summarize", "--bytes", "/logs"];
        let said = self.docker().said(&[&arguments[..], &counted].concat(), LOGS_WITHIN).await.ok()?;
        said.out.split_whitespace().next()?.parse().ok()
    }

    async fn remove_containers(&self, kept: &Kept, log: &dyn Log) -> anyhow::Result<()> {
        for container in self.docker().list(&[format!("label={PROJECT_LABEL}={}", self.project)]).await? {
            let service = container.label(SERVICE_LABEL).and_then(Service::named);
            // A deployer that has just been replaced is its helper's to remove.
            let is_deployments = container.label(DEPLOYMENT_LABEL).is_some() && service != Some(Service::Deployer);
            if container.state.running || !is_deployments || kept.containers.contains(container.name()) {
                continue;
            }
            log.line(&format!("removing container {}", container.name()));
            self.docker().run_if_there(&["rm", "--volumes", &container.id]).await?;
        }
        Ok(())
    }

    async fn remove_images(&self, kept: &Kept, log: &dyn Log) -> anyhow::Result<()> {
        // Nor what stands under a container: nginx, MLflow and the like are in no release's manifest at first.
        let used: BTreeSet<String> =
            self.docker().list(&[]).await?.into_iter().map(|container| container.image).collect();
        for service in Service::ALL {
            let reference = format!("reference={}/{service}", self.names.prefix);
            let label = format!("label={TITLE_LABEL}=e2i-{service}");
            let arguments = ["image", "ls", "--quiet", "--no-trunc", "--filter", &reference, "--filter", &label];
            let ids: BTreeSet<String> = self.docker().run(&arguments).await?.lines().map(str::to_owned).collect();
            for id in ids.iter().filter(|id| !kept.images.contains(*id) && !used.contains(*id)) {
                self.remove_image(service, id, log).await?;
            }
        }
        Ok(())
    }

    /// By its names of ours: a name that somebody else gave it stays, and so then does the image.
    async fn remove_image(&self, service: Service, id: &str, log: &dyn Log) -> anyhow::Result<()> {
        let Some(image) = self.docker().image(id).await? else { return Ok(()) };
        let ours = format!("{}/{service}:", self.names.prefix);
        for tag in image.repo_tags.iter().flatten().filter(|tag| tag.starts_with(&ours)) {
            let said = self.docker().said(&["image", "rm", tag], REMOVE_WITHIN).await?;
            if said.success {
                log.line(&format!("removed image {tag}"));
            } else if !is_missing(&said.err) && !said.err.contains("is using") && !said.err.contains("is being used") {
                anyhow::bail!("image {tag} could not be removed: {}", said.last_words());
            }
        }
        Ok(())
    }

    /// They hold secrets of no further use. The log beside stays.
    fn remove_projects(&self, kept: &Kept) -> anyhow::Result<()> {
        let folder = self.state_dir.join("deployments");
        let Ok(entries) = std::fs::read_dir(&folder) else { return Ok(()) };
        let mut ids: Vec<i64> =
            entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
        // The newest is the one that is under way.
        ids.sort_unstable();
        ids.pop();
        for id in ids {
            let prefix = format!("{}-r{id}-", self.project);
            if kept.containers.iter().any(|name| name.starts_with(&prefix)) {
                continue;
            }
            let file = folder.join(id.to_string()).join("compose.json");
            match std::fs::remove_file(&file) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error).with_context(|| format!("remove {}", file.display()));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// What no reclaim touches.
struct Kept {
    containers: BTreeSet<String>,
    images: BTreeSet<String>,
}

impl Kept {
    fn of(manifests: &[Manifest]) -> Self {
        let containers = manifests.iter().flat_map(|manifest| manifest.containers.values().cloned());
        let images = manifests.iter().flat_map(|manifest| manifest.pieces.values());
        Self { containers: containers.collect(), images: images.map(|piece| piece.image_id.clone()).collect() }
    }
}

#[async_trait]
impl Housekeeping for Keeper {
    async fn disk(&self) -> anyhow::Result<Disk> {
        // The volume lies on the disk of Docker's data root.
        let found = statvfs(&self.state_dir).with_context(|| format!("look at {}", self.state_dir.display()))?;
        let parts = self.parts().await?;
        let (total_bytes, free_bytes) = room(&found);
        Ok(Disk { total_bytes, free_bytes, parts })
    }

    async fn free_memory(&self) -> anyhow::Result<u64> {
        let text = std::fs::read_to_string("/proc/meminfo").context("read /proc/meminfo")?;
        available(&text).context("/proc/meminfo does not tell what is available")
    }

    async fn reclaim(&self, keep: &[Manifest], log: &dyn Log) -> anyhow::Result<()> {
        let kept = Kept::of(keep);
        self.remove_containers(&kept, log).await?;
        self.remove_images(&kept, log).await?;
        self.remove_projects(&kept)?;
        bound_cache(&self.names, self.cache_max_bytes, log).await?;
        *self.parts.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
        Ok(())
    }
}

/// All and free bytes, as `df` and the gateway count them: what the system keeps for root is neither used nor free.
fn room(found: &StatVfs) -> (u64, u64) {
    let used = found.f_blocks.saturating_sub(found.f_bfree);
    ((used + found.f_bavail) * found.f_frsize, found.f_bavail * found.f_frsize)
}

fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()? * 1024)
}

/// What the files below a folder take; what cannot be read counts nothing.
fn folder_bytes(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let size = |entry: std::fs::DirEntry| match entry.metadata() {
        Ok(about) if about.is_dir() => folder_bytes(&entry.path()),
        Ok(about) => about.len(),
        Err(_) => 0,
    };
    entries.flatten().map(size).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_for_root_is_neither_used_nor_free() {
        let mut found = statvfs("/").unwrap();
        (found.f_blocks, found.f_bfree, found.f_bavail, found.f_frsize) = (1000, 250, 150, 4096);
        assert_eq!(room(&found), (900 * 4096, 150 * 4096));
    }

    #[test]
    fn available_memory_is_read() {
        assert_eq!(available("MemTotal: 10 kB\nMemAvailable:    2048 kB\n"), Some(2 << 20));
        assert_eq!(available("MemTotal: 10 kB\n"), None);
    }

    #[test]
    fn a_folder_counts_what_is_below_it() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("below")).unwrap();
        std::fs::write(folder.path().join("one"), [0; 10]).unwrap();
        std::fs::write(folder.path().join("below/two"), [0; 5]).unwrap();
        assert_eq!(folder_bytes(folder.path()), 15);
    }
}
