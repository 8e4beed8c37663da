//! The owner's side of `guardian.sh`: starts a program that cannot outlive this process, and learns when it ends.

use std::ffi::OsString;
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

/// How a program is run and stopped.
#[derive(Clone)]
pub struct Command {
    /// What to run.
    pub program: PathBuf,
    /// With which arguments: for all to see.
    pub arguments: Vec<OsString>,
    /// Where it works.
    pub folder: PathBuf,
    /// With which variables, beside `PATH`: nothing is inherited.
    pub environment: Vec<(String, String)>,
    /// The signal, by its name for `kill -s`, that ends it in order.
    pub stop_signal: &'static str,
    /// The signal that ends it when `grace` has passed.
    pub last_signal: &'static str,
    /// How long it may take to end in order; whole seconds.
    pub grace: Duration,
}

/// What is known of a program.
#[derive(Clone, Copy, Debug, Default)]
pub struct State {
    /// Its process id, once it has one.
    pub pid: Option<i32>,
    /// Whether it has ended.
    pub ended: bool,
    /// Its exit code, once it has ended: 128 and more for the signal that ended it, as a shell says it.
    pub code: Option<i32>,
}

/// One run of a program. Dropped, it stops the program (and removes the folder, when told so) without waiting.
#[derive(Debug)]
pub struct Guardian {
    /// Closed by the kernel when this process ends: the guardian's sign. Close-on-exec, so no other child holds it.
    pipe: ChildStdin,
    state: watch::Receiver<State>,
    listener: JoinHandle<()>,
}

impl Guardian {
    /// Starts `command` under `account`, what it prints going to `output`. When this process ends without having
    /// stopped it, `remove_afterwards` is removed too.
    ///
    /// # Errors
    /// When no process can be started. A program that cannot be run shows as one that has ended.
    pub fn start(
        command: &Command,
        account: &Account,
        output: impl Into<Stdio>,
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
            .env("LC_ALL", "C.UTF-8")
            .envs(command.environment.iter().map(|(name, value)| (name, value)))
            .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .current_dir(&command.folder)
            // A group of its own: Ctrl-C in the owner's terminal is for the owner, who stops the servers last.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(output);
        account.apply(&mut process);
        let mut child = process.spawn().with_context(|| format!("run {} under /bin/sh", command.program.display()))?;
        let pipe = child.stdin.take().context("the guardian has no pipe")?;
        let (sender, state) = watch::channel(State::default());
        let listener = std::thread::Builder::new()
            .name("guardian".to_owned())
            .spawn(move || listen(child, &sender))
            .context("start the thread that listens to the guardian")?;
        Ok(Self { pipe, state, listener })
    }

    /// What is known now.
    #[must_use]
    pub fn state(&self) -> State {
        *self.state.borrow()
    }

    /// Tells every change.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<State> {
        self.state.clone()
    }

    /// Stops the program, keeps its folder, returns when both program and guardian have ended.
    pub fn stop(mut self) {
        // Twice: see the script. A guardian that has ended has nothing left to stop.
        let _ = self.pipe.write_all(b"stop\nstop\n");
        drop(self.pipe);
        // Its panic would have been printed; the program has ended in any case when the thread has.
        let _ = self.listener.join();
    }

    /// `kill -9`, and waits until the process is gone.
    ///
    /// # Errors
    /// When it is not running.
    pub fn kill(&self) -> anyhow::Result<()> {
        let State { pid: Some(pid), ended: false, .. } = self.state() else {
            bail!("it is not running");
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
                Some(("exited", code)) => state.send_modify(|state| {
                    state.ended = true;
                    state.code = code.parse().ok();
                }),
                _ => tracing::warn!(line, "unexpected line from a guardian"),
            }
        }
    }
    // Reaps the guardian; how it ended says nothing.
    let _ = child.wait();
    state.send_modify(|state| state.ended = true);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program with a child that is deaf to SIGTERM, as a worker of nginx is that was just forked.
    fn with_a_deaf_child(folder: &Path) -> Command {
        let script = "trap '' TERM; sleep 600 & echo $! > child; wait";
        Command {
            program: "/bin/sh".into(),
            arguments: vec!["-c".into(), script.into()],
            folder: folder.to_owned(),
            environment: Vec::new(),
            stop_signal: "TERM",
            last_signal: "KILL",
            grace: Duration::from_secs(1),
        }
    }

    fn is_running(pid: &str) -> bool {
        Path::new("/proc").join(pid).join("exe").read_link().is_ok()
    }

    fn eventually<T>(what: &str, condition: impl Fn() -> Option<T>) -> T {
        let begin = Instant::now();
        loop {
            if let Some(found) = condition() {
                return found;
            }
            assert!(begin.elapsed() < Duration::from_secs(30), "not within 30 s: {what}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn a_deaf_child_does_not_outlive_a_killed_program() {
        let folder = tempfile::tempdir().unwrap();
        let account = Account::for_servers().unwrap();
        account.give(folder.path()).unwrap();
        let guardian = Guardian::start(&with_a_deaf_child(folder.path()), &account, Stdio::null(), None).unwrap();
        let child = eventually("the child runs", || {
            let pid = std::fs::read_to_string(folder.path().join("child")).ok()?;
            pid.ends_with('\n').then(|| pid.trim().to_owned())
        });
        guardian.kill().unwrap();
        guardian.stop();
        eventually("the child is gone", || (!is_running(&child)).then_some(()));
    }
}
