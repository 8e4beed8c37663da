//! What a list reads: one's own newest, however many there are besides.

use store::jobs::JobFilter;
use store::{Access, Store};

use crate::house::{House, options};

/// So many are one's own, and so many others'.
const EACH: i64 = 2_000;
const PAGE: i64 = 51;

/// Rows of jobs that were read so far, by this one connection.
async fn read(store: &Store) -> anyhow::Result<i64> {
    sqlx::query("SELECT pg_stat_force_next_flush()").execute(store.pool()).await?;
    let read =
        "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE schemaname = 'e2i' AND relname = 'jobs'";
    Ok(sqlx::query_scalar(read).fetch_one(store.pool()).await?)
}

#[tokio::test]
async fn a_page_reads_a_page_however_many_there_are() -> anyhow::Result<()> {
    let house = House::build().await?;
    for person in [house.bob, house.ann] {
        sqlx::query(
            "INSERT INTO e2i.jobs (workspace_id, owner, agent, agent_version, parameters, listed, class, priority, timeout_s)
             SELECT $1, $2, 'causal_impact', 2, '{}', true, 'small', 1, 60 FROM generate_series(1, $3)",
        )
        .bind(person.workspace.0)
        .bind(person.user.0)
        .bind(EACH)
        .execute(house.store.pool())
        .await?;
    }
    sqlx::query("ANALYZE e2i.jobs").execute(house.store.pool()).await?;
    let alone = Store::connect(&house.admin_url, &store::Options { max_connections: 1, ..options() }).await?;
    let (ann, filter) = (Access::read(house.ann.user), JobFilter { limit: PAGE, ..JobFilter::default() });
    let before = read(&alone).await?;
    // Some more than those after which Postgres settles for one plan.
    for _ in 0..10 {
        assert_eq!(alone.jobs(ann, &filter, None).await?.len(), 51);
    }
    let listed = read(&alone).await? - before;
    assert!((10 * PAGE..20 * PAGE).contains(&listed), "{listed} rows were read for ten pages");
    Ok(())
}
