//! The one task that knows how everything stands: it takes in what was seen, judges it, shows it, has it written and told,
//! and tells the lookers when to look again.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::looker::Orders;
use super::writing::Writing;
use super::{Time, deployments};
use crate::alerts::Herald;
use crate::board::Board;
use crate::judge::{Happening, Judge, Window};
use crate::outward::Pulse;
use crate::part::PartId;
use crate::reading::Observation;
use crate::releases::Known;

/// The time goes on in steps of this.
const TICK: Duration = Duration::from_secs(1);
/// Copies that follow, and a restart, find a picture that is no older.
const KEEP_PICTURE_EVERY: Duration = Duration::from_secs(8);

/// The engine.
pub(super) struct Engine {
    pub(super) judge: Judge,
    pub(super) herald: Herald,
    pub(super) board: Board,
    pub(super) writing: Writing,
    pub(super) orders: HashMap<PartId, Orders>,
    pub(super) known: Known,
    /// Maintenance, as it is kept.
    pub(super) windows: watch::Receiver<Vec<Window>>,
    pub(super) pulse: Pulse,
    pub(super) time: Time,
}

impl Engine {
    /// Works until told to stop, or until nobody looks any more.
    pub(super) async fn run(mut self, mut seen: mpsc::Receiver<Observation>, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut kept_at = None;
        self.know_releases();
        loop {
            let mut is_news = true;
            tokio::select! {
                () = stop.cancelled() => break,
                observation = seen.recv() => match observation {
                    Some(observation) => {
                        self.take(&observation);
                        while let Ok(next) = seen.try_recv() {
                            self.take(&next);
                        }
                    }
                    None => break,
                },
                _ = ticks.tick() => is_news = self.tick(),
                () = self.known.changed() => self.know_releases(),
                Ok(()) = self.windows.changed() => self.follow_windows(),
                () = self.writing.ended() => is_news = false,
            }
            let now = self.time.now();
            if is_news {
                let picture = self.judge.picture(now);
                self.board.show(picture.clone());
                let is_old = kept_at.is_none_or(|at| now.elapsed.saturating_sub(at) >= KEEP_PICTURE_EVERY);
                if is_old || !self.writing.pending().happenings.is_empty() {
                    self.writing.pending().picture = Some(picture);
                    kept_at = Some(now.elapsed);
                }
            }
            self.writing.begin();
            self.order();
        }
        self.writing.finish().await;
    }

    fn take(&mut self, observation: &Observation) {
        let Some(judged) = self.judge.observe(self.time.now(), observation) else { return };
        self.writing.pending().samples.push(judged.sample);
        self.note(judged.happenings);
        self.pulse.seen(self.time.monotonic.elapsed());
    }

    /// Whether something came of it.
    fn tick(&mut self) -> bool {
        let happenings = self.judge.tick(self.time.now());
        let is_news = !happenings.is_empty();
        self.note(happenings);
        self.pulse.ticked(self.time.monotonic.elapsed(), self.writing.is_well());
        is_news
    }

    fn know_releases(&mut self) {
        let Some(state) = self.known.now().state else { return };
        let happenings = self.judge.know_releases(deployments::suspects(&state));
        self.note(happenings);
    }

    fn follow_windows(&mut self) {
        let windows = self.windows.borrow_and_update().clone();
        let happenings = self.judge.follow_windows(self.time.now(), &windows);
        self.note(happenings);
    }

    /// To be written, with what is told of it.
    fn note(&mut self, happenings: Vec<Happening>) {
        if happenings.is_empty() {
            return;
        }
        let entries = self.herald.entries(&happenings, self.time.clock.now());
        let pending = self.writing.pending();
        pending.happenings.extend(happenings);
        pending.entries.extend(entries);
    }

    fn order(&mut self) {
        for (part, orders) in &self.orders {
            if let Some(pace) = self.judge.pace(part) {
                orders.pace.send_if_modified(|before| std::mem::replace(before, pace) != pace);
            }
        }
        for part in self.judge.needs_look_now() {
            if let Some(orders) = self.orders.get(&part) {
                orders.now.notify_one();
            }
        }
    }
}
