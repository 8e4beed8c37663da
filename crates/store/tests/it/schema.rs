//! Migrations, and what Supabase's Data API roles can see (nothing).

use sqlx::{Connection, PgConnection, Row};
use store::Store;
use store::schema::{self, SchemaError};

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
    let (one, two) = tokio::join!(schema::migrate(&url), schema::migrate(&url));
    let mut applied = one?;
    applied.extend(two?);
    applied.sort_unstable();
    let mut distinct = applied.clone();
    distinct.dedup();
    assert_eq!(applied, distinct);
    assert!(schema::migrate(&url).await?.is_empty());
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
