//! The headers of tus 1.0 (<https://tus.io/protocols/resumable-upload>), and those who do not speak it.

use axum::extract::{FromRequestParts, Request};
use axum::response::Response;
use chassis::http::Problem;
use chrono::{DateTime, Utc};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use crate::error::Result;

/// The version spoken here, the only one.
pub(crate) const VERSION: HeaderValue = HeaderValue::from_static("1.0.0");
/// Its extensions.
pub(crate) const EXTENSIONS: HeaderValue =
    HeaderValue::from_static("creation,creation-with-upload,checksum,expiration,termination");
/// Media type of bytes to be added.
pub(crate) const MEDIA_TYPE: &str = "application/offset+octet-stream";

pub(crate) const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
pub(crate) const TUS_VERSION: HeaderName = HeaderName::from_static("tus-version");
pub(crate) const TUS_EXTENSION: HeaderName = HeaderName::from_static("tus-extension");
pub(crate) const TUS_MAX_SIZE: HeaderName = HeaderName::from_static("tus-max-size");
pub(crate) const TUS_CHECKSUM_ALGORITHM: HeaderName = HeaderName::from_static("tus-checksum-algorithm");
pub(crate) const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
pub(crate) const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
pub(crate) const UPLOAD_DEFER_LENGTH: HeaderName = HeaderName::from_static("upload-defer-length");
pub(crate) const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");
pub(crate) const UPLOAD_EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
pub(crate) const UPLOAD_CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");
/// Ours: what a complete upload became.
pub(crate) const DATASET_ID: HeaderName = HeaderName::from_static("dataset-id");
const METHOD_OVERRIDE: HeaderName = HeaderName::from_static("x-http-method-override");

/// Where uploads are.
const PATH: &str = "/api/v1/uploads";

/// A request of a client that speaks our version; others get 412 with the version to speak.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tus;

impl<S: Send + Sync> FromRequestParts<S> for Tus {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let given = parts.headers.get(TUS_RESUMABLE);
        if given.is_some_and(|given| given == VERSION) {
            return Ok(Self);
        }
        let detail = match given {
            Some(given) => format!("version {given:?} of tus is not spoken here; send Tus-Resumable: 1.0.0"),
            None => "resumable uploads are by the tus protocol; send Tus-Resumable: 1.0.0".to_owned(),
        };
        Err(Problem::of(StatusCode::PRECONDITION_FAILED).detail(detail).header(TUS_VERSION, VERSION))
    }
}

/// Every answer says the version, errors too.
pub(crate) async fn say_version(mut response: Response) -> Response {
    response.headers_mut().insert(TUS_RESUMABLE, VERSION);
    response
}

/// The request with the method it is meant to have: some clients can send no PATCH and no DELETE. To be done before
/// routing.
pub(crate) fn with_meant_method(mut request: Request) -> Request {
    let below = request.uri().path().strip_prefix(PATH);
    if below.is_some_and(|below| below.is_empty() || below.starts_with('/')) {
        let meant = request.headers().get(METHOD_OVERRIDE).and_then(|meant| Method::from_bytes(meant.as_bytes()).ok());
        if let Some(meant) = meant {
            *request.method_mut() = meant;
        }
    }
    request
}

/// Whether the body is bytes to be added.
pub(crate) fn has_bytes_to_add(headers: &HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|given| given.to_str().ok());
    media_type.is_some_and(|given| given.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(MEDIA_TYPE))
}

/// A header that is a number of bytes.
///
/// # Errors
/// 400 when it is something else.
pub(crate) fn bytes(headers: &HeaderMap, name: &HeaderName) -> Result<Option<u64>> {
    let Some(given) = headers.get(name) else { return Ok(None) };
    let digits = given.to_str().ok().filter(|text| text.bytes().all(|letter| letter.is_ascii_digit()));
    match digits.and_then(|digits| digits.parse().ok()) {
        Some(number) => Ok(Some(number)),
        None => Err(Problem::bad_request(format!("{name}: {given:?} is no number of bytes")).into()),
    }
}

/// As HTTP writes times.
pub(crate) fn http_date(at: DateTime<Utc>) -> HeaderValue {
    let text = at.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn numbers_of_bytes_are_digits_alone() {
        let read = |text: &str| {
            let headers = HeaderMap::from_iter([(UPLOAD_OFFSET, HeaderValue::from_str(text).unwrap())]);
            bytes(&headers, &UPLOAD_OFFSET).ok().flatten()
        };
        assert_eq!((read("0"), read("007"), read("18446744073709551615")), (Some(0), Some(7), Some(u64::MAX)));
        for wrong in ["", "-1", "+1", "1.0", "0x1", "18446744073709551616", "1 2"] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn the_method_is_overridden_on_uploads_alone() {
        let method = |path: &str| {
            let request = Request::post(path).header(METHOD_OVERRIDE, "PATCH").body(Body::empty()).unwrap();
            with_meant_method(request).method().clone()
        };
        assert_eq!(method("/api/v1/uploads/7"), "PATCH");
        assert_eq!(method("/api/v1/uploads"), "PATCH");
        assert_eq!(method("/api/v1/uploadsx"), "POST");
        assert_eq!(method("/api/v1/datasets"), "POST");
    }

    #[test]
    fn times_are_written_as_http_writes_them() {
        let at = DateTime::from_timestamp(784_111_777, 0).unwrap();
        assert_eq!(http_date(at), "Sun, 06 Nov 1994 08:49:37 GMT", "the example of RFC 9110, section 5.6.7");
    }
}
