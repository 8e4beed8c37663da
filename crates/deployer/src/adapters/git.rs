//! The repository by the `git` command: one persistent checkout on the state volume, and beside it a second working tree to
//! look at other commits without disturbing a release that is under way.
//!
//! The token is told to git by a credential helper that reads it from git's own environment, for the repository's address
//! alone: it stands in no URL, no argument, no file and no log. Only what is on the released branch is ever run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use async_trait::async_trait;
use chassis::config::{Env, Secret};
use tokio::process::Command;
use tokio::sync::Mutex;
use url::Url;

use super::programs::Programs;
use crate::ports::{Log, Source};
use crate::release::{Commit, CommitInfo, Service};

/// What asks the network.
const FETCH_WITHIN: Duration = Duration::from_mins(5);
const ASK_WITHIN: Duration = Duration::from_secs(30);
/// What works on the disk alone.
const LOCAL_WITHIN: Duration = Duration::from_mins(2);
const TOKEN_VARIABLE: &str = "E2I_REPOSITORY_TOKEN";
/// Tells git the token; GitHub and its likes take any name with one.
const HELPER: &str =
    r#"!f() { test "$1" = get && printf 'username=x-access-token\npassword=%s\n' "$E2I_REPOSITORY_TOKEN"; }; f"#;
/// Between the fields of a commit; in no name and no subject.
const FIELD: char = '\u{1f}';

/// Where the code comes from.
#[derive(Clone, Debug)]
pub struct Repository {
    /// `https://...`, or a path of this machine. Never with a password in it. Empty: there is none.
    pub url: String,
    /// The branch that is released.
    pub branch: String,
    /// What lets us read it.
    pub token: Option<Secret<String>>,
}

impl Repository {
    fn is_named(&self) -> anyhow::Result<()> {
        ensure!(!self.url.is_empty(), "REPOSITORY_URL is not set: there is nothing that could be released");
        Ok(())
    }
}

/// [`Source`] by git.
#[derive(Debug)]
pub struct Git {
    repository: Repository,
    /// The working tree that images are built from.
    checkout: PathBuf,
    /// The working tree that other commits are looked at in.
    look: PathBuf,
    programs: Programs,
    /// One at a time: git's own locks would make the second fail.
    turn: Mutex<()>,
}

impl Git {
    /// A repository with its working trees below `state_dir`; git finds the harmless part of `env`.
    #[must_use]
    pub fn open(repository: Repository, state_dir: &Path, env: &Env) -> Self {
        let programs = Programs::new(env, repository.token.iter().cloned().collect());
        Self::new(repository, state_dir, programs)
    }

    pub(crate) fn new(repository: Repository, state_dir: &Path, programs: Programs) -> Self {
        let (checkout, look) = (state_dir.join("checkout"), state_dir.join("look"));
        Self { repository, checkout, look, programs, turn: Mutex::new(()) }
    }

    /// `git` in the checkout, on its own: nobody's settings, no question to anybody.
    fn git<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        self.git_in(&self.checkout, arguments)
    }

    fn git_in<'a>(&self, folder: &Path, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = self.bare();
        command.arg("-C").arg(folder).args(arguments);
        command
    }

    fn bare(&self) -> Command {
        let mut command = self.programs.command("git");
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
        command.env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
        let mut settings = vec![
            ("core.hooksPath".to_owned(), "/dev/null"),
            ("gc.autoDetach".to_owned(), "false"),
            ("advice.detachedHead".to_owned(), "false"),
            // A server that falls silent is given up.
            ("http.lowSpeedLimit".to_owned(), "1"),
            ("http.lowSpeedTime".to_owned(), "20"),
        ];
        if let (Some(token), Some(origin)) = (&self.repository.token, origin(&self.repository.url)) {
            command.env(TOKEN_VARIABLE, token.expose());
            settings.push((format!("credential.{origin}.helper"), HELPER));
        }
        command.env("GIT_CONFIG_COUNT", settings.len().to_string());
        for (index, (key, value)) in settings.iter().enumerate() {
            command.env(format!("GIT_CONFIG_KEY_{index}"), key).env(format!("GIT_CONFIG_VALUE_{index}"), value);
        }
        command
    }

    async fn run<'a>(&self, arguments: impl IntoIterator<Item = &'a str>, within: Duration) -> anyhow::Result<String> {
        self.programs.output(self.git(arguments), within).await
    }

    /// The repository is there, knows where it comes from, and nothing of a killed git is in the way.
    async fn ensure(&self) -> anyhow::Result<()> {
        self.repository.is_named()?;
        let is_sound = self.checkout.join(".git").is_dir()
            && self.programs.said(self.git(["rev-parse", "--git-dir"]), LOCAL_WITHIN).await?.success;
        if !is_sound {
            remove_folder(&self.look)?;
            remove_folder(&self.checkout)?;
            std::fs::create_dir_all(&self.checkout).with_context(|| format!("make {}", self.checkout.display()))?;
            self.run(["init", "--quiet"], LOCAL_WITHIN).await?;
        }
        remove_locks(&self.checkout.join(".git"))?;
        let url = self.repository.url.as_str();
        self.run(["config", "remote.origin.url", url], LOCAL_WITHIN).await?;
        Ok(())
    }

    /// All branches and tags as they are there now, forced pushes and deletions too.
    async fn fetch(&self) -> anyhow::Result<()> {
        let said = self.run(["rev-parse", "--is-shallow-repository"], LOCAL_WITHIN).await?;
        let mut arguments =
            vec!["fetch", "--quiet", "--prune", "--force", "--no-recurse-submodules", "--no-write-fetch-head"];
        // Revisions and ancestors need the whole history.
        if said.trim() == "true" {
            arguments.push("--unshallow");
        }
        arguments.extend(["origin", "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"]);
        self.run(arguments, FETCH_WITHIN).await.context("the repository could not be fetched")?;
        Ok(())
    }

    /// The commit that a name means here; `None` when it means none.
    async fn named(&self, name: &str) -> anyhow::Result<Option<Commit>> {
        let name = format!("{name}^{{commit}}");
        let command = self.git(["rev-parse", "--verify", "--quiet", "--end-of-options", &name]);
        let said = self.programs.said(command, LOCAL_WITHIN).await?;
        if !said.success {
            return Ok(None);
        }
        Ok(Some(said.out.trim().to_owned().try_into()?))
    }

    async fn has(&self, commit: &Commit) -> anyhow::Result<bool> {
        Ok(self.named(commit.as_str()).await?.is_some())
    }

    async fn ensure_commit(&self, commit: &Commit) -> anyhow::Result<()> {
        self.ensure().await?;
        if !self.has(commit).await? {
            self.fetch().await?;
            ensure!(self.has(commit).await?, "commit {commit} is in no branch and no tag of the repository");
        }
        Ok(())
    }

    fn branch_ref(&self) -> String {
        format!("refs/remotes/origin/{}", self.repository.branch)
    }

    /// Of a commit that is here, against the branch as it was fetched last.
    async fn is_ancestor(&self, commit: &Commit) -> anyhow::Result<bool> {
        let branch = self.branch_ref();
        let command = self.git(["merge-base", "--is-ancestor", commit.as_str(), &branch]);
        let shown = self.programs.shown(&command);
        let said = self.programs.said(command, LOCAL_WITHIN).await?;
        match (said.success, said.err.trim()) {
            (true, _) => Ok(true),
            (false, "") => Ok(false),
            (false, complaint) => bail!("`{shown}` failed: {complaint}"),
        }
    }

    async fn log(&self, arguments: &[&str], limit: usize) -> anyhow::Result<Vec<CommitInfo>> {
        let (format, limit) = (format!("--format=%H{FIELD}%s{FIELD}%an{FIELD}%cI"), format!("--max-count={limit}"));
        let text = self.run([&["log", "-z", &format, &limit][..], arguments].concat(), LOCAL_WITHIN).await?;
        text.split('\0').map(str::trim).filter(|entry| !entry.is_empty()).map(commit_info).collect()
    }

    /// The second working tree, at the commit.
    async fn look_at(&self, commit: &Commit) -> anyhow::Result<()> {
        let look = self.look.to_str().context("the state folder's path is no text")?;
        let known = self.look.join(".git").exists()
            && self.programs.said(self.git_in(&self.look, ["rev-parse", "--git-dir"]), LOCAL_WITHIN).await?.success;
        if known {
            self.put(&self.look, commit).await
        } else {
            remove_folder(&self.look)?;
            self.run(["worktree", "prune"], LOCAL_WITHIN).await?;
            self.run(["worktree", "add", "--quiet", "--force", "--detach", look, commit.as_str()], LOCAL_WITHIN)
                .await?;
            Ok(())
        }
    }

    async fn put(&self, folder: &Path, commit: &Commit) -> anyhow::Result<()> {
        for arguments in [
            &["checkout", "--quiet", "--force", "--detach", commit.as_str()][..],
            &["reset", "--quiet", "--hard", commit.as_str()],
            &["clean", "--quiet", "-ffdx"],
        ] {
            self.programs.output(self.git_in(folder, arguments.iter().copied()), LOCAL_WITHIN).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Source for Git {
    async fn head(&self) -> anyhow::Result<Commit> {
        self.repository.is_named()?;
        let branch = format!("refs/heads/{}", self.repository.branch);
        let mut command = self.bare();
        command.args(["ls-remote", "--exit-code", "--", &self.repository.url, &branch]);
        let said = self.programs.said(command, ASK_WITHIN).await?;
        if !said.success && said.err.trim().is_empty() {
            bail!("the repository has no branch {}; set RELEASE_BRANCH to one that it has", self.repository.branch);
        }
        ensure!(said.success, "the repository does not answer: {}", said.last_words());
        let line = said.out.lines().find(|line| line.ends_with(&branch)).context("git ls-remote names no branch")?;
        Ok(line.split_whitespace().next().unwrap_or_default().parse()?)
    }

    async fn resolve(&self, reference: &str) -> anyhow::Result<Commit> {
        ensure!(is_reference(reference), "`{reference}` is no branch, tag or commit; say one of these");
        let _turn = self.turn.lock().await;
        self.ensure().await?;
        self.fetch().await?;
        let mut names = vec![format!("refs/remotes/origin/{reference}"), format!("refs/tags/{reference}")];
        if reference.len() >= 7 && reference.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            names.push(reference.to_ascii_lowercase());
        }
        for name in names {
            if let Some(commit) = self.named(&name).await? {
                return Ok(commit);
            }
        }
        bail!("the repository has no branch, tag or commit `{reference}`")
    }

    async fn is_on_branch(&self, commit: &Commit) -> anyhow::Result<bool> {
        let _turn = self.turn.lock().await;
        self.ensure().await?;
        // Always: a forced push takes commits off the branch that are here all the same.
        self.fetch().await?;
        Ok(self.has(commit).await? && self.is_ancestor(commit).await?)
    }

    async fn checkout(&self, commit: &Commit, log: &dyn Log) -> anyhow::Result<PathBuf> {
        let _turn = self.turn.lock().await;
        self.ensure_commit(commit).await?;
        self.put(&self.checkout, commit).await?;
        let subject = self.log(&[commit.as_str()], 1).await?.pop().map(|info| info.subject).unwrap_or_default();
        log.line(&format!("checked out {}: {subject}", commit.short()));
        Ok(self.checkout.clone())
    }

    async fn commits(&self, from: Option<&Commit>, to: &Commit, limit: usize) -> anyhow::Result<Vec<CommitInfo>> {
        let _turn = self.turn.lock().await;
        self.ensure_commit(to).await?;
        match from {
            // What a forced push made nobody's may be gone.
            Some(from) if self.has(from).await? => self.log(&[&format!("{from}..{to}")], limit).await,
            _ => self.log(&[to.as_str()], 1).await,
        }
    }

    async fn changed_paths(&self, from: &Commit, to: &Commit) -> anyhow::Result<Vec<String>> {
        let _turn = self.turn.lock().await;
        self.ensure_commit(to).await?;
        ensure!(self.has(from).await?, "commit {from} is no longer in the repository");
        let text =
            self.run(["diff", "--name-only", "--no-renames", "-z", from.as_str(), to.as_str()], LOCAL_WITHIN).await?;
        Ok(text.split('\0').map(str::trim_end).filter(|path| !path.is_empty()).map(str::to_owned).collect())
    }

    async fn revisions(&self, commit: &Commit) -> anyhow::Result<BTreeMap<Service, String>> {
        let _turn = self.turn.lock().await;
        self.ensure_commit(commit).await?;
        if !self.is_ancestor(commit).await? {
            self.fetch().await?;
            let branch = &self.repository.branch;
            ensure!(
                self.is_ancestor(commit).await?,
                "commit {commit} is not on {branch}; only that branch is released"
            );
        }
        self.look_at(commit).await?;
        let mut script = self.programs.command("bash");
        script.arg("scripts/revision.sh").current_dir(&self.look);
        script.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null").env("LC_ALL", "C");
        let text = self.programs.output(script, LOCAL_WITHIN).await?;
        let revisions: BTreeMap<_, _> = text.lines().filter_map(revision).collect();
        ensure!(!revisions.is_empty(), "scripts/revision.sh of {commit} names no service; it said: {text}");
        Ok(revisions)
    }
}

/// `gateway 0123456789ab`. Services that this release does not know are those of a later one.
fn revision(line: &str) -> Option<(Service, String)> {
    let (service, revision) = line.split_once(' ')?;
    Some((Service::named(service)?, revision.trim().to_owned()))
}

fn commit_info(entry: &str) -> anyhow::Result<CommitInfo> {
    let mut fields = entry.split(FIELD);
    let mut field = || fields.next().with_context(|| format!("git log says `{entry}`"));
    let (id, subject, author, at) = (field()?, field()?, field()?, field()?);
    Ok(CommitInfo {
        id: id.parse()?,
        subject: subject.to_owned(),
        // Some write their address where their name belongs.
        author: author.split('@').next().unwrap_or_default().to_owned(),
        at: at.parse().with_context(|| format!("git says `{at}`"))?,
    })
}

/// Nothing that git would take for something else.
fn is_reference(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._/-+".contains(&byte);
    (1..=200).contains(&text.len())
        && text.bytes().all(is_plain)
        && !text.starts_with(['-', '/', '.'])
        && !text.contains("..")
}

/// Scheme, host and port: whom the token is told.
fn origin(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.origin().ascii_serialization())
}

/// Whether an address holds a password.
#[must_use]
pub fn has_password(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| url.password().is_some() || (url.scheme() == "https" && !url.username().is_empty()))
}

fn remove_folder(folder: &Path) -> anyhow::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// Locks that a killed git left: nobody else works here.
fn remove_locks(folder: &Path) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("list {}", folder.display()))? {
        let (path, kind) = entry.and_then(|entry| Ok((entry.path(), entry.file_type()?)))?;
        if kind.is_dir() && !path.ends_with("objects") {
            remove_locks(&path)?;
        } else if path.extension().is_some_and(|end| end == "lock") {
            std::fs::remove_file(&path).with_context(|| format!("remove {}", path.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_plain() {
        for good in ["main", "feature/x-1", "v1.2.3", "0123abc", "release+1"] {
            assert!(is_reference(good), "{good}");
        }
        for bad in ["", "-x", "--upload-pack=x", "a..b", "a b", "a:b", "main^{commit}", "/etc", ".git", "a@{1}"] {
            assert!(!is_reference(bad), "{bad}");
        }
    }

    #[test]
    fn the_token_is_for_the_repository_s_address_alone() {
        assert_eq!(origin("https://github.com/e2i/x.git").as_deref(), Some("https://github.com"));
        assert_eq!(origin("http://127.0.0.1:8123/x.git").as_deref(), Some("http://127.0.0.1:8123"));
        assert_eq!(origin("/srv/x.git"), None);
        assert!(has_password("https://user:secret@github.com/x") && has_password("https://token@github.com/x"));
        assert!(!has_password("https://github.com/x") && !has_password("/srv/x.git"));
    }

    #[test]
    fn an_author_is_a_name_and_never_an_address() {
        let entry = format!("{}{FIELD}Fix it{FIELD}ann@example.org{FIELD}2026-11-26T10:00:00+01:00", "a".repeat(40));
        let info = commit_info(&entry).unwrap();
        assert_eq!((info.subject.as_str(), info.author.as_str()), ("Fix it", "ann"));
        assert_eq!(info.at.to_rfc3339(), "2026-11-26T09:00:00+00:00");
    }
}
