//! What the deployer tells: where containers are, what a release excuses, what is on the timeline.

use std::time::Duration;

use chassis::clock::{Clock as _, SystemClock};
use chrono::TimeDelta;
use health::board::State;
use health::probes::Probe;
use health::probes::http::Asker;
use health::probes::place::Place;
use health::probes::release::ReleaseRuns;
use health::probes::service::Service;
use health::reading::Verdict;
use health::releases::follow;
use health::view::EventKind;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::rig::{Copy, SOON, service, watched};
use super::street::{House, Slack, until};

fn told(container: &str, state: &str) -> String {
    let (now, ended) = (SystemClock.now(), SystemClock.now() - TimeDelta::seconds(60));
    json!({
        "live": {"deployment": 7, "commit": "0123456789abcdef", "generation": "g", "configuration": null,
                 "services": {"gateway": {"revision": "abc", "image_id": "sha256:1", "container": container}}},
        "running": if state == "running" { json!({"id": 8, "reason": null}) } else { Value::Null },
        "pending": null, "stuck": null, "pin": null, "paused": false,
        "releases": [
            {"id": 8, "state": state, "at": now, "kind": "deploy", "commit": "fedcba9876543210", "started_at": ended,
             "ended_at": if state == "running" { Value::Null } else { json!(ended) }, "seconds": 42.0, "touches": ["gateway"]},
            {"id": 7, "state": "replaced", "at": ended, "kind": "deploy", "commit": "0123456789abcdef"}],
    })
    .to_string()
}

#[tokio::test]
async fn a_service_is_found_in_the_container_that_a_release_gave_it() {
    let (folder, deployer, gateway) = (tempfile::tempdir().unwrap(), House::build().await, House::build().await);
    gateway.says("/readyz", 200, json!({"status": "pass", "revision": "abc"}).to_string());
    deployer.says("/state", 200, told("127.0.0.1", "live"));
    let (asker, stop) = (Asker::inside().unwrap(), CancellationToken::new());
    let (follower, known) = follow(asker.clone(), &deployer.url(""), folder.path());
    let following = tokio::spawn(follower.run(stop.clone()));
    until("the container is known", SOON, async || known.container("gateway").is_some()).await;
    // The alias is nobody's any more.
    let alias = format!("http://gateway.invalid:{}", gateway.address.port()).parse().unwrap();
    let probe = Service::at(Place::of(asker.clone(), alias, "gateway", known.clone()));
    assert_eq!(probe.look().await.verdict, Verdict::Pass);
    let runs = ReleaseRuns::new(asker.clone(), known.clone(), vec![("gateway", gateway.address.port())]);
    assert_eq!(runs.look().await.verdict, Verdict::Pass);
    gateway.says("/readyz", 200, json!({"status": "pass", "revision": "abd"}).to_string());
    let other = runs.look().await;
    assert_eq!(other.verdict, Verdict::Fail);
    assert!(other.words.contains("gateway runs revision abd instead of abc"), "{other:?}");
    stop.cancel();
    following.await.unwrap();
    // A start while the deployer is away: where the others are is still known, and that it may be old.
    let (_away, known) = follow(asker, &"http://127.0.0.1:1".parse().unwrap(), folder.path());
    assert_eq!(known.container("gateway").as_deref(), Some("127.0.0.1"));
    assert!(!known.now().is_current);
}

#[tokio::test]
async fn what_a_release_replaces_is_excused_until_it_has_ended() {
    let (folder, slack) = (tempfile::tempdir().unwrap(), Slack::open().await);
    let (deployer, gateway) = (House::build().await, House::build().await);
    gateway.says("/readyz", 200, json!({"status": "pass"}).to_string());
    deployer.says("/state", 200, told("127.0.0.1", "running"));
    let stop = CancellationToken::new();
    let (follower, known) = follow(Asker::inside().unwrap(), &deployer.url(""), folder.path());
    tokio::spawn(follower.run(stop.clone()));
    let parts = vec![watched("gateway", &[], service(gateway.url("")))];
    let copy = Copy::start_knowing(folder.path(), parts, &slack, known);
    copy.until("gateway", State::Pass).await;
    let excuse = || copy.standing("gateway").and_then(|standing| standing.excused_by);
    until("it is excused", SOON, async || excuse().is_some_and(|excuse| excuse.contains("release fedcba9"))).await;
    gateway.says("/readyz", 503, json!({"status": "fail"}).to_string());
    copy.until("gateway", State::Fail).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(slack.told(), Vec::<String>::new(), "a release excuses what it replaces");
    // It ended, a minute ago, and what it replaced is still down.
    deployer.says("/state", 200, told("127.0.0.1", "live"));
    until("it is told", SOON, async || slack.count("-raised") == 1).await;
    assert_eq!(excuse(), None);
    let events = copy.keeper.timeline(SystemClock.now() - TimeDelta::hours(1), 10).unwrap();
    let released: Vec<_> = events.iter().filter(|event| event.kind == EventKind::Released).collect();
    assert_eq!(released.len(), 2, "{events:?}");
    let incident = &copy.keeper.incidents(None, 1).unwrap()[0];
    assert_eq!(incident.deployment, Some(8), "{incident:?}");
    assert!(incident.cause.as_ref().unwrap().contains("release fedcba9"), "{incident:?}");
    stop.cancel();
    copy.end().await;
}
