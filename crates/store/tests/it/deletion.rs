//! What hangs on a job goes with it, whoever deletes it: the tables have no foreign key that would see to it.

use std::time::Duration;

use domain::ids::JobId;
use serde_json::json;
use store::attempts::Ending;

use crate::house::House;

/// Rows of the job in `outbox`, `attempts` and `results`.
async fn rows(house: &House, job: JobId) -> anyhow::Result<[i64; 3]> {
    let (outbox, attempts, results) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM e2i.outbox WHERE job_id = $1), (SELECT count(*) FROM e2i.attempts WHERE job_id = $1),
                (SELECT count(*) FROM e2i.results WHERE job_id = $1)",
    )
    .bind(job.0)
    .fetch_one(house.store.pool())
    .await?;
    Ok([outbox, attempts, results])
}

#[tokio::test]
async fn jobs_are_deleted_with_all_that_hangs_on_them_and_nothing_else_is() -> anyhow::Result<()> {
    let house = House::build().await?;
    let (done, kept) = (house.running().await?, house.running().await?);
    for lease in [done, kept] {
        house.store.end_attempt(lease, &Ending::Succeeded(json!({"estimate": 3}))).await?;
    }
    let (queued, waiting) = (house.submit().await?, house.submit().await?);
    let running = house.running().await?;
    assert_eq!(rows(&house, done.job).await?, [0, 1, 1]);
    assert_eq!(rows(&house, queued).await?, [1, 0, 0]);
    assert_eq!(rows(&house, running.job).await?, [0, 1, 0]);
    let doomed = [done.job.0, queued.0, running.job.0];
    sqlx::query("DELETE FROM e2i.jobs WHERE id = ANY($1)").bind(&doomed[..]).execute(house.store.pool()).await?;
    for job in [done.job, queued, running.job] {
        assert_eq!(rows(&house, job).await?, [0, 0, 0], "{job}");
    }
    assert_eq!(rows(&house, kept.job).await?, [0, 1, 1]);
    assert_eq!(rows(&house, waiting).await?, [1, 0, 0]);
    Ok(())
}

/// The rows that the ending writes are not there yet when the delete begins.
#[tokio::test]
async fn a_delete_that_waited_for_the_end_of_the_attempt_takes_its_result_too() -> anyhow::Result<()> {
    let house = House::build().await?;
    let lease = house.running().await?;
    let mut ending = house.store.pool().begin().await?;
    sqlx::query(
        "WITH ended AS (
             UPDATE e2i.jobs SET state = 'succeeded', lease_owner = NULL, lease_until = NULL, finished_at = now()
             WHERE id = $1 RETURNING id, attempt
         )
         INSERT INTO e2i.results (job_id, attempt, result) SELECT id, attempt, '{}' FROM ended",
    )
    .bind(lease.job.0)
    .execute(&mut *ending)
    .await?;
    let pool = house.store.pool().clone();
    let delete = tokio::spawn(async move {
        sqlx::query("DELETE FROM e2i.jobs WHERE id = $1").bind(lease.job.0).execute(&pool).await
    });
    let waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    while sqlx::query_scalar::<_, i64>(waiting).fetch_one(house.store.pool()).await? == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    ending.commit().await?;
    assert_eq!(delete.await??.rows_affected(), 1);
    assert_eq!(rows(&house, lease.job).await?, [0, 0, 0]);
    Ok(())
}
