//! The first thing after a start: what was under way, what runs, what compose had started by hand.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta};
use tokio_util::sync::CancellationToken;

use super::{Engine, Halt, Worked};
use crate::journal::{New, SelfUpdating, Work};
use crate::machine::{Event, Machine};
use crate::ports::Running;
use crate::release::{Commit, CommitInfo, Manifest, Piece, Service};
use crate::view::Source;

/// Between two tries to reach the container engine at the start.
const ENGINE_EVERY: Duration = Duration::from_secs(2);
/// How long compose may take until all that it starts runs: migrations come before that.
const ADOPT_WITHIN: TimeDelta = TimeDelta::minutes(15);

impl Engine {
    pub(crate) async fn boot(&self, stop: &CancellationToken) -> Worked<()> {
        self.end_self_update()?;
        let containers = self.reach_engine(stop).await?;
        if let Some(record) = self.journal.under_way()? {
            self.note("resume", Some(record.id), "the deployer was ended while it was under way; it goes on")?;
            let (machine, effects) = record.machine.on(Event::Resume);
            let mut record = crate::journal::Record { machine, ..record };
            self.carry_out(&mut record, &effects, stop).await?;
            return Ok(());
        }
        let is_first = self.journal.deployments(None, None, 1)?.is_empty();
        if is_first && !containers.is_empty() {
            return self.adopt_soon(stop).await;
        }
        self.tend(true).await
    }

    /// Adopts once everything runs: compose starts this program beside the others, and some wait for others still.
    async fn adopt_soon(&self, stop: &CancellationToken) -> Worked<()> {
        let begin = self.now();
        loop {
            let adopted = match self.ports.runtime.containers().await {
                Ok(containers) => self.adopt(&containers).await,
                Err(cause) => Err(cause),
            };
            let Err(cause) = adopted else { return Ok(()) };
            if self.now() - begin > ADOPT_WITHIN {
                return self.note("adopt", None, &format!("what runs could not be adopted: {cause:#}"));
            }
            tracing::info!(cause = %format!("{cause:#}"), "what compose starts is adopted once all of it runs");
            tokio::select! {
                () = stop.cancelled() => return Err(Halt::Stopped),
                () = self.pace.sleep(ENGINE_EVERY) => {}
            }
        }
    }

    /// Waits for the container engine: after a reboot it may be slower than this program.
    async fn reach_engine(&self, stop: &CancellationToken) -> Worked<Vec<Running>> {
        loop {
            match self.ports.runtime.containers().await {
                Ok(containers) => return Ok(containers),
                Err(cause) => {
                    tracing::warn!(cause = %format!("{cause:#}"), "the container engine does not answer yet");
                    tokio::select! {
                        () = stop.cancelled() => return Err(Halt::Stopped),
                        () = self.pace.sleep(ENGINE_EVERY) => {}
                    }
                }
            }
        }
    }

    /// Whether the self-update that was begun ended well: this program is the one that was to be.
    fn end_self_update(&self) -> Worked<()> {
        let Some(updating) = self.journal.self_updating()?.filter(|updating| !updating.failed) else { return Ok(()) };
        if self.settings.revision.as_ref() == Some(&updating.revision) {
            self.journal.set_self_updating(None)?;
            return self.note("self_update", Some(updating.deployment), "ended well: this is the new deployer");
        }
        let words = format!("the deployer {} did not come up; this is the one from before", updating.revision);
        self.note("self_update", Some(updating.deployment), &words)?;
        self.journal.set_self_updating(Some(&SelfUpdating { failed: true, ..updating }))?;
        Ok(())
    }

    /// Takes what compose had started by hand as the first release.
    pub(crate) async fn adopt(&self, containers: &[Running]) -> anyhow::Result<()> {
        let mut manifest = Manifest::default();
        for service in Service::ROLLED {
            let mut all = containers.iter().filter(|one| one.service == service).peekable();
            // Compose makes all containers before it starts any.
            if service.came_later() && all.peek().is_none() {
                continue;
            }
            let one = all.find(|one| one.is_running).with_context(|| format!("no {service} runs"))?;
            let piece =
                Piece { revision: one.revision.clone(), image: one.image_id.clone(), image_id: one.image_id.clone() };
            manifest.pieces.insert(service, piece);
            manifest.containers.insert(service, one.name.clone());
        }
        if let Some(gateway) = manifest.pieces.get(&Service::Gateway) {
            manifest.schema = self.ports.migrator.schema(gateway).await.ok();
        }
        let (generation, configuration) = self.ports.proxy.current().await?;
        manifest.configuration = Some(configuration);
        let commit = self.commit_of(&manifest.pieces).await;
        let reference = commit.id.to_string();
        let work = Work { manifest, generation: Some(generation), settled: true, ..Work::default() };
        let new = New { machine: Machine::adopted(), work, ..New::deploy(commit, &reference, Source::Adopted) };
        let record = self.journal.order(&new, self.now())?;
        let id = record.map(|record| record.id);
        let words = "what compose had started by hand is the first release";
        self.note("adopt", id, words).map_err(|_| anyhow::anyhow!("the journal cannot be written"))
    }

    /// The newest commit among the revisions that run.
    async fn commit_of(&self, pieces: &BTreeMap<Service, Piece>) -> CommitInfo {
        let mut newest: Option<CommitInfo> = None;
        for piece in pieces.values() {
            let Ok(commit) = self.ports.source.resolve(&piece.revision).await else { continue };
            let Ok(infos) = self.ports.source.commits(None, &commit, 1).await else { continue };
            for info in infos {
                if newest.as_ref().is_none_or(|newest| newest.at < info.at) {
                    newest = Some(info);
                }
            }
        }
        newest.unwrap_or_else(|| CommitInfo {
            id: Commit::none(),
            subject: "what ran before the deployer came".to_owned(),
            author: String::new(),
            at: DateTime::UNIX_EPOCH,
        })
    }
}
