//! What is asked of the platform and what is done to it, all drawn from one seed before anything begins.
//!
//! The same seed gives the same plan. When each step meets which state of the processes is up to the machine, so a run is
//! not repeated to the letter; the plan is.

use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

/// How much to do.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Jobs to submit.
    pub jobs: usize,
    /// Clients that submit them.
    pub clients: usize,
    /// Workers there are.
    pub workers: usize,
    /// Gateways there are.
    pub gateways: usize,
    /// Jobs a worker runs at a time: few make a queue.
    pub places: usize,
    /// About how long the submits take.
    pub span_s: u64,
}

/// What a job is to compute; the same question has the same answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// A canary.
    Canary,
    /// An effect on the NSW table, by difference in means.
    Means,
    /// The same by regression.
    Regression,
    /// A canary whose child aborts: it has to fail.
    Abort,
}

impl Question {
    /// Those that have an answer.
    pub const ANSWERED: [Self; 3] = [Self::Canary, Self::Means, Self::Regression];
}

/// One thing a client does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Submits a job, until it is answered.
    Submit {
        /// What.
        question: Question,
        /// How long a canary works.
        work_ms: u32,
        /// Whether to send it once more after it was answered.
        again: bool,
    },
    /// Cancels the client's job of that number.
    Cancel(usize),
    /// Tries the client's job of that number again.
    Retry(usize),
}

/// An operation, and how long the client rests before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The rest.
    pub rest_ms: u64,
    /// What.
    pub op: Op,
}

/// Something that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// `kill -9` of a worker.
    KillWorker(usize),
    /// `kill -9` of some of a worker's children.
    KillChild(usize),
    /// `kill -9` of a gateway.
    KillGateway(usize),
    /// SIGSTOP of a worker for longer than its lease, then SIGCONT.
    FreezeWorker(usize),
    /// SIGTERM of a worker: it drains, and is started anew.
    DrainWorker(usize),
    /// `kill -9` of Redis; its append-only file stays.
    KillRedis,
    /// FLUSHALL.
    FlushRedis,
    /// `kill -9` of Redis, which loses everything.
    WipeRedis,
    /// Redis goes on from an older append-only file.
    OlderRedis,
    /// A random half of the entries waiting on the job streams is deleted.
    LoseEntries,
    /// Postgres is stopped in order and started.
    RestartPostgres,
    /// `kill -9` of Postgres.
    KillPostgres,
    /// Nothing passes between a worker and Postgres.
    PartitionPostgres(usize),
    /// A worker's questions reach Postgres, the answers do not come back.
    DeafToPostgres(usize),
    /// All connections of a worker to Postgres are refused.
    RefusePostgres(usize),
    /// Everything between all processes and Postgres is slow.
    SlowPostgres,
    /// All connections to Postgres are reset.
    CutPostgres,
    /// All connections to Postgres are reset after the next question was done and before its answer.
    SwallowPostgres,
    /// Nothing passes between a worker and Redis.
    PartitionRedis(usize),
    /// Nothing passes between any process and Redis.
    PartitionRedisFromAll,
    /// All connections to Redis are reset.
    CutRedis,
    /// All connections to Redis are reset after the next question was done and before its answer.
    SwallowRedis,
    /// Everything between all processes and Redis is slow.
    SlowRedis,
    /// A worker's clock jumps, and back.
    WorkerClock {
        /// Which.
        worker: usize,
        /// How far.
        by_s: i64,
    },
    /// A gateway's clock jumps, and back.
    GatewayClock {
        /// Which.
        gateway: usize,
        /// How far.
        by_s: i64,
    },
}

/// A fault, when, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act {
    /// After the end of the one before.
    pub after_ms: u64,
    /// What.
    pub fault: Fault,
    /// How long it stays, where it is not over at once.
    pub for_ms: u64,
}

/// All that will be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What each client does.
    pub clients: Vec<Vec<Turn>>,
    /// What goes wrong: every kind once a round, in random order, enough rounds for any run.
    pub rounds: Vec<Vec<Act>>,
}

/// Which faults a run has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// All.
    All,
    /// Those that make two workers hold entries of one job.
    DoubledEntries,
    /// Those that make zombies and endings of unknown outcome.
    Zombies,
}

const ROUNDS: usize = 100;

impl Plan {
    /// Draws it.
    #[must_use]
    pub fn draw(seed: u64, size: &Size, selection: Selection) -> Self {
        let generator = |stream| {
            let mut generator = ChaCha8Rng::seed_from_u64(seed);
            generator.set_stream(stream);
            generator
        };
        let client = |number: usize| {
            let jobs = size.jobs / size.clients + usize::from(number < size.jobs % size.clients);
            draw_client(&mut generator(number as u64 + 1), jobs, size.span_s)
        };
        let mut faults = generator(0);
        let rounds = (0..ROUNDS).map(|_| draw_round(&mut faults, size, selection)).collect();
        Self { clients: (0..size.clients).map(client).collect(), rounds }
    }
}

fn draw_client(generator: &mut ChaCha8Rng, jobs: usize, span_s: u64) -> Vec<Turn> {
    let mean_rest_ms = span_s * 1000 / (jobs as u64).max(1);
    let mut turns = Vec::new();
    for nth in 0..jobs {
        let question = match generator.random_range(0..100) {
            0..2 => Question::Abort,
            2..6 => Question::Means,
            6..8 => Question::Regression,
            _ => Question::Canary,
        };
        let work_ms = match generator.random_range(0..100) {
            0..10 => generator.random_range(3000..6000),
            10..40 => generator.random_range(300..2000),
            _ => generator.random_range(0..100),
        };
        let again = generator.random_bool(0.1);
        let rest_ms = generator.random_range(0..=2 * mean_rest_ms);
        turns.push(Turn { rest_ms, op: Op::Submit { question, work_ms, again } });
        if generator.random_bool(0.1) {
            let op = Op::Cancel(generator.random_range(nth.saturating_sub(5)..=nth));
            turns.push(Turn { rest_ms: generator.random_range(0..300), op });
        }
        if generator.random_bool(0.06) {
            let op = Op::Retry(generator.random_range(nth.saturating_sub(20)..=nth));
            turns.push(Turn { rest_ms: generator.random_range(0..300), op });
        }
    }
    turns
}

fn draw_round(generator: &mut ChaCha8Rng, size: &Size, selection: Selection) -> Vec<Act> {
    let mut faults = match selection {
        Selection::All => all_faults(generator, size),
        Selection::DoubledEntries => vec![
            Fault::SwallowPostgres,
            Fault::OlderRedis,
            Fault::SwallowRedis,
            Fault::KillRedis,
            Fault::OlderRedis,
            Fault::KillRedis,
        ],
        Selection::Zombies => {
            let mut worker = || generator.random_range(0..size.workers);
            vec![
                Fault::SwallowPostgres,
                Fault::FreezeWorker(worker()),
                Fault::DeafToPostgres(worker()),
                Fault::FreezeWorker(worker()),
                Fault::SwallowPostgres,
                Fault::PartitionPostgres(worker()),
            ]
        }
    };
    faults.shuffle(generator);
    let act =
        |fault| Act { after_ms: generator.random_range(300..1200), fault, for_ms: generator.random_range(800..2500) };
    faults.into_iter().map(act).collect()
}

fn all_faults(generator: &mut ChaCha8Rng, size: &Size) -> Vec<Fault> {
    let hours = |generator: &mut ChaCha8Rng| {
        let hours = i64::from(generator.random_range(1..=6));
        if generator.random_bool(0.5) { hours * 3600 } else { hours * -3600 }
    };
    let (workers, gateways) = (0..size.workers, 0..size.gateways);
    let mut worker = || generator.random_range(workers.clone());
    let mut faults = vec![
        Fault::KillWorker(worker()),
        Fault::KillChild(worker()),
        Fault::FreezeWorker(worker()),
        Fault::DrainWorker(worker()),
        Fault::PartitionPostgres(worker()),
        Fault::DeafToPostgres(worker()),
        Fault::RefusePostgres(worker()),
        Fault::PartitionRedis(worker()),
    ];
    faults.extend([
        Fault::KillRedis,
        Fault::FlushRedis,
        Fault::WipeRedis,
        Fault::OlderRedis,
        Fault::LoseEntries,
        Fault::RestartPostgres,
        Fault::KillPostgres,
        Fault::SlowPostgres,
        Fault::CutPostgres,
        Fault::SwallowPostgres,
        Fault::PartitionRedisFromAll,
        Fault::CutRedis,
        Fault::SwallowRedis,
        Fault::SlowRedis,
    ]);
    let (worker, gateway) = (generator.random_range(workers), generator.random_range(gateways.clone()));
    faults.push(Fault::WorkerClock { worker, by_s: hours(generator) });
    faults.push(Fault::GatewayClock { gateway, by_s: hours(generator) });
    faults.push(Fault::KillGateway(generator.random_range(gateways)));
    faults
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const SIZE: Size = Size { jobs: 101, clients: 4, workers: 3, gateways: 2, places: 16, span_s: 10 };

    #[test]
    fn the_same_seed_gives_the_same_plan_and_another_another() {
        let plan = Plan::draw(7, &SIZE, Selection::All);
        assert_eq!(plan, Plan::draw(7, &SIZE, Selection::All));
        assert_ne!(plan, Plan::draw(8, &SIZE, Selection::All));
    }

    #[test]
    fn a_plan_submits_all_jobs_and_every_round_has_every_kind_of_fault() {
        let plan = Plan::draw(1, &SIZE, Selection::All);
        let submits = plan.clients.iter().flatten().filter(|turn| matches!(turn.op, Op::Submit { .. })).count();
        assert_eq!(submits, SIZE.jobs);
        let kinds = |round: &Vec<Act>| round.iter().map(|act| std::mem::discriminant(&act.fault)).collect::<Vec<_>>();
        for round in &plan.rounds {
            assert_eq!(kinds(round).len(), 25);
            let distinct: BTreeSet<String> =
                round.iter().map(|act| format!("{:?}", std::mem::discriminant(&act.fault))).collect();
            assert_eq!(distinct.len(), 25);
        }
    }
}
