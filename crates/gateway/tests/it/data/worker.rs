//! Plays the worker by hand, with the calls that a real one makes.

use std::time::Duration;

use domain::agents;
use domain::ids::JobId;
use domain::job::{Failure, JobState, Reason};
use domain::progress::{Envelope, EventId, JobEvent, Progress};
use queue::{Published, Queue};
use serde_json::Value;
use store::Store;
use store::attempts::{Claimant, Claimed, Ended, Ending, Lease};

use crate::house::House;

pub(crate) struct Worker {
    pub(crate) store: Store,
    pub(crate) queue: Queue,
}

impl Worker {
    pub(crate) async fn of(house: &House) -> Self {
        let text = |name: &str| house.env.get(name).unwrap().to_owned();
        let store = gateway::state::connect(&text("DATABASE_URL"), 5).await.unwrap();
        let queue = Queue::open(&text("REDIS_URL"), &text("REDIS_KEY_PREFIX")).unwrap();
        Self { store, queue }
    }

    pub(crate) async fn claim(&self, job: &str) -> Claimed {
        let job: JobId = job.parse().unwrap();
        let statement = sqlx::query_scalar("SELECT dispatch_seq FROM e2i.jobs WHERE id = $1").bind(job.0);
        let dispatch_seq: i64 = statement.fetch_one(self.store.pool()).await.unwrap();
        let known: Vec<_> = agents::all().iter().map(|agent| (agent.name, agent.version)).collect();
        let claimed = self
            .store
            .claim(&[(job, dispatch_seq)], Claimant::with_room("worker-1", Duration::from_secs(30), &known))
            .await;
        claimed.unwrap().pop().unwrap()
    }

    /// Claims a job and says so.
    pub(crate) async fn begin(&self, job: &str) -> Claimed {
        let claimed = self.claim(job).await;
        let event = JobEvent::State { state: JobState::Running, failure: None };
        assert_eq!(self.tell(&claimed, 1, event).await, Published::Told);
        claimed
    }

    pub(crate) async fn tell(&self, claimed: &Claimed, seq: u64, event: JobEvent) -> Published {
        let (job, workspace, owner, attempt) = (claimed.job, claimed.workspace, claimed.owner, claimed.attempt);
        self.queue.publish(&Envelope { job, workspace, owner, attempt, seq, event }).await.unwrap()
    }

    pub(crate) async fn progress(&self, claimed: &Claimed, seq: u64, fraction: f64) {
        let event = JobEvent::Progress(Progress { fraction, step: format!("step {seq}"), remaining_s: None });
        assert_eq!(self.tell(claimed, seq, event).await, Published::Told);
    }

    /// Ends the attempt in Postgres, and says nothing.
    pub(crate) async fn end_silently(&self, claimed: &Claimed, ending: &Ending) -> Ended {
        let lease = Lease { job: claimed.job, attempt: claimed.attempt };
        self.store.end_attempt(lease, ending).await.unwrap().unwrap()
    }

    /// Ends the attempt and says so.
    pub(crate) async fn end(&self, claimed: &Claimed, ending: &Ending) {
        let ended = self.end_silently(claimed, ending).await;
        let EventId { attempt, seq } = EventId::outside(ended.attempt, ended.at_ms);
        let event = JobEvent::State { state: ended.state, failure: ended.failure };
        let (job, workspace, owner) = (ended.job, ended.workspace, ended.owner);
        self.queue.publish(&Envelope { job, workspace, owner, attempt, seq, event }).await.unwrap();
    }

    /// Runs a job to its end.
    pub(crate) async fn run(&self, job: &str, result: Value) {
        let claimed = self.begin(job).await;
        self.progress(&claimed, 2, 0.5).await;
        self.end(&claimed, &Ending::Succeeded(result)).await;
    }
}

pub(crate) fn failed(detail: &str) -> Ending {
    Ending::Failed(Failure { reason: Reason::UserError, detail: detail.to_owned() })
}
