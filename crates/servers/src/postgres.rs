//! A private Postgres.
//!
//! Two roles exist: `postgres` (superuser, for administration alone) and `e2i`, which owns the databases made here and
//! is what the services sign in as.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use rustix::process::Signal;

use crate::guardian::Command;
use crate::instance::{Instance, Server, blocking, on};
use crate::{Account, Folder, Programs, RandomBytes, folder, operating_system_random};

const SUPERUSER: &str = "postgres";
const SERVICE_ROLE: &str = "e2i";

/// How to run a [`Postgres`].
pub struct PostgresOptions {
    /// Where its data are, or shall be.
    pub folder: Folder,
    /// A port to insist on; any free one otherwise.
    pub port: Option<u16>,
    /// Whether data must survive a power failure (`fsync`). Without it `kill -9` of the server is still safe.
    pub durable: bool,
    /// Where passwords come from.
    pub random: RandomBytes,
}

/// A running private Postgres; clones are the same server. When the last clone is dropped, or this process ends, it is
/// stopped.
#[derive(Clone)]
pub struct Postgres {
    instance: Arc<Instance<PostgresServer>>,
}

impl Postgres {
    /// Starts a server on `options.folder`, made ready first when it is new.
    ///
    /// # Errors
    /// When it cannot be initialised or started: with the server's own last words.
    pub async fn start(programs: &Programs, options: PostgresOptions) -> anyhow::Result<Self> {
        let programs = programs.clone();
        blocking(move || Self::start_blocking(&programs, options)).await
    }

    /// A server for one test that wants to kill it; removed with the process. Tests that only want a database share
    /// one: [`crate::fresh_database`].
    ///
    /// # Errors
    /// When it cannot be installed or started.
    pub async fn for_test() -> anyhow::Result<Self> {
        blocking(Self::for_test_blocking).await
    }

    pub(crate) fn for_test_blocking() -> anyhow::Result<Self> {
        let programs = crate::ensure_installed()?;
        let folder = Folder::temporary(Account::for_servers()?)?;
        let options = PostgresOptions { folder, port: None, durable: false, random: operating_system_random() };
        Self::start_blocking(&programs, options)
    }

    fn start_blocking(programs: &Programs, options: PostgresOptions) -> anyhow::Result<Self> {
        let PostgresOptions { folder, port, durable, random } = options;
        let [superuser_password, service_password] = folder.passwords(&random)?;
        let programs = programs.postgres(major_of_data(&folder.data()))?.to_path_buf();
        if !folder.data().join("PG_VERSION").exists() {
            initialise(&programs, &folder, &superuser_password, durable)?;
        }
        let server = PostgresServer { programs, durable, superuser_password, service_password };
        let instance = Instance::new(server, folder, random, port)?;
        instance.start()?;
        let postgres = Self { instance: Arc::new(instance) };
        postgres.prepare_service_role()?;
        Ok(postgres)
    }

    /// Makes a database that the services' role owns; nothing when it exists.
    ///
    /// # Errors
    /// When the name is not of `a-z`, `0-9` and `_`, or the server does not answer.
    pub async fn create_database(&self, name: &str) -> anyhow::Result<()> {
        let name = name.to_owned();
        let this = self.clone();
        blocking(move || this.create_database_blocking(&name)).await
    }

    pub(crate) fn create_database_blocking(&self, name: &str) -> anyhow::Result<()> {
        create_database(&self.psql(), &self.admin_url("postgres"), name, Some(SERVICE_ROLE))
    }

    /// Asks the server as its superuser, by `psql`; gives the answer's lines, columns parted by `|`. For benches and tests.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn ask(&self, database: &str, statement: &str) -> anyhow::Result<String> {
        let (this, url, statement) = (self.clone(), self.admin_url(database), statement.to_owned());
        blocking(move || run_script(&this.psql(), &url, &statement)).await
    }

    /// The address of a database, signed in as the services' role.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        self.url_as(SERVICE_ROLE, &self.instance.server.service_password, database)
    }

    /// The address of a database, signed in as the superuser.
    #[must_use]
    pub fn admin_url(&self, database: &str) -> String {
        self.url_as(SUPERUSER, &self.instance.server.superuser_password, database)
    }

    fn url_as(&self, role: &str, password: &str, database: &str) -> String {
        format!("postgres://{role}:{password}@127.0.0.1:{}/{database}?sslmode=disable", self.port())
    }

    /// Where it listens on the loopback address.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.instance.port()
    }

    /// The server's process id while it runs.
    #[must_use]
    pub fn pid(&self) -> Option<i32> {
        self.instance.pid()
    }

    /// What the server prints.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.instance.folder.log()
    }

    /// Returns when the present run has ended, asked or not.
    pub async fn ended(&self) {
        self.instance.ended().await;
    }

    /// Stops it in order (connections are closed, nothing is lost); the data stay.
    ///
    /// # Errors
    /// When the waiting thread could not run.
    pub async fn stop(&self) -> anyhow::Result<()> {
        on(&self.instance, |instance| {
            instance.stop();
            Ok(())
        })
        .await
    }

    /// `kill -9`: for tests of what happens then.
    ///
    /// # Errors
    /// When it is not running.
    pub async fn kill9(&self) -> anyhow::Result<()> {
        on(&self.instance, Instance::kill).await
    }

    /// Starts it again, after [`Self::stop`], [`Self::kill9`] or a crash, on the same port and data.
    ///
    /// # Errors
    /// When it does not start: with the server's own last words.
    pub async fn restart(&self) -> anyhow::Result<()> {
        on(&self.instance, Instance::restart).await
    }

    fn psql(&self) -> PathBuf {
        self.instance.server.programs.join("psql")
    }

    fn prepare_service_role(&self) -> anyhow::Result<()> {
        // The password is of hexadecimal digits alone, so it needs no quoting.
        let script = format!(
            "SELECT 'CREATE ROLE {SERVICE_ROLE}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{SERVICE_ROLE}') \
             \\gexec\nALTER ROLE {SERVICE_ROLE} LOGIN PASSWORD '{}';\n",
            self.instance.server.service_password
        );
        run_script(&self.psql(), &self.admin_url("postgres"), &script).map(drop).context("make the services' role")
    }
}

/// Makes database `name` on the server at `admin_url`, owned by `owner` (otherwise by who signs in).
pub(crate) fn create_database(psql: &Path, admin_url: &str, name: &str, owner: Option<&str>) -> anyhow::Result<()> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.is_empty() || name.len() > 63 || !name.chars().all(is_plain) {
        bail!("`{name}` is no name for a database: use 1 to 63 of a-z, 0-9 and _");
    }
    let owner = owner.map(|role| format!(" OWNER {role}")).unwrap_or_default();
    let script = format!(
        "SELECT 'CREATE DATABASE {name}{owner}' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{name}') \
         \\gexec\n"
    );
    run_script(psql, admin_url, &script).map(drop).with_context(|| format!("make the database {name}"))
}

/// Runs a script by `psql` and gives what it prints. The address goes by a variable and the script by a pipe: arguments are for all to see.
fn run_script(psql: &Path, url: &str, script: &str) -> anyhow::Result<String> {
    let mut child = Process::new(psql)
        .args([
            "--no-psqlrc",
            "--quiet",
            "--no-password",
            "--tuples-only",
            "--no-align",
            "--set=ON_ERROR_STOP=1",
            "--file=-",
        ])
        .arg(without_password(url)?)
        .env("PGPASSWORD", password_of(url)?)
        .env("PGCONNECT_TIMEOUT", "10")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("run {}", psql.display()))?;
    // Closed at the end of the statement: psql then knows that the script is complete. Should it have ended before,
    // its own words below say why.
    let _ = child.stdin.take().context("psql has no input")?.write_all(script.as_bytes());
    let output = child.wait_with_output().context("wait for psql")?;
    if !output.status.success() {
        bail!("psql failed: {}", String::from_utf8_lossy(&output.stderr).trim_end());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

fn without_password(url: &str) -> anyhow::Result<String> {
    let mut url = url::Url::parse(url).context("the address of Postgres is no URL")?;
    if url.set_password(None).is_err() {
        bail!("the address of Postgres names no host");
    }
    Ok(url.into())
}

fn password_of(url: &str) -> anyhow::Result<String> {
    let url = url::Url::parse(url).context("the address of Postgres is no URL")?;
    Ok(url.password().unwrap_or_default().to_owned())
}

/// The major release that made the data, when there are any.
fn major_of_data(data: &Path) -> Option<u32> {
    fs::read_to_string(data.join("PG_VERSION")).ok()?.trim().parse().ok()
}

/// `initdb` into a folder beside, moved into place when complete: a run killed in between leaves nothing half-made.
fn initialise(programs: &Path, folder: &Folder, superuser_password: &str, durable: bool) -> anyhow::Result<()> {
    if let Some(hidden) = folder.account().barred_from(folder.path()) {
        bail!(
            "Postgres does not run as root, and its system user cannot enter {}; choose a folder outside, such as \
             /var/lib/e2i",
            hidden.display(),
        );
    }
    for entry in fs::read_dir(folder.path()).context("list the folder of Postgres")?.flatten() {
        if entry.file_name().to_string_lossy().starts_with("new-") {
            fs::remove_dir_all(entry.path()).context("remove what an interrupted initdb left")?;
        }
    }
    let password_file = folder.path().join("initial-password");
    folder::write_private(&password_file, superuser_password)?;
    folder.account().give(&password_file)?;
    let new = folder.path().join(format!("new-{}", std::process::id()));
    let mut initdb = Process::new(programs.join("initdb"));
    initdb
        .args(["--username", SUPERUSER, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8"])
        .arg("--no-instructions")
        .arg("--pwfile")
        .arg(&password_file)
        .arg("--pgdata")
        .arg(&new)
        .current_dir("/")
        .stdin(Stdio::null());
    if !durable {
        initdb.arg("--no-sync");
    }
    folder.account().apply(&mut initdb);
    let output = initdb.output().context("run initdb")?;
    fs::remove_file(&password_file).context("remove the initial password")?;
    if !output.status.success() {
        bail!("initdb failed: {}", String::from_utf8_lossy(&output.stderr).trim_end());
    }
    fs::rename(&new, folder.data()).context("move the new data into place")
}

struct PostgresServer {
    /// The folder of its programs.
    programs: PathBuf,
    durable: bool,
    superuser_password: String,
    service_password: String,
}

impl PostgresServer {
    fn settings(&self) -> Vec<String> {
        let on_off = |on: bool| if on { "on" } else { "off" };
        vec![
            "listen_addresses=127.0.0.1".to_owned(),
            // No Unix socket: its path may be 107 bytes long at most, and everybody comes by TCP.
            "unix_socket_directories=".to_owned(),
            "timezone=UTC".to_owned(),
            "log_timezone=UTC".to_owned(),
            "max_connections=300".to_owned(),
            "shared_buffers=64MB".to_owned(),
            // Queries are short: compiling them costs more than it saves.
            "jit=off".to_owned(),
            format!("fsync={}", on_off(self.durable)),
            format!("full_page_writes={}", on_off(self.durable)),
        ]
    }
}

impl Server for PostgresServer {
    fn name(&self) -> &'static str {
        "Postgres"
    }

    fn command(&self, folder: &Folder, port: u16) -> Command {
        let mut arguments = vec!["-D".into(), folder.data().into_os_string(), "-p".into(), port.to_string().into()];
        for setting in self.settings() {
            arguments.extend(["-c".into(), setting.into()]);
        }
        Command {
            program: self.programs.join("postgres"),
            arguments,
            folder: PathBuf::from("/"),
            environment: Vec::new(),
            // "Fast" shutdown ends sessions; "immediate" does without the final checkpoint.
            stop_signal: "INT",
            last_signal: "QUIT",
            grace: Duration::from_secs(20),
        }
    }

    fn pid_file(&self, folder: &Folder) -> PathBuf {
        folder.data().join("postmaster.pid")
    }

    /// The eighth line of the pid file is what `pg_ctl --wait` looks at.
    fn is_ready(&self, folder: &Folder, _port: u16) -> bool {
        fs::read_to_string(self.pid_file(folder))
            .is_ok_and(|text| text.lines().nth(7).is_some_and(|status| status.trim() == "ready"))
    }

    fn is_passing(&self, log: &str) -> bool {
        log.contains("pre-existing shared memory block") || log.contains("lock file \"postmaster.pid\" already exists")
    }

    fn polite_signal(&self) -> Signal {
        Signal::INT
    }
}
