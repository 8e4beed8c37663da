//! Histories by hand and by chance: sound ones are left alone, each kind of damage is seen.

use proptest::prelude::*;
use serde_json::json;

use super::*;

const JOB: Uuid = Uuid::from_u128(1);

fn step(nth: u64, from: JobState, to: JobState, attempts: (i32, i32), by: &str) -> Step {
    Step {
        nth,
        at_s: nth as f64,
        job: JOB,
        kind: StepKind::Changed,
        from: Some(from),
        to: Some(to),
        from_attempt: Some(attempts.0),
        attempt: Some(attempts.1),
        from_dispatch_seq: Some(1),
        dispatch_seq: Some(1),
        expired: false,
        lease_until_s: None,
        by: Some(by.to_owned()),
    }
}

fn submitted() -> Step {
    Step {
        kind: StepKind::Submitted,
        from: None,
        from_attempt: None,
        ..step(0, JobState::Queued, JobState::Queued, (0, 0), "g")
    }
}

fn result(nth: u64) -> Step {
    Step { kind: StepKind::Result, ..step(nth, JobState::Queued, JobState::Queued, (1, 1), "w1") }
}

fn claim(nth: u64, attempt: i32, by: &str) -> Step {
    step(nth, JobState::Queued, JobState::Running, (attempt - 1, attempt), by)
}

fn end(nth: u64, to: JobState, attempt: i32, by: &str) -> Step {
    step(nth, JobState::Running, to, (attempt, attempt), by)
}

fn reaped(nth: u64, attempt: i32) -> Step {
    Step { expired: true, lease_until_s: Some(nth as f64 - 0.5), ..end(nth, JobState::Queued, attempt, "w2") }
}

/// A job that ended with that state after those steps, asked for once.
fn observed(steps: Vec<Step>, state: JobState) -> Observed {
    let result = (state == JobState::Succeeded).then(|| json!({ "estimate": 3.0 }));
    Observed {
        asked: vec![Asked {
            key: "a".to_owned(),
            question: Question::Canary,
            answered: BTreeSet::from([JOB]),
            cancels: 0,
            retries: 0,
        }],
        steps: std::iter::once(submitted()).chain(steps).collect(),
        jobs: vec![FinalJob { id: JOB, key: Some("a".to_owned()), state, failure: None, result }],
        expected: BTreeMap::from([(Question::Canary, json!({ "estimate": 3.0 }))]),
    }
}

fn counts(observed: &Observed) -> [usize; 4] {
    let verdict = check(observed);
    [verdict.lost.len(), verdict.doubled.len(), verdict.illegal.len(), verdict.wrong.len()]
}

fn sound() -> Vec<Step> {
    vec![claim(1, 1, "w1"), reaped(3, 1), claim(4, 2, "w2"), end(5, JobState::Succeeded, 2, "w2"), result(6)]
}

#[test]
fn a_sound_history_is_clean_and_its_recovery_is_timed() {
    let verdict = check(&observed(sound(), JobState::Succeeded));
    assert!(verdict.is_clean(), "{verdict:?}");
    assert_eq!(verdict.recoveries_s, [1.5]);
}

#[test]
fn a_job_that_stays_or_goes_is_lost() {
    assert_eq!(counts(&observed(vec![], JobState::Queued)), [1, 0, 0, 0]);
    assert_eq!(counts(&observed(vec![claim(1, 1, "w1")], JobState::Running)), [1, 0, 0, 0]);
    let gone = Observed { jobs: vec![], ..observed(sound(), JobState::Succeeded) };
    assert_eq!(counts(&gone), [1, 0, 0, 0]);
    let mut unanswered = observed(sound(), JobState::Succeeded);
    unanswered.asked[0].answered.clear();
    assert_eq!(counts(&unanswered), [1, 0, 0, 0]);
}

#[test]
fn two_claims_at_once_are_seen() {
    let taken = step(2, JobState::Running, JobState::Running, (1, 2), "w2");
    let steps = vec![claim(1, 1, "w1"), taken, end(3, JobState::Succeeded, 2, "w2"), result(4)];
    assert_eq!(counts(&observed(steps, JobState::Succeeded)), [0, 1, 0, 0]);
}

#[test]
fn an_attempt_given_out_twice_is_seen() {
    let steps =
        vec![claim(1, 1, "w1"), reaped(2, 1), claim(3, 1, "w2"), end(4, JobState::Succeeded, 1, "w2"), result(5)];
    assert_eq!(counts(&observed(steps, JobState::Succeeded)), [0, 1, 1, 0], "and its number fell meanwhile");
}

#[test]
fn a_zombies_ending_is_seen() {
    let steps =
        vec![claim(1, 1, "w1"), reaped(2, 1), claim(3, 2, "w2"), end(4, JobState::Succeeded, 2, "w1"), result(5)];
    assert_eq!(counts(&observed(steps, JobState::Succeeded)), [0, 1, 0, 0]);
}

#[test]
fn a_second_success_and_its_result_are_seen() {
    let mut steps = sound();
    steps.extend([step(7, JobState::Succeeded, JobState::Succeeded, (2, 2), "w1"), result(8)]);
    assert_eq!(counts(&observed(steps, JobState::Succeeded)), [0, 2, 0, 0]);
}

#[test]
fn edges_that_are_not_there_or_not_asked_for_are_seen() {
    let after_success = step(7, JobState::Succeeded, JobState::Queued, (2, 2), "g");
    let mut steps = sound();
    steps.push(after_success);
    assert_eq!(counts(&observed(steps, JobState::Succeeded))[2], 2, "no such edge, and no retry was asked for");
    let cancelled = step(1, JobState::Queued, JobState::Cancelled, (0, 0), "g");
    let mut unasked = observed(vec![cancelled], JobState::Cancelled);
    assert_eq!(counts(&unasked), [0, 0, 1, 0]);
    unasked.asked[0].cancels = 1;
    assert_eq!(counts(&unasked), [0; 4]);
}

#[test]
fn results_are_compared_and_failures_need_a_reason() {
    let mut wrong = observed(sound(), JobState::Succeeded);
    wrong.jobs[0].result = Some(json!({ "estimate": 4.0 }));
    assert_eq!(counts(&wrong), [0, 0, 0, 1]);
    let steps = vec![claim(1, 1, "w1"), end(2, JobState::Failed, 1, "w1")];
    let mut failed = observed(steps, JobState::Failed);
    assert_eq!(counts(&failed), [0, 0, 0, 1]);
    failed.jobs[0].failure = Some(json!({ "reason": "crash", "detail": "killed" }));
    assert_eq!((counts(&failed), check(&failed).failed), ([0; 4], 1));
}

#[test]
fn one_key_has_one_job() {
    let mut two = observed(sound(), JobState::Succeeded);
    two.jobs.push(FinalJob { id: Uuid::from_u128(2), ..two.jobs[0].clone() });
    assert_eq!(counts(&two), [0, 1, 0, 0]);
}

/// A sound life: claims, each reaped, handed back or ended, by any of three workers.
fn sound_life() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((0..3_usize, any::<bool>()), 1..6).prop_map(|attempts| {
        let (mut steps, mut nth, last) = (Vec::new(), 1, attempts.len());
        for (index, (worker, expires)) in attempts.into_iter().enumerate() {
            let (attempt, by) = (i32::try_from(index + 1).unwrap(), format!("w{worker}"));
            steps.push(claim(nth, attempt, &by));
            steps.push(match (index + 1 == last, expires) {
                (true, _) => end(nth + 1, JobState::Succeeded, attempt, &by),
                (false, true) => reaped(nth + 1, attempt),
                (false, false) => end(nth + 1, JobState::Queued, attempt, &by),
            });
            nth += 2;
        }
        steps.push(result(nth));
        steps
    })
}

proptest! {
    #[test]
    fn sound_lives_are_clean(steps in sound_life()) {
        prop_assert!(check(&observed(steps, JobState::Succeeded)).is_clean());
    }

    #[test]
    fn a_step_that_is_missing_or_doubled_is_seen(
        steps in sound_life(), at in any::<prop::sample::Index>(), twice in any::<bool>(),
    ) {
        let mut steps = steps;
        // The result comes last and is compared as it stands in the end.
        let at = at.index(steps.len() - 1);
        if twice {
            steps.insert(at, steps[at].clone());
        } else {
            steps.remove(at);
        }
        let still_ends = steps.iter().any(|step| step.to == Some(JobState::Succeeded) && step.kind == StepKind::Changed);
        prop_assume!(still_ends);
        prop_assert!(!check(&observed(steps, JobState::Succeeded)).is_clean());
    }
}
