//! Back: what was live before runs and is asked again, what was new ends. Migrations are never undone.

use std::collections::BTreeMap;

use super::route::{ASKED, names, route};
use super::{At, Taking, Trouble, done, skipped};
use crate::engine::Engine;
use crate::journal::Record;
use crate::ports::{Running, Signal};
use crate::release::Service;

const NOTHING_BEFORE: &str = "nothing was live before";

impl Engine {
    pub(super) async fn restore(&self, at: &mut At<'_>) -> Taking {
        let Some(mut base) = at.base.clone() else { return skipped(NOTHING_BEFORE) };
        let asked = ASKED.map(|service| (service, base.work.manifest.knows(service)));
        for (service, _) in asked.into_iter().filter(|(_, is_known)| *is_known) {
            self.revive(at, &mut base, service).await?;
        }
        done(format!("what nginx asks of #{} is ready", base.id))
    }

    /// Gets a service of the release before to run and be ready.
    async fn revive(&self, at: &At<'_>, base: &mut Record, service: Service) -> Result<String, Trouble> {
        let containers = self.ports.runtime.containers().await?;
        let name = self.bring_up(base, service, &containers, at.record.work.drained_at, at.log).await?;
        if base.work.manifest.containers.get(&service) != Some(&name) {
            base.work.manifest.containers.insert(service, name.clone());
            self.keep(base, at.stop).await?;
        }
        if service == Service::Worker {
            self.ports.runtime.signal(&name, Signal::Wake).await?;
        }
        self.await_ready(base, service, &name, at.log).await?;
        Ok(name)
    }

    pub(super) async fn switch_back(&self, at: &mut At<'_>) -> Taking {
        let Some(mut base) = at.base.clone() else { return skipped(NOTHING_BEFORE) };
        if at.record.work.switched_at.is_none() {
            return skipped("new requests never left it");
        }
        let generation = format!("r{}-after-{}", base.id, at.record.id);
        base.work.generation = Some(generation.clone());
        self.keep(&base, at.stop).await?;
        let mine = self.mine(at.record, Some(&base)).await?;
        let backup = mine.into_iter().filter(|one| ASKED.contains(&one.service));
        let backup = backup.map(|one| (one.service, one.name)).collect();
        let route = route(&base.work.manifest, generation, backup)?;
        self.ports.proxy.switch(&route).await?;
        done(format!("new requests reach {}", names(&route.to)))
    }

    pub(super) async fn wake(&self, at: &mut At<'_>) -> Taking {
        let Some(mut base) = at.base.clone() else { return skipped(NOTHING_BEFORE) };
        let name = self.revive(at, &mut base, Service::Worker).await?;
        done(format!("{name} takes jobs"))
    }

    pub(super) async fn retire(&self, at: &mut At<'_>) -> Taking {
        if let Some(mut base) = at.base.clone()
            && at.record.work.switched_at.is_some()
        {
            let generation = format!("r{}-after-{}-alone", base.id, at.record.id);
            base.work.generation = Some(generation.clone());
            self.keep(&base, at.stop).await?;
            self.ports.proxy.switch(&route(&base.work.manifest, generation, BTreeMap::new())?).await?;
            self.call_streams(&base.work.manifest).await?;
        }
        let mine = self.mine(at.record, at.base.as_ref()).await?;
        if mine.is_empty() {
            return skipped("nothing new runs");
        }
        done(self.end_softly(at, mine).await?)
    }

    /// What runs and is not of the release before: what this deployment started, found by labels and by its manifest, so
    /// that also what was started right before the deployer was ended is found.
    async fn mine(&self, record: &Record, base: Option<&Record>) -> Result<Vec<Running>, Trouble> {
        let containers = self.ports.runtime.containers().await?;
        let kept = base.map(|base| base.work.manifest.containers.clone()).unwrap_or_default();
        let is_mine = |one: &Running| {
            let is_known = record.work.manifest.containers.get(&one.service) == Some(&one.name);
            one.is_running
                && (one.deployment == Some(record.id) || is_known)
                && kept.get(&one.service) != Some(&one.name)
        };
        Ok(containers.into_iter().filter(is_mine).collect())
    }
}
