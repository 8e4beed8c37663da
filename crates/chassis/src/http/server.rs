//! The accept loop: hyper with a timer, so that the header time limit works (`axum::serve` installs none), a limit on
//! connections, and a graceful end.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use super::lingering::{LeftUnread, Lingering};
use super::measures;
use super::stalled::Impatient;
use crate::lifecycle::Shutdown;
use crate::telemetry::metrics::begin;

/// After an error of `accept` (no file descriptors left), how long to wait before the next.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Connections above the limit that are being told so at the same time; more are closed without a word.
const MAX_REFUSALS: usize = 64;
/// How long a refused connection may take to go away.
const REFUSAL_DEADLINE: Duration = Duration::from_secs(1);

/// The answer to a connection above the limit.
const REFUSAL: &str = concat!(
    "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\nretry-after: 1\r\n",
    "connection: close\r\ncontent-length: 142\r\n\r\n",
    r#"{"type":"urn:e2i:problem:service-unavailable","title":"Service Unavailable","status":503,"#,
    r#""detail":"the server is at its limit of connections"}"#
);

/// Limits on connections.
#[derive(Debug, Clone, Copy)]
pub struct ServerLimits {
    /// Longest time from the start of a connection until the headers of its first request are complete.
    pub header_read_timeout: Duration,
    /// Longest time from an answer until the headers of the next request on the same connection are complete. Keep it
    /// above nginx's `keepalive_timeout` for upstreams (60 s): the side that sends requests must be the first to close,
    /// or a request meets a closing connection and becomes a 502.
    pub keep_alive_timeout: Duration,
    /// Longest time that a client may take nothing of an answer. Streams of events say something more often than this.
    pub write_timeout: Duration,
    /// Connections at once; one more is answered 503 and closed.
    pub max_connections: usize,
    /// Most headers of one request.
    pub max_headers: usize,
}

impl Default for ServerLimits {
    fn default() -> Self {
        Self {
            header_read_timeout: Duration::from_secs(10),
            keep_alive_timeout: Duration::from_secs(75),
            write_timeout: Duration::from_mins(1),
            max_connections: 4096,
            max_headers: 100,
        }
    }
}

/// Serves `router` on `listener` until `shutdown` is soft, then lets running requests finish, until it is hard.
///
/// Streams (SSE) do not end by themselves: their handlers must watch `shutdown.soft`.
///
/// # Errors
/// When the listener has no address, that is, is no listener any more.
pub async fn serve(listener: TcpListener, router: Router, limits: ServerLimits, shutdown: &Shutdown) -> io::Result<()> {
    let address = listener.local_addr()?;
    begin(&measures::CONNECTIONS);
    tracing::info!(%address, "listening");
    let places = Arc::new(Semaphore::new(limits.max_connections));
    let refusals = Arc::new(Semaphore::new(MAX_REFUSALS));
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shutdown.soft.cancelled() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        if let Ok(place) = Arc::clone(&places).try_acquire_owned() {
            let connection = converse(stream, peer, router.clone(), limits, shutdown.clone());
            connections.spawn(async move {
                connection.await;
                drop(place);
            });
        } else if let Ok(place) = Arc::clone(&refusals).try_acquire_owned() {
            metrics::counter!("http_connections_refused_total").increment(1);
            connections.spawn(async move {
                let _too_slow_or_gone = tokio::time::timeout(REFUSAL_DEADLINE, refuse(stream)).await;
                drop(place);
            });
        }
    }
    drop(listener);
    connections.close();
    tracing::info!(%address, connections = connections.len(), "no longer accepting; running requests may finish");
    // Connections end themselves when `hard` is cancelled.
    connections.wait().await;
    Ok(())
}

/// Serves one connection until it ends, idles out or is cut.
async fn converse(stream: TcpStream, peer: SocketAddr, router: Router, limits: ServerLimits, shutdown: Shutdown) {
    let _not_vital = stream.set_nodelay(true);
    let arrived = CancellationToken::new();
    let first_request = arrived.clone();
    let left_unread = LeftUnread::default();
    let last_answer = left_unread.clone();
    let service = router.map_request(move |request: Request<Incoming>| {
        first_request.cancel();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(last_answer.clone());
        request
    });
    let stream = Lingering::new(Impatient::new(stream, limits.write_timeout), left_unread);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.keep_alive_timeout)
        .max_headers(limits.max_headers)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let mut connection = pin!(connection);
    // hyper has one time limit for headers, which also ends connections that rest between requests.
    let too_slow = async {
        if tokio::time::timeout(limits.header_read_timeout, arrived.cancelled()).await.is_ok() {
            std::future::pending::<()>().await;
        }
    };
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = too_slow => Ok(()),
        () = shutdown.soft.cancelled() => {
            connection.as_mut().graceful_shutdown();
            tokio::select! {
                ended = connection.as_mut() => ended,
                () = shutdown.hard.cancelled() => Ok(()),
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "a connection ended with an error");
    }
}

/// Says 503, then reads a little of what the client sent: closing with unread bytes would reset the connection and
/// take the answer away.
async fn refuse(mut stream: TcpStream) -> Result<(), io::Error> {
    stream.write_all(REFUSAL.as_bytes()).await?;
    stream.shutdown().await?;
    let mut unread = [0; 4096];
    while stream.read(&mut unread).await? > 0 {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_refusal_declares_its_length() {
        let (head, body) = REFUSAL.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("content-length: {}", body.len())), "{} bytes", body.len());
        serde_json::from_str::<serde_json::Value>(body).unwrap();
    }
}
