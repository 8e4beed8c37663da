//! What handlers share; cheap to clone.

use std::num::NonZeroU32;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::extract::FromRef;
use chassis::auth::{self, JwksFile, RemoteJwks, RemoteLimits, Verifier};
use chassis::clock::{MonotonicClock, SharedClock};
use chassis::entropy::SharedEntropy;
use chassis::http::rate::{Limiter, Network, Proxies, RateLimits};
use chassis::lifecycle::Shutdown;
use tokio::sync::Semaphore;

use crate::config::{AuthConfig, Config, HooksConfig, RateConfig};
use crate::handle::Deployer;
use crate::webhook::{Expected, Key};

/// Addresses, and people, that each limit remembers at most.
const MOST_KEYS: usize = 20_000;
/// Large bodies that are in memory at once; see [`crate::http::hooks`].
const LARGE_BODIES: usize = 4;

/// What handlers share; derefs to [`Shared`].
#[derive(Debug, Clone)]
pub struct AppState(Arc<Shared>);

/// The parts.
#[derive(Debug)]
pub struct Shared {
    /// The engine.
    pub deployer: Deployer,
    /// Judges tokens.
    pub verifier: Verifier,
    /// GitHub's webhook.
    pub(crate) hooks: Hooks,
    /// How often somebody may ask.
    pub rates: RateLimits,
    /// Time.
    pub clock: SharedClock,
    /// Randomness.
    pub entropy: SharedEntropy,
    /// How the service ends; streams watch it.
    pub shutdown: Shutdown,
}

/// What is known of the webhook.
#[derive(Debug)]
pub(crate) struct Hooks {
    pub(crate) keys: Vec<Key>,
    pub(crate) expected: Expected,
    /// Wrong signatures of one network.
    pub(crate) wrong: Limiter<Network>,
    pub(crate) large_bodies: Semaphore,
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
    /// Puts the parts together, and starts what runs beside requests until `shutdown` is soft.
    ///
    /// # Errors
    /// Worded for the operator.
    pub fn build(
        config: &Config,
        deployer: Deployer,
        clock: SharedClock,
        entropy: SharedEntropy,
        shutdown: Shutdown,
    ) -> anyhow::Result<Self> {
        let ticks = MonotonicClock::start();
        let state = Self(Arc::new(Shared {
            deployer,
            verifier: verifier(config, &clock, &shutdown)?,
            hooks: hooks(&config.hooks, &ticks),
            rates: rates(&config.rates, &ticks),
            clock,
            entropy,
            shutdown,
        }));
        let (limits, tidied) = (state.rates.clone(), state.clone());
        until_soft(&state.shutdown, limits.keep_tidy());
        until_soft(&state.shutdown, async move {
            loop {
                tokio::time::sleep(Duration::from_secs(10)).await;
                tidied.hooks.wrong.tidy();
            }
        });
        Ok(state)
    }
}

fn verifier(config: &Config, clock: &SharedClock, shutdown: &Shutdown) -> anyhow::Result<Verifier> {
    match &config.auth {
        AuthConfig::Local(file) => {
            let source = Arc::new(JwksFile::new(file, clock.clone()));
            Ok(Verifier::new(source, auth::issuer(&config.public_url), clock.clone()))
        }
        AuthConfig::Supabase(supabase) => {
            let issuer = auth::issuer(&supabase.url);
            let address = format!("{issuer}/.well-known/jwks.json").parse().context("SUPABASE_URL")?;
            let keys = RemoteJwks::new(address, RemoteJwks::client()?, RemoteLimits::default(), clock.clone());
            let warm = keys.clone();
            until_soft(shutdown, async move { warm.warm_up().await });
            let verifier = Verifier::new(Arc::new(keys), issuer, clock.clone());
            Ok(match &supabase.legacy_secret {
                Some(secret) => verifier.with_legacy_secret(secret.expose().as_bytes()),
                None => verifier,
            })
        }
    }
}

fn hooks(config: &HooksConfig, ticks: &Arc<MonotonicClock>) -> Hooks {
    let quota = NonZeroU32::new(config.wrong_per_minute).unwrap_or(NonZeroU32::MIN);
    Hooks {
        keys: config.secrets.iter().map(Key::new).collect(),
        expected: config.expected.clone(),
        wrong: Limiter::new("signatures", quota, Duration::from_mins(1), MOST_KEYS, ticks.clone()),
        large_bodies: Semaphore::new(LARGE_BODIES),
    }
}

fn rates(config: &RateConfig, ticks: &Arc<MonotonicClock>) -> RateLimits {
    let minute = Duration::from_mins(1);
    let address = NonZeroU32::new(config.address_per_minute);
    let person = NonZeroU32::new(config.user_per_minute);
    RateLimits {
        proxies: Arc::new(Proxies::new(config.trusted_proxies.clone())),
        address: address.map(|quota| Arc::new(Limiter::new("default", quota, minute, MOST_KEYS, ticks.clone()))),
        person: person.map(|quota| Arc::new(Limiter::new("user", quota, minute, MOST_KEYS, ticks.clone()))),
        free_routes: &[],
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
