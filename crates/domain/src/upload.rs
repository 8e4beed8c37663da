//! Resumable uploads: a table that arrives in pieces, over as many requests and connections as it takes.
//!
//! `receiving -> checking -> stored | refused`. The last byte makes it `checking`; `stored` means that there is a dataset.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::people::names;

/// Where a resumable upload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UploadState {
    /// Bytes are still to come.
    Receiving,
    /// All bytes are there; whether they are a table is being found out.
    Checking,
    /// They are: there is a dataset.
    Stored,
    /// They are none; the problem is with the upload.
    Refused,
}
names!("upload state", "receiving, checking, stored, refused", UploadState {
    Receiving => "receiving", Checking => "checking", Stored => "stored", Refused => "refused",
});
