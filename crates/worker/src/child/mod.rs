//! The processes that compute. One a job at a time: whatever happens to it happens to that attempt alone.
//!
//! A child is this same program, executed anew (never a bare fork under tokio), with an empty environment: no database,
//! no queue, no secret but the way to the table. Requests go in over stdin, answers come out over stdout as [`frames`],
//! what it prints on stderr goes to the worker's log. When its stdin closes it ends itself: a worker that is killed
//! leaves no child behind.
//!
//! Children are kept warm in a [`pool`], because a start costs more than a small job. One that was cancelled, timed out,
//! failed in any way of its own or held much memory is not used again.

pub(crate) mod body;
mod frames;
pub(crate) mod memory;
pub(crate) mod pool;
pub(crate) mod process;

use domain::dataset::StoredTable;
use domain::job::Failure;
use domain::progress::Progress;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tables::objects;

/// What the worker asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Request {
    agent: String,
    parameters: Value,
    table: Option<StoredTable>,
    output_key: Option<String>,
    object_store_url: String,
    object_store_options: objects::Options,
    /// Seconds that it is expected to take, as far as the worker knows.
    expected_s: Option<f64>,
    /// Over it the child ends with the reason `oom`.
    memory_limit_bytes: u64,
}

/// What the child answers: any number of `Progress`, then one `Done`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Progress(Progress),
    Done {
        outcome: Outcome,
        /// The most it held at once.
        peak_bytes: u64,
    },
}

/// How the agent ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Result(Value),
    Failure(Failure),
}
