//! History on paper.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use deployer::ports::{Images, Log, Source};
use deployer::release::{Commit, CommitInfo, Piece, Service};

use super::{Fault, PaperCommit, World};

/// Ids look like ids: spread over all digits, the same for the same number.
fn id(number: usize) -> Commit {
    let mut text = String::new();
    let mut value = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(number as u64 + 1);
    while text.len() < 40 {
        value ^= value >> 29;
        value = value.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let _ = write!(text, "{value:016x}");
    }
    text.truncate(40);
    text.parse().unwrap()
}

pub(crate) fn image_id(service: Service, revision: &str) -> String {
    format!("sha256:{service}-{revision}")
}

pub(crate) fn piece(service: Service, revision: &str) -> Piece {
    Piece {
        revision: revision.to_owned(),
        image: format!("e2i/{service}:{revision}"),
        image_id: image_id(service, revision),
    }
}

impl World {
    /// A commit on the branch that touches these services; gives its id, which is their revision.
    pub(crate) fn commit(&self, subject: &str, touches: &[Service]) -> Commit {
        self.commit_by("Ada Okafor", subject, touches)
    }

    pub(crate) fn commit_by(&self, author: &str, subject: &str, touches: &[Service]) -> Commit {
        let at = self.now();
        let mut state = self.state();
        let id = id(state.commits.len());
        let parent = state.branch.last().and_then(|parent| state.commits.get(parent)).cloned();
        let mut revisions = parent.map(|parent| parent.revisions).unwrap_or_default();
        revisions.extend(touches.iter().map(|service| (*service, id.to_string())));
        let paths = touches.iter().map(|service| format!("crates/{service}/src/lib.rs")).collect();
        let commit = PaperCommit {
            id: id.clone(),
            subject: subject.to_owned(),
            author: author.to_owned(),
            at,
            revisions,
            paths,
        };
        state.commits.insert(id.to_string(), commit);
        state.branch.push(id.to_string());
        id
    }

    /// The branch is forced back to the commit.
    pub(crate) fn force_to(&self, commit: &Commit) {
        let mut state = self.state();
        let place = state.branch.iter().position(|id| id == commit.as_str()).unwrap();
        state.branch.truncate(place + 1);
    }

    pub(crate) fn fault(&self, commit: &Commit, fault: Fault) {
        self.state().faults.insert(commit.to_string(), fault);
    }
}

fn info(commit: &PaperCommit) -> CommitInfo {
    CommitInfo { id: commit.id.clone(), subject: commit.subject.clone(), author: commit.author.clone(), at: commit.at }
}

#[async_trait]
impl Source for World {
    async fn head(&self) -> anyhow::Result<Commit> {
        self.act("source.head".to_owned(), |state| {
            anyhow::ensure!(!state.is_git_away, "the repository cannot be reached");
            Ok(state.branch.last().unwrap().parse()?)
        })
        .await
    }

    async fn resolve(&self, reference: &str) -> anyhow::Result<Commit> {
        self.act(format!("source.resolve {reference}"), |state| {
            anyhow::ensure!(!state.is_git_away, "the repository cannot be reached");
            if reference == "main" {
                return Ok(state.branch.last().unwrap().parse()?);
            }
            let found = state.commits.keys().find(|id| id.starts_with(reference));
            let found = found.ok_or_else(|| anyhow::anyhow!("no such branch, tag or commit"))?;
            Ok(found.parse()?)
        })
        .await
    }

    async fn is_on_branch(&self, commit: &Commit) -> anyhow::Result<bool> {
        self.act(format!("source.is_on_branch {}", commit.short()), |state| {
            anyhow::ensure!(!state.is_git_away, "the repository cannot be reached");
            Ok(state.branch.iter().any(|id| id == commit.as_str()))
        })
        .await
    }

    async fn checkout(&self, commit: &Commit, log: &dyn Log) -> anyhow::Result<PathBuf> {
        self.act(format!("source.checkout {}", commit.short()), |state| {
            anyhow::ensure!(!state.is_git_away, "the repository cannot be reached");
            log.line(&format!("HEAD is now at {}", commit.short()));
            Ok(PathBuf::from("checkout"))
        })
        .await
    }

    async fn commits(&self, from: Option<&Commit>, to: &Commit, limit: usize) -> anyhow::Result<Vec<CommitInfo>> {
        let from = from.cloned();
        self.act("source.commits".to_owned(), |state| {
            let to_info = state.commits.get(to.as_str()).map(info);
            let Some(from) = from else { return Ok(to_info.into_iter().collect()) };
            let place = |commit: &Commit| state.branch.iter().position(|id| id == commit.as_str());
            let end = place(to).map_or(0, |place| place + 1);
            let start = place(&from).map_or(0, |place| place + 1).min(end);
            let ids = state.branch[start..end].iter().rev().take(limit);
            Ok(ids.filter_map(|id| state.commits.get(id)).map(info).collect())
        })
        .await
    }

    async fn changed_paths(&self, from: &Commit, to: &Commit) -> anyhow::Result<Vec<String>> {
        let between = self.commits(Some(from), to, usize::MAX).await?;
        let state = self.state();
        let paths = between.iter().filter_map(|commit| state.commits.get(commit.id.as_str()));
        Ok(paths.flat_map(|commit| commit.paths.clone()).collect())
    }

    async fn revisions(&self, commit: &Commit) -> anyhow::Result<BTreeMap<Service, String>> {
        self.act("source.revisions".to_owned(), |state| {
            let commit = state.commits.get(commit.as_str());
            Ok(commit.ok_or_else(|| anyhow::anyhow!("no such commit"))?.revisions.clone())
        })
        .await
    }

    async fn has_passed(&self, commit: &Commit) -> anyhow::Result<Option<bool>> {
        let state = self.state();
        Ok(state.tells_ci.then(|| state.passed.contains(commit.as_str())))
    }
}

#[async_trait]
impl Images for World {
    async fn present(&self, revisions: &BTreeMap<Service, String>) -> anyhow::Result<BTreeMap<Service, Piece>> {
        self.act("images.present".to_owned(), |state| {
            let here =
                revisions.iter().filter(|(service, revision)| state.images.contains(&(**service, (*revision).clone())));
            Ok(here.map(|(service, revision)| (*service, piece(*service, revision))).collect())
        })
        .await
    }

    async fn provide(
        &self,
        _checkout: &Path,
        revisions: &BTreeMap<Service, String>,
        log: &dyn Log,
    ) -> anyhow::Result<BTreeMap<Service, Piece>> {
        for (service, revision) in revisions {
            if self.state().images.contains(&(*service, revision.clone())) {
                continue;
            }
            log.line(&format!("building {service} {revision}"));
            self.act(format!("images.build {service}"), |state| {
                anyhow::ensure!(!state.is_registry_away, "pulling e2i/{service}: the registry cannot be reached");
                if state.faults.get(revision) == Some(&Fault::DoesNotBuild) {
                    for line in 0..state.builds.max(3) {
                        log.line(&build_line(line));
                    }
                    anyhow::bail!("building {service}: error[E0308]: mismatched types");
                }
                for line in 0..20 {
                    log.line(&build_line(line));
                }
                state.disk.free_bytes = state.disk.free_bytes.saturating_sub(120 << 20);
                state.images.insert((*service, revision.clone()));
                Ok(())
            })
            .await?;
        }
        Ok(revisions.iter().map(|(service, revision)| (*service, piece(*service, revision))).collect())
    }
}

/// A line of a build, as cargo writes them.
pub(crate) fn build_line(number: usize) -> String {
    const CRATES: [&str; 8] = ["tokio", "serde", "hyper", "arrow-array", "parquet", "sqlx-core", "faer", "utoipa"];
    format!("   Compiling {} v{}.{}.{}", CRATES[number % CRATES.len()], number % 4, number % 60, number % 11)
}
