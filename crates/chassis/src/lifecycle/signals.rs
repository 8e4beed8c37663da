//! The signals of the operating system, wired to a [`Shutdown`].

use std::io;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::Shutdown;

impl Shutdown {
    /// Listens for SIGTERM and SIGINT (first: soft, hard after `drain_deadline`; second: hard at once) and for SIGUSR1
    /// (drain notice), from now until the process ends.
    ///
    /// # Errors
    /// When the signal handlers cannot be installed.
    pub fn on_signals(&self, drain_deadline: Duration) -> io::Result<()> {
        let mut ends =
            Ends { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? };
        let mut notices = signal(SignalKind::user_defined1())?;

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
            while notices.recv().await.is_some() {
                tracing::info!("drain notice: streams tell their clients to reconnect");
                shutdown.notify_drain();
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
