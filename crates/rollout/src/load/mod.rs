//! The load: so many requests a second whatever the answers take, over connections that stay and connections of their own,
//! by clients that never try again; open streams of events; a resumable upload.

mod connection;
mod ledger;
mod mix;
mod stream;
mod upload;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use local::client::{Client, text};
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::MissedTickBehavior;

pub use connection::{Connection, Target};
pub use ledger::{Account, Kind, Ledger, Record};
pub use upload::Upload;

/// A token lives for 15 minutes.
const NEW_TOKEN_EVERY: Duration = Duration::from_mins(5);
/// More at once are no load but a pile.
const MOST_AT_ONCE: usize = 2000;

/// How much is asked.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Requests a second.
    pub per_second: u32,
    /// Streams of events.
    pub streams: u32,
    /// What the mix is drawn from.
    pub seed: u64,
}

impl Default for Plan {
    fn default() -> Self {
        Self { per_second: 200, streams: 20, seed: 1 }
    }
}

/// Who asks, and where.
#[derive(Clone)]
pub struct Caller {
    /// Where to.
    pub target: Target,
    /// The same, for what is no load.
    pub client: Client,
    /// Whose token.
    pub email: String,
    /// Their password.
    pub password: String,
}

/// The load while it runs; dropped, it stops.
pub struct Load {
    /// What came of it.
    pub ledger: Ledger,
    target: Target,
    token: watch::Receiver<String>,
    tasks: Vec<JoinHandle<()>>,
}

impl Load {
    /// Begins.
    ///
    /// # Errors
    /// When the caller cannot sign in, or there is no page.
    pub async fn begin(caller: Caller, plan: Plan) -> anyhow::Result<Self> {
        let ledger = Ledger::default();
        let first = sign_in(&caller).await.context("sign the load in")?;
        let (sender, token) = watch::channel(first);
        let mut tasks = vec![tokio::spawn(keep_signed_in(caller.clone(), sender))];
        let lanes = mix::Lanes::new(caller.target.clone(), ledger.clone(), token.clone());
        tasks.push(tokio::spawn(drive(Arc::new(lanes), plan)));
        for _ in 0..plan.streams {
            tasks.push(tokio::spawn(stream::follow(caller.target.clone(), token.clone(), ledger.clone())));
        }
        Ok(Self { ledger, target: caller.target, token, tasks })
    }

    /// Begins a resumable upload of so many MiB.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn upload(&self, name: &str, mebibytes: usize) -> anyhow::Result<Upload> {
        Upload::begin(self.target.clone(), self.token.clone(), self.ledger.clone(), name, mebibytes << 20).await
    }

    /// Waits until the load has gone on for so long.
    pub async fn go_on(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

async fn sign_in(caller: &Caller) -> anyhow::Result<String> {
    let body = json!({ "email": caller.email, "password": caller.password });
    let answer = caller.client.post("/auth/v1/token?grant_type=password", &body).await?;
    Ok(text(&answer, "access_token")?.to_owned())
}

async fn keep_signed_in(caller: Caller, token: watch::Sender<String>) {
    let mut wait = NEW_TOKEN_EVERY;
    loop {
        tokio::time::sleep(wait).await;
        // While nobody answers the old token still holds for ten minutes.
        wait = match sign_in(&caller).await {
            Ok(new) => {
                token.send_replace(new);
                NEW_TOKEN_EVERY
            }
            Err(_) => Duration::from_secs(2),
        };
    }
}

/// One request every so many milliseconds, whether or not those before are answered.
async fn drive(lanes: Arc<mix::Lanes>, plan: Plan) {
    let mut random = ChaCha8Rng::seed_from_u64(plan.seed);
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / plan.per_second.max(1));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let places = Arc::new(Semaphore::new(MOST_AT_ONCE));
    let mut under_way = JoinSet::new();
    loop {
        ticks.tick().await;
        while under_way.try_join_next().is_some() {}
        let drawn = mix::Drawn::draw(&mut random);
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            lanes.shed(&drawn);
            continue;
        };
        let lanes = Arc::clone(&lanes);
        under_way.spawn(async move {
            lanes.ask(drawn).await;
            drop(place);
        });
    }
}
