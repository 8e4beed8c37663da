//! A real MLflow as its image runs it, on a database of its own. The tests of crate `local` use this file too.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Starts the server and stops it when the other end of the pipe is closed, however this process ends.
const KEPT: &str = "\"$0\" \"$1\" & server=$!; cat; kill -9 $server; wait";
/// It makes some forty tables first.
const PATIENCE: Duration = Duration::from_mins(2);

pub(crate) struct Mlflow {
    pub(crate) address: SocketAddr,
    _artifacts: TempDir,
    client: reqwest::Client,
    _process: Child,
}

/// The interpreter with MLflow; made once, whoever comes first.
fn python() -> &'static str {
    static PYTHON: OnceLock<String> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let script = Path::new("../../scripts/python-venv.sh");
        let made = Command::new(script).arg("mlflow").stderr(Stdio::inherit()).output().unwrap();
        assert!(made.status.success(), "{} found no Python; its message stands above", script.display());
        String::from_utf8(made.stdout).unwrap().trim().to_owned()
    })
}

impl Mlflow {
    /// The one that tests of this process share.
    pub(crate) async fn shared() -> &'static Self {
        static SHARED: OnceCell<Mlflow> = OnceCell::const_new();
        SHARED.get_or_init(|| Self::start(&[])).await
    }

    /// One with further variables, ready.
    pub(crate) async fn start(environment: &[(&str, &str)]) -> Self {
        let artifacts = tempfile::tempdir().unwrap();
        let database = servers::fresh_database().await.unwrap();
        let url_file = artifacts.path().join("database-url");
        std::fs::write(&url_file, database).unwrap();
        let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let process = Command::new("sh")
            .args(["-c", KEPT, python(), "../../docker/mlflow/entrypoint.py"])
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", artifacts.path())
            .env("MLFLOW_DATABASE_URL_FILE", url_file)
            .env("MLFLOW_DATABASE_SCHEMA", "mlflow")
            .env("MLFLOW_ARTIFACT_ROOT", artifacts.path().join("artifacts"))
            .env("MLFLOW_HOST", "127.0.0.1")
            .env("MLFLOW_PORT", address.port().to_string())
            .env("MLFLOW_ALLOWED_HOSTS", "127.0.0.1:*")
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
        let server = Self { address, _artifacts: artifacts, client, _process: process };
        let begin = Instant::now();
        while server.client.get(format!("{}/health", server.uri())).send().await.is_err() {
            assert!(begin.elapsed() < PATIENCE, "MLflow does not start; its lines stand above");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        server
    }

    /// What `MLFLOW_TRACKING_URI` is to say.
    pub(crate) fn uri(&self) -> String {
        format!("http://{}/mlflow", self.address)
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let answer = client.post(format!("{}/api/2.0/mlflow/{path}", self.uri())).json(&body).send().await.unwrap();
        let status = answer.status();
        let body: Value = answer.json().await.unwrap();
        assert!(status.is_success(), "{path}: {status}: {body}");
        body
    }

    pub(crate) async fn get(&self, path: &str) -> reqwest::Response {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        client.get(format!("{}/api/2.0/{path}", self.uri())).send().await.unwrap()
    }

    /// The experiment's id.
    pub(crate) async fn experiment(&self, name: &str) -> Option<String> {
        let found: Value =
            self.get(&format!("mlflow/experiments/get-by-name?experiment_name={name}")).await.json().await.unwrap();
        found["experiment"]["experiment_id"].as_str().map(str::to_owned)
    }

    /// Every run of that analysis that is not deleted.
    pub(crate) async fn runs_of(&self, analysis: &str) -> Vec<Value> {
        let Some(experiment) = self.experiment("e2i/causal_impact").await else { return Vec::new() };
        let filter = format!("tags.`e2i.analysis_id` = '{analysis}'");
        let found = self.post("runs/search", json!({ "experiment_ids": [experiment], "filter": filter })).await;
        found["runs"].as_array().cloned().unwrap_or_default()
    }
}

/// The value of a parameter, metric or tag of a run.
pub(crate) fn of(run: &Value, kind: &str, key: &str) -> Value {
    let entries = run["data"][kind].as_array().cloned().unwrap_or_default();
    entries.into_iter().find(|entry| entry["key"] == key).map(|entry| entry["value"].clone()).unwrap_or_default()
}
