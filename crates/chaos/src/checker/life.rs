//! One job's life, step by step.

use std::collections::BTreeSet;

use domain::job::JobState;
use uuid::Uuid;

use super::{Asked, Step, StepKind, Verdict};

/// What is known of the job before the next step.
#[derive(Default)]
struct Life<'a> {
    /// Attempts that were given out.
    claimed: BTreeSet<i32>,
    /// Who holds the present one.
    holder: Option<&'a str>,
    successes: u32,
    results: u32,
    retries: u32,
    /// When the lease that ran out last did so, until the next claim.
    lost_at_s: Option<f64>,
    /// State and attempt after the step before.
    stands: Option<(JobState, i32)>,
}

/// Walks through the steps of one job.
pub(super) fn check(job: Uuid, steps: &[&Step], asked: Option<&Asked>, verdict: &mut Verdict) {
    let mut life = Life::default();
    for step in steps {
        match step.kind {
            StepKind::Submitted => {
                if step.to != Some(JobState::Queued) || step.attempt != Some(0) {
                    verdict.forbid(job, format!("submitted as {:?} with attempt {:?}", step.to, step.attempt));
                }
            }
            StepKind::Deleted => verdict.lose(Some(job), "deleted, which nobody asked for"),
            StepKind::Result => {
                life.results += 1;
                if life.results > 1 {
                    verdict.double(job, format!("a result was accepted {} times", life.results));
                }
            }
            StepKind::Changed => {
                life.change(job, step, verdict);
                life.asked_for(job, step, asked, verdict);
            }
        }
        if step.kind != StepKind::Result {
            life.stands = step.to.zip(step.attempt);
        }
    }
}

impl<'a> Life<'a> {
    fn change(&mut self, job: Uuid, step: &'a Step, verdict: &mut Verdict) {
        let (Some(from), Some(to)) = (step.from, step.to) else { return };
        if life_before(step) != self.stands {
            verdict.forbid(job, format!("stood at {:?} and changed from {:?}", self.stands, life_before(step)));
        }
        if step.dispatch_seq < step.from_dispatch_seq {
            verdict.forbid(job, "its dispatch number fell");
        }
        let claims = to == JobState::Running && (from != JobState::Running || step.attempt != step.from_attempt);
        if claims {
            self.claim(job, step, from, verdict);
        } else if step.attempt != step.from_attempt {
            verdict.forbid(
                job,
                format!("{from} > {to} changed its attempt from {:?} to {:?}", step.from_attempt, step.attempt),
            );
        }
        if from != to && !from.may_become(to) {
            verdict.forbid(job, format!("{from} > {to}"));
        }
        if from == JobState::Running && to != JobState::Running {
            self.end(job, step, to, verdict);
        }
        if to == JobState::Succeeded {
            self.successes += 1;
            if self.successes > 1 {
                verdict.double(job, format!("succeeded {} times", self.successes));
            }
        }
    }

    fn claim(&mut self, job: Uuid, step: &'a Step, from: JobState, verdict: &mut Verdict) {
        let attempt = step.attempt.unwrap_or_default();
        if from == JobState::Running {
            let holder = self.holder.unwrap_or("somebody");
            verdict.double(
                job,
                format!("claimed as attempt {attempt} while {holder} held attempt {:?}", step.from_attempt),
            );
        }
        if !self.claimed.insert(attempt) || Some(attempt - 1) != step.from_attempt {
            verdict.double(job, format!("attempt {attempt} was given out after attempt {:?}", step.from_attempt));
        }
        self.holder = step.by.as_deref();
        if let Some(lost_at_s) = self.lost_at_s.take() {
            verdict.recoveries_s.push((step.at_s - lost_at_s).max(0.0));
        }
    }

    fn end(&mut self, job: Uuid, step: &'a Step, to: JobState, verdict: &mut Verdict) {
        if step.expired {
            self.lost_at_s = step.lease_until_s.filter(|_| to == JobState::Queued);
        } else if let (Some(holder), Some(by)) = (self.holder, step.by.as_deref())
            && holder != by
        {
            verdict.double(job, format!("attempt {:?} of {holder} was ended by {by}: {to}", step.from_attempt));
        }
        self.holder = None;
    }

    /// Only people cancel and try again.
    fn asked_for(&mut self, job: Uuid, step: &Step, asked: Option<&Asked>, verdict: &mut Verdict) {
        let Some(asked) = asked else { return };
        let (Some(from), Some(to)) = (step.from, step.to) else { return };
        if to == JobState::Cancelled && from != to && asked.cancels == 0 {
            verdict.forbid(job, "cancelled, which nobody asked for");
        }
        if from.is_terminal() && to == JobState::Queued {
            self.retries += 1;
            if self.retries > asked.retries {
                verdict.forbid(job, format!("queued anew {} times, asked for {} times", self.retries, asked.retries));
            }
        }
    }
}

fn life_before(step: &Step) -> Option<(JobState, i32)> {
    step.from.zip(step.from_attempt)
}
