//! The repository over HTTP.

use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Command, Output};

use rollout::github::{Listening, Repository, Touch, git};
use tempfile::TempDir;

const TOKEN: &str = "token";

fn run(arguments: &[&str], folder: &Path) -> Output {
    let output =
        Command::new("git").args(arguments).current_dir(folder).env("GIT_TERMINAL_PROMPT", "0").output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

async fn repository() -> (TempDir, Repository, Listening) {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("from");
    std::fs::create_dir(&from).unwrap();
    run(&["init", "--quiet", "--initial-branch=work"], &from);
    let commit =
        ["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "--allow-empty", "-m", "first"];
    run(&commit, &from);
    let mut repository = Repository::make(&folder.path().join("git"), &from).await.unwrap();
    let listening =
        Listening::begin(Ipv4Addr::LOCALHOST, git(repository.root().to_owned(), TOKEN.to_owned())).await.unwrap();
    repository.served_at(&listening.url());
    (folder, repository, listening)
}

/// What a question to the remote says, asked from a thread that may wait.
async fn ls_remote(url: String) -> Result<String, String> {
    let asked = tokio::task::spawn_blocking(move || {
        Command::new("git")
            .args(["ls-remote", &url, "refs/heads/main"])
            .env("GIT_TERMINAL_PROMPT", "0")
            .output()
            .unwrap()
    });
    let output = asked.await.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

#[tokio::test]
async fn who_has_the_token_sees_what_was_pushed() {
    let (_folder, repository, _listening) = repository().await;
    let touch = Touch { path: "a/file".to_owned(), content: "text\n".to_owned() };
    let commit = repository.commit("second", &[touch]).await.unwrap();
    let url = repository.url().replacen("://", &format!("://any:{TOKEN}@"), 1);
    assert!(!ls_remote(url.clone()).await.unwrap().starts_with(&commit), "it was not pushed yet");
    repository.push().await.unwrap();
    assert!(ls_remote(url).await.unwrap().starts_with(&commit));
    let refused = ls_remote(repository.url().to_owned()).await.unwrap_err();
    assert!(refused.contains("could not read Username"), "{refused}");
}

#[tokio::test]
async fn switched_off_nobody_answers_and_on_again_somebody_does() {
    let (_folder, repository, mut listening) = repository().await;
    let url = repository.url().replacen("://", &format!("://any:{TOKEN}@"), 1);
    listening.switch_off();
    tokio::task::yield_now().await;
    assert!(ls_remote(url.clone()).await.is_err());
    listening.switch_on().unwrap();
    assert!(ls_remote(url).await.is_ok());
}
