//! What handlers share; cheap to clone.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::extract::FromRef;
use chassis::auth::keys::KeyRing;
use chassis::auth::{self, JwksFile, Verifier};
use chassis::clock::SharedClock;
use chassis::entropy::SharedEntropy;
use chassis::lifecycle::Shutdown;
use queue::Queue;
use store::{Options, Store};
use tables::objects::Objects;

use crate::config::Config;
use crate::dispatching::{Bounds, Dispatcher};
use crate::live::Live;
use crate::outlook::{Outlook, QueuedLimit};
use crate::paging::CursorKey;
use crate::people::admission::Admission;
use crate::people::links::LinkKey;
use crate::people::passwords::Passwords;
use crate::uploads::{self, UploadPlaces};

/// How long a request waits for a database connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

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
    /// Bounds uploads under way.
    pub upload_places: UploadPlaces,
    /// Signs the cursors of lists.
    pub cursor_key: CursorKey,
    /// Judges tokens.
    pub verifier: Verifier,
    /// Signs tokens.
    pub keys: KeyRing,
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
        let keys = KeyRing::load_or_create(&config.auth.keys_dir).context("AUTH_KEYS_DIR")?;
        keys.publish(&config.auth.jwks_file).context("JWKS_FILE")?;
        let source = Arc::new(JwksFile::new(&config.auth.jwks_file, clock.clone()));
        let verifier = Verifier::new(source, auth::issuer(&config.auth.public_url), clock.clone());
        let passwords = Passwords::new(config.auth.password_hashes_at_once, entropy.clone()).await?;
        let link_key = LinkKey::new(&config.auth.secret_key);
        let admission = Admission::new(config.auth.session_check_ttl);
        let cursor_key = CursorKey::new(&config.auth.secret_key)?;
        let bounds = Bounds { window: config.dispatch_window, in_flight_per_owner: config.jobs_running_per_owner };
        let dispatcher = Dispatcher::start(store.clone(), queue.clone(), bounds, &shutdown);
        let shared = Shared {
            dispatcher,
            queued_limit: QueuedLimit::new(config.jobs_queued_per_owner),
            outlook: Outlook::default(),
            live: Live::start(queue.clone(), store.clone(), &shutdown),
            upload_places: UploadPlaces::new(config.uploads_at_once),
            cursor_key,
            config,
            store,
            queue,
            objects,
            verifier,
            keys,
            passwords,
            link_key,
            admission,
            clock,
            entropy,
            shutdown,
        };
        let state = Self(Arc::new(shared));
        state.shutdown.tasks.spawn(uploads::sweep::run(state.clone()));
        state.shutdown.tasks.spawn(uploads::resumable::upkeep::run(state.clone()));
        Ok(state)
    }
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
