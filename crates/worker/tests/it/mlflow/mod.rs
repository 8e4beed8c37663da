//! Analyses become runs of a real MLflow, whoever is away or dies meanwhile.

mod gate;
#[path = "../../../../tables/tests/it/s3_server.rs"]
mod s3_server;
mod server;

use std::time::Duration;

use anyhow::{Context as _, ensure};
use domain::ids::JobId;
use domain::job::JobState;
use rustix::process::Signal;
use serde_json::json;
use store::mlflow_runs::RunStanding;
use tokio::time::Instant;

use self::gate::{Gate, Mode};
use self::server::{Mlflow, of};
use crate::house::{CAUSAL, House, Worker};

impl House {
    fn logging_worker(&self, uri: &str) -> anyhow::Result<Worker> {
        self.worker_with(&[("MLFLOW_TRACKING_URI", uri), ("E2I_REVISION", "abc123")])
    }

    /// An analysis of no dataset: it fails, which is a run too.
    async fn failing(&self) -> anyhow::Result<JobId> {
        self.submit(&CAUSAL, json!({ "outcome": "sales", "treatment": "visit" })).await
    }

    async fn standing(&self, job: JobId, holds: impl Fn(&RunStanding) -> bool) -> anyhow::Result<RunStanding> {
        let begin = Instant::now();
        loop {
            let standing = self.store.run_of(job).await?;
            match standing {
                Some(standing) if holds(&standing) => return Ok(standing),
                standing => ensure!(begin.elapsed() < Duration::from_mins(1), "still {standing:?}"),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn is_logged(standing: &RunStanding) -> bool {
    matches!(standing, RunStanding::Logged(_))
}

#[tokio::test]
async fn while_mlflow_is_away_analyses_end_and_their_runs_wait_for_it() -> anyhow::Result<()> {
    let (house, mlflow) = (House::build().await?, Mlflow::shared().await);
    let gate = Gate::before(mlflow.address, Mode::Shut).await;
    let _worker = house.logging_worker(&gate.uri())?;
    let job = house.failing().await?;
    let failed = house.reaches(job, JobState::Failed).await?;
    let waiting = house.standing(job, |standing| matches!(standing, RunStanding::Pending(Some(_)))).await?;
    ensure!(
        matches!(&waiting, RunStanding::Pending(Some(error)) if error.contains("MLflow does not answer")),
        "{waiting:?}"
    );
    gate.set(Mode::Open);
    house.standing(job, is_logged).await?;
    let runs = mlflow.runs_of(&job.to_string()).await;
    ensure!(runs.len() == 1, "{runs:?}");
    assert_eq!(runs[0]["info"]["status"], "FAILED");
    assert_eq!(of(&runs[0], "tags", "e2i.state"), "failed");
    assert_eq!(of(&runs[0], "tags", "e2i.revision"), "abc123");
    assert_eq!(of(&runs[0], "tags", "mlflow.user"), house.user.to_string());
    assert_eq!(of(&runs[0], "params", "outcome"), "sales");
    let why = failed.failure.context("no reason")?;
    assert_eq!(of(&runs[0], "tags", "mlflow.note.content"), why.detail);
    assert_eq!(of(&runs[0], "tags", "e2i.reason"), why.reason.to_string());
    Ok(())
}

#[tokio::test]
async fn a_worker_that_dies_after_it_created_a_run_leaves_one_run() -> anyhow::Result<()> {
    let (house, mlflow) = (House::build().await?, Mlflow::shared().await);
    let gate = Gate::before(mlflow.address, Mode::SwallowCreation).await;
    let mut worker = house.logging_worker(&gate.uri())?;
    let job = house.failing().await?;
    tokio::time::timeout(Duration::from_mins(1), gate.swallowed.notified()).await.context("nothing is created")?;
    worker.signal(Signal::KILL)?;
    worker.ended().await?;
    ensure!(mlflow.runs_of(&job.to_string()).await.len() == 1, "the run was not created");
    assert_eq!(house.store.run_of(job).await?, Some(RunStanding::Pending(None)));
    gate.set(Mode::Open);
    // Time passes: the dead worker's lease on the row ends.
    house.execute("UPDATE e2i.mlflow_runs SET next_try_at = now()").await?;
    let _next = house.logging_worker(&gate.uri())?;
    let RunStanding::Logged(run) = house.standing(job, is_logged).await? else { unreachable!() };
    let runs = mlflow.runs_of(&job.to_string()).await;
    ensure!(runs.len() == 1 && runs[0]["info"]["run_id"] == run.run.as_str(), "{runs:?}");
    assert_eq!(runs[0]["info"]["status"], "FAILED");
    Ok(())
}

/// Two took the same attempt, one frozen beyond its lease: the first to say so is right.
#[tokio::test]
async fn of_two_who_logged_an_attempt_the_second_is_told_to_take_its_run_back() -> anyhow::Result<()> {
    let house = House::build().await?;
    let worker = house.logging_worker("http://127.0.0.1:9/mlflow")?;
    let (job, canary) = (house.failing().await?, house.canary(0).await?);
    house.reaches(job, JobState::Failed).await?;
    house.reaches(canary, JobState::Succeeded).await?;
    assert_eq!(house.store.run_of(canary).await?, None, "canaries stay out of MLflow");
    drop(worker);
    house.execute("UPDATE e2i.mlflow_runs SET next_try_at = now()").await?;
    let first = house.store.take_runs(8, Duration::ZERO).await?;
    let second = house.store.take_runs(8, Duration::from_mins(1)).await?;
    ensure!(first.len() == 1 && second.len() == 1, "{first:?} {second:?}");
    let id = |run: &str| store::mlflow_runs::RunId { experiment: "1".to_owned(), run: run.to_owned() };
    assert!(house.store.run_logged(&first[0].taken, &id("a")).await?);
    assert!(!house.store.run_logged(&second[0].taken, &id("b")).await?);
    assert!(house.store.run_logged(&second[0].taken, &id("a")).await?, "found by its tags: the same run");
    house.store.park_run(&second[0].taken, "late").await?;
    assert_eq!(house.store.run_of(job).await?, Some(RunStanding::Logged(id("a"))));
    Ok(())
}

#[tokio::test]
async fn files_go_to_a_bucket_and_what_mlflow_cannot_take_is_parked_with_the_reason() -> anyhow::Result<()> {
    let bucket = s3_server::Server::start().await;
    let endpoint = bucket.options.endpoint.clone().context("no endpoint")?;
    let mlflow = Mlflow::start(&[
        ("MLFLOW_ARTIFACT_ROOT", "s3://bucket/mlflow"),
        ("DO_SPACES_KEY", "key"),
        ("DO_SPACES_SECRET", s3_server::SECRET),
        ("DO_SPACES_ENDPOINT", &endpoint),
    ])
    .await;
    let house = House::build().await?;
    let _worker = house.logging_worker(&mlflow.uri())?;
    let job = house.failing().await?;
    let RunStanding::Logged(run) = house.standing(job, is_logged).await? else { unreachable!() };
    let files = bucket.files();
    let stored = format!("{}/{}/artifacts/parameters.json", run.experiment, run.run);
    ensure!(files.iter().any(|file| file.ends_with(&stored)), "no {stored} in {files:?}");
    // An experiment whose files MLflow's proxy does not store.
    mlflow.post("experiments/update", json!({ "experiment_id": run.experiment, "new_name": "before" })).await;
    mlflow
        .post("experiments/create", json!({ "name": "e2i/causal_impact", "artifact_location": "s3://elsewhere/x" }))
        .await;
    let parked = house.failing().await?;
    let standing = house.standing(parked, |standing| matches!(standing, RunStanding::Parked(_))).await?;
    ensure!(matches!(&standing, RunStanding::Parked(why) if why.contains("--serve-artifacts")), "{standing:?}");
    Ok(())
}
