//! The world on paper: git history, images, a database's schema, containers, a route, a disk, kept in memory and obeying
//! the same rules; with faults by revision, failures and kills at chosen calls, and a time that passes only when it is
//! waited for. What the rules forbid (a route to a container that does not run, a container stopped under traffic, two
//! changes at once) is written down as a breach.

pub(crate) mod git;
pub(crate) mod house;
pub(crate) mod runtime;
pub(crate) mod time;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use deployer::ports::{Disk, Ports, Route, Running};
use deployer::release::{Commit, Schema, Service};
use tokio::sync::Notify;

use self::time::PaperTime;

/// What is wrong with a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Its image cannot be built.
    DoesNotBuild,
    /// It starts and dies.
    Dies,
    /// It never says that it is ready.
    NeverReady,
    /// It says another revision.
    WrongRevision,
    /// It is ready, but answers 500.
    Answers500,
    /// It answers 500 from so many seconds after the switch on.
    Answers500After(i64),
    /// Its canary gives a wrong number.
    WrongCanary,
    /// Its migration fails.
    MigrationFails,
    /// Its migration waits for ever.
    MigrationBlocks,
    /// Its nginx configuration is invalid.
    InvalidConfiguration,
}

/// When a call kills the deployer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kill {
    /// Before the effect of the call with this number.
    Before(usize),
    /// After it.
    After(usize),
}

/// The world.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) time: Arc<PaperTime>,
    state: Arc<Mutex<State>>,
    pub(crate) killed: Arc<Notify>,
    /// How long calls take, by the beginning of their name.
    pub(crate) costs: Arc<Mutex<BTreeMap<&'static str, Duration>>>,
}

/// A commit on paper.
#[derive(Debug, Clone)]
pub(crate) struct PaperCommit {
    pub(crate) id: Commit,
    pub(crate) subject: String,
    pub(crate) author: String,
    pub(crate) at: DateTime<Utc>,
    pub(crate) revisions: BTreeMap<Service, String>,
    pub(crate) paths: Vec<String>,
}

#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "what is away or up, each for itself")]
pub(crate) struct State {
    /// Every commit that ever was.
    pub(crate) commits: BTreeMap<String, PaperCommit>,
    /// The branch, oldest first.
    pub(crate) branch: Vec<String>,
    pub(crate) is_git_away: bool,
    pub(crate) is_registry_away: bool,
    /// Whether anybody can be asked whether CI has passed.
    pub(crate) tells_ci: bool,
    pub(crate) passed: BTreeSet<String>,
    pub(crate) images: BTreeSet<(Service, String)>,
    pub(crate) faults: BTreeMap<String, Fault>,
    pub(crate) schemas: BTreeMap<String, Schema>,
    pub(crate) database: Schema,
    pub(crate) migrations_run: Vec<i64>,
    pub(crate) stranded: Vec<String>,
    pub(crate) containers: BTreeMap<String, Running>,
    pub(crate) infrastructure: BTreeMap<Service, String>,
    pub(crate) ending: BTreeSet<String>,
    pub(crate) resting: BTreeSet<String>,
    pub(crate) is_engine_away: bool,
    pub(crate) route: Option<Route>,
    pub(crate) switched_at: DateTime<Utc>,
    pub(crate) published: BTreeSet<String>,
    pub(crate) is_maintenance: bool,
    pub(crate) disk: Disk,
    pub(crate) reclaims: bool,
    pub(crate) free_memory: u64,
    pub(crate) self_updates: Vec<String>,
    pub(crate) builds: usize,
    pub(crate) calls: Vec<String>,
    pub(crate) breaches: Vec<String>,
    pub(crate) kill: Option<Kill>,
    pub(crate) fail: Vec<(&'static str, usize)>,
}

impl World {
    /// A world with one commit, at which everything runs as compose had started it by hand.
    pub(crate) fn new(start: DateTime<Utc>) -> Self {
        let state = State {
            commits: BTreeMap::new(),
            branch: Vec::new(),
            is_git_away: false,
            is_registry_away: false,
            tells_ci: true,
            passed: BTreeSet::new(),
            images: BTreeSet::new(),
            faults: BTreeMap::new(),
            schemas: BTreeMap::new(),
            database: Schema { newest: 1, readable_by: 1 },
            migrations_run: Vec::new(),
            stranded: Vec::new(),
            containers: BTreeMap::new(),
            infrastructure: BTreeMap::new(),
            ending: BTreeSet::new(),
            resting: BTreeSet::new(),
            is_engine_away: false,
            route: None,
            switched_at: start,
            published: BTreeSet::new(),
            is_maintenance: false,
            disk: Disk { total_bytes: 80 << 30, free_bytes: 48 << 30, parts: house::parts() },
            reclaims: true,
            free_memory: 2 << 30,
            self_updates: Vec::new(),
            builds: 0,
            calls: Vec::new(),
            breaches: Vec::new(),
            kill: None,
            fail: Vec::new(),
        };
        let world = Self {
            time: PaperTime::at(start),
            state: Arc::new(Mutex::new(state)),
            killed: Arc::default(),
            costs: Arc::default(),
        };
        let first = world.commit("Begin", &Service::ALL);
        world.compose_up(&first);
        world
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.time.now()
    }

    /// All ports of this world.
    pub(crate) fn ports(&self) -> Ports {
        let world = Arc::new(self.clone());
        Ports {
            source: world.clone(),
            images: world.clone(),
            migrator: world.clone(),
            runtime: world.clone(),
            proxy: world.clone(),
            prober: world.clone(),
            housekeeping: world.clone(),
            self_update: world,
        }
    }

    /// One call: noted, killed or failed where that was asked for, and else carried out.
    pub(crate) async fn act<T>(
        &self,
        call: String,
        effect: impl FnOnce(&mut State) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        // The longest name that fits counts.
        let costs = self.costs.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let fits = costs.iter().filter(|(name, _)| call.starts_with(**name));
        let cost = fits.max_by_key(|(name, _)| name.len()).map(|(_, cost)| *cost);
        let (number, fails) = {
            let mut state = self.state();
            self.time.calls.fetch_add(1, Ordering::SeqCst);
            state.calls.push(call.clone());
            (state.calls.len(), state.fails(&call))
        };
        if self.state().kill == Some(Kill::Before(number)) {
            self.die().await;
        }
        if let Some(cost) = cost {
            self.time.wait(cost).await;
        } else {
            tokio::task::yield_now().await;
        }
        anyhow::ensure!(!fails, "{call}: refused by the test");
        let done = effect(&mut self.state());
        if self.state().kill == Some(Kill::After(number)) {
            self.die().await;
        }
        done
    }

    async fn die(&self) {
        self.state().kill = None;
        self.killed.notify_one();
        std::future::pending::<()>().await;
    }

    /// The fault of what runs behind the route now, for traffic and canary.
    pub(crate) fn routed_fault(state: &State) -> Option<Fault> {
        let route = state.route.as_ref()?;
        let revisions = route.to.values().filter_map(|name| state.containers.get(name)).map(|one| one.revision.clone());
        revisions.into_iter().find_map(|revision| state.faults.get(&revision).copied())
    }
}

impl State {
    fn fails(&mut self, call: &str) -> bool {
        let Some(place) = self.fail.iter().position(|(name, _)| call.starts_with(name)) else { return false };
        self.fail[place].1 -= 1;
        if self.fail[place].1 == 0 {
            self.fail.remove(place);
        }
        true
    }

    pub(crate) fn breach(&mut self, words: String) {
        self.breaches.push(words);
    }
}
