//! Uploads: what comes back, and that nothing stays of what failed.

use std::convert::Infallible;

use bytes::Bytes;
use futures::StreamExt;
use futures::stream;
use tables::upload::{Limits, UploadError, receive};

use crate::support::{Store, gzip, pieces};

#[tokio::test]
async fn a_good_file_is_stored_as_it_came() {
    let store = Store::new();
    for file in [b"a,b\n1,2\n".to_vec(), gzip(b"a,b\n1,2\n")] {
        let received = store.upload(&file).await.unwrap();
        assert_eq!(received.size_bytes, file.len() as u64);
        assert_eq!(received.schema.rows, 1);
        assert_eq!(std::fs::read(store.folder.path().join("tables/1")).unwrap(), file);
    }
    let received = store.upload(b"a,b\n1,2\n").await.unwrap();
    assert_eq!(received.sha256, "492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470");
    assert_eq!(store.files().len(), 1);
}

#[tokio::test]
async fn nothing_stays_of_a_bad_file() {
    let store = Store::new();
    let late = [b"a,b\n".to_vec(), b"1,2\n".repeat(5_000_000), b"3\n".to_vec()].concat();
    for file in [b"".to_vec(), b"a,a\n1,2\n".to_vec(), late] {
        let error = store.upload(&file).await.unwrap_err();
        assert!(matches!(error, UploadError::Refused(_)), "{error}");
        assert!(store.files().is_empty());
    }
    let error = store.upload(&[b"a,b\n".to_vec(), b"1,2\n".repeat(99), b"3\n".to_vec()].concat()).await.unwrap_err();
    assert_eq!(error.line(), Some(101));
}

#[tokio::test]
async fn a_bad_file_is_refused_before_its_end() {
    let store = Store::new();
    let endless = pieces(b"a,b\n1\n", 6).chain(stream::repeat_with(|| Ok(Bytes::from_static(b"\n\n\n\n"))));
    let refused = receive(&store.objects, "x", endless, None, &Limits::default()).await;
    assert!(matches!(refused, Err(UploadError::Refused(_))));
}

#[tokio::test]
async fn too_many_bytes_are_refused() {
    let store = Store::new();
    let limits = Limits { max_stored_bytes: 1000, ..Limits::default() };
    let error = receive(&store.objects, "x", pieces(&b"a,b\n".repeat(251), 100), None, &limits).await.unwrap_err();
    assert!(error.is_too_large());
    assert_eq!(error.to_string(), "the file is larger than the 1000 bytes allowed; split it, or leave out columns");
    assert!(receive(&store.objects, "x", pieces(&b"a,b\n".repeat(250), 100), None, &limits).await.is_ok());
}

#[tokio::test]
async fn nothing_stays_of_an_interrupted_upload() {
    let store = Store::new();
    let broken = stream::iter([Ok(Bytes::from_static(b"a,b\n1,2\n")), Err("connection reset")]);
    let error = receive(&store.objects, "x", broken, None, &Limits::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "the upload was interrupted: connection reset");
    assert!(store.files().is_empty());
}

#[test]
fn nothing_stays_of_an_upload_whose_caller_went_away() {
    let store = Store::new();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let begun = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"a,b\n1,2\n"))]).chain(stream::pending());
        let limits = Limits::default();
        let mut upload = std::pin::pin!(receive(&store.objects, "x", begun, None, &limits));
        while store.files().is_empty() {
            assert!(futures::poll!(&mut upload).is_pending());
            tokio::task::yield_now().await;
        }
    });
    // The runtime waits for the removal, and for the checking thread, which saw the end of its input.
    drop(runtime);
    assert!(store.files().is_empty());
}

#[tokio::test]
async fn a_delimiter_can_be_given() {
    let store = Store::new();
    let received =
        receive(&store.objects, "x", pieces(b"a;b,c\n1;2,3\n", 5), Some(b','), &Limits::default()).await.unwrap();
    assert_eq!(received.schema.columns.len(), 2);
    assert_eq!(received.schema.columns[0].name, "a;b");
}
