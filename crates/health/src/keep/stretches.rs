//! Sums over stretches of time: 5 minutes, an hour, a day.
//!
//! Each look is added to all three at once, summed up per batch first, so that no job has to catch up with anything and what is
//! shown is complete at any time. The time that a look decides about is spread over the stretches that it lies in.

use std::collections::HashMap;
use std::time::Duration;

use chrono::TimeDelta;
use rusqlite::{Transaction, named_params};

use super::error::Inside;
use super::stamp;
use crate::board::State;
use crate::judge::Sample;
use crate::reading::Verdict;

/// How long single looks are kept.
pub(super) const LOOKS_KEPT: TimeDelta = TimeDelta::hours(48);

/// A length of stretches, and how long they are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Step {
    pub(super) seconds: i64,
    pub(super) kept: TimeDelta,
}

pub(super) const FIVE_MINUTES: Step = Step { seconds: 300, kept: TimeDelta::days(30) };
pub(super) const HOUR: Step = Step { seconds: 3_600, kept: TimeDelta::days(400) };
pub(super) const DAY: Step = Step { seconds: 86_400, kept: TimeDelta::days(3 * 366) };
pub(super) const STEPS: [Step; 3] = [FIVE_MINUTES, HOUR, DAY];

impl Step {
    /// The stretch that a time (in milliseconds) lies in.
    pub(super) fn slot(self, at: i64) -> i64 {
        at.div_euclid(self.seconds * 1_000)
    }

    /// Where a stretch begins, in milliseconds.
    pub(super) fn begin(self, slot: i64) -> i64 {
        slot * self.seconds * 1_000
    }
}

#[derive(Debug, Default, Clone, Copy)]
struct Sum {
    looks: i64,
    failures: i64,
    observed_ms: i64,
    down_ms: i64,
    warn_ms: i64,
    timed: i64,
    total_us: i64,
    most_us: i64,
}

/// The sums of a batch.
#[derive(Debug, Default)]
pub(super) struct Sums(HashMap<(Step, i64, i64), Sum>);

impl Sums {
    /// Adds a look at the part of this number.
    pub(super) fn add(&mut self, part: i64, sample: &Sample) {
        if sample.verdict == Verdict::NotConfigured {
            return;
        }
        let at = stamp(sample.at);
        for step in STEPS {
            self.count(step, part, at, sample);
            self.spread(step, part, at, sample);
        }
    }

    fn count(&mut self, step: Step, part: i64, at: i64, sample: &Sample) {
        let sum = self.0.entry((step, part, step.slot(at))).or_default();
        sum.looks += 1;
        sum.failures += i64::from(sample.verdict == Verdict::Fail);
        if let Some(latency) = sample.latency {
            let latency_us = i64::try_from(latency.as_micros()).unwrap_or(i64::MAX);
            sum.timed += 1;
            sum.total_us = sum.total_us.saturating_add(latency_us);
            sum.most_us = sum.most_us.max(latency_us);
        }
    }

    fn spread(&mut self, step: Step, part: i64, until: i64, sample: &Sample) {
        if matches!(sample.state, State::Unknown | State::NotConfigured) {
            return;
        }
        let mut until = until;
        let mut left = milliseconds(sample.covers);
        while left > 0 {
            // What ends on the edge lies before it.
            let slot = step.slot(until - 1);
            let share = left.min(until - step.begin(slot));
            let sum = self.0.entry((step, part, slot)).or_default();
            sum.observed_ms += share;
            match sample.state {
                State::Fail => sum.down_ms += share,
                State::Warn => sum.warn_ms += share,
                _ => {}
            }
            until -= share;
            left -= share;
        }
    }

    /// Adds them to what is there.
    pub(super) fn put(&self, tx: &Transaction<'_>) -> Inside<()> {
        let mut put = tx.prepare(
            "INSERT INTO stretches (step_s, part, slot, looks, failures, observed_ms, down_ms, warn_ms, timed, total_us, most_us)
             VALUES (:step, :part, :slot, :looks, :failures, :observed, :down, :warn, :timed, :total, :most)
             ON CONFLICT (step_s, part, slot) DO UPDATE SET
                looks = looks + excluded.looks, failures = failures + excluded.failures,
                observed_ms = observed_ms + excluded.observed_ms, down_ms = down_ms + excluded.down_ms,
                warn_ms = warn_ms + excluded.warn_ms, timed = timed + excluded.timed,
                total_us = total_us + excluded.total_us, most_us = max(most_us, excluded.most_us)",
        )?;
        for ((step, part, slot), sum) in &self.0 {
            put.execute(named_params! {
                ":step": step.seconds,
                ":part": part,
                ":slot": slot,
                ":looks": sum.looks,
                ":failures": sum.failures,
                ":observed": sum.observed_ms,
                ":down": sum.down_ms,
                ":warn": sum.warn_ms,
                ":timed": sum.timed,
                ":total": sum.total_us,
                ":most": sum.most_us,
            })?;
        }
        Ok(())
    }
}

fn milliseconds(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
