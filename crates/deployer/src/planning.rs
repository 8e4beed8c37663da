//! What a deploy would change, found out without changing anything.

use std::collections::BTreeMap;

use crate::engine::{ASKED, COMMITS, changes};
use crate::handle::{Deployer, Result};
use crate::machine::{Kind, Step};
use crate::reading::median;
use crate::release::{CommitInfo, Manifest, Piece, Service};
use crate::view::{Action, DiskLevel, ImageOrigin, Plan, PlannedService, ServiceChange};

/// Over how many earlier steps a prediction goes.
const EARLIER: usize = 20;

impl Deployer {
    /// What a deploy of the reference would change.
    ///
    /// # Errors
    /// It names nothing, or git cannot be asked.
    pub async fn plan(&self, reference: &str) -> Result<Plan> {
        let engine = &self.engine;
        let commit = self.told(reference).await?;
        let live = engine.journal.live()?;
        let manifest = live.as_ref().map(|live| live.work.manifest.clone());
        let from = live.as_ref().map(|live| live.commit.id.clone());
        let revisions = engine.ports.source.revisions(&commit.id).await?;
        let present = engine.ports.images.present(&revisions).await?;
        let infrastructure = engine.ports.runtime.infrastructure().await?;
        let changed = changes(&revisions, manifest.as_ref(), &infrastructure);
        // The configuration is released, the container that reads it is not replaced.
        let configured =
            manifest.as_ref().and_then(|live| live.pieces.get(&Service::Nginx)).map(|piece| &piece.revision);
        let configuration_changes =
            match (configured.or(infrastructure.get(&Service::Nginx)), revisions.get(&Service::Nginx)) {
                (Some(from), Some(to)) => from != to,
                _ => manifest.is_none(),
            };
        let commits = engine.ports.source.commits(from.as_ref(), &commit.id, COMMITS).await?;
        let missing = changed.iter().filter(|change| !present.contains_key(&change.service)).count();
        Ok(Plan {
            migrations: self.migrations(&commit, from.as_ref(), &present).await?,
            refusals: self.refusals(&commit, manifest.as_ref(), &present).await?,
            predicted_seconds: self.predicted_seconds(missing, &changed)?,
            predicted_disk_bytes: self.predicted_disk(missing)?,
            diff_url: self.diff_url(from.as_ref(), &commit.id),
            services: self.planned(changed, &present),
            commit,
            commits,
            configuration_changes,
        })
    }

    fn planned(&self, changed: Vec<ServiceChange>, present: &BTreeMap<Service, Piece>) -> Vec<PlannedService> {
        let origin = |service: Service| {
            if present.contains_key(&service) {
                ImageOrigin::Present
            } else if self.engine.settings.pulls {
                ImageOrigin::Pull
            } else {
                ImageOrigin::Build
            }
        };
        changed.into_iter().map(|change| PlannedService { image: origin(change.service), change }).collect()
    }

    /// Migrations that wait: from the image where it is here, else from the files that the commits bring.
    async fn migrations(
        &self,
        commit: &CommitInfo,
        from: Option<&crate::release::Commit>,
        present: &BTreeMap<Service, Piece>,
    ) -> Result<Vec<String>> {
        let ports = &self.engine.ports;
        if let Some(gateway) = present.get(&Service::Gateway) {
            return Ok(ports.migrator.pending(gateway).await?);
        }
        let Some(from) = from else { return Ok(Vec::new()) };
        let changed = ports.source.changed_paths(from, &commit.id).await?;
        let mut names: Vec<String> = changed.iter().filter_map(|path| migration_of(path)).collect();
        names.sort();
        Ok(names)
    }

    /// Why it would be refused now.
    async fn refusals(
        &self,
        commit: &CommitInfo,
        live: Option<&Manifest>,
        present: &BTreeMap<Service, Piece>,
    ) -> Result<Vec<String>> {
        let engine = &self.engine;
        let mut refusals: Vec<String> = engine.settings.refuses.iter().cloned().collect();
        if !engine.ports.source.is_on_branch(&commit.id).await? {
            refusals.push(format!("{} is not on {}", commit.id.short(), engine.settings.branch));
        }
        if engine.settings.refuses.is_none() {
            let disk = engine.measure().await?;
            if disk.level == DiskLevel::ReleasesRefused {
                refusals.push(format!("the disk is {:.0} % full", disk.used_share * 100.0));
            }
            let memory = engine.ports.housekeeping.free_memory().await?;
            if memory < engine.settings.memory_min_bytes {
                refusals.push(format!("only {} MiB of memory are free", memory >> 20));
            }
        }
        if let Some(gateway) = present.get(&Service::Gateway)
            && let Some(old) = live.and_then(|live| live.schema)
        {
            let new = engine.ports.migrator.schema(gateway).await?;
            if old.newest < new.readable_by && old.newest < new.newest {
                refusals.push(format!(
                    "the live release (schema {}) could not run on the database after its migrations",
                    old.newest
                ));
            }
        }
        Ok(refusals)
    }

    /// The medians of what its steps took before; a step that has nothing to do takes no time. Not known when a step would
    /// be taken that never was.
    fn predicted_seconds(&self, missing: usize, changed: &[ServiceChange]) -> Result<Option<f64>> {
        let rolls =
            |service: Service| changed.iter().any(|change| change.service == service && change.action == Action::Roll);
        let web = ASKED.into_iter().any(rolls);
        let mut seconds = 0.0;
        for step in Kind::Deploy.forward() {
            let is_taken = match step {
                Step::Images => missing > 0,
                Step::Workers => rolls(Service::Worker),
                Step::Web | Step::Switch | Step::Drain => web,
                Step::Soak | Step::Canary => web || rolls(Service::Worker),
                _ => true,
            };
            if is_taken {
                let Some(median) = median(self.engine.journal.times_of(*step, EARLIER)?) else { return Ok(None) };
                seconds += median;
            }
        }
        Ok(Some(seconds))
    }

    fn predicted_disk(&self, missing: usize) -> Result<Option<u64>> {
        if missing == 0 {
            return Ok(Some(0));
        }
        let bytes = median(self.engine.journal.disk_taken(EARLIER)?);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bytes of a disk, not negative")]
        Ok(bytes.map(|bytes| bytes as u64))
    }
}

/// `…/migrations/20261126060000_mlflow_runs.sql` -> `20261126060000_mlflow_runs`.
fn migration_of(path: &str) -> Option<String> {
    let (folder, name) = path.rsplit_once('/')?;
    let is_one = folder.ends_with("migrations");
    name.strip_suffix(".sql").filter(|_| is_one).map(str::to_owned)
}
