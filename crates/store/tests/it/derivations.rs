//! Versions made from others: from the wish to the row that is ready, and everything that may come between.

use std::time::Duration;

use domain::dataset::{Column, ColumnType, DatasetState, TableFormat, TableSchema, TextFormat};
use domain::ids::DatasetId;
use domain::job::{Failure, JobState, MAX_LEASE_EXPIRIES, Reason};
use serde_json::{Value, json};
use store::Access;
use store::attempts::{Claimed, Ending, Lease};
use store::datasets::{Dataset, DatasetFilter, Deleted, DerivedFrom, Uploaded};
use store::derivations::{Derivation, NewDerivation};
use store::dispatch::Pending;
use store::jobs::Idempotency;

use crate::house::{House, KNOWN, LEASE};

fn schema(column: &str) -> TableSchema {
    let column = Column { name: column.into(), column_type: ColumnType::Float, missing: 0 };
    TableSchema {
        columns: vec![column],
        rows: 1,
        format: TableFormat::Text(TextFormat { delimiter: b',', gzip: false }),
    }
}

fn recipe() -> Value {
    json!({"steps": [{"step": "filter", "column": "y", "is": {"equals": 3}}]})
}

fn wish(source: DatasetId) -> NewDerivation {
    NewDerivation { source, recipe: recipe(), traceparent: None, idempotency: None, request_id: Some("r1".into()) }
}

fn made() -> Ending {
    Ending::Succeeded(json!({"schema": schema("made"), "size_bytes": 7, "sha256": "00ff"}))
}

fn failed(reason: Reason) -> Failure {
    Failure { reason, detail: "row 3".into() }
}

/// An uploaded dataset of ann's, its profile computed.
async fn source(house: &House) -> anyhow::Result<DatasetId> {
    let begun = house.store.begin_upload(house.ann.user, house.ann.workspace, "table").await?.unwrap();
    let uploaded =
        Uploaded { size_bytes: 4, sha256: vec![0; 32], schema: schema("y"), traceparent: None, request_id: None };
    let (_, profile) = house.store.finish_upload(begun.id, &uploaded).await?.unwrap();
    profiled(house, profile.job).await?;
    Ok(begun.id)
}

async fn profiled(house: &House, job: domain::ids::JobId) -> anyhow::Result<()> {
    let profile = json!({"rows": 1, "columns": [], "warnings": []});
    let claimed = house.claim(job, "worker-1").await?.unwrap();
    house.store.end_attempt(lease(&claimed), &Ending::Succeeded(profile)).await?;
    Ok(())
}

async fn begin(house: &House, source: DatasetId) -> anyhow::Result<(Dataset, Pending)> {
    match house.store.begin_derivation(house.ann.user, &wish(source)).await? {
        Derivation::New(dataset, pending) => Ok((*dataset, pending)),
        other => anyhow::bail!("{other:?}"),
    }
}

fn lease(claimed: &Claimed) -> Lease {
    Lease { job: claimed.job, attempt: claimed.attempt }
}

async fn claim(house: &House, pending: &Pending) -> anyhow::Result<Claimed> {
    Ok(house.claim(pending.job, "worker-1").await?.unwrap())
}

async fn seen(house: &House, id: DatasetId) -> anyhow::Result<Option<Dataset>> {
    house.store.dataset(Access::read(house.ann.user), id).await.map_err(Into::into)
}

#[tokio::test]
async fn a_version_is_made_profiled_and_keeps_its_recipe() -> anyhow::Result<()> {
    let house = House::build().await?;
    let source = source(&house).await?;
    let (begun, pending) = begin(&house, source).await?;
    assert_eq!((begun.name.as_str(), begun.version, begun.state), ("table", 2, DatasetState::Uploading));
    assert_eq!(begun.recipe, Some(recipe()));
    assert_eq!(begun.derived_from, Some(DerivedFrom { id: source, version: 1 }));

    let claimed = claim(&house, &pending).await?;
    assert_eq!(claimed.parameters, recipe());
    assert_eq!(claimed.table.as_ref().map(|table| table.schema.columns[0].name.as_str()), Some("y"), "the source's");
    let key = claimed.output_key().unwrap();
    assert_eq!(key, format!("{}.1", begun.object_key));
    house.store.end_attempt(lease(&claimed), &made()).await?;

    let stored = seen(&house, begun.id).await?.unwrap();
    assert_eq!((stored.state, &stored.object_key, stored.size_bytes), (DatasetState::Profiling, &key, Some(7)));
    assert_eq!((stored.sha256, stored.schema), (Some(vec![0, 255]), Some(schema("made"))));
    let keys = [key, begun.object_key];
    assert_eq!(house.store.object_keys_in_use(&keys).await?, keys[..1]);
    let [key, _] = keys;
    let due = house.store.due(10).await?;
    let [profile] = due.as_slice() else { anyhow::bail!("one job is due: {due:?}") };
    let claimed = claim(&house, profile).await?;
    assert_eq!((claimed.agent.as_str(), claimed.table.unwrap().object_key), ("profile", key));
    let lease = Lease { job: claimed.job, attempt: claimed.attempt };
    house.store.end_attempt(lease, &Ending::Succeeded(json!({"rows": 1, "columns": [], "warnings": []}))).await?;
    let ready = seen(&house, begun.id).await?.unwrap();
    assert_eq!((ready.state, ready.recipe), (DatasetState::Ready, Some(recipe())));
    Ok(())
}

#[tokio::test]
async fn of_two_attempts_only_the_current_one_gives_the_version_its_object() -> anyhow::Result<()> {
    let house = House::build().await?;
    let source = source(&house).await?;
    let (begun, pending) = begin(&house, source).await?;
    let zombie = claim(&house, &pending).await?;
    house.expire(zombie.job).await?;
    house.store.reap().await?;
    assert_eq!(seen(&house, begun.id).await?.unwrap().state, DatasetState::Uploading);
    let current = claim(&house, &pending).await?;
    assert_eq!(house.store.end_attempt(lease(&zombie), &made()).await?, None);
    assert_eq!(seen(&house, begun.id).await?.unwrap().state, DatasetState::Uploading);
    house.store.end_attempt(lease(&current), &made()).await?;
    assert_eq!(house.store.end_attempt(lease(&zombie), &made()).await?, None);
    let stored = seen(&house, begun.id).await?.unwrap();
    assert_eq!(stored.object_key, format!("{}.2", begun.object_key));
    assert_eq!(current.output_keys(), [1, 2].map(|attempt| format!("{}.{attempt}", begun.object_key)));
    let profiles: i64 = sqlx::query_scalar("SELECT count(*) FROM e2i.jobs WHERE agent = 'profile' AND dataset_id = $1")
        .bind(begun.id.0)
        .fetch_one(house.store.pool())
        .await?;
    assert_eq!(profiles, 1);
    Ok(())
}

#[tokio::test]
async fn a_version_that_could_not_be_made_says_why_and_hides_none() -> anyhow::Result<()> {
    let house = House::build().await?;
    let source = source(&house).await?;
    let (begun, pending) = begin(&house, source).await?;
    let claimed = claim(&house, &pending).await?;
    let away = Ending::Retry { failure: failed(Reason::Unavailable), after: Duration::ZERO };
    house.store.end_attempt(lease(&claimed), &away).await?;
    assert_eq!(seen(&house, begun.id).await?.unwrap().state, DatasetState::Uploading, "it is tried again");
    let claimed = claim(&house, &pending).await?;
    house.store.end_attempt(lease(&claimed), &Ending::Failed(failed(Reason::UserError))).await?;
    let dead = seen(&house, begun.id).await?.unwrap();
    assert_eq!((dead.state, dead.schema, dead.failure), (DatasetState::Failed, None, Some(failed(Reason::UserError))));
    let filter = DatasetFilter { limit: 10, ..DatasetFilter::default() };
    let listed = house.store.datasets(Access::read(house.ann.user), &filter).await?;
    assert_eq!(listed.iter().map(|found| found.version).collect::<Vec<_>>(), [2, 1], "the good one is still there");
    let from_nothing = house.store.begin_derivation(house.ann.user, &wish(begun.id)).await?;
    assert_eq!(from_nothing, Derivation::NotYours);
    Ok(())
}

#[tokio::test]
async fn the_reaper_fails_the_version_with_its_job() -> anyhow::Result<()> {
    let house = House::build().await?;
    let source = source(&house).await?;
    let (begun, pending) = begin(&house, source).await?;
    for _ in 0..MAX_LEASE_EXPIRIES {
        claim(&house, &pending).await?;
        house.expire(pending.job).await?;
        house.store.reap().await?;
    }
    let dead = seen(&house, begun.id).await?.unwrap();
    assert_eq!((dead.state, dead.failure.unwrap().reason), (DatasetState::Failed, Reason::LeaseExpired));
    Ok(())
}

#[tokio::test]
async fn strangers_and_viewers_derive_nothing() -> anyhow::Result<()> {
    let house = House::build().await?;
    let source = source(&house).await?;
    assert_eq!(house.store.begin_derivation(house.bob.user, &wish(source)).await?, Derivation::NotYours);
    sqlx::query("INSERT INTO e2i.workspace_members (workspace_id, user_id, role) VALUES ($1, $2, 'viewer')")
        .bind(house.ann.workspace.0)
        .bind(house.bob.user.0)
        .execute(house.store.pool())
        .await?;
    assert_eq!(house.store.begin_derivation(house.bob.user, &wish(source)).await?, Derivation::NotYours);
    assert_eq!(house.outbox().await?, 0);
    Ok(())
}

#[tokio::test]
async fn the_same_key_gives_the_same_version() -> anyhow::Result<()> {
    let house = House::build().await?;
    let source = source(&house).await?;
    let with_hash = |hash: u8| NewDerivation {
        idempotency: Some(Idempotency { key: "k".into(), request_hash: vec![hash; 32] }),
        ..wish(source)
    };
    let derive = |hash| {
        let wish = with_hash(hash);
        let house = &house;
        async move { house.store.begin_derivation(house.ann.user, &wish).await }
    };
    let Derivation::New(first, _) = derive(1).await? else { anyhow::bail!("not new") };
    let Derivation::Replayed(again) = derive(1).await? else { anyhow::bail!("not replayed") };
    assert_eq!(first.id, again.id);
    assert_eq!(derive(2).await?, Derivation::KeyReused);
    let versions: i64 = sqlx::query_scalar("SELECT count(*) FROM e2i.datasets").fetch_one(house.store.pool()).await?;
    assert_eq!(versions, 2);
    Ok(())
}

#[tokio::test]
async fn many_at_once_are_numbered_one_after_the_other() -> anyhow::Result<()> {
    let house = House::build().await?;
    let source = source(&house).await?;
    let (one, two, three) = tokio::join!(begin(&house, source), begin(&house, source), begin(&house, source));
    let mut versions = [one?.0.version, two?.0.version, three?.0.version];
    versions.sort_unstable();
    assert_eq!(versions, [2, 3, 4]);
    Ok(())
}

#[tokio::test]
async fn what_was_made_outlives_its_source_and_what_is_being_made_does_not() -> anyhow::Result<()> {
    let house = House::build().await?;
    let source = source(&house).await?;
    let (done, pending) = begin(&house, source).await?;
    let claimed = claim(&house, &pending).await?;
    house.store.end_attempt(lease(&claimed), &made()).await?;
    let (open, pending) = begin(&house, source).await?;
    let working = claim(&house, &pending).await?;
    let writer = Access::write(house.ann.user);
    let refused = house.store.delete_dataset(writer, source, false, None).await?;
    assert_eq!(refused, Some(Deleted::InUse { analyses: 0, derivations: 1 }));
    let gone = house.store.delete_dataset(writer, source, true, None).await?;
    assert!(matches!(gone, Some(Deleted::Gone { analyses: 0, .. })), "{gone:?}");
    let kept = seen(&house, done.id).await?.unwrap();
    assert_eq!((kept.recipe, kept.derived_from.map(|from| from.id)), (Some(recipe()), Some(source)));
    let dead = seen(&house, open.id).await?.unwrap();
    assert_eq!((dead.state, dead.failure.unwrap().reason), (DatasetState::Failed, Reason::Cancelled));
    assert_eq!(house.store.end_attempt(lease(&working), &made()).await?, None, "its worker finds the job gone");
    Ok(())
}

#[tokio::test]
async fn one_that_is_being_made_can_be_deleted() -> anyhow::Result<()> {
    let house = House::build().await?;
    let source = source(&house).await?;
    let (begun, pending) = begin(&house, source).await?;
    let working = claim(&house, &pending).await?;
    let writer = Access::write(house.ann.user);
    assert!(matches!(house.store.delete_dataset(writer, begun.id, false, None).await?, Some(Deleted::Gone { .. })));
    assert!(house.store.heartbeat("worker-1", &[lease(&working)], LEASE).await?.is_empty());
    assert_eq!(house.store.end_attempt(lease(&working), &made()).await?, None);
    assert_eq!(seen(&house, begun.id).await?, None);
    assert!(seen(&house, source).await?.is_some());
    Ok(())
}

#[tokio::test]
async fn the_sweep_of_dead_uploads_leaves_what_is_being_made() -> anyhow::Result<()> {
    let house = House::build().await?;
    let source = source(&house).await?;
    let (begun, pending) = begin(&house, source).await?;
    assert!(house.store.stale_uploads(Duration::ZERO).await?.is_empty());
    // An older release's reaper does not know of derived versions: it leaves the row behind.
    sqlx::query("UPDATE e2i.jobs SET state = 'failed', finished_at = now() WHERE id = $1")
        .bind(pending.job.0)
        .execute(house.store.pool())
        .await?;
    let stale = house.store.stale_uploads(Duration::ZERO).await?;
    assert_eq!(stale.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [begun.id]);
    Ok(())
}

/// The end of an attempt and a delete of the version that it makes, at the very same moment.
#[tokio::test]
async fn a_delete_and_the_end_of_the_attempt_never_wait_for_each_other() -> anyhow::Result<()> {
    let house = House::build().await?;
    let source = source(&house).await?;
    for _ in 0..20 {
        let (begun, pending) = begin(&house, source).await?;
        let working = claim(&house, &pending).await?;
        let ending = made();
        let (ended, deleted) = tokio::join!(
            house.store.end_attempt(lease(&working), &ending),
            house.store.delete_dataset(Access::write(house.ann.user), begun.id, false, None),
        );
        assert!(ended?.is_none_or(|ended| ended.state == JobState::Succeeded));
        assert!(matches!(deleted?, Some(Deleted::Gone { .. })));
        assert_eq!(seen(&house, begun.id).await?, None);
    }
    assert!(KNOWN.contains(&("derive", 1)));
    Ok(())
}
