//! The members of GitHub's payloads that are looked at; all others are ignored, whatever they are.

use serde::Deserialize;

/// A repository.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Repository {
    /// GitHub's number for it: stays when it is renamed.
    pub id: i64,
    /// `owner/name`.
    pub full_name: String,
}

/// `push`.
#[derive(Debug, Clone, Deserialize)]
pub struct Push {
    /// `refs/heads/main`.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The head before; zeros for a new ref.
    pub before: String,
    /// The head after; zeros for a deleted ref.
    pub after: String,
    /// Whether the ref was made by it.
    #[serde(default)]
    pub created: bool,
    /// Whether the ref was deleted by it.
    #[serde(default)]
    pub deleted: bool,
    /// Whether history was rewritten.
    #[serde(default)]
    pub forced: bool,
    /// The commits, at most 2,048.
    #[serde(default)]
    pub commits: Vec<PushedCommit>,
    /// Whose ref it is.
    pub repository: Repository,
}

/// A commit of a push.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct PushedCommit {
    /// Files that are new.
    #[serde(default)]
    pub added: Vec<String>,
    /// Files that are gone.
    #[serde(default)]
    pub removed: Vec<String>,
    /// Files that changed.
    #[serde(default)]
    pub modified: Vec<String>,
}

/// `workflow_run`.
#[derive(Debug, Clone, Deserialize)]
pub struct WorkflowRun {
    /// `completed`, `requested`, `in_progress`.
    pub action: String,
    /// The run.
    pub workflow_run: Run,
    /// Where the workflow is.
    pub repository: Repository,
}

/// A run.
#[derive(Debug, Clone, Deserialize)]
pub struct Run {
    /// The workflow's name.
    #[serde(default)]
    pub name: Option<String>,
    /// The workflow's file, `.github/workflows/ci.yml`.
    #[serde(default)]
    pub path: Option<String>,
    /// What began it: `push`, `pull_request`, ...
    pub event: String,
    /// How it ended, once it has.
    #[serde(default)]
    pub conclusion: Option<String>,
    /// On which branch.
    #[serde(default)]
    pub head_branch: Option<String>,
    /// On which commit.
    pub head_sha: String,
    /// Where the commit comes from: another than `repository` for a fork.
    #[serde(default)]
    pub head_repository: Option<Repository>,
}
