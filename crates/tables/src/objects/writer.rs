//! An object being written: parts go out while the next one fills.

use std::sync::Arc;

use object_store::{MultipartUpload, PutPayload};
use tokio::task::JoinSet;

use super::ObjectError;
use super::bucket::Bucket;

/// S3 takes at most 10,000 parts of at least 5 MiB: this allows 80 GiB.
const PART_BYTES: usize = 8 * 1024 * 1024;
/// With one part filling and two under way a writer holds at most 24 MiB.
const PARTS_UNDER_WAY: usize = 2;

type Parts = JoinSet<Result<(), object_store::Error>>;

/// An object being written. Nothing is visible before [`ObjectWriter::finish`]; dropped or aborted it leaves nothing.
#[derive(Debug)]
pub struct ObjectWriter {
    key: String,
    /// There until the writer has finished or was aborted.
    upload: Option<Box<dyn MultipartUpload>>,
    parts: Parts,
    filling: Vec<u8>,
    size_bytes: u64,
    /// Where a dropped writer's parts are removed, when they lie elsewhere.
    remover: Option<Arc<Bucket>>,
}

impl ObjectWriter {
    pub(super) fn new(key: &str, upload: Box<dyn MultipartUpload>, remover: Option<Arc<Bucket>>) -> Self {
        let (parts, filling) = (JoinSet::new(), Vec::new());
        Self { key: key.to_owned(), upload: Some(upload), parts, filling, size_bytes: 0, remover }
    }

    /// Adds bytes at the end; waits while too many parts are under way.
    ///
    /// # Errors
    /// What the store says of a part.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), ObjectError> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(rest.len().min(PART_BYTES - self.filling.len()));
            if self.filling.is_empty() {
                self.wait_until(PARTS_UNDER_WAY).await?;
            }
            self.filling.extend_from_slice(piece);
            self.size_bytes += piece.len() as u64;
            rest = after;
            if self.filling.len() == PART_BYTES {
                self.send_part();
            }
        }
        Ok(())
    }

    /// Makes the object visible, all of it at once, and says its size in bytes. On Unix it is on disk by then.
    ///
    /// # Errors
    /// What the store says; nothing is left then.
    pub async fn finish(mut self) -> Result<u64, ObjectError> {
        match self.complete().await {
            Ok(()) => {
                self.upload = None;
                Ok(self.size_bytes)
            }
            Err(error) => {
                self.abort().await;
                Err(error)
            }
        }
    }

    /// Gives up: what was written is removed.
    pub async fn abort(mut self) {
        if let Some(upload) = self.upload.take() {
            remove(upload, std::mem::take(&mut self.parts), std::mem::take(&mut self.key)).await;
        }
    }

    fn send_part(&mut self) {
        if let Some(upload) = &mut self.upload {
            self.parts.spawn(upload.put_part(PutPayload::from(std::mem::take(&mut self.filling))));
        }
    }

    async fn complete(&mut self) -> Result<(), ObjectError> {
        if !self.filling.is_empty() {
            self.send_part();
        }
        self.wait_until(0).await?;
        let Some(upload) = &mut self.upload else { return Ok(()) };
        upload.complete().await.map_err(|source| ObjectError::of(source, &self.key, "write"))?;
        Ok(())
    }

    /// Waits until no more than so many parts are under way.
    async fn wait_until(&mut self, under_way: usize) -> Result<(), ObjectError> {
        while self.parts.len() > under_way {
            let Some(done) = self.parts.join_next().await else { return Ok(()) };
            let done = done.unwrap_or_else(|source| Err(object_store::Error::JoinError { source }));
            done.map_err(|source| ObjectError::of(source, &self.key, "write"))?;
        }
        Ok(())
    }
}

impl Drop for ObjectWriter {
    fn drop(&mut self) {
        // A folder's upload removes its file by itself; that of a bucket has to be told.
        if let (Some(upload), Some(bucket)) = (self.upload.take(), self.remover.take()) {
            let (keeper, key) = (Arc::clone(&bucket), std::mem::take(&mut self.key));
            let parts = std::mem::take(&mut self.parts);
            bucket.run(async move {
                remove(upload, parts, key).await;
                // The thread that this runs on must last until here.
                drop(keeper);
            });
        }
    }
}

/// Parts under way are waited for first: S3 may keep those that arrive after the abort.
async fn remove(mut upload: Box<dyn MultipartUpload>, mut parts: Parts, key: String) {
    while parts.join_next().await.is_some() {}
    if let Err(error) = upload.abort().await {
        tracing::warn!(key, %error, "a given-up upload could not be removed; the sweep will find it");
    }
}
