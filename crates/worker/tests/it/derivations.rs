//! A version made by a real worker: one object is left, whatever became of the attempts.

use std::convert::Infallible;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use domain::dataset::DatasetState;
use domain::ids::DatasetId;
use domain::job::Reason;
use serde_json::json;
use store::attempts::{Claimant, Claimed};
use store::datasets::{Dataset, Uploaded};
use store::derivations::{Derivation, NewDerivation};
use tables::objects::Objects;
use tables::upload::{Limits, receive};

use crate::house::House;

const CSV: &str = "code,y\n007,1\n8,0\n010,2.5\n";

/// An uploaded table, its profile still to be computed.
async fn source(house: &House) -> anyhow::Result<DatasetId> {
    let begun = house.store.begin_upload(house.user, house.workspace, "table").await?.context("not opened")?;
    let objects = Objects::open(house.objects.path().to_str().context("no path")?)?;
    let bytes = futures::stream::iter([Ok::<_, Infallible>(CSV.into())]);
    let received = receive(&objects, &begun.object_key, bytes, None, &Limits::default()).await?;
    let uploaded = Uploaded {
        size_bytes: received.size_bytes,
        sha256: vec![0; 32],
        schema: received.schema,
        traceparent: None,
        request_id: None,
    };
    house.store.finish_upload(begun.id, &uploaded).await?.context("not finished")?;
    Ok(begun.id)
}

async fn derive(house: &House, source: DatasetId, above: f64) -> anyhow::Result<Dataset> {
    let recipe = json!({"steps": [{"step": "filter", "column": "y", "is": {"range": {"above": above}}}]});
    let wish = NewDerivation { source, recipe, traceparent: None, idempotency: None, request_id: None };
    match house.store.begin_derivation(house.user, &wish).await? {
        Derivation::New(dataset, _) => Ok(*dataset),
        other => bail!("{other:?}"),
    }
}

async fn becomes(house: &House, id: DatasetId, state: DatasetState) -> anyhow::Result<Dataset> {
    let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
    loop {
        let dataset = house.store.dataset(house.access(), id).await?.context("the dataset is gone")?;
        if dataset.state == state {
            return Ok(dataset);
        }
        ensure!(tokio::time::Instant::now() < deadline, "still {dataset:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A worker that claims the job and then vanishes, its child having stored the object.
async fn vanished(house: &House, made: &Dataset) -> anyhow::Result<Claimed> {
    let job: uuid::Uuid = sqlx::query_scalar("SELECT derive_job FROM e2i.datasets WHERE id = $1")
        .bind(made.id.0)
        .fetch_one(house.store.pool())
        .await?;
    let agents: Vec<_> = domain::agents::all().iter().map(|agent| (agent.name, agent.version)).collect();
    let claimed = house
        .store
        .claim(&[(job.into(), 1)], Claimant::with_room("vanished", Duration::from_millis(1), &agents))
        .await?;
    let claimed = claimed.into_iter().next().context("not claimed")?;
    let key = claimed.output_key().context("no key")?;
    std::fs::write(house.objects.path().join(&key), "half of it")?;
    Ok(claimed)
}

fn objects(house: &House) -> anyhow::Result<Vec<PathBuf>> {
    let folder = house.objects.path().join(format!("datasets/{}", house.workspace));
    Ok(std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?)
}

/// Waits until so many objects are left: a worker cleans up after it has told how the attempt ended.
async fn left(house: &House, wanted: usize) -> anyhow::Result<()> {
    let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
    while objects(house)?.len() != wanted {
        ensure!(tokio::time::Instant::now() < deadline, "left: {:?}", objects(house)?);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

#[tokio::test]
async fn what_a_vanished_worker_stored_is_removed_and_the_next_attempt_makes_the_version() -> anyhow::Result<()> {
    let house = House::build().await?;
    let source = source(&house).await?;
    let made = derive(&house, source, 0.0).await?;
    let lost = vanished(&house, &made).await?;
    assert_eq!(objects(&house)?.len(), 2);
    let _worker = house.worker()?;
    let ready = becomes(&house, made.id, DatasetState::Ready).await?;
    assert_eq!((ready.version, ready.schema.map(|schema| schema.rows)), (2, Some(2)));
    assert_eq!(ready.object_key, format!("{}.2", made.object_key));
    let text = std::fs::read_to_string(house.objects.path().join(&ready.object_key))?;
    assert_eq!(text, "code,y\n007,1\n010,2.5\n");
    left(&house, 2).await?;
    assert!(!house.objects.path().join(lost.output_key().unwrap()).exists(), "the lost attempt's is gone");
    Ok(())
}

#[tokio::test]
async fn a_version_that_cannot_be_made_fails_with_the_place_and_leaves_no_object() -> anyhow::Result<()> {
    let house = House::build().await?;
    let source = source(&house).await?;
    let made = derive(&house, source, 99.0).await?;
    vanished(&house, &made).await?;
    let _worker = house.worker()?;
    let failed = becomes(&house, made.id, DatasetState::Failed).await?;
    let failure = failed.failure.context("no reason")?;
    assert_eq!(failure.reason, Reason::UserError);
    assert!(failure.detail.starts_with("/steps/0: none of the 3 rows"), "{}", failure.detail);
    left(&house, 1).await
}
