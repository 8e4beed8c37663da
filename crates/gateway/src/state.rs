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
use chrono::TimeDelta;
use queue::Queue;
use store::{Options, Store};
use tables::objects::Objects;

use crate::config::{AuthConfig, Config, RateConfig, SupabaseConfig};
use crate::dispatching::{Bounds, Dispatcher};
use crate::idempotency::InWork;
use crate::live::Live;
use crate::outlook::{Outlook, QueuedLimit};
use crate::paging::CursorKey;
use crate::people::admission::Admission;
use crate::people::links::LinkKey;
use crate::people::passwords::Passwords;
use crate::people::sign_ins::SignIns;
use crate::people::signing::Signing;
use crate::readings::Readings;
use crate::submissions::Submissions;
use crate::uploads::disk::{self, Disk};
use crate::uploads::{self, UploadPlaces};

/// How long a request waits for a database connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// How often the memory of limits on links and sign-ins is looked at.
const TIDY_EVERY: Duration = Duration::from_secs(10);

/// What handlers share; derefs to [`Shared`].
#[derive(Debug, Clone)]
pub struct AppState(Arc<Shared>);

/// The parts.
#[derive(Debug)]
pub struct Shared {
    /// The variables.
    pub config: Config,
    /// Postgres.
    pub store: Store,
    /// Redis.
    pub queue: Queue,
    /// New jobs on their way to Postgres.
    pub(crate) submissions: Submissions,
    /// Analyses asked for by their id.
    pub(crate) readings: Readings,
    /// Uploaded files.
    pub objects: Objects,
    /// What is left to be said on Redis once an answer is safe.
    pub dispatcher: Dispatcher,
    /// How much one person may have queued.
    pub queued_limit: QueuedLimit,
    /// What a queued analysis can expect.
    pub outlook: Outlook,
    /// The one subscription to live events.
    pub live: Live,
    /// Refuses uploads while its disk is nearly full.
    pub upload_disk: Disk,
    /// Bounds uploads under way.
    pub upload_places: UploadPlaces,
    /// Signs the cursors of lists.
    pub cursor_key: CursorKey,
    /// Judges tokens.
    pub verifier: Verifier,
    /// Signs tokens, unless Supabase does.
    signing: Option<Signing>,
    /// How often somebody may ask.
    pub rates: RateLimits,
    /// How often an address may open links to shared analyses; without limit when left out.
    pub shared_reads: Option<Limiter<Network>>,
    /// How often somebody may try to sign in.
    pub sign_ins: SignIns,
    /// Requests with an `Idempotency-Key` that are being worked on.
    pub(crate) in_work: InWork,
    /// Hashes passwords, a few at a time.
    pub passwords: Passwords,
    /// Keys the HMACs of one-time links and refresh tokens.
    pub link_key: LinkKey,
    /// Who was lately found to have a live session.
    pub admission: Admission,
    /// Time.
    pub clock: SharedClock,
    /// Randomness.
    pub entropy: SharedEntropy,
    /// How the service ends; streams watch it.
    pub shutdown: Shutdown,
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
    /// Connects, refuses an incompatible schema, makes signing keys where there are none and publishes them, and starts
    /// what runs in the background until `shutdown` is soft.
    ///
    /// # Errors
    /// Worded for the operator.
    pub async fn build(
        config: Config,
        clock: SharedClock,
        entropy: SharedEntropy,
        shutdown: Shutdown,
    ) -> anyhow::Result<Self> {
        let store = connect(config.database_url.expose(), config.database_max_connections).await?;
        let queue = Queue::open(config.redis_url.expose(), &config.redis_key_prefix)?;
        let objects =
            Objects::open_with(&config.object_store_url, &config.object_store_options).context("OBJECT_STORE_URL")?;
        let (signing, verifier) = match &config.auth.supabase {
            None => local_keys(&config.auth, &clock, &shutdown)?,
            Some(supabase) => (None, supabase_keys(supabase, &clock, &shutdown)?),
        };
        let ticks = MonotonicClock::start();
        let sign_ins = SignIns::new(&config.rates, ticks.clone());
        let rates = rate_limits(&config.rates, &ticks);
        let shared_reads = shared_reads(&config.rates, ticks);
        let passwords = Passwords::new(config.auth.password_hashes_at_once, entropy.clone()).await?;
        let link_key = LinkKey::new(&config.auth.secret_key);
        let admission = Admission::new(config.auth.session_check_ttl);
        let cursor_key = CursorKey::new(&config.auth.secret_key)?;
        let bounds = Bounds { window: config.dispatch_window, in_flight_per_owner: config.jobs_running_per_owner };
        let dispatcher = Dispatcher::start(store.clone(), queue.clone(), bounds, &shutdown);
        let shared = Shared {
            submissions: Submissions::start(store.clone()),
            readings: Readings::start(store.clone()),
            dispatcher,
            queued_limit: QueuedLimit::new(config.jobs_queued_per_owner),
            outlook: Outlook::default(),
            live: Live::start(queue.clone(), store.clone(), &shutdown),
            upload_disk: Disk::of(&objects.location(), config.uploads_disk),
            upload_places: UploadPlaces::new(config.uploads_at_once),
            cursor_key,
            config,
            store,
            queue,
            objects,
            verifier,
            signing,
            rates,
            shared_reads,
            sign_ins,
            in_work: InWork::default(),
            passwords,
            link_key,
            admission,
            clock,
            entropy,
            shutdown,
        };
        let state = Self(Arc::new(shared));
        let (limits, tidied) = (state.rates.clone(), state.clone());
        until_soft(&state.shutdown, limits.keep_tidy());
        until_soft(&state.shutdown, async move { tidied.keep_tidy().await });
        state.shutdown.tasks.spawn(disk::watch(state.clone()));
        state.shutdown.tasks.spawn(uploads::sweep::run(state.clone()));
        state.shutdown.tasks.spawn(uploads::resumable::upkeep::run(state.clone()));
        Ok(state)
    }

    /// Forgets, again and again, who needs no limit any more; never ends.
    async fn keep_tidy(&self) {
        loop {
            tokio::time::sleep(TIDY_EVERY).await;
            self.sign_ins.tidy();
            self.shared_reads.iter().for_each(Limiter::tidy);
        }
    }

    /// The keys that sign tokens.
    ///
    /// # Errors
    /// Where Supabase signs them; the routes that would need keys are closed there.
    pub(crate) fn signing(&self) -> anyhow::Result<&Signing> {
        self.signing.as_ref().context("Supabase signs tokens, not this gateway")
    }
}

/// Keys of our own, which follow their folder until `shutdown` is soft.
fn local_keys(
    config: &AuthConfig,
    clock: &SharedClock,
    shutdown: &Shutdown,
) -> anyhow::Result<(Option<Signing>, Verifier)> {
    let signing = Signing::open(config.keys_dir.clone(), config.jwks_file.clone())?;
    until_soft(shutdown, signing.clone().keep_up());
    let source = Arc::new(JwksFile::new(&config.jwks_file, clock.clone()));
    Ok((Some(signing), Verifier::new(source, auth::issuer(&config.public_url), clock.clone())))
}

/// Supabase's keys. They may be away at the start: tokens are then answered 503 until they are there.
fn supabase_keys(config: &SupabaseConfig, clock: &SharedClock, shutdown: &Shutdown) -> anyhow::Result<Verifier> {
    let issuer = config.issuer();
    let address = format!("{issuer}/.well-known/jwks.json").parse().context("SUPABASE_URL")?;
    let max_stale = TimeDelta::from_std(config.max_stale).unwrap_or(TimeDelta::MAX);
    let cooldown = TimeDelta::from_std(config.cooldown).unwrap_or(TimeDelta::MAX);
    let limits = RemoteLimits { max_stale, cooldown, ..RemoteLimits::default() };
    let keys = RemoteJwks::new(address, RemoteJwks::client()?, limits, clock.clone());
    let warm = keys.clone();
    until_soft(shutdown, async move { warm.warm_up().await });
    let verifier = Verifier::new(Arc::new(keys), issuer, clock.clone());
    Ok(match &config.legacy_secret {
        Some(secret) => verifier.with_legacy_secret(secret.expose().as_bytes()),
        None => verifier,
    })
}

fn rate_limits(config: &RateConfig, ticks: &Arc<MonotonicClock>) -> RateLimits {
    let (minute, most_keys) = (Duration::from_mins(1), config.most_keys);
    let address = NonZeroU32::new(config.address_per_minute);
    let person = NonZeroU32::new(config.user_per_minute);
    RateLimits {
        proxies: Arc::new(Proxies::new(config.trusted_proxies.clone())),
        address: address.map(|quota| Arc::new(Limiter::new("default", quota, minute, most_keys, ticks.clone()))),
        person: person.map(|quota| Arc::new(Limiter::new("user", quota, minute, most_keys, ticks.clone()))),
        free_routes: crate::routes::FREE_ROUTES,
    }
}

fn shared_reads(config: &RateConfig, ticks: Arc<MonotonicClock>) -> Option<Limiter<Network>> {
    let quota = NonZeroU32::new(config.shared_per_minute)?;
    Some(Limiter::new("shared", quota, Duration::from_mins(1), config.most_keys, ticks))
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

/// Opens the database and refuses an incompatible schema.
///
/// # Errors
/// Worded for the operator.
pub async fn connect(database_url: &str, max_connections: u32) -> anyhow::Result<Store> {
    let options =
        Options { application_name: crate::SERVICE.to_owned(), max_connections, acquire_timeout: ACQUIRE_TIMEOUT };
    let store = Store::connect(database_url, &options).await?;
    store.check_schema().await?;
    Ok(store)
}
