//! What runs here now, for whoever must not get in its way: the deployer builds no image beside a large job.
//!
//! `GET /load` on the private port and `e2i-worker load` tell the same; `e2i_jobs_running{class}` is the gauge.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use domain::job::JobClass;
use metrics::Gauge;
use serde::Serialize;

use crate::state::Worker;

/// Where [`router`] answers.
pub(crate) const PATH: &str = "/load";

/// How many jobs of each class run; clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Load {
    small: Arc<AtomicUsize>,
    large: Arc<AtomicUsize>,
}

/// One running job; counted until dropped.
#[derive(Debug)]
pub(crate) struct Running {
    load: Load,
    class: JobClass,
}

/// What `/load` answers.
#[derive(Debug, Serialize)]
struct Report {
    /// It was told to rest: it takes no new job.
    resting: bool,
    /// It was told to end: it takes no new job, and is gone once nothing runs.
    draining: bool,
    small: Class,
    large: Class,
}

/// Jobs of one class.
#[derive(Debug, Serialize)]
struct Class {
    /// At most so many compute at a time.
    places: usize,
    /// So many are claimed.
    running: usize,
}

impl Load {
    /// The gauges are there before the first job.
    pub(crate) fn begin() -> Self {
        for class in JobClass::ALL {
            gauge(class).set(0.0);
        }
        Self::default()
    }

    /// Counts a job of that class until what is given is dropped.
    pub(crate) fn of_one_more(&self, class: JobClass) -> Running {
        self.count(class).fetch_add(1, Relaxed);
        gauge(class).increment(1.0);
        Running { load: self.clone(), class }
    }

    /// Jobs of that class that run.
    pub(crate) fn running(&self, class: JobClass) -> usize {
        self.count(class).load(Relaxed)
    }

    fn count(&self, class: JobClass) -> &AtomicUsize {
        match class {
            JobClass::Small => &self.small,
            JobClass::Large => &self.large,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.load.count(self.class).fetch_sub(1, Relaxed);
        gauge(self.class).decrement(1.0);
    }
}

/// The route of the private port.
pub(crate) fn router(worker: &Worker) -> Router {
    Router::new().route(PATH, get(report)).with_state(worker.clone())
}

async fn report(State(worker): State<Worker>) -> Json<Report> {
    let class = |class, places| Class { places, running: worker.load.running(class) };
    Json(Report {
        resting: worker.shutdown.is_resting(),
        draining: worker.shutdown.soft.is_cancelled(),
        small: class(JobClass::Small, worker.config.concurrency),
        large: class(JobClass::Large, worker.config.large_concurrency),
    })
}

fn gauge(class: JobClass) -> Gauge {
    metrics::gauge!("e2i_jobs_running", "class" => class.as_str())
}
