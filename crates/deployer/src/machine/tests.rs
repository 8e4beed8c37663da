//! Every event in every state, and the promises that no sequence of events can break.

use proptest::prelude::*;

use super::*;

fn steps() -> impl Strategy<Value = Step> {
    proptest::sample::select(Step::ALL.to_vec())
}

fn phases() -> impl Strategy<Value = Phase> {
    let why = || "why".to_owned();
    prop_oneof![
        Just(Phase::Pending),
        (steps(), 0_u32..6, proptest::option::of(Just(why()))).prop_map(|(step, resumes, cancel)| Phase::Forward {
            step,
            resumes,
            cancel
        }),
        (steps(), 0_u32..6, 0_u32..6).prop_map(move |(step, attempts, resumes)| Phase::Back {
            step,
            attempts,
            resumes,
            why: "why".to_owned()
        }),
        Just(Phase::Live),
        Just(Phase::Replaced),
        Just(Phase::TakenBack { why: why() }),
        Just(Phase::Failed { why: why() }),
        Just(Phase::Refused { why: why() }),
        Just(Phase::Cancelled { why: why() }),
        Just(Phase::Superseded { why: why() }),
        Just(Phase::Stuck { why: why(), words: why() }),
    ]
}

fn kinds() -> impl Strategy<Value = Kind> {
    proptest::sample::select(vec![Kind::Deploy, Kind::Rollback, Kind::Adopted])
}

fn events() -> impl Strategy<Value = Event> {
    let words = || "words".to_owned();
    prop_oneof![
        Just(Event::Begin),
        steps().prop_map(Event::Done),
        steps().prop_map(move |step| Event::Refused(step, words())),
        steps().prop_map(move |step| Event::Failed(step, words())),
        steps().prop_map(move |step| Event::TimedOut(step, words())),
        Just(Event::Cancel(words())),
        Just(Event::Supersede(words())),
        Just(Event::WentBad(words())),
        Just(Event::Replace(words())),
        Just(Event::Return),
        Just(Event::Resume),
        Just(Event::Retry),
    ]
}

/// What may happen to the step that is taken now, said with the right step.
fn happening(machine: &Machine, choice: u8) -> Event {
    let words = "words".to_owned();
    match (machine.step(), choice % 12) {
        (Some(step), 0..=5) => Event::Done(step),
        (Some(step), 6) => Event::Failed(step, words),
        (Some(step), 7) => Event::TimedOut(step, words),
        (Some(step), 8) => Event::Refused(step, words),
        (Some(_), 9) => Event::Cancel(words),
        (Some(_), _) => Event::Resume,
        (None, 0..=5) => Event::Begin,
        (None, 6..=8) => Event::WentBad(words),
        (None, 9) => Event::Retry,
        (None, 10) => Event::Replace(words),
        (None, _) => Event::Return,
    }
}

fn ended(state: State) -> bool {
    !state.is_open()
}

proptest! {
    /// Every event in every state, also those that cannot come about: answered, never a panic, at most one step taken,
    /// and a step is taken exactly when the machine says it is in one.
    #[test]
    fn every_event_in_every_state(kind in kinds(), phase in phases(), event in events()) {
        let before = Machine { kind, phase };
        let (after, effects) = before.on(event.clone());
        let taken: Vec<Step> =
            effects.iter().filter_map(|effect| if let Effect::Take(step) = effect { Some(*step) } else { None }).collect();
        prop_assert!(taken.len() <= 1);
        if let Some(step) = taken.first() {
            prop_assert_eq!(after.step(), Some(*step));
        }
        prop_assert_eq!(after.kind, kind);
        // Live without verify: never. (An adopted one, and one that returns, were live before.)
        if after.phase == Phase::Live && before.phase != Phase::Live {
            let last = kind.forward().last().copied();
            let verified = matches!(&event, Event::Done(step) if Some(*step) == last && before.step() == last);
            prop_assert!(verified || event == Event::Return);
        }
        // What has ended says why, and stays ended but for a person's retry or a return.
        if matches!(before.state(), State::TakenBack | State::Failed | State::Refused | State::Cancelled | State::Superseded) {
            prop_assert_eq!(&after, &before);
            prop_assert!(after.reason().is_some());
        }
        // Taking back leads nowhere but back, to taken back or to stuck with words.
        if before.state() == State::TakingBack {
            prop_assert!(matches!(after.state(), State::TakingBack | State::TakenBack | State::Stuck));
            prop_assert!(after.reason().is_some_and(|words| !words.is_empty()));
        }
        // A step that has touched something is never just left.
        if before.state() == State::Running && before.step().is_some_and(Step::has_impact) && kind != Kind::Adopted {
            prop_assert!(!matches!(after.state(), State::Failed | State::Refused | State::Cancelled));
        }
    }

    /// From the beginning, by whatever happens: it ends, and only as it may.
    #[test]
    fn every_course_ends(rollback in any::<bool>(), choices in proptest::collection::vec(any::<u8>(), 0..200)) {
        let kind = if rollback { Kind::Rollback } else { Kind::Deploy };
        let mut machine = Machine::pending(kind);
        let mut went_back = false;
        let mut taken: Vec<Step> = Vec::new();
        for choice in choices {
            let event = happening(&machine, choice);
            let (next, effects) = machine.on(event);
            taken.extend(effects.iter().filter_map(|effect| if let Effect::Take(step) = effect { Some(*step) } else { None }));
            machine = next;
            went_back |= machine.state() == State::TakingBack;
            if went_back {
                // Live again only by the return of one that was replaced; a taken back one never is.
                prop_assert!(matches!(machine.state(), State::TakingBack | State::TakenBack | State::Stuck));
            }
        }
        // Nothing but the course of its kind was taken: a rollback neither builds nor migrates, back never migrates.
        for step in &taken {
            prop_assert!(kind.forward().contains(step) || kind.back().contains(step));
        }
        let first_back = taken.iter().position(|step| step.is_back()).unwrap_or(taken.len());
        prop_assert!(taken[first_back..].iter().all(|step| step.is_back()));
        // Whatever happened, doing nothing but well from here on ends it.
        for _ in 0..40 {
            if let Some(step) = machine.step() {
                machine = machine.on(Event::Done(step)).0;
            } else if machine.phase == Phase::Pending {
                machine = machine.on(Event::Begin).0;
            }
        }
        prop_assert!(ended(machine.state()));
    }

    /// A deployer that is killed between any two steps ends where one that is not killed ends.
    #[test]
    fn a_resumed_run_ends_where_an_uninterrupted_one_ends(
        rollback in any::<bool>(),
        happenings in proptest::collection::vec((0_u8..9, 0_u32..=RESUMES), 0..60),
    ) {
        let kind = if rollback { Kind::Rollback } else { Kind::Deploy };
        let (mut whole, mut killed) = (Machine::pending(kind).on(Event::Begin).0, Machine::pending(kind).on(Event::Begin).0);
        let mut budget = RESUMES;
        for (choice, kills) in happenings {
            if whole.step().is_none() {
                break;
            }
            let at = killed.step();
            for _ in 0..kills.min(budget) {
                let (next, effects) = killed.on(Event::Resume);
                prop_assert_eq!(effects, at.map(|step| vec![Effect::Take(step)]).unwrap_or_default());
                killed = next;
            }
            // A step that is tried again keeps its count.
            budget = budget.saturating_sub(kills);
            let event = happening(&whole, choice);
            whole = whole.on(event.clone()).0;
            killed = killed.on(event).0;
            if killed.step() != at {
                budget = RESUMES;
            }
            prop_assert_eq!(whole.state(), killed.state());
            prop_assert_eq!(whole.step(), killed.step());
            prop_assert_eq!(whole.reason(), killed.reason());
        }
    }
}

#[test]
fn workers_roll_before_gateways_forward_and_after_them_going_back() {
    let place = |course: &[Step], step: Step| course.iter().position(|other| *other == step).unwrap();
    let deploy = Kind::Deploy.forward();
    assert!(place(deploy, Step::Workers) < place(deploy, Step::Switch));
    let rollback = Kind::Rollback.forward();
    assert!(place(rollback, Step::Switch) < place(rollback, Step::Workers));
    assert!(place(Kind::Deploy.back(), Step::SwitchBack) < place(Kind::Deploy.back(), Step::Wake));
    // Taking a rollback back goes forward.
    assert!(place(Kind::Rollback.back(), Step::Wake) < place(Kind::Rollback.back(), Step::SwitchBack));
}

#[test]
fn going_back_never_builds_and_never_migrates() {
    for step in Kind::Rollback.forward().iter().chain(Kind::Deploy.back()).chain(Kind::Rollback.back()) {
        assert!(!matches!(step, Step::Images | Step::Migrate | Step::Configure), "{step}");
    }
    for kind in [Kind::Deploy, Kind::Rollback] {
        assert_eq!(kind.forward().last(), Some(&Step::Verify));
        assert_eq!(kind.back().last(), Some(&Step::VerifyBack));
    }
}

#[test]
fn a_migration_is_finished_before_a_cancel_is_honoured() {
    let machine =
        Machine { kind: Kind::Deploy, phase: Phase::Forward { step: Step::Migrate, resumes: 0, cancel: None } };
    let (waiting, effects) = machine.on(Event::Cancel("ann".to_owned()));
    assert_eq!((waiting.state(), effects), (State::Running, Vec::new()));
    // A kill in between does not forget it.
    let (resumed, _) = waiting.on(Event::Resume);
    let (ended, effects) = resumed.on(Event::Done(Step::Migrate));
    assert_eq!((ended.state(), effects), (State::Cancelled, vec![Effect::Announce]));
}

#[test]
fn names_are_read_as_they_are_written() {
    for state in State::ALL {
        assert_eq!(State::named(state.name()), Some(state));
        assert_eq!(serde_json::to_value(state).unwrap(), state.name());
    }
    for step in Step::ALL {
        assert_eq!(Step::named(step.name()), Some(step));
        assert_eq!(serde_json::to_value(step).unwrap(), step.name());
    }
}
