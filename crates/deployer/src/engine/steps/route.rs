//! Which containers new requests reach, and how the old ones end.

use std::collections::BTreeMap;

use super::{At, Taking, Trouble, done, failed, skipped};
use crate::engine::Engine;
use crate::journal::Record;
use crate::ports::{Log as _, Route, Running, Signal};
use crate::release::{Manifest, Service};

/// The services that nginx asks.
pub(crate) const ASKED: [Service; 3] = [Service::Gateway, Service::Health, Service::Frontend];

impl Engine {
    pub(super) async fn switch(&self, at: &mut At<'_>) -> Taking {
        if let Some(base) = &at.base
            && is_same_for_nginx(&base.work.manifest, &at.record.work.manifest)
            && at.record.work.switched_at.is_none()
        {
            at.record.work.generation.clone_from(&base.work.generation);
            return skipped("nothing that nginx asks changes");
        }
        let now = self.now();
        at.record.work.switched_at.get_or_insert(now);
        let generation = format!("r{}", at.record.id);
        at.record.work.generation = Some(generation.clone());
        self.keep(at.record, at.stop).await?;
        let base = at.base.as_ref().map(|base| base.work.manifest.clone()).unwrap_or_default();
        let backup =
            asked(&base).filter(|(service, name)| at.record.work.manifest.containers.get(service) != Some(name));
        let route = route(&at.record.work.manifest, generation, backup.collect())?;
        self.ports.proxy.switch(&route).await?;
        done(format!("new requests reach {}", names(&route.to)))
    }

    /// The old ones end softly: out of the route, told so, out of nginx's old workers, stopped and kept. Old workers finish
    /// what they have, unwaited for.
    pub(super) async fn drain(&self, at: &mut At<'_>) -> Taking {
        let others = self.others(&at.record.work.manifest).await?;
        if at.record.work.switched_at.is_some() {
            let generation = format!("r{}-alone", at.record.id);
            at.record.work.generation = Some(generation.clone());
            self.keep(at.record, at.stop).await?;
            self.ports.proxy.switch(&route(&at.record.work.manifest, generation, BTreeMap::new())?).await?;
            self.call_streams(&at.record.work.manifest).await?;
        } else if others.is_empty() {
            return skipped("nothing is to be drained");
        }
        let ended = self.end_softly(at, others).await?;
        at.record.work.drained_at = Some(self.now());
        done(ended)
    }

    /// A stream stays with the nginx worker that it came through, which every reload tells to end, and which cuts it when
    /// its time is over. So whoever is asked from now on tells its own streams to come again, too: through a new one.
    pub(super) async fn call_streams(&self, stays: &Manifest) -> Result<(), Trouble> {
        if let Some(gateway) = stays.containers.get(&Service::Gateway) {
            self.ports.runtime.signal(gateway, Signal::Rest).await?;
            self.ports.runtime.signal(gateway, Signal::Wake).await?;
        }
        Ok(())
    }

    /// Ends containers that are out of the route.
    pub(super) async fn end_softly(&self, at: &At<'_>, containers: Vec<Running>) -> Result<String, Trouble> {
        let (workers, web): (Vec<_>, Vec<_>) = containers.into_iter().partition(|one| one.service == Service::Worker);
        for gateway in web.iter().filter(|one| one.service == Service::Gateway) {
            at.log.line(&format!("{}: streams are told to come again", gateway.name));
            self.ports.runtime.signal(&gateway.name, Signal::Rest).await?;
        }
        if !web.is_empty() {
            let gone = self.ports.proxy.old_workers_gone(self.settings.drain_deadline).await?;
            let words =
                if gone { "no old nginx worker is left" } else { "old nginx workers are left after the deadline" };
            at.log.line(words);
        }
        for one in &web {
            self.ports.runtime.stop(&one.name, self.settings.stop_grace).await?;
            at.log.line(&format!("{} is stopped, and kept", one.name));
        }
        for worker in &workers {
            self.ports.runtime.signal(&worker.name, Signal::Terminate).await?;
            at.log.line(&format!("{} ends when its jobs have", worker.name));
        }
        Ok(format!("{} stopped, {} workers end by themselves", web.len(), workers.len()))
    }
}

/// Whether nginx asks the same containers by the same configuration.
pub(crate) fn is_same_for_nginx(one: &Manifest, other: &Manifest) -> bool {
    one.configuration == other.configuration && asked(one).eq(asked(other))
}

fn asked(manifest: &Manifest) -> impl Iterator<Item = (Service, String)> + '_ {
    ASKED.into_iter().filter_map(|service| Some((service, manifest.containers.get(&service)?.clone())))
}

/// The route to a release.
pub(crate) fn route(
    manifest: &Manifest,
    generation: String,
    backup: BTreeMap<Service, String>,
) -> Result<Route, Trouble> {
    let Some(configuration) = manifest.configuration.clone() else {
        return failed("no configuration of nginx is published");
    };
    Ok(Route { generation, configuration, to: asked(manifest).collect(), backup })
}

/// The route to a release that has one already.
pub(crate) fn route_of(release: &Record) -> Option<Route> {
    route(&release.work.manifest, release.work.generation.clone()?, BTreeMap::new()).ok()
}

pub(super) fn names(to: &BTreeMap<Service, String>) -> String {
    to.values().cloned().collect::<Vec<_>>().join(", ")
}
