//! Uploads: bytes arrive, are checked and understood while they go to the store, and stay there only if they are a
//! table.
//!
//! One pass, two threads: the caller's task passes each piece on to the checking thread, hashes it and writes it; the
//! checking thread ([`check`]) parses and infers types. Neither is more than [`PIECES_UNDER_WAY`] pieces ahead.
//! Memory of one upload: 24 MiB for the parts being written, 1 MiB between the threads, and what `text` says of a
//! reader (a quarter MiB and the longest row). The stored bytes are those that arrived, gzip and all.

mod check;
mod error;
mod pipe;

use bytes::Bytes;
use domain::dataset::TableSchema;
use futures::stream::{Stream, StreamExt};
use sha2::{Digest, Sha256};

use crate::objects::{ObjectWriter, Objects};
use crate::text::{FileProblem, RecordError};
use pipe::PipeWriter;

pub use crate::text::{EncodingHint, FileProblem as Problem, Limits};
pub use check::check;
pub use error::UploadError;
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

/// Stores a table under `key`. The delimiter is found when it is not given.
///
/// The object appears when all of it has been found good; on any error, and when the future is dropped, nothing stays.
///
/// # Errors
/// [`UploadError::Refused`] as soon as the file is seen to be no table: the rest of the stream is not waited for.
pub async fn receive<S, E>(
    objects: &Objects,
    key: &str,
    stream: S,
    delimiter: Option<u8>,
    limits: &Limits,
) -> Result<Received, UploadError>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let mut writer = objects.writer(key).await?;
    let (pipe, reader) = pipe::pipe();
    let limits = *limits;
    let checking = tokio::task::spawn_blocking(move || check(reader, delimiter, &limits));
    let checked = match pump(stream, &mut writer, pipe, &limits).await {
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

/// Passes the stream on to the checking thread and the store. Ends early when the checking thread does: it then knows
/// why.
async fn pump<S, E>(
    stream: S,
    writer: &mut ObjectWriter,
    mut pipe: PipeWriter,
    limits: &Limits,
) -> Result<String, UploadError>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let mut stream = std::pin::pin!(stream);
    let mut hash = Sha256::new();
    let mut size_bytes = 0;
    while let Some(item) = stream.next().await {
        let bytes = item.map_err(|source| UploadError::Interrupted(source.into()))?;
        size_bytes += bytes.len() as u64;
        if size_bytes > limits.max_stored_bytes {
            return Err(FileProblem::TooLarge { limit_bytes: limits.max_stored_bytes }.into());
        }
        if !pipe.send(&bytes).await {
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
