//! From a request's body to parts.

use std::pin::pin;

use axum::body::BodyDataStream;
use bytes::Bytes;
use chassis::http::Problem;
use domain::upload::UploadState;
use futures::StreamExt as _;
use http::StatusCode;
use store::uploads::Upload;
use store::uploads::parts::Announced;

use super::{Checksum, at_another_offset};
use crate::error::{ApiError, Result};
use crate::state::AppState;
use crate::uploads::{DEADLINE, refusal};

/// Largest part: what one request holds in memory.
pub(crate) const PART_BYTES: usize = 8 << 20;
/// Parts beyond those that the length needs: so many small requests an upload may be sent by. 64 KiB each for 2 GiB are
/// 32,768.
const MAX_SMALL_PARTS: u64 = 40_000;
/// Seconds after which a caller that met an absent object store, or a gateway that ends, may try again.
const AWAY_RETRY_SECONDS: u64 = 2;

/// How far a request has brought an upload.
#[derive(Debug)]
pub(crate) struct Appended {
    /// Bytes that are there.
    pub(crate) offset_bytes: u64,
    /// `checking` when those are all.
    pub(crate) state: UploadState,
    /// Why the body was not read to its end.
    pub(crate) cut: Option<ApiError>,
}

/// Adds a body to an upload. All that arrived of it counts, however it ended; with a checksum all or nothing.
///
/// # Errors
/// When nothing more can be added: somebody else did, or store or database are away. What was added before that counts.
pub(crate) async fn append(
    state: &AppState,
    upload: &Upload,
    body: &mut BodyDataStream,
    checksum: Option<Checksum>,
) -> Result<Appended> {
    refuse_too_many_parts(upload)?;
    let (offset_bytes, filling) = (upload.offset_bytes, Vec::new());
    let mut writer = Writer { state, upload, offset_bytes, reached: upload.state, filling, checksum };
    let cut = match writer.read(body).await? {
        Ok(()) => {
            if let Some(checksum) = &writer.checksum {
                checksum.verify(&writer.filling)?;
            }
            None
        }
        // Half of the bytes cannot be compared with a checksum of all.
        Err(cut) if writer.checksum.is_some() => return Err(cut),
        Err(cut) => Some(cut),
    };
    writer.flush().await?;
    Ok(Appended { offset_bytes: writer.offset_bytes, state: writer.reached, cut })
}

/// 429 would be for later; this never gets better.
fn refuse_too_many_parts(upload: &Upload) -> Result<()> {
    if upload.part_count < MAX_SMALL_PARTS + upload.length_bytes / PART_BYTES as u64 {
        return Ok(());
    }
    let detail = format!(
        "upload {} was sent in {} requests; begin a new one and send more at once, {PART_BYTES} bytes are best",
        upload.id, upload.part_count
    );
    Err(Problem::conflict(detail).into())
}

struct Writer<'a> {
    state: &'a AppState,
    upload: &'a Upload,
    offset_bytes: u64,
    reached: UploadState,
    filling: Vec<u8>,
    checksum: Option<Checksum>,
}

impl Writer<'_> {
    /// Reads to the end. The outer result ends everything; the inner one only the body.
    async fn read(&mut self, body: &mut BodyDataStream) -> Result<Result<()>> {
        let mut too_long = pin!(tokio::time::sleep(DEADLINE));
        loop {
            let item = tokio::select! {
                item = body.next() => item,
                () = self.state.shutdown.soft.cancelled() => return Ok(Err(going_away())),
                () = &mut too_long => return Ok(Err(too_slow())),
            };
            match item {
                None => return Ok(Ok(())),
                Some(Ok(bytes)) => self.take(&bytes).await?,
                Some(Err(error)) => return Ok(Err(self.interrupted(&error))),
            }
        }
    }

    /// A full part is written once a byte follows it: only then it is certain that there are not too many.
    async fn take(&mut self, bytes: &Bytes) -> Result<()> {
        let held = (self.filling.len() + bytes.len()) as u64;
        if held > self.upload.length_bytes - self.offset_bytes {
            return Err(too_many_bytes(self.upload));
        }
        if self.checksum.is_some() && held > PART_BYTES as u64 {
            let detail =
                format!("with Upload-Checksum a request may bring at most {PART_BYTES} bytes; send less at once");
            return Err(Problem::of(StatusCode::PAYLOAD_TOO_LARGE).detail(detail).into());
        }
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            if self.filling.len() == PART_BYTES {
                self.flush().await?;
            }
            let (piece, after) = rest.split_at(rest.len().min(PART_BYTES - self.filling.len()));
            self.filling.extend_from_slice(piece);
            rest = after;
        }
        Ok(())
    }

    /// Makes what is held count.
    async fn flush(&mut self) -> Result<()> {
        if self.filling.is_empty() {
            return Ok(());
        }
        let bytes = Bytes::from(std::mem::take(&mut self.filling));
        let (store, upload, start_bytes, size_bytes) =
            (&self.state.store, self.upload.id, self.offset_bytes, bytes.len() as u64);
        let announced = store.announce_part(upload, start_bytes).await?.ok_or_else(|| self.overtaken())?;
        if let Err(error) = self.state.objects.put(&announced.object_key, bytes).await {
            self.take_back(&announced).await;
            let problem =
                Problem::unavailable("the bytes could not be stored; go on from HEAD's offset", AWAY_RETRY_SECONDS);
            return Err(problem.cause(error).into());
        }
        let Some(moved) = store.add_part(upload, announced.part, start_bytes, size_bytes).await? else {
            self.take_back(&announced).await;
            return Err(self.overtaken());
        };
        metrics::counter!("gateway_upload_bytes_total").increment(size_bytes);
        (self.offset_bytes, self.reached) = (moved.offset_bytes, moved.state);
        Ok(())
    }

    async fn take_back(&self, announced: &Announced) {
        let object = self.state.objects.delete(&announced.object_key).await;
        let row = match object {
            Ok(()) => self.state.store.take_back_part(announced.part).await.map_err(anyhow::Error::from),
            Err(error) => Err(error.into()),
        };
        if let Err(error) = row {
            let upload = self.upload.id;
            tracing::warn!(%upload, error = format!("{error:#}"), "a part was not taken back; it goes with its upload");
        }
    }

    fn overtaken(&self) -> ApiError {
        let detail = format!(
            "upload {} is no longer at byte {}: another request was quicker, or it was ended; ask HEAD for the offset",
            self.upload.id, self.offset_bytes
        );
        Problem::conflict(detail).into()
    }

    fn interrupted(&self, error: &axum::Error) -> ApiError {
        let status = refusal::interrupted(error).status();
        let detail = format!("the body of upload {} stopped coming; ask HEAD for the offset and go on", self.upload.id);
        Problem::of(status).detail(detail).into()
    }
}

/// 413: more than was declared.
pub(crate) fn too_many_bytes(upload: &Upload) -> ApiError {
    let Upload { id, length_bytes, .. } = upload;
    let detail =
        format!("upload {id} was declared to have {length_bytes} bytes, and there would be more; send the rest");
    Problem::of(StatusCode::PAYLOAD_TOO_LARGE).detail(detail).extra("limit_bytes", *length_bytes).into()
}

fn going_away() -> ApiError {
    Problem::unavailable("this gateway ends; what it got is kept, go on from HEAD's offset", AWAY_RETRY_SECONDS).into()
}

fn too_slow() -> ApiError {
    Problem::of(StatusCode::REQUEST_TIMEOUT).detail("the body took too long; go on from HEAD's offset").into()
}

/// Refuses a request unread that would not fit.
///
/// # Errors
/// 409 for another offset, 413 for too many bytes.
pub(crate) fn refuse_unread(upload: &Upload, offset_bytes: u64, declared_bytes: Option<u64>) -> Result<()> {
    if offset_bytes != upload.offset_bytes {
        return Err(at_another_offset(upload, offset_bytes).into());
    }
    match declared_bytes {
        Some(declared) if declared > upload.length_bytes - offset_bytes => Err(too_many_bytes(upload)),
        _ => Ok(()),
    }
}
