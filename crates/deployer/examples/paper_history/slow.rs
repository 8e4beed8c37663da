//! Images that are built slowly, in real time, with a line now and then: for looking at a deployment under way.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use deployer::ports::{Images, Log};
use deployer::release::{Piece, Service};

use crate::paper::World;
use crate::paper::git::{build_line, piece};

/// Between two lines.
const LINE_EVERY: Duration = Duration::from_millis(400);

/// How many lines a build has.
const LINES: usize = 5_000;

#[derive(Debug)]
pub(crate) struct Slowly {
    world: World,
}

impl Slowly {
    pub(crate) fn new(world: World) -> Self {
        Self { world }
    }
}

#[async_trait]
impl Images for Slowly {
    async fn present(&self, revisions: &BTreeMap<Service, String>) -> anyhow::Result<BTreeMap<Service, Piece>> {
        self.world.present(revisions).await
    }

    async fn provide(
        &self,
        _checkout: &Path,
        revisions: &BTreeMap<Service, String>,
        log: &dyn Log,
    ) -> anyhow::Result<BTreeMap<Service, Piece>> {
        for number in 0..LINES {
            log.line(&build_line(number));
            tokio::time::sleep(LINE_EVERY).await;
        }
        Ok(revisions.iter().map(|(service, revision)| (*service, piece(*service, revision))).collect())
    }
}
