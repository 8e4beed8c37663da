//! Following a deployment: its log, its steps, its state, as they come.
//!
//! Files and journal are looked at again and again rather than listened to: then it makes no difference whether this
//! process runs the deployment or another one does, and who comes back after a pause has lost nothing.

use std::collections::VecDeque;
use std::time::Duration;

use futures::Stream;

use crate::handle::{Deployer, Result};
use crate::journal::logs::LogReader;
use crate::release::DeploymentId;
use crate::view::{Followed, StepView, Summary};

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// At most so many lines are held at once.
const LINES: usize = 1_000;

struct Following {
    deployer: Deployer,
    id: DeploymentId,
    reader: LogReader,
    steps: Vec<StepView>,
    summary: Option<Summary>,
    ready: VecDeque<Followed>,
    has_ended: bool,
}

impl Deployer {
    /// Follows a deployment from the line after `after` on, until it has ended.
    ///
    /// # Errors
    /// There is no such deployment.
    #[expect(clippy::unused_async, reason = "orders and views are asked alike")]
    pub async fn follow(&self, id: DeploymentId, after: u64) -> Result<impl Stream<Item = Followed> + Send + use<>> {
        self.found(id)?;
        let following = Following {
            deployer: self.clone(),
            id,
            reader: self.engine.journal.log_reader(id, after),
            steps: Vec::new(),
            summary: None,
            ready: VecDeque::new(),
            has_ended: false,
        };
        Ok(futures::stream::unfold(following, |mut following| async move {
            loop {
                if let Some(next) = following.ready.pop_front() {
                    return Some((next, following));
                }
                if following.has_ended {
                    return None;
                }
                if let Err(cause) = following.look() {
                    tracing::warn!(%cause, id = following.id.0, "a deployment cannot be followed any more");
                    return None;
                }
                if following.ready.is_empty() {
                    tokio::time::sleep(LOOK_EVERY).await;
                }
            }
        }))
    }
}

impl Following {
    fn look(&mut self) -> Result<()> {
        // The state first: lines are written before the state that they lead to.
        let record = self.deployer.found(self.id)?;
        let steps = self.deployer.steps_of(&record)?;
        let lines = self.reader.next(LINES)?;
        let is_all = lines.len() < LINES;
        self.ready.extend(lines.into_iter().map(Followed::Line));
        for step in &steps {
            if !self.steps.iter().any(|before| is_same_step(before, step)) {
                self.ready.push_back(Followed::Step(step.clone()));
            }
        }
        self.steps = steps;
        let summary = record.summary(self.deployer.engine.now());
        let is_known = self.summary.as_ref().is_some_and(|before| {
            let seconds = before.seconds;
            *before == Summary { seconds, ..summary.clone() }
        });
        if !is_known {
            self.ready.push_back(Followed::State(Box::new(summary.clone())));
            self.summary = Some(summary);
        }
        if is_all && !record.state().is_open() {
            self.ready.push_back(Followed::End);
            self.has_ended = true;
        }
        Ok(())
    }
}

/// The time that a running step takes so far is no news.
fn is_same_step(before: &StepView, now: &StepView) -> bool {
    before.step == now.step
        && before.state == now.state
        && before.started_at == now.started_at
        && before.detail == now.detail
}
