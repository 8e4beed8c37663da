//! The store: whole objects or none.

use std::io::Read;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures::StreamExt;
use futures::stream;
use tables::objects::{ObjectError, Objects};

use crate::support::{Store, pieces};

async fn read(store: &Store, key: &str, range: Option<std::ops::Range<u64>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut stream = store.objects.get_stream(key, range).await.unwrap();
    while let Some(piece) = stream.next().await {
        bytes.extend_from_slice(&piece.unwrap());
    }
    bytes
}

#[tokio::test]
async fn what_is_put_is_got() {
    let store = Store::new();
    let content: Vec<u8> = (0..20_000_000_u32).map(|index| index.to_le_bytes()[index as usize % 3]).collect();
    let size = store.objects.put_stream("a/b/c", pieces(&content, 123_457)).await.unwrap();
    assert_eq!(size, 20_000_000);
    assert_eq!(store.objects.size("a/b/c").await.unwrap(), Some(size));
    assert!(read(&store, "a/b/c", None).await == content);
    assert!(read(&store, "a/b/c", Some(9_999_999..15_000_000)).await == content[9_999_999..15_000_000]);
    let mut reader = store.objects.reader("a/b/c").unwrap();
    assert_eq!(reader.size_bytes(), size);
    let mut seen = Vec::new();
    reader.read_to_end(&mut seen).unwrap();
    assert!(seen == content);
    assert_eq!(store.files().len(), 1);
}

#[tokio::test]
async fn an_empty_object_is_an_object() {
    let store = Store::new();
    assert_eq!(store.objects.put_stream("empty", pieces(b"", 1)).await.unwrap(), 0);
    assert_eq!(store.objects.size("empty").await.unwrap(), Some(0));
    assert!(read(&store, "empty", None).await.is_empty());
}

#[tokio::test]
async fn what_is_deleted_is_gone() {
    let store = Store::new();
    store.objects.put_stream("x", pieces(b"1", 1)).await.unwrap();
    store.objects.delete("x").await.unwrap();
    store.objects.delete("x").await.unwrap();
    assert!(!store.objects.exists("x").await.unwrap());
    assert!(matches!(store.objects.reader("x"), Err(ObjectError::NotFound { .. })));
    let error = store.objects.get_stream("x", None).await.err().unwrap();
    assert_eq!(error.to_string(), "there is no object `x` in the store");
}

#[tokio::test]
async fn nothing_shows_before_the_end_or_after_a_failure() {
    let store = Store::new();
    store.objects.put_stream("x", pieces(b"old", 1)).await.unwrap();
    let mut writer = store.objects.writer("x").await.unwrap();
    writer.write(&vec![1; 20 << 20]).await.unwrap();
    assert_eq!(read(&store, "x", None).await, b"old");
    writer.abort().await;
    let broken = stream::iter([Ok(Bytes::from(vec![2; 9 << 20])), Err("the line went dead")]);
    let error = store.objects.put_stream("x", broken).await.unwrap_err();
    assert_eq!(error.to_string(), "the bytes for `x` stopped coming: the line went dead");
    assert_eq!(read(&store, "x", None).await, b"old");
    assert_eq!(store.files().len(), 1);
}

#[tokio::test]
async fn old_staging_files_are_swept() {
    let store = Store::new();
    store.objects.put_stream("kept/object", pieces(b"1", 1)).await.unwrap();
    let folder = store.folder.path().join("kept");
    for name in ["object#1", "other#23", "not#staging", "recent#1"] {
        std::fs::write(folder.join(name), b"half").unwrap();
    }
    let modified = std::fs::metadata(folder.join("recent#1")).unwrap().modified().unwrap();
    let hour_ago: SystemTime = modified - Duration::from_hours(1);
    for name in ["object", "object#1", "other#23", "not#staging"] {
        std::fs::File::options().write(true).open(folder.join(name)).unwrap().set_modified(hour_ago).unwrap();
    }
    let half_an_hour_ago = modified - Duration::from_mins(30);
    assert_eq!(store.objects.sweep_staging(half_an_hour_ago.into()).await.unwrap(), 2);
    let mut left: Vec<String> =
        store.files().iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    left.sort();
    assert_eq!(left, ["not#staging", "object", "recent#1"]);
}

#[tokio::test]
async fn wrong_keys_and_places_are_refused() {
    let store = Store::new();
    for key in ["", "../x", "a//b", "a/./b", "x#1"] {
        let refused = store.objects.put_stream(key, pieces(b"1", 1)).await;
        assert!(refused.is_err(), "{key:?}");
    }
    assert!(store.files().is_empty());
    let error = Objects::open("ftp://user:hunter2@bucket.example/prefix?key=hunter2").unwrap_err().to_string();
    assert!(!error.contains("hunter2"), "{error}");
    assert!(
        error.ends_with("`ftp://` is not known; give the path of a folder, a file:// URL or s3://bucket/prefix"),
        "{error}"
    );
    assert!(Objects::open("").is_err());
}

#[test]
fn a_file_url_opens_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("with space");
    let url = url::Url::from_file_path(&inner).unwrap();
    let objects = Objects::open(url.as_str()).unwrap();
    assert!(inner.is_dir());
    assert_eq!(Objects::open(&objects.location()).unwrap().location(), objects.location());
}
