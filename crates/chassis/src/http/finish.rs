//! Makes every error answer a complete problem, whoever made it, and logs the cause of a 5xx once.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode, header};

use super::{Problem, RequestId};

/// Longest plain-text error of a library that is taken over as the detail.
const MAX_DETAIL_BYTES: usize = 1024;

pub(super) async fn finish(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let request_id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
    let method = request.method().clone();
    let response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() || tells_of_health(&response) {
        return response;
    }
    let (problem, headers) = match response.extensions().get::<Problem>() {
        Some(problem) => (problem.clone(), response.headers().clone()),
        None => foreign(response, method.as_str(), &path).await,
    };
    // Being away or full is said by who is, once.
    let is_known = matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::INSUFFICIENT_STORAGE);
    if status.is_server_error() && !is_known || problem.log_cause().is_some() {
        let cause = problem.log_cause().map(|cause| format!("{cause:#}"));
        tracing::error!(request_id, %path, status = status.as_u16(), cause, "the request failed");
    }
    let mut answer = problem.about(&path, request_id.as_deref()).render();
    for (name, value) in &headers {
        if !answer.headers().contains_key(name) && name != header::CONTENT_LENGTH {
            answer.headers_mut().append(name, value.clone());
        }
    }
    answer
}

/// Whether this is an answer to "is it well?" that says no: the status is its content, nothing has failed.
fn tells_of_health(response: &Response) -> bool {
    response.headers().get(header::CONTENT_TYPE).is_some_and(|media_type| media_type == "application/health+json")
}

/// An error that did not come as a problem: from the router, a library's extractor or a layer.
async fn foreign(response: Response, method: &str, path: &str) -> (Problem, HeaderMap) {
    let (parts, body) = response.into_parts();
    let problem = Problem::of(parts.status);
    let detail = match parts.status {
        StatusCode::NOT_FOUND => Some(format!("there is nothing at {path}")),
        StatusCode::METHOD_NOT_ALLOWED => Some(format!("{method} is not allowed on {path}; see the Allow header")),
        status if status.is_client_error() => text(&parts.headers, body).await,
        _ => None,
    };
    (detail.into_iter().fold(problem, Problem::detail), parts.headers)
}

async fn text(headers: &HeaderMap, body: Body) -> Option<String> {
    let media_type = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    if !media_type.starts_with("text/plain") {
        return None;
    }
    let bytes = to_bytes(body, MAX_DETAIL_BYTES).await.ok()?;
    String::from_utf8(bytes.to_vec()).ok().filter(|text| !text.is_empty())
}

/// Answers every path that no route matches.
pub(super) async fn no_such_path() -> Response {
    StatusCode::NOT_FOUND.into_response()
}
