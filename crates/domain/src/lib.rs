//! Ids, states, parameter and result types: what every part of the house means by a word. No I/O.
//!
//! | module | words |
//! | --- | --- |
//! | [`ids`] | `JobId`, `DatasetId`, `UploadId`, `WorkspaceId`, `UserId` |
//! | [`job`] | the five states and their edges, reasons, classes, priorities |
//! | [`progress`] | what a run tells while it runs, and the `{attempt}-{seq}` ids that fence it |
//! | [`dataset`] | columns, schemas, profiles |
//! | [`recipe`] | how one version of a dataset is made from another |
//! | [`upload`] | where a resumable upload stands |
//! | [`people`] | platform roles and workspace roles |
//! | [`agents`] | one file an agent: typed parameters, typed result, JSON Schema |
//!
//! An API name of a thing and its Rust name are the same (`snake_case` on the wire).

pub mod agents;
pub mod dataset;
pub mod ids;
pub mod job;
pub mod people;
pub mod progress;
pub mod recipe;
pub mod upload;
