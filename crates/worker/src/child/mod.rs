//! The process that computes. One a job's attempt: whatever happens to it happens to that attempt alone.
//!
//! It is this same program, executed anew (never a bare fork under tokio), with an empty environment: no database, no
//! queue, no secret but the way to the table. Requests go in over stdin, answers come out over stdout as [`frames`].
//! When its stdin closes it ends itself: a worker that is killed leaves no child behind.

pub(crate) mod body;
mod frames;
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
}

/// What the child answers: any number of `Progress`, then one of the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Progress(Progress),
    Result(Value),
    Failure(Failure),
}
