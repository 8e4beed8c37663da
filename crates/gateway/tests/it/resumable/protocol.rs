//! The protocol, request by request.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::client::{Client, encoded, header, location, table};
use crate::data::lab::{CSV, Lab};
use crate::house::{body, problem};

#[tokio::test]
async fn options_say_what_is_spoken_to_everybody() {
    let lab =
        Lab::build_with(|env| env.with("UPLOAD_MAX_BYTES", "1MiB").with("CORS_ORIGINS", "https://a.example")).await;
    let url = format!("http://{}/api/v1/uploads", lab.house.address);
    let answer = lab.client.request(Method::OPTIONS, &url).send().await.unwrap();
    assert_eq!(answer.status(), 204);
    assert_eq!(header(&answer, "tus-version"), "1.0.0");
    assert_eq!(header(&answer, "tus-extension"), "creation,creation-with-upload,checksum,expiration,termination");
    assert_eq!(header(&answer, "tus-max-size"), (1 << 20).to_string());
    assert_eq!(header(&answer, "tus-checksum-algorithm"), "sha1,sha256");
    assert_eq!(header(&answer, "tus-resumable"), "1.0.0");

    // A script of another origin may send and read what tus needs.
    let preflight = lab.client.request(Method::OPTIONS, format!("{url}/7")).header("origin", "https://a.example");
    let preflight = preflight.header("access-control-request-method", "PATCH").send().await.unwrap();
    assert_eq!(
        (preflight.status().as_u16(), header(&preflight, "access-control-allow-origin").as_str()),
        (200, "https://a.example")
    );
    let allowed = header(&preflight, "access-control-allow-headers");
    for name in ["tus-resumable", "upload-length", "upload-metadata", "upload-offset", "upload-checksum"] {
        assert!(allowed.contains(name), "{name} in {allowed}");
    }
    let created = Client::of(&lab, &lab.ann).create(9, &[("name", "x")]).header("origin", "https://a.example");
    let exposed = header(&created.send().await.unwrap(), "access-control-expose-headers");
    for name in ["location", "upload-offset", "upload-expires", "dataset-id", "tus-resumable"] {
        assert!(exposed.contains(name), "{name} in {exposed}");
    }
}

#[tokio::test]
async fn a_table_in_pieces_becomes_the_dataset_that_one_at_once_would() {
    let lab = Lab::build().await;
    let ann = Client::of(&lab, &lab.ann);
    let said = [("filename", "Umsätze 2026.csv"), ("filetype", "text/csv"), ("relativePath", "null")];
    let created = ann.create(CSV.len(), &said).send().await.unwrap();
    assert_eq!((header(&created, "upload-offset"), header(&created, "tus-resumable")), ("0".into(), "1.0.0".into()));
    let expires = header(&created, "upload-expires");
    assert!(expires.ends_with(" GMT"), "{expires}");
    let path = location(created).await;
    assert!(path.starts_with("/api/v1/uploads/"), "{path}");

    for (offset, end) in [(0, 5), (5, 11)] {
        let added = ann.add(&path, offset, &CSV[offset..end]).await;
        assert_eq!((added.status().as_u16(), header(&added, "upload-offset")), (204, end.to_string()));
        assert_eq!(header(&added, "upload-expires"), expires);
        let head = ann.head(&path).await;
        assert_eq!((head.status().as_u16(), header(&head, "upload-offset")), (200, end.to_string()));
        assert_eq!(header(&head, "upload-length"), CSV.len().to_string());
        assert_eq!(header(&head, "upload-metadata"), encoded(&said));
        assert_eq!(header(&head, "cache-control"), "no-store");
    }
    let open = ann.get(&path).await;
    assert_eq!(
        (&open["state"], &open["offset_bytes"], &open["dataset_id"]),
        (&json!("receiving"), &json!(11), &json!(null))
    );
    assert_eq!(lab.count("SELECT count(*) FROM e2i.datasets").await, 0, "no dataset before its last byte");

    let last = ann.add(&path, 11, &CSV[11..]).await;
    assert_eq!((last.status().as_u16(), header(&last, "upload-offset")), (204, CSV.len().to_string()));
    let dataset = header(&last, "dataset-id");
    assert_eq!(ann.download(&dataset).await, CSV.as_bytes());
    let stored = lab.get(&format!("/api/v1/datasets/{dataset}"), &lab.ann).await;
    let at_once = body(lab.upload(&lab.ann, "Ums%C3%A4tze%202026", CSV).await, 201).await;
    assert_eq!((&stored["name"], &stored["version"]), (&json!("Umsätze 2026"), &json!(1)));
    for member in ["name", "workspace_id", "rows", "schema", "sha256", "size_bytes", "created_by"] {
        assert_eq!(stored[member], at_once[member], "{member}");
    }
    assert_eq!(at_once["version"], 2);
    assert_eq!(lab.count("SELECT count(*) FROM e2i.jobs WHERE agent = 'profile'").await, 2);
    assert_eq!((lab.house.audited("upload.create").await, lab.house.audited("dataset.upload").await), (1, 2));

    let done = ann.get(&path).await;
    assert_eq!((&done["state"], &done["dataset_id"]), (&json!("stored"), &json!(dataset)));
    let head = ann.head(&path).await;
    assert_eq!((header(&head, "upload-offset"), header(&head, "dataset-id")), (CSV.len().to_string(), dataset.clone()));
    // A client whose answer was lost asks again.
    let again = ann.add(&path, CSV.len(), "").await;
    assert_eq!((again.status().as_u16(), header(&again, "dataset-id")), (204, dataset));
    lab.until("SELECT count(*) FROM e2i.upload_parts", 0).await;
    assert_eq!(lab.objects().len(), 2, "the datasets, and no part");
}

#[tokio::test]
async fn who_does_not_speak_our_version_is_told_which_it_is() {
    let lab = Lab::build().await;
    let ann = Client::of(&lab, &lab.ann);
    let path = ann.begin("x", 10).await;
    for (method, path) in
        [(Method::POST, "/api/v1/uploads"), (Method::HEAD, &path), (Method::PATCH, &path), (Method::DELETE, &path)]
    {
        for version in [None, Some("0.2.2"), Some("1.0")] {
            let request = ann.plain(method.clone(), path).header("upload-length", "10").header("upload-offset", "0");
            let request =
                version.into_iter().fold(request, |request, version| request.header("tus-resumable", version));
            let answer = request.send().await.unwrap();
            assert_eq!((answer.status().as_u16(), header(&answer, "tus-version")), (412, "1.0.0".into()), "{method}");
            assert_eq!(header(&answer, "tus-resumable"), "1.0.0");
        }
    }
    assert_eq!((lab.count("SELECT count(*) FROM e2i.uploads").await, ann.offset(&path).await), (1, 0));
}

type Headers<'a> = &'a [(&'a str, &'a str)];

#[tokio::test]
async fn what_is_no_upload_is_not_begun() {
    let lab = Lab::build_with(|env| env.with("UPLOAD_MAX_BYTES", "1MiB")).await;
    let ann = Client::of(&lab, &lab.ann);
    let (name, big) = (encoded(&[("name", "x")]), ((1 << 20) + 1).to_string());
    let foreign = encoded(&[("name", "x"), ("workspace_id", "00000000-0000-0000-0000-000000000007")]);
    let nonsense = encoded(&[("name", "x"), ("workspace_id", "mine")]);
    let cases: [(Headers<'_>, u16, &str); 11] = [
        (&[("upload-metadata", &name)], 400, "Upload-Length is missing"),
        (&[("upload-metadata", &name), ("upload-defer-length", "1")], 400, "no Upload-Defer-Length"),
        (&[("upload-metadata", &name), ("upload-length", "-1")], 400, "no number of bytes"),
        (&[("upload-metadata", &name), ("upload-length", "1e3")], 400, "no number of bytes"),
        (&[("upload-metadata", &name), ("upload-length", "0")], 422, "empty"),
        (&[("upload-metadata", &name), ("upload-length", &big)], 413, "1048576"),
        (&[("upload-length", "10")], 422, "no name"),
        (&[("upload-length", "10"), ("upload-metadata", "name ???")], 400, "base64"),
        (&[("upload-length", "10"), ("upload-metadata", "name IA==")], 422, "no name"),
        (&[("upload-length", "10"), ("upload-metadata", &nonsense)], 422, "no id"),
        (&[("upload-length", "10"), ("upload-metadata", &foreign)], 404, "no workspace"),
    ];
    for (headers, status, words) in cases {
        let request = ann.request(Method::POST, "/api/v1/uploads");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let answer = request.send().await.unwrap();
        assert_eq!(header(&answer, "tus-resumable"), "1.0.0");
        let refused = body(answer, status).await;
        assert!(refused["detail"].as_str().unwrap().contains(words), "{headers:?} {refused}");
    }
    let with_body = ann.create(10, &[("name", "x")]).header("content-type", "text/csv").body(CSV);
    problem(with_body.send().await.unwrap(), 415, "unsupported-media-type").await;
    assert_eq!(lab.count("SELECT count(*) FROM e2i.uploads").await, 0);
}

#[tokio::test]
async fn bytes_that_do_not_belong_there_are_not_added() {
    let lab = Lab::build().await;
    let ann = Client::of(&lab, &lab.ann);
    let path = ann.begin("x", 10).await;
    ann.add(&path, 0, "a,b\n").await.error_for_status().unwrap();

    let other_type = ann.request(Method::PATCH, &path).header("upload-offset", 4).header("content-type", "text/csv");
    problem(other_type.body("1,2\n").send().await.unwrap(), 415, "unsupported-media-type").await;
    let no_offset = ann.request(Method::PATCH, &path).header("content-type", "application/offset+octet-stream");
    problem(no_offset.body("1,2\n").send().await.unwrap(), 400, "bad-request").await;
    for offset in [0, 3, 5, 10] {
        let conflict = problem(ann.add(&path, offset, "1,2\n").await, 409, "conflict").await;
        assert_eq!(conflict["offset_bytes"], 4, "{conflict}");
    }
    problem(ann.add(&path, 4, "1,2\n3,4").await, 413, "content-too-large").await;
    let chunked = reqwest::Body::wrap_stream(futures::stream::iter(["1,2\n", "3,4"].map(Ok::<_, std::io::Error>)));
    problem(ann.add(&path, 4, chunked).await, 413, "content-too-large").await;
    assert_eq!(ann.offset(&path).await, 4);
    assert_eq!(ann.add(&path, 4, "").await.status(), 204, "nothing may be added, too");
    assert_eq!(ann.add(&path, 4, "1,2\n5\n").await.status(), 422, "complete, and no table");
    problem(ann.add("/api/v1/uploads/00000000-0000-0000-0000-000000000007", 0, "1").await, 404, "not-found").await;
    problem(ann.add("/api/v1/uploads/7", 0, "1").await, 404, "not-found").await;
}

/// A declared length says nothing of a body that is exactly one part long: it must not count before its end.
#[tokio::test]
async fn a_chunked_body_that_goes_on_after_the_last_byte_completes_nothing() {
    let lab = Lab::build().await;
    let ann = Client::of(&lab, &lab.ann);
    let length = 8 << 20;
    let path = ann.begin("x", length).await;
    let chunks = [table(length, b'1')[..length].to_vec(), b"more".to_vec()].map(Ok::<_, std::io::Error>);
    let body = reqwest::Body::wrap_stream(futures::stream::iter(chunks));
    problem(ann.add(&path, 0, body).await, 413, "content-too-large").await;
    assert_eq!(ann.offset(&path).await, 0);
    assert_eq!(lab.count("SELECT count(*) FROM e2i.upload_parts").await, 0);
}

#[tokio::test]
async fn the_method_may_be_given_in_a_header() {
    let lab = Lab::build().await;
    let ann = Client::of(&lab, &lab.ann);
    let path = ann.begin("x", CSV.len()).await;
    let meant = |method: &str| ann.request(Method::POST, &path).header("x-http-method-override", method);
    let adding = meant("PATCH").header("upload-offset", 0).header("content-type", "application/offset+octet-stream");
    assert_eq!(adding.body(&CSV[..7]).send().await.unwrap().status(), 204);
    assert_eq!(header(&meant("HEAD").send().await.unwrap(), "upload-offset"), "7");
    assert_eq!(meant("DELETE").send().await.unwrap().status(), 204);
    assert_eq!(ann.head(&path).await.status(), 404);
    problem(ann.request(Method::POST, &path).send().await.unwrap(), 405, "method-not-allowed").await;
    // Nowhere else.
    let elsewhere = ann.plain(Method::POST, "/api/v1/account").header("x-http-method-override", "GET");
    assert_ne!(elsewhere.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn the_first_bytes_may_come_with_the_beginning() {
    let lab = Lab::build().await;
    let ann = Client::of(&lab, &lab.ann);
    let with = |name: &str, length: usize, bytes: &str| {
        let create = ann.create(length, &[("name", name)]);
        create.header("content-type", "application/offset+octet-stream").body(bytes.to_owned()).send()
    };
    let some = with("some", CSV.len(), &CSV[..9]).await.unwrap();
    assert_eq!(header(&some, "upload-offset"), "9");
    let path = location(some).await;
    assert_eq!(ann.add(&path, 9, &CSV[9..]).await.status(), 204);
    let all = with("all", CSV.len(), CSV).await.unwrap();
    assert_eq!((all.status().as_u16(), header(&all, "upload-offset")), (201, CSV.len().to_string()));
    assert_eq!(ann.download(&header(&all, "dataset-id")).await, CSV.as_bytes());
    let bad = problem(with("bad", 8, "a,b\n1,2,").await.unwrap(), 422, "not-a-table").await;
    assert_eq!(bad["line"], 2);
    let before = lab.count("SELECT count(*) FROM e2i.uploads").await;
    problem(with("long", 4, "a,b\n1,2\n").await.unwrap(), 413, "content-too-large").await;
    assert_eq!(lab.count("SELECT count(*) FROM e2i.uploads").await, before);
}

#[tokio::test]
async fn bytes_with_a_checksum_count_all_or_not_at_all() {
    let lab = Lab::build().await;
    let ann = Client::of(&lab, &lab.ann);
    let path = ann.begin("x", CSV.len()).await;
    let sum = |bytes: &str| format!("sha256 {}", STANDARD.encode(Sha256::digest(bytes)));
    let add = async |offset: usize, bytes: &'static str, checksum: String| {
        ann.patch(&path, offset, bytes).header("upload-checksum", checksum).send().await.unwrap()
    };
    problem(add(0, &CSV[..9], sum("other")).await, 460, "checksum-mismatch").await;
    problem(add(0, &CSV[..9], "crc32 AAAA".into()).await, 400, "bad-request").await;
    assert_eq!(ann.offset(&path).await, 0);
    assert_eq!(add(0, &CSV[..9], sum(&CSV[..9])).await.status(), 204);
    // Cut short, it cannot be compared.
    let cut = ann.patch(
        &path,
        9,
        reqwest::Body::wrap_stream(futures::stream::iter([Ok("x".to_owned()), Err(std::io::Error::other("gone"))])),
    );
    assert!(cut.header("upload-checksum", sum("xy")).send().await.is_err());
    assert_eq!(ann.offset(&path).await, 9);
    let large = table(9 << 20, b'1');
    let other = ann.begin("large", large.len()).await;
    let refused = ann.patch(&other, 0, large).header("upload-checksum", sum("x")).send().await.unwrap();
    assert!(problem(refused, 413, "content-too-large").await["detail"].as_str().unwrap().contains("8388608"));
    assert_eq!(add(9, &CSV[9..], sum(&CSV[9..])).await.status(), 204);
}
