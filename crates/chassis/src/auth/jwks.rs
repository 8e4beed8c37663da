//! The keys we trust, by `kid`.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use jsonwebtoken::{Algorithm, DecodingKey};
use tokio::sync::Mutex;

use super::document::{self, Keys};
use crate::clock::SharedClock;

/// A `kid` we do not know makes us read again, at most this often, however many such tokens come.
const COOLDOWN: TimeDelta = TimeDelta::seconds(1);
/// Known keys are read again after this time, so that a removed one is soon refused.
const MAX_AGE: TimeDelta = TimeDelta::seconds(30);

/// A public key and the one algorithm it may be used with.
#[derive(Debug, Clone)]
pub struct VerificationKey {
    /// The algorithm; a token that names another is refused.
    pub algorithm: Algorithm,
    /// The key itself.
    pub key: DecodingKey,
}

/// Where verification keys come from.
pub trait KeySource: Send + Sync + std::fmt::Debug {
    /// The key called `kid`; `Ok(None)` when there is none.
    ///
    /// # Errors
    /// When no keys could be read at all: callers are then told to come back, not that their token is bad.
    fn find<'a>(&'a self, kid: &'a str) -> BoxFuture<'a, anyhow::Result<Option<Arc<VerificationKey>>>>;
}

/// Keys from the JWKS file that the gateway writes. Read again when an unknown `kid` comes (with a cooldown) and when
/// old; a file that has become unreadable leaves the keys already known in use.
#[derive(Debug)]
pub struct JwksFile {
    path: PathBuf,
    clock: SharedClock,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    keys: Option<Keys>,
    read_at: Option<DateTime<Utc>>,
    reads: u64,
}

impl JwksFile {
    /// Keys from `path`; the file may appear later.
    pub fn new(path: impl Into<PathBuf>, clock: SharedClock) -> Self {
        Self { path: path.into(), clock, state: Mutex::default() }
    }

    /// How often the file has been read.
    pub async fn reads(&self) -> u64 {
        self.state.lock().await.reads
    }

    async fn lookup(&self, kid: &str) -> anyhow::Result<Option<Arc<VerificationKey>>> {
        let mut state = self.state.lock().await;
        let known = state.keys.as_ref().and_then(|keys| keys.get(kid).cloned());
        let patience = if known.is_some() { MAX_AGE } else { COOLDOWN };
        let now = self.clock.now();
        // `abs`: a clock that was set back must not keep the file unread.
        if state.read_at.is_some_and(|read_at| (now - read_at).abs() < patience) {
            return if state.keys.is_some() { Ok(known) } else { self.none_yet() };
        }
        state.read_at = Some(now);
        state.reads += 1;
        match tokio::fs::read(&self.path).await.map_err(anyhow::Error::from).and_then(|bytes| document::parse(&bytes)) {
            Ok(keys) => state.keys = Some(keys),
            Err(error) if state.keys.is_some() => {
                tracing::warn!(path = %self.path.display(), "the key file cannot be read, known keys stay: {error:#}");
            }
            Err(error) => return Err(error).with_context(|| format!("read the keys in {}", self.path.display())),
        }
        Ok(state.keys.as_ref().and_then(|keys| keys.get(kid).cloned()))
    }

    fn none_yet<T>(&self) -> anyhow::Result<T> {
        anyhow::bail!("there are no keys in {} yet", self.path.display())
    }
}

impl KeySource for JwksFile {
    fn find<'a>(&'a self, kid: &'a str) -> BoxFuture<'a, anyhow::Result<Option<Arc<VerificationKey>>>> {
        self.lookup(kid).boxed()
    }
}
