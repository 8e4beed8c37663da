//! The body of a delivery, read before anybody knows whose it is.
//!
//! GitHub sends at most 25 MB and gives up on what is larger, so that is the limit: a push with very many files must not be
//! lost to a smaller one. Nearly all are a few KiB. So that strangers cannot fill the memory, only a few bodies beyond
//! 1 MiB are held at a time; smaller ones, and with them nearly all of GitHub's, never wait for those.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use chassis::http::Problem;
use http::StatusCode;
use http_body_util::BodyExt as _;
use tokio::sync::{Semaphore, SemaphorePermit};

/// GitHub's own limit.
pub(super) const MOST: usize = 25 * 1_000_000;
/// Beyond this a body needs a place.
const LARGE: usize = 1 << 20;

/// A body and its place.
pub(super) struct Read<'a> {
    pub(super) bytes: Bytes,
    _place: Option<SemaphorePermit<'a>>,
}

/// Reads all of it.
pub(super) async fn read(mut body: Body, places: &Semaphore) -> Result<Read<'_>, Problem> {
    let mut bytes = BytesMut::new();
    let mut place = None;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| cut_short())?;
        let Ok(data) = frame.into_data() else { continue };
        if bytes.len() + data.len() > MOST {
            return Err(Problem::content_too_large(u64::try_from(MOST).unwrap_or(u64::MAX)));
        }
        if bytes.len() + data.len() > LARGE && place.is_none() {
            let busy = "too many large deliveries at once; deliver it again";
            place = Some(places.try_acquire().map_err(|_| Problem::unavailable(busy, 5))?);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(Read { bytes: bytes.freeze(), _place: place })
}

fn cut_short() -> Problem {
    Problem::of(StatusCode::REQUEST_TIMEOUT).detail("the body came too slowly or was cut short; deliver it again")
}
