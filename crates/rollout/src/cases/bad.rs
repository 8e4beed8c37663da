//! Releases whose images go wrong.

use anyhow::{Context, ensure};
use rand::RngExt as _;
use stack::case::Figures;

use crate::case::{Ended, Trial};
use crate::judge::{self, steps};
use crate::platform::{ask_postgres, only};
use crate::release::Fault;
use crate::release::Service::{self, Frontend, Gateway, Nginx, Worker};

/// While errors are answered: what nginx may answer of them until the deployer has seen it.
const ERRORS_AT_MOST_S: f64 = 10.0;

/// It is taken back, and nobody has noticed.
async fn taken_back(trial: &mut Trial<'_>, changes: &[(Service, Fault)]) -> anyhow::Result<Figures> {
    let ended = trial.goes_back(changes, &["taken_back"]).await?;
    told(trial, &ended).await
}

/// It ends before anything was touched that runs.
async fn fails(trial: &mut Trial<'_>, changes: &[(Service, Fault)]) -> anyhow::Result<Figures> {
    let ended = trial.goes_back(changes, &["failed", "refused"]).await?;
    told(trial, &ended).await
}

async fn told(trial: &Trial<'_>, ended: &Ended) -> anyhow::Result<Figures> {
    let reason = ended.deployment["reason"].as_str().unwrap_or_default().lines().next().unwrap_or_default().to_owned();
    let figures = trial.unnoticed().await?.with("back after", ended.seconds, "s");
    Ok(figures.note(format!("“{reason}”")).note(steps(&ended.deployment)))
}

pub(super) async fn never_ready(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    taken_back(trial, &[(Gateway, Fault::NeverReady), (Worker, Fault::None), (Frontend, Fault::None)]).await
}

pub(super) async fn exits(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    taken_back(trial, &[(Gateway, Fault::ExitsAtOnce), (Worker, Fault::None)]).await
}

pub(super) async fn worker_exits(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    taken_back(trial, &[(Worker, Fault::ExitsAtOnce)]).await
}

pub(super) async fn answers_500(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    taken_back(trial, &[(Gateway, Fault::Answers500)]).await
}

pub(super) async fn wrong_revision(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let service = if trial.random.random_bool(0.5) { Gateway } else { Frontend };
    taken_back(trial, &[(service, Fault::WrongRevision)]).await
}

pub(super) async fn migration_fails(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    fails(trial, &[(Gateway, Fault::MigrationFails), (Worker, Fault::None)]).await
}

/// Somebody else's migration holds the lock of this database. The release's own waits, gives way, tries again a few times,
/// and says what was in its way.
pub(super) async fn migration_blocks(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let mut name = flate2::Crc::new();
    name.update(b"e2i");
    // As sqlx names its lock of a database.
    let lock = 0x3d32_ad9e_i64 * i64::from(name.sum());
    let hold = format!("SELECT pg_advisory_lock({lock}); SELECT pg_sleep(3600)");
    let postgres = only(&trial.rig.server, "postgres").await?.id;
    let psql = ["exec", "--detach", &postgres, "psql", "--username=e2i", "--dbname=e2i", "--command", &hold];
    trial.rig.server.docker(&psql).await.context("hold the lock")?;
    let outcome = fails(trial, &[(Gateway, Fault::MigrationPending)]).await;
    let release = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3600)%' AND pid <> pg_backend_pid()";
    ask_postgres(&trial.rig.server, release).await.context("release the lock")?;
    outcome
}

pub(super) async fn soak_unready(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    taken_back(trial, &[(Gateway, Fault::UnreadyLater)]).await
}

/// Requests that meet an error before it is seen cannot be unanswered: their time is bounded, and measured.
pub(super) async fn soak_errors(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let ended = trial.goes_back(&[(Gateway, Fault::ErrorsLater)], &["taken_back"]).await?;
    let account = trial.rig.load.ledger.account();
    let (_, outage) = account.outage().context("no request met an error: the case proves nothing")?;
    ensure!(
        outage.as_secs_f64() < ERRORS_AT_MOST_S * trial.rig.patience,
        "errors were answered for {:.1} s",
        outage.as_secs_f64()
    );
    let mut others = account.clone();
    others.records.retain(|one| !one.failure.as_deref().unwrap_or_default().contains("this image answers with errors"));
    judge::no_failed_request(&others).context("beside the image's own errors")?;
    let figures = trial.recovered().await?.with("back after", ended.seconds, "s");
    Ok(figures.note(steps(&ended.deployment)))
}

pub(super) async fn canary_wrong(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    taken_back(trial, &[(Worker, Fault::WrongNumber)]).await
}

pub(super) async fn nginx_invalid(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    fails(trial, &[(Nginx, Fault::InvalidConfiguration), (Gateway, Fault::None)]).await
}

pub(super) async fn no_image(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    fails(trial, &[(Worker, Fault::NoImage)]).await
}
