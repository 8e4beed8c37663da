//! The programs, and processes that end with the test.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Starts a program and stops it when the other end of the pipe is closed, however this process ends.
const KEPT: &str = "\"$0\" \"$@\" </dev/null & server=$!; cat; kill -9 $server; wait";
const READY_WITHIN: Duration = Duration::from_mins(2);

/// Of the repository.
pub(super) fn root() -> PathBuf {
    std::fs::canonicalize("../..").unwrap()
}

/// The folder of the profile.
pub(super) fn folder() -> PathBuf {
    root().join("docker/monitoring")
}

/// A program of the packages; unpacked by whoever comes first.
pub(super) fn program(name: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache"))).unwrap();
        let tools = cache.join("e2i/tools");
        let script = root().join("scripts/ensure-tools.sh");
        let made = Command::new(&script).arg(&tools).args(["prometheus", "alertmanager", "node-exporter"]).status();
        assert!(made.unwrap().success(), "{} could not bring them; its message stands above", script.display());
        tools.join("bin")
    });
    folder.join(name)
}

/// What the program says, run in the profile's folder.
pub(super) fn run(name: &str, arguments: &[&str]) -> Output {
    Command::new(program(name)).current_dir(folder()).args(arguments).output().unwrap()
}

/// Both of its outputs.
pub(super) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A program that runs until dropped.
pub(super) struct Kept {
    process: Child,
}

impl Kept {
    /// Starts `command`'s program with its arguments, folder and variables.
    pub(super) fn start(command: &Command) -> Self {
        let mut kept = Command::new("sh");
        kept.args(["-c", KEPT]).arg(command.get_program()).args(command.get_args());
        if let Some(folder) = command.get_current_dir() {
            kept.current_dir(folder);
        }
        for (name, value) in command.get_envs() {
            kept.env(name, value.unwrap_or_default());
        }
        Self { process: kept.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap() }
    }

    /// Returns when `address` answers `path` with 200.
    pub(super) async fn ready(&self, address: &str, path: &str) {
        let begin = Instant::now();
        let client = client();
        let url = format!("http://{address}{path}");
        while !client.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()) {
            assert!(begin.elapsed() < READY_WITHIN, "{url} does not answer");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        // Its output is closed when it has ended.
        let _ = self.process.stdout.take().map(|mut output| output.read_to_end(&mut Vec::new()));
        let _ = self.process.wait();
    }
}

/// Asks without a proxy.
pub(super) fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap()
}

/// A free address of this machine.
pub(super) fn address() -> String {
    let port = servers::free_port(&servers::operating_system_random()).unwrap();
    format!("127.0.0.1:{port}")
}

/// A file of the profile.
pub(super) fn text(path: impl AsRef<Path>) -> String {
    let path = folder().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
