//! What is not the caller's does not exist; datasets and what hangs on them.

use domain::agents::{Agent, causal_impact::CausalImpact};
use domain::dataset::{Column, ColumnType, DatasetState, TableFormat, TableSchema, TextFormat};
use domain::ids::DatasetId;
use serde_json::json;
use store::Access;
use store::attempts::{Claimant, Ending, Lease};
use store::datasets::{DatasetFilter, Deleted, Uploaded};
use store::jobs::{JobFilter, NewJob, Submitted};

use crate::house::{House, KNOWN, LEASE, new_job};

static CAUSAL: Agent = Agent::of::<CausalImpact>();

fn uploaded() -> Uploaded {
    let column = Column { name: "y".into(), column_type: ColumnType::Float, missing: 0 };
    let format = TableFormat::Text(TextFormat { delimiter: b',', gzip: false });
    Uploaded {
        size_bytes: 4,
        sha256: vec![0; 32],
        schema: TableSchema { columns: vec![column], rows: 1, format },
        traceparent: None,
        request_id: None,
    }
}

async fn dataset(house: &House) -> anyhow::Result<DatasetId> {
    let begun = house.store.begin_upload(house.ann.user, house.ann.workspace, "table").await?.unwrap();
    house.store.finish_upload(begun.id, &uploaded()).await?.unwrap();
    Ok(begun.id)
}

/// Stored before there were kinds of files.
#[tokio::test]
async fn a_format_without_its_kind_reads_as_text() -> anyhow::Result<()> {
    let house = House::build().await?;
    let dataset = dataset(&house).await?;
    let set = "UPDATE e2i.datasets SET schema = jsonb_set(schema, '{format}', '{\"delimiter\":44,\"gzip\":false}')";
    sqlx::query(set).execute(house.store.pool()).await?;
    let read = house.store.dataset(Access::read(house.ann.user), dataset).await?.unwrap();
    assert_eq!(read.schema, Some(uploaded().schema));
    Ok(())
}

#[tokio::test]
async fn a_stranger_sees_and_changes_nothing() -> anyhow::Result<()> {
    let house = House::build().await?;
    let job = house.submit().await?;
    let dataset = dataset(&house).await?;
    let (read, write) = (Access::read(house.bob.user), Access::write(house.bob.user));
    assert_eq!(house.store.job(read, job).await?, None);
    assert_eq!(house.store.cancel(write, job, None).await?, None);
    assert_eq!(house.store.retry(write, job, None).await?, None);
    assert_eq!(house.store.delete_job(write, job, None).await?, None);
    assert_eq!(house.store.job_result(read, job).await?, None);
    assert_eq!(house.store.dataset(read, dataset).await?, None);
    assert_eq!(house.store.delete_dataset(write, dataset, true, None).await?, None);
    assert!(house.store.jobs(read, &JobFilter { limit: 10, ..JobFilter::default() }, None).await?.is_empty());
    assert!(house.store.datasets(read, &DatasetFilter { limit: 10, ..DatasetFilter::default() }).await?.is_empty());
    let theirs = NewJob { workspace: house.ann.workspace, ..new_job(house.bob) };
    assert_eq!(house.store.submit(&theirs).await?, Submitted::NotYours);
    let on_theirs = NewJob { dataset: Some(dataset), ..new_job(house.bob) };
    assert_eq!(house.store.submit(&on_theirs).await?, Submitted::NotYours);
    assert_eq!(house.store.begin_upload(house.bob.user, house.ann.workspace, "x").await?, None);
    Ok(())
}

#[tokio::test]
async fn a_viewer_reads_and_does_not_write() -> anyhow::Result<()> {
    let house = House::build().await?;
    let job = house.submit().await?;
    sqlx::query("INSERT INTO e2i.workspace_members (workspace_id, user_id, role) VALUES ($1, $2, 'viewer')")
        .bind(house.ann.workspace.0)
        .bind(house.bob.user.0)
        .execute(house.store.pool())
        .await?;
    assert!(house.store.job(Access::read(house.bob.user), job).await?.is_some());
    assert_eq!(house.store.cancel(Access::write(house.bob.user), job, None).await?, None);
    let theirs = NewJob { workspace: house.ann.workspace, ..new_job(house.bob) };
    assert_eq!(house.store.submit(&theirs).await?, Submitted::NotYours);
    Ok(())
}

#[tokio::test]
async fn versions_count_up_and_the_list_shows_the_newest() -> anyhow::Result<()> {
    let house = House::build().await?;
    dataset(&house).await?;
    let second = dataset(&house).await?;
    let read = Access::read(house.ann.user);
    let newest = house.store.datasets(read, &DatasetFilter { limit: 10, ..DatasetFilter::default() }).await?;
    assert_eq!(newest.iter().map(|found| (found.id, found.version)).collect::<Vec<_>>(), [(second, 2)]);
    let filter = DatasetFilter { name: Some("table".into()), limit: 10, ..DatasetFilter::default() };
    let all = house.store.datasets(read, &filter).await?;
    assert_eq!(all.iter().map(|found| found.version).collect::<Vec<_>>(), [2, 1]);
    Ok(())
}

#[tokio::test]
async fn a_finished_profile_makes_the_dataset_ready() -> anyhow::Result<()> {
    let house = House::build().await?;
    let begun = house.store.begin_upload(house.ann.user, house.ann.workspace, "table").await?.unwrap();
    let (_, pending) = house.store.finish_upload(begun.id, &uploaded()).await?.unwrap();
    let claimed =
        house.store.claim(&[(pending.job, 1)], Claimant::with_room("worker-1", LEASE, KNOWN)).await?.pop().unwrap();
    assert_eq!(claimed.table.map(|table| table.object_key), Some(begun.object_key));
    let profile = json!({"rows": 1, "columns": [], "warnings": []});
    let lease = Lease { job: claimed.job, attempt: claimed.attempt };
    house.store.end_attempt(lease, &Ending::Succeeded(profile)).await?;
    let found = house.store.dataset(Access::read(house.ann.user), begun.id).await?.unwrap();
    assert_eq!((found.state, found.profile.map(|profile| profile.rows)), (DatasetState::Ready, Some(1)));
    Ok(())
}

#[tokio::test]
async fn what_analyses_use_is_deleted_only_with_them() -> anyhow::Result<()> {
    let house = House::build().await?;
    let id = dataset(&house).await?;
    let writer = Access::write(house.ann.user);
    let job = NewJob { dataset: Some(id), agent: &CAUSAL, ..new_job(house.ann) };
    house.store.submit(&job).await?;
    assert_eq!(
        house.store.delete_dataset(writer, id, false, None).await?,
        Some(Deleted::InUse { analyses: 1, derivations: 0 })
    );
    let gone = house.store.delete_dataset(writer, id, true, None).await?;
    assert!(matches!(gone, Some(Deleted::Gone { analyses: 1, .. })), "{gone:?}");
    assert_eq!(house.store.dataset(writer, id).await?, None);
    Ok(())
}

#[tokio::test]
async fn an_upload_that_never_ended_is_found() -> anyhow::Result<()> {
    let house = House::build().await?;
    let begun = house.store.begin_upload(house.ann.user, house.ann.workspace, "table").await?.unwrap();
    assert!(house.store.stale_uploads(std::time::Duration::from_hours(1)).await?.is_empty());
    let stale = house.store.stale_uploads(std::time::Duration::ZERO).await?;
    assert_eq!(stale, [(begun.id, begun.object_key)]);
    house.store.abort_upload(begun.id).await?;
    assert!(house.store.stale_uploads(std::time::Duration::ZERO).await?.is_empty());
    assert!(house.store.finish_upload(begun.id, &uploaded()).await?.is_none());
    Ok(())
}
