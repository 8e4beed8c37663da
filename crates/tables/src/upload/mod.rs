//! Uploads: bytes arrive, are checked and understood, and stay in the store only if they are a table.
//!
//! **Text** is checked while it goes to the store. One pass, two threads: the caller's task passes each piece on to the checking thread, hashes it and writes it; the
//! checking thread ([`check`]) parses and infers types. Neither is more than [`PIECES_UNDER_WAY`] pieces ahead.
//! Memory of one upload: 24 MiB for the parts being written, 1 MiB between the threads, and what `text` says of a
//! reader (a quarter MiB and the longest row). **Parquet and workbooks** are read from their end: they go to the store
//! and are checked there, by ranges ([`crate::objects::Objects::at`]), so that no gateway needs room for them; until then
//! no dataset points at the object, and what a killed process leaves is found by whoever sweeps uploads that never ended.
//! The stored bytes are those that arrived, gzip and all.

mod check;
mod error;
mod given;
mod kind;
mod pipe;
mod random_access;

use bytes::Bytes;
use domain::dataset::TableSchema;
use futures::stream::{Stream, StreamExt};
use sha2::{Digest, Sha256};

use crate::objects::{ObjectWriter, Objects};
use crate::text::{FileProblem, RecordError};
use kind::{FileKind, START_BYTES};
use pipe::PipeWriter;
use random_access::{Unchecked, check_object};

pub use crate::text::{EncodingHint, FileProblem as Problem, Limits};
pub use check::check;
pub use error::UploadError;
pub use given::Given;
pub use pipe::PIECES_UNDER_WAY;

/// What an upload turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Its columns, rows and format.
    pub schema: TableSchema,
    /// Bytes stored.
    pub size_bytes: u64,
    /// SHA-256 of the bytes stored, in lower-case hexadecimal.
    pub sha256: String,
}

/// Stores a table under `key`. What kind of file it is is seen from its first bytes; `given` is what the sender says.
///
/// When it is no table, on any other error, and when the future is dropped, nothing stays. Text appears under the key
/// when all of it has been found good; other kinds once they are there, and go again when they are no tables.
///
/// # Errors
/// [`UploadError::Refused`], of text as soon as it is seen to be no table: the rest of the stream is not waited for.
pub async fn receive<S, E>(
    objects: &Objects,
    key: &str,
    stream: S,
    given: impl Into<Given>,
    limits: &Limits,
) -> Result<Received, UploadError>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let stream = stream.map(|item| item.map_err(|source| UploadError::Interrupted(source.into())));
    // A short file ends while its kind is looked for, and is asked for more afterwards.
    let mut stream = std::pin::pin!(stream.fuse());
    let writer = objects.writer(key).await?;
    let (kind, start) = match look_at_start(&mut stream).await {
        Ok(seen) => seen,
        Err(error) => {
            writer.abort().await;
            return Err(error);
        }
    };
    let stream = futures::stream::iter(start.into_iter().map(Ok)).chain(stream);
    match kind {
        FileKind::Text => receive_text(writer, stream, given.into().delimiter, limits).await,
        kind => receive_whole(objects, key, writer, stream, kind, given.into(), limits).await,
    }
}

/// The kind of a file, and the pieces that were read to know it.
async fn look_at_start(
    stream: &mut (impl Stream<Item = Result<Bytes, UploadError>> + Unpin),
) -> Result<(FileKind, Vec<Bytes>), UploadError> {
    let (mut pieces, mut start) = (Vec::new(), Vec::with_capacity(START_BYTES));
    while start.len() < START_BYTES
        && let Some(piece) = stream.next().await
    {
        let piece = piece?;
        start.extend_from_slice(&piece[..piece.len().min(START_BYTES - start.len())]);
        pieces.push(piece);
    }
    Ok((FileKind::of(&start), pieces))
}

async fn receive_text(
    mut writer: ObjectWriter,
    stream: impl Stream<Item = Result<Bytes, UploadError>>,
    delimiter: Option<u8>,
    limits: &Limits,
) -> Result<Received, UploadError> {
    let (pipe, reader) = pipe::pipe();
    let limits = *limits;
    let checking = tokio::task::spawn_blocking(move || check(reader, delimiter, &limits));
    let checked = match pump(stream, &mut writer, Some(pipe), &limits).await {
        Ok(sha256) => verdict(checking.await).map(|schema| (schema, sha256)),
        Err(error) => Err(error),
    };
    match checked {
        Ok((schema, sha256)) => Ok(Received { schema, size_bytes: writer.finish().await?, sha256 }),
        Err(error) => {
            writer.abort().await;
            Err(error)
        }
    }
}

/// Stores a file that is read from its end, then checks it where it lies: no gateway has to have room for it.
async fn receive_whole(
    objects: &Objects,
    key: &str,
    mut writer: ObjectWriter,
    stream: impl Stream<Item = Result<Bytes, UploadError>>,
    kind: FileKind,
    given: Given,
    limits: &Limits,
) -> Result<Received, UploadError> {
    let sha256 = match pump(stream, &mut writer, None, limits).await {
        Ok(sha256) => sha256,
        Err(error) => {
            writer.abort().await;
            return Err(error);
        }
    };
    let unchecked = Unchecked::new(objects, key);
    let size_bytes = writer.finish().await?;
    match check_stored(objects, key, kind, given, *limits).await {
        Ok(schema) => {
            unchecked.keep();
            Ok(Received { schema, size_bytes, sha256 })
        }
        Err(error) => {
            unchecked.remove().await;
            Err(error)
        }
    }
}

/// Checks on a thread of its own; dropped, that thread ends with its next read.
async fn check_stored(
    objects: &Objects,
    key: &str,
    kind: FileKind,
    given: Given,
    limits: Limits,
) -> Result<TableSchema, UploadError> {
    let (objects, key) = (objects.clone(), key.to_owned());
    let opened = tokio::task::spawn_blocking(move || objects.at(&key)).await;
    let object = opened.map_err(|error| UploadError::Internal(format!("the opening thread failed: {error}")))??;
    let _guard = object.give_up_with();
    let checking = tokio::task::spawn_blocking(move || check_object(kind, object, &given, &limits));
    match verdict(checking.await) {
        // The bytes are all there: what fails now is the store.
        Err(UploadError::Interrupted(cause)) => Err(UploadError::Unreadable(cause)),
        checked => checked,
    }
}

/// Passes the stream on to the checking thread, if there is one, and the store. Ends early when the checking thread does: it then knows
/// why.
async fn pump(
    stream: impl Stream<Item = Result<Bytes, UploadError>>,
    writer: &mut ObjectWriter,
    mut pipe: Option<PipeWriter>,
    limits: &Limits,
) -> Result<String, UploadError> {
    let mut stream = std::pin::pin!(stream);
    let mut hash = Sha256::new();
    let mut size_bytes = 0;
    while let Some(item) = stream.next().await {
        let bytes = item?;
        size_bytes += bytes.len() as u64;
        if size_bytes > limits.max_stored_bytes {
            return Err(FileProblem::TooLarge { limit_bytes: limits.max_stored_bytes }.into());
        }
        if let Some(pipe) = &mut pipe
            && !pipe.send(&bytes).await
        {
            break;
        }
        hash.update(&bytes);
        writer.write(&bytes).await?;
    }
    Ok(hexadecimal(&hash.finalize()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn verdict(
    checked: Result<Result<TableSchema, RecordError>, tokio::task::JoinError>,
) -> Result<TableSchema, UploadError> {
    match checked {
        Ok(Ok(schema)) => Ok(schema),
        Ok(Err(RecordError::Problem(problem))) => Err(problem.into()),
        Ok(Err(RecordError::Io(error))) => Err(UploadError::Interrupted(error.into())),
        Err(error) => Err(UploadError::Internal(format!("the checking thread failed: {error}"))),
    }
}
