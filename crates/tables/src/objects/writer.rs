//! An object being written: parts go out while the next one fills.

use object_store::{MultipartUpload, WriteMultipart};

use super::ObjectError;

/// S3 takes at most 10,000 parts of at least 5 MiB: this allows 80 GiB.
const PART_BYTES: usize = 8 * 1024 * 1024;
/// With one part filling and two under way a writer holds at most 24 MiB.
const PARTS_UNDER_WAY: usize = 2;

/// An object being written. Nothing is visible before [`ObjectWriter::finish`]; dropped or aborted it leaves nothing.
#[derive(Debug)]
pub struct ObjectWriter {
    key: String,
    upload: WriteMultipart,
    size_bytes: u64,
}

impl ObjectWriter {
    pub(super) fn new(key: &str, upload: Box<dyn MultipartUpload>) -> Self {
        let upload = WriteMultipart::new_with_chunk_size(upload, PART_BYTES);
        Self { key: key.to_owned(), upload, size_bytes: 0 }
    }

    /// Adds bytes at the end; waits while too many parts are under way.
    ///
    /// # Errors
    /// What the store says of a part.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), ObjectError> {
        for piece in bytes.chunks(PART_BYTES) {
            let free = self.upload.wait_for_capacity(PARTS_UNDER_WAY).await;
            free.map_err(|source| ObjectError::of(source, &self.key, "write"))?;
            self.upload.write(piece);
            self.size_bytes += piece.len() as u64;
        }
        Ok(())
    }

    /// Makes the object visible, all of it at once, and says its size in bytes. On Unix it is on disk by then.
    ///
    /// # Errors
    /// What the store says; nothing is left then.
    pub async fn finish(self) -> Result<u64, ObjectError> {
        self.upload.finish().await.map_err(|source| ObjectError::of(source, &self.key, "write"))?;
        Ok(self.size_bytes)
    }

    /// Gives up: what was written is removed.
    pub async fn abort(self) {
        if let Err(error) = self.upload.abort().await {
            tracing::warn!(key = self.key, %error, "a given-up upload could not be removed; the sweep will find it");
        }
    }
}
