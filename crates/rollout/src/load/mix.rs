//! What is asked: pages, their files, reads and submits, in a fixed proportion drawn from a seed.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use http::{Method, Request, StatusCode, header};
use http_body_util::Full;
use hyper::body::Bytes;
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use tokio::sync::watch;
use uuid::Uuid;

use super::connection::{Answer, Connection, Target};
use super::ledger::{Kind, Ledger, Record};

/// Connections that are kept for later at most.
const KEPT: usize = 64;
/// nginx lets a connection rest for 65 s; nobody here waits that long.
const RESTS_AT_MOST: Duration = Duration::from_secs(50);
/// Of a hundred requests, those on a connection of their own.
const FRESH_PERCENT: u32 = 25;

/// A request, drawn.
#[derive(Clone, Debug)]
pub(super) struct Drawn {
    kind: Kind,
    fresh: bool,
    path: &'static str,
    key: Uuid,
    pick: usize,
}

impl Drawn {
    pub(super) fn draw(random: &mut ChaCha8Rng) -> Self {
        let (kind, path) = match random.random_range(0..100) {
            0..10 => (Kind::Page, "/"),
            10..25 => (Kind::Asset, ""),
            25..45 => (Kind::Read, "/config.json"),
            45..65 => (Kind::Read, "/api/v1/analyses?limit=5"),
            65..75 => (Kind::Read, "/api/v1/datasets?limit=5"),
            75..90 => (Kind::Submit, "/api/v1/analyses"),
            _ => (Kind::Refused, "/api/v1/analyses"),
        };
        let mut bytes = [0; 16];
        random.fill(&mut bytes);
        let key = uuid::Builder::from_random_bytes(bytes).into_uuid();
        Self { kind, fresh: random.random_ratio(FRESH_PERCENT, 100), path, key, pick: random.random_range(0..1000) }
    }
}

impl Drawn {
    /// What it asks for, in words that are the same for all of the kind.
    fn what(&self) -> &'static str {
        if self.kind == Kind::Asset { "a file of the page" } else { self.path }
    }
}

/// Where requests go.
pub(super) struct Lanes {
    target: Target,
    ledger: Ledger,
    token: watch::Receiver<String>,
    resting: Mutex<Vec<(Connection, Instant)>>,
    /// Files that the last page named.
    files: Mutex<Vec<String>>,
}

impl Lanes {
    pub(super) fn new(target: Target, ledger: Ledger, token: watch::Receiver<String>) -> Self {
        Self { target, ledger, token, resting: Mutex::default(), files: Mutex::default() }
    }

    /// So much is under way that this one is not even sent.
    pub(super) fn shed(&self, drawn: &Drawn) {
        let failure = Some("not sent: 2000 requests are under way".to_owned());
        let (begun, took) = (Instant::now(), Duration::ZERO);
        self.ledger.note(Record { begun, took, kind: drawn.kind, fresh: drawn.fresh, revision: None, failure });
    }

    pub(super) async fn ask(&self, drawn: Drawn) {
        let begun = Instant::now();
        let outcome = self.answer(&drawn).await;
        let took = begun.elapsed();
        let (revision, failure) = match outcome {
            Ok(answer) => (self.revision(&answer), self.judge(&drawn, &answer).err()),
            Err(error) => (None, Some(error)),
        };
        if drawn.kind == Kind::Submit && failure.is_some() {
            self.ledger.unknown(drawn.key.to_string());
        }
        let failure = failure.map(|error| format!("{error:#}"));
        self.ledger.note(Record { begun, took, kind: drawn.kind, fresh: drawn.fresh, revision, failure });
    }

    fn revision(&self, answer: &Answer) -> Option<std::sync::Arc<str>> {
        let said = answer.head.headers.get("x-e2i-revision")?.to_str().ok()?;
        Some(self.ledger.revision(said))
    }

    async fn answer(&self, drawn: &Drawn) -> anyhow::Result<Answer> {
        let request = self.request(drawn)?;
        let mut connection = match self.rested().filter(|_| !drawn.fresh) {
            Some(connection) => connection,
            None => self.target.connect().await?,
        };
        let answer = connection.ask(request).await?;
        if !drawn.fresh && connection.is_open() {
            let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
            if resting.len() < KEPT {
                resting.push((connection, Instant::now()));
            }
        }
        Ok(answer)
    }

    fn rested(&self) -> Option<Connection> {
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        resting.retain(|(connection, since)| connection.is_open() && since.elapsed() < RESTS_AT_MOST);
        // The one that has rested longest: all stay in use.
        (!resting.is_empty()).then(|| resting.remove(0).0)
    }

    fn request(&self, drawn: &Drawn) -> anyhow::Result<Request<Full<Bytes>>> {
        let path = match drawn.kind {
            Kind::Asset => self.file(drawn.pick),
            _ => drawn.path.to_owned(),
        };
        let (method, body) = match drawn.kind {
            Kind::Submit => (Method::POST, json!({"agent": "canary", "parameters": {}}).to_string()),
            Kind::Refused => (Method::POST, json!({"agent": "canary", "parameters": {"work_ms": -1}}).to_string()),
            _ => (Method::GET, String::new()),
        };
        let mut request = Request::builder().method(&method).uri(path);
        if matches!(drawn.kind, Kind::Page) {
            request = request.header(header::ACCEPT, "text/html");
        }
        if drawn.path.starts_with("/api/") {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", *self.token.borrow()));
        }
        if method == Method::POST {
            request = request.header(header::CONTENT_TYPE, "application/json");
            request = request.header("idempotency-key", drawn.key.to_string());
        }
        request.body(Full::new(Bytes::from(body))).context("write the request")
    }

    /// A file of the page that was answered last: a page's files have to be there whichever release answers.
    fn file(&self, pick: usize) -> String {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let at = pick.checked_rem(files.len());
        at.map_or_else(|| "/".to_owned(), |at| files[at].clone())
    }

    fn judge(&self, drawn: &Drawn, answer: &Answer) -> anyhow::Result<()> {
        let status = answer.head.status;
        let expected = match drawn.kind {
            Kind::Submit => StatusCode::ACCEPTED,
            Kind::Refused => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::OK,
        };
        if status != expected {
            bail!("{status} of {}: {}", drawn.what(), detail(&answer.body));
        }
        match drawn.kind {
            Kind::Submit => {
                let answer: Value = serde_json::from_slice(&answer.body).context("the answer is no JSON")?;
                let id = answer["id"].as_str().and_then(|id| id.parse().ok()).context("the answer has no id")?;
                self.ledger.accepted(drawn.key.to_string(), id);
            }
            Kind::Page => {
                let named = named_files(&String::from_utf8_lossy(&answer.body));
                anyhow::ensure!(!named.is_empty(), "the page names no file of its own");
                *self.files.lock().unwrap_or_else(PoisonError::into_inner) = named;
            }
            _ => {}
        }
        Ok(())
    }
}

/// A problem's words; nothing of what differs from one to the next.
fn detail(body: &[u8]) -> String {
    let problem: Option<Value> = serde_json::from_slice(body).ok();
    let words = problem.as_ref().and_then(|problem| problem["detail"].as_str()).unwrap_or_default();
    words.chars().take(100).collect()
}

/// `src="/assets/…"` and `href="/assets/…"` of a page.
fn named_files(page: &str) -> Vec<String> {
    let pieces = page.split('"').filter(|piece| piece.starts_with("/assets/"));
    let mut files: Vec<String> = pieces.map(str::to_owned).collect();
    files.sort_unstable();
    files.dedup();
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng as _;

    #[test]
    fn a_seed_draws_the_same_requests() {
        let draw = || {
            let mut random = ChaCha8Rng::seed_from_u64(7);
            (0..200).map(|_| format!("{:?}", Drawn::draw(&mut random))).collect::<Vec<_>>()
        };
        assert_eq!(draw(), draw());
        assert!(draw().iter().any(|one| one.contains("Submit")) && draw().iter().any(|one| one.contains("Page")));
    }

    #[test]
    fn the_files_of_a_page_are_found() {
        let page =
            "<script type=\"module\" src=\"/assets/a.js\"></script><link href=\"/assets/b.css\"><img src=\"/x.png\">";
        assert_eq!(named_files(page), ["/assets/a.js", "/assets/b.css"]);
    }
}
