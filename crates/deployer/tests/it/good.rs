//! What goes well.

use deployer::machine::{State, Step};
use deployer::release::{DeploymentId, Service};
use deployer::view::{Action, StepState};

use crate::rig::Rig;

#[tokio::test]
async fn what_compose_had_started_is_the_first_release() {
    let rig = Rig::new().await;
    rig.assert_sound(1);
    let live = rig.deployer().overview().await.unwrap().live.unwrap();
    assert_eq!((live.id.0, live.commit.subject.as_str()), (1, "Begin"));
}

#[tokio::test]
async fn a_push_goes_live() {
    let mut rig = Rig::new().await;
    let commit = rig.world.commit("Change all", &Service::ROLLED);
    rig.push(&commit).await;
    assert_eq!(rig.until_ended(2).await, State::Live);
    rig.assert_sound(2);
    assert_eq!(rig.world.serves().unwrap(), commit.as_str());
    assert_eq!(rig.state_of(1), Some(State::Replaced));
    let view = rig.deployer().get(DeploymentId(2)).await.unwrap();
    assert_eq!(view.commits.len(), 1);
    assert!(
        view.steps.iter().all(|step| matches!(step.state, StepState::Done | StepState::Skipped)),
        "{:#?}",
        view.steps
    );
    // The old ones are kept, stopped.
    assert!(!rig.world.state().containers["e2i-gateway-1"].is_running);
}

#[tokio::test]
async fn what_was_built_before_for_a_release_is_used() {
    let mut rig = Rig::new().await;
    let commit = rig.world.commit("Change the API", &[Service::Gateway]);
    let revision = rig.world.state().commits[commit.as_str()].revisions[&Service::Gateway].clone();
    rig.world.state().images.insert((Service::Gateway, revision));
    rig.push(&commit).await;
    assert_eq!(rig.until_ended(2).await, State::Live);
    rig.assert_sound(2);
    let calls = rig.world.state().calls.clone();
    assert!(calls.iter().any(|call| call == "housekeeping.reclaim"));
    assert!(!calls.iter().any(|call| call == "images.build gateway"), "{calls:#?}");
}

#[tokio::test]
async fn what_did_not_change_is_left_alone() {
    let mut rig = Rig::new().await;
    let commit = rig.world.commit("Change the web app", &[Service::Frontend]);
    rig.push(&commit).await;
    assert_eq!(rig.until_ended(2).await, State::Live);
    rig.assert_sound(2);
    let record = rig.record(2).unwrap();
    let containers = &record.work.manifest.containers;
    assert_eq!(containers[&Service::Gateway], "e2i-gateway-1");
    assert_eq!(containers[&Service::Worker], "e2i-worker-1");
    assert_eq!(containers[&Service::Frontend], "e2i-r2-frontend-1");
    let rolled: Vec<Service> = record
        .work
        .changes
        .iter()
        .filter(|change| change.action == Action::Roll)
        .map(|change| change.service)
        .collect();
    assert_eq!(rolled, [Service::Frontend]);
    // Nothing at all changes: nothing is started, switched, soaked.
    let commit = rig.world.commit("Change a comment", &[]);
    rig.push(&commit).await;
    assert_eq!(rig.until_ended(3).await, State::Live);
    rig.assert_sound(3);
    let view = rig.deployer().get(DeploymentId(3)).await.unwrap();
    for step in [Step::Workers, Step::Web, Step::Switch, Step::Soak, Step::Canary, Step::Drain] {
        let state = view.steps.iter().find(|view| view.step == step).unwrap().state;
        assert_eq!(state, StepState::Skipped, "{step}");
    }
}

#[tokio::test]
async fn state_tells_which_images_really_run() {
    let mut rig = Rig::new().await;
    let commit = rig.world.commit("Change all", &Service::ROLLED);
    rig.push(&commit).await;
    assert_eq!(rig.until_ended(2).await, State::Live);
    rig.pass(chrono::TimeDelta::minutes(31)).await;
    let live = rig.deployer().state().await.unwrap().live.unwrap();
    for service in Service::ROLLED {
        let told = &live.services[service.name()];
        assert_eq!(told.running_image_id.as_ref(), Some(&told.image_id), "{service}");
    }
    // Somebody's hand, under the same name.
    let name = live.services["gateway"].container.clone().unwrap();
    rig.world.state().containers.get_mut(&name).unwrap().image_id = "sha256:other".to_owned();
    rig.pass(chrono::TimeDelta::minutes(31)).await;
    let live = rig.deployer().state().await.unwrap().live.unwrap();
    assert_eq!(live.services["gateway"].running_image_id.as_deref(), Some("sha256:other"));
}
