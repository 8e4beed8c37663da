//! A private nginx: real routes, limits and time-outs in front of whatever stands behind it.
//!
//! Its configuration is files that the caller writes ([`NginxOptions::files`]), the main one called `nginx.conf`. Paths
//! in them are relative to the instance's folder, which also has `data/` for what nginx writes. The main file must say
//! `daemon off;` and `pid nginx.pid;`, and listen at [`NginxOptions::listen`].

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};

use crate::guardian::Command;
use crate::instance::{Instance, Server, blocking, on};
use crate::{Folder, Programs, RandomBytes, folder};

const MAIN_FILE: &str = "nginx.conf";
/// An access log that has grown beyond this is begun anew at the next start.
const ACCESS_LOG_LIMIT_BYTES: u64 = 10 * 1024 * 1024;

/// A configuration file: its name and text.
pub type ConfigurationFile = (String, String);

/// How to run an [`Nginx`].
pub struct NginxOptions {
    /// Where its files are, or shall be.
    pub folder: Folder,
    /// Where it listens; its configuration says the same.
    pub listen: SocketAddr,
    /// Its configuration.
    pub files: Vec<ConfigurationFile>,
    /// As for the other servers.
    pub random: RandomBytes,
}

/// A running private nginx; clones are the same server. When the last clone is dropped, or this process ends, it is
/// stopped.
#[derive(Clone)]
pub struct Nginx {
    instance: Arc<Instance<NginxServer>>,
}

impl Nginx {
    /// Starts a server on `options.folder`.
    ///
    /// # Errors
    /// When it cannot be started, or its configuration is wrong: with the server's own last words.
    pub async fn start(programs: &Programs, options: NginxOptions) -> anyhow::Result<Self> {
        let program = programs.nginx().to_path_buf();
        blocking(move || {
            let NginxOptions { folder, listen, files, random } = options;
            if !folder.data().exists() {
                fs::DirBuilder::new().mode(0o700).create(folder.data()).context("make the data folder of nginx")?;
                folder.account().give(&folder.data())?;
            }
            write_files(&folder, &files)?;
            shorten(&access_log(&folder))?;
            let server = NginxServer { program, listen };
            let instance = Instance::new(server, folder, random, Some(listen.port()))?;
            instance.start()?;
            Ok(Self { instance: Arc::new(instance) })
        })
        .await
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.instance.server.listen
    }

    /// The master's process id while it runs.
    #[must_use]
    pub fn pid(&self) -> Option<i32> {
        self.instance.pid()
    }

    /// What the server prints: its error log.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.instance.folder.log()
    }

    /// One JSON object a request.
    #[must_use]
    pub fn access_log(&self) -> PathBuf {
        access_log(&self.instance.folder)
    }

    /// What it writes: temporary files and logs.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.instance.folder.data()
    }

    /// Goes over to another configuration without dropping a request. One that nginx finds fault with is taken back.
    ///
    /// # Errors
    /// When it is faulty (with nginx's words; the present one stays), or nginx does not run.
    pub async fn reload(&self, files: Vec<ConfigurationFile>) -> anyhow::Result<()> {
        on(&self.instance, move |instance| {
            let before: Vec<ConfigurationFile> = files
                .iter()
                .filter_map(|(name, _)| {
                    Some((name.clone(), fs::read_to_string(instance.folder.path().join(name)).ok()?))
                })
                .collect();
            write_files(&instance.folder, &files)?;
            if let Err(faulty) = instance.server.check(&instance.folder) {
                write_files(&instance.folder, &before)?;
                return Err(faulty);
            }
            let pid = instance.pid().and_then(Pid::from_raw).context("nginx is not running")?;
            kill_process(pid, Signal::HUP).context("tell nginx to reload")
        })
        .await
    }

    /// Returns when the present run has ended, asked or not.
    pub async fn ended(&self) {
        self.instance.ended().await;
    }

    /// Stops it; connections are closed.
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

    /// `kill -9` of the master: for tests of what happens then.
    ///
    /// # Errors
    /// When it is not running.
    pub async fn kill9(&self) -> anyhow::Result<()> {
        on(&self.instance, Instance::kill).await
    }

    /// Starts it again, after [`Self::stop`], [`Self::kill9`] or a crash, at the same address.
    ///
    /// # Errors
    /// When it does not start: with the server's own last words.
    pub async fn restart(&self) -> anyhow::Result<()> {
        on(&self.instance, Instance::restart).await
    }
}

struct NginxServer {
    program: PathBuf,
    listen: SocketAddr,
}

impl NginxServer {
    /// Lets nginx look through its configuration.
    fn check(&self, folder: &Folder) -> anyhow::Result<()> {
        let mut command = std::process::Command::new(&self.program);
        command.arg("-t").arg("-q").args(arguments(folder)).stdin(Stdio::null()).stdout(Stdio::null());
        folder.account().apply(&mut command);
        let output = command.output().with_context(|| format!("run {}", self.program.display()))?;
        if !output.status.success() {
            bail!("nginx refuses its configuration: {}", String::from_utf8_lossy(&output.stderr).trim_end());
        }
        Ok(())
    }

    /// An address of this machine that reaches what listens at `listen`.
    fn reachable(&self) -> SocketAddr {
        let ip = match self.listen.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        SocketAddr::new(ip, self.listen.port())
    }
}

impl Server for NginxServer {
    fn name(&self) -> &'static str {
        "nginx"
    }

    fn command(&self, folder: &Folder, _port: u16) -> Command {
        Command {
            program: self.program.clone(),
            arguments: arguments(folder),
            folder: folder.data(),
            environment: Vec::new(),
            // Fast and in order: a graceful end would wait for streams that do not end by themselves.
            stop_signal: "TERM",
            last_signal: "KILL",
            grace: Duration::from_secs(10),
        }
    }

    fn pid_file(&self, folder: &Folder) -> PathBuf {
        folder.path().join("nginx.pid")
    }

    fn is_ready(&self, _folder: &Folder, _port: u16) -> bool {
        TcpStream::connect_timeout(&self.reachable(), Duration::from_secs(1)).is_ok()
    }

    fn is_passing(&self, _log: &str) -> bool {
        false
    }

    fn polite_signal(&self) -> Signal {
        Signal::TERM
    }
}

fn arguments(folder: &Folder) -> Vec<std::ffi::OsString> {
    // The slash at the end makes it a folder for nginx.
    let prefix = folder.path().join("");
    vec!["-p".into(), prefix.into(), "-c".into(), MAIN_FILE.into(), "-e".into(), "stderr".into()]
}

fn write_files(folder: &Folder, files: &[ConfigurationFile]) -> anyhow::Result<()> {
    for (name, text) in files {
        let path = folder.path().join(name);
        folder::write_private(&path, text)?;
        folder.account().give(&path)?;
    }
    Ok(())
}

fn access_log(folder: &Folder) -> PathBuf {
    folder.data().join("access.log")
}

/// Begins a log anew that has grown too long.
fn shorten(log: &Path) -> anyhow::Result<()> {
    if fs::metadata(log).is_ok_and(|found| found.len() > ACCESS_LOG_LIMIT_BYTES) {
        fs::remove_file(log).with_context(|| format!("remove {}", log.display()))?;
    }
    Ok(())
}
