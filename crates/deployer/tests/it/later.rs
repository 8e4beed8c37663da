//! A service that came later: releases from before it know nothing of it, and leave it alone.

use deployer::machine::State;
use deployer::release::{DeploymentId, Service};

use crate::paper::Fault;
use crate::rig::Rig;

const HEALTH: &str = "e2i-r2-health-1";

/// What runs was released before there was `health`; the deployer is newer.
async fn before_it_came() -> Rig {
    let mut rig = Rig::asleep();
    rig.world.before_health();
    rig.boot();
    rig.until("adopted", |rig| rig.state_of(1) == Some(State::Live)).await;
    rig.assert_sound(1);
    rig
}

async fn came_with_the_second() -> Rig {
    let mut rig = before_it_came().await;
    let commit = rig.world.commit("Look at everything", &[Service::Gateway, Service::Health]);
    rig.push(&commit).await;
    assert_eq!(rig.until_ended(2).await, State::Live, "{}", rig.reason_of(2));
    rig.assert_sound(2);
    rig
}

fn runs(rig: &Rig, container: &str) -> bool {
    rig.world.state().containers.get(container).is_some_and(|one| one.is_running)
}

#[tokio::test]
async fn it_comes_with_a_release_as_any_other() {
    let rig = came_with_the_second().await;
    assert!(runs(&rig, HEALTH));
    assert_eq!(rig.world.state().route.as_ref().unwrap().to[&Service::Health], HEALTH);
}

#[tokio::test]
async fn the_first_release_with_it_is_taken_back_to_one_without() {
    let mut rig = before_it_came().await;
    let commit = rig.world.commit("Look at everything", &[Service::Gateway, Service::Health]);
    rig.world.fault(&commit, Fault::WrongCanary);
    rig.push(&commit).await;
    assert_eq!(rig.until_ended(2).await, State::TakenBack, "{}", rig.reason_of(2));
    rig.assert_sound(1);
    assert!(!runs(&rig, HEALTH), "it was part of what was taken back");
}

#[tokio::test]
async fn going_back_to_a_release_without_it_leaves_it_alone() {
    let rig = came_with_the_second().await;
    let id = rig.deployer().rollback(DeploymentId(1), "ann@example.org", false).await.unwrap().id.0;
    let mut rig = rig;
    assert_eq!(rig.until_ended(id).await, State::Live, "{}", rig.reason_of(id));
    rig.assert_sound(id);
    assert!(runs(&rig, HEALTH), "it looks on");
    assert!(runs(&rig, "e2i-gateway-1"), "the gateway is the one from before");
    rig.restart().await;
    assert!(runs(&rig, HEALTH), "and is no stray");
}

#[tokio::test]
async fn one_that_somebody_started_by_hand_is_no_stray() {
    let mut rig = before_it_came().await;
    rig.world.starts_by_hand(Service::Health);
    rig.restart().await;
    rig.pass(chrono::TimeDelta::minutes(11)).await;
    assert!(runs(&rig, "e2i-health-1"));
    rig.assert_sound(1);
}
