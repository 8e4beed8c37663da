//! What goes wrong, and takes itself back.

use chrono::TimeDelta;
use deployer::machine::{State, Step};
use deployer::order::Options;
use deployer::release::{Commit, DeploymentId, Schema, Service};
use deployer::view::StepState;

use crate::paper::Fault;
use crate::rig::Rig;

/// Pushes a commit with the fault and waits for its end; what was live still is.
async fn goes_wrong(fault: Fault, ends: State, words: &str) -> (Rig, Commit) {
    let mut rig = Rig::new().await;
    let good = rig.world.commit("Good", &Service::ALL);
    rig.push(&good).await;
    assert_eq!(rig.until_ended(2).await, State::Live);
    let bad = rig.world.commit("Bad", &Service::ALL);
    rig.world.fault(&bad, fault);
    rig.push(&bad).await;
    assert_eq!(rig.until_ended(3).await, ends, "{}", rig.reason_of(3));
    assert!(rig.reason_of(3).contains(words), "{}", rig.reason_of(3));
    rig.assert_sound(2);
    assert_eq!(rig.world.serves().unwrap(), good.as_str());
    // It does not come back by itself: two ticks of the timer, and a restart.
    rig.pass(TimeDelta::minutes(11)).await;
    rig.restart().await;
    rig.pass(TimeDelta::minutes(6)).await;
    assert_eq!(rig.state_of(4), None);
    rig.assert_sound(2);
    (rig, bad)
}

#[tokio::test]
async fn a_build_that_fails() {
    let (rig, _) = goes_wrong(Fault::DoesNotBuild, State::Failed, "mismatched types").await;
    // Nothing that runs was touched.
    assert!(!rig.world.state().containers.keys().any(|name| name.contains("-r3-")));
}

#[tokio::test]
async fn a_migration_that_fails() {
    goes_wrong(Fault::MigrationFails, State::Failed, "does not exist").await;
}

#[tokio::test]
async fn a_migration_that_blocks() {
    goes_wrong(Fault::MigrationBlocks, State::Failed, "waiting for a lock").await;
}

#[tokio::test]
async fn an_invalid_configuration_of_nginx() {
    goes_wrong(Fault::InvalidConfiguration, State::Failed, "unknown directive").await;
}

#[tokio::test]
async fn an_image_that_starts_and_dies() {
    goes_wrong(Fault::Dies, State::TakenBack, "does not keep running").await;
}

#[tokio::test]
async fn never_ready() {
    goes_wrong(Fault::NeverReady, State::TakenBack, "503").await;
}

/// Another service that is ready by then is not the reason.
#[tokio::test]
async fn one_service_is_never_ready() {
    let mut rig = Rig::new().await;
    let bad = rig.world.commit("Bad", &[Service::Gateway]);
    rig.world.fault(&bad, Fault::NeverReady);
    rig.push(&bad).await;
    assert_eq!(rig.until_ended(2).await, State::TakenBack);
    let reason = rig.reason_of(2);
    assert!(reason.ends_with("gateway-1 is not ready: 503: the database does not answer"), "{reason}");
}

#[tokio::test]
async fn ready_with_the_wrong_revision() {
    let (rig, _) = goes_wrong(Fault::WrongRevision, State::TakenBack, "answers revision 0ld").await;
    // Waiting is no use: nobody waits until the time for it is over.
    let steps = rig.deployer().get(DeploymentId(3)).await.unwrap().steps;
    let failed = steps.iter().find(|step| step.state == StepState::Failed).unwrap();
    assert!(failed.seconds.unwrap() < 5.0, "{failed:?}");
}

#[tokio::test]
async fn ready_but_answers_500() {
    goes_wrong(Fault::Answers500, State::TakenBack, "requests failed").await;
}

#[tokio::test]
async fn a_soak_that_goes_bad_after_20_seconds() {
    let (rig, _) = goes_wrong(Fault::Answers500After(20), State::TakenBack, "requests failed").await;
    // Streams of the release that stays hang on nginx workers that a reload has told to end: they are told to come again.
    let calls = rig.world.state().calls.clone();
    let last = calls.iter().rposition(|call| call.starts_with("proxy.switch")).unwrap();
    let place = |name: &str| calls[last..].iter().position(|call| call == name);
    let told = place("runtime.signal e2i-r2-gateway-1 Rest").expect("its streams are told");
    assert!(place("runtime.signal e2i-r2-gateway-1 Wake").expect("and it serves on") > told);
    assert!(place("runtime.stop e2i-r3-gateway-1").expect("the other ends") > told);
}

#[tokio::test]
async fn a_canary_with_a_wrong_number() {
    let (rig, bad) = goes_wrong(Fault::WrongCanary, State::TakenBack, "1.731").await;
    let quarantine = rig.deployer().quarantine().await.unwrap();
    assert_eq!(quarantine.len(), 1);
    assert_eq!((&quarantine[0].commit.id, quarantine[0].deployment.0), (&bad, 3));
    // An explicit deploy brings it back, mended or not.
    rig.world.state().faults.clear();
    let id = rig.deploy(bad.as_str()).await;
    assert_eq!(rig.until_ended(id).await, State::Live);
    rig.assert_sound(id);
    assert!(rig.deployer().quarantine().await.unwrap().is_empty());
}

#[tokio::test]
async fn bad_in_the_watch_window() {
    // 5 minutes after the switch: live for more than 4.
    let (rig, _) = goes_wrong_late(Fault::Answers500After(300)).await;
    assert!(rig.reason_of(3).contains("after it was live"), "{}", rig.reason_of(3));
    // The old ones had been stopped; they were started again.
    let view = rig.deployer().get(DeploymentId(3)).await.unwrap();
    let restore = view.steps.iter().find(|view| view.step == Step::Restore).unwrap();
    assert_eq!(restore.state, StepState::Done);
}

async fn goes_wrong_late(fault: Fault) -> (Rig, Commit) {
    let mut rig = Rig::new().await;
    let good = rig.world.commit("Good", &Service::ALL);
    rig.push(&good).await;
    assert_eq!(rig.until_ended(2).await, State::Live);
    let bad = rig.world.commit("Bad", &Service::ALL);
    rig.world.fault(&bad, fault);
    rig.push(&bad).await;
    assert_eq!(rig.until_ended(3).await, State::Live);
    assert_eq!(rig.world.serves().unwrap(), bad.as_str());
    rig.until("taken back", |rig| rig.state_of(3) == Some(State::TakenBack)).await;
    rig.assert_sound(2);
    assert_eq!(rig.state_of(2), Some(State::Live));
    rig.pass(TimeDelta::minutes(11)).await;
    assert_eq!(rig.state_of(4), None);
    rig.assert_sound(2);
    (rig, bad)
}

#[tokio::test]
async fn the_canary_of_the_watch_window() {
    let mut rig = Rig::new().await;
    let commit = rig.world.commit("Bad later", &Service::ALL);
    rig.push(&commit).await;
    assert_eq!(rig.until_ended(2).await, State::Live);
    rig.world.fault(&commit, Fault::WrongCanary);
    rig.until("taken back", |rig| rig.state_of(2) == Some(State::TakenBack)).await;
    rig.assert_sound(1);
}

#[tokio::test]
async fn the_disk_is_full() {
    let mut rig = Rig::new().await;
    {
        let mut state = rig.world.state();
        state.disk.free_bytes = state.disk.total_bytes / 20;
        state.reclaims = false;
    }
    let commit = rig.world.commit("Change", &Service::ROLLED);
    rig.push(&commit).await;
    assert_eq!(rig.until_ended(2).await, State::Refused);
    assert!(rig.reason_of(2).contains("the disk is 95 % full"), "{}", rig.reason_of(2));
    rig.assert_sound(1);
    // Where room can be made it is made, before anything is built.
    rig.world.state().reclaims = true;
    let id = rig.deploy("main").await;
    assert_eq!(rig.until_ended(id).await, State::Live);
    rig.assert_sound(id);
    let calls = rig.world.state().calls.clone();
    let place = |name: &str| calls.iter().position(|call| call.starts_with(name)).unwrap();
    assert!(place("housekeeping.reclaim") < place("images.build"));
}

#[tokio::test]
async fn git_cannot_be_reached() {
    let mut rig = Rig::new().await;
    let commit = rig.world.commit("Change", &Service::ROLLED);
    rig.world.state().is_git_away = true;
    let delivery = rig.push(&commit).await;
    rig.pass(TimeDelta::minutes(2)).await;
    let outcome = rig.deployer().journal().delivery_outcome(&delivery).unwrap().unwrap();
    assert!(outcome.contains("cannot be reached"), "{outcome}");
    assert!(rig.deployer().deploy("main", "ann@example.org", Options::default()).await.is_err());
    rig.world.state().is_git_away = false;
    assert_eq!(rig.until_ended(2).await, State::Live);
    rig.assert_sound(2);
}

/// Begun, and then what the images come from is away: nothing that runs is touched, the reason is told, nobody is asked
/// faster than the timer says, the commit does not come again by itself, and the next push goes on.
#[tokio::test]
async fn git_or_the_registry_goes_away_under_a_release() {
    for (step, away) in [("preflight", "repository"), ("images", "repository"), ("images", "registry")] {
        let mut rig = Rig::new().await;
        let switch = |rig: &Rig, is_away: bool| {
            let mut state = rig.world.state();
            if away == "registry" { state.is_registry_away = is_away } else { state.is_git_away = is_away }
        };
        let commit = rig.world.commit("Change", &Service::ROLLED);
        // Right before the step first asks for it, when the commit has been decided on.
        let before = if step == "preflight" { "housekeeping.free_memory" } else { "source.commits" };
        rig.world.costs.lock().unwrap().insert(before, std::time::Duration::from_secs(1));
        rig.push(&commit).await;
        let is_right_before = |rig: &Rig| {
            let is_begun = rig.record(2).is_some_and(|record| record.machine.step() == Some(Step::Preflight));
            is_begun && rig.world.state().calls.last().is_some_and(|call| call.starts_with(before))
        };
        rig.until("right before", is_right_before).await;
        switch(&rig, true);
        assert_eq!(rig.until_ended(2).await, State::Failed, "{step}, {away}");
        let words = rig.reason_of(2);
        assert!(words.contains(&format!("the {away} cannot be reached")), "{words}");
        let view = rig.deployer().get(DeploymentId(2)).await.unwrap();
        let failed = view.steps.iter().find(|view| view.state == StepState::Failed).unwrap();
        assert_eq!(failed.step.name(), step, "{away}: {words}");
        rig.assert_sound(1);
        // An hour of it, with a restart in it: the timer looks every five minutes, and that is all.
        let begin = rig.world.state().calls.len();
        rig.pass(TimeDelta::minutes(30)).await;
        rig.restart().await;
        rig.pass(TimeDelta::minutes(30)).await;
        let asked = |rig: &Rig| -> usize {
            let state = rig.world.state();
            let asks = ["source.head", "source.is_on_branch", "source.checkout", "images.build"];
            state.calls[begin..].iter().filter(|call| asks.iter().any(|ask| call.starts_with(ask))).count()
        };
        assert!((10..=14).contains(&asked(&rig)), "{step}, {away}: asked {} times", asked(&rig));
        switch(&rig, false);
        rig.pass(TimeDelta::minutes(11)).await;
        assert_eq!(rig.state_of(3), None, "it was considered");
        let next = rig.world.commit("Next", &[Service::Gateway]);
        rig.push(&next).await;
        assert_eq!(rig.until_ended(3).await, State::Live);
        rig.assert_sound(3);
        assert_eq!(rig.world.serves().unwrap(), next.as_str());
    }
}

#[tokio::test]
async fn a_schema_that_the_live_release_cannot_read() {
    let mut rig = Rig::new().await;
    let commit = rig.world.commit("Contract", &Service::ROLLED);
    rig.world.state().schemas.insert(commit.to_string(), Schema { newest: 3, readable_by: 3 });
    rig.push(&commit).await;
    assert_eq!(rig.until_ended(2).await, State::Refused);
    assert!(rig.reason_of(2).contains("could not run on the database"), "{}", rig.reason_of(2));
    assert!(rig.world.state().migrations_run.is_empty());
    let options = Options { force: true, ..Options::default() };
    let id = rig.deployer().deploy("main", "ann@example.org", options).await.unwrap().id.0;
    assert_eq!(rig.until_ended(id).await, State::Live);
    rig.assert_sound(id);
}

#[tokio::test]
async fn back_does_not_work_either() {
    let mut rig = Rig::new().await;
    let bad = rig.world.commit("Bad", &Service::ROLLED);
    rig.world.fault(&bad, Fault::WrongCanary);
    // Every switch after the first fails.
    rig.push(&bad).await;
    rig.until("switched", |rig| rig.world.serves().as_deref() == Some(bad.as_str())).await;
    rig.world.state().fail.push(("proxy.switch", 3));
    assert_eq!(rig.until_ended(2).await, State::Stuck);
    let words = rig.reason_of(2);
    assert!(words.contains("switch_back") && words.contains("resume") && words.contains("1.731"), "{words}");
    let overview = rig.deployer().overview().await.unwrap();
    assert_eq!(overview.stuck.unwrap().id.0, 2);
    // Nothing begins by itself meanwhile.
    let good = rig.world.commit("Good", &Service::ROLLED);
    rig.push(&good).await;
    rig.pass(TimeDelta::minutes(11)).await;
    assert_eq!(rig.state_of(3), Some(State::Pending));
    // `resume` gets it out, and what waited goes on.
    rig.deployer().resume("ann@example.org").await.unwrap();
    rig.until("taken back", |rig| rig.state_of(2) == Some(State::TakenBack)).await;
    assert_eq!(rig.until_ended(3).await, State::Live);
    rig.assert_sound(3);
}

#[tokio::test]
async fn a_deploy_gets_it_out_of_stuck_too() {
    let mut rig = Rig::new().await;
    let bad = rig.world.commit("Bad", &Service::ROLLED);
    rig.world.fault(&bad, Fault::Answers500After(120));
    rig.push(&bad).await;
    assert_eq!(rig.until_ended(2).await, State::Live);
    rig.world.state().fail.push(("proxy.switch", 3));
    rig.until("stuck", |rig| rig.state_of(2) == Some(State::Stuck)).await;
    rig.world.commit("Good", &Service::ROLLED);
    let id = rig.deploy("main").await;
    assert_eq!(rig.until_ended(id).await, State::Live);
    rig.assert_sound(id);
    assert_eq!(rig.state_of(2), Some(State::TakenBack));
    assert!(rig.deployer().overview().await.unwrap().stuck.is_none());
}
