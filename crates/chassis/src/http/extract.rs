//! Extractors whose rejections are problems that say what was wrong and where.

use std::error::Error;

use axum::extract::rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequest, OriginalUri, Request};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use http_body_util::LengthLimitError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tower_http::timeout::TimeoutError;

use super::Problem;
use super::limits::BodyLimit;

/// A JSON body, in and out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json<T>(pub T);

/// The query string.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query<T>(pub T);

/// The parameters in the path. One that cannot be read (an id that is no UUID) is a 404: nothing is there.
#[derive(Debug, Clone, Copy, Default)]
pub struct Path<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let limit = request.extensions().get::<BodyLimit>().copied();
        match <axum::Json<T> as FromRequest<S>>::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(rejection) => Err(json_problem(&rejection, limit)),
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> OptionalFromRequest<S> for Json<T> {
    type Rejection = Problem;

    /// `None` when the request has no `Content-Type`.
    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Problem> {
        if request.headers().get(http::header::CONTENT_TYPE).is_none() {
            return Ok(None);
        }
        <Self as FromRequest<S>>::from_request(request, state).await.map(Some)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(QueryRejection::FailedToDeserializeQueryString(wrong)) => {
                Err(Problem::bad_request(format!("the query cannot be used: {}", root_cause(&wrong))))
            }
            Err(other) => Err(Problem::bad_request(other.body_text())),
        }
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(_)) => {
                // A nested router sees its own part of the path only.
                let original = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
                Err(Problem::not_found(format!("there is nothing at {}", original.path())))
            }
            Err(other) => Err(Problem::internal(anyhow::anyhow!(other.body_text()))),
        }
    }
}

fn json_problem(rejection: &JsonRejection, limit: Option<BodyLimit>) -> Problem {
    match rejection {
        JsonRejection::JsonDataError(wrong) => {
            Problem::unprocessable(format!("the body cannot be used: {}", root_cause(wrong)))
        }
        JsonRejection::JsonSyntaxError(wrong) => {
            Problem::bad_request(format!("the body is not JSON: {}", root_cause(wrong)))
        }
        JsonRejection::MissingJsonContentType(_) => {
            Problem::unsupported_media_type("send the body as JSON, with `Content-Type: application/json`")
        }
        JsonRejection::BytesRejection(unread) => body_problem(unread, limit),
        other => Problem::bad_request(other.body_text()),
    }
}

fn body_problem(rejection: &BytesRejection, limit: Option<BodyLimit>) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE || caused_by::<LengthLimitError>(rejection) {
        return Problem::content_too_large(limit.map_or(0, |limit| limit.0));
    }
    if caused_by::<TimeoutError>(rejection) {
        return Problem::of(StatusCode::REQUEST_TIMEOUT).detail("the body came too slowly; send it again");
    }
    Problem::bad_request(format!("the body could not be read: {}", root_cause(rejection)))
}

fn caused_by<E: Error + 'static>(error: &dyn Error) -> bool {
    causes(error).any(<dyn Error>::is::<E>)
}

/// The innermost message: the outer ones name Rust types, which callers need not know.
fn root_cause(error: &dyn Error) -> String {
    causes(error).last().map_or_else(|| error.to_string(), ToString::to_string)
}

fn causes(error: &dyn Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause: &&(dyn Error + 'static)| (*cause).source())
}
