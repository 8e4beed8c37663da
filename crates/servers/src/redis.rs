//! A private Redis.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use rustix::process::Signal;

use crate::guardian::Command;
use crate::instance::{Instance, Server, blocking, on};
use crate::{Account, Folder, Programs, RandomBytes, folder, operating_system_random};

/// How to run a [`Redis`].
pub struct RedisOptions {
    /// Where its data are, or shall be.
    pub folder: Folder,
    /// A port to insist on; any free one otherwise.
    pub port: Option<u16>,
    /// Whether it keeps an append-only file, written through once a second.
    pub append_only: bool,
    /// Where its password comes from.
    pub random: RandomBytes,
}

/// A running private Redis; clones are the same server. When the last clone is dropped, or this process ends, it is
/// stopped.
#[derive(Clone)]
pub struct Redis {
    instance: Arc<Instance<RedisServer>>,
}

impl Redis {
    /// Starts a server on `options.folder`.
    ///
    /// # Errors
    /// When it cannot be started: with the server's own last words.
    pub async fn start(programs: &Programs, options: RedisOptions) -> anyhow::Result<Self> {
        let programs = programs.clone();
        blocking(move || Self::start_blocking(&programs, options)).await
    }

    /// A server for one test that wants to kill or flush it; removed with the process. Tests that only want a key
    /// prefix share one: [`crate::fresh`].
    ///
    /// # Errors
    /// When it cannot be installed or started.
    pub async fn for_test() -> anyhow::Result<Self> {
        blocking(Self::for_test_blocking).await
    }

    pub(crate) fn for_test_blocking() -> anyhow::Result<Self> {
        let programs = crate::ensure_installed()?;
        let folder = Folder::temporary(Account::for_servers()?)?;
        let options = RedisOptions { folder, port: None, append_only: false, random: operating_system_random() };
        Self::start_blocking(&programs, options)
    }

    fn start_blocking(programs: &Programs, options: RedisOptions) -> anyhow::Result<Self> {
        let RedisOptions { folder, port, append_only, random } = options;
        let [password] = folder.passwords(&random)?;
        if !folder.data().exists() {
            fs::DirBuilder::new().mode(0o700).create(folder.data()).context("make the data folder of Redis")?;
            folder.account().give(&folder.data())?;
        }
        let server = RedisServer { program: programs.redis_server().to_path_buf(), append_only, password };
        server.write_configuration(&folder)?;
        let instance = Instance::new(server, folder, random, port)?;
        instance.start()?;
        Ok(Self { instance: Arc::new(instance) })
    }

    /// The address, with its password.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://:{}@127.0.0.1:{}/0", self.instance.server.password, self.port())
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

    /// The random name of the present run, new after every start.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn run_id(&self) -> anyhow::Result<String> {
        on(&self.instance, |instance| {
            let information = instance.server.ask(instance.port(), "INFO server")?;
            let id = information.lines().find_map(|line| line.strip_prefix("run_id:"));
            Ok(id.context("Redis told no run_id")?.trim().to_owned())
        })
        .await
    }

    /// How many commands it has done since it started, this question included. For benches.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn commands(&self) -> anyhow::Result<u64> {
        on(&self.instance, |instance| {
            let information = instance.server.ask(instance.port(), "INFO stats")?;
            let count = information.lines().find_map(|line| line.strip_prefix("total_commands_processed:"));
            count.context("Redis told no count of commands")?.trim().parse().context("read the count of commands")
        })
        .await
    }

    /// Forgets everything at once: for tests of what happens then.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn flushall(&self) -> anyhow::Result<()> {
        on(&self.instance, |instance| instance.server.ask(instance.port(), "FLUSHALL").map(drop)).await
    }

    /// Returns when the present run has ended, asked or not.
    pub async fn ended(&self) {
        self.instance.ended().await;
    }

    /// Stops it in order; an append-only file stays, anything else is forgotten.
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

    /// Starts it again, after [`Self::stop`], [`Self::kill9`] or a crash, on the same port.
    ///
    /// # Errors
    /// When it does not start: with the server's own last words.
    pub async fn restart(&self) -> anyhow::Result<()> {
        on(&self.instance, Instance::restart).await
    }
}

struct RedisServer {
    program: PathBuf,
    append_only: bool,
    password: String,
}

impl RedisServer {
    /// A file rather than arguments: arguments, and so the password, are for all to see.
    fn write_configuration(&self, folder: &Folder) -> anyhow::Result<()> {
        let text = format!(
            "bind 127.0.0.1\nprotected-mode yes\nrequirepass {password}\ndir {data}\npidfile {pid_file}\n\
             save \"\"\nappendonly {append_only}\nappendfsync everysec\nmaxmemory-policy volatile-ttl\n",
            password = self.password,
            data = folder.data().display(),
            pid_file = self.pid_file(folder).display(),
            append_only = if self.append_only { "yes" } else { "no" },
        );
        let path = configuration(folder);
        folder::write_private(&path, &text)?;
        folder.account().give(&path)
    }

    /// Sends one command without arguments that need quoting, by the protocol's inline form, and reads the answer.
    fn ask(&self, port: u16, command: &str) -> anyhow::Result<String> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let patience = Duration::from_secs(5);
        let mut stream = TcpStream::connect_timeout(&address, patience).context("connect to Redis")?;
        stream.set_read_timeout(Some(patience)).context("set a time-out")?;
        stream.write_all(format!("AUTH {}\r\n{command}\r\n", self.password).as_bytes()).context("write to Redis")?;
        let mut answers = BufReader::new(stream);
        read_answer(&mut answers).context("sign in to Redis")?;
        read_answer(&mut answers).with_context(|| format!("`{command}`"))
    }
}

/// A status (`+OK`), an error (`-ERR ...`) or a bulk text (`$5`, then five bytes).
fn read_answer(answers: &mut BufReader<TcpStream>) -> anyhow::Result<String> {
    let mut line = String::new();
    answers.read_line(&mut line).context("read from Redis")?;
    let line = line.trim_end();
    match line.split_at_checked(1) {
        Some(("+", status)) => Ok(status.to_owned()),
        Some(("$", length)) => {
            let length: usize = length.parse().with_context(|| format!("`{line}` is no length"))?;
            let mut text = vec![0; length + 2];
            answers.read_exact(&mut text).context("read from Redis")?;
            Ok(String::from_utf8_lossy(&text).into_owned())
        }
        _ => bail!("Redis answered `{line}`"),
    }
}

fn configuration(folder: &Folder) -> PathBuf {
    folder.path().join("redis.conf")
}

impl Server for RedisServer {
    fn name(&self) -> &'static str {
        "Redis"
    }

    fn command(&self, folder: &Folder, port: u16) -> Command {
        Command {
            program: self.program.clone(),
            arguments: vec![configuration(folder).into_os_string(), "--port".into(), port.to_string().into()],
            folder: PathBuf::from("/"),
            environment: Vec::new(),
            stop_signal: "TERM",
            last_signal: "KILL",
            grace: Duration::from_secs(20),
        }
    }

    fn pid_file(&self, folder: &Folder) -> PathBuf {
        folder.path().join("redis.pid")
    }

    /// It refuses `PING` while it loads its data.
    fn is_ready(&self, _folder: &Folder, port: u16) -> bool {
        self.ask(port, "PING").is_ok_and(|answer| answer == "PONG")
    }

    fn is_passing(&self, _log: &str) -> bool {
        false
    }

    fn polite_signal(&self) -> Signal {
        Signal::TERM
    }
}
