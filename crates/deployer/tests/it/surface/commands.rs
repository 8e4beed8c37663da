//! The program itself: configuration, serving without an engine, orders by hand and their exit codes.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::house::until;

struct Program {
    folder: TempDir,
    ports: [u16; 2],
    child: Option<Child>,
}

impl Program {
    fn new() -> Self {
        let port = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self { folder: tempfile::tempdir().unwrap(), ports: [port(), port()], child: None }
    }

    fn state(&self) -> &Path {
        self.folder.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_e2i-deployer"));
        command
            .args(arguments)
            .env_clear()
            .env("DEPLOYER_RUNTIME", "none")
            .env("DEPLOYER_STATE_DIR", self.state())
            .env("DEPLOYER_LISTEN", format!("127.0.0.1:{}", self.ports[0]))
            .env("DEPLOYER_PRIVATE_LISTEN", format!("127.0.0.1:{}", self.ports[1]))
            .env("PUBLIC_URL", "http://127.0.0.1:9")
            .env("JWKS_FILE", self.state().join("jwks.json"))
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    async fn serve(&mut self) {
        self.child = Some(self.command(&["run"]).stdout(Stdio::null()).spawn().unwrap());
        until("it is ready", async || self.run(&["healthcheck"]).status.success()).await;
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

#[test]
fn a_wrong_configuration_is_told_at_once_and_ends_with_78() {
    let output =
        Program::new().command(&["run"]).env_remove("PUBLIC_URL").env("RELEASE_TRIGGER", "x").output().unwrap();
    assert_eq!(output.status.code(), Some(78));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("PUBLIC_URL") && words.contains("RELEASE_TRIGGER"), "{words}");
}

#[test]
fn without_a_deployer_it_says_what_to_do() {
    let output = Program::new().run(&["status"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(String::from_utf8(output.stderr).unwrap().contains("deploy --first"));
}

#[tokio::test]
async fn orders_by_hand_reach_a_deployer_without_an_engine_and_are_refused_with_words() {
    let mut program = Program::new();
    program.serve().await;
    let status = program.run(&["status", "--json"]);
    assert_eq!(status.status.code(), Some(0));
    let overview: Value = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!((&overview["branch"], &overview["live"]), (&"main".into(), &Value::Null));
    let deploy = program.run(&["deploy", "main", "--json"]);
    assert_eq!(deploy.status.code(), Some(3), "{deploy:?}");
    let ended: Value = serde_json::from_slice(&deploy.stdout).unwrap();
    assert!(ended["reason"].as_str().unwrap().contains("no Docker engine"), "{ended}");
    let rollback = program.run(&["rollback"]);
    assert_eq!(rollback.status.code(), Some(3));
    let health = program.run(&["health-check", "--json"]);
    assert_eq!(health.status.code(), Some(1));
    let checks: Value = serde_json::from_slice(&health.stdout).unwrap();
    let of = |name: &str| checks["checks"].as_array().unwrap().iter().find(|one| one["name"] == name).cloned().unwrap();
    assert_eq!((&of("deployer")["ok"], &of("live")["ok"]), (&true.into(), &false.into()), "{checks}");
    assert_eq!(program.run(&["deploy", "--colour"]).status.code(), Some(2));
    // One folder, one deployer: a second one that would deploy is not let in; this one tells only.
    assert!(program.state().join("deployer.sock").exists());
}
