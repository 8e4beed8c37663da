//! Going back by hand.

use chrono::TimeDelta;
use deployer::machine::State;
use deployer::order::OrderError;
use deployer::release::{DeploymentId, Schema, Service};

use crate::rig::Rig;

/// #2 and #3 went live one after the other.
async fn two_releases() -> Rig {
    let mut rig = Rig::new().await;
    for number in 2..=3 {
        let commit = rig.world.commit(&format!("Change {number}"), &Service::ALL);
        rig.push(&commit).await;
        assert_eq!(rig.until_ended(number).await, State::Live);
    }
    rig
}

async fn back_to(rig: &Rig, id: i64) -> i64 {
    rig.deployer().rollback(DeploymentId(id), "ann@example.org", false).await.unwrap().id.0
}

#[tokio::test]
async fn back_and_pinned_until_a_newer_commit_arrives() {
    let mut rig = two_releases().await;
    let (builds, migrations) = {
        let state = rig.world.state();
        (state.calls.iter().filter(|call| call.starts_with("images.build")).count(), state.migrations_run.len())
    };
    let asked = || rig.world.state().calls.iter().filter(|call| *call == "migrator.can_run").count();
    let asked_before = asked();
    let id = back_to(&rig, 2).await;
    assert_eq!(rig.until_ended(id).await, State::Live);
    // The order asks whether it can run; people wait for nothing that is known.
    assert_eq!(asked(), asked_before + 1);
    rig.assert_sound(id);
    let overview = rig.deployer().overview().await.unwrap();
    let pin = overview.pin.unwrap();
    assert_eq!((pin.deployment.0, pin.by.as_str()), (2, "ann@example.org"));
    // The head of the branch does not come back: two ticks and a restart.
    rig.pass(TimeDelta::minutes(11)).await;
    rig.restart().await;
    rig.pass(TimeDelta::minutes(11)).await;
    assert_eq!(rig.state_of(id + 1), None);
    rig.assert_sound(id);
    {
        let state = rig.world.state();
        assert_eq!(state.calls.iter().filter(|call| call.starts_with("images.build")).count(), builds);
        assert_eq!(state.migrations_run.len(), migrations);
    }
    let commit = rig.world.commit("Newer", &Service::ROLLED);
    rig.push(&commit).await;
    assert_eq!(rig.until_ended(id + 1).await, State::Live);
    rig.assert_sound(id + 1);
    assert!(rig.deployer().overview().await.unwrap().pin.is_none());
}

#[tokio::test]
async fn a_deploy_by_hand_lifts_the_pin_when_it_is_live() {
    let rig = two_releases().await;
    let id = back_to(&rig, 2).await;
    assert_eq!(rig.until_ended(id).await, State::Live);
    let broken = rig.world.commit("Broken", &Service::ROLLED);
    rig.world.fault(&broken, crate::paper::Fault::DoesNotBuild);
    let failed = rig.deploy("main").await;
    assert_eq!(rig.until_ended(failed).await, State::Failed);
    assert!(rig.deployer().overview().await.unwrap().pin.is_some());
    rig.world.state().faults.clear();
    let good = rig.deploy("main").await;
    assert_eq!(rig.until_ended(good).await, State::Live);
    assert!(rig.deployer().overview().await.unwrap().pin.is_none());
    rig.assert_sound(good);
}

#[tokio::test]
async fn resume_lifts_the_pin_and_the_head_comes_again() {
    let rig = two_releases().await;
    let head = rig.world.serves().unwrap();
    let id = back_to(&rig, 2).await;
    assert_eq!(rig.until_ended(id).await, State::Live);
    rig.deployer().resume("ann@example.org").await.unwrap();
    assert_eq!(rig.until_ended(id + 1).await, State::Live);
    assert_eq!(rig.world.serves().unwrap(), head);
    rig.assert_sound(id + 1);
}

#[tokio::test]
async fn back_to_what_compose_had_started() {
    let rig = two_releases().await;
    let id = back_to(&rig, 1).await;
    assert_eq!(rig.until_ended(id).await, State::Live);
    rig.assert_sound(id);
}

#[tokio::test]
async fn back_while_the_old_workers_still_finish() {
    // The worker of #2 was told to end a moment ago and still runs: another one takes jobs.
    let rig = two_releases().await;
    assert!(rig.world.state().containers["e2i-r2-worker-1"].is_running);
    let id = back_to(&rig, 2).await;
    assert_eq!(rig.until_ended(id).await, State::Live);
    rig.assert_sound(id);
}

#[tokio::test]
async fn a_rollback_ends_what_is_under_way() {
    let mut rig = two_releases().await;
    rig.world.costs.lock().unwrap().insert("images.build", std::time::Duration::from_mins(10));
    let commit = rig.world.commit("Slow", &Service::ROLLED);
    rig.push(&commit).await;
    rig.until("runs", |rig| rig.state_of(4) == Some(State::Running)).await;
    let asked = || rig.world.state().calls.iter().filter(|call| *call == "migrator.can_run").count();
    let (ordered_at, asked_before) = (rig.world.now(), asked());
    let id = back_to(&rig, 2).await;
    assert_eq!(rig.until_ended(id).await, State::Live);
    // What ended may have changed the schema after the order had asked.
    assert_eq!(asked(), asked_before + 2);
    assert_eq!(rig.state_of(4), Some(State::Cancelled));
    rig.assert_sound(id);
    assert!(rig.world.now() - ordered_at < TimeDelta::minutes(1), "{}", rig.world.now() - ordered_at);
}

#[tokio::test]
async fn refused_when_the_schema_is_too_new_unless_forced() {
    let mut rig = two_releases().await;
    let commit = rig.world.commit("Contract", &Service::ROLLED);
    rig.world.state().schemas.insert(commit.to_string(), Schema { newest: 2, readable_by: 1 });
    rig.push(&commit).await;
    assert_eq!(rig.until_ended(4).await, State::Live);
    rig.world.state().database.readable_by = 2;
    rig.world.state().stranded = vec!["causal_impact 2: 3 jobs".to_owned()];
    let refused = rig.deployer().rollback(DeploymentId(3), "ann@example.org", false).await;
    let Err(OrderError::SchemaTooNew { reason, stranded_jobs }) = refused else { panic!("{refused:?}") };
    assert!(reason.contains("from schema 2 on"), "{reason}");
    assert_eq!(stranded_jobs, ["causal_impact 2: 3 jobs"]);
    let view = rig.deployer().get(DeploymentId(3)).await.unwrap();
    assert!(!view.can_roll_back_to);
    let id = rig.deployer().rollback(DeploymentId(3), "ann@example.org", true).await.unwrap().id.0;
    assert_eq!(rig.until_ended(id).await, State::Live);
    rig.assert_sound(id);
}

#[tokio::test]
async fn only_what_is_kept() {
    let mut rig = two_releases().await;
    for number in 4..=6 {
        let commit = rig.world.commit(&format!("Change {number}"), &Service::ALL);
        rig.push(&commit).await;
        assert_eq!(rig.until_ended(number).await, State::Live);
        rig.pass(TimeDelta::minutes(12)).await;
    }
    let kept: Vec<i64> = rig.deployer().overview().await.unwrap().kept.iter().map(|id| id.0).collect();
    assert_eq!(kept, [5, 4, 3]);
    let refused = rig.deployer().rollback(DeploymentId(2), "ann@example.org", false).await.unwrap_err();
    assert!(refused.to_string().contains("not kept any more"), "{refused}");
    assert!(rig.deployer().rollback(DeploymentId(6), "ann@example.org", false).await.is_err());
    // Housekeeping has left the targets alone, and nothing else.
    let id = back_to(&rig, 3).await;
    assert_eq!(rig.until_ended(id).await, State::Live);
    rig.assert_sound(id);
    assert!(!rig.world.state().containers.keys().any(|name| name.starts_with("e2i-r2-")));
}

#[tokio::test]
async fn a_rollback_that_does_not_work_is_taken_back() {
    let rig = two_releases().await;
    let target = rig.record(2).unwrap().commit.id;
    rig.world.fault(&target, crate::paper::Fault::Answers500);
    let id = back_to(&rig, 2).await;
    assert_eq!(rig.until_ended(id).await, State::TakenBack);
    rig.assert_sound(3);
    assert!(rig.deployer().overview().await.unwrap().pin.is_none());
}
