//! The owner's side of `guardian.sh`: starts a server that cannot outlive this process, and learns when it ends.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command as Process, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::sync::watch;

use crate::Account;

const SCRIPT: &str = include_str!("guardian.sh");

/// How a server is run and stopped.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<OsString>,
    /// Name for `kill -s`, and what to do after `grace` when it is not heeded.
    pub(crate) stop_signal: &'static str,
    pub(crate) last_signal: &'static str,
    pub(crate) grace: Duration,
}

/// What is known of a server.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct State {
    /// Its process id, once it has one.
    pub(crate) pid: Option<i32>,
    /// Whether it has ended.
    pub(crate) ended: bool,
}

/// One run of a server. Dropped, it stops the server (and removes the folder, when told so) without waiting.
#[derive(Debug)]
pub(crate) struct Guardian {
    /// Closed by the kernel when this process ends: the guardian's sign. Close-on-exec, so no other child holds it.
    pipe: ChildStdin,
    state: watch::Receiver<State>,
    listener: JoinHandle<()>,
}

impl Guardian {
    pub(crate) fn start(
        command: &Command,
        account: &Account,
        log: File,
        remove_afterwards: Option<&Path>,
    ) -> anyhow::Result<Self> {
        let mut process = Process::new("/bin/sh");
        process
            .args(["-c", SCRIPT, "guardian.sh", command.stop_signal, command.last_signal])
            .arg(command.grace.as_secs().to_string())
            .arg(remove_afterwards.unwrap_or(Path::new("")))
            .arg(&command.program)
            .args(&command.arguments)
            .env_clear()
            .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .env("LC_ALL", "C")
            .current_dir("/")
            // A group of its own: Ctrl-C in the owner's terminal is for the owner, who stops the servers last.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log);
        account.apply(&mut process);
        let mut child = process
            .spawn()
            .with_context(|| format!("run {} under /bin/sh", command.program.display()))?;
        let pipe = child.stdin.take().context("the guardian has no pipe")?;
        let (sender, state) = watch::channel(State::default());
        let listener = std::thread::Builder::new()
            .name("server-guardian".to_owned())
            .spawn(move || listen(child, &sender))
            .context("start the thread that listens to the guardian")?;
        Ok(Self { pipe, state, listener })
    }

    pub(crate) fn state(&self) -> State {
        *self.state.borrow()
    }

    pub(crate) fn watch(&self) -> watch::Receiver<State> {
        self.state.clone()
    }

    /// Stops the server, keeps its folder, returns when both server and guardian have ended.
    pub(crate) fn stop(mut self) {
        // Twice: see the script. A guardian that has ended has nothing left to stop.
        let _ = self.pipe.write_all(b"stop\nstop\n");
        drop(self.pipe);
        // Its panic would have been printed; the server has ended in any case when the thread has.
        let _ = self.listener.join();
    }

    /// `kill -9`, and waits until the process is gone.
    pub(crate) fn kill(&self) -> anyhow::Result<()> {
        let State {
            pid: Some(pid),
            ended: false,
        } = self.state()
        else {
            bail!("the server is not running");
        };
        let number = Pid::from_raw(pid).with_context(|| format!("{pid} is no process number"))?;
        kill_process(number, Signal::KILL).with_context(|| format!("kill -9 {pid}"))?;
        let begin = Instant::now();
        while !self.state().ended {
            if begin.elapsed() > Duration::from_secs(10) {
                bail!("process {pid} did not end within 10 s of kill -9");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

/// Turns the guardian's lines into states until its end.
fn listen(mut child: Child, state: &watch::Sender<State>) {
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            match line.split_once(' ') {
                Some(("pid", number)) => state.send_modify(|state| state.pid = number.parse().ok()),
                Some(("exited", _)) => state.send_modify(|state| state.ended = true),
                _ => tracing::warn!(line, "unexpected line from a server's guardian"),
            }
        }
    }
    // Reaps the guardian; how it ended says nothing.
    let _ = child.wait();
    state.send_modify(|state| state.ended = true);
}
