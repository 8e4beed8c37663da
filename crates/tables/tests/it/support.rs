//! A store in a folder of its own, and files as streams.

use std::convert::Infallible;
use std::io::Write;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use domain::dataset::{StoredTable, TableSchema};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::stream::{self, Stream};
use tables::objects::Objects;
use tables::upload::{Limits, Received, UploadError, check, receive};
use tempfile::TempDir;

/// A store that goes away with its folder.
pub(crate) struct Store {
    pub(crate) folder: TempDir,
    pub(crate) objects: Objects,
}

impl Store {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let objects = Objects::open(folder.path().to_str().unwrap()).unwrap();
        Self { folder, objects }
    }

    /// Every file in the store, staging files too.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { walk(&path, found) } else { found.push(path) }
            }
        }
        let mut found = Vec::new();
        walk(self.folder.path(), &mut found);
        found
    }

    pub(crate) async fn upload(&self, file: &[u8]) -> Result<Received, UploadError> {
        receive(&self.objects, "tables/1", pieces(file, 1000), None, &Limits::default()).await
    }

    /// Uploads a file that must be good.
    pub(crate) fn stored(&self, file: &[u8]) -> StoredTable {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let received = runtime.block_on(self.upload(file)).unwrap();
        StoredTable { object_key: "tables/1".to_owned(), schema: received.schema }
    }
}

pub(crate) fn pieces(file: &[u8], size: usize) -> impl Stream<Item = Result<Bytes, Infallible>> + use<> {
    let pieces: Vec<_> = file.chunks(size).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    stream::iter(pieces)
}

pub(crate) fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// Checks a file that must be good.
pub(crate) fn schema(file: &[u8]) -> TableSchema {
    check(file, None, &Limits::default()).unwrap_or_else(|error| panic!("{error}"))
}
