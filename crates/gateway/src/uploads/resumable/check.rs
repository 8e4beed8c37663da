//! From all parts to a dataset, by the same way as every upload.
//!
//! Whoever checks holds a lease, renews it, and ends the check by its token: one gateway at a time, and exactly one
//! dataset. A gateway that is killed lets it run out; one that was given up for dead finds its token useless.

use std::time::Duration;

use bytes::Bytes;
use chassis::http::Problem;
use domain::ids::UploadId;
use futures::stream::{self, Stream, StreamExt as _, TryStreamExt as _};
use http::StatusCode;
use store::datasets::Dataset;
use store::uploads::check::{Check, CheckLease};
use store::uploads::parts::Part;
use tables::objects::{ObjectError, Objects};
use tables::upload::Received;

use super::upkeep;
use crate::access;
use crate::error::{ApiError, Result};
use crate::state::AppState;
use crate::uploads::Unfinished;
use crate::uploads::incoming::delimiter_of;

/// How long a check counts as under way after its last sign of life.
const LEASE: Duration = Duration::from_secs(30);
/// How often it gives one.
const RENEWAL: Duration = Duration::from_secs(10);
/// When something was away: how long to leave it alone.
const PAUSE: Duration = Duration::from_secs(15);
const PAUSE_RETRY_SECONDS: u64 = 15;
/// A check that was begun so often and never ended takes gateways down with it.
const MAX_ATTEMPTS: u32 = 5;

/// Makes a dataset of a complete upload. `None`: it is not complete, is done already, or somebody else is at it.
///
/// # Errors
/// Why it is no table, which is also kept with the upload; or what was away, and the check will be done later.
pub(crate) async fn run(state: &AppState, upload: UploadId, request_id: Option<String>) -> Result<Option<Dataset>> {
    let Some(check) = state.store.begin_check(upload, LEASE).await? else { return Ok(None) };
    if let Some(object_key) = &check.left_over
        && let Err(error) = state.objects.delete(object_key).await
    {
        tracing::warn!(%upload, object_key, %error, "the object of a check that was not ended is left over");
    }
    let unfinished = match opened(state, &check, request_id) {
        Ok(unfinished) => unfinished,
        Err(error) => return Err(give_up(state, &check, error).await),
    };
    let received = tokio::select! {
        received = receive(state, &check, &unfinished) => received,
        error = lost(state, check.lease) => Err(error),
    };
    match received {
        Ok(received) => {
            let dataset = unfinished.finish(received).await?;
            count("stored");
            remove_parts_soon(state, upload);
            Ok(Some(dataset))
        }
        Err(error) => {
            let error = give_up(state, &check, error).await;
            unfinished.abandon().await;
            Err(error)
        }
    }
}

fn opened(state: &AppState, check: &Check, request_id: Option<String>) -> Result<Unfinished> {
    if check.attempt > MAX_ATTEMPTS {
        let cause = anyhow::anyhow!("the check of upload {} never ended, {MAX_ATTEMPTS} times", check.lease.upload);
        return Err(Problem::internal(cause).into());
    }
    let dataset = check.dataset.as_ref().ok_or_else(access::viewer_only)?;
    Ok(Unfinished::of_check(state, dataset, check.lease, request_id))
}

async fn receive(state: &AppState, check: &Check, unfinished: &Unfinished) -> Result<Received> {
    let parts = state.store.parts(check.lease.upload).await?;
    let delimiter = check.media_type.as_deref().and_then(delimiter_of);
    let received = unfinished.receive(bytes_of(state.objects.clone(), parts), delimiter.into()).await?;
    if received.size_bytes != check.length_bytes {
        let (found, wanted) = (received.size_bytes, check.length_bytes);
        let upload = check.lease.upload;
        return Err(anyhow::anyhow!("the parts of upload {upload} have {found} bytes instead of {wanted}").into());
    }
    Ok(received)
}

/// The parts as one stream.
fn bytes_of(objects: Objects, parts: Vec<Part>) -> impl Stream<Item = Result<Bytes, ObjectError>> {
    let opened = stream::iter(parts).then(move |part| {
        let objects = objects.clone();
        async move { objects.get_stream(&part.object_key, None).await }
    });
    opened.try_flatten()
}

/// Keeps the lease; ends when it is somebody else's.
async fn lost(state: &AppState, lease: CheckLease) -> ApiError {
    loop {
        tokio::time::sleep(RENEWAL).await;
        match state.store.renew_check(lease, LEASE).await {
            Ok(true) => {}
            Ok(false) => return Problem::conflict("another gateway has taken this upload over; ask again").into(),
            // Should it stay away for longer than the lease, the token decides.
            Err(error) => tracing::warn!(upload = %lease.upload, %error, "the lease of a check was not renewed"),
        }
    }
}

/// Keeps with the upload what is wrong with it; or leaves it to be checked again, when something was away.
async fn give_up(state: &AppState, check: &Check, error: ApiError) -> ApiError {
    let upload = check.lease.upload;
    let is_final = !matches!(
        error.problem().status(),
        // Cut short, too slowly: here that is the object store. Taken over. Away.
        StatusCode::BAD_REQUEST | StatusCode::REQUEST_TIMEOUT | StatusCode::CONFLICT | StatusCode::SERVICE_UNAVAILABLE
    );
    let (ended, answer) = if is_final {
        let refused = state.store.refuse_check(check.lease, &error.problem().members()).await;
        if matches!(refused, Ok(true)) {
            count("refused");
            remove_parts_soon(state, upload);
        }
        (refused.map(|_| ()), error)
    } else {
        let detail = "the bytes are all there and could not be checked; that will be done, ask again";
        let problem = Problem::unavailable(detail, PAUSE_RETRY_SECONDS).cause(anyhow::anyhow!("{}", error.problem()));
        (state.store.release_check(check.lease, PAUSE).await, problem.into())
    };
    if let Err(error) = ended {
        tracing::warn!(%upload, %error, "the end of a check could not be written; it is done again when its lease runs out");
    }
    answer
}

/// The answer does not wait for it; what is not done is left to the sweep.
fn remove_parts_soon(state: &AppState, upload: UploadId) {
    let removing = state.clone();
    state.shutdown.tasks.spawn(async move { upkeep::remove_or_leave(&removing, upload).await });
}

fn count(outcome: &'static str) {
    metrics::counter!("gateway_resumable_uploads_total", "outcome" => outcome).increment(1);
}
