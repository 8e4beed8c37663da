//! Headers that clients fill as they like.

use gateway::{live, uploads};
use http::{HeaderMap, HeaderName, HeaderValue};

/// `Last-Event-ID` of a stream: an id that is taken is written as it is read, and nothing but digits passes.
///
/// # Panics
/// When a promise is broken.
pub fn last_event_id(bytes: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(bytes) else { return };
    let headers = HeaderMap::from_iter([(HeaderName::from_static("last-event-id"), value)]);
    match live::last_event_id(&headers) {
        Ok(None) => assert!(bytes.is_empty(), "an id was overlooked"),
        Ok(Some(id)) => {
            assert!(bytes.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-'), "{id} came of {bytes:?}");
            assert_eq!(id.to_string().parse().ok(), Some(id), "an id is read as it is written");
        }
        Err(error) => assert_eq!(error.problem().status(), 400),
    }
}

/// The headers of tus, a line each (`name: value`): whatever they say, they are read or refused as the client's mistake.
///
/// # Panics
/// When a promise is broken.
pub fn tus_headers(bytes: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let name = HeaderName::from_bytes(line[..colon].trim_ascii());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(line[colon + 1..].trim_ascii())) {
            headers.append(name, value);
        }
    }
    match uploads::resumable::read_headers(&headers) {
        Ok(name) => assert!((1..=200).contains(&name.trim().chars().count()), "the name {name:?} was taken"),
        Err(error) => assert!(error.problem().status().is_client_error(), "{}", error.problem().status()),
    }
}
