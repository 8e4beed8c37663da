//! The machine's clock, compared with the others that can be asked. Each is compared only as far as its answer can tell:
//! one that took two seconds to answer says nothing nearer than that, and one that hangs says nothing at all. So a database
//! that is slow is never told as a clock that is wrong.

use std::time::Duration;

use async_trait::async_trait;
use chassis::clock::{SharedClock, SharedMonotonic};
use chassis::config::Secret;
use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::Probe;
use super::http::Asker;
use crate::reading::{Reading, Unit};

const ANSWERS_WITHIN: Duration = Duration::from_secs(2);
/// Tokens begin and end by the clock; more than this is noticed.
const WARN_S: f64 = 2.0;
/// More than this and fresh tokens are refused.
const FAIL_S: f64 = 30.0;
/// `Date` has whole seconds: what it means lies in the second after.
const DATE_GRAIN_S: f64 = 1.0;

/// A clock that can be asked.
#[derive(Debug, Clone)]
pub enum Other {
    /// The database's.
    Database(Secret<String>),
    /// That of whoever answers at that address, by `Date`.
    Http {
        /// Whose, for people.
        name: &'static str,
        /// Who asks.
        asker: Asker,
        /// Where.
        url: Url,
    },
}

/// This machine's clock.
#[derive(Debug)]
pub struct MachineClock {
    clock: SharedClock,
    monotonic: SharedMonotonic,
    others: Vec<Other>,
}

/// What one comparison gave.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Compared {
    name: &'static str,
    /// How far this clock is ahead of the other, in seconds.
    ahead_s: f64,
    /// How far that may be off.
    within_s: f64,
}

impl Compared {
    /// How far it is wrong at least.
    fn certainly_s(self) -> f64 {
        (self.ahead_s.abs() - self.within_s).max(0.0)
    }
}

impl MachineClock {
    /// Compared with these.
    #[must_use]
    pub fn compared_with(clock: SharedClock, monotonic: SharedMonotonic, others: Vec<Other>) -> Self {
        Self { clock, monotonic, others }
    }

    async fn compare(&self, other: &Other) -> Option<Compared> {
        let (begun, before) = (self.monotonic.elapsed(), self.clock.now());
        let (name, said, grain_s) = tokio::time::timeout(ANSWERS_WITHIN, ask(other)).await.ok().flatten()?;
        let took_s = self.monotonic.elapsed().saturating_sub(begun).as_secs_f64();
        Some(compared(name, before, said, took_s, grain_s))
    }
}

async fn ask(other: &Other) -> Option<(&'static str, DateTime<Utc>, f64)> {
    match other {
        Other::Database(url) => Some(("the database's", store::glance::clock(url.expose()).await.ok()?, 0.0)),
        Other::Http { name, asker, url } => Some((name, asker.get(url.clone()).await.ok()?.date?, DATE_GRAIN_S)),
    }
}

/// The other's answer was made at some moment of the `took_s` seconds since `before`.
fn compared(name: &'static str, before: DateTime<Utc>, said: DateTime<Utc>, took_s: f64, grain_s: f64) -> Compared {
    let ahead = |span: TimeDelta| span.as_seconds_f64();
    Compared {
        name,
        ahead_s: ahead(before - said) + took_s / 2.0 - grain_s / 2.0,
        within_s: f64::midpoint(took_s, grain_s),
    }
}

#[async_trait]
impl Probe for MachineClock {
    async fn look(&self) -> Reading {
        if self.others.is_empty() {
            return Reading::not_configured("there is no other clock to compare with");
        }
        let compared = futures::future::join_all(self.others.iter().map(|other| self.compare(other))).await;
        judge(&compared.into_iter().flatten().collect::<Vec<_>>())
    }
}

fn judge(compared: &[Compared]) -> Reading {
    let worst = compared.iter().max_by(|one, other| one.certainly_s().total_cmp(&other.certainly_s()));
    let Some(worst) = worst else {
        return Reading { words: "no other clock answered".to_owned(), ..Reading::pass() };
    };
    let wrong_s = worst.certainly_s();
    let side = if worst.ahead_s > 0.0 { "ahead of" } else { "behind" };
    let words = format!("this machine's clock is {:.0} s {side} {}", worst.ahead_s.abs(), worst.name);
    let reading = match wrong_s {
        wrong if wrong >= FAIL_S => Reading::fail(format!("{words}: tokens are refused")),
        wrong if wrong >= WARN_S => Reading::warn(words),
        _ => Reading::pass(),
    };
    reading.with("off by", wrong_s, Unit::Seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::Verdict;

    fn with(said_s: i64, took_s: f64, grain_s: f64) -> Reading {
        let (before, zero) = (DateTime::UNIX_EPOCH + TimeDelta::seconds(1_000), DateTime::UNIX_EPOCH);
        judge(&[compared("the database's", before, zero + TimeDelta::seconds(said_s), took_s, grain_s)])
    }

    #[test]
    fn a_clock_that_is_off_is_told_with_the_side() {
        assert_eq!(with(1_000, 0.01, 0.0).verdict, Verdict::Pass);
        let behind = with(1_005, 0.01, 0.0);
        assert_eq!(behind.verdict, Verdict::Warn);
        assert!(behind.words.contains("5 s behind the database's"), "{behind:?}");
        assert_eq!(with(900, 0.01, 0.0).verdict, Verdict::Fail);
    }

    #[test]
    fn what_answered_late_says_nothing_nearer_than_that() {
        assert_eq!(with(1_002, 2.0, 0.0).verdict, Verdict::Pass);
        assert_eq!(with(999, 0.0, 1.0).verdict, Verdict::Pass, "`Date` has whole seconds");
        let nobody = judge(&[]);
        assert!(nobody.verdict == Verdict::Pass && nobody.words.contains("no other clock"));
    }
}
