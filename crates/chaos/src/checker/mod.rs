//! From a history to a verdict: pure, nothing is asked and nothing is done.
//!
//! | verdict | what |
//! | --- | --- |
//! | lost | a job whose submit was answered and that is gone, or in no final state though all was calm for long |
//! | doubled | claimed while an attempt held it; an attempt's number given twice; two successes or results; ended by a process that did not hold the attempt; one key with two jobs |
//! | illegal transition | an edge that `domain::job` does not have, or one that nobody asked for (a cancel, a retry); a dispatch number that falls |
//! | wrong result | another than without faults, one where none may be, none where one must be |

mod life;

use std::collections::{BTreeMap, BTreeSet};

use domain::job::{JobState, Reason};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::plan::Question;

/// A row that changed, as the database's trigger noted it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Step {
    /// The order within the run.
    pub nth: u64,
    /// The database's clock, Unix seconds.
    pub at_s: f64,
    /// Which job.
    pub job: Uuid,
    /// What happened to its row.
    pub kind: StepKind,
    /// Its state before.
    pub from: Option<JobState>,
    /// Its state after.
    pub to: Option<JobState>,
    /// Its attempt before.
    pub from_attempt: Option<i32>,
    /// Its attempt after; that of the result for a result.
    pub attempt: Option<i32>,
    /// Its dispatch number before.
    pub from_dispatch_seq: Option<i64>,
    /// Its dispatch number after.
    pub dispatch_seq: Option<i64>,
    /// Whether this was the reaper's doing.
    #[serde(default)]
    pub expired: bool,
    /// Until when the attempt before held it, Unix seconds.
    pub lease_until_s: Option<f64>,
    /// Which process did it.
    pub by: Option<String>,
}

/// What happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// A job was written.
    Submitted,
    /// A job changed.
    Changed,
    /// A job was deleted.
    Deleted,
    /// A result was stored, or put in the place of one.
    Result,
}

/// A job as it stands in the end.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct FinalJob {
    /// Which.
    pub id: Uuid,
    /// The client's key.
    pub key: Option<String>,
    /// Its state.
    pub state: JobState,
    /// Why.
    pub failure: Option<Value>,
    /// Its result.
    pub result: Option<Value>,
}

/// What a client did about one job, and what it was told.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// Its key.
    pub key: String,
    /// The question.
    pub question: Question,
    /// The ids in all answers to its submits.
    pub answered: BTreeSet<Uuid>,
    /// Cancels sent.
    pub cancels: u32,
    /// Retries sent.
    pub retries: u32,
}

/// All there is to judge.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// What the clients know.
    pub asked: Vec<Asked>,
    /// What the database noted, in order.
    pub steps: Vec<Step>,
    /// What is there in the end.
    pub jobs: Vec<FinalJob>,
    /// The answers of a run without faults.
    pub expected: BTreeMap<Question, Value>,
}

/// What is wrong with a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// What was lost.
    pub lost: Vec<Finding>,
    /// What was done twice.
    pub doubled: Vec<Finding>,
    /// What may not happen.
    pub illegal: Vec<Finding>,
    /// What came out wrong.
    pub wrong: Vec<Finding>,
    /// From the end of a lease to the next claim, seconds, in order of size.
    pub recoveries_s: Vec<f64>,
    /// Jobs that failed because of what was done to them (children killed too often).
    pub failed: usize,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The job, where there is one.
    pub job: Option<Uuid>,
    /// What, in words.
    pub what: String,
}

impl Verdict {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings().next().is_none()
    }

    /// All that is wrong.
    pub fn findings(&self) -> impl Iterator<Item = (&'static str, &Finding)> {
        [("lost", &self.lost), ("doubled", &self.doubled), ("illegal", &self.illegal), ("wrong", &self.wrong)]
            .into_iter()
            .flat_map(|(name, findings)| findings.iter().map(move |finding| (name, finding)))
    }

    /// The 99th percentile of recoveries, seconds; 0 without any.
    #[must_use]
    pub fn recovery_p99_s(&self) -> f64 {
        let rank = (self.recoveries_s.len() * 99).div_ceil(100);
        self.recoveries_s.get(rank.saturating_sub(1)).copied().unwrap_or(0.0)
    }

    fn lose(&mut self, job: Option<Uuid>, what: impl Into<String>) {
        self.lost.push(Finding { job, what: what.into() });
    }

    fn double(&mut self, job: Uuid, what: impl Into<String>) {
        self.doubled.push(Finding { job: Some(job), what: what.into() });
    }

    fn forbid(&mut self, job: Uuid, what: impl Into<String>) {
        self.illegal.push(Finding { job: Some(job), what: what.into() });
    }

    fn miscalculate(&mut self, job: Uuid, what: impl Into<String>) {
        self.wrong.push(Finding { job: Some(job), what: what.into() });
    }
}

/// Judges a run.
#[must_use]
pub fn check(observed: &Observed) -> Verdict {
    let mut verdict = Verdict::default();
    let jobs: BTreeMap<Uuid, &FinalJob> = observed.jobs.iter().map(|job| (job.id, job)).collect();
    let mut steps: BTreeMap<Uuid, Vec<&Step>> = BTreeMap::new();
    for step in &observed.steps {
        steps.entry(step.job).or_default().push(step);
    }
    let mut asked_of: BTreeMap<Uuid, &Asked> = BTreeMap::new();
    for asked in &observed.asked {
        submitted_once(asked, &observed.jobs, &mut verdict);
        for id in &asked.answered {
            asked_of.insert(*id, asked);
            match jobs.get(id) {
                None => verdict
                    .lose(Some(*id), format!("answered with 202 for key {}, and there is no such job", asked.key)),
                Some(job) => ended_well(asked, job, observed, &mut verdict),
            }
        }
    }
    for (job, steps) in &steps {
        life::check(*job, steps, asked_of.get(job).copied(), &mut verdict);
    }
    for job in &observed.jobs {
        if !job.state.is_terminal() {
            verdict.lose(Some(job.id), format!("still {} though all was calm for long", job.state));
        }
    }
    verdict.recoveries_s.sort_by(f64::total_cmp);
    verdict
}

fn submitted_once(asked: &Asked, jobs: &[FinalJob], verdict: &mut Verdict) {
    let of_key: BTreeSet<Uuid> =
        jobs.iter().filter(|job| job.key.as_deref() == Some(&asked.key)).map(|job| job.id).collect();
    let all: BTreeSet<Uuid> = of_key.union(&asked.answered).copied().collect();
    if all.len() > 1 {
        let first = *all.first().unwrap_or(&Uuid::nil());
        verdict.double(first, format!("one key, {}, and {} jobs", asked.key, all.len()));
    }
    if asked.answered.is_empty() {
        verdict.lose(None, format!("the submit with key {} was never answered", asked.key));
    }
}

fn ended_well(asked: &Asked, job: &FinalJob, observed: &Observed, verdict: &mut Verdict) {
    match job.state {
        JobState::Succeeded => match (&job.result, observed.expected.get(&asked.question)) {
            (None, _) => verdict.miscalculate(job.id, "succeeded without a result"),
            (Some(_), None) => verdict.miscalculate(job.id, format!("{:?} cannot succeed, and did", asked.question)),
            (Some(result), Some(expected)) if result != expected => {
                verdict.miscalculate(job.id, format!("another result than without faults: {result}"));
            }
            _ => {}
        },
        state => {
            if job.result.is_some() {
                verdict.miscalculate(job.id, format!("has a result and is {state}"));
            }
            if state == JobState::Failed {
                failed_for_a_reason(asked, job, verdict);
            }
        }
    }
}

/// Only what was done to a job may fail it: its child killed, its workers gone.
fn failed_for_a_reason(asked: &Asked, job: &FinalJob, verdict: &mut Verdict) {
    let reason = job.failure.as_ref().and_then(|failure| failure["reason"].as_str()?.parse::<Reason>().ok());
    match reason {
        Some(Reason::Crash) if asked.question == Question::Abort => {}
        Some(Reason::Crash | Reason::LeaseExpired | Reason::Oom) => verdict.failed += 1,
        _ => verdict.miscalculate(job.id, format!("failed, which nothing done to it explains: {:?}", job.failure)),
    }
}

#[cfg(test)]
mod tests;
