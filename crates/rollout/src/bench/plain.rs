//! Plain compose: new images are named in `.release.env`, and `docker compose up --detach --build` recreates what changed.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::Context;

use super::median;
use crate::release::Fault;
use crate::release::Service::{Frontend, Gateway, Worker};
use crate::rig::{Rig, RigOptions, say};

/// What recreates a container takes a few seconds; errors end soon after.
const AFTERWARDS: std::time::Duration = std::time::Duration::from_secs(20);
const TIMES: usize = 3;

pub(super) async fn measure(options: &RigOptions) -> anyhow::Result<BTreeMap<&'static str, f64>> {
    // Nobody but compose.
    let options = RigOptions { with_deployer: false, ..options.clone() };
    let mut rig = Rig::make(&options).await.context("make a rig for plain compose")?;
    let (mut failed, mut outage, mut seconds) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let release = rig.release(&[(Gateway, Fault::None), (Worker, Fault::None), (Frontend, Fault::None)]).await?;
        rig.platform.name_revisions(&release.revisions)?;
        rig.load.ledger.begin_anew();
        let begin = Instant::now();
        rig.platform.compose(&rig.server, &["up", "--detach", "--build", "gateway", "worker", "frontend"]).await?;
        seconds.push(begin.elapsed().as_secs_f64());
        rig.load.go_on(AFTERWARDS).await;
        let account = rig.load.ledger.account();
        failed.push(account.failures().count() as f64);
        outage.push(account.outage().map_or(0.0, |(_, outage)| outage.as_secs_f64()));
        say(&format!(
            "plain compose: {} of {} failed:\n{}",
            account.failures().count(),
            account.records.len(),
            account.told(5)
        ));
    }
    Ok(BTreeMap::from([
        ("plain_compose_failed_requests", median(failed)),
        ("plain_compose_outage_s", median(outage)),
        ("plain_compose_up_s", median(seconds)),
    ]))
}
