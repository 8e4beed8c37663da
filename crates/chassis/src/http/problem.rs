//! The one shape of an error answer: RFC 9457 problem details.

use std::borrow::Cow;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Media type of a problem.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";
const KIND_PREFIX: &str = "urn:e2i:problem:";

/// An error answer. Handlers return it (by way of their service's error type); the layers add the request's id and
/// path, log the cause of a 5xx once, and send it.
///
/// `type` is `urn:e2i:problem:<slug>`; the slugs are listed in `docs/ERRORS.md`.
#[derive(Debug, Clone)]
pub struct Problem(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    details: ProblemDetails,
    headers: HeaderMap,
    cause: Option<Arc<anyhow::Error>>,
}

/// The body of a [`Problem`]; API documents name it `Problem`.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDetails {
    /// What kind of problem this is: `urn:e2i:problem:<slug>`, stable, for programs.
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "urn:e2i:problem:not-found")]
    kind: Cow<'static, str>,
    /// The kind in words, the same for every problem of this kind.
    #[schema(value_type = String, example = "Not found")]
    title: Cow<'static, str>,
    /// The HTTP status.
    #[serde(serialize_with = "status_as_number")]
    #[schema(value_type = u16, example = 404)]
    status: StatusCode,
    /// What was wrong this time, with the value, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The path that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
    /// The request's id, as in the `x-request-id` header and in the logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    /// Members that this kind of problem adds.
    #[serde(flatten)]
    #[schema(value_type = Object, additional_properties)]
    extra: Map<String, Value>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn status_as_number<S: serde::Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}

impl Problem {
    /// A problem of a kind of one's own: `slug` in kebab case, `title` the same for every problem of the kind.
    #[must_use]
    pub fn new(status: StatusCode, slug: &str, title: &'static str) -> Self {
        let details = ProblemDetails {
            kind: format!("{KIND_PREFIX}{slug}").into(),
            title: title.into(),
            status,
            detail: None,
            instance: None,
            request_id: None,
            extra: Map::new(),
        };
        Self(Box::new(Parts { details, headers: HeaderMap::new(), cause: None }))
    }

    /// The usual problem for `status`, without a detail.
    #[must_use]
    pub fn of(status: StatusCode) -> Self {
        let title = match status {
            // The names of RFC 9110; the library still has older ones.
            StatusCode::PAYLOAD_TOO_LARGE => "Content Too Large",
            StatusCode::UNPROCESSABLE_ENTITY => "Unprocessable Content",
            _ => status.canonical_reason().unwrap_or("Error"),
        };
        let slug = title.to_ascii_lowercase().replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
        Self::new(status, &slug, title)
    }

    /// 400: the request cannot be understood.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::of(StatusCode::BAD_REQUEST).detail(detail)
    }

    /// 401: who is calling is not known. Carries `WWW-Authenticate: Bearer`.
    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::of(StatusCode::UNAUTHORIZED)
            .detail(detail)
            .header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    /// 401: a token came and is no good (RFC 6750, section 3).
    pub fn invalid_token(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "invalid-token", "Invalid token")
            .detail(detail)
            .header(header::WWW_AUTHENTICATE, HeaderValue::from_static(r#"Bearer error="invalid_token""#))
    }

    /// 403: the caller is known and may not do this. What is not the caller's at all is a 404 instead.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::of(StatusCode::FORBIDDEN).detail(detail)
    }

    /// 404: there is no such thing, or it is not the caller's.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::of(StatusCode::NOT_FOUND).detail(detail)
    }

    /// 405: the path exists, the method does not.
    pub fn method_not_allowed(detail: impl Into<String>) -> Self {
        Self::of(StatusCode::METHOD_NOT_ALLOWED).detail(detail)
    }

    /// 409: the present state does not allow it.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::of(StatusCode::CONFLICT).detail(detail)
    }

    /// 413: more bytes than allowed.
    #[must_use]
    pub fn content_too_large(limit_bytes: u64) -> Self {
        Self::of(StatusCode::PAYLOAD_TOO_LARGE)
            .detail(format!("the request's body is larger than the limit of {limit_bytes} bytes; send less"))
            .extra("limit_bytes", limit_bytes)
    }

    /// 415: the body is of another media type than the route reads.
    pub fn unsupported_media_type(detail: impl Into<String>) -> Self {
        Self::of(StatusCode::UNSUPPORTED_MEDIA_TYPE).detail(detail)
    }

    /// 422: understood, but the values cannot be used.
    pub fn unprocessable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unprocessable-content", "Unprocessable content").detail(detail)
    }

    /// 429: too many requests; the caller may come back after `retry_after_seconds`.
    pub fn too_many_requests(detail: impl Into<String>, retry_after_seconds: u64) -> Self {
        Self::of(StatusCode::TOO_MANY_REQUESTS).detail(detail).retry_after(retry_after_seconds)
    }

    /// 500: a fault of ours. The answer is opaque; `cause` goes to the log.
    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        Self::of(StatusCode::INTERNAL_SERVER_ERROR)
            .detail("the server met a fault of its own; quote the request_id when you report it")
            .cause(cause)
    }

    /// 503: something this needs is away; the caller may come back after `retry_after_seconds`.
    pub fn unavailable(detail: impl Into<String>, retry_after_seconds: u64) -> Self {
        Self::of(StatusCode::SERVICE_UNAVAILABLE).detail(detail).retry_after(retry_after_seconds)
    }

    /// Says what was wrong this time.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.details.detail = Some(detail.into());
        self
    }

    /// Adds a member to the body.
    #[must_use]
    pub fn extra(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.details.extra.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.insert(name, value);
        self
    }

    /// Says why, to the log alone.
    #[must_use]
    pub fn cause(mut self, cause: impl Into<anyhow::Error>) -> Self {
        self.0.cause = Some(Arc::new(cause.into()));
        self
    }

    fn retry_after(self, seconds: u64) -> Self {
        self.header(header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.details.status
    }

    /// The kind: what follows `urn:e2i:problem:`.
    #[must_use]
    pub fn slug(&self) -> &str {
        self.0.details.kind.trim_start_matches(KIND_PREFIX)
    }

    /// What was wrong this time; the title when nothing was said.
    #[must_use]
    pub fn message(&self) -> &str {
        self.0.details.detail.as_deref().unwrap_or(&self.0.details.title)
    }

    /// A member that this kind of problem added.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Value> {
        self.0.details.extra.get(name)
    }

    /// The members as they stand in an answer's body, without request id and path: to be kept and told later.
    #[must_use]
    pub fn members(&self) -> Value {
        serde_json::to_value(&self.0.details).unwrap_or_default()
    }

    /// The cause kept for the log.
    #[must_use]
    pub fn log_cause(&self) -> Option<&anyhow::Error> {
        self.0.cause.as_deref()
    }

    pub(super) fn about(mut self, instance: &str, request_id: Option<&str>) -> Self {
        self.0.details.instance = Some(instance.to_owned());
        self.0.details.request_id = request_id.map(str::to_owned);
        self
    }

    /// The answer with this problem as its body, complete.
    pub(super) fn render(&self) -> Response {
        let body = serde_json::to_vec(&self.0.details).unwrap_or_else(|_| b"{}".to_vec());
        let mut response = (self.0.details.status, body).into_response();
        response.headers_mut().extend(self.0.headers.clone());
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

impl IntoResponse for Problem {
    /// The layers find the problem in the answer's extensions, complete it with request id and path, and render it
    /// anew.
    fn into_response(self) -> Response {
        let mut response = self.render();
        response.extensions_mut().insert(self);
        response
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let details = &self.0.details;
        write!(formatter, "{} {}", details.status.as_u16(), details.title)?;
        details.detail.as_ref().map_or(Ok(()), |detail| write!(formatter, ": {detail}"))
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_has_the_members_of_the_rfc_and_ours() {
        let problem = Problem::conflict("it runs already").extra("state", "running").about("/x/1", Some("r-1"));
        let body = serde_json::to_value(&problem.0.details).unwrap();
        assert_eq!(
            body,
            serde_json::json!({
                "type": "urn:e2i:problem:conflict", "title": "Conflict", "status": 409, "detail": "it runs already",
                "instance": "/x/1", "request_id": "r-1", "state": "running",
            })
        );
    }

    #[test]
    fn the_cause_of_an_internal_problem_is_not_in_its_body() {
        let problem = Problem::internal(anyhow::anyhow!("password of postgres is hunter2"));
        assert!(!serde_json::to_string(&problem.0.details).unwrap().contains("hunter2"));
        assert!(problem.log_cause().unwrap().to_string().contains("hunter2"));
    }

    #[test]
    fn slugs_come_from_the_status() {
        let body = serde_json::to_value(Problem::of(StatusCode::GATEWAY_TIMEOUT).0.details).unwrap();
        assert_eq!(body["type"], "urn:e2i:problem:gateway-timeout");
    }
}
