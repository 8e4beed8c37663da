//! HTTP/1.1 letter by letter, from any loopback address: what no well-behaved client would send.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

/// Nothing here takes longer unless it hangs.
const PATIENCE: Duration = Duration::from_mins(2);

/// An address of this machine that a client may speak from: 127.0.0.N.
pub(crate) fn client(last: u8) -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 0, last)
}

/// A connection from `from` to `to`.
pub(crate) async fn connect(from: Ipv4Addr, to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from((from, 0))).unwrap();
    socket.connect(to).await.unwrap()
}

/// An answer as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    /// 0: the connection was closed without one.
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find_map(|(present, value)| present.eq_ignore_ascii_case(name).then_some(value.trim()))
    }

    /// The body of a problem that must have this status and kind.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, slug: &str) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let problem: Value = serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        assert_eq!(problem["type"], format!("urn:e2i:problem:{slug}"), "{problem}");
        assert_eq!(problem["status"], status, "{problem}");
        assert_eq!(problem["request_id"].as_str(), self.header("x-request-id"), "{problem}");
        problem
    }
}

/// Sends `bytes` as they are and reads until the server closes.
pub(crate) async fn send(from: Ipv4Addr, to: SocketAddr, bytes: &[u8]) -> Answer {
    let mut stream = connect(from, to).await;
    // A server that refuses early may close before all is written; its answer is what counts.
    let _ = stream.write_all(bytes).await;
    read(&mut stream).await
}

/// `GET path` with further header lines (each ended by `\r\n`), closing afterwards.
pub(crate) async fn get(from: Ipv4Addr, to: SocketAddr, path: &str, headers: &str) -> Answer {
    send(from, to, format!("GET {path} HTTP/1.1\r\nHost: e2i\r\nConnection: close\r\n{headers}\r\n").as_bytes()).await
}

/// Reads until the other side closes.
pub(crate) async fn read(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    // A reset is an end as well.
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("no end within two minutes");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}
