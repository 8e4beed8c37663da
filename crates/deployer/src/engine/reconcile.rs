//! What comes of a commit that nobody ordered: a delivery, or a head of the branch that no delivery told of.
//!
//! A commit is compared with the last one that was *considered*, never with what is live: a release that was taken back,
//! or gone back from, would come again for ever. The same commit by push, CI run and timer is one deployment.

use anyhow::Context as _;
use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use super::{Engine, Halt, Worked};
use crate::journal::{Considered, New};
use crate::order::DeliveryEvent;
use crate::paths;
use crate::release::{Commit, CommitInfo};
use crate::view::{Head, Source, Trigger};

/// What came of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// A deployment, or a reason for none.
    Settled(String),
    /// Later.
    Waits(String),
}

impl Engine {
    /// Decides on deliveries as they come, and looks at the branch at the start and by the timer.
    pub(crate) async fn listen(&self, stop: &CancellationToken) -> Worked<()> {
        let mut next_look = self.now();
        loop {
            self.decide_deliveries().await?;
            if self.now() >= next_look || self.journal.reconsiders()? {
                next_look = self.now() + super::chrono_of(self.settings.reconcile);
                self.look_at_head().await?;
            }
            tokio::select! {
                () = stop.cancelled() => return Err(Halt::Stopped),
                () = self.told.notified() => {}
                () = self.pace.sleep(self.settings.reconcile.min(std::time::Duration::from_secs(30))) => {}
            }
        }
    }

    /// Decides on every delivery that is open.
    pub(crate) async fn decide_deliveries(&self) -> Worked<()> {
        for (delivery, received_at) in self.journal.open_deliveries()? {
            let (commit, source, forced) = match delivery.event {
                DeliveryEvent::Push { commit, forced, .. } => (commit, Source::Push, forced),
                DeliveryEvent::WorkflowRun { commit } => (commit, Source::WorkflowRun, false),
                DeliveryEvent::Other { why } => {
                    self.journal.settle_delivery(&delivery.id, &why, false)?;
                    continue;
                }
            };
            let verdict = self.consider(&commit, source, forced, false).await;
            let (outcome, is_open) = match verdict {
                Ok(Verdict::Settled(words)) => (words, false),
                Ok(Verdict::Waits(words)) => (words, true),
                Err(cause) => {
                    tracing::warn!(cause = %format!("{cause:#}"), delivery = delivery.id, "a delivery cannot be decided yet");
                    (format!("not decided yet: {cause:#}"), true)
                }
            };
            // The timer looks at the branch anyway: an old delivery is not asked for ever.
            let is_open = is_open && self.now() - received_at < TimeDelta::days(1);
            self.journal.settle_delivery(&delivery.id, &outcome, is_open)?;
        }
        Ok(())
    }

    /// Compares the branch's head with the last commit that was considered.
    pub(crate) async fn look_at_head(&self) -> Worked<()> {
        if self.settings.refuses.is_some() {
            return Ok(());
        }
        let again = self.journal.reconsiders()?;
        let head = match self.ports.source.head().await {
            Ok(head) => head,
            Err(cause) => {
                tracing::warn!(cause = %format!("{cause:#}"), "the branch cannot be looked at; again at the next tick");
                return Ok(());
            }
        };
        let waits = match self.consider(&head, Source::Reconcile, false, again).await {
            Ok(verdict) => {
                tracing::debug!(head = head.short(), ?verdict, "looked at the branch");
                self.journal.set_reconsiders(false)?;
                match verdict {
                    Verdict::Waits(words) => Some(words),
                    Verdict::Settled(_) => None,
                }
            }
            // What a person asked for is kept until it can be done.
            Err(cause) => {
                tracing::warn!(cause = %format!("{cause:#}"), head = head.short(), "the head cannot be decided");
                Some(format!("cannot be decided yet: {cause:#}"))
            }
        };
        let considered = self.journal.considered(&head)?.is_some();
        self.journal.set_head(&Head { commit: head.to_string(), considered, waits, at: self.now() })?;
        Ok(())
    }

    /// Decides on one commit. `again`: a person wants it looked at although it was considered.
    pub(crate) async fn consider(
        &self,
        commit: &Commit,
        source: Source,
        forced: bool,
        again: bool,
    ) -> anyhow::Result<Verdict> {
        if let Some(verdict) = self.not_by(source) {
            return Ok(verdict);
        }
        if let Some(words) = self.held_back(commit, again)? {
            return Ok(Verdict::Settled(words));
        }
        if self.journal.paused()? {
            return Ok(Verdict::Waits("the maintenance page is up: waits".to_owned()));
        }
        if !self.ports.source.is_on_branch(commit).await? {
            return Ok(Verdict::Settled(format!("{} is not on {}", commit.short(), self.settings.branch)));
        }
        let last = self.journal.last_considered()?.filter(|last| !last.commit.is_none());
        if let Some(last) = &last
            && last.commit != *commit
            && !forced
            && self.is_older(commit, &last.commit).await?
        {
            return Ok(Verdict::Settled(format!("older than {}, which was considered", last.commit.short())));
        }
        if source == Source::Reconcile
            && !again
            && let Some(words) = self.waits_for_ci(commit).await?
        {
            return Ok(Verdict::Waits(words.to_owned()));
        }
        if let Some(last) = &last
            && !again
            && let Some(words) = self.of_no_interest(commit, &last.commit).await?
        {
            self.journal.consider(&Considered {
                commit: commit.clone(),
                at: self.now(),
                why: words.clone(),
                deployment: None,
            })?;
            return Ok(Verdict::Settled(words));
        }
        self.order_by_itself(commit, source).await
    }

    async fn order_by_itself(&self, commit: &Commit, source: Source) -> anyhow::Result<Verdict> {
        let info = self.info(commit).await?;
        let new = New::deploy(info, &self.settings.branch, source);
        let Some(record) = self.journal.order(&new, self.now())? else {
            return Ok(Verdict::Waits("a person's order waits and comes first".to_owned()));
        };
        if let Some(pin) = self.journal.pin()? {
            self.journal.set_pin(None)?;
            let words = format!(
                "#{} is newer than what was gone back from; the pin on #{} is lifted",
                record.id, pin.deployment
            );
            let _ = self.note("unpin", Some(record.id), &words);
        }
        self.ordered.notify_one();
        Ok(Verdict::Settled(format!("#{} is ordered", record.id)))
    }

    /// What the settings say: which kind of news begins a release.
    fn not_by(&self, source: Source) -> Option<Verdict> {
        if let Some(why) = &self.settings.refuses {
            return Some(Verdict::Settled(why.clone()));
        }
        let words = match (self.settings.trigger, source) {
            (Trigger::Manual, _) => "noted; releases are ordered by people here",
            (Trigger::WorkflowRun, Source::Push) => "noted; the release begins when CI has passed",
            (Trigger::Push, Source::WorkflowRun) => "noted; the release began with the push",
            _ => return None,
        };
        Some(Verdict::Settled(words.to_owned()))
    }

    /// Why a commit does not come by itself (again).
    fn held_back(&self, commit: &Commit, again: bool) -> anyhow::Result<Option<String>> {
        let quarantined = self.journal.quarantined()?;
        if let Some(by) = quarantined.iter().find(|record| record.commit.id == *commit) {
            return Ok(Some(format!("in quarantine: #{} was taken back; it returns by an explicit deploy", by.id)));
        }
        let open = [self.journal.under_way()?, self.journal.waiting()?].into_iter().flatten();
        if let Some(same) = open.into_iter().find(|record| record.commit.id == *commit) {
            return Ok(Some(format!("#{} has it already", same.id)));
        }
        if again {
            let live = self.journal.live()?.filter(|live| live.commit.id == *commit);
            return Ok(live.map(|live| format!("#{} is live with it", live.id)));
        }
        // A branch that was forced back to an older commit has a head that is not the *last* one considered.
        let last = self.journal.last_considered()?.filter(|last| last.commit == *commit);
        Ok(last.map(|last| format!("considered already: {}", last.why)))
    }

    /// Whether `commit` is behind `last` on a branch that still has both.
    async fn is_older(&self, commit: &Commit, last: &Commit) -> anyhow::Result<bool> {
        if !self.ports.source.is_on_branch(last).await? {
            return Ok(false);
        }
        Ok(self.ports.source.commits(Some(last), commit, 1).await?.is_empty())
    }

    /// Why the commit waits for CI, where CI is what begins a release.
    async fn waits_for_ci(&self, commit: &Commit) -> anyhow::Result<Option<&'static str>> {
        if self.settings.trigger != Trigger::WorkflowRun {
            return Ok(None);
        }
        Ok(match self.ports.source.has_passed(commit).await? {
            Some(true) => None,
            Some(false) => Some("waits for CI: no run of it has passed"),
            None => Some(
                "waits to be told that CI has passed. Without GITHUB_TOKEN nobody can be asked: a delivery that was lost \
                 is not made up for by itself (redeliver it on GitHub, or deploy by hand)",
            ),
        })
    }

    /// Whether no path that is released changed since the last commit that was considered.
    async fn of_no_interest(&self, commit: &Commit, last: &Commit) -> anyhow::Result<Option<String>> {
        if self.settings.paths.is_empty() {
            return Ok(None);
        }
        let changed = self.ports.source.changed_paths(last, commit).await?;
        let is_wanted = |path: &String| self.settings.paths.iter().any(|glob| paths::matches(glob, path));
        if changed.iter().any(is_wanted) {
            return Ok(None);
        }
        Ok(Some(format!("none of its {} changed files is released", changed.len())))
    }

    /// What a commit says of itself.
    pub(crate) async fn info(&self, commit: &Commit) -> anyhow::Result<CommitInfo> {
        let infos = self.ports.source.commits(None, commit, 1).await?;
        infos.into_iter().next().with_context(|| format!("git knows nothing of {commit}"))
    }
}
