//! A real nginx with the house's configuration, before a service that tells what it was sent.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use local::front;
use servers::{Account, Folder, Nginx, NginxOptions};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// What the service was sent.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// The request line and headers, in small letters.
    pub(crate) head: String,
    pub(crate) body_bytes: u64,
}

/// nginx and the service behind it.
pub(crate) struct Front {
    pub(crate) nginx: Nginx,
    pub(crate) seen: Arc<Mutex<Vec<Seen>>>,
    /// Each message is one more chunk of a stream of events; dropped, it ends.
    pub(crate) events: mpsc::UnboundedSender<&'static str>,
}

impl Front {
    /// The service closes a connection that has rested for `rest`.
    pub(crate) async fn start(rest: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let nginx = nginx_before(listener.local_addr().unwrap()).await;
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (events, coming) = mpsc::unbounded_channel();
        let coming = Arc::new(tokio::sync::Mutex::new(coming));
        let notes = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, Arc::clone(&notes), Arc::clone(&coming), rest));
            }
        });
        Self { nginx, seen, events }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.nginx.address()
    }

    pub(crate) fn last(&self) -> Seen {
        self.seen.lock().unwrap().last().cloned().expect("the service was sent nothing")
    }

    /// From now on nginx cannot write a body to its disk.
    pub(crate) fn forbid_temporary_files(&self) {
        for name in ["body", "proxy"] {
            let folder = self.nginx.data().join(name);
            std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o000)).unwrap();
        }
    }
}

/// An nginx with the house's configuration before the gateway at `gateway`.
pub(crate) async fn nginx_before(gateway: SocketAddr) -> Nginx {
    let random = servers::operating_system_random();
    let listen = SocketAddr::from(([127, 0, 0, 1], servers::free_port(&random).unwrap()));
    let programs = servers::ensure_installed().unwrap();
    let folder = Folder::temporary(Account::for_servers().unwrap()).unwrap();
    let files = front::configuration(listen, gateway, &front::Others::default());
    Nginx::start(&programs, NginxOptions { folder, listen, files, random }).await.unwrap()
}

async fn converse(
    stream: TcpStream,
    seen: Arc<Mutex<Vec<Seen>>>,
    events: Arc<tokio::sync::Mutex<mpsc::UnboundedReceiver<&'static str>>>,
    rest: Duration,
) {
    let mut stream = BufReader::new(stream);
    while let Ok(Some(head)) = tokio::time::timeout(rest, read_head(&mut stream)).await {
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: u64 = length.map_or(0, |length| length.trim().parse().unwrap());
        let body_bytes = tokio::io::copy(&mut (&mut stream).take(length), &mut tokio::io::sink()).await.unwrap();
        let is_stream = head.contains("/events");
        seen.lock().unwrap().push(Seen { head, body_bytes });
        if is_stream {
            let begin = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
            stream.write_all(begin.as_bytes()).await.unwrap();
            while let Some(event) = events.lock().await.recv().await {
                if stream.write_all(event.as_bytes()).await.is_err() {
                    return;
                }
            }
            return;
        }
        let filler = "x".repeat(4000);
        let body = format!(r#"{{"filler":"{filler}"}}"#);
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
        if stream.write_all((head + &body).as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn read_head(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).await.ok()? == 0 {
            return None;
        }
    }
    Some(head.to_ascii_lowercase())
}
