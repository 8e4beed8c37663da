//! So many questions a second, whatever becomes of the answers: a slow answer does not put off the next question, and every
//! latency counts from when its question was due.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Connections that stay open, each with its share of the questions.
const CONNECTIONS: u32 = 50;
/// A question is given up after that.
const WITHIN: Duration = Duration::from_secs(5);
const LARGEST_HEAD: usize = 16 * 1024;

/// How it went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flooded {
    /// Questions that were answered, a second.
    pub requests_per_s: f64,
    /// The 99th percentile of their latencies.
    pub p99_ms: f64,
    /// The largest.
    pub max_ms: f64,
    /// How many were answered by which status.
    pub statuses: std::collections::BTreeMap<u16, usize>,
    /// Questions without an answer.
    pub failures: usize,
    /// The first of their reasons.
    pub failure: Option<String>,
}

/// Asks `GET path` so often a second, for so long.
pub async fn flood(address: SocketAddr, path: &str, per_second: u32, seconds: u32) -> Flooded {
    let begin = Instant::now() + Duration::from_millis(200);
    let each = per_second * seconds / CONNECTIONS;
    let apart = Duration::from_secs(1) * CONNECTIONS / per_second;
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/health+json\r\n\r\n");
    let askers = (0..CONNECTIONS).map(|number| {
        let first = begin + apart * number / CONNECTIONS;
        tokio::spawn(ask_on(address, request.clone(), first, apart, each))
    });
    let asked = futures::future::join_all(askers).await;
    let elapsed = begin.elapsed().as_secs_f64();
    sum(asked.into_iter().flatten().flatten().collect(), elapsed)
}

type Answer = Result<(u16, Duration), String>;

async fn ask_on(address: SocketAddr, request: String, first: Instant, apart: Duration, times: u32) -> Vec<Answer> {
    let mut connection = None;
    let mut answers = Vec::new();
    for number in 0..times {
        let due = first + apart * number;
        tokio::time::sleep_until(due.into()).await;
        let asked = tokio::time::timeout(WITHIN, ask(&mut connection, address, &request)).await;
        let answer = match asked {
            Ok(Ok(status)) => Ok((status, due.elapsed())),
            Ok(Err(error)) => Err(format!("{error:#}")),
            Err(_) => Err(format!("no answer within {} s", WITHIN.as_secs())),
        };
        if answer.is_err() {
            connection = None;
        }
        answers.push(answer);
    }
    answers
}

async fn ask(connection: &mut Option<TcpStream>, address: SocketAddr, request: &str) -> anyhow::Result<u16> {
    let stream = match connection {
        Some(stream) => stream,
        None => connection.insert(TcpStream::connect(address).await.context("connect")?),
    };
    stream.write_all(request.as_bytes()).await.context("ask")?;
    let mut bytes = Vec::with_capacity(4096);
    loop {
        let read = stream.read_buf(&mut bytes).await.context("read the answer")?;
        ensure!(read > 0, "the connection was closed");
        let Some((head, rest)) = head(&bytes) else {
            ensure!(bytes.len() < LARGEST_HEAD, "an answer without an end of its head");
            continue;
        };
        let (status, length) = understand(head)?;
        if rest < length {
            bytes.reserve(length - rest);
            continue;
        }
        if head.to_ascii_lowercase().contains("connection: close") {
            *connection = None;
        }
        return Ok(status);
    }
}

/// The head of an answer, once it is there, and how many bytes have come after it.
fn head(bytes: &[u8]) -> Option<(&str, usize)> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    Some((std::str::from_utf8(&bytes[..end]).ok()?, bytes.len() - end - 4))
}

fn understand(head: &str) -> anyhow::Result<(u16, usize)> {
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
    let lengths = lines.filter_map(|line| line.split_once(':'));
    let length = lengths
        .filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .find_map(|(_, value)| value.trim().parse().ok());
    match (status, length) {
        (Some(status), Some(length)) => Ok((status, length)),
        _ => bail!("an answer without status or length: {head}"),
    }
}

fn sum(answers: Vec<Answer>, seconds: f64) -> Flooded {
    let mut flooded = Flooded::default();
    let mut latencies = Vec::new();
    for answer in answers {
        match answer {
            Ok((status, latency)) => {
                *flooded.statuses.entry(status).or_default() += 1;
                latencies.push(latency.as_secs_f64() * 1000.0);
            }
            Err(reason) => {
                flooded.failures += 1;
                flooded.failure.get_or_insert(reason);
            }
        }
    }
    latencies.sort_by(f64::total_cmp);
    flooded.requests_per_s = latencies.iter().map(|_| 1.0).sum::<f64>() / seconds;
    flooded.p99_ms = percentile(&latencies, 99);
    flooded.max_ms = latencies.last().copied().unwrap_or_default();
    flooded
}

/// Of sorted figures: the smallest that so many in a hundred do not exceed; 0 of none.
#[must_use]
pub fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_question_is_asked_and_counted() {
        let answer = || async { (axum::http::StatusCode::SERVICE_UNAVAILABLE, "{\"status\":\"fail\"}") };
        let router = axum::Router::new().route("/health", axum::routing::get(answer));
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let flooded = flood(address, "/health", 500, 1).await;
        assert_eq!((flooded.statuses.get(&503), flooded.failures), (Some(&500), 0), "{flooded:?}");
        assert!(flooded.p99_ms > 0.0 && flooded.max_ms >= flooded.p99_ms, "{flooded:?}");
        server.abort();
    }

    #[tokio::test]
    async fn nobody_there_is_a_failure() {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let flooded = flood(address, "/health", 100, 1).await;
        assert_eq!((flooded.failures, flooded.statuses.len()), (100, 0));
        assert!(flooded.failure.unwrap().contains("connect"));
    }

    #[test]
    fn percentiles_are_ranks() {
        let figures: Vec<f64> = (1..=200).map(f64::from).collect();
        assert_eq!((percentile(&figures, 50), percentile(&figures, 99)), (100.0, 198.0));
        assert_eq!((percentile(&[7.0], 99), percentile(&[], 50)), (7.0, 0.0));
    }
}
