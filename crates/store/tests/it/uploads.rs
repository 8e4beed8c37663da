//! Resumable uploads: one writer moves the offset, one holder ends the check.

use std::time::Duration;

use domain::dataset::{Column, ColumnType, DatasetState, TableFormat, TableSchema, TextFormat};
use domain::ids::UploadId;
use domain::upload::UploadState;
use serde_json::json;
use store::Access;
use store::datasets::Uploaded;
use store::uploads::parts::Moved;
use store::uploads::{Created, NewUpload, Upload};

use crate::house::{House, LEASE, Person};

fn uploaded() -> Uploaded {
    let column = Column { name: "y".into(), column_type: ColumnType::Float, missing: 0 };
    let format = TextFormat { delimiter: b',', gzip: false };
    Uploaded {
        size_bytes: 10,
        sha256: vec![0; 32],
        schema: TableSchema { columns: vec![column], rows: 1, format: TableFormat::Text(format) },
        traceparent: None,
        request_id: None,
    }
}

fn new_upload(person: Person) -> NewUpload {
    NewUpload {
        user: person.user,
        workspace: person.workspace,
        name: "table".into(),
        media_type: None,
        metadata: None,
        length_bytes: 10,
        lifetime: Duration::from_hours(24),
        max_open: 2,
        request_id: None,
    }
}

async fn begun(house: &House) -> anyhow::Result<Upload> {
    match house.store.create_upload(&new_upload(house.ann)).await? {
        Created::New(upload) => Ok(upload),
        other => anyhow::bail!("{other:?}"),
    }
}

/// Adds all ten bytes.
async fn complete(house: &House) -> anyhow::Result<UploadId> {
    let upload = begun(house).await?.id;
    let part = house.store.announce_part(upload, 0).await?.unwrap().part;
    let moved = house.store.add_part(upload, part, 0, 10).await?;
    assert_eq!(moved, Some(Moved { offset_bytes: 10, state: UploadState::Checking }));
    Ok(upload)
}

async fn let_leases_run_out(house: &House) -> anyhow::Result<()> {
    let sql = "UPDATE e2i.uploads SET check_until = now() - interval '1 s' WHERE check_until IS NOT NULL";
    sqlx::query(sql).execute(house.store.pool()).await?;
    Ok(())
}

#[tokio::test]
async fn of_two_parts_at_the_same_offset_one_counts() -> anyhow::Result<()> {
    let house = House::build().await?;
    let store = &house.store;
    let upload = begun(&house).await?.id;
    let (one, two) = (store.announce_part(upload, 0).await?.unwrap(), store.announce_part(upload, 0).await?.unwrap());
    assert_ne!(one.object_key, two.object_key);
    let (first, second) = tokio::join!(store.add_part(upload, one.part, 0, 4), store.add_part(upload, two.part, 0, 6));
    let moved = [first?, second?];
    assert_eq!(moved.iter().flatten().count(), 1, "{moved:?}");
    let parts = store.parts(upload).await?;
    assert_eq!(parts.len(), 1);
    assert_eq!(store.announce_part(upload, 0).await?, None);
    let offset = parts[0].size_bytes;
    let next = store.announce_part(upload, offset).await?.unwrap();
    assert_eq!(store.add_part(upload, next.part, offset, 11 - offset).await?, None, "longer than it is");
    assert!(store.add_part(upload, next.part, offset, 1).await?.is_some());
    Ok(())
}

#[tokio::test]
async fn a_stranger_opens_and_sees_nothing_and_one_has_only_so_many() -> anyhow::Result<()> {
    let house = House::build().await?;
    let foreign = NewUpload { user: house.bob.user, ..new_upload(house.ann) };
    assert_eq!(house.store.create_upload(&foreign).await?, Created::NotYours);
    let (one, two) = (begun(&house).await?.id, begun(&house).await?.id);
    assert_eq!(house.store.create_upload(&new_upload(house.ann)).await?, Created::TooMany(vec![one, two]));
    assert_eq!(house.store.upload(Access::read(house.bob.user), one).await?, None);
    assert!(!house.store.end_upload(Access::write(house.bob.user), one, None).await?);
    assert!(house.store.end_upload(Access::write(house.ann.user), one, None).await?);
    assert!(house.store.upload(Access::read(house.ann.user), one).await?.unwrap().is_expired);
    assert_eq!(house.store.announce_part(one, 0).await?, None);
    begun(&house).await?;
    Ok(())
}

#[tokio::test]
async fn a_checker_given_up_for_dead_changes_nothing_any_more() -> anyhow::Result<()> {
    let house = House::build().await?;
    let store = &house.store;
    let upload = complete(&house).await?;
    let dead = store.begin_check(upload, LEASE).await?.unwrap();
    assert_eq!(store.begin_check(upload, LEASE).await?, None, "somebody is at it");
    assert!(store.unattended_checks(Duration::ZERO).await?.is_empty());
    assert!(store.renew_check(dead.lease, LEASE).await?);
    let_leases_run_out(&house).await?;
    assert_eq!(store.unattended_checks(Duration::ZERO).await?, [upload]);

    let next = store.begin_check(upload, LEASE).await?.unwrap();
    let (old, new) = (dead.dataset.unwrap(), next.dataset.unwrap());
    assert_eq!(next.left_over, Some(old.object_key), "its object is to be removed");
    assert_eq!((new.version, next.attempt), (1, 2), "and its version is free again");
    assert!(!store.renew_check(dead.lease, LEASE).await?);
    assert!(!store.refuse_check(dead.lease, &json!({})).await?);
    store.release_check(dead.lease, Duration::ZERO).await?;
    for dataset in [old.id, new.id] {
        assert_eq!(store.finish_check(dead.lease, dataset, &uploaded()).await?, None);
    }
    assert!(store.finish_check(next.lease, new.id, &uploaded()).await?.is_some());
    assert_eq!(store.finish_check(next.lease, new.id, &uploaded()).await?, None, "once");
    let done = store.upload(Access::read(house.ann.user), upload).await?.unwrap();
    assert_eq!((done.state, done.dataset), (UploadState::Stored, Some(new.id)));
    let dataset = store.dataset(Access::read(house.ann.user), new.id).await?.unwrap();
    assert_eq!(dataset.state, DatasetState::Profiling);
    Ok(())
}

#[tokio::test]
async fn a_check_that_is_given_back_is_taken_again_after_a_pause() -> anyhow::Result<()> {
    let house = House::build().await?;
    let store = &house.store;
    let upload = complete(&house).await?;
    let check = store.begin_check(upload, LEASE).await?.unwrap();
    store.release_check(check.lease, Duration::from_mins(1)).await?;
    assert_eq!(store.begin_check(upload, LEASE).await?, None);
    let_leases_run_out(&house).await?;
    let again = store.begin_check(upload, LEASE).await?.unwrap();
    assert_eq!((again.attempt, again.left_over.as_deref()), (1, None), "it does not count, and left no dataset");
    assert!(store.refuse_check(again.lease, &json!({"detail": "no table"})).await?);
    let refused = store.upload(Access::read(house.ann.user), upload).await?.unwrap();
    assert_eq!((refused.state, refused.dataset), (UploadState::Refused, None));
    let datasets: i64 = sqlx::query_scalar("SELECT count(*) FROM e2i.datasets").fetch_one(store.pool()).await?;
    assert_eq!(datasets, 0);
    Ok(())
}

#[tokio::test]
async fn the_keys_of_a_living_uploads_parts_are_not_told_for_removal() -> anyhow::Result<()> {
    let house = House::build().await?;
    let store = &house.store;
    let upload = complete(&house).await?;
    assert!(store.useless_part_keys(upload).await?.is_empty());
    store.forget_useless_parts(upload).await?;
    assert_eq!(store.parts(upload).await?.len(), 1);
    // All bytes are there: it has another hour.
    sqlx::query("UPDATE e2i.uploads SET expires_at = now() - interval '59 minutes'").execute(store.pool()).await?;
    assert!(store.expired_uploads().await?.is_empty() && store.useless_part_keys(upload).await?.is_empty());
    sqlx::query("UPDATE e2i.uploads SET expires_at = now() - interval '61 minutes'").execute(store.pool()).await?;
    assert_eq!((store.expired_uploads().await?, store.useless_part_keys(upload).await?.len()), (vec![upload], 1));
    store.forget_useless_parts(upload).await?;
    assert_eq!(store.upload(Access::read(house.ann.user), upload).await?, None);
    Ok(())
}
