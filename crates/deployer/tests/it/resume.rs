//! The deployer is killed: at every call it makes, before and after its effect. It ends where it would have ended.

use deployer::machine::{Phase, State, Step};
use deployer::release::{DeploymentId, Service};

use crate::paper::{Fault, Kill};
use crate::rig::Rig;

/// A release of everything, killed as told; `None`: not killed. Gives how many calls it took.
async fn release(fault: Option<Fault>, kill: Option<Kill>) -> (Rig, usize, usize) {
    let mut rig = Rig::new().await;
    let commit = rig.world.commit("Change all", &Service::ALL);
    if let Some(fault) = fault {
        rig.world.fault(&commit, fault);
    }
    let before = rig.world.state().calls.len();
    rig.world.state().kill = kill.map(|kill| match kill {
        Kill::Before(call) => Kill::Before(before + call),
        Kill::After(call) => Kill::After(before + call),
    });
    rig.push(&commit).await;
    let ended = |rig: &Rig| rig.state_of(2).is_some_and(|state| !state.is_open());
    let is_armed = kill.is_some();
    rig.until("killed or ended", |rig| (is_armed && rig.world.state().kill.is_none()) || ended(rig)).await;
    if is_armed && rig.world.state().kill.is_none() {
        rig.restart().await;
        rig.until("ended", ended).await;
    }
    let after = rig.world.state().calls.len();
    (rig, before, after - before)
}

/// Every call of the course killed once before and once after its effect.
async fn killed_everywhere(fault: Option<Fault>, state: State, live: i64) {
    let (rig, _, calls) = release(fault, None).await;
    assert_eq!(rig.state_of(2), Some(state));
    rig.assert_sound(live);
    let names = rig.world.state().calls.clone();
    drop(rig);
    for call in 1..=calls {
        for kill in [Kill::Before(call), Kill::After(call)] {
            let (rig, before, _) = release(fault, Some(kill)).await;
            let name = names.get(before + call - 1).cloned().unwrap_or_default();
            assert_eq!(rig.state_of(2), Some(state), "{kill:?} ({name}): {}", rig.reason_of(2));
            rig.assert_sound(live);
            let migrations = rig.world.state().migrations_run.len();
            assert!(migrations <= 1, "{kill:?} ({name}): {migrations} migrations");
            assert_eq!(rig.state_of(3), None, "{kill:?} ({name}): one push is one deployment");
        }
    }
}

#[tokio::test]
async fn killed_at_every_call_of_a_good_release() {
    killed_everywhere(None, State::Live, 2).await;
}

#[tokio::test]
async fn killed_at_every_call_of_one_that_is_taken_back() {
    killed_everywhere(Some(Fault::WrongCanary), State::TakenBack, 1).await;
}

#[tokio::test]
async fn killed_at_every_call_of_a_rollback() {
    let prepared = || async {
        let mut rig = Rig::new().await;
        let commit = rig.world.commit("Change all", &Service::ALL);
        rig.push(&commit).await;
        assert_eq!(rig.until_ended(2).await, State::Live);
        rig
    };
    let mut call = 0;
    loop {
        call += 1;
        let mut rig = prepared().await;
        rig.deployer().rollback(DeploymentId(1), "ann@example.org", false).await.unwrap();
        let before = rig.world.state().calls.len();
        rig.world.state().kill = Some(Kill::After(before + call));
        let ended = |rig: &Rig| rig.state_of(3).is_some_and(|state| !state.is_open());
        rig.until("killed or ended", |rig| rig.world.state().kill.is_none() || ended(rig)).await;
        let was_killed = rig.world.state().kill.is_none();
        if was_killed {
            rig.restart().await;
        }
        assert_eq!(rig.until_ended(3).await, State::Live, "call {call}");
        rig.assert_sound(3);
        if !was_killed {
            break;
        }
    }
    assert!(call > 20, "{call}");
}

#[tokio::test]
async fn a_reboot_in_the_middle() {
    for comes_back in [true, false] {
        let mut rig = Rig::new().await;
        let commit = rig.world.commit("Change all", &Service::ALL);
        rig.push(&commit).await;
        rig.until("switched", |rig| rig.world.serves().as_deref() == Some(commit.as_str())).await;
        rig.kill().await;
        rig.world.reboot(comes_back);
        rig.boot();
        let state = rig.until_ended(2).await;
        let live = rig.deployer().journal().live().unwrap().unwrap().id.0;
        assert_eq!(live, if state == State::Live { 2 } else { 1 });
        rig.assert_sound(live);
    }
}

#[tokio::test]
async fn a_reboot_while_nothing_is_under_way() {
    let mut rig = Rig::new().await;
    let commit = rig.world.commit("Change all", &Service::ALL);
    rig.push(&commit).await;
    assert_eq!(rig.until_ended(2).await, State::Live);
    rig.pass(chrono::TimeDelta::minutes(40)).await;
    rig.kill().await;
    rig.world.reboot(false);
    rig.boot();
    rig.pass(chrono::TimeDelta::minutes(1)).await;
    rig.assert_sound(2);
}

#[tokio::test]
async fn the_engine_is_slower_than_the_deployer() {
    let mut rig = Rig::new().await;
    rig.kill().await;
    rig.world.state().is_engine_away = true;
    rig.boot();
    rig.pass(chrono::TimeDelta::minutes(1)).await;
    rig.world.state().is_engine_away = false;
    let commit = rig.world.commit("Change", &Service::ROLLED);
    rig.push(&commit).await;
    assert_eq!(rig.until_ended(2).await, State::Live);
    rig.assert_sound(2);
}

#[tokio::test]
async fn a_step_that_ends_the_deployer_again_and_again_is_taken_back() {
    let mut rig = Rig::new().await;
    let commit = rig.world.commit("Change all", &Service::ALL);
    rig.push(&commit).await;
    for times in 0..4 {
        let is_soaked = |rig: &Rig| {
            let phase = rig.record(2).map(|record| record.machine.phase);
            matches!(phase, Some(Phase::Forward { step: Step::Soak, resumes, .. }) if resumes == times)
        };
        rig.until("the soak is taken again", is_soaked).await;
        rig.restart().await;
    }
    assert_eq!(rig.until_ended(2).await, State::TakenBack);
    assert!(rig.reason_of(2).contains("the deployer was ended 4 times in this step"), "{}", rig.reason_of(2));
    rig.assert_sound(1);
}

#[tokio::test]
async fn two_deployers_never_lead_at_once() {
    let rig = Rig::new().await;
    let clock = rig.world.time.clock.clone();
    let settings = rig.settings.clone();
    let second = deployer::handle::Deployer::open(settings, rig.world.ports(), clock);
    let words = second.err().unwrap().to_string();
    assert!(words.contains("only one may run"), "{words}");
}

#[tokio::test]
async fn the_deployer_replaces_itself_last_and_says_how_it_went() {
    let mut rig = Rig::asleep();
    rig.settings.revision = Some("old".to_owned());
    rig.boot();
    rig.until("adopted", |rig| rig.state_of(1) == Some(State::Live)).await;
    let commit = rig.world.commit("Change all", &Service::ALL);
    rig.push(&commit).await;
    assert_eq!(rig.until_ended(2).await, State::Live);
    assert!(rig.world.state().self_updates.is_empty(), "not before the watch window is over");
    rig.until("begun", |rig| !rig.world.state().self_updates.is_empty()).await;
    assert_eq!(rig.world.state().self_updates, [commit.to_string()]);
    // The new one comes up.
    rig.settings.revision = Some(commit.to_string());
    rig.restart().await;
    rig.pass(chrono::TimeDelta::minutes(20)).await;
    assert!(rig.deployer().journal().self_updating().unwrap().is_none());
    assert_eq!(rig.world.state().self_updates.len(), 1);
    // The next one does not: the old one is back, says so and does not try again.
    let commit = rig.world.commit("Change the deployer", &[Service::Deployer]);
    rig.push(&commit).await;
    rig.until("begun", |rig| rig.world.state().self_updates.len() == 2).await;
    rig.restart().await;
    rig.pass(chrono::TimeDelta::minutes(20)).await;
    assert!(rig.deployer().journal().self_updating().unwrap().unwrap().failed);
    assert_eq!(rig.world.state().self_updates.len(), 2);
    rig.assert_sound(3);
}
