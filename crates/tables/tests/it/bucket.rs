//! The store on S3, against a server that checks signatures (`s3s-fs`).

use std::io::Read;

use bytes::Bytes;
use domain::dataset::StoredTable;
use futures::{StreamExt, stream};
use tables::objects::{ObjectError, Objects, Options};
use tables::read::{Table, preview};
use tables::upload::{Limits, UploadError, receive};

use crate::parquet_files::{Values, plain};
use crate::s3_server::Server;
use crate::support::pieces;

fn objects(server: &Server) -> Objects {
    Objects::open_with("s3://bucket/some/folder", &server.options).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_is_got() {
    let server = Server::start().await;
    let objects = objects(&server);
    assert_eq!(objects.location(), "s3://bucket/some/folder");
    let content: Vec<u8> = (0..20_000_000_u32).map(|index| index.to_le_bytes()[index as usize % 3]).collect();
    assert_eq!(objects.put_stream("a/b", pieces(&content, 1 << 20)).await.unwrap(), 20_000_000);
    assert_eq!(std::fs::read(server.folder.path().join("bucket/some/folder/a/b")).unwrap(), content);
    assert_eq!(objects.size("a/b").await.unwrap(), Some(20_000_000));
    let some: Vec<Bytes> =
        objects.get_stream("a/b", Some(7..9_000_000)).await.unwrap().map(Result::unwrap).collect().await;
    assert!(some.concat() == content[7..9_000_000]);
    // Another process, given where the store is and the options over a pipe.
    let frame = serde_json::to_string(&(objects.location(), &server.options)).unwrap();
    let (location, options): (String, Options) = serde_json::from_str(&frame).unwrap();
    let read = tokio::task::spawn_blocking(move || {
        let mut reader = Objects::open_with(&location, &options).unwrap().reader("a/b").unwrap();
        let mut seen = Vec::new();
        reader.read_to_end(&mut seen).unwrap();
        (reader.size_bytes(), seen)
    });
    let (size_bytes, seen) = read.await.unwrap();
    assert_eq!(size_bytes, 20_000_000);
    assert!(seen == content);
    objects.delete("a/b").await.unwrap();
    objects.delete("a/b").await.unwrap();
    assert!(!objects.exists("a/b").await.unwrap());
    let blocking = objects.clone();
    let gone = tokio::task::spawn_blocking(move || blocking.reader("a/b").unwrap_err()).await.unwrap();
    assert!(matches!(gone, ObjectError::NotFound { .. }), "{gone}");
    assert_eq!(objects.put_stream("empty", pieces(b"", 1)).await.unwrap(), 0);
    assert_eq!(objects.size("empty").await.unwrap(), Some(0));
}

/// Formats that are read from their end are checked by ranges where they lie.
#[tokio::test(flavor = "multi_thread")]
async fn a_parquet_file_is_received_and_read() {
    let server = Server::start().await;
    let objects = objects(&server);
    let rows = 300_000;
    let numbers = Values::F64((0..rows).map(|row| Some(f64::from(row) / 7.0)).collect());
    let ids = Values::I64((0..rows).map(|row| Some(i64::from(row))).collect());
    let file = plain("optional double y; required int64 id;", &[numbers, ids]);
    let received = receive(&objects, "t", pieces(&file, 100_000), None, &Limits::default()).await.unwrap();
    assert_eq!((received.size_bytes, received.schema.rows), (file.len() as u64, 300_000));
    let table = StoredTable { object_key: "t".to_owned(), schema: received.schema };
    let blocking = objects.clone();
    tokio::task::spawn_blocking(move || {
        let loaded = Table::load(&blocking, &table, &["y".to_owned()], &mut |_| {}).unwrap();
        assert_eq!(loaded.numeric("y").unwrap().value(299_999).to_bits(), (299_999.0_f64 / 7.0).to_bits());
        assert_eq!(preview(&blocking, &table, 1).unwrap().rows[0][1].as_deref(), Some("0"));
    })
    .await
    .unwrap();
    let cut = receive(&objects, "u", pieces(&file[..file.len() - 5], 100_000), None, &Limits::default()).await;
    assert!(matches!(cut, Err(UploadError::Refused(_))));
    assert!(!objects.exists("u").await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_received_and_read() {
    let server = Server::start().await;
    let objects = objects(&server);
    let rows: Vec<String> = (0..400_000).map(|row| format!("{row},word {}", row % 7)).collect();
    let file = format!("x,y\n{}\n", rows.join("\n"));
    let received = receive(&objects, "t", pieces(file.as_bytes(), 100_000), None, &Limits::default()).await.unwrap();
    let table = StoredTable { object_key: "t".to_owned(), schema: received.schema };
    tokio::task::spawn_blocking(move || {
        let loaded = Table::load(&objects, &table, &["x".to_owned()], &mut |_| {}).unwrap();
        assert_eq!(loaded.numeric("x").unwrap().values().last(), Some(&399_999.0));
        assert_eq!(preview(&objects, &table, 2).unwrap().rows[1][1].as_deref(), Some("word 1"));
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_stays_of_what_fails() {
    let server = Server::start().await;
    let objects = objects(&server);
    let long = [b"a,b\n".to_vec(), b"1,2\n".repeat(3_000_000), b"3\n".to_vec()].concat();
    let refused = receive(&objects, "t", pieces(&long, 1 << 20), None, &Limits::default()).await;
    assert!(matches!(refused, Err(UploadError::Refused(_))), "{refused:?}");
    assert_eq!(server.files(), Vec::<String>::new());
    let whole: Vec<_> = long.chunks(1 << 20).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    let cut = stream::iter(whole.into_iter().take(10).chain([Err(std::io::Error::other("gone"))]));
    assert!(matches!(objects.put_stream("t", cut).await, Err(ObjectError::Incoming { .. })));
    assert_eq!(server.files(), Vec::<String>::new());
    let mut writer = objects.writer("t").await.unwrap();
    writer.write(&long).await.unwrap();
    assert!(!objects.exists("t").await.unwrap());
    drop(writer);
    for _ in 0..500 {
        if server.files().is_empty() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("left behind: {:?}", server.files());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_is_refused_and_not_told() {
    let server = Server::start().await;
    let options = Options { secret: Some("another secret".to_owned()), ..server.options.clone() };
    let objects = Objects::open_with("s3://bucket", &options).unwrap();
    let error = objects.put_stream("x", pieces(b"1", 1)).await.unwrap_err();
    assert!(matches!(error, ObjectError::Store { .. }), "{error}");
    let told = format!("{error} {error:?} {objects:?} {options:?}");
    assert!(!told.contains("another secret"), "{told}");
    assert!(server.files().is_empty());
}

#[test]
fn what_cannot_be_a_bucket_is_refused() {
    let full = Options { key: Some("k".to_owned()), secret: Some("s".to_owned()), ..Options::default() };
    for (location, options, words) in [
        ("s3://bucket", Options::default(), "DO_SPACES_KEY"),
        ("s3://", full.clone(), "names no bucket"),
        ("s3://k:topsecret@bucket/x", full.clone(), "do not belong"),
        ("s3://bucket", Options { endpoint: Some("ftp://x".to_owned()), ..full }, "DO_SPACES_ENDPOINT"),
    ] {
        let error = Objects::open_with(location, &options).unwrap_err().to_string();
        assert!(error.contains(words) && !error.contains("topsecret"), "{error}");
    }
}
