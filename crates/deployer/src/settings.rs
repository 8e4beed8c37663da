//! What the engine is told at its start. Read from the environment elsewhere; here are values only.

use std::path::PathBuf;
use std::time::Duration;

use crate::view::Trigger;

/// How the deployer works.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where journal, lock and logs stand: a volume of the deployer's own.
    pub state_dir: PathBuf,
    /// Why nothing is deployed here (no Docker engine): every order is refused with these words. `None`: it deploys.
    pub refuses: Option<String>,
    /// The branch that is released.
    pub branch: String,
    /// The repository's address, without credentials.
    pub repository: String,
    /// What begins a release by itself.
    pub trigger: Trigger,
    /// Globs of paths; a push that changes none of them is not released. Empty: every push is.
    pub paths: Vec<String>,
    /// Whether images come from a registry; else they are built.
    pub pulls: bool,
    /// How long a new release is watched before the old one is drained.
    pub soak: Duration,
    /// The same when going back by hand.
    pub rollback_soak: Duration,
    /// For how long a live release is watched and taken back by itself when it goes bad.
    pub watch: Duration,
    /// Between two looks at what is watched.
    pub look_every: Duration,
    /// How long new containers may take until they are ready.
    pub ready_within: Duration,
    /// How often in a row a new container has to be ready.
    pub ready_times: u32,
    /// Which share of errors is too much, 0 to 1.
    pub error_share: f64,
    /// Below this number of requests a share says nothing.
    pub error_minimum: u64,
    /// How long old nginx workers may take to be gone.
    pub drain_deadline: Duration,
    /// How long a container may take from SIGTERM to its end.
    pub stop_grace: Duration,
    /// How long a worker may finish its jobs.
    pub worker_drain_max: Duration,
    /// How many releases that one can go back to are kept.
    pub keep_releases: usize,
    /// Between two looks at the remote head.
    pub reconcile: Duration,
    /// Below this much free memory nothing is begun, in bytes.
    pub memory_min_bytes: u64,
    /// The disk's used shares from which on it is warned, uploads are refused, releases are refused.
    pub disk_shares: DiskShares,
    /// This program's own revision; `None` where it is not known (no self-update then).
    pub revision: Option<String>,
}

/// Shares of the disk, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DiskShares {
    /// From here on it is warned.
    pub warn: f64,
    /// From here on uploads are refused.
    pub uploads: f64,
    /// From here on releases are refused.
    pub releases: f64,
}

impl Default for DiskShares {
    fn default() -> Self {
        Self { warn: 0.75, uploads: 0.85, releases: 0.90 }
    }
}

impl Settings {
    /// What holds where nothing else is said.
    #[must_use]
    pub fn new(state_dir: PathBuf) -> Self {
        Self {
            state_dir,
            refuses: None,
            branch: "main".to_owned(),
            repository: String::new(),
            trigger: Trigger::WorkflowRun,
            paths: Vec::new(),
            pulls: false,
            soak: Duration::from_secs(30),
            rollback_soak: Duration::from_secs(10),
            watch: Duration::from_mins(10),
            look_every: Duration::from_secs(2),
            ready_within: Duration::from_mins(2),
            ready_times: 3,
            error_share: 0.02,
            error_minimum: 20,
            drain_deadline: Duration::from_mins(1),
            stop_grace: Duration::from_secs(30),
            worker_drain_max: Duration::from_mins(30),
            keep_releases: 3,
            reconcile: Duration::from_mins(5),
            memory_min_bytes: 256 << 20,
            disk_shares: DiskShares::default(),
            revision: None,
        }
    }
}
