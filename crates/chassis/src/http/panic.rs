//! A panic in a handler is a 500 like any other.

use std::any::Any;

use axum::response::{IntoResponse as _, Response};

use super::Problem;

#[expect(clippy::needless_pass_by_value, reason = "the signature is tower-http's")]
pub(super) fn to_problem(payload: Box<dyn Any + Send>) -> Response {
    metrics::counter!("http_panics_total").increment(1);
    let message = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without a message");
    Problem::internal(anyhow::anyhow!("panic: {message}")).into_response()
}
