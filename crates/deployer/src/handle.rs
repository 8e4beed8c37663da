//! The deployer, as the rest of the program holds it: orders in, views out.
//!
//! What it tells stands in [`crate::reading`], [`crate::planning`] and [`crate::following`].

use std::sync::{Arc, Mutex};

use chassis::clock::SharedClock;
use chrono::DateTime;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::engine::Engine;
use crate::journal::{Audit, Journal, JournalError, Lock, New, Record, Stored};
use crate::machine::{Event, Kind, Machine, Phase, State};
use crate::order::{Delivery, DeliveryEvent, Options, OrderError, Outcome};
use crate::pace::{Pace, RealPace};
use crate::ports::Ports;
use crate::release::{Commit, CommitInfo, DeploymentId};
use crate::settings::Settings;
use crate::view::{Source, Summary};

/// The deployer; cheap to clone.
#[derive(Debug, Clone)]
pub struct Deployer {
    pub(crate) engine: Arc<Engine>,
    /// Held while it deploys; `None` where it only tells.
    _lock: Option<Arc<Lock>>,
}

pub(crate) type Result<T> = std::result::Result<T, OrderError>;

impl From<JournalError> for OrderError {
    fn from(cause: JournalError) -> Self {
        Self::Internal(cause.into())
    }
}

impl Deployer {
    /// Opens the journal (and takes the lock, where it deploys: an error says who holds it).
    ///
    /// # Errors
    /// The state folder cannot be used, or another deployer has it.
    pub fn open(settings: Settings, ports: Ports, clock: SharedClock) -> anyhow::Result<Self> {
        Self::open_paced(settings, ports, clock, Arc::new(RealPace))
    }

    /// The same, with waits that pass as given.
    ///
    /// # Errors
    /// As [`Deployer::open`].
    pub fn open_paced(
        settings: Settings,
        ports: Ports,
        clock: SharedClock,
        pace: Arc<dyn Pace>,
    ) -> anyhow::Result<Self> {
        let journal = Journal::open(&settings.state_dir)?;
        let lock = if settings.refuses.is_none() { Some(Arc::new(journal.lead()?)) } else { None };
        let engine = Engine {
            settings,
            ports,
            clock,
            pace,
            journal,
            ordered: Notify::new(),
            told: Notify::new(),
            cancelled: Notify::new(),
            asked: Mutex::default(),
            running_images: Mutex::default(),
        };
        Ok(Self { engine: Arc::new(engine), _lock: lock })
    }

    /// Works until told to stop: resumes, takes what waits, watches, reconciles. One at a time holds the lock.
    ///
    /// # Errors
    /// The journal cannot be written, or another deployer has taken over.
    pub async fn run(&self, stop: CancellationToken) -> anyhow::Result<()> {
        if self.engine.settings.refuses.is_some() {
            stop.cancelled().await;
            return Ok(());
        }
        Ok(self.engine.run(&stop).await?)
    }

    /// The journal: for messages and the audit log.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.engine.journal
    }

    /// Stores what GitHub told, once; whatever runs, this takes no longer than a write.
    ///
    /// # Errors
    /// The journal cannot be written.
    #[expect(clippy::unused_async, reason = "orders and views are asked alike")]
    pub async fn deliver(&self, delivery: Delivery) -> Result<Outcome> {
        let (outcome, is_open) = match &delivery.event {
            DeliveryEvent::Other { why } => (why.clone(), false),
            _ => match &self.engine.settings.refuses {
                Some(why) => (why.clone(), false),
                None => ("accepted".to_owned(), true),
            },
        };
        let stored = self.engine.journal.store(&delivery, &outcome, is_open, self.engine.now())?;
        self.engine.told.notify_one();
        Ok(match stored {
            Stored::New => Outcome { is_new: true, words: outcome },
            Stored::Again(before) => Outcome { is_new: false, words: format!("delivered before: {before}") },
        })
    }

    /// Orders a deploy of a branch, tag or commit.
    ///
    /// # Errors
    /// The reference names nothing.
    pub async fn deploy(&self, reference: &str, by: &str, options: Options) -> Result<Summary> {
        let engine = &self.engine;
        let (commit, machine) = match &engine.settings.refuses {
            Some(why) => (self.told(reference).await.unwrap_or_else(|_| unknown(reference)), refused(why)),
            None => (self.told(reference).await?, Machine::pending(Kind::Deploy)),
        };
        let new = New {
            machine,
            by: Some(by.to_owned()),
            note: options.note.clone(),
            forced: options.force,
            ..New::deploy(commit, reference, Source::Manual)
        };
        let record = self.order(&new)?;
        self.audited(by, "deploy", Some(record.id), &format!("{reference} {}", options.note));
        engine.ordered.notify_one();
        Ok(record.summary(engine.now()))
    }

    /// The commit that a reference names.
    pub(crate) async fn told(&self, reference: &str) -> Result<CommitInfo> {
        let resolved = self.engine.ports.source.resolve(reference).await;
        let commit =
            resolved.map_err(|cause| OrderError::Reference(format!("`{reference}` names no commit: {cause:#}")))?;
        Ok(self.engine.info(&commit).await?)
    }

    fn order(&self, new: &New) -> Result<Record> {
        let record = self.engine.journal.order(new, self.engine.now())?;
        record.ok_or_else(|| OrderError::Refused("another order came first; try again".to_owned()))
    }

    /// Ends what waits or runs: before it has touched anything that runs at once, after that by taking it back.
    ///
    /// # Errors
    /// There is no such deployment, or it has ended.
    #[expect(clippy::unused_async, reason = "orders and views are asked alike")]
    pub async fn cancel(&self, id: DeploymentId, by: &str) -> Result<Summary> {
        let engine = &self.engine;
        let record = engine.journal.deployment(id)?.ok_or(OrderError::NotFound(id))?;
        match record.state() {
            State::Pending | State::Running => {}
            State::TakingBack => return Err(OrderError::Refused(format!("#{id} is being taken back already"))),
            State::Live => {
                return Err(OrderError::Refused(format!("#{id} is live; roll back to the one before instead")));
            }
            state => return Err(OrderError::Refused(format!("#{id} has ended ({})", state.name().replace('_', " ")))),
        }
        let record = engine.journal.ask_cancel(id, &format!("cancelled by {by}"), engine.now())?;
        let record = record.ok_or(OrderError::NotFound(id))?;
        self.audited(by, "cancel", Some(id), "");
        engine.cancelled.notify_waiters();
        Ok(record.summary(engine.now()))
    }

    /// Goes back to a kept release. What is under way and not live yet is ended for it.
    ///
    /// # Errors
    /// It is not kept, or cannot read the database ([`OrderError::SchemaTooNew`], unless forced).
    pub async fn rollback(&self, to: DeploymentId, by: &str, force: bool) -> Result<Summary> {
        let engine = &self.engine;
        let target = engine.journal.deployment(to)?.ok_or(OrderError::NotFound(to))?;
        if let Some(why) = &engine.settings.refuses {
            return Err(OrderError::Refused(why.clone()));
        }
        if let Some(why) = self.not_kept(&target)? {
            return Err(OrderError::Refused(why));
        }
        let going_back = self.ask_going_back(&target, true).await?;
        if let Some(reason) = going_back.refusal.filter(|_| !force) {
            return Err(OrderError::SchemaTooNew { reason, stranded_jobs: going_back.stranded_jobs });
        }
        let new = New {
            machine: Machine::pending(Kind::Rollback),
            by: Some(by.to_owned()),
            forced: force,
            target: Some(to),
            ..New::deploy(target.commit.clone(), &format!("#{to}"), Source::Manual)
        };
        let record = self.order(&new)?;
        if let Some(running) = engine.journal.under_way()?.filter(|running| running.state() == State::Running) {
            // It may be changing the schema: what was found out is asked again when the rollback begins.
            engine.forget_going_back(to);
            let why = format!("cancelled by {by}: a rollback to #{to} was ordered");
            engine.journal.ask_cancel(running.id, &why, engine.now())?;
            engine.cancelled.notify_waiters();
        }
        self.audited(by, "rollback", Some(record.id), &format!("to #{to}{}", if force { ", forced" } else { "" }));
        engine.ordered.notify_one();
        Ok(record.summary(engine.now()))
    }

    /// Lifts the pin, looks at the branch again, and tries again what is stuck.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub async fn resume(&self, by: &str) -> Result<()> {
        let engine = &self.engine;
        if let Some(why) = &engine.settings.refuses {
            return Err(OrderError::Refused(why.clone()));
        }
        if let Some(pin) = engine.journal.pin()? {
            engine.journal.set_pin(None)?;
            self.audited(by, "unpin", Some(pin.deployment), &pin.reason);
        }
        if engine.journal.under_way()?.is_none()
            && let Some(stuck) = engine.journal.stuck()?
        {
            let (machine, effects) = stuck.machine.on(Event::Retry);
            let mut record = Record { machine, ended_at: None, ..stuck };
            let carried = engine.carry_out(&mut record, &effects, &CancellationToken::new()).await;
            carried.map_err(|_| OrderError::Refused("the journal cannot be written now".to_owned()))?;
        }
        engine.journal.set_reconsiders(true)?;
        self.audited(by, "resume", None, "");
        engine.ordered.notify_one();
        engine.told.notify_one();
        Ok(())
    }

    /// Puts the maintenance page up, or takes it away. While it is up nothing is deployed by itself.
    ///
    /// # Errors
    /// nginx did not do it.
    pub async fn pause(&self, on: bool, by: &str) -> Result<()> {
        let engine = &self.engine;
        if let Some(why) = &engine.settings.refuses {
            return Err(OrderError::Refused(why.clone()));
        }
        engine.ports.proxy.maintenance(on).await?;
        engine.journal.set_paused(on)?;
        self.audited(by, "pause", None, if on { "on" } else { "off" });
        engine.ordered.notify_one();
        engine.told.notify_one();
        Ok(())
    }

    /// A line in the audit log. The order stands already: a line that has no room is in the program's own log.
    fn audited(&self, by: &str, what: &str, deployment: Option<DeploymentId>, detail: &str) {
        let line = Audit {
            at: self.engine.now(),
            by: by.to_owned(),
            what: what.to_owned(),
            deployment,
            detail: detail.trim().to_owned(),
        };
        tracing::info!(by, what, deployment = deployment.map(|id| id.0), detail, "ordered");
        if let Err(cause) = self.engine.journal.audit(&line) {
            tracing::error!(%cause, "an order could not be written to the audit log");
        }
    }
}

fn refused(why: &str) -> Machine {
    Machine { kind: Kind::Deploy, phase: Phase::Refused { why: why.to_owned() } }
}

/// A commit that could not be looked at, where nothing is deployed anyway.
fn unknown(reference: &str) -> CommitInfo {
    CommitInfo {
        id: Commit::none(),
        subject: format!("({reference} could not be looked at)"),
        author: String::new(),
        at: DateTime::UNIX_EPOCH,
    }
}
