//! What handlers share; cheap to clone.

use std::num::NonZeroU32;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::extract::FromRef;
use axum::http::HeaderValue;
use chassis::auth::{self, JwksFile, RemoteJwks, RemoteLimits, Verifier};
use chassis::clock::{SharedClock, SharedMonotonic};
use chassis::entropy::SharedEntropy;
use chassis::http::rate::{Limiter, Network, Proxies, RateLimits};
use chassis::lifecycle::Shutdown;
use chassis::private::Identity;
use notify::Channel;
use url::Url;
use uuid::Uuid;

use crate::board::Board;
use crate::http::background::Reader;
use crate::http::config::{AuthConfig, HttpConfig, RateConfig};
use crate::http::freshness::Freshness;
use crate::http::heartbeats::Heartbeats;
use crate::http::past::Past;
use crate::http::rendered::Rendered;
use crate::keep::Keeper;

/// Addresses, and people, that each limit remembers at most.
const MOST_KEYS: usize = 20_000;
/// Wrong tokens of one network within a minute.
const WRONG_TOKENS: NonZeroU32 = NonZeroU32::new(30).unwrap();
/// Tests of the alert channels by one person within a minute: each is a mail to everybody.
const ALERT_TESTS: NonZeroU32 = NonZeroU32::new(6).unwrap();
const MINUTE: Duration = Duration::from_mins(1);

/// What the service gives to its API.
#[derive(Clone)]
pub struct Parts {
    /// Who answers.
    pub identity: Identity,
    /// How everything stands.
    pub board: Board,
    /// What is kept.
    pub keeper: Keeper,
    /// Whether releases are looked at.
    pub has_deployer: bool,
    /// The tokens of parts that say by themselves that they live.
    pub heartbeats: Heartbeats,
    /// The ways to people.
    pub channels: Vec<Arc<dyn Channel>>,
    /// Whether a watcher outside is told that this one lives.
    pub watched_from_outside: bool,
    /// Where the shipper of logs writes how many days it keeps.
    pub logs_kept_file: Option<PathBuf>,
    /// Time.
    pub clock: SharedClock,
    /// Time that does not jump.
    pub ticks: SharedMonotonic,
    /// Randomness.
    pub entropy: SharedEntropy,
    /// How the service ends.
    pub shutdown: Shutdown,
}

/// What handlers share; derefs to [`Shared`].
#[derive(Debug, Clone)]
pub struct AppState(Arc<Shared>);

/// The parts.
pub struct Shared {
    pub(crate) identity: Identity,
    pub(crate) board: Board,
    pub(crate) keeper: Keeper,
    pub(crate) background: Reader,
    pub(crate) freshness: Freshness,
    pub(crate) health: Rendered,
    pub(crate) status: Rendered,
    pub(crate) past: Past,
    pub(crate) heartbeats: Heartbeats,
    pub(crate) wrong_tokens: Limiter<Network>,
    pub(crate) channels: Vec<Arc<dyn Channel>>,
    pub(crate) alert_tests: Limiter<Uuid>,
    pub(crate) watched_from_outside: bool,
    pub(crate) public_url: Url,
    pub(crate) cors_origins: Vec<HeaderValue>,
    pub(crate) verifier: Verifier,
    pub(crate) rates: RateLimits,
    pub(crate) clock: SharedClock,
    pub(crate) entropy: SharedEntropy,
    pub(crate) shutdown: Shutdown,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Shared").field("identity", &self.identity).finish_non_exhaustive()
    }
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl FromRef<AppState> for Verifier {
    fn from_ref(state: &AppState) -> Self {
        state.verifier.clone()
    }
}

impl AppState {
    /// Puts the parts together, and starts what runs beside requests until the service is told to end.
    ///
    /// # Errors
    /// Worded for the operator.
    pub fn build(config: &HttpConfig, parts: Parts) -> anyhow::Result<Self> {
        let ticks = parts.ticks;
        let background =
            Reader::new(parts.keeper.clone(), parts.has_deployer, parts.logs_kept_file, parts.clock.clone())?;
        let state = Self(Arc::new(Shared {
            identity: parts.identity,
            background,
            freshness: Freshness::of(&parts.board, ticks.clone()),
            health: Rendered::new(ticks.clone()),
            status: Rendered::new(ticks.clone()),
            past: Past::new(ticks.clone()),
            heartbeats: parts.heartbeats,
            wrong_tokens: Limiter::new("heartbeats", WRONG_TOKENS, MINUTE, MOST_KEYS, ticks.clone()),
            channels: parts.channels,
            alert_tests: Limiter::new("user", ALERT_TESTS, MINUTE, MOST_KEYS, ticks.clone()),
            watched_from_outside: parts.watched_from_outside,
            public_url: config.public_url.clone(),
            cors_origins: config.cors_origins.clone(),
            verifier: verifier(config, &parts.clock, &parts.shutdown)?,
            rates: rates(&config.rates, &ticks),
            board: parts.board,
            keeper: parts.keeper,
            clock: parts.clock,
            entropy: parts.entropy,
            shutdown: parts.shutdown,
        }));
        until_soft(&state.shutdown, state.rates.clone().keep_tidy());
        until_soft(&state.shutdown, state.freshness.clone().keep(state.board.clone()));
        until_soft(&state.shutdown, {
            let state = state.clone();
            async move { state.background.keep().await }
        });
        until_soft(&state.shutdown, {
            let state = state.clone();
            async move {
                loop {
                    tokio::time::sleep(MINUTE).await;
                    state.wrong_tokens.tidy();
                    state.alert_tests.tidy();
                }
            }
        });
        Ok(state)
    }
}

fn verifier(config: &HttpConfig, clock: &SharedClock, shutdown: &Shutdown) -> anyhow::Result<Verifier> {
    match &config.auth {
        AuthConfig::Local(file) => {
            let source = Arc::new(JwksFile::new(file, clock.clone()));
            Ok(Verifier::new(source, auth::issuer(&config.public_url), clock.clone()))
        }
        AuthConfig::Supabase { url, legacy_secret } => {
            let issuer = auth::issuer(url);
            let address = format!("{issuer}/.well-known/jwks.json").parse().context("SUPABASE_URL")?;
            let keys = RemoteJwks::new(address, RemoteJwks::client()?, RemoteLimits::default(), clock.clone());
            let warm = keys.clone();
            until_soft(shutdown, async move { warm.warm_up().await });
            let verifier = Verifier::new(Arc::new(keys), issuer, clock.clone());
            Ok(match legacy_secret {
                Some(secret) => verifier.with_legacy_secret(secret.expose().as_bytes()),
                None => verifier,
            })
        }
    }
}

fn rates(config: &RateConfig, ticks: &SharedMonotonic) -> RateLimits {
    let address = NonZeroU32::new(config.address_per_minute);
    let person = NonZeroU32::new(config.user_per_minute);
    RateLimits {
        proxies: Arc::new(Proxies::new(config.trusted_proxies.clone())),
        address: address.map(|quota| Arc::new(Limiter::new("default", quota, MINUTE, MOST_KEYS, ticks.clone()))),
        person: person.map(|quota| Arc::new(Limiter::new("user", quota, MINUTE, MOST_KEYS, ticks.clone()))),
        free_routes: crate::http::FREE_ROUTES,
    }
}

/// Runs `work` beside the requests; it needs no end of its own.
fn until_soft(shutdown: &Shutdown, work: impl Future<Output = ()> + Send + 'static) {
    let soft = shutdown.soft.clone();
    shutdown.tasks.spawn(async move {
        tokio::select! {
            () = work => {}
            () = soft.cancelled() => {}
        }
    });
}
