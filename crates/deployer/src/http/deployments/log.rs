//! `GET /api/v1/deployments/{id}/log`

use std::fmt::Write as _;

use async_stream::try_stream;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chassis::http::Path;
use http::header;

use crate::access::Admin;
use crate::error::Result;
use crate::release::DeploymentId;
use crate::state::AppState;
use crate::view::LogLine;

/// Lines that are read at once.
const BATCH: usize = 1_000;

/// Downloads the log so far: a line of time, step and words each.
#[utoipa::path(get, path = "/{id}/log", tag = "deployments", params(("id" = i64, Path, description = "Its number")),
    responses((status = 200, description = "The log", body = String, content_type = "text/plain")))]
pub(crate) async fn download_deployment_log(
    State(state): State<AppState>,
    _admin: Admin,
    Path(id): Path<DeploymentId>,
) -> Result<Response> {
    // What cannot be told at all is told before the answer begins.
    let mut lines = state.deployer.log(id, 0, BATCH).await?;
    let text = try_stream! {
        while let Some(last) = lines.last() {
            let after = last.seq;
            yield Bytes::from(lines.iter().map(line).collect::<String>());
            lines = state.deployer.log(id, after, BATCH).await.map_err(std::io::Error::other)?;
        }
    };
    let text: std::pin::Pin<Box<dyn futures::Stream<Item = Result<Bytes, std::io::Error>> + Send>> = Box::pin(text);
    let name = format!("attachment; filename=\"deployment-{id}.log\"");
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, Body::from_stream(text)).into_response())
}

fn line(line: &LogLine) -> String {
    let mut text = line.at.format("%Y-%m-%dT%H:%M:%S%.3fZ ").to_string();
    if let Some(step) = line.step {
        // Writing into a text cannot fail.
        let _ = write!(text, "[{step}] ");
    }
    text + &line.line + "\n"
}
