//! Adds to every problem of `/auth/v1` the members that supabase-js reads: `code`, `error_code`, `msg`.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use chassis::http::Problem;

pub(super) async fn shape(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    match response.extensions().get::<Problem>() {
        Some(problem) => shaped(problem.clone()).into_response(),
        None => response,
    }
}

fn shaped(problem: Problem) -> Problem {
    let (status, message) = (problem.status().as_u16(), problem.message().to_owned());
    let error_code = match problem.member("error_code").and_then(|code| code.as_str()) {
        Some(code) => code.to_owned(),
        None => error_code(problem.slug()).to_owned(),
    };
    problem.extra("code", status).extra("error_code", error_code).extra("msg", message)
}

/// Supabase Auth's word for one of our kinds.
fn error_code(slug: &str) -> &'static str {
    match slug {
        "unauthorized" => "no_authorization",
        "invalid-token" => "bad_jwt",
        "bad-request" => "bad_json",
        "unprocessable-content" | "unsupported-media-type" | "content-too-large" => "validation_failed",
        "too-many-requests" => "over_request_rate_limit",
        "request-timeout" | "gateway-timeout" => "request_timeout",
        _ => "unexpected_failure",
    }
}
