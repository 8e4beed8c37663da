//! Health's one way from errors to answers; `docs/ERRORS.md` lists the kinds.

use axum::response::{IntoResponse, Response};
use chassis::http::Problem;

use crate::keep::KeepError;

/// An error on its way to the caller.
#[derive(Debug)]
pub struct ApiError(Problem);

/// What handlers give.
pub type Result<T, E = ApiError> = std::result::Result<T, E>;

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

/// What is kept could not be read or written.
impl From<KeepError> for ApiError {
    fn from(cause: KeepError) -> Self {
        Self(match cause {
            KeepError::Full(_) => {
                Problem::unavailable("the disk with the history is full: make room there", 60).cause(cause)
            }
            _ => Problem::internal(cause),
        })
    }
}

/// What is read beside requests could not be read.
impl From<anyhow::Error> for ApiError {
    fn from(cause: anyhow::Error) -> Self {
        Self(Problem::internal(cause))
    }
}
