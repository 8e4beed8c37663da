//! A repository whose CI GitHub can be asked about.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;

use super::Runs;
use crate::ports::{Log, Source};
use crate::release::{Commit, CommitInfo, Service};

/// Git for everything, GitHub for what git cannot know.
pub struct WithRuns {
    git: Arc<dyn Source>,
    runs: Runs,
}

impl WithRuns {
    /// Around this one.
    #[must_use]
    pub fn new(git: Arc<dyn Source>, runs: Runs) -> Self {
        Self { git, runs }
    }
}

#[async_trait]
impl Source for WithRuns {
    async fn head(&self) -> anyhow::Result<Commit> {
        self.git.head().await
    }

    async fn resolve(&self, reference: &str) -> anyhow::Result<Commit> {
        self.git.resolve(reference).await
    }

    async fn is_on_branch(&self, commit: &Commit) -> anyhow::Result<bool> {
        self.git.is_on_branch(commit).await
    }

    async fn checkout(&self, commit: &Commit, log: &dyn Log) -> anyhow::Result<PathBuf> {
        self.git.checkout(commit, log).await
    }

    async fn commits(&self, from: Option<&Commit>, to: &Commit, limit: usize) -> anyhow::Result<Vec<CommitInfo>> {
        self.git.commits(from, to, limit).await
    }

    async fn changed_paths(&self, from: &Commit, to: &Commit) -> anyhow::Result<Vec<String>> {
        self.git.changed_paths(from, to).await
    }

    async fn revisions(&self, commit: &Commit) -> anyhow::Result<BTreeMap<Service, String>> {
        self.git.revisions(commit).await
    }

    async fn has_passed(&self, commit: &Commit) -> anyhow::Result<Option<bool>> {
        self.runs.have_passed(commit).await.map(Some)
    }
}
