//! What is to be written, and the one write that is under way. The engine never waits for the disk: a disk that hangs makes
//! the history late, not what is shown.

use std::time::Duration;

use notify::Bell;
use tokio::task::JoinHandle;

use super::Time;
use crate::keep::{Batch, Keeper};

/// After a write that failed.
const AGAIN_AFTER: Duration = Duration::from_secs(2);

/// Writes batches, one after the other, none of them lost.
pub(super) struct Writing {
    keeper: Keeper,
    bell: Bell,
    time: Time,
    pending: Batch,
    under_way: Option<JoinHandle<Written>>,
    not_before: Duration,
    is_well: bool,
}

/// A batch, and whether it could be written.
type Written = (Batch, crate::keep::Result<()>);

impl Writing {
    pub(super) fn new(keeper: Keeper, bell: Bell, time: Time) -> Self {
        let pending = Batch::default();
        Self { keeper, bell, time, pending, under_way: None, not_before: Duration::ZERO, is_well: true }
    }

    /// What goes into the next write.
    pub(super) fn pending(&mut self) -> &mut Batch {
        &mut self.pending
    }

    /// Whether the last write was.
    pub(super) fn is_well(&self) -> bool {
        self.is_well
    }

    /// Begins the next write, unless one is under way or there is nothing to write.
    pub(super) fn begin(&mut self) {
        let is_early = self.time.monotonic.elapsed() < self.not_before;
        if self.under_way.is_some() || self.pending.is_empty() || is_early {
            return;
        }
        let (keeper, now) = (self.keeper.clone(), self.time.clock.now());
        let batch = std::mem::take(&mut self.pending);
        self.under_way = Some(tokio::task::spawn_blocking(move || {
            let outcome = keeper.write(now, &batch);
            (batch, outcome)
        }));
    }

    /// Ends when the write that is under way has ended; never, when there is none. May be dropped and called again.
    pub(super) async fn ended(&mut self) {
        let Some(under_way) = &mut self.under_way else { return std::future::pending().await };
        let ended = under_way.await;
        self.under_way = None;
        match ended {
            Ok((batch, Ok(()))) => {
                self.is_well = true;
                if !batch.entries.is_empty() {
                    self.bell.ring();
                }
            }
            Ok((mut batch, Err(error))) => {
                tracing::error!(%error, "what was seen cannot be written; it is kept and tried again");
                batch.append(std::mem::take(&mut self.pending));
                self.pending = batch;
                self.is_well = false;
                self.not_before = self.time.monotonic.elapsed() + AGAIN_AFTER;
            }
            Err(error) => {
                tracing::error!(%error, "a write broke");
                self.is_well = false;
            }
        }
    }

    /// Writes what is left, once.
    pub(super) async fn finish(mut self) {
        if self.under_way.is_some() {
            self.ended().await;
        }
        self.not_before = Duration::ZERO;
        self.begin();
        if self.under_way.is_some() {
            self.ended().await;
        }
    }
}
