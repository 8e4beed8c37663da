//! What the deployer tells: the overview, the list, the plan, what follows a deployment, messages.

use deployer::machine::{State, Step};
use deployer::order::Paging;
use deployer::release::{DeploymentId, Schema, Service};
use deployer::view::{Action, CheckState, Followed, ImageOrigin, StepState};
use futures::StreamExt as _;

use crate::paper::Fault;
use crate::rig::Rig;

async fn three() -> Rig {
    let mut rig = Rig::new().await;
    "https://example.org/e2i.git".clone_into(&mut rig.settings.repository);
    rig.restart().await;
    let costs = [("images.build", 40), ("migrator.migrate", 3), ("proxy.switch", 1), ("prober.canary", 4)];
    rig.world
        .costs
        .lock()
        .unwrap()
        .extend(costs.map(|(name, seconds)| (name, std::time::Duration::from_secs(seconds))));
    for number in 2..=3 {
        let commit = rig.world.commit(&format!("Change {number}"), &Service::ALL);
        if number == 3 {
            rig.world.fault(&commit, Fault::WrongCanary);
        }
        rig.push(&commit).await;
        rig.until_ended(number).await;
    }
    rig
}

#[tokio::test]
async fn at_a_glance() {
    let rig = three().await;
    let overview = rig.deployer().overview().await.unwrap();
    assert_eq!(overview.live.unwrap().id.0, 2);
    assert_eq!(overview.kept, [DeploymentId(1)]);
    assert_eq!(overview.quarantine[0].deployment.0, 3);
    assert_eq!((overview.statistics.deployments, overview.statistics.success_share), (2, Some(0.5)));
    assert!(overview.statistics.median_seconds.unwrap() > 60.0);
    assert_eq!(overview.disk.unwrap().parts.len(), 6);
    let state = rig.deployer().state().await.unwrap();
    let live = state.live.unwrap();
    assert_eq!((live.deployment.0, live.services["gateway"].container.as_deref()), (2, Some("e2i-r2-gateway-1")));
    assert_eq!(state.releases.len(), 3);
}

#[tokio::test]
async fn pages_of_the_list() {
    let rig = three().await;
    let page = |cursor: Option<String>, state| Paging { limit: 2, cursor, state };
    let first = rig.deployer().list(page(None, None)).await.unwrap();
    assert_eq!(first.items.iter().map(|item| item.id.0).collect::<Vec<_>>(), [3, 2]);
    let second = rig.deployer().list(page(first.next_cursor, None)).await.unwrap();
    assert_eq!((second.items.len(), second.items[0].id.0, second.next_cursor), (1, 1, None));
    let taken_back = rig.deployer().list(page(None, Some(State::TakenBack))).await.unwrap();
    assert_eq!(taken_back.items.len(), 1);
    assert!(rig.deployer().list(page(Some("x".to_owned()), None)).await.is_err());
}

#[tokio::test]
async fn one_with_all_that_is_known() {
    let rig = three().await;
    let view = rig.deployer().get(DeploymentId(3)).await.unwrap();
    assert_eq!(view.summary.state, State::TakenBack);
    let step = |step: Step| view.steps.iter().find(|view| view.step == step).unwrap();
    assert_eq!(step(Step::Canary).state, StepState::Failed);
    assert_eq!(step(Step::Drain).state, StepState::Skipped);
    assert_eq!(step(Step::VerifyBack).state, StepState::Done);
    assert_eq!(step(Step::Images).seconds, Some(360.0));
    let check = |name: &str| view.gate.checks.iter().find(|check| check.name == name).unwrap().state;
    assert_eq!((check("canary"), check("readiness")), (CheckState::Fail, CheckState::Pass));
    assert_eq!(view.commits[0].subject, "Change 3");
    assert!(view.diff_url.unwrap().starts_with("https://example.org/e2i/compare/"));
    assert!(!view.can_roll_back_to);
    assert!(rig.deployer().get(DeploymentId(1)).await.unwrap().can_roll_back_to);
    assert!(rig.deployer().get(DeploymentId(99)).await.is_err());
    let json = serde_json::to_value(rig.deployer().get(DeploymentId(2)).await.unwrap()).unwrap();
    assert_eq!(json["state"], "live");
    assert_eq!(json["services"][0]["action"], "unchanged");
}

#[tokio::test]
async fn a_plan_changes_nothing() {
    let rig = three().await;
    let commit = rig.world.commit("Change the gateway and its tables", &[Service::Gateway]);
    rig.world.state().schemas.insert(commit.to_string(), Schema { newest: 2, readable_by: 1 });
    let before = rig.deployer().list(Paging { limit: 100, ..Paging::default() }).await.unwrap();
    let plan = rig.deployer().plan("main").await.unwrap();
    // Against what is live: #3 was taken back, its changes come along.
    assert_eq!(plan.commits.len(), 2);
    let gateway = plan.services.iter().find(|planned| planned.change.service == Service::Gateway).unwrap();
    assert_eq!((gateway.change.action, gateway.image), (Action::Roll, ImageOrigin::Build));
    let nginx = plan.services.iter().find(|planned| planned.change.service == Service::Nginx).unwrap();
    assert_eq!(nginx.change.action, Action::Maintenance);
    assert!(plan.configuration_changes);
    // The median of the two builds of everything, and of the other steps.
    assert!(plan.predicted_seconds.unwrap() > 320.0, "{:?}", plan.predicted_seconds);
    assert!(plan.predicted_disk_bytes.unwrap() > 0);
    assert!(plan.refusals.is_empty(), "{:?}", plan.refusals);
    let after = rig.deployer().list(Paging { limit: 100, ..Paging::default() }).await.unwrap();
    assert_eq!(before, after);
    rig.world.state().disk.free_bytes = 1 << 30;
    assert!(rig.deployer().plan("main").await.unwrap().refusals[0].contains("the disk is 99 % full"));
}

/// A release brings nginx's image and configuration, and leaves the container alone: it stays due.
#[tokio::test]
async fn infrastructure_is_due_until_it_was_replaced_by_hand() {
    let rig = Rig::new().await;
    let first = rig.world.state().infrastructure[&Service::Nginx].clone();
    let commit = rig.world.commit("Change nginx", &[Service::Nginx]);
    let planned = async || {
        let plan = rig.deployer().plan("main").await.unwrap();
        let nginx = plan.services.into_iter().find(|planned| planned.change.service == Service::Nginx).unwrap();
        (nginx.change.action, nginx.change.from.unwrap(), plan.configuration_changes)
    };
    assert_eq!(planned().await, (Action::Maintenance, first.clone(), true));
    let id = rig.deploy("main").await;
    assert_eq!(rig.until_ended(id).await, State::Live);
    assert_eq!(rig.world.state().infrastructure[&Service::Nginx], first, "a release replaces none");
    let log = rig.deployer().journal().log_reader(DeploymentId(id), 0).next(100).unwrap();
    assert!(log.iter().any(|line| line.line.contains("nginx is due for maintenance by hand")), "{log:#?}");
    assert_eq!(planned().await, (Action::Maintenance, first, false), "its configuration is live, its image is not");
    rig.world.state().infrastructure.insert(Service::Nginx, commit.to_string());
    assert_eq!(planned().await, (Action::Unchanged, commit.to_string(), false));
}

#[tokio::test]
async fn one_who_follows_is_told_everything_once() {
    let rig = three().await;
    let all: Vec<Followed> = rig.deployer().follow(DeploymentId(3), 0).await.unwrap().collect().await;
    let lines: Vec<u64> =
        all.iter().filter_map(|told| if let Followed::Line(line) = told { Some(line.seq) } else { None }).collect();
    assert_eq!(lines, (1..=lines.len() as u64).collect::<Vec<_>>());
    assert_eq!(all.last(), Some(&Followed::End));
    // Who comes back gets the rest.
    let rest: Vec<Followed> = rig.deployer().follow(DeploymentId(3), 5).await.unwrap().collect().await;
    let first = rest.iter().find_map(|told| if let Followed::Line(line) = told { Some(line.seq) } else { None });
    assert_eq!(first, Some(6));
    // Of one that ends while it is followed every step is told, and the end.
    let mut rig = rig;
    let commit = rig.world.commit("Change", &Service::ALL);
    rig.push(&commit).await;
    rig.until("runs", |rig| rig.state_of(4) == Some(State::Running)).await;
    let follow = rig.deployer().follow(DeploymentId(4), 0).await.unwrap();
    let (told, _) = tokio::join!(follow.collect::<Vec<Followed>>(), rig.until_ended(4));
    assert!(told.iter().any(|told| matches!(told, Followed::State(summary) if summary.state == State::Live)));
    for step in [Step::Images, Step::Verify] {
        let is_told = |told: &Followed| matches!(told, Followed::Step(view) if view.step == step && view.state == StepState::Done);
        assert!(told.iter().any(is_told), "{step}");
    }
    assert_eq!(told.last(), Some(&Followed::End));
}

#[tokio::test]
async fn people_are_told_of_every_end_and_every_beginning_once() {
    let rig = three().await;
    let messages = rig.deployer().journal().due_messages(rig.world.now(), 100).unwrap();
    let kinds: Vec<&str> = messages.iter().map(|message| message.kind.as_str()).collect();
    assert_eq!(kinds, ["deployment.running", "deployment.live", "deployment.running", "deployment.taken_back"]);
    let payload: serde_json::Value = serde_json::from_str(&messages[3].payload).unwrap();
    assert!(payload["deployment"]["reason"].as_str().unwrap().contains("1.731"));
}

#[tokio::test]
async fn of_what_never_began_people_are_told_too() {
    let mut rig = Rig::new().await;
    rig.world.costs.lock().unwrap().insert("images.build", std::time::Duration::from_mins(1));
    for number in 2..=4 {
        let commit = rig.world.commit(&format!("Change {number}"), &Service::ROLLED);
        rig.push(&commit).await;
        rig.until("decided", |rig| rig.state_of(number).is_some()).await;
    }
    rig.deployer().cancel(DeploymentId(4), "ann@example.org").await.unwrap();
    let messages = rig.deployer().journal().due_messages(rig.world.now(), 100).unwrap();
    let kinds: Vec<&str> = messages.iter().map(|message| message.kind.as_str()).collect();
    assert_eq!(kinds, ["deployment.running", "deployment.superseded", "deployment.cancelled"]);
}
