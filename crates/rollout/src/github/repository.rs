//! The repository that is released from: bare, as GitHub has it, and a developer's clone that is pushed from.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, ensure};
use stack::command::{run, run_within};
use tokio::process::Command;

const OWNER: &str = "e2i";
const NAME: &str = "e2i-causal-analytics";

/// Both.
#[derive(Debug)]
pub struct Repository {
    root: PathBuf,
    clone: PathBuf,
    url: String,
}

/// A file that a commit writes.
#[derive(Clone, Debug)]
pub struct Touch {
    /// Its path in the clone.
    pub path: String,
    /// Its whole content.
    pub content: String,
}

impl Repository {
    /// Makes them below `root` out of the clone `from`, whose `HEAD` becomes `main`.
    ///
    /// # Errors
    /// When git fails.
    pub async fn make(root: &Path, from: &Path) -> anyhow::Result<Self> {
        let bare = root.join(OWNER).join(format!("{NAME}.git"));
        let clone = root.join("developer");
        std::fs::create_dir_all(root.join(OWNER)).context("make a folder")?;
        run(Command::new("git").args(["init", "--quiet", "--bare", "--initial-branch=main"]).arg(&bare)).await?;
        run(Command::new("git").arg("-C").arg(from).args(["push", "--quiet"]).arg(&bare).arg("HEAD:refs/heads/main"))
            .await?;
        run(Command::new("git").args(["clone", "--quiet", "--branch=main"]).arg(&bare).arg(&clone)).await?;
        Ok(Self { root: root.to_owned(), clone, url: String::new() })
    }

    /// The folder of the bare one's owner: what is served.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Says where it is served.
    pub fn served_at(&mut self, url: &str) {
        self.url = format!("{url}/{OWNER}/{NAME}.git");
    }

    /// Where it is cloned from.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// `owner/name`.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{OWNER}/{NAME}")
    }

    /// The developer's clone.
    #[must_use]
    pub fn clone_folder(&self) -> &Path {
        &self.clone
    }

    async fn git(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.clone).args(["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"]);
        Ok(run(command.args(arguments)).await?.trim().to_owned())
    }

    /// Commits files, without pushing; gives the commit.
    ///
    /// # Errors
    /// When git fails.
    pub async fn commit(&self, subject: &str, touched: &[Touch]) -> anyhow::Result<String> {
        for touch in touched {
            let file = self.clone.join(&touch.path);
            std::fs::create_dir_all(file.parent().context("a file has a folder")?)?;
            std::fs::write(&file, &touch.content).with_context(|| format!("write {}", touch.path))?;
        }
        self.git(&["add", "--all"]).await?;
        self.git(&["commit", "--quiet", "--allow-empty", "--message", subject]).await?;
        self.head().await
    }

    /// The clone's commit.
    ///
    /// # Errors
    /// When git fails.
    pub async fn head(&self) -> anyhow::Result<String> {
        self.git(&["rev-parse", "HEAD"]).await
    }

    /// Pushes what was committed, so that the branch's head is the clone's.
    ///
    /// # Errors
    /// When git fails.
    pub async fn push(&self) -> anyhow::Result<()> {
        self.git(&["push", "--quiet", "--force", "origin", "HEAD:refs/heads/main"]).await?;
        Ok(())
    }

    /// Goes back to an earlier commit, here only.
    ///
    /// # Errors
    /// When git fails.
    pub async fn reset(&self, commit: &str) -> anyhow::Result<()> {
        self.git(&["reset", "--quiet", "--hard", commit]).await?;
        Ok(())
    }

    /// A file as the clone has it.
    ///
    /// # Errors
    /// When it is not there.
    pub fn file(&self, path: &str) -> anyhow::Result<String> {
        std::fs::read_to_string(self.clone.join(path)).with_context(|| format!("read {path}"))
    }

    /// The revision of each service at the clone's commit.
    ///
    /// # Errors
    /// When the script fails.
    pub async fn revisions(&self) -> anyhow::Result<Vec<(String, String)>> {
        let mut command = Command::new("scripts/revision.sh");
        let text = run_within(command.current_dir(&self.clone), Duration::from_mins(1)).await?;
        let all: Vec<_> = text
            .lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(service, revision)| (service.to_owned(), revision.to_owned()))
            .collect();
        ensure!(!all.is_empty(), "scripts/revision.sh named no service");
        Ok(all)
    }
}
