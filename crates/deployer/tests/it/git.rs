//! Real git: a repository that is pushed to, and one that wants a password.

use std::path::{Path, PathBuf};
use std::process::Command;

use chassis::config::{Env, Secret};
use deployer::adapters::git::{Git, Repository};
use deployer::ports::Source as _;
use deployer::release::{Commit, Service};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::logged::Lines;

/// Tells the last commit that touched the service's folder, as the real one does.
const REVISION: &str = r#"#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/.."
[ -z "${E2I_REPOSITORY_TOKEN:-}" ] || { echo "gateway the-token-was-seen"; exit; }
for service in gateway worker later; do printf '%s %s\n' "$service" "$(git log -1 --format=%H -- "$service" | cut -c 1-12)"; done
"#;

/// A remote repository and a working tree that pushes to it.
struct Remote {
    folder: TempDir,
}

impl Remote {
    fn new() -> Self {
        let remote = Self { folder: tempfile::tempdir().unwrap() };
        let bare = remote.bare();
        git(remote.folder.path(), &["init", "--quiet", "--bare", "--initial-branch=main", bare.to_str().unwrap()]);
        git(remote.folder.path(), &["clone", "--quiet", bare.to_str().unwrap(), "work"]);
        std::fs::create_dir(remote.work().join("scripts")).unwrap();
        std::fs::write(remote.work().join("scripts/revision.sh"), REVISION).unwrap();
        remote.commit("gateway/main.rs", "one", "Begin");
        remote.commit("worker/main.rs", "one", "Begin the worker");
        remote
    }

    fn bare(&self) -> PathBuf {
        self.folder.path().join("bare.git")
    }

    fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// Commits a file and pushes it to the branch that is checked out.
    fn commit(&self, file: &str, text: &str, subject: &str) -> Commit {
        let path = self.work().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        git(&self.work(), &["add", "--all"]);
        git(&self.work(), &["commit", "--quiet", "--message", subject]);
        git(&self.work(), &["push", "--quiet", "--force", "origin", "HEAD"]);
        git(&self.work(), &["rev-parse", "HEAD"]).trim().parse().unwrap()
    }
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]).args(arguments);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn open(url: &str, state: &TempDir, token: Option<&str>) -> Git {
    let token = token.map(|token| Secret::new(token.to_owned()));
    let repository = Repository { url: url.to_owned(), branch: "main".to_owned(), token };
    Git::open(repository, state.path(), &Env::from_process())
}

fn local(remote: &Remote, state: &TempDir) -> Git {
    open(remote.bare().to_str().unwrap(), state, None)
}

#[tokio::test]
async fn the_head_is_seen_checked_out_and_told_of() {
    let (remote, state, log) = (Remote::new(), tempfile::tempdir().unwrap(), Lines::default());
    let source = local(&remote, &state);
    let first = source.head().await.unwrap();
    let second = remote.commit("gateway/main.rs", "two", "Change the gateway");
    assert_eq!(source.head().await.unwrap(), second);
    let folder = source.checkout(&second, &log).await.unwrap();
    assert_eq!(std::fs::read_to_string(folder.join("gateway/main.rs")).unwrap(), "two");
    assert!(log.text().contains("Change the gateway"), "{}", log.text());
    // What a build left, and what somebody changed by hand, is gone with the next one.
    std::fs::write(folder.join("left-over"), "").unwrap();
    std::fs::write(folder.join("gateway/main.rs"), "changed").unwrap();
    source.checkout(&first, &log).await.unwrap();
    assert!(!folder.join("left-over").exists());
    assert_eq!(std::fs::read_to_string(folder.join("gateway/main.rs")).unwrap(), "one");
    let commits = source.commits(Some(&first), &second, 10).await.unwrap();
    assert_eq!(commits.len(), 1);
    assert_eq!((commits[0].subject.as_str(), commits[0].author.as_str()), ("Change the gateway", "Ann"));
    assert_eq!(source.changed_paths(&first, &second).await.unwrap(), ["gateway/main.rs"]);
}

#[tokio::test]
async fn revisions_come_from_the_commit_s_own_script_and_disturb_no_checkout() {
    let (remote, state, log) = (Remote::new(), tempfile::tempdir().unwrap(), Lines::default());
    let source = local(&remote, &state);
    let first = source.head().await.unwrap();
    let folder = source.checkout(&first, &log).await.unwrap();
    let second = remote.commit("gateway/main.rs", "two", "Change the gateway");
    let (before, after) = (source.revisions(&first).await.unwrap(), source.revisions(&second).await.unwrap());
    assert_eq!(after[&Service::Gateway], second.short());
    assert_eq!(before[&Service::Worker], after[&Service::Worker], "the worker did not change");
    assert_eq!(after.len(), 2, "services of later releases are passed over");
    assert_eq!(std::fs::read_to_string(folder.join("gateway/main.rs")).unwrap(), "one", "the checkout stays");
}

#[tokio::test]
async fn names_are_resolved_and_what_is_none_is_refused() {
    let (remote, state) = (Remote::new(), tempfile::tempdir().unwrap());
    let source = local(&remote, &state);
    let head = source.head().await.unwrap();
    git(&remote.work(), &["tag", "v1"]);
    git(&remote.work(), &["push", "--quiet", "origin", "v1"]);
    for name in ["main", "v1", head.as_str(), &head.as_str()[..9]] {
        assert_eq!(source.resolve(name).await.unwrap(), head, "{name}");
    }
    for name in ["nowhere", "--upload-pack=touch /tmp/x", "main^{tree}", "0000000"] {
        assert!(source.resolve(name).await.is_err(), "{name}");
    }
}

#[tokio::test]
async fn a_forced_push_takes_a_commit_off_the_branch() {
    let (remote, state, log) = (Remote::new(), tempfile::tempdir().unwrap(), Lines::default());
    let source = local(&remote, &state);
    let first = source.head().await.unwrap();
    let lost = remote.commit("gateway/main.rs", "lost", "Go astray");
    assert!(source.is_on_branch(&lost).await.unwrap());
    git(&remote.work(), &["reset", "--quiet", "--hard", first.as_str()]);
    let other = remote.commit("gateway/main.rs", "other", "Go another way");
    assert!(!source.is_on_branch(&lost).await.unwrap(), "it is here, and no longer on the branch");
    assert!(source.is_on_branch(&first).await.unwrap() && source.is_on_branch(&other).await.unwrap());
    assert_eq!(source.head().await.unwrap(), other);
    source.checkout(&other, &log).await.unwrap();
    assert!(source.revisions(&lost).await.is_err(), "nothing of it is run");
}

#[tokio::test]
async fn what_a_killed_git_left_is_in_nobody_s_way() {
    let (remote, state, log) = (Remote::new(), tempfile::tempdir().unwrap(), Lines::default());
    let source = local(&remote, &state);
    let head = source.head().await.unwrap();
    let folder = source.checkout(&head, &log).await.unwrap();
    for lock in ["index.lock", "HEAD.lock", "refs/remotes/origin/main.lock", "packed-refs.lock"] {
        std::fs::write(folder.join(".git").join(lock), "").unwrap();
    }
    let next = remote.commit("gateway/main.rs", "two", "Change the gateway");
    source.checkout(&next, &log).await.unwrap();
    // A repository that was cut off while it was made is made anew.
    std::fs::remove_file(folder.join(".git/HEAD")).unwrap();
    source.checkout(&next, &log).await.unwrap();
    assert_eq!(std::fs::read_to_string(folder.join("gateway/main.rs")).unwrap(), "two");
}

#[tokio::test]
async fn an_old_shallow_checkout_knows_its_ancestors_all_the_same() {
    let (remote, state) = (Remote::new(), tempfile::tempdir().unwrap());
    let first = local(&remote, &state).head().await.unwrap();
    remote.commit("gateway/main.rs", "two", "Change the gateway");
    let checkout = state.path().join("checkout");
    let url = format!("file://{}", remote.bare().display());
    git(state.path(), &["clone", "--quiet", "--depth=1", &url, checkout.to_str().unwrap()]);
    let source = open(&url, &state, None);
    assert!(source.is_on_branch(&first).await.unwrap());
}

#[tokio::test]
async fn a_repository_that_is_away_is_told_of_in_words() {
    let state = tempfile::tempdir().unwrap();
    let source = open("/nowhere/at/all.git", &state, None);
    let error = format!("{:#}", source.head().await.unwrap_err());
    assert!(error.contains("does not answer"), "{error}");
    let unset = open("", &state, None);
    assert!(unset.head().await.unwrap_err().to_string().contains("REPOSITORY_URL is not set"));
}

/// Answers every request with 401 until it brings credentials, and tells what it was brought.
async fn guarded() -> (u16, tokio::task::JoinHandle<String>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let told = tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.windows(4).any(|window| window == b"\r\n\r\n") {
                let mut piece = [0; 1024];
                let count = stream.read(&mut piece).await.unwrap();
                assert!(count > 0, "git hung up");
                request.extend_from_slice(&piece[..count]);
            }
            let request = String::from_utf8(request).unwrap();
            let refusal = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"git\"\r\n\
                           Content-Length: 0\r\nConnection: close\r\n\r\n";
            stream.write_all(refusal.as_bytes()).await.unwrap();
            let _ = stream.shutdown().await;
            if let Some(line) = request.lines().find(|line| line.to_lowercase().starts_with("authorization:")) {
                return format!("{}\n{line}", request.lines().next().unwrap());
            }
        }
    });
    (port, told)
}

#[tokio::test]
async fn the_token_is_told_to_the_repository_and_to_nobody_else() {
    let (port, told) = guarded().await;
    let state = tempfile::tempdir().unwrap();
    let source = open(&format!("http://127.0.0.1:{port}/e2i.git"), &state, Some("hunter2"));
    let error = format!("{:#}", source.head().await.unwrap_err());
    let told = told.await.unwrap();
    // `x-access-token:hunter2`
    assert!(told.ends_with("Basic eC1hY2Nlc3MtdG9rZW46aHVudGVyMg=="), "{told}");
    assert!(!told.lines().next().unwrap().contains("hunter2"), "it stands in no address: {told}");
    assert!(!error.contains("hunter2"), "{error}");
}
