//! `make up`: the platform until Ctrl-C.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rustix::process::{Pid, getppid};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::console::say;
use crate::platform::Sink;
use crate::running::Claim;
use crate::stack::{Stack, StackOptions};

/// Runs the platform until a signal, or, when asked, until the process that started this one has ended.
///
/// # Errors
/// When it cannot be started, or a part of it cannot be kept running.
pub async fn up(options: StackOptions, stop_with_parent: bool) -> anyhow::Result<()> {
    let local = options.local.clone();
    let sink = Sink::clone(&options.sink);
    let claim = Claim::take(&local)?;
    let mut ends = Ends::listen(stop_with_parent)?;
    say("Starting Postgres, Redis, the services and nginx ...");
    let stack = tokio::select! {
        stack = Stack::start(claim, options) => stack?,
        // What was started already ends with this process.
        reason = ends.next() => bail!("{reason} while starting"),
    };
    greet(&stack, &local).await?;
    let failure = tokio::select! {
        reason = ends.next() => { say(&format!("{reason}: stopping ...")); None }
        reason = stack.keep(&sink) => Some(reason),
    };
    tokio::select! {
        stopped = stack.stop() => stopped?,
        // The guardians finish the work.
        reason = ends.again() => bail!("{reason} while stopping"),
    }
    match failure {
        None => {
            say("Stopped. `make up` continues with the same data.");
            Ok(())
        }
        Some(reason) => bail!("stopped, because {reason}"),
    }
}

async fn greet(stack: &Stack, local: &Path) -> anyhow::Result<()> {
    let running = stack.running();
    let kept = local.join("admin-password");
    let password = if stack.platform().is_first_time() {
        let password = tokio::fs::read_to_string(&kept).await.context("read the admin's password")?;
        format!("{password}   (shown this once; kept in {})", kept.display())
    } else {
        format!("in {}", kept.display())
    };
    say("");
    say("E2I is up.");
    say(&format!("  address    {}   (open it in a browser; the API: /docs)", running.public_url));
    say(&format!("  user       {}", running.admin_email));
    say(&format!("  password   {password}"));
    say(&format!("  data       {}", local.join("data").display()));
    say("  try it     make demo, in another terminal");
    say(&format!("  stop       Ctrl-C, or `kill {}`", running.pid));
    say("");
    Ok(())
}

/// Why to end.
struct Ends {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
    parent: Option<Pid>,
}

impl Ends {
    fn listen(stop_with_parent: bool) -> anyhow::Result<Self> {
        let on = |kind| signal(kind).context("listen for signals");
        Ok(Self {
            interrupt: on(SignalKind::interrupt())?,
            terminate: on(SignalKind::terminate())?,
            hang_up: on(SignalKind::hangup())?,
            parent: stop_with_parent.then(getppid).flatten(),
        })
    }

    /// The next, but for what still belongs to the last.
    async fn again(&mut self) -> &'static str {
        let begin = Instant::now();
        loop {
            let reason = self.next().await;
            if begin.elapsed() > ONE_PRESS {
                return reason;
            }
            // An ended parent stays ended.
            self.parent = None;
        }
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "Ctrl-C",
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.hang_up.recv() => "The terminal was closed",
            () = parent_ended(self.parent) => "`make` has ended",
        }
    }
}

/// The same key press may arrive twice, from the terminal and by way of `make`.
const ONE_PRESS: Duration = Duration::from_secs(1);

/// An orphan gets another parent.
async fn parent_ended(parent: Option<Pid>) {
    if parent.is_none() {
        return std::future::pending().await;
    }
    let mut ticks = tokio::time::interval(Duration::from_millis(250));
    while getppid() == parent {
        ticks.tick().await;
    }
}
