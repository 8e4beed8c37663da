//! The worker's end of a child.

use std::process::{ExitStatus, Stdio};

use anyhow::Context;
use domain::job::Failure;
use domain::progress::Progress;
use serde_json::Value;
use store::attempts::Claimed;
use tokio::process::{ChildStdin, ChildStdout, Command};

use super::{Answer, Request, frames};
use crate::state::Worker;

/// What comes from a child.
#[derive(Debug)]
pub(crate) enum Heard {
    /// It is further on.
    Progress(Progress),
    /// It is done.
    Result(Value),
    /// It says why it cannot.
    Failure(Failure),
    /// It ended without an answer: how.
    Died(String),
}

/// A running child; killed when dropped.
#[derive(Debug)]
pub(crate) struct Child {
    process: tokio::process::Child,
    /// Held open: the child ends when it closes.
    _stdin: ChildStdin,
    stdout: ChildStdout,
}

impl Child {
    /// Starts a child and gives it its request.
    pub(crate) async fn start(worker: &Worker, claimed: &Claimed) -> anyhow::Result<Self> {
        let (program, arguments) = worker.child_command.split_first().context("no child command")?;
        let mut process = Command::new(program)
            .args(arguments)
            .env_clear()
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()?;
        let mut stdin = process.stdin.take().context("no stdin")?;
        let stdout = process.stdout.take().context("no stdout")?;
        let request = Request {
            agent: claimed.agent.clone(),
            parameters: claimed.parameters.clone(),
            table: claimed.table.clone(),
            output_key: claimed.output_key(),
            object_store_url: worker.config.object_store_url.clone(),
            object_store_options: worker.config.object_store_options.clone(),
        };
        if let Err(torn) = frames::write_async(&mut stdin, &request).await {
            // It ended before it had read its request: how it ended says more than the torn pipe.
            anyhow::bail!(describe(process.wait().await?, &torn));
        }
        Ok(Self { process, _stdin: stdin, stdout })
    }

    /// The next thing the child says. Not cancel-safe: whoever drops this half way has to be done with the child.
    pub(crate) async fn hear(&mut self) -> Heard {
        match frames::read_async(&mut self.stdout).await {
            Ok(Answer::Progress(progress)) => Heard::Progress(progress),
            Ok(Answer::Result(result)) => Heard::Result(result),
            Ok(Answer::Failure(failure)) => Heard::Failure(failure),
            Err(torn) => match self.process.wait().await {
                Ok(status) => Heard::Died(describe(status, &torn)),
                Err(error) => Heard::Died(format!("the child process is gone: {error}")),
            },
        }
    }

    /// Ends the child and waits until it is gone.
    pub(crate) async fn kill(&mut self) {
        if let Err(error) = self.process.kill().await {
            tracing::warn!(%error, "the child process could not be ended; it ends when its pipe closes");
        }
    }
}

fn describe(status: ExitStatus, torn: &std::io::Error) -> String {
    use std::os::unix::process::ExitStatusExt;
    match (status.signal(), status.code()) {
        (Some(9), _) => "the child process was killed (signal 9): often the machine ran out of memory".to_owned(),
        (Some(6), _) => "the child process aborted (signal 6)".to_owned(),
        (Some(signal), _) => format!("the child process was ended by signal {signal}"),
        (None, Some(101)) => "the child process panicked; the message is in the worker's log".to_owned(),
        (None, Some(0)) => format!("the child process ended without an answer: {torn}"),
        (None, code) => format!("the child process ended with exit code {code:?}"),
    }
}
