//! The deployer's one way from errors to answers; `docs/ERRORS.md` lists the kinds.

use axum::response::{IntoResponse, Response};
use chassis::http::Problem;
use http::StatusCode;

use crate::order::OrderError;

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

impl From<OrderError> for ApiError {
    fn from(error: OrderError) -> Self {
        let words = error.to_string();
        Self(match error {
            OrderError::NotFound(_) => Problem::not_found(words),
            OrderError::Cursor(_) => Problem::bad_request(words),
            OrderError::Reference(_) => Problem::unprocessable(words),
            OrderError::Refused(_) => {
                Problem::new(StatusCode::CONFLICT, "order-refused", "Order refused").detail(words)
            }
            OrderError::SchemaTooNew { stranded_jobs, .. } => {
                Problem::new(StatusCode::CONFLICT, "schema-too-new", "Schema too new")
                    .detail(words)
                    .extra("stranded_jobs", stranded_jobs)
            }
            OrderError::Internal(cause) => Problem::internal(cause),
        })
    }
}
