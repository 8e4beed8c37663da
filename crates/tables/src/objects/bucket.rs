//! A store on S3, or on what speaks like it (`DigitalOcean` Spaces).
//!
//! All its requests run on a thread of their own, so that connections outlive the runtime of whoever asks, and a
//! blocking reader can be used on any thread.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use bytes::{Buf, Bytes};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::client::SpawnedReqwestConnector;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ClientOptions, GetOptions, GetRange, ObjectMeta, ObjectStore, ObjectStoreExt, RetryConfig};
use tokio::runtime::Runtime;

use super::{ObjectError, Options};

/// A blocking reader asks for this much at once; one such piece is in use and one under way.
const READ_BYTES: u64 = 4 * 1024 * 1024;
/// Requests that failed in passing are tried again for so long.
const RETRY_FOR: Duration = Duration::from_secs(30);
const DEFAULT_REGION: &str = "us-east-1";

/// A bucket, or a folder of one.
#[derive(Debug)]
pub(super) struct Bucket {
    pub(super) store: Arc<PrefixStore<AmazonS3>>,
    /// `s3://bucket/prefix`.
    pub(super) location: String,
    requests: Requests,
}

/// The thread that requests run on. It ends with the store.
#[derive(Debug)]
struct Requests(Option<Runtime>);

impl Drop for Requests {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            // Waiting for it is not allowed where this may be dropped.
            runtime.shutdown_background();
        }
    }
}

impl Bucket {
    /// Opens `s3://bucket/prefix`. Nothing is asked of the server yet.
    pub(super) fn open(url: &url::Url, options: &Options) -> Result<Self, String> {
        let name =
            url.host_str().filter(|name| !name.is_empty()).ok_or("it names no bucket; write s3://bucket/prefix")?;
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.port().is_some() {
            return Err("credentials and endpoint do not belong into it; set the DO_SPACES_ variables".to_owned());
        }
        let (key, secret) = options.credentials()?;
        let endpoint = options.endpoint()?;
        let prefix = Path::from_url_path(url.path()).map_err(|error| error.to_string())?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("object-store")
            .enable_all()
            .build()
            .map_err(|error| format!("its thread cannot be started: {error}"))?;
        let allow_http = endpoint.as_deref().is_some_and(|endpoint| endpoint.starts_with("http://"));
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(name)
            .with_access_key_id(key)
            .with_secret_access_key(secret)
            .with_region(options.region.as_deref().unwrap_or(DEFAULT_REGION))
            .with_client_options(ClientOptions::new().with_allow_http(allow_http))
            .with_retry(RetryConfig { retry_timeout: RETRY_FOR, ..RetryConfig::default() })
            .with_http_connector(SpawnedReqwestConnector::new(runtime.handle().clone()));
        if let Some(endpoint) = endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        let store = builder.build().map_err(|error| error.to_string())?;
        let location = format!("s3://{name}/{prefix}");
        let store = Arc::new(PrefixStore::new(store, prefix));
        Ok(Self { store, location, requests: Requests(Some(runtime)) })
    }

    /// Runs something on the thread of the requests. It is given up should the store be dropped before its end.
    pub(super) fn run(&self, request: impl Future<Output = ()> + Send + 'static) {
        if let Some(runtime) = &self.requests.0 {
            runtime.spawn(request);
        }
    }
}

/// The bytes of an object on S3, read on a thread that may block, by ranges, one of them ahead.
pub(super) struct BucketReader {
    bucket: Arc<Bucket>,
    path: Path,
    pub(super) size_bytes: u64,
    /// Should the object be replaced meanwhile, the store says so.
    etag: Option<String>,
    asked_bytes: u64,
    current: Bytes,
    ahead: Option<mpsc::Receiver<Result<Bytes, object_store::Error>>>,
}

/// Any range of an object on S3, read on a thread that may block.
pub(super) struct RangeReader {
    bucket: Arc<Bucket>,
    path: Path,
    pub(super) size_bytes: u64,
    /// Should the object be replaced meanwhile, the store says so.
    etag: Option<String>,
}

impl RangeReader {
    pub(super) fn open(bucket: &Arc<Bucket>, path: Path, key: &str) -> Result<Self, ObjectError> {
        let found = look_up(bucket, &path, key)?;
        Ok(Self { bucket: Arc::clone(bucket), path, size_bytes: found.size, etag: found.e_tag })
    }

    pub(super) fn read(&self, wanted: Range<u64>) -> io::Result<Bytes> {
        if wanted.is_empty() {
            return Ok(Bytes::new());
        }
        let length = wanted.end - wanted.start;
        let (store, path, etag) = (Arc::clone(&self.bucket.store), self.path.clone(), self.etag.clone());
        let answer = ask(&self.bucket, async move { range(&*store, &path, etag, wanted).await });
        let bytes = wait(&answer)?.map_err(io::Error::other)?;
        if bytes.len() as u64 == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

fn look_up(bucket: &Arc<Bucket>, path: &Path, key: &str) -> Result<ObjectMeta, ObjectError> {
    let (store, wanted) = (Arc::clone(&bucket.store), path.clone());
    let found = ask(bucket, async move { store.head(&wanted).await });
    let found = wait(&found).map_err(|source| ObjectError::io(source, key, "read"))?;
    found.map_err(|source| ObjectError::of(source, key, "read"))
}

impl BucketReader {
    pub(super) fn open(bucket: &Arc<Bucket>, path: Path, key: &str) -> Result<Self, ObjectError> {
        let found = look_up(bucket, &path, key)?;
        let bucket = Arc::clone(bucket);
        let (current, etag) = (Bytes::new(), found.e_tag);
        let mut reader = Self { bucket, path, size_bytes: found.size, etag, asked_bytes: 0, current, ahead: None };
        reader.ask_ahead();
        Ok(reader)
    }

    fn ask_ahead(&mut self) {
        let start = self.asked_bytes;
        let end = (start + READ_BYTES).min(self.size_bytes);
        if start == end {
            return;
        }
        self.asked_bytes = end;
        let (store, path, etag) = (Arc::clone(&self.bucket.store), self.path.clone(), self.etag.clone());
        self.ahead = Some(ask(&self.bucket, async move { range(&*store, &path, etag, start..end).await }));
    }
}

async fn range(
    store: &dyn ObjectStore,
    path: &Path,
    etag: Option<String>,
    range: Range<u64>,
) -> Result<Bytes, object_store::Error> {
    let options = GetOptions { range: Some(GetRange::Bounded(range)), if_match: etag, ..GetOptions::default() };
    store.get_opts(path, options).await?.bytes().await
}

/// Runs a request on the store's thread.
fn ask<T: Send + 'static>(bucket: &Bucket, request: impl Future<Output = T> + Send + 'static) -> mpsc::Receiver<T> {
    let (sender, receiver) = mpsc::sync_channel(1);
    bucket.run(async move {
        // Nobody waits when the reader was dropped.
        let _ = sender.send(request.await);
    });
    receiver
}

fn wait<T>(answer: &mpsc::Receiver<T>) -> io::Result<T> {
    answer.recv().map_err(|_| io::Error::other("the object store's thread ended"))
}

impl Read for BucketReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.current.is_empty() && !buffer.is_empty() {
            let Some(answer) = self.ahead.take() else { return Ok(0) };
            self.current = wait(&answer)?.map_err(io::Error::other)?;
            self.ask_ahead();
        }
        let count = buffer.len().min(self.current.len());
        self.current.copy_to_slice(&mut buffer[..count]);
        Ok(count)
    }
}
