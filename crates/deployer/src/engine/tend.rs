//! What is live is kept running, and what should not run is ended: at the start and by the timer.

use std::sync::PoisonError;

use super::steps::{Trouble, route_of};
use super::{Engine, Worked, chrono_of};
use crate::engine::house::LOOKED_THROUGH;
use crate::journal::Record;
use crate::machine::State;
use crate::ports::{Running, Signal};
use crate::release::Service;

impl Engine {
    /// Looks at everything that runs while nothing is under way. Trouble is said, and looked at again at the next tick.
    pub(crate) async fn tend(&self, is_boot: bool) -> Worked<()> {
        if self.journal.under_way()?.is_some() || self.journal.stuck()?.is_some() {
            return Ok(());
        }
        let Some(live) = self.journal.live()? else { return Ok(()) };
        for tended in [self.tend_live(&live, is_boot).await, self.tend_strays(&live).await] {
            match tended {
                Ok(()) => {}
                Err(Trouble::Halt(halt)) => return Err(halt),
                Err(Trouble::Failed(why) | Trouble::Refused(why)) => self.note("tend", Some(live.id), &why)?,
            }
        }
        if let Err(cause) = self.measure().await {
            tracing::warn!(cause = %format!("{cause:#}"), "the disk cannot be measured");
        }
        Ok(())
    }

    /// Starts again what should run and does not (a reboot, somebody's hand), and puts the route right.
    async fn tend_live(&self, live: &Record, is_boot: bool) -> Result<(), Trouble> {
        let containers = self.ports.runtime.containers().await?;
        for (service, name) in &live.work.manifest.containers {
            let found = containers.iter().find(|one| one.name == *name);
            if found.is_some_and(|one| one.is_running) {
                continue;
            }
            self.note("tend", Some(live.id), &format!("{name} ({service}) should run and does not: starting it"))?;
            self.ports.runtime.start_again(name).await?;
        }
        let running = containers.into_iter().filter(|one| one.is_running).map(|one| (one.name, one.image_id));
        *self.running_images.lock().unwrap_or_else(PoisonError::into_inner) = running.collect();
        if !is_boot {
            return Ok(());
        }
        let Some(route) = route_of(live) else { return Ok(()) };
        let (generation, configuration) = self.ports.proxy.current().await?;
        if generation != route.generation || configuration != route.configuration {
            let words = format!("nginx says {generation}, #{} is live by {}: switching", live.id, route.generation);
            self.note("tend", Some(live.id), &words)?;
            self.ports.proxy.switch(&route).await?;
        }
        Ok(())
    }

    /// What runs and is not live: workers that finish their jobs may, for a while; anything else is stopped, and said.
    async fn tend_strays(&self, live: &Record) -> Result<(), Trouble> {
        for other in self.others(&live.work.manifest).await? {
            if other.service == Service::Worker && self.may_finish(&other)? {
                // Should the signal have been lost; one that is ending already is not told again.
                self.ports.runtime.signal(&other.name, Signal::Terminate).await?;
                continue;
            }
            let words = format!("{} ({}) runs and is not live: stopping it", other.name, other.service);
            self.note("stray", other.deployment, &words)?;
            self.ports.runtime.stop(&other.name, self.settings.stop_grace).await?;
        }
        Ok(())
    }

    /// Whether an old worker is still within the time for finishing its jobs. One that was not told to end, or was
    /// started again after it had been, is none.
    fn may_finish(&self, worker: &Running) -> Worked<bool> {
        let Some(started_at) = worker.started_at else { return Ok(false) };
        let told_at = if let Some(own) = self.record(worker.deployment)?.filter(|own| own.state() == State::TakenBack) {
            own.ended_at
        } else {
            let drained = self.journal.once_live(LOOKED_THROUGH)?.into_iter();
            drained.filter_map(|record| record.work.drained_at).filter(|drained| *drained >= started_at).min()
        };
        let told_at = told_at.filter(|told_at| *told_at >= started_at);
        Ok(told_at.is_some_and(|told_at| self.now() - told_at < chrono_of(self.settings.worker_drain_max)))
    }
}
