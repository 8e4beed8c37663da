//! Migrations, and what Supabase's Data API roles can see (nothing).

use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::migrate::Migrator;
use sqlx::{Connection, PgConnection, Row};
use store::Store;
use store::schema::{self, Patience, SchemaError};

use crate::house::{House, options};

#[tokio::test]
async fn a_service_refuses_an_empty_database_and_says_what_to_do() -> anyhow::Result<()> {
    let url = servers::fresh_database().await?;
    let store = Store::connect(&url, &options()).await?;
    let error = store.check_schema().await.unwrap_err();
    assert!(error.to_string().contains("run the `migrate` subcommand first"), "{error}");
    Ok(())
}

#[tokio::test]
async fn migrating_twice_at_once_and_again_applies_each_once() -> anyhow::Result<()> {
    let url = servers::fresh_database().await?;
    let patience = Patience::default();
    let (one, two) = tokio::join!(schema::migrate(&url, &patience), schema::migrate(&url, &patience));
    let mut applied = one?;
    applied.extend(two?);
    applied.sort_unstable();
    let mut distinct = applied.clone();
    distinct.dedup();
    assert_eq!(applied, distinct);
    assert!(schema::migrate(&url, &patience).await?.is_empty());
    Store::connect(&url, &options()).await?.check_schema().await?;
    Ok(())
}

#[tokio::test]
async fn a_newer_schema_is_accepted_only_while_it_names_this_release_as_readable() -> anyhow::Result<()> {
    let house = House::build().await?;
    let newer = schema::own_version() + 1;
    sqlx::query("INSERT INTO e2i.schema_releases VALUES ($1, $2)")
        .bind(newer)
        .bind(schema::own_version())
        .execute(house.store.pool())
        .await?;
    house.store.check_schema().await?;
    sqlx::query("UPDATE e2i.schema_releases SET readable_by = version").execute(house.store.pool()).await?;
    assert!(matches!(house.store.check_schema().await, Err(SchemaError::TooNew { .. })));
    Ok(())
}

#[tokio::test]
async fn a_newer_schema_is_not_migrated_and_one_of_another_line_is_refused() -> anyhow::Result<()> {
    let house = House::build().await?;
    let (url, pool, own) = (&house.url, house.store.pool(), schema::own_version());
    sqlx::query("INSERT INTO e2i.schema_releases VALUES ($1 + 1, $1)").bind(own).execute(pool).await?;
    sqlx::query("INSERT INTO e2i._sqlx_migrations SELECT $1 + 1, 'later', now(), true, '', 1")
        .bind(own)
        .execute(pool)
        .await?;
    assert!(schema::migrate(url, &Patience::default()).await?.is_empty());
    let standing = schema::standing(url).await?;
    assert_eq!((standing.newest, standing.pending.len()), (Some(own + 1), 0));
    assert!(standing.refusal.is_none(), "{standing:?}");

    sqlx::query("UPDATE e2i.schema_releases SET readable_by = version").execute(pool).await?;
    let error = schema::migrate(url, &Patience::default()).await.unwrap_err();
    assert!(matches!(error, SchemaError::TooNew { .. }), "{error}");
    assert!(matches!(schema::standing(url).await?.refusal, Some(SchemaError::TooNew { .. })));

    // As if another line of releases had brought that one, without this one's newest.
    sqlx::query("DELETE FROM e2i._sqlx_migrations WHERE version = $1").bind(own).execute(pool).await?;
    let error = schema::migrate(url, &Patience::default()).await.unwrap_err();
    assert!(matches!(error, SchemaError::Diverged { .. }), "{error}");
    assert!(matches!(schema::standing(url).await?.refusal, Some(SchemaError::Diverged { .. })));
    Ok(())
}

/// A database at the schema before the one that changes the table of jobs.
async fn older() -> anyhow::Result<(String, PgConnection)> {
    let url = servers::fresh_database().await?;
    let mut connection = PgConnection::connect(&url).await?;
    sqlx::raw_sql("CREATE SCHEMA e2i; SET search_path TO e2i").execute(&mut connection).await?;
    let all = Migrator::new(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations"))).await?;
    all.run_direct(Some(BEFORE), &mut connection, false).await?;
    Ok((url, connection))
}

const BEFORE: i64 = 20_261_125_220_000;
const CHANGES_JOBS: &str = "20261125222000_declared_memory";

#[tokio::test]
async fn a_migration_that_meets_a_lock_gives_way_to_the_traffic_and_says_who_holds_it() -> anyhow::Result<()> {
    let (url, mut reader) = older().await?;
    let mut report = PgConnection::connect(&url).await?;
    sqlx::raw_sql("SET application_name TO 'monthly report'; BEGIN; LOCK TABLE e2i.jobs IN ACCESS SHARE MODE")
        .execute(&mut report)
        .await?;
    let (lock_timeout, pause) = (Duration::from_millis(300), Duration::from_millis(50));
    let migrating = tokio::spawn({
        let url = url.clone();
        async move { schema::migrate(&url, &Patience { lock_timeout, tries: 3, pause }).await }
    });
    // Traffic behind it: none waits for longer than the migration does.
    let mut longest = Duration::ZERO;
    while !migrating.is_finished() {
        let begun = Instant::now();
        sqlx::query("SELECT count(*) FROM e2i.jobs").execute(&mut reader).await?;
        longest = longest.max(begun.elapsed());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let error = migrating.await?.unwrap_err();
    assert!(matches!(error, SchemaError::Blocked { tries: 3, .. }), "{error}");
    for part in [CHANGES_JOBS, "monthly report, idle in transaction", "300ms", "pg_terminate_backend"] {
        assert!(error.to_string().contains(part), "{part} in {error}");
    }
    // It did stand in the way, and no longer than it may; the rest is this machine's.
    assert!(longest > Duration::from_millis(100) && longest < Duration::from_secs(3), "{longest:?}");
    assert!(schema::standing(&url).await?.pending.iter().any(|pending| pending == CHANGES_JOBS));

    // With more patience it outlasts the report.
    let patience = Patience { lock_timeout: Duration::from_millis(100), tries: 1000, pause };
    let (applied, ended) = tokio::join!(schema::migrate(&url, &patience), async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        sqlx::raw_sql("COMMIT").execute(&mut report).await
    });
    ended?;
    assert_eq!(applied?.last(), Some(&schema::own_version()));
    Store::connect(&url, &options()).await?.check_schema().await?;
    Ok(())
}

#[tokio::test]
async fn what_an_older_or_an_empty_database_lacks_is_told_by_name() -> anyhow::Result<()> {
    let empty = schema::standing(&servers::fresh_database().await?).await?;
    assert_eq!((empty.newest, empty.pending.first().map(String::as_str)), (None, Some("20261124000001_first")));
    assert!(empty.refusal.is_none());
    let (url, _) = older().await?;
    let standing = schema::standing(&url).await?;
    assert_eq!(standing.pending.first().map(String::as_str), Some(CHANGES_JOBS));
    assert!(standing.refusal.is_none() && standing.pending.len() < empty.pending.len());
    Ok(())
}

#[tokio::test]
async fn the_roles_of_supabases_data_api_see_nothing() -> anyhow::Result<()> {
    let house = House::build().await?;
    house.submit().await?;
    let mut admin = PgConnection::connect(&house.admin_url).await?;
    let tables = sqlx::query(
        "SELECT c.relname, c.relrowsecurity FROM pg_class c WHERE relnamespace = 'e2i'::regnamespace AND relkind = 'r'",
    )
    .fetch_all(&mut admin)
    .await?;
    assert!(tables.len() > 10);
    for role in ["anon", "authenticated"] {
        // Roles belong to the whole server, which other tests share: make them if they are not there.
        let make = format!(
            "DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(make)).execute(&mut admin).await?;
        for table in &tables {
            let name: String = table.get("relname");
            assert!(table.get::<bool, _>("relrowsecurity"), "{name} has no row-level security");
            let granted: bool = sqlx::query_scalar(
                "SELECT has_schema_privilege($1, 'e2i', 'USAGE') OR has_table_privilege($1, 'e2i.' || quote_ident($2), 'SELECT,INSERT,UPDATE,DELETE')",
            )
            .bind(role)
            .bind(&name)
            .fetch_one(&mut admin)
            .await?;
            assert!(!granted, "{role} may use {name}");
        }
        // Even granted everything by mistake, row-level security without a policy shows no row.
        let mistake =
            format!("GRANT USAGE ON SCHEMA e2i TO {role}; GRANT SELECT ON e2i.jobs TO {role}; SET ROLE {role}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(mistake)).execute(&mut admin).await?;
        let seen: i64 = sqlx::query_scalar("SELECT count(*) FROM e2i.jobs").fetch_one(&mut admin).await?;
        assert_eq!(seen, 0, "{role}");
        sqlx::raw_sql("RESET ROLE").execute(&mut admin).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_wrong_address_is_told_in_words() {
    let error = Store::connect("postgresql://nobody@127.0.0.1:1/none", &options()).await.unwrap_err();
    assert!(error.to_string().starts_with("the database does not answer"), "{error}");
}
