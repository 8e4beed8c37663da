//! The signals of the operating system, wired to a [`Shutdown`].

use std::io;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::Shutdown;

impl Shutdown {
    /// Listens for SIGTERM and SIGINT (first: soft, hard after `drain_deadline`; second: hard at once), for SIGUSR1 (rest)
    /// and SIGUSR2 (wake), from now until the process ends.
    ///
    /// # Errors
    /// When the signal handlers cannot be installed.
    pub fn on_signals(&self, drain_deadline: Duration) -> io::Result<()> {
        let mut ends =
            Ends { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? };
        let (mut rests, mut wakes) = (signal(SignalKind::user_defined1())?, signal(SignalKind::user_defined2())?);

        let shutdown = self.clone();
        tokio::spawn(async move {
            let name = ends.next().await;
            tracing::info!(signal = name, ?drain_deadline, "draining: no new work is taken");
            shutdown.begin(drain_deadline);
            let name = ends.next().await;
            tracing::warn!(signal = name, "second signal: running work is dropped");
            shutdown.force();
        });

        let shutdown = self.clone();
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    Some(()) = rests.recv() => {
                        tracing::info!(signal = "SIGUSR1", "resting: new work is another one's, streams reconnect");
                        shutdown.rest();
                    }
                    Some(()) = wakes.recv() => {
                        tracing::info!(signal = "SIGUSR2", "awake: new work is taken as before");
                        shutdown.wake();
                    }
                    else => return,
                }
            }
        });
        Ok(())
    }
}

struct Ends {
    terminate: Signal,
    interrupt: Signal,
}

impl Ends {
    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
