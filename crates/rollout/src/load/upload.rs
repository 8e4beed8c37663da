//! A resumable upload (tus 1.0) that takes its time: a piece now and then until it is told to finish.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use base64::Engine as _;
use http::{Request, StatusCode, header};
use http_body_util::Full;
use hyper::body::Bytes;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use super::connection::{Answer, Target};
use super::ledger::{Kind, Ledger, Record};

const PIECE: usize = 128 << 10;
const EVERY: Duration = Duration::from_secs(1);

/// The upload while it goes on.
pub struct Upload {
    finish: oneshot::Sender<()>,
    task: JoinHandle<anyhow::Result<u64>>,
}

struct Sending {
    target: Target,
    token: watch::Receiver<String>,
    ledger: Ledger,
    place: String,
    content: Bytes,
}

impl Upload {
    pub(super) async fn begin(
        target: Target,
        token: watch::Receiver<String>,
        ledger: Ledger,
        name: &str,
        bytes: usize,
    ) -> anyhow::Result<Self> {
        let content = table(bytes);
        let mut sending = Sending { target, token, ledger, place: String::new(), content };
        let name = base64::engine::general_purpose::STANDARD.encode(format!("{name}.csv"));
        let create = sending.request("POST", "/api/v1/uploads");
        let create = create
            .header("upload-length", sending.content.len())
            .header("upload-metadata", format!("filename {name}"))
            .body(Full::new(Bytes::new()))?;
        let answer = sending.target.connect().await?.ask(create).await?;
        ensure!(answer.head.status == StatusCode::CREATED, "an upload is refused: {answer:?}");
        let place = answer.head.headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
        let place = place.context("an upload without a place")?;
        // An address or a path: the path is what is asked for here.
        let place = place.split_once("://").map_or(place, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
        place.clone_into(&mut sending.place);
        let (finish, finished) = oneshot::channel();
        Ok(Self { finish, task: tokio::spawn(sending.go_on(finished)) })
    }

    /// Sends the rest; gives how many pieces it took.
    ///
    /// # Errors
    /// When a piece was not taken, or no dataset came of it.
    pub async fn finish(self) -> anyhow::Result<u64> {
        // The other end is there as long as the task.
        let _ = self.finish.send(());
        self.task.await.context("the upload's task")?
    }
}

impl Sending {
    fn request(&self, method: &str, path: &str) -> http::request::Builder {
        let token = self.token.borrow().clone();
        let request = Request::builder().method(method).uri(path).header("tus-resumable", "1.0.0");
        request.header(header::AUTHORIZATION, format!("Bearer {token}"))
    }

    async fn go_on(self, mut finished: oneshot::Receiver<()>) -> anyhow::Result<u64> {
        let (mut sent, mut pieces, mut hurry) = (0, 0, false);
        while sent < self.content.len() {
            let mut size = PIECE.min(self.content.len() - sent);
            if hurry {
                size = self.content.len() - sent;
            }
            let begun = Instant::now();
            let outcome = self.piece(sent, size).await;
            let failure = outcome.as_ref().err().map(|error| format!("{error:#}"));
            let (took, kind, fresh) = (begun.elapsed(), Kind::Upload, true);
            self.ledger.note(Record { begun, took, kind, fresh, revision: None, failure });
            outcome?;
            (sent, pieces) = (sent + size, pieces + 1);
            if !hurry {
                hurry = tokio::time::timeout(EVERY, &mut finished).await.is_ok();
            }
        }
        Ok(pieces)
    }

    async fn piece(&self, from: usize, size: usize) -> anyhow::Result<()> {
        let request = self
            .request("PATCH", &self.place)
            .header("upload-offset", from)
            .header(header::CONTENT_TYPE, "application/offset+octet-stream")
            .body(Full::new(self.content.slice(from..from + size)))?;
        let Answer { head, body } = self.target.connect().await?.ask(request).await?;
        if head.status != StatusCode::NO_CONTENT {
            bail!("{} of a piece at {from}: {}", head.status, String::from_utf8_lossy(&body));
        }
        let offset = head.headers.get("upload-offset").and_then(|value| value.to_str().ok()).unwrap_or_default();
        ensure!(offset == (from + size).to_string(), "after a piece to {} the offset is {offset}", from + size);
        if from + size == self.content.len() {
            ensure!(head.headers.contains_key("dataset-id"), "no dataset came of the upload");
        }
        Ok(())
    }
}

/// A table of at least so many bytes, always the same.
fn table(bytes: usize) -> Bytes {
    let mut text = String::with_capacity(bytes + 64);
    text.push_str("unit,treated,outcome\n");
    let mut row = 0_u64;
    while text.len() < bytes {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{row},{},{}.{}", row % 2, row * 7919 % 1000, row % 10);
        row += 1;
    }
    Bytes::from(text)
}
