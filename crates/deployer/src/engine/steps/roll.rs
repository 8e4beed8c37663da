//! New containers beside the old: started, or found again, or left alone; ready so many times in a row.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::prepare::same;
use super::route::ASKED;
use super::{At, Taking, Trouble, done, failed, skipped};
use crate::engine::Engine;
use crate::engine::drive::StepLog;
use crate::journal::Record;
use crate::ports::{Log as _, Running, Signal, Unready};
use crate::release::{Manifest, Service};

/// Between two questions whether a container is ready. People wait for a rollback: all of it should take seconds.
const ASK_EVERY: Duration = Duration::from_millis(250);

/// A container that was found not running so often in a row does not come up; the engine takes a moment to start one again.
const DEAD: u32 = 8;

/// A new container that was started again so often by the engine will not be well by waiting.
const RESTARTS: u64 = 2;

/// How many of a container's last words go into the log when it does not come up.
const LAST_WORDS: usize = 50;

impl Engine {
    /// Workers first when going forward, last when going back; in both the old ones take no new job from here on.
    pub(super) async fn workers(&self, at: &mut At<'_>) -> Taking {
        let containers = self.ports.runtime.containers().await?;
        let (name, is_left_alone) = self.bring(at, Service::Worker, &containers).await?;
        self.await_ready(at.record, Service::Worker, &name, at.log).await?;
        let mut resting = 0;
        for other in self.others(&at.record.work.manifest).await? {
            if other.service == Service::Worker {
                at.log.line(&format!("{} takes no new job", other.name));
                self.ports.runtime.signal(&other.name, Signal::Rest).await?;
                resting += 1;
            }
        }
        if is_left_alone && resting == 0 {
            return skipped(format!("{name} is left alone"));
        }
        done(format!("{name} is ready, old workers that take no new job: {resting}"))
    }

    pub(super) async fn web(&self, at: &mut At<'_>) -> Taking {
        let mut names = Vec::new();
        let mut all_left_alone = true;
        let services: Vec<Service> =
            ASKED.into_iter().filter(|service| at.record.work.manifest.knows(*service)).collect();
        let containers = self.start_kept(at, &services).await?;
        for service in services {
            let (name, is_left_alone) = self.bring(at, service, &containers).await?;
            all_left_alone &= is_left_alone;
            names.push((service, name));
        }
        let ready = names.iter().map(|(service, name)| self.await_ready(at.record, *service, name, at.log));
        futures::future::try_join_all(ready).await?;
        let words: Vec<&str> = names.iter().map(|(_, name)| name.as_str()).collect();
        let words = words.join(", ");
        if all_left_alone { skipped(format!("{words}: left alone")) } else { done(format!("{words}: ready")) }
    }

    /// The container that is to run the service: the live one where it is the same, else a kept one, else a new one.
    /// Says whether it was left alone.
    async fn bring(
        &self,
        at: &mut At<'_>,
        service: Service,
        containers: &[Running],
    ) -> Result<(String, bool), Trouble> {
        let live = at.base.as_ref().filter(|base| same(&base.work.manifest, &at.record.work.manifest, service));
        let live = live.and_then(|base| base.work.manifest.containers.get(&service));
        let running = live.filter(|name| containers.iter().any(|one| one.name == **name && one.is_running));
        if let Some(name) = running.cloned() {
            at.record.work.manifest.containers.insert(service, name.clone());
            return Ok((name, true));
        }
        // An old worker that still runs has been told to end; one that was started since then has not.
        let name = self.bring_up(at.record, service, containers, at.record.started_at, at.log).await?;
        at.record.work.manifest.containers.insert(service, name.clone());
        self.keep(at.record, at.stop).await?;
        Ok((name, false))
    }

    /// Kept containers of these services start side by side: people wait for a rollback. Gives what there is afterwards.
    async fn start_kept(&self, at: &At<'_>, services: &[Service]) -> Result<Vec<Running>, Trouble> {
        let containers = self.ports.runtime.containers().await?;
        let manifest = &at.record.work.manifest;
        let is_kept = |one: &&Running| {
            let is_ours = manifest.containers.get(&one.service) == Some(&one.name);
            let is_same = manifest.pieces.get(&one.service).is_some_and(|piece| piece.image_id == one.image_id);
            services.contains(&one.service) && is_ours && is_same && !one.is_running
        };
        let kept: Vec<&str> = containers.iter().filter(is_kept).map(|one| one.name.as_str()).collect();
        if kept.is_empty() {
            return Ok(containers);
        }
        at.log.line(&format!("starting the kept {} again", kept.join(", ")));
        // One that cannot be started is looked at by itself afterwards.
        let _ = futures::future::join_all(kept.iter().map(|name| self.ports.runtime.start_again(name))).await;
        Ok(self.ports.runtime.containers().await?)
    }

    /// Gets a service of a release to run, whatever became of its container: gives the name. A worker that was started
    /// before `told_to_end` is on its way out.
    pub(crate) async fn bring_up(
        &self,
        release: &Record,
        service: Service,
        containers: &[Running],
        told_to_end: Option<DateTime<Utc>>,
        log: &StepLog,
    ) -> Result<String, Trouble> {
        let Some(piece) = release.work.manifest.pieces.get(&service) else {
            return failed(format!("#{} has no image of {service}", release.id));
        };
        let known = release.work.manifest.containers.get(&service);
        let found = known.and_then(|name| containers.iter().find(|one| one.name == *name));
        if let Some(found) = found.filter(|found| found.image_id == piece.image_id) {
            let is_old = told_to_end.is_some_and(|told| found.started_at.is_none_or(|started| started < told));
            if found.is_running && service == Service::Worker && is_old {
                log.line(&format!("{} was told to end: another one takes its place", found.name));
                return Ok(self.ports.runtime.start_beside(release.work.rendered.as_ref(), &found.name, log).await?);
            }
            if found.is_running {
                return Ok(found.name.clone());
            }
            log.line(&format!("starting the kept {} again", found.name));
            match self.ports.runtime.start_again(&found.name).await {
                Ok(()) => return Ok(found.name.clone()),
                Err(cause) => log.line(&format!("{} cannot be started again ({cause:#}): making it anew", found.name)),
            }
        }
        let Some(rendered) = &release.work.rendered else {
            return failed(format!(
                "the {service} of #{} is gone, and only compose can make it again, by hand: it had started it before \
                 the deployer came",
                release.id
            ));
        };
        log.line(&format!("starting {service} {}", piece.revision));
        Ok(self.ports.runtime.start(rendered, service, log).await?)
    }

    /// Waits until the container says so often in a row that it is ready, with the release's revision. Ends at once when
    /// it has died.
    pub(crate) async fn await_ready(
        &self,
        release: &Record,
        service: Service,
        container: &str,
        log: &StepLog,
    ) -> Result<(), Trouble> {
        let revision =
            release.work.manifest.pieces.get(&service).map(|piece| piece.revision.clone()).unwrap_or_default();
        let (mut well, mut dead) = (0, 0);
        let mut restarts_before = None;
        loop {
            let ready = self.ports.prober.ready(service, container, &revision);
            let (now, ready) = tokio::join!(self.ports.runtime.containers(), ready);
            let now = now?;
            let now = now.iter().find(|one| one.name == container);
            let restarts = now.map_or(0, |one| one.restarts);
            let before = *restarts_before.get_or_insert(restarts);
            dead = if now.is_some_and(|one| one.is_running) { 0 } else { dead + 1 };
            if dead >= DEAD || restarts > before + RESTARTS {
                self.last_words(container, log).await;
                return failed(format!("{container} does not keep running"));
            }
            match ready {
                Ok(Ok(())) => well += 1,
                Ok(Err(Unready { why, is_final: true })) => return failed(why),
                answer => {
                    well = 0;
                    let why = match answer {
                        Ok(Err(unready)) => unready.why,
                        Err(cause) => format!("{cause:#}"),
                        Ok(Ok(())) => String::new(),
                    };
                    log.waits_for(container, &why);
                }
            }
            if well >= self.settings.ready_times {
                log.waits_no_more_for(container);
                log.line(&format!("{container} is ready, {well} times in a row"));
                return Ok(());
            }
            self.pace.sleep(ASK_EVERY).await;
        }
    }

    /// A container's last words, into the log; not having them is no trouble.
    pub(crate) async fn last_words(&self, container: &str, log: &StepLog) {
        if let Ok(words) = self.ports.runtime.logs(container, LAST_WORDS).await {
            for line in words.lines() {
                log.line(&format!("{container} | {line}"));
            }
        }
    }

    /// Running containers of rolled services that are not of this release.
    pub(crate) async fn others(&self, manifest: &Manifest) -> Result<Vec<Running>, Trouble> {
        let containers = self.ports.runtime.containers().await?;
        let is_other = |one: &Running| {
            one.is_running && manifest.knows(one.service) && manifest.containers.get(&one.service) != Some(&one.name)
        };
        Ok(containers.into_iter().filter(is_other).collect())
    }
}
