//! What is told besides the picture on the board: read from what is kept again and again beside requests, so that no
//! request waits for a disk. Where it cannot be read, what was read last is told.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chassis::clock::SharedClock;
use notify::Storage as _;
use notify::sqlite::Outbox;
use tokio::sync::watch;

use super::{kept, logs_kept};
use crate::keep::Keeper;
use crate::part::PartId;
use crate::view::{DeploysView, IncidentView, Uptime, WindowView};

/// How often what changes at once is read: incidents, maintenance, alerts that wait.
const OFTEN: Duration = Duration::from_secs(2);
/// Every so many of those, also what changes slowly is read: uptimes, releases, days of logs.
const SELDOM: u32 = 15;

/// What is told besides the picture.
#[derive(Debug, Clone, Default)]
pub(crate) struct Background {
    pub(crate) incidents: Vec<IncidentView>,
    pub(crate) windows: Vec<WindowView>,
    pub(crate) waiting: Waiting,
    pub(crate) uptimes: BTreeMap<PartId, Uptime>,
    pub(crate) deploys: Option<DeploysView>,
    pub(crate) logs_kept_days: Option<f64>,
}

/// Alerts that wait to be delivered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) count: u64,
    /// Why the oldest of them waits.
    pub(crate) words: Option<String>,
}

/// Reads it, and holds what was read last.
#[derive(Debug)]
pub(crate) struct Reader {
    keeper: Keeper,
    outbox: Outbox,
    has_deployer: bool,
    logs_kept_file: Option<PathBuf>,
    clock: SharedClock,
    now: watch::Sender<Arc<Background>>,
}

impl Reader {
    pub(crate) fn new(
        keeper: Keeper,
        has_deployer: bool,
        logs_kept_file: Option<PathBuf>,
        clock: SharedClock,
    ) -> anyhow::Result<Self> {
        let outbox = keeper.outbox()?;
        Ok(Self { keeper, outbox, has_deployer, logs_kept_file, clock, now: watch::Sender::new(Arc::default()) })
    }

    /// What was read last; never waits.
    pub(crate) fn now(&self) -> Arc<Background> {
        self.now.borrow().clone()
    }

    /// Reads again and again; never ends.
    pub(crate) async fn keep(&self) {
        let mut round = 0;
        let mut fails = false;
        loop {
            let slowly = if round % SELDOM == 0 { self.read_slow().await } else { Ok(()) };
            let read = slowly.and(self.read_fast().await);
            // Said once, not every two seconds.
            match &read {
                Err(cause) if !fails => tracing::error!("what is kept cannot be read: {cause:#}"),
                Ok(()) if fails => tracing::info!("what is kept can be read again"),
                _ => {}
            }
            fails = read.is_err();
            round = if fails { 0 } else { round.wrapping_add(1) };
            tokio::time::sleep(OFTEN).await;
        }
    }

    /// Reads what changes at once: whoever has just changed it sees it changed.
    pub(crate) async fn read_fast(&self) -> anyhow::Result<()> {
        let now = self.clock.now();
        let both = move |keeper: &Keeper| Ok((kept::open_incidents(keeper)?, kept::windows(keeper, now)?));
        let (incidents, windows) = self.keeper.run(both).await?;
        let waiting = self.waiting().await?;
        self.now.send_if_modified(|now| {
            let same = now.incidents == incidents && now.windows == windows && now.waiting == waiting;
            if !same {
                *now = Arc::new(Background { incidents, windows, waiting, ..Background::clone(now) });
            }
            !same
        });
        Ok(())
    }

    async fn waiting(&self) -> anyhow::Result<Waiting> {
        let depths = self.outbox.depths().await?;
        let count = depths.iter().map(|depth| depth.waiting).sum();
        let oldest = depths.into_iter().min_by_key(|depth| depth.oldest_at);
        let words = oldest.and_then(|depth| Some(format!("{}: {}", depth.channel, depth.last_error?)));
        Ok(Waiting { count, words })
    }

    async fn read_slow(&self) -> anyhow::Result<()> {
        let now = self.clock.now();
        let both = move |keeper: &Keeper| Ok((keeper.uptime(now)?, kept::deploys(keeper, now)?));
        let (uptimes, deploys) = self.keeper.run(both).await?;
        let deploys = self.has_deployer.then_some(deploys);
        let logs_kept_days = match &self.logs_kept_file {
            Some(file) => logs_kept::days(file, now).await,
            None => None,
        };
        self.now.send_modify(|now| {
            *now = Arc::new(Background { uptimes, deploys, logs_kept_days, ..Background::clone(now) });
        });
        Ok(())
    }
}
