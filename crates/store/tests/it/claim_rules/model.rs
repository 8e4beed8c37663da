//! What jobs should be, in memory.

use domain::job::{JobState, MAX_CRASHES, MAX_LEASE_EXPIRIES};
use sqlx::FromRow;

use super::Said;

/// A job of the model.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ModelJob {
    pub(super) state: JobState,
    pub(super) attempt: u32,
    pub(super) dispatch_seq: i64,
    crashes: i32,
    expiries: i32,
    cancel_requested: bool,
    on_redis: bool,
    /// Who holds the present attempt, and whether the lease has run out.
    holder: Option<usize>,
    expired: bool,
    results: i64,
}

/// All jobs of the model.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub(super) jobs: Vec<ModelJob>,
}

/// What can be seen of a job in Postgres.
#[derive(Debug, PartialEq, FromRow)]
pub(super) struct Stands {
    state: String,
    attempt: i32,
    dispatch_seq: i64,
    crash_count: i32,
    lease_expiries: i32,
    cancel_requested: bool,
    /// The number in its outbox row.
    in_outbox: Option<i64>,
    results: i64,
    attempts: i64,
    open_attempts: i64,
}

impl ModelJob {
    fn holds(&self, attempt: u32) -> bool {
        self.state == JobState::Running && self.attempt == attempt
    }

    fn is_waiting(&self, dispatch_seq: i64) -> bool {
        self.state == JobState::Queued && self.dispatch_seq == dispatch_seq
    }

    /// The attempt is over: the job goes there, or to its end where it was cancelled or has crashed too often.
    fn leave(&mut self, next: JobState) {
        self.state = next;
        (self.holder, self.expired, self.on_redis) = (None, false, false);
        self.dispatch_seq += i64::from(next == JobState::Queued);
    }

    fn again(&mut self) {
        self.dispatch_seq += 1;
        self.on_redis = false;
    }
}

impl Model {
    pub(super) fn submit(&mut self) {
        self.jobs.push(ModelJob {
            state: JobState::Queued,
            attempt: 0,
            dispatch_seq: 1,
            crashes: 0,
            expiries: 0,
            cancel_requested: false,
            on_redis: false,
            holder: None,
            expired: false,
            results: 0,
        });
    }

    pub(super) fn mark_dispatched(&mut self, job: usize, seq: i64) {
        let job = &mut self.jobs[job];
        job.on_redis |= job.is_waiting(seq);
    }

    /// Which are claimed, and as which attempt. A job that is named twice is claimed once.
    pub(super) fn claim(&mut self, entries: &[(usize, i64)], worker: usize) -> Vec<(usize, u32)> {
        let mut claimed = Vec::new();
        for (nth, seq) in entries {
            let job = &mut self.jobs[*nth];
            if job.is_waiting(*seq) {
                job.state = JobState::Running;
                job.attempt += 1;
                job.holder = Some(worker);
                claimed.push((*nth, job.attempt));
            }
        }
        claimed
    }

    /// Whether a cancel was asked for; nothing where the lease is not held.
    pub(super) fn heartbeat(&mut self, job: usize, attempt: u32, worker: usize) -> Option<bool> {
        let job = &mut self.jobs[job];
        let held = job.holds(attempt) && job.holder == Some(worker);
        // Late, and still in time: nobody has taken it.
        job.expired &= !held;
        held.then_some(job.cancel_requested)
    }

    /// The state it ends in; nothing where the attempt is not the present one.
    pub(super) fn end(&mut self, job: usize, attempt: u32, said: Said) -> Option<JobState> {
        let job = &mut self.jobs[job];
        if !job.holds(attempt) {
            return None;
        }
        job.crashes += i32::from(matches!(said, Said::Crashed));
        let next = match said {
            Said::Succeeded => JobState::Succeeded,
            Said::Failed => JobState::Failed,
            Said::Cancelled => JobState::Cancelled,
            Said::Crashed | Said::HandedBack if job.cancel_requested => JobState::Cancelled,
            Said::Crashed | Said::HandedBack if job.crashes >= MAX_CRASHES => JobState::Failed,
            Said::Crashed | Said::HandedBack => JobState::Queued,
        };
        job.results += i64::from(next == JobState::Succeeded);
        job.leave(next);
        Some(next)
    }

    /// Whether it had a lease that can run out.
    pub(super) fn expire(&mut self, job: usize) -> bool {
        let job = &mut self.jobs[job];
        job.expired |= job.state == JobState::Running;
        job.expired
    }

    /// How many are taken from their workers.
    pub(super) fn reap(&mut self) -> usize {
        let mut count = 0;
        for job in self.jobs.iter_mut().filter(|job| job.expired) {
            count += 1;
            job.expiries += 1;
            job.leave(match () {
                () if job.cancel_requested => JobState::Cancelled,
                () if job.expiries >= MAX_LEASE_EXPIRIES => JobState::Failed,
                () => JobState::Queued,
            });
        }
        count
    }

    pub(super) fn cancel(&mut self, job: usize) {
        let job = &mut self.jobs[job];
        job.cancel_requested |= !job.state.is_terminal();
        if job.state == JobState::Queued {
            job.state = JobState::Cancelled;
        }
    }

    pub(super) fn retry(&mut self, job: usize) {
        let job = &mut self.jobs[job];
        if matches!(job.state, JobState::Failed | JobState::Cancelled) {
            job.leave(JobState::Queued);
            (job.crashes, job.expiries, job.cancel_requested) = (0, 0, false);
        }
    }

    /// How many of those on Redis are dispatched anew.
    pub(super) fn redispatch(&mut self) -> u64 {
        let on_redis = |job: &&mut ModelJob| job.state == JobState::Queued && job.on_redis;
        self.jobs.iter_mut().filter(on_redis).map(ModelJob::again).count() as u64
    }

    /// Whether it was there to hand on.
    pub(super) fn hand_on(&mut self, job: usize, seq: i64) -> bool {
        let job = &mut self.jobs[job];
        let waiting = job.is_waiting(seq);
        if waiting {
            job.again();
        }
        waiting
    }

    pub(super) fn stands(&self) -> Vec<Stands> {
        let stands = |job: &ModelJob| Stands {
            state: job.state.to_string(),
            attempt: i32::try_from(job.attempt).unwrap(),
            dispatch_seq: job.dispatch_seq,
            crash_count: job.crashes,
            lease_expiries: job.expiries,
            cancel_requested: job.cancel_requested,
            // A queued job is on Redis or has its row: never neither, never both.
            in_outbox: (job.state == JobState::Queued && !job.on_redis).then_some(job.dispatch_seq),
            results: job.results,
            attempts: i64::from(job.attempt),
            open_attempts: i64::from(job.state == JobState::Running),
        };
        self.jobs.iter().map(stands).collect()
    }

    /// What holds from one step to the next, whatever the step: legal edges, one result at most, numbers that only rise,
    /// and each claim raises the attempt by one.
    pub(super) fn follows(&self, before: &Self) -> anyhow::Result<()> {
        for (then, now) in before.jobs.iter().zip(&self.jobs) {
            anyhow::ensure!(then.state == now.state || then.state.may_become(now.state), "{then:?} became {now:?}");
            anyhow::ensure!(now.results <= 1 && now.dispatch_seq >= then.dispatch_seq, "{then:?} became {now:?}");
            let claimed = now.state == JobState::Running && then.state != JobState::Running;
            anyhow::ensure!(now.attempt == then.attempt + u32::from(claimed), "{then:?} became {now:?}");
        }
        Ok(())
    }
}
