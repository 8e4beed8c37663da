//! From a request's bytes to a dataset.
//!
//! The row is written first (`uploading`), then the bytes stream to the object store and are checked on the way (or there,
//! of formats that are read from their end), then the row is completed together with its profile job. Whatever goes wrong before that, the client going away included,
//! leaves neither row nor object: [`Unfinished`] sees to it. What a killed gateway leaves is removed by [`sweep`].
//!
//! [`incoming`] reads the two ways of sending a file at once, [`resumable`] is for files that come in pieces; [`refusal`]
//! words why one was refused. [`disk`] refuses new ones while there is hardly room.

pub mod disk;
pub(crate) mod incoming;
mod refusal;
pub mod resumable;
pub mod sweep;

use std::sync::Arc;
use std::time::Duration;

use axum::BoxError;
use bytes::Bytes;
use chassis::http::Problem;
use chassis::telemetry::trace_context::current_traceparent;
use domain::ids::DatasetId;
use futures::Stream;
use store::datasets::{Dataset, Uploaded};
use store::uploads::check::CheckLease;
use tables::upload::{Given, Limits, Received, receive};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::access;
use crate::error::{ApiError, Result};
use crate::state::AppState;
use crate::uploads::incoming::Destination;

/// Longest upload; well below the age at which [`sweep`] takes it for a dead one.
pub(crate) const DEADLINE: Duration = Duration::from_hours(12);
/// Seconds after which a caller that met too many uploads may try again.
const BUSY_RETRY_SECONDS: u64 = 5;
/// Longest name of a dataset, in characters.
const MAX_NAME: usize = 200;

/// How many uploads may run at once: each holds up to 24 MiB.
#[derive(Debug, Clone)]
pub struct UploadPlaces(Arc<Semaphore>);

impl UploadPlaces {
    /// At most so many.
    #[must_use]
    pub fn new(at_once: usize) -> Self {
        Self(Arc::new(Semaphore::new(at_once)))
    }

    /// A place, until the answer is dropped.
    pub(crate) fn take(&self) -> Result<OwnedSemaphorePermit> {
        Arc::clone(&self.0).try_acquire_owned().map_err(|_| {
            metrics::counter!("gateway_uploads_total", "outcome" => "busy").increment(1);
            Problem::unavailable("as many uploads as possible are under way; try again", BUSY_RETRY_SECONDS).into()
        })
    }
}

/// A dataset whose bytes are arriving. Dropped before [`Unfinished::finish`] it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct Unfinished {
    state: AppState,
    id: DatasetId,
    object_key: String,
    request_id: Option<String>,
    /// The check of a resumable upload, which ends with it.
    check: Option<CheckLease>,
    armed: bool,
}

impl Unfinished {
    /// Opens the next version of that name.
    pub(crate) async fn begin(state: &AppState, destination: &Destination, name: &str) -> Result<Self> {
        let opened = state.store.begin_upload(destination.user, destination.workspace, name).await?;
        let opened = opened.ok_or_else(access::viewer_only)?;
        let request_id = destination.request_id.clone();
        let Dataset { id, object_key, .. } = opened;
        Ok(Self { state: state.clone(), id, object_key, request_id, check: None, armed: true })
    }

    /// Takes a version in hand that the check of a resumable upload has opened.
    pub(crate) fn of_check(state: &AppState, opened: &Dataset, check: CheckLease, request_id: Option<String>) -> Self {
        let (id, object_key) = (opened.id, opened.object_key.clone());
        Self { state: state.clone(), id, object_key, request_id, check: Some(check), armed: true }
    }

    /// Takes the bytes in.
    pub(crate) async fn receive<S, E>(&self, bytes: S, given: Given) -> Result<Received>
    where
        S: Stream<Item = Result<Bytes, E>>,
        E: Into<BoxError>,
    {
        let limits = limits(&self.state);
        let received = receive(&self.state.objects, &self.object_key, bytes, given, &limits).await;
        received.map_err(|error| refusal::problem(error).into())
    }

    /// Completes the row and queues its profile. Goes on when the client leaves: from here on the upload counts.
    pub(crate) async fn finish(mut self, received: Received) -> Result<Dataset> {
        let uploaded = Uploaded {
            size_bytes: received.size_bytes,
            sha256: from_hexadecimal(&received.sha256)?,
            schema: received.schema,
            traceparent: current_traceparent(),
            request_id: self.request_id.take(),
        };
        self.armed = false;
        let (state, id, object_key, check) = (self.state.clone(), self.id, self.object_key.clone(), self.check);
        let finishing = state.shutdown.tasks.spawn({
            let state = state.clone();
            async move {
                match check {
                    None => state.store.finish_upload(id, &uploaded).await,
                    Some(lease) => state.store.finish_check(lease, id, &uploaded).await,
                }
            }
        });
        match finishing.await.map_err(anyhow::Error::from)? {
            Ok(Some((dataset, profile))) => {
                state.dispatcher.dispatch_own(profile);
                metrics::counter!("gateway_uploads_total", "outcome" => "stored").increment(1);
                Ok(dataset)
            }
            Ok(None) => {
                clean_up(&state, id, &object_key).await;
                Err(ApiError::from(Problem::conflict("the upload took too long and was given up; send it again")))
            }
            // It may have been written nevertheless: the object must stay. If it was not, the sweep removes both.
            Err(error) => Err(error.into()),
        }
    }

    /// Removes row and object before the answer is given; also when the client leaves meanwhile.
    pub(crate) async fn abandon(mut self) {
        self.armed = false;
        metrics::counter!("gateway_uploads_total", "outcome" => "refused").increment(1);
        let (state, id, object_key) = (self.state.clone(), self.id, std::mem::take(&mut self.object_key));
        let tasks = state.shutdown.tasks.clone();
        let cleaning = tasks.spawn(async move { clean_up(&state, id, &object_key).await });
        // It fails only when the runtime ends: then the sweep does it.
        let _ = cleaning.await;
    }
}

impl Drop for Unfinished {
    /// The client has gone: the handler is dropped where it stands.
    fn drop(&mut self) {
        if !self.armed {
            return;
        }
        metrics::counter!("gateway_uploads_total", "outcome" => "abandoned").increment(1);
        let (state, id, object_key) = (self.state.clone(), self.id, std::mem::take(&mut self.object_key));
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let tasks = state.shutdown.tasks.clone();
            tasks.spawn_on(async move { clean_up(&state, id, &object_key).await }, &runtime);
        }
    }
}

async fn clean_up(state: &AppState, id: DatasetId, object_key: &str) {
    let row = state.store.abort_upload(id).await;
    let object = state.objects.delete(object_key).await;
    if let Err(error) = row.map_err(anyhow::Error::from).and(object.map_err(anyhow::Error::from)) {
        tracing::warn!(dataset = %id, error = format!("{error:#}"), "an upload was not cleaned up; the sweep will do it");
    }
}

/// The limits of one upload.
fn limits(state: &AppState) -> Limits {
    let max_bytes = state.config.upload_max_bytes;
    Limits {
        max_stored_bytes: max_bytes,
        max_text_bytes: max_bytes,
        max_columns: state.config.upload_max_columns,
        ..Limits::default()
    }
}

/// A dataset's name as it is kept.
///
/// # Errors
/// 422 that says what is wrong with it.
pub(crate) fn checked_name(given: &str) -> Result<String> {
    let name = given.trim();
    let length = name.chars().count();
    if length == 0 {
        return Err(Problem::unprocessable("the dataset's name is empty; give name=...").into());
    }
    if length > MAX_NAME {
        let detail = format!("the dataset's name has {length} characters; give at most {MAX_NAME}");
        return Err(Problem::unprocessable(detail).into());
    }
    if name.chars().any(char::is_control) {
        return Err(Problem::unprocessable("the dataset's name has control characters in it; leave them out").into());
    }
    Ok(name.to_owned())
}

fn from_hexadecimal(text: &str) -> Result<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    let bytes: Option<Vec<u8>> = pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect();
    bytes.ok_or_else(|| anyhow::anyhow!("the digest {text:?} is not hexadecimal").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_bounded_in_characters() {
        assert_eq!(checked_name("  sales 2026 ").unwrap(), "sales 2026");
        assert!(checked_name(&"ü".repeat(200)).is_ok());
        for wrong in ["", "  ", "a\nb", "nul\0", &"ü".repeat(201)] {
            assert!(checked_name(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn digests_read_back() {
        assert_eq!(from_hexadecimal("00ff10").unwrap(), [0, 255, 16]);
        assert!(from_hexadecimal("0g").is_err());
    }
}
