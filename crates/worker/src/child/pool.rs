//! Children kept warm, so that a small job does not pay for the start of a process.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::job::{Failure, Reason};
use store::attempts::Claimed;

use super::Request;
use super::process::Child;
use crate::history;
use crate::state::Worker;

/// Idle children; clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Pool {
    idle: Arc<Mutex<Vec<Child>>>,
    /// At most so many are kept.
    keep: usize,
}

impl Pool {
    pub(crate) fn new(keep: usize) -> Self {
        Self { idle: Arc::default(), keep }
    }

    /// Starts children ahead of the first jobs, as many as the machine can use at once.
    pub(crate) fn warm_up(&self, worker: &Worker) {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        for _ in 0..self.keep.min(cores) {
            match Child::start(worker) {
                Ok(child) => self.put(child),
                // The first job says so again, and fails.
                Err(error) => return tracing::error!("a child process cannot be started: {error:#}"),
            }
        }
    }

    /// A child that computes this job: the one that was used last, whose memory is the warmest, else a new one.
    ///
    /// # Errors
    /// Why no child took the job.
    pub(crate) async fn ask(&self, worker: &Worker, claimed: &Claimed, limit_bytes: u64) -> Result<Child, Failure> {
        let crash = |detail: String| Failure { reason: Reason::Crash, detail };
        let request = request(worker, claimed, limit_bytes)
            .encode()
            .map_err(|error| crash(format!("the job cannot be passed to a child process: {error}")))?;
        while let Some(mut child) = self.take() {
            // One that died while it was idle took no job with it.
            if child.lives() && child.ask(&request).await.is_ok() {
                return Ok(child);
            }
        }
        let mut child =
            Child::start(worker).map_err(|error| crash(format!("the child process cannot start: {error:#}")))?;
        match child.ask(&request).await {
            Ok(()) => Ok(child),
            // It ended before it had read its request: how it ended says more than the torn pipe.
            Err(torn) => Err(child.died(&torn).await),
        }
    }

    /// Keeps a child whose job is done; ends it when there are enough.
    pub(crate) fn put(&self, child: Child) {
        let mut idle = self.idle();
        if idle.len() < self.keep {
            idle.push(child);
        }
    }

    /// Ends all idle children.
    pub(crate) fn clear(&self) {
        self.idle().clear();
    }

    fn take(&self) -> Option<Child> {
        self.idle().pop()
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Child>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn request(worker: &Worker, claimed: &Claimed, memory_limit_bytes: u64) -> Request {
    Request {
        agent: claimed.agent.clone(),
        parameters: claimed.parameters.clone(),
        table: claimed.table.clone(),
        output_key: claimed.output_key(),
        object_store_url: worker.config.object_store_url.clone(),
        object_store_options: worker.config.object_store_options.clone(),
        expected_s: history::expected_s(claimed),
        memory_limit_bytes,
    }
}
