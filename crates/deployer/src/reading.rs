//! What the deployer tells of deployments: the overview, lists, one of them, what runs.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::engine::GoingBack;
use crate::handle::{Deployer, Result};
use crate::journal::Record;
use crate::machine::{Kind, State};
use crate::order::{OrderError, Paging};
use crate::release::{Commit, DeploymentId};
use crate::view::{
    Action, Check, CheckState, Deployment, Ended, Gate, LiveService, LiveView, LogLine, Overview, Page, Quarantined,
    ServiceChange, StateView, Statistics, StepState, StepView, Summary,
};

/// Over how many deployments the statistics go.
const TELLING: usize = 100;

/// How many deployments `/state` lists.
const LISTED: usize = 50;

/// How long an answer about going back holds.
const GOING_BACK: TimeDelta = TimeDelta::seconds(60);

/// How long asking for it may take while somebody only looks.
const ASKING: Duration = Duration::from_secs(5);

/// The checks of the gate, before they were made.
const CHECKS: [&str; 5] = ["readiness", "revision", "error share", "restarts", "canary"];

#[expect(clippy::unused_async, reason = "orders and views are asked alike")]
impl Deployer {
    /// Everything at a glance.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn overview(&self) -> Result<Overview> {
        let engine = &self.engine;
        let (journal, now) = (&engine.journal, engine.now());
        let summary = |record: Option<Record>| record.map(|record| record.summary(now));
        Ok(Overview {
            live: summary(journal.live()?),
            running: summary(journal.under_way()?),
            pending: summary(journal.waiting()?),
            pin: journal.pin()?,
            paused: journal.paused()?,
            stuck: summary(journal.stuck()?),
            head: journal.head()?,
            branch: engine.settings.branch.clone(),
            repository: engine.settings.repository.clone(),
            trigger: engine.settings.trigger,
            quarantine: self.quarantine().await?,
            kept: engine.kept()?.into_iter().map(|record| record.id).collect(),
            disk: journal.disk()?,
            statistics: self.statistics()?,
        })
    }

    fn statistics(&self) -> Result<Statistics> {
        let telling = self.engine.journal.telling(TELLING)?;
        let is_well = |record: &&Record| matches!(record.state(), State::Live | State::Replaced);
        let well = telling.iter().filter(is_well).count();
        let times = telling.iter().filter(is_well).filter(|record| record.machine.kind == Kind::Deploy);
        let times = times.filter_map(|record| record.seconds(self.engine.now())).collect();
        Ok(Statistics {
            deployments: telling.len() as u64,
            success_share: (!telling.is_empty()).then(|| well as f64 / telling.len() as f64),
            median_seconds: median(times),
            since: telling.last().map(|first| first.created_at),
        })
    }

    /// Deployments, newest first.
    ///
    /// # Errors
    /// The cursor is none, or the journal cannot be read.
    pub async fn list(&self, paging: Paging) -> Result<Page> {
        let limit = paging.limit.clamp(1, 100);
        let before = match &paging.cursor {
            Some(cursor) => Some(cursor.parse::<i64>().map_err(|_| OrderError::Cursor(cursor.clone()))?),
            None => None,
        };
        let mut records = self.engine.journal.deployments(before, paging.state, limit + 1)?;
        let is_more = records.len() > limit;
        records.truncate(limit);
        let next_cursor = records.last().filter(|_| is_more).map(|last| last.id.to_string());
        let now = self.engine.now();
        Ok(Page { items: records.iter().map(|record| record.summary(now)).collect(), next_cursor })
    }

    /// One deployment in short.
    ///
    /// # Errors
    /// There is none.
    pub async fn summary(&self, id: DeploymentId) -> Result<Summary> {
        Ok(self.found(id)?.summary(self.engine.now()))
    }

    /// One deployment.
    ///
    /// # Errors
    /// There is none.
    pub async fn get(&self, id: DeploymentId) -> Result<Deployment> {
        let record = self.found(id)?;
        let not_kept = self.not_kept(&record)?;
        let going_back = match not_kept {
            Some(why) => GoingBack {
                at: self.engine.now(),
                refusal: Some(why),
                stranded_jobs: record.work.stranded_jobs.clone(),
            },
            None => self.ask_going_back(&record, false).await?,
        };
        let before = self.engine.journal.deployment(record.previous.unwrap_or(DeploymentId(0)))?;
        Ok(Deployment {
            summary: record.summary(self.engine.now()),
            steps: self.steps_of(&record)?,
            commits: record.work.commits.clone(),
            services: record.work.changes.clone(),
            gate: gate(&record),
            diff_url: self.diff_url(before.as_ref().map(|before| &before.commit.id), &record.commit.id),
            can_roll_back_to: going_back.refusal.is_none(),
            rollback_refusal: going_back.refusal,
            stranded_jobs: going_back.stranded_jobs,
        })
    }

    pub(crate) fn found(&self, id: DeploymentId) -> Result<Record> {
        self.engine.journal.deployment(id)?.ok_or(OrderError::NotFound(id))
    }

    /// The steps of its course, taken or not, and those back that were taken.
    pub(crate) fn steps_of(&self, record: &Record) -> Result<Vec<StepView>> {
        let taken = self.engine.journal.steps(record.id, self.engine.now())?;
        let untaken = if record.state().is_open() { StepState::Waiting } else { StepState::Skipped };
        let forward = record.machine.kind.forward().iter().map(|step| {
            let found = taken.iter().find(|view| view.step == *step).cloned();
            // On the way back nothing forward is waited for any more.
            let state = if record.state() == State::TakingBack { StepState::Skipped } else { untaken };
            found.unwrap_or(StepView { step: *step, state, started_at: None, seconds: None, detail: None })
        });
        let back: Vec<StepView> = if taken.iter().any(|view| view.step.is_back()) {
            let steps = record.machine.kind.back().iter();
            let view = |step: &crate::machine::Step| {
                let found = taken.iter().find(|view| view.step == *step).cloned();
                found.unwrap_or(StepView { step: *step, state: untaken, started_at: None, seconds: None, detail: None })
            };
            steps.map(view).collect()
        } else {
            Vec::new()
        };
        Ok(forward.chain(back).collect())
    }

    /// Why one cannot go back to it, as far as the journal tells.
    pub(crate) fn not_kept(&self, record: &Record) -> Result<Option<String>> {
        let id = record.id;
        Ok(match record.state() {
            State::Live => Some(format!("#{id} is live")),
            State::Replaced => {
                let kept = self.engine.kept()?;
                let live = self.engine.journal.live()?;
                let is_same =
                    |other: &Record| crate::engine::is_same_release(&other.work.manifest, &record.work.manifest);
                if live.as_ref().is_some_and(is_same) {
                    Some(format!("what is live is the same as #{id}"))
                } else if kept.iter().any(is_same) {
                    None
                } else {
                    Some(format!(
                        "#{id} is not kept any more (the last {} releases are): deploy its commit instead",
                        self.engine.settings.keep_releases
                    ))
                }
            }
            _ => Some(format!("#{id} was never live, or was taken back")),
        })
    }

    /// Asks whether the release can read the database as it is, and which jobs would wait. An answer holds for a minute;
    /// who only looks is not kept waiting for it.
    pub(crate) async fn ask_going_back(&self, target: &Record, is_order: bool) -> Result<GoingBack> {
        if is_order {
            return Ok(self.engine.ask_going_back(target).await?);
        }
        if let Some(known) = self.engine.known_of_going_back(target.id, GOING_BACK) {
            return Ok(known);
        }
        let asked = tokio::time::timeout(ASKING, self.engine.ask_going_back(target)).await;
        // The order itself asks again, and waits.
        let unknown = || GoingBack { at: self.engine.now(), refusal: None, stranded_jobs: Vec::new() };
        Ok(asked.ok().and_then(std::result::Result::ok).unwrap_or_else(unknown))
    }

    /// Lines of the deployment's log after `after` (0: from the first), at most `limit`.
    ///
    /// # Errors
    /// There is no such deployment, or its log cannot be read.
    pub async fn log(&self, id: DeploymentId, after: u64, limit: usize) -> Result<Vec<LogLine>> {
        self.found(id)?;
        Ok(self.engine.journal.log_reader(id, after).next(limit)?)
    }

    /// Commits that return only by an explicit deploy.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn quarantine(&self) -> Result<Vec<Quarantined>> {
        let quarantined = self.engine.journal.quarantined()?;
        let view = |record: Record| Quarantined {
            reason: record.machine.reason().unwrap_or_default(),
            deployment: record.id,
            commit: record.commit,
        };
        Ok(quarantined.into_iter().map(view).collect())
    }

    /// What runs, for scripts and tests.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn state(&self) -> Result<StateView> {
        let (journal, now) = (&self.engine.journal, self.engine.now());
        let summary = |record: Option<Record>| record.map(|record| record.summary(now));
        let releases = journal.deployments(None, None, LISTED)?;
        Ok(StateView {
            live: journal.live()?.map(|live| self.live_view(live)),
            running: summary(journal.under_way()?),
            pending: summary(journal.waiting()?),
            stuck: summary(journal.stuck()?),
            pin: journal.pin()?,
            paused: journal.paused()?,
            releases: releases.iter().map(|record| ended(record, now)).collect(),
        })
    }

    fn live_view(&self, record: Record) -> LiveView {
        let manifest = record.work.manifest;
        let running = self.engine.running_images.lock().unwrap_or_else(PoisonError::into_inner);
        let mut services = BTreeMap::new();
        for (service, piece) in manifest.pieces {
            let container = manifest.containers.get(&service).cloned();
            let running_image_id = container.as_ref().and_then(|name| running.get(name)).cloned();
            let view = LiveService { revision: piece.revision, image_id: piece.image_id, container, running_image_id };
            services.insert(service.name().to_owned(), view);
        }
        LiveView {
            deployment: record.id,
            commit: record.commit.id.to_string(),
            services,
            generation: record.work.generation.unwrap_or_default(),
            configuration: manifest.configuration,
        }
    }

    /// Where the difference can be looked at, for repositories that the web shows.
    pub(crate) fn diff_url(&self, from: Option<&Commit>, to: &Commit) -> Option<String> {
        let repository = self.engine.settings.repository.strip_suffix('/').unwrap_or(&self.engine.settings.repository);
        let repository = repository.strip_suffix(".git").unwrap_or(repository);
        if !repository.starts_with("https://") || to.is_none() {
            return None;
        }
        Some(match from.filter(|from| !from.is_none() && *from != to) {
            Some(from) => format!("{repository}/compare/{from}...{to}"),
            None => format!("{repository}/commit/{to}"),
        })
    }
}

fn at(record: &Record) -> DateTime<Utc> {
    record.ended_at.or(record.started_at).unwrap_or(record.created_at)
}

fn ended(record: &Record, now: DateTime<Utc>) -> Ended {
    let replaces = |change: &&ServiceChange| matches!(change.action, Action::Roll | Action::SelfUpdate);
    Ended {
        id: record.id,
        state: record.state(),
        at: at(record),
        kind: record.machine.kind,
        commit: record.commit.id.to_string(),
        started_at: record.started_at,
        ended_at: record.ended_at,
        seconds: record.seconds(now),
        touches: record.work.changes.iter().filter(replaces).map(|change| change.service).collect(),
    }
}

/// The gate, with the checks that are still to come while it is under way.
fn gate(record: &Record) -> Gate {
    let mut gate = record.work.gate.clone();
    if record.state().is_open() {
        for name in CHECKS {
            let is_asked = name != "canary" || record.machine.kind == Kind::Deploy;
            if is_asked && !gate.checks.iter().any(|check| check.name == name) {
                gate.checks.push(Check { name: name.to_owned(), state: CheckState::Pending, detail: None });
            }
        }
    }
    gate
}

/// The middle one; of two in the middle their mean.
pub(crate) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        count if count % 2 == 1 => Some(values[middle]),
        _ => Some(f64::midpoint(values[middle - 1], values[middle])),
    }
}
