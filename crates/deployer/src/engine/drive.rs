//! Takes one deployment through its steps: each is in the journal before it is taken, has a time limit, and can be ended
//! by a person.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chassis::clock::SharedClock;
use tokio_util::sync::CancellationToken;

use super::steps::{Ended, Trouble};
use super::{Engine, Halt, Worked};
use crate::journal::logs::LogWriter;
use crate::journal::{Record, Taken};
use crate::machine::{Event, State, Step};
use crate::ports::Log;
use crate::view::StepState;

/// The log of a deployment, for the step that is taken.
pub(crate) struct StepLog {
    writer: Arc<Mutex<LogWriter>>,
    clock: SharedClock,
    step: Option<Step>,
    last: Mutex<String>,
    /// Containers that are not ready yet, and why.
    waits: Mutex<BTreeMap<String, String>>,
}

impl Log for StepLog {
    fn line(&self, line: &str) {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.add(self.clock.now(), self.step, line);
        line.clone_into(&mut self.last.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl StepLog {
    /// Notes that a container is not ready, and says so where the reason is another one than before.
    pub(crate) fn waits_for(&self, container: &str, why: &str) {
        let mut waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
        if waits.insert(container.to_owned(), why.to_owned()).as_deref() != Some(why) {
            self.line(&format!("{container} is not ready: {why}"));
        }
    }

    /// It is ready.
    pub(crate) fn waits_no_more_for(&self, container: &str) {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner).remove(container);
    }

    /// What it was busy with: what it waits for, else its last line.
    fn unfinished(&self) -> String {
        let waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
        if waits.is_empty() {
            return self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        }
        let each = waits.iter().map(|(container, why)| format!("{container} is not ready: {why}"));
        each.collect::<Vec<_>>().join(", ")
    }
}

/// Between two tries of a step back.
const BACK_PAUSE: Duration = Duration::from_secs(5);

/// How taking a step ended.
enum Took {
    Ended(Result<Ended, Trouble>),
    TooLong,
    Cancelled(String),
}

impl Engine {
    /// Goes on with the deployment until it is not under way any more.
    pub(crate) async fn drive(&self, mut record: Record, stop: &CancellationToken) -> Worked<()> {
        let writer = self.steadily(stop, || self.journal.log_writer(record.id)).await?;
        let writer = Arc::new(Mutex::new(writer));
        let say = |step: Option<Step>| StepLog {
            writer: Arc::clone(&writer),
            clock: Arc::clone(&self.clock),
            step,
            last: Mutex::default(),
            waits: Mutex::default(),
        };
        let mut announced = None;
        while let Some(step) = record.machine.step() {
            if record.state() == State::TakingBack && announced != Some(State::TakingBack) {
                announced = Some(State::TakingBack);
                say(None).line(&format!("taking back: {}", record.machine.reason().unwrap_or_default()));
            }
            if record.state() == State::Running
                && let Some(why) = self.journal.cancel_of(record.id)?
            {
                self.happened(&mut record, Event::Cancel(why), stop).await?;
                if record.machine.step() != Some(step) {
                    continue;
                }
            }
            let log = say(Some(step));
            let taken = self.steadily(stop, || self.journal.begin_step(record.id, step, self.now())).await?;
            let took = self.take(step, &mut record, &log, stop).await?;
            let event = self.write_end(taken, step, took, &log, stop).await?;
            let is_again = record.state() == State::TakingBack && !matches!(event, Event::Done(_));
            self.happened(&mut record, event, stop).await?;
            if is_again && record.machine.step() == Some(step) {
                // What was in the way may be gone by then: a person is called after the third time.
                self.pace.sleep(BACK_PAUSE).await;
            }
        }
        let words = record.machine.reason().map(|reason| format!(": {reason}")).unwrap_or_default();
        say(None).line(&format!("#{} is {}{words}", record.id, record.state().name().replace('_', " ")));
        Ok(())
    }

    async fn happened(&self, record: &mut Record, event: Event, stop: &CancellationToken) -> Worked<()> {
        let (machine, effects) = record.machine.on(event);
        record.machine = machine;
        self.carry_out(record, &effects, stop).await
    }

    async fn take(&self, step: Step, record: &mut Record, log: &StepLog, halt: &CancellationToken) -> Worked<Took> {
        let (id, is_forward) = (record.id, record.state() == State::Running);
        let limit = self.limit(step);
        let taking = self.step(step, record, log, halt);
        tokio::select! {
            biased;
            () = halt.cancelled() => Err(Halt::Stopped),
            why = self.wait_for_cancel(id), if is_forward && step != Step::Migrate => Ok(Took::Cancelled(why?)),
            ended = taking => match ended {
                Err(Trouble::Halt(why)) => Err(why),
                ended => Ok(Took::Ended(ended)),
            },
            () = self.pace.sleep(limit) => Ok(Took::TooLong),
        }
    }

    async fn wait_for_cancel(&self, id: crate::release::DeploymentId) -> Worked<String> {
        loop {
            let asked = self.cancelled.notified();
            if let Some(why) = self.journal.cancel_of(id)? {
                return Ok(why);
            }
            asked.await;
        }
    }

    /// Writes down how the step ended; gives what that is to the machine.
    async fn write_end(
        &self,
        taken: Taken,
        step: Step,
        took: Took,
        log: &StepLog,
        end: &CancellationToken,
    ) -> Worked<Event> {
        let (state, detail, disk, event) = match took {
            Took::Ended(Ok(Ended { skipped, detail, disk_bytes })) => {
                let state = if skipped { StepState::Skipped } else { StepState::Done };
                (state, detail, disk_bytes, Event::Done(step))
            }
            Took::Ended(Err(Trouble::Refused(why))) => {
                (StepState::Failed, why.clone(), None, Event::Refused(step, why))
            }
            Took::Ended(Err(Trouble::Failed(why))) => {
                (StepState::Failed, why.clone(), None, Event::Failed(step, format!("{step}: {why}")))
            }
            Took::Ended(Err(Trouble::Halt(halt))) => return Err(halt),
            Took::TooLong => {
                let last = log.unfinished();
                let last = if last.is_empty() { last } else { format!("; last: {last}") };
                let why = format!("it took longer than {} s{last}", self.limit(step).as_secs());
                (StepState::Failed, why.clone(), None, Event::TimedOut(step, format!("{step}: {why}")))
            }
            Took::Cancelled(why) => (StepState::Failed, why.clone(), None, Event::Cancel(why)),
        };
        if !detail.is_empty() {
            log.line(&detail);
        }
        self.steadily(end, || self.journal.end_step(taken, state, &detail, disk, self.now())).await?;
        Ok(event)
    }

    /// How long a step may take.
    pub(crate) fn limit(&self, step: Step) -> Duration {
        let settings = &self.settings;
        let ending = settings.drain_deadline + 3 * settings.stop_grace;
        match step {
            Step::Preflight | Step::Configure | Step::Canary | Step::Wake => Duration::from_mins(3),
            Step::Images => Duration::from_hours(1),
            Step::Migrate => Duration::from_mins(15),
            Step::Workers | Step::Web | Step::Restore => settings.ready_within,
            Step::Switch | Step::SwitchBack | Step::Verify | Step::VerifyBack => Duration::from_mins(1),
            Step::Soak => settings.soak.max(settings.rollback_soak) + Duration::from_mins(1),
            Step::Drain | Step::Retire => ending + Duration::from_mins(1),
        }
    }
}
