//! An upload as callers see it: as JSON for people's programs, as headers for tus clients.

use chrono::{DateTime, Utc};
use domain::ids::{DatasetId, UploadId, UserId, WorkspaceId};
use domain::upload::UploadState;
use http::{HeaderMap, HeaderValue, header};
use serde::Serialize;
use serde_json::Value;
use store::uploads::Upload;
use utoipa::ToSchema;

use crate::uploads::resumable::protocol::{
    DATASET_ID, UPLOAD_EXPIRES, UPLOAD_LENGTH, UPLOAD_METADATA, UPLOAD_OFFSET, http_date,
};

/// A table that arrives in pieces.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Upload)]
pub(crate) struct UploadDetail {
    /// Its id.
    id: UploadId,
    /// Where the dataset will belong.
    workspace_id: WorkspaceId,
    /// What the dataset will be called.
    name: String,
    /// Where it stands.
    state: UploadState,
    /// Bytes that are there.
    offset_bytes: u64,
    /// Bytes it will have.
    length_bytes: u64,
    /// What became of it, once `stored`; gone when that was deleted since.
    dataset_id: Option<DatasetId>,
    /// Why it is no table, once `refused`: the problem that the last request was answered with.
    #[schema(value_type = Option<Object>)]
    problem: Option<Value>,
    /// Who uploads.
    created_by: UserId,
    /// Since when.
    created_at: DateTime<Utc>,
    /// When it is given up, or, once it has ended, forgotten.
    expires_at: DateTime<Utc>,
}

impl From<Upload> for UploadDetail {
    fn from(upload: Upload) -> Self {
        Self {
            id: upload.id,
            workspace_id: upload.workspace,
            name: upload.name,
            state: upload.state,
            offset_bytes: upload.offset_bytes,
            length_bytes: upload.length_bytes,
            dataset_id: upload.dataset,
            problem: upload.problem,
            created_by: upload.created_by,
            created_at: upload.created_at,
            expires_at: upload.expires_at,
        }
    }
}

/// What every answer about an upload carries.
pub(super) fn progress(upload: &Upload, offset_bytes: u64, dataset: Option<DatasetId>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(UPLOAD_OFFSET, offset_bytes.into());
    headers.insert(UPLOAD_EXPIRES, http_date(upload.expires_at));
    if let Some(id) = dataset.and_then(|id| HeaderValue::from_str(&id.to_string()).ok()) {
        headers.insert(DATASET_ID, id);
    }
    headers
}

/// All that is known of it.
pub(super) fn everything(upload: &Upload) -> HeaderMap {
    let mut headers = progress(upload, upload.offset_bytes, upload.dataset);
    headers.insert(UPLOAD_LENGTH, upload.length_bytes.into());
    if let Some(metadata) = upload.metadata.as_deref().and_then(|text| HeaderValue::from_str(text).ok()) {
        headers.insert(UPLOAD_METADATA, metadata);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers
}
