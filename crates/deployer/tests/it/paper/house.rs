//! Migrations, disk, memory and the deployer's own replacement on paper.

use async_trait::async_trait;
use deployer::ports::{Disk, DiskPart, Housekeeping, Log, Migrator, Rendered, SelfUpdate};
use deployer::release::{Manifest, Piece, Schema, Service};

use super::{Fault, State, World};

pub(crate) fn parts() -> Vec<DiskPart> {
    [("build cache", 9), ("images", 7), ("checkout", 1), ("database", 6), ("datasets", 8), ("mlflow", 1)]
        .map(|(name, gib)| DiskPart { name: name.to_owned(), size_bytes: gib << 30 })
        .to_vec()
}

fn schema(state: &State, gateway: &Piece) -> Schema {
    state.schemas.get(&gateway.revision).copied().unwrap_or(Schema { newest: 1, readable_by: 1 })
}

#[async_trait]
impl Migrator for World {
    async fn schema(&self, gateway: &Piece) -> anyhow::Result<Schema> {
        self.act("migrator.schema".to_owned(), |state| Ok(schema(state, gateway))).await
    }

    async fn pending(&self, gateway: &Piece) -> anyhow::Result<Vec<String>> {
        self.act("migrator.pending".to_owned(), |state| {
            let newest = schema(state, gateway).newest;
            Ok((state.database.newest + 1..=newest).map(|number| format!("{number:014}_more")).collect())
        })
        .await
    }

    async fn can_run(&self, gateway: &Piece) -> anyhow::Result<Result<(), String>> {
        self.act("migrator.can_run".to_owned(), |state| {
            let (has, needs) = (schema(state, gateway).newest, state.database.readable_by);
            Ok(if has >= needs {
                Ok(())
            } else {
                Err(format!("the release knows schema {has}; the database can be read from schema {needs} on"))
            })
        })
        .await
    }

    async fn migrate(&self, manifest: &Manifest, _rendered: &Rendered, log: &dyn Log) -> anyhow::Result<()> {
        let gateway = manifest.pieces[&Service::Gateway].clone();
        if self.state().faults.get(&gateway.revision) == Some(&Fault::MigrationBlocks) {
            log.line("waiting for a lock on e2i.jobs");
            std::future::pending::<()>().await;
        }
        self.act("migrator.migrate".to_owned(), |state| {
            if state.faults.get(&gateway.revision) == Some(&Fault::MigrationFails) {
                anyhow::bail!("error returned from database: column \"agent\" does not exist");
            }
            let new = schema(state, &gateway);
            if new.newest > state.database.newest {
                state.migrations_run.push(new.newest);
                state.database =
                    Schema { newest: new.newest, readable_by: new.readable_by.max(state.database.readable_by) };
            }
            Ok(())
        })
        .await
    }

    async fn stranded_jobs(&self, _gateway: &Piece, _worker: &Piece) -> anyhow::Result<Vec<String>> {
        self.act("migrator.stranded_jobs".to_owned(), |state| Ok(state.stranded.clone())).await
    }
}

#[async_trait]
impl Housekeeping for World {
    async fn disk(&self) -> anyhow::Result<Disk> {
        self.act("housekeeping.disk".to_owned(), |state| Ok(state.disk.clone())).await
    }

    async fn free_memory(&self) -> anyhow::Result<u64> {
        self.act("housekeeping.free_memory".to_owned(), |state| Ok(state.free_memory)).await
    }

    async fn reclaim(&self, keep: &[Manifest], _log: &dyn Log) -> anyhow::Result<()> {
        let keep = keep.to_vec();
        self.act("housekeeping.reclaim".to_owned(), |state| {
            let is_kept = |service: Service, revision: &str| {
                keep.iter().any(|kept| kept.pieces.get(&service).is_some_and(|piece| piece.revision == revision))
            };
            if state.reclaims {
                state.disk.free_bytes = state.disk.free_bytes.max(state.disk.total_bytes / 2);
            }
            let (containers, images) = (&mut state.containers, &mut state.images);
            containers.retain(|_, one| one.is_running || is_kept(one.service, &one.revision));
            images.retain(|(service, revision)| !Service::ROLLED.contains(service) || is_kept(*service, revision));
            Ok(())
        })
        .await
    }
}

#[async_trait]
impl SelfUpdate for World {
    async fn begin(&self, _rendered: &Rendered, piece: &Piece) -> anyhow::Result<()> {
        self.act("self_update.begin".to_owned(), |state| {
            state.self_updates.push(piece.revision.clone());
            Ok(())
        })
        .await
    }
}
