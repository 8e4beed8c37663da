//! Before impact: may it be, images, migrations, nginx's configuration.

use std::collections::BTreeMap;

use super::{At, Ended, Taking, Trouble, done, failed, skipped};
use crate::engine::Engine;
use crate::ports::Log as _;
use crate::release::{Manifest, Piece, Service};
use crate::view::{Action, DiskLevel, ServiceChange};

/// How many commits a deployment shows.
pub(crate) const COMMITS: usize = 50;

impl Engine {
    pub(super) async fn preflight(&self, at: &mut At<'_>) -> Taking {
        let commit = at.record.commit.id.clone();
        self.adopt_first(at).await?;
        self.room(at).await?;
        if !self.ports.source.is_on_branch(&commit).await? {
            return Err(Trouble::Refused(format!(
                "{} is not on {} (nor was it ever its head): only what is on the branch is released",
                commit.short(),
                self.settings.branch
            )));
        }
        let revisions = self.ports.source.revisions(&commit).await?;
        let infrastructure = self.ports.runtime.infrastructure().await?;
        let base = at.base.as_ref();
        at.record.work.changes = changes(&revisions, base.map(|base| &base.work.manifest), &infrastructure);
        for change in at.record.work.changes.iter().filter(|change| change.action == Action::Maintenance) {
            at.log.line(&format!("{} is due for maintenance by hand: a release does not replace it", change.service));
        }
        let from = base.map(|base| &base.commit.id);
        at.record.work.commits = self.ports.source.commits(from, &commit, COMMITS).await?;
        let rolled: Vec<&str> = at
            .record
            .work
            .changes
            .iter()
            .filter(|change| change.action == Action::Roll)
            .map(|change| change.service.name())
            .collect();
        let rolls =
            if rolled.is_empty() { "no service changes".to_owned() } else { format!("rolls {}", rolled.join(", ")) };
        let commits = match at.record.work.commits.len() {
            1 => "1 commit".to_owned(),
            several => format!("{several} commits"),
        };
        done(format!("{commits}; {rolls}"))
    }

    /// Nothing is live as far as the journal knows, but something runs: without knowing it there is no way back.
    async fn adopt_first(&self, at: &mut At<'_>) -> Result<(), Trouble> {
        let containers = self.ports.runtime.containers().await?;
        if at.base.is_some() || at.record.forced || !containers.iter().any(|one| one.is_running) {
            return Ok(());
        }
        if let Err(cause) = self.adopt(&containers).await {
            return Err(Trouble::Refused(format!(
                "something runs that the deployer does not know and cannot adopt ({cause:#}): put it right or stop it; \
                 or force the release, which has no way back"
            )));
        }
        at.base = self.base()?;
        at.record.previous = at.base.as_ref().map(|base| base.id);
        self.keep(at.record, at.stop).await
    }

    /// Refuses where disk or memory are short; makes room first.
    async fn room(&self, at: &At<'_>) -> Result<(), Trouble> {
        let mut disk = self.measure().await?;
        if disk.level == DiskLevel::ReleasesRefused {
            at.log.line(&format!("the disk is {:.0} % full: making room", disk.used_share * 100.0));
            self.make_room(Some(at.record), at.log).await?;
            disk = self.measure().await?;
        }
        if disk.level == DiskLevel::ReleasesRefused {
            return Err(Trouble::Refused(format!(
                "the disk is {:.0} % full; releases are refused from {:.0} % on: make room (the overview says what takes it)",
                disk.used_share * 100.0,
                self.settings.disk_shares.releases * 100.0
            )));
        }
        let memory = self.ports.housekeeping.free_memory().await?;
        if memory < self.settings.memory_min_bytes {
            return Err(Trouble::Refused(format!(
                "{} MiB of memory are free; at least {} MiB are needed: wait for jobs to end, or give the machine more",
                memory >> 20,
                self.settings.memory_min_bytes >> 20
            )));
        }
        Ok(())
    }

    pub(super) async fn images(&self, at: &mut At<'_>) -> Taking {
        let commit = at.record.commit.id.clone();
        let checkout = self.ports.source.checkout(&commit, at.log).await?;
        let revisions = self.ports.source.revisions(&commit).await?;
        // Before anything is built: a full disk is not mended by what comes after.
        self.make_room(Some(at.record), at.log).await?;
        let before = self.ports.housekeeping.disk().await?.free_bytes;
        let here = self.ports.images.present(&revisions).await?.len();
        let pieces = self.ports.images.provide(&checkout, &revisions, at.log).await?;
        let after = self.measure().await?.free_bytes;
        let Some(gateway) = pieces.get(&Service::Gateway) else {
            return failed("there is no image of the gateway");
        };
        let schema = self.ports.migrator.schema(gateway).await?;
        let rendered = self.ports.runtime.render(&checkout, at.record.id, &pieces).await?;
        let brought = pieces.len().saturating_sub(here);
        let work = &mut at.record.work;
        work.manifest = Manifest { schema: Some(schema), pieces, ..work.manifest.clone() };
        if let Some(base) = &at.base {
            work.manifest.leave_alone_what_came_later(&base.work.manifest);
        }
        work.checkout = Some(checkout);
        work.rendered = Some(rendered);
        Ok(Ended {
            skipped: false,
            detail: format!("{brought} images brought, {here} were here"),
            disk_bytes: i64::try_from(before.saturating_sub(after)).ok(),
        })
    }

    pub(super) async fn migrate(&self, at: &mut At<'_>) -> Taking {
        let gateway = piece(at, Service::Gateway)?.clone();
        let pending = self.ports.migrator.pending(&gateway).await?;
        let base = at.base.as_ref().map(|base| &base.work.manifest);
        let init_is_same = base.is_some_and(|base| same(base, &at.record.work.manifest, Service::Init));
        if pending.is_empty() && init_is_same {
            return skipped("no migration is pending");
        }
        if let (false, Some(old), Some(new)) =
            (pending.is_empty(), base.and_then(|base| base.schema), at.record.work.manifest.schema)
            && old.newest < new.readable_by
            && !at.record.forced
        {
            return Err(Trouble::Refused(format!(
                "the live release (schema {}) could not run on the database after these migrations (readable by {} \
                 and newer): release the step that both can read first, or force it",
                old.newest, new.readable_by
            )));
        }
        for migration in &pending {
            at.log.line(&format!("pending: {migration}"));
        }
        let rendered = rendered(at)?;
        self.ports.migrator.migrate(&at.record.work.manifest, &rendered, at.log).await?;
        done(format!("{} migrations", pending.len()))
    }

    pub(super) async fn configure(&self, at: &mut At<'_>) -> Taking {
        let nginx = piece(at, Service::Nginx)?.clone();
        let rendered = rendered(at)?;
        let version = self.ports.proxy.publish(&rendered, &nginx, at.log).await?;
        let is_same = at.base.as_ref().is_some_and(|base| base.work.manifest.configuration.as_ref() == Some(&version));
        at.record.work.manifest.configuration = Some(version.clone());
        if is_same { skipped("nginx's configuration is the same") } else { done(format!("version {version}")) }
    }
}

/// What a release of these revisions does to each service. Infrastructure is compared with what runs of it, not with the
/// release before, which brought an image and did not replace the container.
pub(crate) fn changes(
    revisions: &BTreeMap<Service, String>,
    base: Option<&Manifest>,
    infrastructure: &BTreeMap<Service, String>,
) -> Vec<ServiceChange> {
    let change = |(service, to): (&Service, &String)| {
        let from = if Service::INFRASTRUCTURE.contains(service) {
            infrastructure.get(service).cloned()
        } else {
            base.and_then(|base| base.pieces.get(service)).map(|piece| piece.revision.clone())
        };
        // What compose had started is known of the rolled services alone: the others are taken to be as they were.
        let is_unknown = base.is_some() && from.is_none() && !Service::ROLLED.contains(service);
        let action = if from.as_ref() == Some(to) || is_unknown {
            Action::Unchanged
        } else if Service::INFRASTRUCTURE.contains(service) {
            Action::Maintenance
        } else if *service == Service::Deployer {
            Action::SelfUpdate
        } else {
            Action::Roll
        };
        ServiceChange { service: *service, from, to: to.clone(), action }
    };
    revisions.iter().map(change).collect()
}

/// Whether both run the same image of the service, or none of one that came later.
pub(crate) fn same(one: &Manifest, other: &Manifest, service: Service) -> bool {
    match (one.pieces.get(&service), other.pieces.get(&service)) {
        (Some(one), Some(other)) => one.revision == other.revision && one.image_id == other.image_id,
        (None, None) => service.came_later(),
        _ => false,
    }
}

pub(super) fn piece<'a>(at: &'a At<'_>, service: Service) -> Result<&'a Piece, Trouble> {
    let found = at.record.work.manifest.pieces.get(&service);
    found.ok_or_else(|| Trouble::Failed(format!("the release has no image of {service}")))
}

fn rendered(at: &At<'_>) -> Result<crate::ports::Rendered, Trouble> {
    let rendered = at.record.work.rendered.clone();
    rendered.ok_or_else(|| Trouble::Failed("the release has no compose project".to_owned()))
}
