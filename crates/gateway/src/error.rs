//! The gateway's one way from errors to answers; `docs/ERRORS.md` lists the kinds.

use axum::response::{IntoResponse, Response};
use chassis::http::Problem;
use http::StatusCode;
use queue::QueueError;
use store::StoreError;

/// Seconds after which a caller that met an absent database may try again.
const AWAY_RETRY_SECONDS: u64 = 5;

/// An error on its way to the caller. Made by `?` from what handlers call.
#[derive(Debug)]
pub struct ApiError(Problem);

/// What handlers give.
pub type Result<T, E = ApiError> = std::result::Result<T, E>;

impl ApiError {
    /// The problem it will be answered as.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.0
    }

    /// What is not there, or not the caller's: `what` as in "there is no {what}".
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self(Problem::not_found(format!("there is no {what}")))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        if error.is_away() {
            let detail = "the database is away; nothing was changed, try again";
            return Self(Problem::unavailable(detail, AWAY_RETRY_SECONDS).cause(error));
        }
        if error.is_unstorable_text() {
            let detail = "a text in the request has the character U+0000 (NUL) in it; leave it out";
            return Self(Problem::bad_request(detail));
        }
        Self(Problem::internal(error))
    }
}

impl From<QueueError> for ApiError {
    fn from(error: QueueError) -> Self {
        Self(Problem::unavailable("live events are away; try again", AWAY_RETRY_SECONDS).cause(error))
    }
}

impl From<anyhow::Error> for ApiError {
    fn from(error: anyhow::Error) -> Self {
        Self(Problem::internal(error))
    }
}

/// An error of `/auth/v1` with the `error_code` that supabase-js knows; the code in kebab case is the problem's kind.
#[must_use]
pub fn auth_error(status: StatusCode, error_code: &'static str, title: &'static str, detail: &str) -> ApiError {
    let problem = Problem::new(status, &error_code.replace('_', "-"), title).detail(detail);
    ApiError(problem.extra("error_code", error_code))
}
