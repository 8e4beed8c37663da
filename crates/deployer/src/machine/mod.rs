//! How a deployment goes: a pure state machine. No input and output, no clock; every event is answered in every state.
//!
//! ```text
//! pending ── begin ──► forward(step) ── last step done ──► live ── a later one is live ──► replaced
//!    │                   │      │                            │
//!    │ superseded,       │      │ a step with impact went    │ bad within the watch window
//!    │ cancelled         │      ▼ wrong, or cancelled        ▼
//!    ▼                   │     back(step) ◄──────────────────┘
//!  ended                 │      │      │
//!                        ▼      ▼      ▼ three times in one step
//!        failed, refused,   taken back  stuck ── retried by a person ──► back
//!        cancelled: nothing
//!        had been touched
//! ```
//!
//! A machine is what the journal holds of a deployment's course; [`Machine::on`] gives the next one and the effects that
//! the engine carries out. The engine writes the machine *before* it takes a step, so a deployer that was killed finds the
//! step that it may have been in, and takes it again: every step is safe to repeat.

mod words;

use serde::{Deserialize, Serialize};

pub use words::{Kind, State, Step};

/// How often a step back is tried before a person is called.
pub const BACK_ATTEMPTS: u32 = 3;

/// How often a step is resumed before it counts as what ends the deployer.
pub const RESUMES: u32 = 3;

/// The course of one deployment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// What it is: which steps it has.
    pub kind: Kind,
    /// Where it is.
    pub phase: Phase,
}

/// Where a deployment is in its course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum Phase {
    /// Not begun.
    Pending,
    /// A step forward is taken.
    Forward {
        /// Which.
        step: Step,
        /// How often it was taken up again after the deployer had been ended in it.
        resumes: u32,
        /// Why it is to end once the step has ended; for steps that are not broken off.
        cancel: Option<String>,
    },
    /// A step back is taken.
    Back {
        /// Which.
        step: Step,
        /// How often it was tried already.
        attempts: u32,
        /// How often it was taken up again.
        resumes: u32,
        /// Why it is taken back.
        why: String,
    },
    /// What runs.
    Live,
    /// Was live.
    Replaced,
    /// Its impact is undone.
    TakenBack {
        /// Why.
        why: String,
    },
    /// Ended without impact.
    Failed {
        /// Why.
        why: String,
    },
    /// Not begun, or not gone on with, for a reason.
    Refused {
        /// The reason.
        why: String,
    },
    /// Ended by a person.
    Cancelled {
        /// By whom.
        why: String,
    },
    /// A newer one took its place.
    Superseded {
        /// Which.
        why: String,
    },
    /// A person is needed.
    Stuck {
        /// Why it was taken back.
        why: String,
        /// What did not work, and what to do.
        words: String,
    },
}

/// What can happen to a deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It is its turn.
    Begin,
    /// The step ended well, or had nothing to do.
    Done(Step),
    /// The step found a reason not to go on; nothing was tried.
    Refused(Step, String),
    /// The step ended badly.
    Failed(Step, String),
    /// The step took too long and was broken off.
    TimedOut(Step, String),
    /// Somebody ends it.
    Cancel(String),
    /// A newer one takes its place.
    Supersede(String),
    /// It is live, and looks bad.
    WentBad(String),
    /// A later one is live.
    Replace(String),
    /// It was live before one that has been taken back, and is again.
    Return,
    /// The deployer was started and finds it as it is.
    Resume,
    /// A person wants what is stuck to be tried again.
    Retry,
}

/// What the engine does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Takes the step; the machine is in the journal before.
    Take(Step),
    /// Drops what the step is doing.
    Abort(Step),
    /// It is live: the one before is replaced, the watch window begins.
    GoLive,
    /// The one before is live again.
    GiveBack,
    /// It has ended, or waits for a person: say so.
    Announce,
}

impl Machine {
    /// A deployment that waits.
    #[must_use]
    pub fn pending(kind: Kind) -> Self {
        Self { kind, phase: Phase::Pending }
    }

    /// What ran before the deployer came: live without a step, because nothing was changed.
    #[must_use]
    pub fn adopted() -> Self {
        Self { kind: Kind::Adopted, phase: Phase::Live }
    }

    /// Where it stands, in the words of the API.
    #[must_use]
    pub fn state(&self) -> State {
        match self.phase {
            Phase::Pending => State::Pending,
            Phase::Forward { .. } => State::Running,
            Phase::Back { .. } => State::TakingBack,
            Phase::Live => State::Live,
            Phase::Replaced => State::Replaced,
            Phase::TakenBack { .. } => State::TakenBack,
            Phase::Failed { .. } => State::Failed,
            Phase::Refused { .. } => State::Refused,
            Phase::Cancelled { .. } => State::Cancelled,
            Phase::Superseded { .. } => State::Superseded,
            Phase::Stuck { .. } => State::Stuck,
        }
    }

    /// The step that is taken now.
    #[must_use]
    pub fn step(&self) -> Option<Step> {
        match self.phase {
            Phase::Forward { step, .. } | Phase::Back { step, .. } => Some(step),
            _ => None,
        }
    }

    /// Why it is where it is, where there is something to say.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        match &self.phase {
            Phase::Back { why, .. }
            | Phase::TakenBack { why }
            | Phase::Failed { why }
            | Phase::Refused { why }
            | Phase::Cancelled { why }
            | Phase::Superseded { why } => Some(why.clone()),
            Phase::Stuck { why, words } => Some(format!("{words} (taken back because: {why})")),
            Phase::Pending | Phase::Forward { .. } | Phase::Live | Phase::Replaced => None,
        }
    }

    /// What follows. An event that means nothing here changes nothing and has no effect.
    #[must_use]
    pub fn on(&self, event: Event) -> (Self, Vec<Effect>) {
        let next = match &self.phase {
            Phase::Pending => self.while_pending(event),
            Phase::Forward { step, resumes, cancel } => self.while_forward(*step, *resumes, cancel.as_deref(), event),
            Phase::Back { step, attempts, resumes, why } => self.while_back(*step, *attempts, *resumes, why, event),
            Phase::Live => self.while_live(event),
            Phase::Replaced if event == Event::Return => Some((Phase::Live, Vec::new())),
            Phase::Stuck { why, words } => self.while_stuck(why, words, event),
            _ => None,
        };
        match next {
            Some((phase, effects)) => (Self { kind: self.kind, phase }, effects),
            None => (self.clone(), Vec::new()),
        }
    }

    fn while_pending(&self, event: Event) -> Option<(Phase, Vec<Effect>)> {
        match event {
            Event::Begin => self.kind.forward().first().map(|step| forward(*step)),
            Event::Cancel(why) => Some((Phase::Cancelled { why }, vec![Effect::Announce])),
            Event::Supersede(why) => Some((Phase::Superseded { why }, vec![Effect::Announce])),
            _ => None,
        }
    }

    fn while_forward(
        &self,
        step: Step,
        resumes: u32,
        cancel: Option<&str>,
        event: Event,
    ) -> Option<(Phase, Vec<Effect>)> {
        match event {
            Event::Done(done) if done == step => Some(match (cancel, after(self.kind.forward(), step)) {
                (Some(why), _) => self.give_up(step, why.to_owned(), false),
                (None, Some(next)) => forward(next),
                (None, None) => (Phase::Live, vec![Effect::GoLive, Effect::Announce]),
            }),
            Event::Refused(at, why) if at == step && !step.has_impact() => {
                Some((Phase::Refused { why }, vec![Effect::Announce]))
            }
            Event::Refused(at, why) | Event::Failed(at, why) | Event::TimedOut(at, why) if at == step => {
                Some(self.end_badly(step, why))
            }
            Event::Cancel(why) if is_finished_first(step) => {
                Some((Phase::Forward { step, resumes, cancel: Some(why) }, Vec::new()))
            }
            Event::Cancel(why) => Some(self.give_up(step, why, true)),
            Event::Resume if resumes >= RESUMES => {
                let why = format!("{step}: the deployer was ended {} times in this step", resumes + 1);
                Some(self.end_badly(step, why))
            }
            Event::Resume => {
                let cancel = cancel.map(str::to_owned);
                Some((Phase::Forward { step, resumes: resumes + 1, cancel }, vec![Effect::Take(step)]))
            }
            _ => None,
        }
    }

    fn while_back(
        &self,
        step: Step,
        attempts: u32,
        resumes: u32,
        why: &str,
        event: Event,
    ) -> Option<(Phase, Vec<Effect>)> {
        let why = why.to_owned();
        match event {
            Event::Done(done) if done == step => Some(match after(self.kind.back(), step) {
                Some(next) => back(next, why),
                None => (Phase::TakenBack { why }, vec![Effect::GiveBack, Effect::Announce]),
            }),
            Event::Refused(at, words) | Event::Failed(at, words) | Event::TimedOut(at, words) if at == step => {
                if attempts + 1 < BACK_ATTEMPTS {
                    let phase = Phase::Back { step, attempts: attempts + 1, resumes, why };
                    return Some((phase, vec![Effect::Take(step)]));
                }
                Some(stuck(step, why, &format!("tried {BACK_ATTEMPTS} times, last: {words}")))
            }
            Event::Resume if resumes >= RESUMES => {
                Some(stuck(step, why, &format!("the deployer was ended {} times in it", resumes + 1)))
            }
            Event::Resume => {
                Some((Phase::Back { step, attempts, resumes: resumes + 1, why }, vec![Effect::Take(step)]))
            }
            _ => None,
        }
    }

    fn while_live(&self, event: Event) -> Option<(Phase, Vec<Effect>)> {
        match event {
            // What was adopted has nothing to go back to.
            Event::WentBad(why) => self.kind.back().first().map(|step| back(*step, why)),
            Event::Replace(_) => Some((Phase::Replaced, Vec::new())),
            _ => None,
        }
    }

    fn while_stuck(&self, why: &str, words: &str, event: Event) -> Option<(Phase, Vec<Effect>)> {
        match event {
            Event::Retry => self.kind.back().first().map(|step| back(*step, why.to_owned())),
            Event::Replace(by) => {
                let why = format!("{why}; taking back had not worked by itself ({words}), and {by}");
                Some((Phase::TakenBack { why }, vec![Effect::Announce]))
            }
            _ => None,
        }
    }

    fn end_badly(&self, step: Step, why: String) -> (Phase, Vec<Effect>) {
        match self.kind.back().first() {
            Some(first) if step.has_impact() => back(*first, why),
            _ => (Phase::Failed { why }, vec![Effect::Announce]),
        }
    }

    fn give_up(&self, step: Step, why: String, abort: bool) -> (Phase, Vec<Effect>) {
        let (phase, effects) = match self.kind.back().first() {
            Some(first) if step.has_impact() => back(*first, why),
            _ => (Phase::Cancelled { why }, vec![Effect::Announce]),
        };
        let abort = abort.then_some(Effect::Abort(step));
        (phase, abort.into_iter().chain(effects).collect())
    }
}

/// A migration under way is not broken off: half of it may be committed, and the database knows better when it is safe.
fn is_finished_first(step: Step) -> bool {
    step == Step::Migrate
}

fn after(course: &[Step], step: Step) -> Option<Step> {
    let place = course.iter().position(|other| *other == step)?;
    course.get(place + 1).copied()
}

fn forward(step: Step) -> (Phase, Vec<Effect>) {
    (Phase::Forward { step, resumes: 0, cancel: None }, vec![Effect::Take(step)])
}

fn back(step: Step, why: String) -> (Phase, Vec<Effect>) {
    (Phase::Back { step, attempts: 0, resumes: 0, why }, vec![Effect::Take(step)])
}

fn stuck(step: Step, why: String, what: &str) -> (Phase, Vec<Effect>) {
    let words = format!(
        "{step} did not work: {what}. Look at the log, mend what it names, then order `resume` (tries to take back \
         again), a rollback to a kept release, or a deploy"
    );
    (Phase::Stuck { why, words }, vec![Effect::Announce])
}

#[cfg(test)]
mod tests;
