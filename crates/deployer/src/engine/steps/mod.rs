//! The steps, over the ports. Each may be taken twice: it finds what it did the first time.

mod back;
mod look;
mod prepare;
mod roll;
mod rollback;
mod route;
mod verify;

pub(crate) use prepare::{COMMITS, changes, same as prepare_same};
pub(crate) use rollback::GoingBack;
pub(crate) use route::{ASKED, route_of};

use tokio_util::sync::CancellationToken;

use super::drive::StepLog;
use super::{Engine, Halt};
use crate::journal::{JournalError, Record};
use crate::machine::{Kind, Step};

/// How a step ended well.
#[derive(Debug, Default)]
pub(crate) struct Ended {
    /// Whether there was nothing to do.
    pub(crate) skipped: bool,
    /// What it did, in words.
    pub(crate) detail: String,
    /// What it took of the disk.
    pub(crate) disk_bytes: Option<i64>,
}

/// How a step did not end well.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// There is a reason not to go on; nothing was tried.
    Refused(String),
    /// It was tried.
    Failed(String),
    /// The engine cannot go on at all.
    Halt(Halt),
}

impl From<anyhow::Error> for Trouble {
    fn from(cause: anyhow::Error) -> Self {
        Self::Failed(format!("{cause:#}"))
    }
}

impl From<Halt> for Trouble {
    fn from(halt: Halt) -> Self {
        Self::Halt(halt)
    }
}

impl From<JournalError> for Trouble {
    fn from(cause: JournalError) -> Self {
        Self::Halt(Halt::Journal(cause))
    }
}

/// What a step gives.
pub(crate) type Taking = Result<Ended, Trouble>;

#[expect(clippy::unnecessary_wraps, reason = "what a step gives, said shortly")]
pub(crate) fn done(detail: impl Into<String>) -> Taking {
    Ok(Ended { detail: detail.into(), ..Ended::default() })
}

#[expect(clippy::unnecessary_wraps, reason = "what a step gives, said shortly")]
pub(crate) fn skipped(detail: impl Into<String>) -> Taking {
    Ok(Ended { skipped: true, detail: detail.into(), ..Ended::default() })
}

pub(crate) fn failed<T>(why: impl Into<String>) -> Result<T, Trouble> {
    Err(Trouble::Failed(why.into()))
}

/// A deployment's step: what it works on.
pub(crate) struct At<'a> {
    /// The deployment.
    pub(crate) record: &'a mut Record,
    /// What is gone back to.
    pub(crate) base: Option<Record>,
    /// Its log.
    pub(crate) log: &'a StepLog,
    /// Ends everything.
    pub(crate) stop: &'a CancellationToken,
}

impl Engine {
    pub(crate) async fn step(&self, step: Step, record: &mut Record, log: &StepLog, end: &CancellationToken) -> Taking {
        let base = self.record(record.previous)?;
        let is_rollback = record.machine.kind == Kind::Rollback;
        let mut at = At { record, base, log, stop: end };
        match step {
            Step::Preflight if is_rollback => self.preflight_rollback(&mut at).await,
            Step::Preflight => self.preflight(&mut at).await,
            Step::Images => self.images(&mut at).await,
            Step::Migrate => self.migrate(&mut at).await,
            Step::Configure => self.configure(&mut at).await,
            Step::Workers => self.workers(&mut at).await,
            Step::Web => self.web(&mut at).await,
            Step::Switch => self.switch(&mut at).await,
            Step::Soak => self.soak(&mut at).await,
            Step::Canary => self.canary(&mut at).await,
            Step::Drain => self.drain(&mut at).await,
            Step::Verify => self.verify(&mut at).await,
            Step::Restore => self.restore(&mut at).await,
            Step::SwitchBack => self.switch_back(&mut at).await,
            Step::Wake => self.wake(&mut at).await,
            Step::Retire => self.retire(&mut at).await,
            Step::VerifyBack => self.verify_back(&mut at).await,
        }
    }

    /// Writes down what the step has found or is about to do.
    pub(crate) async fn keep(&self, record: &Record, stop: &CancellationToken) -> Result<(), Trouble> {
        Ok(self.steadily(stop, || self.journal.keep(record)).await?)
    }
}
