//! The container `logs` without a container: its own script and configuration with a real rsyslog, over a folder that looks
//! like the engine's.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Once;

use serde_json::json;
use tempfile::TempDir;

use crate::house::eventually;

pub(super) const PROJECT: &str = "e2i-test";

/// Ends what it runs when the other end of the pipe is closed, however this process ends.
const KEPT: &str = "\"$@\" <&- & script=$!; cat; kill -TERM $script; wait";

/// Brings rsyslog where it is missing.
fn installed() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let script = "../../scripts/ensure-tools.sh";
        let status = Command::new(script).args(["unused", "rsyslogd"]).stdout(Stdio::null()).status().unwrap();
        assert!(status.success(), "{script} does not bring rsyslog; its message stands above");
    });
}

pub(super) struct Shipper {
    folder: TempDir,
    variables: Vec<(String, String)>,
    running: Option<Child>,
}

/// One container's lines as the engine keeps them (logging driver `json-file`).
pub(super) struct Container {
    service: String,
    project: String,
    path: PathBuf,
}

impl Shipper {
    /// Not running yet.
    pub(super) fn new(variables: &[(&str, &str)]) -> Self {
        installed();
        let folder = tempfile::tempdir().unwrap();
        // The engine's, and the volume.
        for name in ["containers", "kept"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        let own = [
            ("LOGS_FOLDER", at("kept")),
            ("LOGS_SOURCE", at("containers")),
            ("LOGS_RUN", at("run")),
            ("LOGS_KEPT_FILE", at("state/kept.json")),
            ("LOGS_TEMPLATES", fs::canonicalize("../../docker/logs").unwrap().to_string_lossy().into_owned()),
            ("LOGS_PROJECT", PROJECT.to_owned()),
            ("LOGS_KEEP_EVERY", "1".to_owned()),
        ];
        let given = variables.iter().map(|(name, value)| (*name, (*value).to_owned()));
        let variables = own.into_iter().chain(given).map(|(name, value)| (name.to_owned(), value)).collect();
        Self { folder, variables, running: None }
    }

    fn script(&self, name: &str) -> Command {
        let mut command = Command::new("bash");
        command.arg(fs::canonicalize("../../docker/logs").unwrap().join(name)).env_clear();
        command
            .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .envs(self.variables.clone());
        command
    }

    pub(super) fn start(&mut self) {
        let script = self.script("logs.sh");
        let mut command = Command::new("sh");
        command.args(["-c", KEPT, "sh", "bash"]).args(script.get_args()).arg("run").env_clear();
        command.envs(script.get_envs().filter_map(|(name, value)| Some((name, value?)))).stdin(Stdio::piped());
        self.running = Some(command.spawn().unwrap());
    }

    /// As Docker does: SIGTERM, and waits.
    pub(super) fn stop(&mut self) {
        let mut process = self.running.take().expect("it runs");
        drop(process.stdin.take());
        process.wait().unwrap();
    }

    /// `kill -9` of rsyslog itself; the script ends with it.
    pub(super) fn kill(&mut self) {
        let pid = fs::read_to_string(self.folder.path().join("run/rsyslog.pid")).unwrap();
        assert!(Command::new("kill").args(["-9", pid.trim()]).status().unwrap().success());
        self.stop();
    }

    /// What a command of the script says.
    pub(super) fn run(&self, arguments: &[&str]) -> Output {
        self.script("logs.sh").args(arguments).output().unwrap()
    }

    /// What the search prints, line by line.
    pub(super) fn search(&self, arguments: &[&str]) -> Vec<String> {
        let output = self.searched(arguments);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
    }

    /// How the search ends.
    pub(super) fn searched(&self, arguments: &[&str]) -> Output {
        self.script("search.sh").args(arguments).output().unwrap()
    }

    /// A search that goes on until it is dropped or killed.
    pub(super) fn follow(&self, arguments: &[&str]) -> Child {
        self.script("search.sh").arg("--follow").args(arguments).stdout(Stdio::piped()).spawn().unwrap()
    }

    /// Waits until that many lines are kept of a service.
    pub(super) async fn has(&self, service: &str, lines: usize) -> Vec<String> {
        eventually(&format!("{lines} lines of {service}"), async || {
            let found = self.search(&["--service", service]);
            assert!(found.len() <= lines, "{service} has {} lines, at most {lines} were written", found.len());
            (found.len() == lines).then_some(found)
        })
        .await
    }

    pub(super) fn container(&self, service: &str) -> Container {
        self.container_of(PROJECT, service)
    }

    pub(super) fn container_of(&self, project: &str, service: &str) -> Container {
        let id = format!("{project}{service}");
        let folder = self.folder.path().join("containers").join(&id);
        fs::create_dir_all(&folder).unwrap();
        Container {
            service: service.to_owned(),
            project: project.to_owned(),
            path: folder.join(format!("{id}-json.log")),
        }
    }

    /// Where the files of a service lie.
    pub(super) fn files(&self, service: &str) -> PathBuf {
        self.folder.path().join("kept").join(service)
    }

    /// Bytes of all that is kept.
    pub(super) fn bytes(&self) -> u64 {
        let files = walk(&self.folder.path().join("kept"));
        files.iter().filter_map(|path| Some(fs::metadata(path).ok()?.len())).sum()
    }

    /// What health is told.
    pub(super) fn kept_days(&self) -> Option<f64> {
        fs::read_to_string(self.folder.path().join("state/kept.json")).ok()?.trim().parse().ok()
    }
}

impl Drop for Shipper {
    fn drop(&mut self) {
        if self.running.is_some() {
            self.stop();
        }
    }
}

impl Container {
    /// Lines at that time, as in `2026-11-26T12:00:00.5Z`.
    pub(super) fn print(&self, time: &str, lines: &[&str]) {
        let text: String = lines.iter().map(|line| self.entry(time, line)).collect();
        self.file().write_all(text.as_bytes()).unwrap();
    }

    /// Begins a new file as the engine does when this one is full.
    pub(super) fn rotate(&self) {
        let path = self.path.to_string_lossy();
        fs::rename(&self.path, format!("{path}.1")).unwrap();
        drop(self.file());
    }

    fn file(&self) -> File {
        OpenOptions::new().create(true).append(true).open(&self.path).unwrap()
    }

    fn entry(&self, time: &str, line: &str) -> String {
        let labels = json!({
            "com.docker.compose.project": self.project,
            "com.docker.compose.service": self.service,
            "tag": format!("{}-{}-1", self.project, self.service),
        });
        format!("{}\n", json!({ "log": format!("{line}\n"), "stream": "stdout", "attrs": labels, "time": time }))
    }
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries
        .filter_map(Result::ok)
        .flat_map(|entry| if entry.path().is_dir() { walk(&entry.path()) } else { vec![entry.path()] })
        .collect()
}
