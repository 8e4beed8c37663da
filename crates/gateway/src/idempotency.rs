//! `Idempotency-Key`: a request that can be sent again safely.
//!
//! The key is the client's own, per person; with it a hash of what makes the request this request is kept. The same key
//! and request give the same answer, another request is refused with 422. The key is looked up before anything is checked:
//! what was accepted once is answered again, whatever limit, role or state has changed since.
//!
//! A request whose key is being worked on is refused with 409 at once: the client has it in flight itself and learns the
//! answer there, or by asking again. This gateway knows its own requests; of two on two gateways Postgres lets one make the
//! job, and the other replays it.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::response::Response;
use chassis::http::Problem;
use domain::ids::UserId;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use store::jobs::Idempotency;

use crate::error::{ApiError, Result};

/// Says that the answer is that of an earlier request with the same key.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Longest `Idempotency-Key`.
const MAX_KEY_LENGTH: usize = 255;

/// The key of a request, if it has one, with the hash of `request`.
///
/// # Errors
/// 400 when it is no key.
pub(crate) fn read(headers: &HeaderMap, request: &Value) -> Result<Option<Idempotency>> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    let visible = |key: &&str| (1..=MAX_KEY_LENGTH).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
    let Some(key) = key.to_str().ok().filter(visible) else {
        let detail = format!("the Idempotency-Key is no key; give 1 to {MAX_KEY_LENGTH} visible ASCII characters");
        return Err(Problem::bad_request(detail).into());
    };
    let request_hash = Sha256::digest(canonical(request)).to_vec();
    Ok(Some(Idempotency { key: key.to_owned(), request_hash }))
}

/// Keys of requests that are being worked on here.
#[derive(Debug, Clone, Default)]
pub(crate) struct InWork(Arc<Mutex<HashSet<(UserId, String)>>>);

/// Holds a key until dropped: with the answer, or when the client has gone.
#[derive(Debug)]
pub(crate) struct Held {
    all: InWork,
    key: (UserId, String),
}

impl Drop for Held {
    fn drop(&mut self) {
        self.all.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

impl InWork {
    /// Takes the key of a request, if it has one.
    ///
    /// # Errors
    /// 409 while another request with it is being worked on.
    pub(crate) fn hold(&self, user: UserId, idempotency: Option<&Idempotency>) -> Result<Option<Held>> {
        let Some(idempotency) = idempotency else { return Ok(None) };
        let key = (user, idempotency.key.clone());
        if self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone()) {
            return Ok(Some(Held { all: self.clone(), key }));
        }
        let detail = "a request with this Idempotency-Key is being worked on; its answer is yours too, ask again";
        let problem =
            Problem::new(StatusCode::CONFLICT, "idempotency-key-in-use", "Idempotency key in use").detail(detail);
        Err(problem.header(header::RETRY_AFTER, HeaderValue::from_static("1")).into())
    }
}

/// The key was used for another request.
pub(crate) fn key_reused() -> ApiError {
    let detail = "this Idempotency-Key was used for another request; use a new key for a new request";
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    Problem::new(status, "idempotency-key-reused", "Idempotency key reused").detail(detail).into()
}

/// Says in an answer that it is that of an earlier request.
pub(crate) fn mark_replayed(response: &mut Response) {
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
}

/// JSON with the members of every object in order, so that two ways of writing one request hash alike.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| name.as_str());
            let members: Vec<_> = members
                .into_iter()
                .map(|(name, value)| format!("{}:{}", Value::String(name.clone()), canonical(value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        scalar => scalar.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_held_by_one_request_and_given_back_with_it() {
        let in_work = InWork::default();
        let (ann, bob) = (UserId(uuid::Uuid::from_u128(1)), UserId(uuid::Uuid::from_u128(2)));
        let key = Idempotency { key: "k".into(), request_hash: Vec::new() };
        let held = in_work.hold(ann, Some(&key)).unwrap();
        assert_eq!(in_work.hold(ann, Some(&key)).unwrap_err().problem().status(), StatusCode::CONFLICT);
        assert!(in_work.hold(bob, Some(&key)).is_ok(), "keys of two people do not meet");
        drop(held);
        assert!(in_work.hold(ann, Some(&key)).is_ok());
    }

    #[test]
    fn the_order_of_members_does_not_matter_and_all_else_does() {
        let read = |text: &str| canonical(&serde_json::from_str::<Value>(text).unwrap());
        assert_eq!(read(r#"{"a": {"x": 1, "y": [1, 2]}, "b": null}"#), read(r#"{"b":null,"a":{"y":[1,2],"x":1}}"#));
        assert_ne!(read("[1, 2]"), read("[2, 1]"));
        assert_ne!(read(r#"{"a": "1"}"#), read(r#"{"a": 1}"#));
        assert_eq!(read(r#"{"a\"b": "c\"d"}"#), r#"{"a\"b":"c\"d"}"#);
    }
}
