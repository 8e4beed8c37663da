//! Before going back by hand: is it kept, can it read the database, which jobs would wait.

use super::{At, Taking, Trouble, done};
use crate::engine::Engine;
use crate::ports::Log as _;
use crate::release::Service;
use crate::view::{Action, ServiceChange};

impl Engine {
    pub(super) async fn preflight_rollback(&self, at: &mut At<'_>) -> Taking {
        let Some(target) = self.record(at.record.target)? else {
            return Err(Trouble::Refused("the release to go back to is not in the journal any more".to_owned()));
        };
        let gateway = target.work.manifest.pieces.get(&Service::Gateway).filter(|_| !at.record.forced);
        let can_run = async {
            match gateway {
                Some(gateway) => self.ports.migrator.can_run(gateway).await,
                None => Ok(Ok(())),
            }
        };
        let (can_run, stranded) = tokio::try_join!(can_run, self.stranded(&target))?;
        can_run.map_err(Trouble::Refused)?;
        for line in &stranded {
            at.log.line(&format!("waits until a worker knows it: {line}"));
        }
        let base = at.base.as_ref().map(|base| base.work.manifest.clone()).unwrap_or_default();
        let work = &mut at.record.work;
        work.stranded_jobs = stranded;
        work.manifest = target.work.manifest.clone();
        work.rendered.clone_from(&target.work.rendered);
        work.checkout.clone_from(&target.work.checkout);
        work.changes = Service::ROLLED
            .into_iter()
            .filter_map(|service| {
                let to = target.work.manifest.pieces.get(&service)?.revision.clone();
                let from = base.pieces.get(&service).map(|piece| piece.revision.clone());
                let action = if from.as_ref() == Some(&to) { Action::Unchanged } else { Action::Roll };
                Some(ServiceChange { service, from, to, action })
            })
            .collect();
        done(format!("back to #{}", target.id))
    }

    /// Jobs that wait for an agent version which the release's worker does not have.
    pub(crate) async fn stranded(&self, release: &crate::journal::Record) -> anyhow::Result<Vec<String>> {
        let pieces = &release.work.manifest.pieces;
        match (pieces.get(&Service::Gateway), pieces.get(&Service::Worker)) {
            (Some(gateway), Some(worker)) => self.ports.migrator.stranded_jobs(gateway, worker).await,
            _ => Ok(Vec::new()),
        }
    }
}
