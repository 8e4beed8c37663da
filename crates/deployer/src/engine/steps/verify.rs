//! What runs is what is claimed.

use super::{At, Taking, Trouble, done, failed};
use crate::engine::Engine;
use crate::journal::Record;
use crate::release::Service;

impl Engine {
    pub(super) async fn verify(&self, at: &mut At<'_>) -> Taking {
        done(self.is_what_runs(at.record).await?)
    }

    pub(super) async fn verify_back(&self, at: &mut At<'_>) -> Taking {
        match &at.base {
            Some(base) => done(self.is_what_runs(base).await?),
            None => super::skipped("nothing was live before"),
        }
    }

    /// Compares image ids, revisions and the route with the release's manifest.
    pub(crate) async fn is_what_runs(&self, release: &Record) -> Result<String, Trouble> {
        let containers = self.ports.runtime.containers().await?;
        let manifest = &release.work.manifest;
        for service in Service::ROLLED.into_iter().filter(|service| manifest.knows(*service)) {
            let (Some(name), Some(piece)) = (manifest.containers.get(&service), manifest.pieces.get(&service)) else {
                return failed(format!("#{} has no {service}", release.id));
            };
            let Some(one) = containers.iter().find(|one| one.name == *name).filter(|one| one.is_running) else {
                return failed(format!("{name} does not run"));
            };
            if one.image_id != piece.image_id || one.revision != piece.revision {
                return failed(format!(
                    "{name} runs {} ({}), claimed is {} ({})",
                    one.revision, one.image_id, piece.revision, piece.image_id
                ));
            }
        }
        let (generation, configuration) = self.ports.proxy.current().await?;
        let claimed = (release.work.generation.as_deref(), manifest.configuration.as_deref());
        if claimed != (Some(generation.as_str()), Some(configuration.as_str())) {
            return failed(format!(
                "nginx says generation {generation}, configuration {configuration}; claimed are {} and {}",
                claimed.0.unwrap_or("none"),
                claimed.1.unwrap_or("none")
            ));
        }
        Ok(format!("images, revisions and route of #{} are what runs", release.id))
    }
}
