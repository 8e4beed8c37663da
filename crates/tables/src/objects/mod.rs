//! The object store: files under keys, written whole or not at all.
//!
//! [`Objects`] hides what lies behind: a folder or an S3 bucket (through `object_store`). To add a kind of store, teach
//! [`Objects::open_with`] its URL and give [`Objects::reader`] and [`Objects::at`] a blocking way to read from it; no
//! caller changes.
//!
//! In a folder a write goes to a staging file beside its destination (`<key>#<number>`) and is renamed when it is
//! complete and flushed to disk. What a killed process left there is removed by [`Objects::sweep_staging`]. In a bucket
//! a write is a multipart upload, which is atomic and aborted when it fails; parts that a killed process left are the
//! provider's to remove (a lifecycle rule `AbortIncompleteMultipartUpload`; one day is enough).

mod at;
mod bucket;
mod error;
mod options;
mod staging;
mod writer;

use std::fmt;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path as FolderPath, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::stream::{BoxStream, Stream, StreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{GetOptions, GetRange, GetResultPayload, ObjectStore, ObjectStoreExt};
use tokio::io::AsyncReadExt;
use tokio_util::io::ReaderStream;

use bucket::{Bucket, BucketReader, RangeReader};

pub use at::{GiveUp, ObjectAt, PartReader};
pub use error::ObjectError;
pub use options::Options;
pub use writer::ObjectWriter;

/// Bytes of a download come in pieces of this size.
const DOWNLOAD_CHUNK_BYTES: usize = 256 * 1024;

/// The bytes of an object as they come.
pub type ByteStream = BoxStream<'static, Result<Bytes, ObjectError>>;

/// Where files lie. Cheap to clone; the clones share one store.
#[derive(Clone)]
pub struct Objects {
    place: Place,
}

#[derive(Clone)]
enum Place {
    Folder { store: Arc<LocalFileSystem>, root: PathBuf },
    Bucket(Arc<Bucket>),
}

impl fmt::Debug for Objects {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Objects").field("location", &self.location()).finish()
    }
}

impl Objects {
    /// [`Objects::open_with`] no options: for a folder.
    ///
    /// # Errors
    /// As [`Objects::open_with`].
    pub fn open(location: &str) -> Result<Self, ObjectError> {
        Self::open_with(location, &Options::default())
    }

    /// Opens the store that `OBJECT_STORE_URL` names: a folder's path or its `file://` URL, or `s3://bucket/prefix`
    /// with the credentials of `options`. A folder is made when it is not there; a bucket must be there, and is not
    /// asked yet.
    ///
    /// # Errors
    /// [`ObjectError::Location`] when the URL is of another kind, the folder cannot be made or used, or options that
    /// S3 needs are missing.
    pub fn open_with(location: &str, options: &Options) -> Result<Self, ObjectError> {
        let refused = |reason: String| ObjectError::Location { location: without_secrets(location), reason };
        if location.starts_with("s3://") {
            let url = url::Url::parse(location).map_err(|error| refused(error.to_string()))?;
            let bucket = Bucket::open(&url, options).map_err(refused)?;
            return Ok(Self { place: Place::Bucket(Arc::new(bucket)) });
        }
        let folder = folder_of(location).map_err(refused)?;
        std::fs::create_dir_all(&folder).map_err(|error| refused(format!("the folder cannot be made: {error}")))?;
        let root = folder.canonicalize().map_err(|error| refused(format!("the folder cannot be opened: {error}")))?;
        let store = LocalFileSystem::new_with_prefix(&root).map_err(|error| refused(error.to_string()))?;
        Ok(Self { place: Place::Folder { store: Arc::new(store.with_fsync(true)), root } })
    }

    /// Where the store is, fit for a log and for [`Objects::open_with`] in another process: it holds no secret.
    #[must_use]
    pub fn location(&self) -> String {
        match &self.place {
            Place::Folder { root, .. } => root.display().to_string(),
            Place::Bucket(bucket) => bucket.location.clone(),
        }
    }

    fn store(&self) -> &dyn ObjectStore {
        match &self.place {
            Place::Folder { store, .. } => &**store,
            Place::Bucket(bucket) => &*bucket.store,
        }
    }

    /// Starts to write an object: nothing is visible under `key` until [`ObjectWriter::finish`], and nothing is left
    /// when the writer is aborted or dropped. An object that already has the key is replaced at that moment.
    ///
    /// # Errors
    /// [`ObjectError`] when the key is not a valid one or the store refuses.
    pub async fn writer(&self, key: &str) -> Result<ObjectWriter, ObjectError> {
        let path = parse_key(key)?;
        let upload = self.store().put_multipart(&path).await.map_err(|source| ObjectError::of(source, key, "write"))?;
        let remover = match &self.place {
            Place::Folder { .. } => None,
            Place::Bucket(bucket) => Some(Arc::clone(bucket)),
        };
        Ok(ObjectWriter::new(key, upload, remover))
    }

    /// Writes bytes that are all there under `key`, in one request. On Unix a folder has them on disk by then.
    ///
    /// # Errors
    /// [`ObjectError`] when the key is not a valid one or the store refuses; nothing is left then.
    pub async fn put(&self, key: &str, bytes: Bytes) -> Result<(), ObjectError> {
        let stored = self.store().put(&parse_key(key)?, bytes.into()).await;
        stored.map(|_| ()).map_err(|source| ObjectError::of(source, key, "write"))
    }

    /// Writes the stream under `key`, whole or not at all, and says how many bytes there were. Holds at most 24 MiB.
    ///
    /// # Errors
    /// [`ObjectError::Incoming`] when the stream fails, else what the store says. Nothing is left in either case.
    pub async fn put_stream<S, E>(&self, key: &str, stream: S) -> Result<u64, ObjectError>
    where
        S: Stream<Item = Result<Bytes, E>>,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let mut writer = self.writer(key).await?;
        let mut stream = std::pin::pin!(stream);
        while let Some(item) = stream.next().await {
            let written = match item {
                Ok(bytes) => writer.write(&bytes).await,
                Err(source) => Err(ObjectError::Incoming { key: key.to_owned(), source: source.into() }),
            };
            if let Err(error) = written {
                writer.abort().await;
                return Err(error);
            }
        }
        writer.finish().await
    }

    /// The bytes of an object, all or those of `range`, as they come from the store.
    ///
    /// # Errors
    /// [`ObjectError::NotFound`] when there is no such object; an error of the store, also within the stream.
    pub async fn get_stream(&self, key: &str, range: Option<Range<u64>>) -> Result<ByteStream, ObjectError> {
        let path = parse_key(key)?;
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let found =
            self.store().get_opts(&path, options).await.map_err(|source| ObjectError::of(source, key, "read"))?;
        let key = key.to_owned();
        let range = found.range.clone();
        match found.payload {
            GetResultPayload::File(mut file, _) => {
                file.seek(SeekFrom::Start(range.start)).map_err(|source| ObjectError::io(source, &key, "read"))?;
                let file = tokio::fs::File::from_std(file).take(range.end - range.start);
                let chunks = ReaderStream::with_capacity(file, DOWNLOAD_CHUNK_BYTES);
                Ok(chunks.map(move |item| item.map_err(|source| ObjectError::io(source, &key, "read"))).boxed())
            }
            GetResultPayload::Stream(chunks) => {
                Ok(chunks.map(move |item| item.map_err(|source| ObjectError::of(source, &key, "read"))).boxed())
            }
        }
    }

    /// Reads an object on the calling thread, which may block: for the child processes that compute.
    ///
    /// # Errors
    /// [`ObjectError::NotFound`] when there is no such object, else what the store says.
    pub fn reader(&self, key: &str) -> Result<ObjectReader, ObjectError> {
        let path = parse_key(key)?;
        if let Place::Bucket(bucket) = &self.place {
            return Ok(ObjectReader(Source::Bucket(Box::new(BucketReader::open(bucket, path, key)?))));
        }
        let (file, size_bytes) = self.file(&path, key)?;
        Ok(ObjectReader(Source::File { file, size_bytes }))
    }

    /// An object whose bytes can be asked for in any order, on a thread that may block.
    ///
    /// # Errors
    /// As [`Objects::reader`].
    pub fn at(&self, key: &str) -> Result<ObjectAt, ObjectError> {
        let path = parse_key(key)?;
        if let Place::Bucket(bucket) = &self.place {
            return Ok(ObjectAt::bucket(RangeReader::open(bucket, path, key)?));
        }
        let (file, size_bytes) = self.file(&path, key)?;
        Ok(ObjectAt::file(file, size_bytes))
    }

    /// The file of an object in a folder, and its size.
    fn file(&self, path: &Path, key: &str) -> Result<(File, u64), ObjectError> {
        let Place::Folder { store, .. } = &self.place else {
            return Err(ObjectError::Key { key: key.to_owned(), reason: "it is no file's".to_owned() });
        };
        let file_path = store.path_to_filesystem(path).map_err(|source| ObjectError::of(source, key, "read"))?;
        let file = File::open(file_path).map_err(|source| ObjectError::io(source, key, "read"))?;
        let size_bytes = file.metadata().map_err(|source| ObjectError::io(source, key, "read"))?.len();
        Ok((file, size_bytes))
    }

    /// How many bytes an object has; `None` when there is no such object.
    ///
    /// # Errors
    /// What the store says.
    pub async fn size(&self, key: &str) -> Result<Option<u64>, ObjectError> {
        match self.store().head(&parse_key(key)?).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(source) => Err(ObjectError::of(source, key, "look up")),
        }
    }

    /// Whether there is an object of that key.
    ///
    /// # Errors
    /// What the store says.
    pub async fn exists(&self, key: &str) -> Result<bool, ObjectError> {
        Ok(self.size(key).await?.is_some())
    }

    /// Removes an object. One that is not there is no error, so that a removal can be tried again.
    ///
    /// # Errors
    /// What the store says.
    pub async fn delete(&self, key: &str) -> Result<(), ObjectError> {
        match self.store().delete(&parse_key(key)?).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(source) => Err(ObjectError::of(source, key, "delete")),
        }
    }

    /// Removes what killed processes left half-written, where nothing has been added since `older_than`, and says how
    /// many files that were. A live upload touches its file with each part: leave it an hour or more.
    ///
    /// # Errors
    /// [`ObjectError::Io`] when the folder cannot be read or a file cannot be removed.
    pub async fn sweep_staging(&self, older_than: DateTime<Utc>) -> Result<u64, ObjectError> {
        let Place::Folder { root, .. } = &self.place else { return Ok(0) };
        let root = root.clone();
        let swept = tokio::task::spawn_blocking(move || staging::sweep(&root, older_than.into())).await;
        let swept = swept.unwrap_or_else(|error| Err(std::io::Error::other(error)));
        swept.map_err(|source| ObjectError::io(source, &self.location(), "sweep"))
    }
}

/// The bytes of an object, read on the calling thread.
pub struct ObjectReader(Source);

enum Source {
    File { file: File, size_bytes: u64 },
    Bucket(Box<BucketReader>),
}

impl fmt::Debug for ObjectReader {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ObjectReader").field("size_bytes", &self.size_bytes()).finish_non_exhaustive()
    }
}

impl ObjectReader {
    /// How many bytes the object has.
    #[must_use]
    pub const fn size_bytes(&self) -> u64 {
        match &self.0 {
            Source::File { size_bytes, .. } => *size_bytes,
            Source::Bucket(reader) => reader.size_bytes,
        }
    }
}

impl Read for ObjectReader {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match &mut self.0 {
            Source::File { file, .. } => file.read(buffer),
            Source::Bucket(reader) => reader.read(buffer),
        }
    }
}

fn parse_key(key: &str) -> Result<Path, ObjectError> {
    let refused = |reason: String| ObjectError::Key { key: key.to_owned(), reason };
    let path = Path::parse(key).map_err(|error| refused(error.to_string()))?;
    if path.as_ref().is_empty() { Err(refused("it is empty".to_owned())) } else { Ok(path) }
}

fn folder_of(location: &str) -> Result<PathBuf, String> {
    if location.is_empty() {
        return Err("it is empty; give the path of a folder".to_owned());
    }
    let Some((scheme, _)) = location.split_once("://") else {
        return Ok(FolderPath::new(location).to_path_buf());
    };
    if scheme != "file" {
        return Err(format!(
            "`{scheme}://` is not known; give the path of a folder, a file:// URL or s3://bucket/prefix"
        ));
    }
    let url = url::Url::parse(location).map_err(|error| error.to_string())?;
    url.to_file_path().map_err(|()| "it names no folder of this machine; write file:///path".to_owned())
}

/// The location without what may be a password in it.
fn without_secrets(location: &str) -> String {
    match url::Url::parse(location) {
        Ok(mut url) if url.has_host() => {
            // Both fail only on URLs that cannot hold a user or password in the first place.
            let _ = url.set_password(None);
            let _ = url.set_username("");
            url.set_query(None);
            url.to_string()
        }
        _ => location.to_owned(),
    }
}
