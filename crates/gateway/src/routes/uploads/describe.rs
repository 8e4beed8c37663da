//! `OPTIONS /api/v1/uploads`

use axum::extract::State;
use http::{HeaderName, HeaderValue, StatusCode};

use crate::state::AppState;
use crate::uploads::resumable::Checksum;
use crate::uploads::resumable::protocol::{
    EXTENSIONS, TUS_CHECKSUM_ALGORITHM, TUS_EXTENSION, TUS_MAX_SIZE, TUS_VERSION, VERSION,
};

/// Says which version and extensions of tus are spoken, and how large a table may be.
#[utoipa::path(options, path = "/", tag = "uploads", security(()),
    responses((status = 204, description = "In the headers", headers(
        ("Tus-Resumable" = String, description = "1.0.0"),
        ("Tus-Version" = String, description = "1.0.0"),
        ("Tus-Extension" = String, description = "creation, creation-with-upload, checksum, expiration, termination"),
        ("Tus-Max-Size" = u64, description = "Largest `Upload-Length`"),
        ("Tus-Checksum-Algorithm" = String, description = "sha1, sha256"),
    ))))]
pub(crate) async fn describe_uploads(State(state): State<AppState>) -> (StatusCode, [(HeaderName, HeaderValue); 4]) {
    let headers = [
        (TUS_VERSION, VERSION),
        (TUS_EXTENSION, EXTENSIONS),
        (TUS_MAX_SIZE, state.config.upload_max_bytes.into()),
        (TUS_CHECKSUM_ALGORITHM, Checksum::ALGORITHMS),
    ];
    (StatusCode::NO_CONTENT, headers)
}
