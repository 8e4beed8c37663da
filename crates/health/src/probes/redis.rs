//! Redis: whether it answers, how full it is, whether it keeps what it holds.

use async_trait::async_trait;
use chassis::config::Secret;
use queue::glance::{self, Glance};

use super::{Probe, innermost};
use crate::reading::{Reading, Unit};

/// It drops events of analyses beyond; dispatch then fails next.
const WARN_SHARE: f64 = 0.85;
const FAIL_SHARE: f64 = 0.97;

/// The Redis of the platform.
#[derive(Debug)]
pub struct Redis(Secret<String>);

impl Redis {
    /// At that address.
    #[must_use]
    pub fn at(url: Secret<String>) -> Self {
        Self(url)
    }
}

#[async_trait]
impl Probe for Redis {
    async fn look(&self) -> Reading {
        match glance::glance(self.0.expose()).await {
            Ok(glance) => judge(&glance),
            Err(error) => Reading::fail(innermost(&error)),
        }
    }
}

fn judge(glance: &Glance) -> Reading {
    let share = glance.max_bytes.map(|most| glance.used_bytes as f64 / most as f64);
    let percent = |share: f64| (share * 100.0).floor();
    let reading = match share {
        _ if glance.is_loading => Reading::fail("it reads its data from disk and answers nothing yet"),
        Some(share) if share >= FAIL_SHARE => {
            Reading::fail(format!("its memory is full: {} % of what it may hold", percent(share)))
        }
        _ if !glance.unwritten.is_empty() => {
            let what = glance.unwritten.join(" and ");
            Reading::warn(format!("it could not write {what} to disk: is the disk full?"))
        }
        Some(share) if share >= WARN_SHARE => {
            Reading::warn(format!("its memory is {} % full: events of analyses that ended are dropped", percent(share)))
        }
        _ => Reading::pass(),
    };
    let reading = reading.with("memory", glance.used_bytes as f64, Unit::Bytes);
    let reading = match share {
        Some(share) => reading.with("memory share", share, Unit::Share),
        None => reading,
    };
    reading.with("clients", glance.clients as f64, Unit::Count)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::reading::Verdict;

    fn glance(used_bytes: u64) -> Glance {
        let uptime = Duration::from_secs(9);
        Glance { used_bytes, max_bytes: Some(1000), is_loading: false, unwritten: Vec::new(), clients: 2, uptime }
    }

    #[test]
    fn fullness_and_what_was_not_written_are_told() {
        assert_eq!(judge(&glance(500)).verdict, Verdict::Pass);
        assert_eq!(judge(&glance(900)).verdict, Verdict::Warn);
        assert_eq!(judge(&glance(990)).verdict, Verdict::Fail);
        let unwritten = judge(&Glance { unwritten: vec!["the snapshot"], ..glance(1) });
        assert!(unwritten.verdict == Verdict::Warn && unwritten.words.contains("the snapshot"));
        assert_eq!(judge(&Glance { is_loading: true, ..glance(1) }).verdict, Verdict::Fail);
        let boundless = judge(&Glance { max_bytes: None, ..glance(1) });
        assert!(boundless.figures.iter().all(|figure| figure.name != "memory share"));
    }
}
