//! The queue: one under way, one that waits, the newest wins; deliveries once; cancel; the branch and its timer.

use chrono::TimeDelta;
use deployer::machine::State;
use deployer::order::{Delivery, DeliveryEvent, Options};
use deployer::release::{DeploymentId, Service};
use deployer::view::{Source, Trigger};

use crate::rig::Rig;

/// Lets builds take a minute.
fn build_slowly(rig: &Rig) {
    rig.world.costs.lock().unwrap().insert("images.build", std::time::Duration::from_mins(1));
}

#[tokio::test]
async fn ten_pushes_during_a_build() {
    let mut rig = Rig::new().await;
    build_slowly(&rig);
    let first = rig.world.commit("First", &Service::ROLLED);
    rig.push(&first).await;
    rig.until("builds", |rig| rig.world.state().calls.iter().any(|call| call.starts_with("images.build"))).await;
    let mut last = first;
    for number in 0..10 {
        last = rig.world.commit(&format!("Push {number}"), &[Service::Gateway]);
        rig.push(&last).await;
        rig.pass(TimeDelta::milliseconds(100)).await;
    }
    assert_eq!(rig.until_ended(2).await, State::Live);
    assert_eq!(rig.until_ended(12).await, State::Live);
    for id in 3..12 {
        assert_eq!(rig.state_of(id), Some(State::Superseded), "#{id}");
    }
    assert_eq!(rig.state_of(13), None);
    rig.assert_sound(12);
    assert_eq!(rig.world.serves().unwrap(), last.as_str());
}

/// Compose starts the deployer beside the others.
#[tokio::test]
async fn what_comes_up_after_the_deployer_is_adopted_all_the_same() {
    let mut rig = Rig::asleep();
    let worker = "e2i-worker-1";
    rig.world.state().containers.get_mut(worker).unwrap().is_running = false;
    rig.boot();
    rig.pass(TimeDelta::minutes(8)).await;
    assert_eq!(rig.state_of(1), None, "half a platform is none, and nothing is released over it");
    rig.world.state().containers.get_mut(worker).unwrap().is_running = true;
    rig.until("adopted", |rig| rig.state_of(1) == Some(State::Live)).await;
    rig.assert_sound(1);
}

#[tokio::test]
async fn one_commit_by_push_ci_timer_and_again_is_one_release() {
    for trigger in [Trigger::Push, Trigger::WorkflowRun] {
        let mut rig = Rig::asleep();
        rig.settings.trigger = trigger;
        rig.boot();
        rig.until("adopted", |rig| rig.state_of(1) == Some(State::Live)).await;
        let commit = rig.world.commit("Change", &Service::ROLLED);
        let push = DeliveryEvent::Push { commit: commit.clone(), forced: false, paths: None };
        let run = DeliveryEvent::WorkflowRun { commit: commit.clone() };
        let id = rig.deliver(push.clone()).await;
        rig.pass(TimeDelta::minutes(6)).await;
        assert_eq!(rig.state_of(2).is_some(), trigger == Trigger::Push, "CI has not passed yet");
        rig.world.state().passed.insert(commit.to_string());
        rig.deliver(run.clone()).await;
        rig.deliver(run).await;
        // GitHub delivers again, with the same id.
        let again = rig.deployer().deliver(Delivery { id, event: push }).await.unwrap();
        assert!(!again.is_new, "{again:?}");
        rig.pass(TimeDelta::minutes(16)).await;
        rig.restart().await;
        rig.pass(TimeDelta::minutes(16)).await;
        assert_eq!(rig.state_of(2), Some(State::Live));
        assert_eq!(rig.state_of(3), None);
        rig.assert_sound(2);
    }
}

#[tokio::test]
async fn a_push_that_nobody_told_of_is_found() {
    let rig = Rig::new().await;
    rig.world.commit("Change", &Service::ROLLED);
    rig.pass(TimeDelta::minutes(6)).await;
    assert_eq!(rig.until_ended(2).await, State::Live);
    assert_eq!(rig.record(2).unwrap().source, Source::Reconcile);
    rig.assert_sound(2);
    // The timer alone waits for CI where CI is what counts.
    let mut rig = Rig::asleep();
    rig.settings.trigger = Trigger::WorkflowRun;
    rig.boot();
    rig.until("adopted", |rig| rig.state_of(1) == Some(State::Live)).await;
    let commit = rig.world.commit("Change", &Service::ROLLED);
    rig.pass(TimeDelta::minutes(11)).await;
    assert_eq!(rig.state_of(2), None);
    assert_eq!(waits(&rig).await.unwrap(), "waits for CI: no run of it has passed");
    rig.world.state().passed.insert(commit.to_string());
    rig.pass(TimeDelta::minutes(11)).await;
    assert_eq!(rig.state_of(2), Some(State::Live));
    assert_eq!(waits(&rig).await, None);
}

async fn waits(rig: &Rig) -> Option<String> {
    rig.deployer().overview().await.unwrap().head.unwrap().waits
}

#[tokio::test]
async fn where_nobody_can_be_asked_about_ci_a_lost_delivery_is_said_to_stay_lost() {
    let mut rig = Rig::asleep();
    rig.settings.trigger = Trigger::WorkflowRun;
    rig.world.state().tells_ci = false;
    rig.boot();
    rig.until("adopted", |rig| rig.state_of(1) == Some(State::Live)).await;
    let commit = rig.world.commit("Change", &Service::ROLLED);
    rig.world.state().passed.insert(commit.to_string());
    rig.pass(TimeDelta::hours(2)).await;
    assert_eq!(rig.state_of(2), None);
    let words = waits(&rig).await.unwrap();
    assert!(words.contains("Without GITHUB_TOKEN") && words.contains("deploy by hand"), "{words}");
    // Delivered again, it goes on.
    rig.deliver(DeliveryEvent::WorkflowRun { commit }).await;
    assert_eq!(rig.until_ended(2).await, State::Live);
}

#[tokio::test]
async fn an_older_commit_that_comes_late_is_not_deployed() {
    let mut rig = Rig::new().await;
    let older = rig.world.commit("Older", &Service::ROLLED);
    let newer = rig.world.commit("Newer", &Service::ROLLED);
    rig.push(&newer).await;
    assert_eq!(rig.until_ended(2).await, State::Live);
    let id = rig.push(&older).await;
    rig.pass(TimeDelta::minutes(6)).await;
    assert_eq!(rig.state_of(3), None);
    let outcome = rig.deployer().journal().delivery_outcome(&id).unwrap().unwrap();
    assert!(outcome.contains("older than"), "{outcome}");
}

#[tokio::test]
async fn a_branch_that_is_forced_back_is_followed() {
    let mut rig = Rig::new().await;
    let older = rig.world.commit("Older", &Service::ROLLED);
    rig.push(&older).await;
    assert_eq!(rig.until_ended(2).await, State::Live);
    let newer = rig.world.commit("Newer", &Service::ROLLED);
    rig.push(&newer).await;
    assert_eq!(rig.until_ended(3).await, State::Live);
    rig.world.force_to(&older);
    rig.deliver(DeliveryEvent::Push { commit: older.clone(), forced: true, paths: None }).await;
    assert_eq!(rig.until_ended(4).await, State::Live);
    assert_eq!(rig.world.serves().unwrap(), older.as_str());
    rig.assert_sound(4);
}

#[tokio::test]
async fn a_commit_off_the_branch_is_refused() {
    let rig = Rig::new().await;
    let kept = rig.world.commit("Kept", &Service::ROLLED);
    let dropped = rig.world.commit("Dropped", &Service::ROLLED);
    rig.world.force_to(&kept);
    let id = rig.deploy(dropped.as_str()).await;
    assert_eq!(rig.until_ended(id).await, State::Refused);
    assert!(rig.reason_of(id).contains("is not on main"), "{}", rig.reason_of(id));
}

#[tokio::test]
async fn paths_that_are_not_released() {
    let mut rig = Rig::asleep();
    rig.settings.paths = vec!["crates/gateway/**".to_owned()];
    rig.boot();
    rig.until("adopted", |rig| rig.state_of(1) == Some(State::Live)).await;
    let docs = rig.world.commit("Change the web app", &[Service::Frontend]);
    let id = rig.push(&docs).await;
    rig.pass(TimeDelta::minutes(11)).await;
    assert_eq!(rig.state_of(2), None);
    let outcome = rig.deployer().journal().delivery_outcome(&id).unwrap().unwrap();
    assert!(outcome.contains("changed files"), "{outcome}");
    let code = rig.world.commit("Change the gateway", &[Service::Gateway]);
    rig.push(&code).await;
    assert_eq!(rig.until_ended(2).await, State::Live);
}

#[tokio::test]
async fn cancelled_before_and_after_it_touched_anything() {
    let mut rig = Rig::new().await;
    build_slowly(&rig);
    let commit = rig.world.commit("Change", &Service::ROLLED);
    rig.push(&commit).await;
    rig.until("builds", |rig| rig.world.state().calls.iter().any(|call| call.starts_with("images.build"))).await;
    rig.deployer().cancel(DeploymentId(2), "ann@example.org").await.unwrap();
    assert_eq!(rig.until_ended(2).await, State::Cancelled);
    assert!(rig.reason_of(2).contains("ann@example.org"));
    rig.assert_sound(1);
    let id = rig.deploy("main").await;
    rig.until("switched", |rig| rig.world.serves().as_deref() == Some(commit.as_str())).await;
    rig.deployer().cancel(DeploymentId(id), "ann@example.org").await.unwrap();
    assert_eq!(rig.until_ended(id).await, State::TakenBack);
    rig.assert_sound(1);
    assert!(rig.deployer().cancel(DeploymentId(id), "ann@example.org").await.is_err());
}

#[tokio::test]
async fn cancelled_while_it_waits() {
    let mut rig = Rig::new().await;
    build_slowly(&rig);
    let first = rig.world.commit("First", &Service::ROLLED);
    rig.push(&first).await;
    rig.until("builds", |rig| rig.state_of(2) == Some(State::Running)).await;
    rig.world.commit("Second", &Service::ROLLED);
    let id = rig.deploy("main").await;
    rig.deployer().cancel(DeploymentId(id), "ann@example.org").await.unwrap();
    assert_eq!(rig.state_of(id), Some(State::Cancelled));
    assert_eq!(rig.until_ended(2).await, State::Live);
    rig.assert_sound(2);
}

#[tokio::test]
async fn a_push_does_not_take_the_place_of_a_persons_order() {
    let mut rig = Rig::new().await;
    build_slowly(&rig);
    let first = rig.world.commit("First", &Service::ROLLED);
    rig.push(&first).await;
    rig.until("runs", |rig| rig.state_of(2) == Some(State::Running)).await;
    let id = rig.deploy(first.as_str()).await;
    let second = rig.world.commit("Second", &Service::ROLLED);
    rig.push(&second).await;
    rig.pass(TimeDelta::seconds(30)).await;
    assert_eq!(rig.state_of(id), Some(State::Pending));
    // Both come, one after the other.
    assert_eq!(rig.until_ended(id).await, State::Live);
    assert_eq!(rig.until_ended(id + 1).await, State::Live);
    assert_eq!(rig.world.serves().unwrap(), second.as_str());
}

#[tokio::test]
async fn nothing_by_itself_while_the_maintenance_page_is_up() {
    let mut rig = Rig::new().await;
    rig.deployer().pause(true, "ann@example.org").await.unwrap();
    assert!(rig.world.state().is_maintenance);
    let commit = rig.world.commit("Change", &Service::ROLLED);
    rig.push(&commit).await;
    rig.pass(TimeDelta::minutes(11)).await;
    assert_eq!(rig.state_of(2), None);
    rig.deployer().pause(false, "ann@example.org").await.unwrap();
    assert_eq!(rig.until_ended(2).await, State::Live);
    assert!(!rig.world.state().is_maintenance);
}

#[tokio::test]
async fn where_nothing_is_deployed_every_order_is_refused_with_words() {
    let mut rig = Rig::asleep();
    rig.settings.refuses = Some("there is no container engine here".to_owned());
    rig.boot();
    let summary = rig.deployer().deploy("main", "ann@example.org", Options::default()).await.unwrap();
    assert_eq!(summary.state, State::Refused);
    assert_eq!(summary.reason.unwrap(), "there is no container engine here");
    let outcome = rig
        .deployer()
        .deliver(Delivery { id: "d".to_owned(), event: DeliveryEvent::WorkflowRun { commit: summary.commit.id } })
        .await
        .unwrap();
    assert_eq!(outcome.words, "there is no container engine here");
    assert!(rig.deployer().rollback(DeploymentId(1), "ann@example.org", false).await.is_err());
}
