//! The worker's end of a child.

use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use domain::job::{Failure, Reason};
use domain::progress::Progress;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;

use super::{Answer, Outcome, Request, frames, memory};
use crate::state::Worker;

/// A child that held more than this at once is ended with its job: memory is given back to the machine by that alone.
const LIGHT_BYTES: u64 = 64 << 20;
/// How much of what a child printed last is kept to explain its death.
const KEPT_BYTES: usize = 400;

/// What comes from a child.
#[derive(Debug)]
pub(crate) enum Heard {
    /// It is further on.
    Progress(Progress),
    /// It says no more of this job.
    Over(Over),
}

/// How a child came to the end of a job.
#[derive(Debug)]
pub(crate) enum Over {
    /// It is done, and may compute the next job when `light`.
    Done { outcome: Result<Value, Failure>, light: bool },
    /// It ended without an answer: why.
    Died(Failure),
}

/// A running child; killed when dropped.
#[derive(Debug)]
pub(crate) struct Child {
    process: tokio::process::Child,
    /// Held open: the child ends when it closes.
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    printed: Printed,
    /// Ends with the child's stderr.
    printing: JoinHandle<()>,
}

/// What a child printed last.
#[derive(Debug, Clone, Default)]
struct Printed(Arc<Mutex<String>>);

impl Child {
    /// Starts a child that waits for its first job.
    pub(crate) fn start(worker: &Worker) -> anyhow::Result<Self> {
        let (program, arguments) = worker.child_command.split_first().context("no child command")?;
        let mut process = Command::new(program)
            .args(arguments)
            .env_clear()
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let stdin = process.stdin.take().context("no stdin")?;
        let stdout = BufReader::new(process.stdout.take().context("no stdout")?);
        let printed = Printed::default();
        let printing = tokio::spawn(log(process.stderr.take().context("no stderr")?, printed.clone()));
        Ok(Self { process, stdin, stdout, printed, printing })
    }

    /// Its process id, while it is there.
    pub(crate) fn pid(&self) -> Option<u32> {
        self.process.id()
    }

    /// Whether it is still there to be asked.
    pub(super) fn lives(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }

    /// Gives it its next job.
    pub(super) async fn ask(&mut self, request: &[u8]) -> std::io::Result<()> {
        frames::send(&mut self.stdin, request).await
    }

    /// The next thing the child says. Not cancel-safe: whoever drops this half way has to be done with the child.
    pub(crate) async fn hear(&mut self) -> Heard {
        match frames::read_async(&mut self.stdout).await {
            Ok(Answer::Progress(progress)) => Heard::Progress(progress),
            Ok(Answer::Done { outcome, peak_bytes }) => {
                let outcome = match outcome {
                    Outcome::Result(result) => Ok(result),
                    Outcome::Failure(failure) => Err(failure),
                };
                Heard::Over(Over::Done { outcome, light: peak_bytes <= LIGHT_BYTES })
            }
            Err(torn) => Heard::Over(Over::Died(self.died(&torn).await)),
        }
    }

    /// Why it is gone, once it is.
    pub(super) async fn died(&mut self, torn: &std::io::Error) -> Failure {
        let status = self.process.wait().await;
        // What it printed last may explain it. Its pipe closes with it: no process of its own holds it open.
        let _ = (&mut self.printing).await;
        let printed = self.printed.text();
        if let Some((peak, limit)) = printed.lines().find_map(memory::read_last_words) {
            return Failure { reason: Reason::Oom, detail: out_of_memory(peak, limit) };
        }
        let mut detail = match status {
            Ok(status) => describe(status, torn),
            Err(error) => format!("the child process is gone: {error}"),
        };
        if !printed.trim().is_empty() {
            detail = format!("{detail}; it said: {}", printed.trim());
        }
        Failure { reason: Reason::Crash, detail }
    }

    /// Ends the child and waits until it is gone.
    pub(crate) async fn kill(&mut self) {
        if let Err(error) = self.process.kill().await {
            tracing::warn!(%error, "the child process could not be ended; it ends when its pipe closes");
        }
    }
}

impl Printed {
    fn add(&self, line: &str) {
        let mut text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        text.push_str(line);
        text.push('\n');
        let from = text.len().saturating_sub(KEPT_BYTES);
        if let Some(from) = (from..text.len()).find(|index| text.is_char_boundary(*index)).filter(|from| *from > 0) {
            text.drain(..from);
        }
    }

    fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Carries what a child prints into the log, and keeps the end of it.
async fn log(stderr: ChildStderr, printed: Printed) {
    let mut lines = BufReader::new(stderr).split(b'\n');
    while let Ok(Some(line)) = lines.next_segment().await {
        let line = String::from_utf8_lossy(&line);
        tracing::warn!(target: "worker::child", "{line}");
        printed.add(&line);
    }
}

impl Request {
    /// As it goes over the pipe.
    pub(super) fn encode(&self) -> std::io::Result<Vec<u8>> {
        frames::encode(self)
    }
}

fn out_of_memory(peak: u64, limit: u64) -> String {
    let (peak, limit) = (peak.div_ceil(1 << 20), limit >> 20);
    format!(
        "it needed more memory than it may use: {peak} MiB when it was ended, {limit} are allowed; ask for less (fewer \
         columns, rows or simulations), or let an admin raise the limit"
    )
}

fn describe(status: ExitStatus, torn: &std::io::Error) -> String {
    use std::os::unix::process::ExitStatusExt;
    match (status.signal(), status.code()) {
        (Some(9), _) => "the child process was killed (signal 9): often the machine ran out of memory".to_owned(),
        (Some(6), _) => "the child process aborted (signal 6)".to_owned(),
        (Some(signal), _) => format!("the child process was ended by signal {signal}"),
        (None, Some(101)) => "the child process panicked".to_owned(),
        (None, Some(0)) => format!("the child process ended without an answer: {torn}"),
        (None, code) => format!("the child process ended with exit code {code:?}"),
    }
}
