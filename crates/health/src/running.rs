//! The running service: everything put together, until it is told to end.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chassis::clock::{MonotonicClock, SharedClock, SystemClock};
use chassis::entropy::SystemEntropy;
use chassis::http::{ServerLimits, serve};
use chassis::lifecycle::Shutdown;
use chassis::private::{self, Identity};
use chassis::telemetry;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::board::{Board, Picture};
use crate::config::Config;
use crate::discovery::{self, Tools};
use crate::http::heartbeats::Heartbeats;
use crate::judge::Rules;
use crate::keep::Keeper;
use crate::outward::Outward;
use crate::probes::http::Asker;
use crate::releases::{self, Known};
use crate::state::{AppState, Parts};
use crate::watch::{Time, Watch};
use crate::{http, own_checks};

/// How long a message to people may take on its way.
const DELIVERS_WITHIN: Duration = Duration::from_secs(20);
/// How long answers that are under way may take once the service ends.
const ENDS_WITHIN: Duration = Duration::from_secs(5);

/// Runs the service until `shutdown`. It needs nothing of what it watches.
///
/// # Errors
/// The state folder cannot be used, or a listener fails.
pub async fn run(
    config: Config,
    identity: Identity,
    listener: TcpListener,
    private_listener: TcpListener,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let (watch, state) = put_together(&config, identity, &shutdown)?;
    let private = http::private::router(&state)?;
    let watching = shutdown.tasks.spawn(watch.run(shutdown.soft.clone()));
    let served = tokio::select! {
        served = serve(listener, http::app(&state), ServerLimits::default(), &shutdown) => served.context("serve the API"),
        served = private::serve_private(private_listener, private, &shutdown) => served.context("serve the private port"),
        broken = broken(watching, &shutdown) => broken,
        () = private::keep_metrics(telemetry::metrics::install()?) => Ok(()),
        () = http::private::keep_gauges(state.clone()) => Ok(()),
    };
    // One that watches no more ends, so that another may begin anew.
    shutdown.begin(ENDS_WITHIN);
    shutdown.drained().await;
    served
}

fn put_together(config: &Config, identity: Identity, shutdown: &Shutdown) -> anyhow::Result<(Watch, AppState)> {
    let clock: SharedClock = Arc::new(SystemClock);
    let time = Time { clock, monotonic: MonotonicClock::start() };
    let entropy = Arc::new(SystemEntropy);
    let keeper = Keeper::open(&config.state_dir, time.clock.now()).context("HEALTH_STATE_DIR")?;
    let nothing = || Picture { at: time.clock.now(), parts: Vec::new(), settling_until: None };
    let board = Board::new(keeper.picture()?.unwrap_or_else(nothing));
    let (inside, outside) = (Asker::inside()?, Asker::outside()?);
    let tools = Tools {
        inside: inside.clone(),
        outside: outside.clone(),
        known: known(config, inside, shutdown),
        state_dir: config.state_dir.clone(),
        keeper: keeper.clone(),
        clock: time.clock.clone(),
        monotonic: time.monotonic.clone(),
    };
    let discovered = discovery::discover(&config.targets, &config.own, &tools);
    let client = reqwest::Client::builder().timeout(DELIVERS_WITHIN).build().context("build the HTTP client")?;
    let channels = config.notify.channels(&client)?;
    let state = AppState::build(
        &config.http,
        Parts {
            identity,
            board: board.clone(),
            keeper: keeper.clone(),
            has_deployer: config.targets.deployer.is_some(),
            heartbeats: Heartbeats::new(own_checks::tokens(&config.own)),
            channels: channels.clone(),
            watched_from_outside: config.heartbeat_url.is_some(),
            logs_kept_file: config.logs_kept_file.clone(),
            clock: time.clock.clone(),
            ticks: time.monotonic.clone(),
            entropy: entropy.clone(),
            shutdown: shutdown.clone(),
        },
    )?;
    let watch = Watch {
        state_dir: config.state_dir.clone(),
        watched: discovered.watched,
        rules: Rules { remind_every: config.remind_every, ..Rules::default() },
        keeper,
        board,
        channels,
        public_url: Some(config.http.public_url.clone()),
        known: tools.known,
        renewals: discovered.renewals,
        outward: config.heartbeat_url.clone().map(|url| Outward::new(outside, url)),
        time,
        entropy,
    };
    Ok((watch, state))
}

/// What is known of releases; followed until the service ends.
fn known(config: &Config, asker: Asker, shutdown: &Shutdown) -> Known {
    let Some(url) = &config.targets.deployer else { return Known::nothing() };
    let (follower, known) = releases::follow(asker, url, &config.state_dir);
    shutdown.tasks.spawn(follower.run(shutdown.soft.clone()));
    known
}

/// Ends when the watching ends although nobody said so.
async fn broken(watching: JoinHandle<anyhow::Result<()>>, shutdown: &Shutdown) -> anyhow::Result<()> {
    let outcome = watching.await.context("the watching broke").and_then(|ended| ended);
    if outcome.is_ok() && shutdown.soft.is_cancelled() {
        // Answers that are under way are finished.
        std::future::pending::<()>().await;
    }
    outcome
}
