//! The engine: carries out what the [`crate::machine`] says, over the [`crate::ports`], by the [`crate::journal`].
//!
//! Two loops run side by side. One works: it resumes, takes what waits, watches what is live, keeps the house. The other
//! listens: it decides what comes of deliveries and looks at the branch ([`reconcile`]), so that a push is decided while a
//! build runs. Only the first touches what runs; there is one of it, and the journal's fence keeps it that way.

mod boot;
mod drive;
mod health;
mod house;
pub(crate) mod reconcile;
mod steps;
mod tend;
mod turns;
mod watch;

pub(crate) use house::is_same_release;
pub(crate) use steps::{ASKED, COMMITS, GoingBack, changes};

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chassis::clock::SharedClock;
use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::journal::{Audit, Journal, JournalError, Record};
use crate::machine::Event;
use crate::pace::Pace;
use crate::ports::Ports;
use crate::release::DeploymentId;
use crate::settings::Settings;

/// Between two tries to write to a journal that has no room.
const UNWRITABLE_EVERY: Duration = Duration::from_secs(10);

/// The engine.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) settings: Settings,
    pub(crate) ports: Ports,
    pub(crate) clock: SharedClock,
    pub(crate) pace: Arc<dyn Pace>,
    pub(crate) journal: Journal,
    /// Something was ordered, or is to be ended.
    pub(crate) ordered: Notify,
    /// A delivery came, or the branch is to be looked at.
    pub(crate) told: Notify,
    /// Somebody wants the deployment under way ended.
    pub(crate) cancelled: Notify,
    /// What was found out last about going back to each release.
    pub(crate) asked: Mutex<BTreeMap<DeploymentId, GoingBack>>,
    /// The image of each container of what is live, as it was seen to run at the last tick.
    pub(crate) running_images: Mutex<BTreeMap<String, String>>,
}

/// Why the engine ends.
#[derive(Debug)]
pub(crate) enum Halt {
    /// It was told to.
    Stopped,
    /// The journal cannot be used.
    Journal(JournalError),
}

impl From<JournalError> for Halt {
    fn from(cause: JournalError) -> Self {
        Self::Journal(cause)
    }
}

/// What a part of the engine gives.
pub(crate) type Worked<T> = Result<T, Halt>;

impl Engine {
    /// Works until told to stop.
    pub(crate) async fn run(&self, stop: &CancellationToken) -> Result<(), JournalError> {
        let working = async {
            // What runs is known before anything is decided.
            self.boot(stop).await?;
            tokio::select! {
                worked = self.work(stop) => worked,
                listened = self.listen(stop) => listened,
            }
        };
        match working.await {
            Ok(()) | Err(Halt::Stopped) => Ok(()),
            Err(Halt::Journal(cause)) => Err(cause),
        }
    }

    async fn work(&self, stop: &CancellationToken) -> Worked<()> {
        let mut looks = health::Looks::default();
        let mut tended_at = self.now();
        loop {
            if stop.is_cancelled() {
                return Err(Halt::Stopped);
            }
            if self.turn(stop, &mut looks).await? {
                continue;
            }
            if self.now() - tended_at >= chrono_of(self.settings.reconcile) {
                tended_at = self.now();
                self.tend(false).await?;
            }
            let is_watching = self.journal.live()?.is_some_and(|live| !live.work.settled);
            let pause = if is_watching { self.settings.look_every } else { self.settings.reconcile };
            tokio::select! {
                () = stop.cancelled() => return Err(Halt::Stopped),
                () = self.ordered.notified() => {}
                () = self.pace.sleep(pause) => {}
            }
        }
    }

    /// One thing that is to be done, where there is any.
    pub(crate) async fn turn(&self, stop: &CancellationToken, looks: &mut health::Looks) -> Worked<bool> {
        if let Some(record) = self.journal.under_way()? {
            self.drive(record, stop).await?;
            return Ok(true);
        }
        if let Some(record) = self.next()? {
            self.begin(record, stop).await?;
            return Ok(true);
        }
        self.watch(looks, stop).await
    }

    /// What waits and may begin: nothing by itself while the maintenance page is up or a person is needed.
    fn next(&self) -> Worked<Option<Record>> {
        let Some(record) = self.journal.waiting()? else { return Ok(None) };
        let by_itself = record.source != crate::view::Source::Manual;
        if by_itself && (self.journal.paused()? || self.journal.stuck()?.is_some()) {
            return Ok(None);
        }
        Ok(Some(record))
    }

    async fn begin(&self, record: Record, stop: &CancellationToken) -> Worked<()> {
        let (machine, effects) = record.machine.on(Event::Begin);
        let previous = self.base()?.map(|base| base.id);
        let mut record = Record { machine, previous, started_at: Some(self.now()), ..record };
        self.carry_out(&mut record, &effects, stop).await?;
        self.drive(record, stop).await
    }

    /// What a new deployment goes back to: the live one, or the one that was live before what is stuck.
    pub(crate) fn base(&self) -> Worked<Option<Record>> {
        if let Some(live) = self.journal.live()? {
            return Ok(Some(live));
        }
        let before = match self.journal.stuck()? {
            Some(stuck) => stuck.previous,
            None => None,
        };
        Ok(match before {
            Some(id) => self.journal.deployment(id)?,
            None => None,
        })
    }

    pub(crate) fn record(&self, id: Option<DeploymentId>) -> Worked<Option<Record>> {
        Ok(match id {
            Some(id) => self.journal.deployment(id)?,
            None => None,
        })
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Does a write again and again while the disk is full or the file busy: what must be written before it is done is
    /// waited for, and said.
    pub(crate) async fn steadily<T>(
        &self,
        stop: &CancellationToken,
        mut write: impl FnMut() -> Result<T, JournalError>,
    ) -> Worked<T> {
        loop {
            match write() {
                Ok(done) => return Ok(done),
                Err(cause) if cause.may_pass() => {
                    tracing::error!(%cause, "the journal cannot be written; nothing is done until it can");
                    tokio::select! {
                        () = stop.cancelled() => return Err(Halt::Stopped),
                        () = self.pace.sleep(UNWRITABLE_EVERY) => {}
                    }
                }
                Err(cause) => return Err(Halt::Journal(cause)),
            }
        }
    }

    /// A line in the audit log by the deployer itself.
    pub(crate) fn note(&self, what: &str, deployment: Option<DeploymentId>, detail: &str) -> Worked<()> {
        tracing::info!(what, deployment = deployment.map(|id| id.0), detail, "deployer");
        let line = Audit {
            at: self.now(),
            by: "deployer".to_owned(),
            what: what.to_owned(),
            deployment,
            detail: detail.to_owned(),
        };
        match self.journal.audit(&line) {
            Err(cause) if !cause.may_pass() => Err(cause.into()),
            // A line that has no room is in the program's own log.
            _ => Ok(()),
        }
    }
}

pub(crate) fn chrono_of(time: Duration) -> chrono::TimeDelta {
    chrono::TimeDelta::from_std(time).unwrap_or(chrono::TimeDelta::MAX)
}
