//! How old the picture on the board is: by a clock that does not jump, from when it was seen to change.
//!
//! Whoever looks at parts shows a new picture with every look, so one that stays the same means that nobody looks any
//! more; to say "all is well" by it would be a lie. A copy that only reads pictures sees the same picture again while the
//! one that looks hangs: it is the picture's own time that has to change.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chassis::clock::SharedMonotonic;
use chrono::{DateTime, Utc};

use crate::board::{Board, Picture};

/// A picture older than this is no answer.
pub(crate) const STALE_AFTER: Duration = Duration::from_mins(1);

/// Watches the board.
#[derive(Debug, Clone)]
pub(crate) struct Freshness {
    ticks: SharedMonotonic,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Debug)]
struct Seen {
    at: DateTime<Utc>,
    when: Duration,
}

impl Freshness {
    pub(crate) fn of(board: &Board, ticks: SharedMonotonic) -> Self {
        let seen = Seen { at: board.now().at, when: ticks.elapsed() };
        Self { ticks, seen: Arc::new(Mutex::new(seen)) }
    }

    /// Notes each change; never ends.
    pub(crate) async fn keep(self, board: Board) {
        let mut pictures = board.watch();
        loop {
            let picture = pictures.borrow_and_update().clone();
            self.age(&picture);
            if pictures.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// How old it is.
    pub(crate) fn age(&self, picture: &Picture) -> Duration {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.ticks.elapsed();
        if seen.at != picture.at {
            *seen = Seen { at: picture.at, when: now };
        }
        now.saturating_sub(seen.when)
    }

    /// Whether it is too old to be an answer, and in which words.
    pub(crate) fn stale(&self, picture: &Picture) -> Option<String> {
        let age = self.age(picture);
        (age > STALE_AFTER)
            .then(|| format!("nothing has been looked at for {} s: the checks themselves hang", age.as_secs()))
    }
}

#[cfg(test)]
mod tests {
    use chassis::clock::TestMonotonic;
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_clock_that_jumps_makes_nothing_old() {
        let ticks = TestMonotonic::start();
        let picture = |at| Picture { at, parts: Vec::new(), settling_until: None };
        let board = Board::new(picture(DateTime::UNIX_EPOCH));
        let freshness = Freshness::of(&board, ticks.clone());
        ticks.advance(Duration::from_secs(61));
        assert!(freshness.stale(&board.now()).unwrap().contains("61 s"));
        // The same picture, shown again.
        board.show(picture(DateTime::UNIX_EPOCH));
        assert!(freshness.stale(&board.now()).is_some());
        for hours in [1, -1, 100] {
            board.show(picture(DateTime::UNIX_EPOCH + TimeDelta::hours(hours)));
            ticks.advance(Duration::from_secs(1));
            assert_eq!(freshness.stale(&board.now()), None, "{hours}");
        }
    }
}
