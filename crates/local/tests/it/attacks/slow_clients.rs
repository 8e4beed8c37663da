//! Slow headers, slow bodies, slow readers, all at once, while somebody works.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpSocket;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::victim;
use crate::wire::{self, client};

/// Connections of each kind.
const EACH: u8 = 40;
/// By then everything slow must have been cut. The longest limit of the house for a small request is 30 s; the rest is
/// for a machine that has much else to do.
const CUT_WITHIN: Duration = Duration::from_mins(3);

/// Dribbles headers, a letter a second, for ever. Returns when it is cut.
async fn slow_headers(from: u8, to: SocketAddr) {
    let mut stream = wire::connect(client(from), to).await;
    let mut alive = stream.write_all(b"GET /config.json HTTP/1.1\r\nHost: e2i\r\nX-Slow: ").await.is_ok();
    while alive {
        let cut = timeout(Duration::from_secs(1), stream.read(&mut [0; 1024])).await;
        alive = cut.is_err() && stream.write_all(b"x").await.is_ok();
    }
}

/// Sends the first bytes of a body, and no more. Returns when it is cut.
async fn slow_body(from: u8, to: SocketAddr) {
    let mut stream = wire::connect(client(from), to).await;
    let begin = "POST /auth/v1/token?grant_type=password HTTP/1.1\r\nHost: e2i\r\nContent-Type: application/json\r\n\
                 Content-Length: 1000\r\n\r\n{\"email\":";
    stream.write_all(begin.as_bytes()).await.unwrap();
    let mut answer = [0; 4096];
    while stream.read(&mut answer).await.is_ok_and(|read| read > 0) {}
}

/// Asks for a long answer, several times over, and takes none of it. Returns when it is cut: the server's bytes end.
async fn slow_read(from: u8, to: SocketAddr) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    socket.bind(SocketAddr::from((client(from), 0))).unwrap();
    let mut stream = socket.connect(to).await.unwrap();
    let request = "GET /openapi.json HTTP/1.1\r\nHost: e2i\r\n\r\n".repeat(30);
    stream.write_all(request.as_bytes()).await.unwrap();
    loop {
        // A write fails once the other side has reset the connection: reading would be no slow reading.
        tokio::time::sleep(Duration::from_secs(1)).await;
        if stream.write_all(b"\r\n").await.is_err() {
            return;
        }
    }
}

/// Somebody who works as if nothing were: every request must be answered well. Gives milliseconds each took.
async fn worker(to: SocketAddr, until: Instant) -> Vec<f64> {
    let mut took_ms = Vec::new();
    while Instant::now() < until {
        let begin = Instant::now();
        let answer = wire::get(client(200), to, "/config.json", "").await;
        assert_eq!(answer.status, 200, "a normal request failed: {answer:?}");
        took_ms.push(begin.elapsed().as_secs_f64() * 1000.0);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    took_ms
}

async fn attack(name: &str, to: SocketAddr) {
    let begin = Instant::now();
    let mut slow = JoinSet::new();
    for number in 0..EACH {
        let from = 10 + number;
        slow.spawn(async move { (slow_headers(from, to).await, "headers").1 });
        slow.spawn(async move { (slow_body(from, to).await, "bodies").1 });
        slow.spawn(async move { (slow_read(from, to).await, "readers").1 });
    }
    let cutting = async {
        // When the last of each kind was cut.
        let mut cut: BTreeMap<&str, u64> = BTreeMap::new();
        let all = async {
            while let Some(kind) = slow.join_next().await.transpose().unwrap() {
                cut.insert(kind, begin.elapsed().as_secs());
            }
        };
        let outcome = timeout(CUT_WITHIN, all).await;
        assert!(outcome.is_ok(), "{name}: some slow clients were never cut; seconds until the last so far: {cut:?}");
        cut
    };
    let (cut, mut took_ms) = tokio::join!(cutting, worker(to, begin + Duration::from_secs(25)));
    took_ms.sort_by(f64::total_cmp);
    let p99 = took_ms[took_ms.len() * 99 / 100];
    println!(
        "{name}: {EACH} slow clients of each kind, the last cut after so many seconds: {cut:?}; {} normal requests \
         meanwhile, none failed, p99 {p99:.0} ms",
        took_ms.len(),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_headers_bodies_and_readers_are_cut_by_nginx_while_others_are_served() {
    let platform = victim(&[]).await;
    attack("nginx", platform.nginx().unwrap().address()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_headers_bodies_and_readers_are_cut_by_the_gateway_while_others_are_served() {
    let platform = victim(&[("WRITE_TIMEOUT", "20s")]).await;
    attack("gateway", platform.gateway_address()).await;
}
