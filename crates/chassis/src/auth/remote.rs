//! Keys from an address: Supabase's `/auth/v1/.well-known/jwks.json`.
//!
//! * Known keys are used from memory. Once older than [`RemoteLimits::max_age`] they are fetched anew in the background,
//!   so that nobody waits for it and a revoked key is soon refused.
//! * An unknown `kid` makes its request wait for one fetch: a key that has just become the current one causes no 401.
//!   However many such tokens come, there is at most one fetch per cooldown, and one at a time.
//! * While the address is down known keys stay in use, up to [`RemoteLimits::max_stale`]. Beyond that, and before the
//!   first fetch, there are no keys: an error, which callers answer with 503, never with 401.
//! * An answer may take a few seconds and have some KiB, and is fetched from that one address: redirects are not followed.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::Mutex;
use url::Url;

use super::document::{self, Keys};
use super::{KeySource, VerificationKey};
use crate::clock::SharedClock;

/// Longest time one fetch may take.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
/// Largest document; Supabase's has a few keys of some 300 bytes.
const MAX_BYTES: usize = 256 * 1024;

/// How old keys may become.
#[derive(Debug, Clone, Copy)]
pub struct RemoteLimits {
    /// From then on they are fetched anew in the background.
    pub max_age: TimeDelta,
    /// From then on they are used no more.
    pub max_stale: TimeDelta,
    /// Between two fetches that unknown keys or failures cause.
    pub cooldown: TimeDelta,
}

impl Default for RemoteLimits {
    /// Ten minutes, as Supabase's own edge keeps them; a day; ten seconds.
    fn default() -> Self {
        Self { max_age: TimeDelta::minutes(10), max_stale: TimeDelta::days(1), cooldown: TimeDelta::seconds(10) }
    }
}

/// Keys from an address; clones share them.
#[derive(Debug, Clone)]
pub struct RemoteJwks(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    address: Url,
    client: reqwest::Client,
    limits: RemoteLimits,
    clock: SharedClock,
    known: RwLock<Option<Known>>,
    /// Held while fetching. When the last fetch began.
    tried_at: Mutex<Option<DateTime<Utc>>>,
}

#[derive(Debug, Clone)]
struct Known {
    keys: Arc<Keys>,
    fetched_at: DateTime<Utc>,
}

impl RemoteJwks {
    /// Keys from `address`, asked by `client`; nothing is fetched yet.
    #[must_use]
    pub fn new(address: Url, client: reqwest::Client, limits: RemoteLimits, clock: SharedClock) -> Self {
        let (known, tried_at) = (RwLock::default(), Mutex::default());
        Self(Arc::new(Inner { address, client, limits, clock, known, tried_at }))
    }

    /// A client that follows no redirect.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn client() -> anyhow::Result<reqwest::Client> {
        let builder = reqwest::Client::builder().timeout(FETCH_TIMEOUT).redirect(reqwest::redirect::Policy::none());
        builder.build().context("set up the client for keys")
    }

    /// Fetches the keys now, so that the first request need not wait. A failure is logged and made good by requests.
    pub async fn warm_up(&self) {
        self.0.fetch_unless_just_tried().await;
    }

    async fn lookup(&self, kid: &str) -> anyhow::Result<Option<Arc<VerificationKey>>> {
        let inner = &self.0;
        if let Some(known) = inner.known() {
            let age = inner.age(&known);
            if let Some(key) = known.keys.get(kid).filter(|_| age < inner.limits.max_stale) {
                if age >= inner.limits.max_age {
                    self.refresh_in_background();
                }
                return Ok(Some(key.clone()));
            }
        }
        // A task of its own: a caller who goes away must not take the fetch with it that all others then wait for.
        let fetching = Arc::clone(inner);
        tokio::spawn(async move { fetching.fetch_unless_just_tried().await }).await.context("fetch keys")?;
        let known = inner.known().filter(|known| inner.age(known) < inner.limits.max_stale);
        let known = known.with_context(|| format!("there are no keys from {} to go by", inner.address))?;
        Ok(known.keys.get(kid).cloned())
    }

    fn refresh_in_background(&self) {
        let inner = Arc::clone(&self.0);
        // Somebody fetches already, or has just tried: nothing to start.
        let due = inner.tried_at.try_lock().is_ok_and(|tried_at| !inner.is_cooling(*tried_at));
        if due {
            tokio::spawn(async move { inner.fetch_unless_just_tried().await });
        }
    }
}

impl Inner {
    fn known(&self) -> Option<Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// `abs`: a clock that was set back must not make keys young for ever.
    fn age(&self, known: &Known) -> TimeDelta {
        (self.clock.now() - known.fetched_at).abs()
    }

    fn is_cooling(&self, tried_at: Option<DateTime<Utc>>) -> bool {
        tried_at.is_some_and(|tried_at| (self.clock.now() - tried_at).abs() < self.limits.cooldown)
    }

    /// One at a time: who waited for somebody else's fetch finds it done and makes none.
    async fn fetch_unless_just_tried(&self) {
        let mut tried_at = self.tried_at.lock().await;
        if self.is_cooling(*tried_at) {
            return;
        }
        *tried_at = Some(self.clock.now());
        match self.fetch().await {
            Ok(keys) => {
                metrics::counter!("jwks_fetches_total", "outcome" => "success").increment(1);
                let known = Known { keys: Arc::new(keys), fetched_at: self.clock.now() };
                *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(known);
            }
            Err(error) => {
                metrics::counter!("jwks_fetches_total", "outcome" => "failure").increment(1);
                tracing::warn!(address = %self.address, "keys cannot be fetched, known ones stay: {error:#}");
            }
        }
    }

    async fn fetch(&self) -> anyhow::Result<Keys> {
        tokio::time::timeout(FETCH_TIMEOUT, self.document()).await.context("it took too long")?
    }

    async fn document(&self) -> anyhow::Result<Keys> {
        let mut response = self.client.get(self.address.clone()).send().await?;
        anyhow::ensure!(response.status() == http::StatusCode::OK, "the answer is {}", response.status());
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            anyhow::ensure!(bytes.len() + chunk.len() <= MAX_BYTES, "the answer has more than {MAX_BYTES} bytes");
            bytes.extend_from_slice(&chunk);
        }
        document::parse(&bytes)
    }
}

impl KeySource for RemoteJwks {
    fn find<'a>(&'a self, kid: &'a str) -> BoxFuture<'a, anyhow::Result<Option<Arc<VerificationKey>>>> {
        self.lookup(kid).boxed()
    }
}
