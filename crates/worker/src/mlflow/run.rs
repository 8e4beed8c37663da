//! What of an analysis becomes a run: parameters, metrics, tags, files.

use domain::agents;
use domain::job::JobState;
use serde_json::Value;
use store::mlflow_runs::RunToLog;

use super::client::Metric;
use super::files::{self, File};
use super::flatten;

/// MLflow's limit of a tag.
const LONGEST_TAG: usize = 5000;

/// A run as it is logged.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RunContent {
    pub(super) experiment: String,
    pub(super) name: String,
    pub(super) user: String,
    pub(super) start_ms: i64,
    pub(super) end_ms: i64,
    pub(super) status: &'static str,
    /// The first two name the attempt.
    pub(super) tags: Vec<(&'static str, String)>,
    pub(super) params: Vec<(String, String)>,
    pub(super) metrics: Vec<Metric>,
    pub(super) files: Vec<File>,
}

impl RunContent {
    pub(super) fn of(run: &RunToLog) -> Self {
        let (start_ms, end_ms) = (run.started_at.timestamp_millis(), run.ended_at.timestamp_millis());
        let subject = run.dataset.as_ref().map(|dataset| format!(" of {} v{}", dataset.name, dataset.version));
        Self {
            experiment: format!("e2i/{}", run.agent),
            name: tag(format!("{}{}", run.agent, subject.unwrap_or_default())),
            user: run.owner.to_string(),
            start_ms,
            end_ms: end_ms.max(start_ms),
            status: match run.state {
                JobState::Succeeded => "FINISHED",
                JobState::Cancelled => "KILLED",
                JobState::Failed | JobState::Queued | JobState::Running => "FAILED",
            },
            tags: tags(run),
            params: flatten::params(&run.parameters),
            metrics: metrics(run),
            files: files(run),
        }
    }

    /// The tags by which the run of this attempt is found again.
    pub(super) fn identity(&self) -> &[(&'static str, String)] {
        &self.tags[..2]
    }
}

fn tags(run: &RunToLog) -> Vec<(&'static str, String)> {
    let mut tags = vec![
        ("e2i.analysis_id", run.taken.job.to_string()),
        ("e2i.attempt", run.taken.attempt.to_string()),
        ("e2i.agent", run.agent.clone()),
        ("e2i.agent_version", run.agent_version.to_string()),
        ("e2i.revision", run.revision.clone()),
        ("e2i.state", run.state.to_string()),
        ("e2i.workspace_id", run.workspace.to_string()),
        ("e2i.workspace", tag(run.workspace_name.clone())),
        // The token's subject, never an e-mail address.
        ("mlflow.user", run.owner.to_string()),
        ("mlflow.source.name", "e2i".to_owned()),
        ("mlflow.source.type", "JOB".to_owned()),
    ];
    if let Some(dataset) = &run.dataset {
        tags.push(("e2i.dataset_id", dataset.id.to_string()));
        tags.push(("e2i.dataset", tag(dataset.name.clone())));
        tags.push(("e2i.dataset_version", dataset.version.to_string()));
    }
    if let Some(failure) = &run.failure {
        tags.push(("e2i.reason", failure.reason.to_string()));
    }
    if let Some(words) = in_words(run) {
        tags.push(("mlflow.note.content", tag(words)));
    }
    tags
}

/// What MLflow shows as the run's description: the finding and summary, or why there is none.
fn in_words(run: &RunToLog) -> Option<String> {
    if let Some(failure) = &run.failure {
        return Some(failure.detail.clone());
    }
    let result = run.result.as_ref()?;
    let summary = result.get("summary").and_then(Value::as_array).into_iter().flatten();
    let words: Vec<&str> = result.get("finding").into_iter().chain(summary).filter_map(Value::as_str).collect();
    (!words.is_empty()).then(|| words.join("\n\n"))
}

fn metrics(run: &RunToLog) -> Vec<Metric> {
    let millis = run.ended_at - run.started_at;
    let seconds = millis.num_milliseconds().max(0) as f64 / 1000.0;
    let mut metrics = vec![Metric { key: "seconds".to_owned(), value: seconds }];
    if let Some(rows) = run.dataset.as_ref().and_then(|dataset| dataset.rows) {
        metrics.push(Metric { key: "rows".to_owned(), value: rows as f64 });
    }
    let own: Vec<String> = metrics.iter().map(|metric| metric.key.clone()).collect();
    let of_result = run.result.as_ref().map(flatten::metrics).unwrap_or_default();
    metrics.extend(of_result.into_iter().filter(|metric| !own.contains(&metric.key)));
    metrics
}

fn files(run: &RunToLog) -> Vec<File> {
    let json = |path: &str, value: &Value| File {
        path: path.to_owned(),
        content: serde_json::to_vec_pretty(value).unwrap_or_default(),
    };
    let mut files = vec![json("parameters.json", &run.parameters)];
    let Some(result) = &run.result else { return files };
    files.push(json("result.json", result));
    files.extend(files::tables(result));
    let dataset = run.dataset.as_ref().map(|dataset| dataset.name.as_str());
    let script = agents::find(&run.agent)
        .filter(|agent| agent.version == run.agent_version)
        .and_then(|agent| (agent.reproduce)(&run.parameters, result, dataset));
    files.extend(script.map(|script| File { path: "reproduce.py".to_owned(), content: script.into_bytes() }));
    files
}

fn tag(text: String) -> String {
    if text.len() <= LONGEST_TAG { text } else { text.chars().take(LONGEST_TAG / 4).collect() }
}
