//! A client that speaks tus by hand, one request at a time.

use std::net::SocketAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use reqwest::{Body, RequestBuilder, Response};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::data::lab::Lab;
use crate::house::{Person, body};

/// What somebody sends to one gateway.
#[derive(Clone)]
pub(super) struct Client {
    pub(super) address: SocketAddr,
    token: String,
    http: reqwest::Client,
}

impl Client {
    pub(super) fn of(lab: &Lab, who: &Person) -> Self {
        Self { address: lab.house.address, token: who.access_token.clone(), http: lab.client.clone() }
    }

    pub(super) fn at(&self, address: SocketAddr) -> Self {
        Self { address, ..self.clone() }
    }

    /// A request without any header of tus.
    pub(super) fn plain(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("http://{}{path}", self.address)).bearer_auth(&self.token)
    }

    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.plain(method, path).header("tus-resumable", "1.0.0")
    }

    pub(super) fn create(&self, length: usize, metadata: &[(&str, &str)]) -> RequestBuilder {
        let request = self.request(Method::POST, "/api/v1/uploads").header("upload-length", length);
        request.header("upload-metadata", encoded(metadata))
    }

    /// An open upload's path.
    pub(super) async fn begin(&self, name: &str, length: usize) -> String {
        let created = self.create(length, &[("name", name)]).send().await.unwrap();
        location(created).await
    }

    pub(super) fn patch(&self, path: &str, offset: usize, bytes: impl Into<Body>) -> RequestBuilder {
        let request = self.request(Method::PATCH, path).header("upload-offset", offset);
        request.header("content-type", "application/offset+octet-stream").body(bytes)
    }

    /// Adds bytes and gives the answer.
    pub(super) async fn add(&self, path: &str, offset: usize, bytes: impl Into<Body>) -> Response {
        self.patch(path, offset, bytes).send().await.unwrap()
    }

    pub(super) async fn head(&self, path: &str) -> Response {
        self.request(Method::HEAD, path).send().await.unwrap()
    }

    pub(super) async fn offset(&self, path: &str) -> usize {
        header(&self.head(path).await, "upload-offset").parse().unwrap()
    }

    pub(super) async fn delete(&self, path: &str) -> Response {
        self.request(Method::DELETE, path).send().await.unwrap()
    }

    /// What `GET` tells, which is not part of tus.
    pub(super) async fn get(&self, path: &str) -> Value {
        body(self.plain(Method::GET, path).send().await.unwrap(), 200).await
    }

    /// The bytes of a dataset.
    pub(super) async fn download(&self, dataset: &str) -> Vec<u8> {
        let path = format!("/api/v1/datasets/{dataset}/download");
        let response = self.plain(Method::GET, &path).send().await.unwrap();
        response.error_for_status().unwrap().bytes().await.unwrap().to_vec()
    }

    /// Begins to add `declared` bytes, sends `bytes` once the gateway reads them, and gives the open connection.
    pub(super) async fn begin_to_add(&self, path: &str, offset: usize, declared: usize, bytes: &[u8]) -> TcpStream {
        let mut connection = TcpStream::connect(self.address).await.unwrap();
        let head = format!(
            "PATCH {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ntus-resumable: 1.0.0\r\n\
             content-type: application/offset+octet-stream\r\nupload-offset: {offset}\r\n\
             expect: 100-continue\r\ncontent-length: {declared}\r\n\r\n",
            self.token
        );
        connection.write_all(head.as_bytes()).await.unwrap();
        let mut asked_for = [0; 25];
        connection.read_exact(&mut asked_for).await.unwrap();
        assert_eq!(String::from_utf8_lossy(&asked_for), "HTTP/1.1 100 Continue\r\n\r\n");
        connection.write_all(bytes).await.unwrap();
        connection.flush().await.unwrap();
        connection
    }
}

/// `Upload-Metadata` of these pairs.
pub(super) fn encoded(metadata: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = metadata.iter().map(|(key, value)| format!("{key} {}", STANDARD.encode(value))).collect();
    pairs.join(",")
}

pub(super) fn header(response: &Response, name: &str) -> String {
    let value = response.headers().get(name);
    let value = value.unwrap_or_else(|| panic!("no {name} with {} {:?}", response.status(), response.headers()));
    value.to_str().unwrap().to_owned()
}

/// Where an upload that was begun is.
pub(super) async fn location(created: Response) -> String {
    let path = created.headers().get("location").map(|path| path.to_str().unwrap().to_owned());
    body(created, 201).await;
    path.unwrap()
}

/// A good table of at least `size` bytes; tables of different digits are of the same length and nowhere the same.
pub(super) fn table(size: usize, digit: u8) -> Vec<u8> {
    let line = [[digit; 7].as_slice(), b",", &[digit; 7], b"\n"].concat();
    [b"a,b\n", line.repeat(size.div_ceil(line.len())).as_slice()].concat()
}
