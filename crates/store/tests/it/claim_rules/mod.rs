//! The rules of claims by random sequences of what the platform does to jobs, against a small model of them: after every
//! step each job stands in Postgres as in the model. A failing sequence is shortened before it is shown.

mod model;

use domain::ids::JobId;
use domain::job::{Failure, JobClass, Priority, Reason};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::json;
use store::Access;
use store::attempts::{Claimant, Ending, Lease};
use store::dispatch::Pending;

use self::model::{Model, Stands};
use crate::house::{House, KNOWN, LEASE};

/// Jobs of one sequence; steps name them by number, and one that does not exist yet is nobody's.
const JOBS: usize = 4;
const WORKERS: [&str; 3] = ["worker-1", "worker-2", "worker-3"];

/// How a worker says that an attempt ended.
#[derive(Clone, Copy, Debug)]
enum Said {
    Succeeded,
    Failed,
    Cancelled,
    Crashed,
    HandedBack,
}

/// One step. `back` says how old the number is that somebody names: 0 is the present one.
#[derive(Clone, Debug)]
enum Step {
    Submit,
    MarkDispatched { job: usize, back: i64 },
    Claim { entries: Vec<(usize, i64)>, worker: usize },
    Heartbeat { job: usize, back: u32, worker: usize },
    End { job: usize, back: u32, said: Said },
    Expire { job: usize },
    Reap,
    Cancel { job: usize },
    Retry { job: usize },
    RedispatchAll,
    Sweep,
    HandOn { job: usize, back: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    let job = 0..JOBS;
    let back = prop_oneof![4 => Just(0_u32), 1 => 1..3_u32];
    let seq = back.clone().prop_map(i64::from);
    let said = prop_oneof![
        3 => Just(Said::Succeeded),
        1 => Just(Said::Failed),
        1 => Just(Said::Cancelled),
        4 => Just(Said::Crashed),
        2 => Just(Said::HandedBack),
    ];
    let entries = prop::collection::vec((job.clone(), seq.clone()), 1..4);
    prop_oneof![
        3 => Just(Step::Submit),
        2 => (job.clone(), seq.clone()).prop_map(|(job, back)| Step::MarkDispatched { job, back }),
        8 => (entries, 0..WORKERS.len()).prop_map(|(entries, worker)| Step::Claim { entries, worker }),
        2 => (job.clone(), back.clone(), 0..WORKERS.len())
            .prop_map(|(job, back, worker)| Step::Heartbeat { job, back, worker }),
        7 => (job.clone(), back, said).prop_map(|(job, back, said)| Step::End { job, back, said }),
        3 => job.clone().prop_map(|job| Step::Expire { job }),
        2 => Just(Step::Reap),
        2 => job.clone().prop_map(|job| Step::Cancel { job }),
        2 => job.clone().prop_map(|job| Step::Retry { job }),
        1 => Just(Step::RedispatchAll),
        1 => Just(Step::Sweep),
        1 => (job, seq).prop_map(|(job, back)| Step::HandOn { job, back }),
    ]
}

/// A sequence on the way: the jobs in Postgres and in the model, in the same order.
struct Play<'a> {
    house: &'a House,
    ids: Vec<JobId>,
    model: Model,
}

impl Play<'_> {
    async fn take(&mut self, step: &Step) -> anyhow::Result<()> {
        let store = &self.house.store;
        match step {
            Step::Submit if self.ids.len() < JOBS => {
                self.ids.push(self.house.submit().await?);
                self.model.submit();
            }
            Step::Claim { entries, worker } => self.claim(entries, *worker).await?,
            Step::Reap => {
                let reaped = store.reap().await?.len();
                anyhow::ensure!(reaped == self.model.reap(), "reaped {reaped}");
            }
            Step::RedispatchAll => {
                let count = store.redispatch_all().await?;
                anyhow::ensure!(count == self.model.redispatch(), "dispatched {count} anew");
            }
            Step::Sweep => {
                let count = store.sweep(JobClass::Small, Priority::High, 0).await?;
                anyhow::ensure!(count == self.model.redispatch(), "swept {count}");
            }
            Step::Submit => {}
            of_one => self.take_of_one(of_one).await?,
        }
        Ok(())
    }

    /// Steps that concern one job, when there is one of that number.
    async fn take_of_one(&mut self, step: &Step) -> anyhow::Result<()> {
        let (store, access) = (&self.house.store, Access::write(self.house.ann.user));
        let (Step::MarkDispatched { job, .. }
        | Step::Heartbeat { job, .. }
        | Step::End { job, .. }
        | Step::Expire { job }
        | Step::Cancel { job }
        | Step::Retry { job }
        | Step::HandOn { job, .. }) = step
        else {
            return Ok(());
        };
        let Some(id) = self.ids.get(*job).copied() else { return Ok(()) };
        let now = self.model.jobs[*job].clone();
        match step {
            Step::MarkDispatched { back, .. } => {
                let seq = now.dispatch_seq - back;
                store.mark_dispatched(&[pending(id, seq)]).await?;
                self.model.mark_dispatched(*job, seq);
            }
            Step::Heartbeat { back, worker, .. } => {
                let lease = Lease { job: id, attempt: now.attempt.saturating_sub(*back) };
                let renewed = store.heartbeat(WORKERS[*worker], &[lease], LEASE).await?;
                let expected = self.model.heartbeat(*job, lease.attempt, *worker);
                anyhow::ensure!(
                    renewed.first().map(|renewed| renewed.cancel_requested) == expected,
                    "renewed {renewed:?}"
                );
            }
            Step::End { back, said, .. } => {
                let lease = Lease { job: id, attempt: now.attempt.saturating_sub(*back) };
                let ended = store.end_attempt(lease, &ending(*said)).await?;
                let expected = self.model.end(*job, lease.attempt, *said);
                anyhow::ensure!(ended.as_ref().map(|ended| ended.state) == expected, "ended {ended:?}");
            }
            Step::Expire { .. } => {
                let held = self.model.expire(*job);
                if held {
                    self.house.expire(id).await?;
                }
            }
            Step::Cancel { .. } => {
                store.cancel(access, id, None).await?;
                self.model.cancel(*job);
            }
            Step::Retry { .. } => {
                store.retry(access, id, None).await?;
                self.model.retry(*job);
            }
            Step::HandOn { back, .. } => {
                let seq = now.dispatch_seq - back;
                let count = store.hand_on(&[(id, seq)], LEASE).await?;
                anyhow::ensure!((count == 1) == self.model.hand_on(*job, seq), "handed on {count}");
            }
            _ => {}
        }
        Ok(())
    }

    async fn claim(&mut self, entries: &[(usize, i64)], worker: usize) -> anyhow::Result<()> {
        let named: Vec<(usize, i64)> = entries
            .iter()
            .filter(|(job, _)| *job < self.ids.len())
            .map(|(job, back)| (*job, self.model.jobs[*job].dispatch_seq - back))
            .collect();
        let wanted: Vec<(JobId, i64)> = named.iter().map(|(job, seq)| (self.ids[*job], *seq)).collect();
        let claimed = self.house.store.claim(&wanted, Claimant::with_room(WORKERS[worker], LEASE, KNOWN)).await?;
        let mut claimed: Vec<(JobId, u32)> = claimed.iter().map(|claimed| (claimed.job, claimed.attempt)).collect();
        claimed.sort_unstable_by_key(|(job, _)| job.0);
        let expected = self.model.claim(&named, worker);
        let mut expected: Vec<(JobId, u32)> =
            expected.iter().map(|(job, attempt)| (self.ids[*job], *attempt)).collect();
        expected.sort_unstable_by_key(|(job, _)| job.0);
        anyhow::ensure!(claimed == expected, "claimed {claimed:?}, and should have {expected:?}");
        Ok(())
    }

    /// Every job as Postgres has it, in the order of the model.
    async fn stands(&self) -> anyhow::Result<Vec<Stands>> {
        let ids: Vec<uuid::Uuid> = self.ids.iter().map(|id| id.0).collect();
        Ok(sqlx::query_as(
            "SELECT j.state, j.attempt, j.dispatch_seq, j.crash_count, j.lease_expiries,
                    j.cancel_requested_at IS NOT NULL AS cancel_requested, o.dispatch_seq AS in_outbox,
                    (SELECT count(*) FROM e2i.results r WHERE r.job_id = j.id) AS results,
                    (SELECT count(*) FROM e2i.attempts a WHERE a.job_id = j.id) AS attempts,
                    (SELECT count(*) FROM e2i.attempts a WHERE a.job_id = j.id AND a.ended_at IS NULL) AS open_attempts
             FROM unnest($1::uuid[]) WITH ORDINALITY AS given(id, nth) JOIN e2i.jobs j USING (id)
             LEFT JOIN e2i.outbox o ON o.job_id = j.id ORDER BY given.nth",
        )
        .bind(ids)
        .fetch_all(self.house.store.pool())
        .await?)
    }
}

fn pending(job: JobId, dispatch_seq: i64) -> Pending {
    Pending { job, dispatch_seq, class: JobClass::Small, priority: Priority::High, traceparent: None }
}

fn ending(said: Said) -> Ending {
    let why = |reason| Failure { reason, detail: "as the sequence says".into() };
    match said {
        Said::Succeeded => Ending::Succeeded(json!({ "estimate": 3 })),
        Said::Failed => Ending::Failed(why(Reason::UserError)),
        Said::Cancelled => Ending::Cancelled,
        Said::Crashed => Ending::Retry { failure: why(Reason::Crash), after: std::time::Duration::ZERO },
        Said::HandedBack => Ending::HandedBack,
    }
}

async fn play(house: &House, steps: &[Step]) -> anyhow::Result<()> {
    // The reaper and a new epoch look at all jobs there are.
    sqlx::query("DELETE FROM e2i.jobs").execute(house.store.pool()).await?;
    let mut play = Play { house, ids: Vec::new(), model: Model::default() };
    for (nth, step) in steps.iter().enumerate() {
        let before = play.model.clone();
        let at = || format!("step {nth}, {step:?}, of {before:?}");
        play.take(step).await.map_err(|error| error.context(at()))?;
        let (stands, model) = (play.stands().await?, play.model.stands());
        anyhow::ensure!(stands == model, "{}: in Postgres\n{stands:?}\nin the model\n{model:?}", at());
        play.model.follows(&before)?;
    }
    Ok(())
}

#[test]
fn claims_keep_their_rules_whatever_happens() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let house = runtime.block_on(House::build()).unwrap();
    let config = Config { cases: 40, max_shrink_iters: 200, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&prop::collection::vec(step(), 20..60), |steps| {
        runtime.block_on(play(&house, &steps)).map_err(|error| TestCaseError::fail(format!("{error:#}")))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
