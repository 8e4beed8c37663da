//! Resumable uploads by the tus protocol, version 1.0: a table that arrives over as many requests as it takes.
//!
//! Bytes are added at the upload's offset, which stands in Postgres ([`append`]). A request's body is cut into parts of
//! at most [`append::PART_BYTES`]; each is an object of the store that all gateways share, and counts from the moment
//! the offset has moved behind it, by compare-and-set: of two requests at the same offset one moves it and the other
//! hears 409, so that bytes are never interleaved. Whatever arrived of a body that was cut is kept as a smaller part.
//!
//! The last byte makes an upload `checking`: its parts, read as one stream, go the way of every upload, into
//! [`super::Unfinished`] ([`check`]). That happens within the request which brought the last byte, and goes on when
//! the client leaves; what a killed gateway was at is taken over by another one ([`upkeep`]), and exactly one dataset
//! comes of it. The parts are removed afterwards.
//!
//! [`protocol`] has the headers, [`metadata`] what a client says about its file.

pub(crate) mod append;
pub(crate) mod check;
mod checksum;
pub(crate) mod metadata;
pub(crate) mod protocol;
pub mod upkeep;

use std::time::Duration;

use chassis::http::Problem;
use http::{HeaderMap, StatusCode};
use store::uploads::Upload;

use crate::error::Result;

pub(crate) use checksum::Checksum;

/// An upload that is not complete by then is given up.
pub(crate) const LIFETIME: Duration = Duration::from_hours(24);
/// Seconds after which it is worth to ask again whether a check has ended.
const CHECKING_RETRY_SECONDS: u64 = 2;

/// Reads every header that a client of tus fills, and gives the dataset's name: what each request reads some of.
///
/// # Errors
/// The first that cannot be read.
pub fn read_headers(headers: &HeaderMap) -> Result<String> {
    for name in [&protocol::UPLOAD_OFFSET, &protocol::UPLOAD_LENGTH, &protocol::UPLOAD_DEFER_LENGTH] {
        protocol::bytes(headers, name)?;
    }
    Checksum::of(headers)?;
    Ok(metadata::of(headers)?.name)
}

/// 410: the bytes were no table; with the reason.
pub(crate) fn refused(upload: &Upload) -> Problem {
    let why = upload.problem.as_ref().and_then(|problem| problem["detail"].as_str()).unwrap_or("it is no table");
    Problem::new(StatusCode::GONE, "upload-refused", "Upload refused")
        .detail(format!("upload {} was refused: {why}; correct the file and begin a new upload", upload.id))
        .extra("problem", upload.problem.clone().unwrap_or_default())
}

/// 423: complete, and being made a dataset of.
pub(crate) fn being_checked(upload: &Upload) -> Problem {
    Problem::of(StatusCode::LOCKED)
        .detail(format!("upload {} is complete and being checked; ask again in a moment", upload.id))
        .header(http::header::RETRY_AFTER, CHECKING_RETRY_SECONDS.into())
}

/// 409: the bytes are wanted at another place.
pub(crate) fn at_another_offset(upload: &Upload, given: u64) -> Problem {
    let is = upload.offset_bytes;
    Problem::conflict(format!("upload {} is at byte {is}, not {given}; go on from there", upload.id))
        .extra("offset_bytes", is)
}
