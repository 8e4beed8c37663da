//! MLflow's REST API 2.0 (<https://mlflow.org/docs/latest/rest-api.html>), as much of it as a run needs.

use std::time::Duration;

use anyhow::Context as _;
use chassis::telemetry::current_traceparent;
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::config::MlflowConfig;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const CALL_TIMEOUT: Duration = Duration::from_secs(20);
/// Of one call of log-batch: MLflow's limits (parameters, and all of them together).
const BATCH_PARAMS: usize = 100;
const BATCH_METRICS: usize = 900;

/// Why a call did not do what it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CallError {
    /// MLflow cannot be asked, or not now: the same call may succeed later.
    Away(String),
    /// MLflow understood and says no: asking again cannot help.
    Refused(String),
}

pub(super) type Result<T, E = CallError> = std::result::Result<T, E>;

/// A run, as MLflow tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Run {
    pub(super) info: RunInfo,
}

/// Where a run and its files are.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct RunInfo {
    pub(super) run_id: String,
    artifact_uri: String,
}

/// A number of a run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Metric {
    pub(super) key: String,
    pub(super) value: f64,
}

/// Talks to one MLflow.
#[derive(Debug, Clone)]
pub(super) struct Client {
    http: reqwest::Client,
    config: MlflowConfig,
}

#[derive(Deserialize)]
struct Experiment {
    experiment_id: String,
    lifecycle_stage: String,
}

#[derive(Deserialize)]
struct ExperimentAnswer {
    experiment: Experiment,
}

#[derive(Deserialize)]
struct CreatedExperiment {
    experiment_id: String,
}

#[derive(Deserialize)]
struct RunAnswer {
    run: Run,
}

#[derive(Deserialize)]
struct RunsAnswer {
    #[serde(default)]
    runs: Vec<Run>,
}

/// What MLflow says of an error.
#[derive(Deserialize)]
struct Complaint {
    error_code: String,
    #[serde(default)]
    message: String,
}

impl Client {
    pub(super) fn new(config: &MlflowConfig) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(CALL_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .context("make a client for MLflow")?;
        Ok(Self { http, config: config.clone() })
    }

    /// The id of the experiment of that name, made or restored where it has to be.
    pub(super) async fn experiment(&self, name: &str) -> Result<String> {
        if let Some(id) = self.find_experiment(name).await? {
            return Ok(id);
        }
        let created = self.call(Method::POST, "mlflow/experiments/create", json!({ "name": name })).await;
        match created {
            Ok(created) => Ok(read::<CreatedExperiment>(created)?.experiment_id),
            // Another worker was quicker.
            Err(refused @ CallError::Refused(_)) => self.find_experiment(name).await?.ok_or(refused),
            Err(away) => Err(away),
        }
    }

    async fn find_experiment(&self, name: &str) -> Result<Option<String>> {
        // Names of agents are of plain letters: nothing has to be escaped.
        let path = format!("mlflow/experiments/get-by-name?experiment_name={name}");
        let answer = send(self.request(Method::GET, &path)).await?;
        if let Some(Complaint { error_code, .. }) = answer.complaint()
            && error_code == "RESOURCE_DOES_NOT_EXIST"
        {
            return Ok(None);
        }
        let Experiment { experiment_id, lifecycle_stage } = read::<ExperimentAnswer>(answer.judged()?)?.experiment;
        if lifecycle_stage == "deleted" {
            let restored = json!({ "experiment_id": experiment_id });
            self.call(Method::POST, "mlflow/experiments/restore", restored).await?;
        }
        Ok(Some(experiment_id))
    }

    /// The run of the experiment that has all these tags.
    pub(super) async fn find_run(&self, experiment: &str, tags: &[(&str, String)]) -> Result<Option<Run>> {
        let filter: Vec<String> = tags.iter().map(|(key, value)| format!("tags.`{key}` = '{value}'")).collect();
        let wanted = json!({ "experiment_ids": [experiment], "filter": filter.join(" AND "), "max_results": 1 });
        let found = self.call(Method::POST, "mlflow/runs/search", wanted).await?;
        Ok(read::<RunsAnswer>(found)?.runs.pop())
    }

    /// A new run.
    pub(super) async fn create_run(
        &self,
        experiment: &str,
        name: &str,
        user: &str,
        start_ms: i64,
        tags: &[(&str, String)],
    ) -> Result<Run> {
        let tags: Vec<Value> = tags.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
        let new = json!({ "experiment_id": experiment, "run_name": name, "user_id": user, "start_time": start_ms,
                          "tags": tags });
        Ok(read::<RunAnswer>(self.call(Method::POST, "mlflow/runs/create", new).await?)?.run)
    }

    /// Parameters and metrics, all at that time. Given again, they stay as they are.
    pub(super) async fn log(
        &self,
        run: &Run,
        params: &[(String, String)],
        metrics: &[Metric],
        at_ms: i64,
    ) -> Result<()> {
        let param = |(key, value): &(String, String)| json!({ "key": key, "value": value });
        let metric =
            |Metric { key, value }: &Metric| json!({ "key": key, "value": value, "timestamp": at_ms, "step": 0 });
        for params in params.chunks(BATCH_PARAMS) {
            let batch = json!({ "run_id": run.info.run_id, "params": params.iter().map(param).collect::<Vec<_>>() });
            self.call(Method::POST, "mlflow/runs/log-batch", batch).await?;
        }
        for metrics in metrics.chunks(BATCH_METRICS) {
            let batch = json!({ "run_id": run.info.run_id, "metrics": metrics.iter().map(metric).collect::<Vec<_>>() });
            self.call(Method::POST, "mlflow/runs/log-batch", batch).await?;
        }
        Ok(())
    }

    /// A file of the run, by MLflow's own artifact proxy: the worker has no key to MLflow's store.
    pub(super) async fn put_file(&self, run: &Run, path: &str, content: Vec<u8>) -> Result<()> {
        let root = proxied(&run.info.artifact_uri)?;
        let request = self.request(Method::PUT, &format!("mlflow-artifacts/artifacts/{root}/{path}"));
        send(request.body(content)).await?.judged().map(drop)
    }

    /// The run has ended.
    pub(super) async fn end_run(&self, run: &Run, status: &str, end_ms: i64) -> Result<()> {
        let change = json!({ "run_id": run.info.run_id, "status": status, "end_time": end_ms });
        self.call(Method::POST, "mlflow/runs/update", change).await.map(drop)
    }

    /// Takes a run back.
    pub(super) async fn delete_run(&self, run: &Run) -> Result<()> {
        let gone = json!({ "run_id": run.info.run_id });
        self.call(Method::POST, "mlflow/runs/delete", gone).await.map(drop)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let base = self.config.tracking_uri.as_str().trim_end_matches('/');
        let mut request = self.http.request(method, format!("{base}/api/2.0/{path}"));
        if let Some(traceparent) = current_traceparent() {
            request = request.header("traceparent", traceparent);
        }
        match &self.config.username {
            Some(name) => request.basic_auth(name, self.config.password.as_ref().map(chassis::config::Secret::expose)),
            None => request,
        }
    }

    async fn call(&self, method: Method, path: &str, body: Value) -> Result<Value> {
        send(self.request(method, path).json(&body)).await?.judged()
    }
}

/// What came back.
struct Answer {
    status: StatusCode,
    body: Value,
}

impl Answer {
    /// What MLflow itself has to say against it.
    fn complaint(&self) -> Option<Complaint> {
        if self.status.is_success() {
            return None;
        }
        Complaint::deserialize(&self.body).ok()
    }

    /// A 4xx in MLflow's own words is final, unless it is about who we are or how often we ask. Anything else (5xx, and what
    /// is no MLflow at all) may pass.
    fn judged(self) -> Result<Value> {
        if self.status.is_success() {
            return Ok(self.body);
        }
        let may_pass = [
            StatusCode::UNAUTHORIZED,
            StatusCode::FORBIDDEN,
            StatusCode::REQUEST_TIMEOUT,
            StatusCode::TOO_MANY_REQUESTS,
        ];
        match self.complaint() {
            Some(Complaint { error_code, message })
                if self.status.is_client_error() && !may_pass.contains(&self.status) =>
            {
                Err(CallError::Refused(format!("{error_code}: {message}")))
            }
            Some(Complaint { error_code, message }) => {
                Err(CallError::Away(format!("{}: {error_code}: {message}", self.status)))
            }
            None if self.status == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(CallError::Refused("what stands before MLflow takes no body of this size (413)".to_owned()))
            }
            None => Err(CallError::Away(format!("{} from MLFLOW_TRACKING_URI, not in MLflow's words", self.status))),
        }
    }
}

async fn send(request: RequestBuilder) -> Result<Answer> {
    // The address may hold a password: reqwest's own words would tell it.
    let away =
        |error: reqwest::Error| CallError::Away(format!("MLflow does not answer: {}", innermost(&error.without_url())));
    let response: Response = request.send().await.map_err(away)?;
    let status = response.status();
    let bytes = response.bytes().await.map_err(away)?;
    Ok(Answer { status, body: serde_json::from_slice(&bytes).unwrap_or_default() })
}

fn innermost(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), innermost)
}

fn read<T: DeserializeOwned>(body: Value) -> Result<T> {
    serde_json::from_value(body).map_err(|error| CallError::Away(format!("no answer of MLflow's: {error}")))
}

/// The path below the proxy of `mlflow-artifacts:/1/abc/artifacts`.
fn proxied(artifact_uri: &str) -> Result<&str> {
    let Some(rest) = artifact_uri.strip_prefix("mlflow-artifacts:") else {
        return Err(CallError::Refused(format!(
            "the run's files would go to {artifact_uri}; start MLflow with --serve-artifacts, so that it stores them itself"
        )));
    };
    // With a host or without.
    Ok(rest.strip_prefix("//").map_or(rest, |rest| rest.split_once('/').map_or("", |(_, path)| path)).trim_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: Value) -> Result<Value> {
        Answer { status: StatusCode::from_u16(status).unwrap(), body }.judged()
    }

    #[test]
    fn only_what_mlflow_itself_refuses_for_good_is_refused() {
        let complaint = json!({ "error_code": "INVALID_PARAMETER_VALUE", "message": "no" });
        assert_eq!(answer(400, complaint.clone()), Err(CallError::Refused("INVALID_PARAMETER_VALUE: no".into())));
        for (status, body) in [(401, &complaint), (403, &complaint), (429, &complaint), (500, &complaint)] {
            assert!(matches!(answer(status, body.clone()), Err(CallError::Away(_))), "{status}");
        }
        // A page of a proxy's, or of another service's.
        assert!(matches!(answer(404, Value::Null), Err(CallError::Away(_))));
        assert!(matches!(answer(413, Value::Null), Err(CallError::Refused(_))));
    }

    #[test]
    fn files_go_through_the_proxy_alone() {
        assert_eq!(proxied("mlflow-artifacts:/1/abc/artifacts"), Ok("1/abc/artifacts"));
        assert_eq!(proxied("mlflow-artifacts://host:5000/1/abc/artifacts"), Ok("1/abc/artifacts"));
        assert!(matches!(proxied("s3://bucket/1/abc"), Err(CallError::Refused(_))));
    }
}
