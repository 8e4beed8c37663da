//! `migrate`, `schema` and `stranded-jobs`: what whoever releases asks a gateway's image before and while it does.
//!
//! The answers go to standard output, one JSON document on one line with `--json`, the log to standard error.

use std::io::Write as _;

use anyhow::Context as _;
use chassis::config::Env;
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde::{Deserialize, Serialize};
use store::dispatch::Stranded;
use store::schema::{self, Standing};
use store::{Options, Store};

use crate::config::MigrateConfig;

const MIGRATE: &str = "migrate";
const SCHEMA: &str = "schema";
const STRANDED_JOBS: &str = "stranded-jobs";

/// What can be asked.
pub(crate) fn commands() -> [Command; 3] {
    let flag = |name: &'static str, help: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    let json = || flag("json", "As JSON on one line");
    let agents = Arg::new("agents").long("agents").required(true).value_name("JSON");
    [
        Command::new(MIGRATE).about("Bring the database schema to this release's"),
        Command::new(SCHEMA)
            .about("Tell this release's schema, how the database stands to it, and whether this release can run there")
            .arg(json())
            .arg(flag("offline", "Ask no database: this release's schema alone")),
        Command::new(STRANDED_JOBS)
            .about("Count queued jobs that none of the given agent versions can compute")
            .arg(agents.help(r#"What a worker's `agents --json` prints: [{"agent":"canary","version":1}]"#))
            .arg(json()),
    ]
}

/// Does what `name` asks; `None` when it is none of these.
pub(crate) async fn run(name: &str, arguments: &ArgMatches, env: &Env) -> Option<anyhow::Result<()>> {
    match name {
        MIGRATE => Some(migrate(env).await),
        SCHEMA => Some(tell_schema(env, arguments).await),
        STRANDED_JOBS => Some(tell_stranded(env, arguments).await),
        _ => None,
    }
}

/// Brings the schema to this release's.
///
/// # Errors
/// Worded for the operator.
pub(crate) async fn migrate(env: &Env) -> anyhow::Result<()> {
    let config = MigrateConfig::read(env)?;
    let applied = schema::migrate(config.database_url.expose(), &config.patience).await?;
    tracing::info!(?applied, version = schema::own_version(), "the schema is up to date");
    Ok(())
}

/// This release's schema, and the database's where it was asked.
#[derive(Serialize)]
struct SchemaTold {
    /// The newest migration this release knows.
    newest: i64,
    /// The oldest release schema that can still run once all of this release's migrations are applied.
    readable_by: i64,
    #[serde(flatten)]
    asked: Option<DatabaseTold>,
}

#[derive(Serialize)]
struct DatabaseTold {
    database: Newest,
    /// Migrations of this release that are not applied, by the names of their files.
    pending: Vec<String>,
    /// Whether this release can run there once the pending ones are applied.
    can_run: bool,
    /// Why not.
    reason: Option<String>,
}

#[derive(Serialize)]
struct Newest {
    /// Null before the first migration.
    newest: Option<i64>,
}

impl From<Standing> for DatabaseTold {
    fn from(Standing { newest, pending, refusal }: Standing) -> Self {
        let reason = refusal.map(|refusal| refusal.to_string());
        Self { database: Newest { newest }, pending, can_run: reason.is_none(), reason }
    }
}

async fn tell_schema(env: &Env, arguments: &ArgMatches) -> anyhow::Result<()> {
    let asked = if arguments.get_flag("offline") {
        None
    } else {
        let config = MigrateConfig::read(env)?;
        Some(schema::standing(config.database_url.expose()).await?.into())
    };
    let told = SchemaTold { newest: schema::own_version(), readable_by: schema::own_readable_by(), asked };
    if arguments.get_flag("json") {
        return say(&serde_json::to_string(&told)?);
    }
    say(&format!("this release      {}, readable by releases from {} on", told.newest, told.readable_by))?;
    let Some(asked) = told.asked else { return Ok(()) };
    say(&format!(
        "the database      {}",
        asked.database.newest.map_or("empty".to_owned(), |newest| newest.to_string())
    ))?;
    asked.pending.iter().try_for_each(|pending| say(&format!("not applied yet   {pending}")))?;
    asked.reason.map_or(Ok(()), |reason| say(&format!("cannot run there  {reason}")))
}

/// An agent version, as a worker's `agents --json` names it.
#[derive(Deserialize)]
struct AgentVersion {
    agent: String,
    version: i32,
}

/// Queued jobs of a version that is not there.
#[derive(Serialize)]
struct StrandedTold {
    agent: String,
    version: i32,
    jobs: u64,
}

async fn tell_stranded(env: &Env, arguments: &ArgMatches) -> anyhow::Result<()> {
    let given = arguments.get_one::<String>("agents").map_or("", String::as_str);
    let agents: Vec<AgentVersion> = serde_json::from_str(given)
        .with_context(|| format!("--agents {given:?} is not what a worker's `agents --json` prints"))?;
    let agents: Vec<_> = agents.into_iter().map(|AgentVersion { agent, version }| (agent, version)).collect();
    let options = Options {
        application_name: "e2i-gateway stranded-jobs".to_owned(),
        max_connections: 1,
        acquire_timeout: std::time::Duration::from_secs(5),
    };
    let store = Store::connect(MigrateConfig::read(env)?.database_url.expose(), &options).await?;
    let stranded = store.stranded_jobs(&agents).await?.into_iter();
    let stranded: Vec<_> =
        stranded.map(|Stranded { agent, version, jobs }| StrandedTold { agent, version, jobs }).collect();
    if arguments.get_flag("json") {
        return say(&serde_json::to_string(&stranded)?);
    }
    stranded.iter().try_for_each(|told| say(&format!("{} {}  {} queued", told.agent, told.version, told.jobs)))
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{line}").context("print")
}
