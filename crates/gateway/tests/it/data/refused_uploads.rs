//! Uploads that are no table, too large, or cut short: refused with the place, and nothing is left of them.

use std::time::Duration;

use bytes::Bytes;
use futures::stream;
use http::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::lab::{CSV, Lab};
use crate::house::problem;

/// `size` bytes of a good table, sent chunked, without a declared length.
fn chunked(size: usize) -> reqwest::Body {
    let line = Bytes::from("1234567,7654321\n".repeat(4096));
    let chunks = std::iter::repeat_n(line.clone(), size / line.len()).map(Ok::<_, std::io::Error>);
    let header = std::iter::once(Ok(Bytes::from("a,b\n")));
    reqwest::Body::wrap_stream(stream::iter(header.chain(chunks)))
}

#[tokio::test]
async fn what_is_no_table_is_refused_with_place_and_reason() {
    let lab = Lab::build().await;
    let cases: [(&[u8], &str, Value, Value); 9] = [
        (b"a,b\n1,2\n3\n", "ragged", json!(3), Value::Null),
        (b"a,b\n1,2\n3,caf\xe9\n", "encoding", json!(3), Value::Null),
        (b"", "empty", Value::Null, Value::Null),
        (b"a,b\n", "no_rows", json!(1), Value::Null),
        (b"a,b,a\n1,2,3\n", "duplicate_header", json!(1), json!(3)),
        (b"a,,c\n1,2,3\n", "blank_header", json!(1), json!(2)),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary", Value::Null, Value::Null),
        (b"a,b\n1,\"open\n2,3\n", "unclosed_quote", json!(2), json!(2)),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03trash", "gzip", json!(1), Value::Null),
    ];
    for (bytes, reason, line, column) in cases {
        let refused = problem(lab.upload(&lab.ann, "bad", bytes).await, 422, "not-a-table").await;
        assert_eq!(refused["reason"], reason, "{refused}");
        assert_eq!((&refused["line"], &refused["column"]), (&line, &column), "{refused}");
        assert!(refused["detail"].as_str().unwrap().len() > 20, "{refused}");
        lab.assert_nothing_is_left().await;
    }
    assert_eq!(lab.count("SELECT count(*) FROM e2i.jobs").await, 0);
}

#[tokio::test]
async fn a_table_above_the_limit_is_refused_declared_or_chunked_or_packed() {
    let lab = Lab::build_with(|env| env.with("UPLOAD_MAX_BYTES", "1MiB")).await;
    let declared = vec![b'x'; (1 << 20) + 1];
    let refused = problem(lab.upload(&lab.ann, "big", declared).await, 413, "content-too-large").await;
    assert_eq!(refused["limit_bytes"], 1 << 20);
    lab.assert_nothing_is_left().await;
    problem(lab.upload(&lab.ann, "big", chunked(3 << 20)).await, 413, "content-too-large").await;
    lab.assert_nothing_is_left().await;
    let part = Part::stream(chunked(3 << 20)).file_name("big.csv");
    let form = lab.request(Method::POST, "/api/v1/datasets", &lab.ann).multipart(Form::new().part("file", part));
    problem(form.send().await.unwrap(), 413, "content-too-large").await;
    lab.assert_nothing_is_left().await;

    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut bomb, format!("a,b\n{}", "0,0\n".repeat(1 << 20)).as_bytes()).unwrap();
    let refused = problem(lab.upload(&lab.ann, "bomb", bomb.finish().unwrap()).await, 413, "not-a-table").await;
    assert_eq!(refused["reason"], "too_large");
    lab.assert_nothing_is_left().await;
    lab.upload(&lab.ann, "fits", chunked(512 << 10)).await.error_for_status().unwrap();
}

#[tokio::test]
async fn a_client_that_goes_away_leaves_nothing() {
    let lab = Lab::build().await;
    for length in ["transfer-encoding: chunked\r\n\r\n10000\r\n", "content-length: 1000000\r\n\r\n"] {
        let mut connection = TcpStream::connect(lab.house.address).await.unwrap();
        let head = format!(
            "POST /api/v1/datasets?name=half HTTP/1.1\r\nhost: x\r\ncontent-type: text/csv\r\n\
             authorization: Bearer {}\r\n{length}",
            lab.ann.access_token
        );
        connection.write_all(head.as_bytes()).await.unwrap();
        connection.write_all(CSV.as_bytes()).await.unwrap();
        lab.until("SELECT count(*) FROM e2i.datasets WHERE state = 'uploading'", 1).await;
        drop(connection);
        lab.until("SELECT count(*) FROM e2i.datasets", 0).await;
        // The row goes before the object; nothing was visible of the object anyway.
        tokio::time::sleep(Duration::from_millis(100)).await;
        lab.assert_nothing_is_left().await;
    }
}

#[tokio::test]
async fn a_body_that_ends_early_is_refused_and_leaves_nothing() {
    let lab = Lab::build().await;
    let mut connection = TcpStream::connect(lab.house.address).await.unwrap();
    let head = format!(
        "POST /api/v1/datasets?name=half HTTP/1.1\r\nhost: x\r\ncontent-type: text/csv\r\ncontent-length: 1000\r\n\
         authorization: Bearer {}\r\n\r\n{CSV}",
        lab.ann.access_token
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    connection.shutdown().await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{answer}");
    lab.until("SELECT count(*) FROM e2i.datasets", 0).await;
    lab.assert_nothing_is_left().await;
}

#[tokio::test]
async fn a_form_that_cannot_be_used_says_why_and_leaves_nothing() {
    let lab = Lab::build().await;
    let file = || Part::bytes(CSV.as_bytes()).file_name("x.csv");
    let cases = [
        (Form::new().part("file", file()).text("name", "late"), 400, "bad-request", "before the field file"),
        (Form::new().part("file", file()).part("file", file()), 400, "bad-request", "two fields file"),
        (Form::new().text("colour", "blue").part("file", file()), 400, "bad-request", "\"colour\""),
        (Form::new().text("name", "x"), 422, "unprocessable-content", "no field file"),
        (Form::new().part("file", Part::bytes(CSV.as_bytes())), 422, "unprocessable-content", "no name"),
        (Form::new().text("name", " ").part("file", file()), 422, "unprocessable-content", "empty"),
    ];
    for (form, status, kind, words) in cases {
        let response = lab.request(Method::POST, "/api/v1/datasets", &lab.ann).multipart(form).send().await.unwrap();
        let refused = problem(response, status, kind).await;
        assert!(refused["detail"].as_str().unwrap().contains(words), "{refused}");
        lab.assert_nothing_is_left().await;
    }
}

/// A form's reader holds what is not the file in memory: there must not be much of it.
#[tokio::test]
async fn a_form_that_hides_a_flood_outside_its_file_is_cut_off() {
    let lab = Lab::build().await;
    let flood =
        || reqwest::Body::wrap_stream(stream::iter((0..200).map(|_| Ok::<_, std::io::Error>(vec![b'x'; 1 << 20]))));
    let late =
        Form::new().part("file", Part::bytes(CSV.as_bytes()).file_name("x.csv")).part("name", Part::stream(flood()));
    for form in [Form::new().part("name", Part::stream(flood())), late] {
        let request = lab.request(Method::POST, "/api/v1/datasets", &lab.ann).multipart(form);
        // Cut off while it sends, the client may not get to read the answer.
        if let Ok(response) = request.send().await {
            problem(response, 400, "bad-request").await;
        }
        lab.until("SELECT count(*) FROM e2i.datasets", 0).await;
        lab.assert_nothing_is_left().await;
    }
}

#[tokio::test]
async fn other_media_types_and_a_missing_name_are_refused_unread() {
    let lab = Lab::build().await;
    let send = async |path: &str, media_type: &str| {
        lab.request(Method::POST, path, &lab.ann).header("content-type", media_type).body(CSV).send().await.unwrap()
    };
    let named = "/api/v1/datasets?name=x";
    problem(send(named, "application/json").await, 415, "unsupported-media-type").await;
    let curl = problem(send(named, "application/x-www-form-urlencoded").await, 415, "unsupported-media-type").await;
    assert!(curl["detail"].as_str().unwrap().contains("--data-binary"), "{curl}");
    problem(send("/api/v1/datasets", "text/csv").await, 422, "unprocessable-content").await;
    let long = format!("/api/v1/datasets?name={}", "x".repeat(201));
    problem(send(&long, "text/csv").await, 422, "unprocessable-content").await;
    problem(send("/api/v1/datasets?name=x&workspace_id=nonsense", "text/csv").await, 400, "bad-request").await;
    lab.assert_nothing_is_left().await;
}

#[tokio::test]
async fn above_the_number_of_uploads_at_once_the_answer_is_503_and_a_free_place_is_used_again() {
    let lab = Lab::build_with(|env| env.with("UPLOADS_AT_ONCE", "1")).await;
    let (sender, receiver) = tokio::sync::mpsc::channel::<Result<Bytes, std::io::Error>>(1);
    let slow = reqwest::Body::wrap_stream(tokio_stream::wrappers::ReceiverStream::new(receiver));
    let first = lab.upload(&lab.ann, "slow", slow);
    let second = async {
        sender.send(Ok(Bytes::from("a,b\n1,2\n"))).await.unwrap();
        lab.until("SELECT count(*) FROM e2i.datasets", 1).await;
        let refused = lab.upload(&lab.bob, "other", CSV).await;
        assert_eq!(refused.headers()["retry-after"], "5");
        problem(refused, 503, "service-unavailable").await;
        drop(sender);
    };
    let (first, ()) = tokio::join!(first, second);
    assert_eq!(first.status(), 201);
    assert_eq!(lab.upload(&lab.bob, "other", CSV).await.status(), 201);
}
