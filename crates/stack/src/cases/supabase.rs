//! Production on somebody else's Postgres, made as Supabase makes one: `anon` and `authenticated` are its API's roles, and
//! get all rights on whatever is made in `public`.

use std::time::Duration;

use anyhow::{Context, ensure};

use super::main_way::nsw;
use super::{production, secrets};
use crate::case::{Figures, Room};
use crate::command::until;
use crate::engine::{self, docker};
use crate::site::quietly;

const ROLES: &str = "
CREATE ROLE anon NOLOGIN; CREATE ROLE authenticated NOLOGIN; CREATE ROLE service_role NOLOGIN BYPASSRLS;
GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON SEQUENCES TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON FUNCTIONS TO anon, authenticated, service_role;
CREATE TABLE public.shown (id int); INSERT INTO public.shown VALUES (1);";

/// Relations outside Postgres's own schemas that a role may read or write in any way.
const SEEN: &str = "
SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND has_schema_privilege(current_user, n.oid, 'USAGE')
  AND has_table_privilege(current_user, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
ORDER BY 1";

/// A Postgres that is nobody's part; dropped, it is gone.
struct Elsewhere(String);

impl Drop for Elsewhere {
    fn drop(&mut self) {
        quietly(&["rm", "--force", "--volumes", &self.0]);
    }
}

impl Elsewhere {
    async fn start(name: String, password: &str, publish: &str) -> anyhow::Result<Self> {
        let elsewhere = Self(name);
        let environment = format!("POSTGRES_PASSWORD={password}");
        let run = ["run", "--detach", "--name", &elsewhere.0, "--env", &environment, "--publish", publish];
        docker(&[&run[..], &["postgres:17-trixie"]].concat()).await?;
        until("the other Postgres answers", Duration::from_mins(1), async || {
            let said = engine::exec(&elsewhere.0, &["pg_isready", "--quiet", "--host=127.0.0.1"]).await?;
            Ok(said.success.then_some(()))
        })
        .await?;
        elsewhere.ask("postgres", ROLES).await?;
        Ok(elsewhere)
    }

    async fn ask(&self, role: &str, question: &str) -> anyhow::Result<String> {
        let line = format!("SET ROLE {role}; {question}");
        let psql = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--username=postgres"];
        let said = engine::exec(&self.0, &[&psql[..], &["--set=ON_ERROR_STOP=1", "--command", &line]].concat()).await?;
        ensure!(said.success, "as {role}, {question}: {}", said.err);
        Ok(said.out.trim().to_owned())
    }
}

pub(super) async fn another_postgres(room: &Room<'_>) -> anyhow::Result<Figures> {
    let outside = room.outside()?;
    let port = servers::free_port(&servers::operating_system_random())?;
    let password = format!("postgres-{}", room.site.id());
    let publish = format!("{}:{port}:5432", outside.host);
    let elsewhere = Elsewhere::start(room.site.name("elsewhere"), &password, &publish).await?;
    let url = format!("postgresql://postgres:{password}@{}:{port}/postgres", outside.host);
    let mut project = production(room.site, outside, "elsewhere-prod", &["--database-url", &url]).await?;
    // Secrets come as files.
    let folder = room.site.folder().join("secrets-of-a-test");
    std::fs::create_dir_all(&folder).context("make a folder for secrets")?;
    let mut values = vec![password];
    for name in ["SECRET_KEY", "REDIS_PASSWORD", "DATABASE_URL", "MLFLOW_DATABASE_URL"] {
        let value = project.variable(name).with_context(|| format!(".env.prod has no {name}"))?.to_owned();
        std::fs::write(folder.join(name), &value).with_context(|| format!("write {name}"))?;
        project.set(name, "");
        project.set(&format!("{name}_FILE"), &format!("/run/secrets/operator/{name}"));
        values.push(value);
    }
    project.set("SECRETS_DIR", &folder.display().to_string());
    project.set("COMPOSE_PROFILES", "");
    let seconds = project.up(&[]).await.context("bring it up")?;
    ensure!(project.container("postgres").await.is_err(), "a local Postgres runs as well");
    let about: Vec<String> = project.containers().await?.iter().map(|one| one.about.to_string()).collect();
    ensure!(
        !about.iter().any(|about| values.iter().any(|value| about.contains(value))),
        "docker inspect tells a secret"
    );
    secrets::descriptions(&project, &values).await?;
    let url = project.variable("PUBLIC_URL").context("has no PUBLIC_URL")?.to_owned();
    nsw(&project.signed_in_at(&url).await?, room).await?;
    let jobs = elsewhere.ask("postgres", "SELECT count(*) FROM e2i.jobs").await?;
    ensure!(jobs.parse::<u32>().is_ok_and(|jobs| jobs > 0), "the other Postgres holds {jobs} jobs");
    for role in ["anon", "authenticated"] {
        let seen = elsewhere.ask(role, SEEN).await?;
        // What they may see, they do: the question is a good one.
        ensure!(seen.lines().any(|name| name == "public.shown"), "{role} sees `{seen}`, not even what is for it");
        let ours: Vec<&str> = seen.lines().filter(|name| *name != "public.shown").collect();
        ensure!(ours.is_empty(), "{role} may use {} relations: {:?}", ours.len(), &ours[..ours.len().min(5)]);
    }
    Ok(Figures::none().with("healthy", seconds, "s").note(format!("{jobs} jobs there, none of them seen by API roles")))
}
