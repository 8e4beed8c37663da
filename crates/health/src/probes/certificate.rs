//! The certificate of the public address, judged by the share of its lifetime that is left: lifetimes change (398 days, 90,
//! 45), and renewal is due at a third of each.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use chassis::clock::SharedClock;
use chrono::{DateTime, Utc};
use tokio::sync::watch;
use x509_parser::parse_x509_certificate;

use super::public::{Public, Trust};
use super::{Probe, for_so_long};
use crate::reading::{Reading, Unit};

const WARN_SHARE: f64 = 1.0 / 3.0;
const FAIL_SHARE: f64 = 1.0 / 10.0;

/// The certificate.
#[derive(Debug)]
pub struct Certificate {
    public: Public,
    clock: SharedClock,
    last: Mutex<Option<Validity>>,
    renewed: watch::Sender<Option<Validity>>,
}

/// From when until when it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when.
    pub until: DateTime<Utc>,
}

impl Certificate {
    /// That of the public address, and what tells of renewals.
    #[must_use]
    pub fn of(public: Public, clock: SharedClock) -> (Self, watch::Receiver<Option<Validity>>) {
        let (renewed, renewals) = watch::channel(None);
        (Self { public, clock, last: Mutex::new(None), renewed }, renewals)
    }

    async fn validity(&self) -> Result<Validity, String> {
        let der = self.public.open(Trust::Anybody).await?.certificate().await?;
        validity(&der).ok_or_else(|| "the certificate that is presented cannot be read".to_owned())
    }

    /// Tells of it when it is another than the last one.
    fn note(&self, found: Validity) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.replace(found).is_some_and(|last| last.until < found.until) {
            self.renewed.send_replace(Some(found));
        }
    }
}

#[async_trait]
impl Probe for Certificate {
    async fn look(&self) -> Reading {
        if !self.public.is_tls() {
            return Reading::not_configured("the platform is served without TLS");
        }
        match self.validity().await {
            Ok(validity) => {
                self.note(validity);
                judge(validity, self.clock.now())
            }
            Err(words) => Reading::fail(words),
        }
    }
}

fn validity(der: &[u8]) -> Option<Validity> {
    let (_, certificate) = parse_x509_certificate(der).ok()?;
    let found = certificate.validity();
    Some(Validity {
        from: DateTime::from_timestamp(found.not_before.timestamp(), 0)?,
        until: DateTime::from_timestamp(found.not_after.timestamp(), 0)?,
    })
}

fn judge(validity: Validity, now: DateTime<Utc>) -> Reading {
    let seconds = |span: chrono::TimeDelta| span.as_seconds_f64();
    let left = seconds(validity.until - now);
    let share = left / seconds(validity.until - validity.from).max(1.0);
    let when = validity.until.format("%Y-%m-%d %H:%M");
    let reading = if left <= 0.0 {
        Reading::fail(format!("it ended {} ago ({when} UTC): browsers refuse the platform", for_so_long(-left)))
    } else if share < FAIL_SHARE {
        Reading::fail(format!("it ends in {} ({when} UTC) and was not renewed", for_so_long(left)))
    } else if share < WARN_SHARE {
        Reading::warn(format!("it ends in {} ({when} UTC); it should have been renewed", for_so_long(left)))
    } else {
        Reading::pass()
    };
    reading.with("left", left.max(0.0), Unit::Seconds).with("share left", share.clamp(0.0, 1.0), Unit::Share)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::reading::Verdict;

    #[test]
    fn a_third_warns_a_tenth_fails_whatever_the_lifetime() {
        for days in [398, 90, 45] {
            let from = DateTime::UNIX_EPOCH;
            let validity = Validity { from, until: from + TimeDelta::days(days) };
            let at = |percent: i32| judge(validity, from + TimeDelta::days(days) * percent / 100).verdict;
            assert_eq!([at(50), at(70), at(95), at(110)], [Verdict::Pass, Verdict::Warn, Verdict::Fail, Verdict::Fail]);
        }
    }
}
