//! A stream of events that is always open: it comes back when it is told to, and only then all is well.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use tokio::sync::watch;

use super::connection::Target;
use super::ledger::{Kind, Ledger, Record};

/// A sign of life comes every 15 s.
const SILENT_AT_MOST: Duration = Duration::from_secs(40);
const AGAIN_AFTER_FAILURE: Duration = Duration::from_millis(500);

/// Follows the caller's events for ever.
pub(super) async fn follow(target: Target, token: watch::Receiver<String>, ledger: Ledger) {
    loop {
        let bearer = token.borrow().clone();
        let mut revision = None;
        match one(&target, &bearer, &mut revision).await {
            Ok(()) => ledger.reconnected(),
            Err(error) => {
                let revision = revision.map(|revision: String| ledger.revision(&revision));
                let (kind, failure) = (Kind::Stream, Some(format!("{error:#}")));
                // It began long ago: what counts is when it broke.
                let begun = Instant::now();
                ledger.note(Record { begun, took: Duration::ZERO, kind, fresh: true, revision, failure });
                tokio::time::sleep(AGAIN_AFTER_FAILURE).await;
            }
        }
    }
}

/// One connection, until it is told to come back.
async fn one(target: &Target, token: &str, revision: &mut Option<String>) -> anyhow::Result<()> {
    let request = Request::get("/api/v1/events")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::ACCEPT, "text/event-stream")
        .body(Full::new(Bytes::new()))?;
    let mut connection = target.connect().await?;
    let response = connection.open(request).await?;
    let said = response.headers().get("x-e2i-revision").and_then(|value| value.to_str().ok());
    *revision = said.map(str::to_owned);
    if response.status() != StatusCode::OK {
        bail!("{} of a stream", response.status());
    }
    let (mut body, mut tail) = (response.into_body(), String::new());
    let mut is_told = false;
    loop {
        let frame = tokio::time::timeout(SILENT_AT_MOST, body.frame()).await;
        match frame.context("a stream was silent for 40 s")? {
            Some(Ok(frame)) => {
                let Ok(data) = frame.into_data() else { continue };
                tail.push_str(&String::from_utf8_lossy(&data));
                is_told |= tail.contains("event: reconnect\n") || tail.contains("event: end\n");
                // A name may be cut in two by what the network makes of it.
                let keep = tail.len().saturating_sub(32);
                let keep = (keep..=tail.len()).find(|at| tail.is_char_boundary(*at)).unwrap_or_default();
                tail.drain(..keep);
            }
            Some(Err(_)) | None if is_told => return Ok(()),
            Some(Err(error)) => return Err(error).context("a stream was cut without notice"),
            None => bail!("a stream ended without notice"),
        }
    }
}
