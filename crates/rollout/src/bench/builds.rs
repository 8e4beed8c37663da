//! Releases that the deployer builds from sources: with nothing in the cache, and after one changed line in one service.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context;

use super::deployer::live;
use crate::case::Trial;
use crate::github::Touch;

/// Everything compiled, on two cores, beside a load.
const COLD_WITHIN: Duration = Duration::from_mins(50);
/// The group that the deployer puts builds into.
const GROUP: &str = "e2i-build";
const LINE: &str = "crates/gateway/src/lib.rs";
const OFTEN: Duration = Duration::from_millis(200);

pub(super) async fn measure(trial: &mut Trial<'_>) -> anyhow::Result<BTreeMap<&'static str, f64>> {
    let server = &trial.rig.server;
    let bases = trial.rig.repository.file("docker/base-images.txt")?;
    let bases: Vec<String> = bases.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    server.bring_images(&bases).await.context("bring what images stand on")?;
    trial.rig.platform.set("IMAGE_SOURCE", "build")?;
    trial.rig.platform.compose(server, &["up", "--detach", "--no-build", "--no-deps", "deployer"]).await?;
    let peak = Peak::begin();
    let mut figures = BTreeMap::new();
    for name in ["live_cold_s", "live_warm_s"] {
        // It may still start: the web hook would meet nobody.
        trial.deployer_answers().await?;
        let before = trial.rig.repository.file(LINE)?;
        let content = format!("{before}\n/// A line more.\npub const CHANGED_BY_A_BENCH: &str = \"{name}\";\n");
        let content =
            content.replace("\n/// A line more.\npub const CHANGED_BY_A_BENCH: &str = \"live_cold_s\";\n\n", "\n");
        trial.rig.touch_next(Touch { path: LINE.to_owned(), content });
        trial.within = COLD_WITHIN;
        figures.insert(name, live(trial, &[]).await?.seconds);
    }
    figures.insert("peak_build_mib", peak.mebibytes());
    Ok(figures)
}

/// The most that builds held, page cache not counted.
struct Peak {
    bytes: Arc<AtomicU64>,
    task: tokio::task::JoinHandle<()>,
}

impl Peak {
    fn begin() -> Self {
        let bytes = Arc::new(AtomicU64::new(0));
        let task = tokio::spawn({
            let bytes = Arc::clone(&bytes);
            async move {
                loop {
                    bytes.fetch_max(held(Path::new("/sys/fs/cgroup")), Ordering::Relaxed);
                    tokio::time::sleep(OFTEN).await;
                }
            }
        });
        Self { bytes, task }
    }

    fn mebibytes(&self) -> f64 {
        self.bytes.load(Ordering::Relaxed) as f64 / 1_048_576.0
    }
}

impl Drop for Peak {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What processes of the group hold, in version 1 or 2 of control groups.
fn held(root: &Path) -> u64 {
    let of = |file: String, name: &str| {
        let text = std::fs::read_to_string(root.join(file)).unwrap_or_default();
        let line: Option<u64> = text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
        line.unwrap_or_default()
    };
    let (first, second) = (format!("memory/{GROUP}/memory.stat"), format!("{GROUP}/memory.stat"));
    of(first, "total_rss ").max(of(second, "anon "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_group_holds_is_read_in_either_version() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("memory").join(GROUP)).unwrap();
        std::fs::write(root.path().join("memory").join(GROUP).join("memory.stat"), "rss 1\ntotal_rss 7\n").unwrap();
        assert_eq!(held(root.path()), 7);
        std::fs::create_dir_all(root.path().join(GROUP)).unwrap();
        std::fs::write(root.path().join(GROUP).join("memory.stat"), "anon 9\nfile 1\n").unwrap();
        assert_eq!(held(root.path()), 9);
    }
}
