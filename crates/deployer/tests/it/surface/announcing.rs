//! What people and GitHub are told, from the journal's messages on.

use std::sync::Arc;
use std::time::Duration;

use chassis::clock::SystemClock;
use chassis::config::Secret;
use deployer::announce::Announcer;
use deployer::github::{Deployments, GithubConfig};
use deployer::machine::State;
use deployer::release::Service;
use notify::Channel;
use notify::slack::Slack;
use tokio_util::sync::CancellationToken;

use super::github_server::GithubServer;
use super::house::{PUBLIC_URL, WITHIN, until};
use crate::paper::Fault;
use crate::rig::Rig;

/// A deployer that has adopted what ran and has looked at the branch.
async fn adopted() -> Rig {
    let rig = Rig::new().await;
    rig.pass(chrono::TimeDelta::seconds(1)).await;
    rig
}

fn announcer(rig: &Rig, server: &GithubServer, token: &str) -> Announcer {
    let http = reqwest::Client::builder().timeout(Duration::from_secs(5)).build().unwrap();
    let config = GithubConfig {
        token: Secret::new(token.to_owned()),
        api: server.url.parse().unwrap(),
        repository: "e2i/platform".to_owned(),
        environment: "production".to_owned(),
    };
    let url: url::Url = format!("{}/slack", server.url).parse().unwrap();
    let channels: Vec<Arc<dyn Channel>> =
        vec![Arc::new(Slack::new(http.clone(), url.into())), Arc::new(Deployments::new(http, config))];
    let journal = rig.deployer().journal().clone();
    Announcer::open(journal, channels, Arc::new(SystemClock), PUBLIC_URL.parse().unwrap()).unwrap()
}

#[tokio::test]
async fn a_release_and_one_that_is_taken_back_are_told_once_each() {
    let (rig, server) = (adopted().await, GithubServer::start().await);
    tokio::spawn(announcer(&rig, &server, "ghp_token").run(CancellationToken::new()));
    rig.world.commit("Say hello", &Service::ROLLED);
    rig.deploy("main").await;
    assert_eq!(rig.until_ended(2).await, State::Live);
    let bad = rig.world.commit("Break it", &Service::ROLLED);
    rig.world.fault(&bad, Fault::Answers500);
    rig.deploy("main").await;
    assert_eq!(rig.until_ended(3).await, State::TakenBack);

    until("GitHub knows the end", async || server.states().iter().any(|state| state == "failure")).await;
    let slack = || {
        server.kept.lock().unwrap().slack.iter().map(|one| one["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    until("Slack knows the end", async || slack().iter().any(|text| text.contains("#3 was taken back"))).await;
    let told = slack();
    assert_eq!(told.iter().filter(|text| text.contains("#2 is live")).count(), 1, "{told:#?}");
    let kept = server.kept.lock().unwrap();
    let tasks: Vec<&str> = kept.deployments.iter().map(|one| one["task"].as_str().unwrap()).collect();
    assert!(tasks.contains(&"e2i:2") && tasks.contains(&"e2i:3"), "{tasks:?}");
    let of_three = kept.deployments.iter().position(|one| one["task"] == "e2i:3").unwrap();
    let states: Vec<&str> =
        kept.statuses.iter().filter(|(of, _)| *of == of_three).map(|(_, one)| one["state"].as_str().unwrap()).collect();
    assert_eq!(states.last(), Some(&"failure"), "{states:?}");
    for (_, status) in &kept.statuses {
        let text = status["description"].as_str().unwrap();
        assert!(text.chars().count() <= 140 && text.ends_with(']'), "{text}");
    }
}

#[tokio::test]
async fn a_status_whose_answer_was_lost_is_not_told_twice() {
    let (rig, server) = (adopted().await, GithubServer::start().await);
    server.kept.lock().unwrap().lost_answers = 1;
    tokio::spawn(announcer(&rig, &server, "ghp_token").run(CancellationToken::new()));
    rig.world.commit("Say hello", &Service::ROLLED);
    rig.deploy("main").await;
    assert_eq!(rig.until_ended(2).await, State::Live);
    until("GitHub knows the end", async || {
        let kept = server.kept.lock().unwrap();
        kept.deployments
            .iter()
            .position(|one| one["task"] == "e2i:2")
            .is_some_and(|two| kept.statuses.iter().any(|(of, status)| *of == two && status["state"] == "success"))
    })
    .await;
    let kept = server.kept.lock().unwrap();
    let mut events: Vec<&str> = kept.statuses.iter().map(|(_, one)| one["description"].as_str().unwrap()).collect();
    let all = events.len();
    events.sort_unstable();
    events.dedup();
    assert_eq!(events.len(), all, "each once: {events:#?}");
}

#[tokio::test]
async fn a_token_that_is_no_good_holds_up_nobody_else() {
    let (rig, server) = (adopted().await, GithubServer::start().await);
    rig.world.commit("Say hello", &Service::ROLLED);
    rig.deploy("main").await;
    assert_eq!(rig.until_ended(2).await, State::Live);
    let stop = CancellationToken::new();
    let running = tokio::spawn(announcer(&rig, &server, "revoked").run(stop.clone()));
    until("Slack knows", async || !server.kept.lock().unwrap().slack.is_empty()).await;
    assert!(server.states().is_empty());
    let outbox = rusqlite::Connection::open(rig.settings.state_dir.join("notify.sqlite")).unwrap();
    let select = "select last_error from notify_outbox where channel = 'github' and last_error is not null";
    let words = || outbox.query_row(select, [], |row| row.get::<_, String>(0));
    until("why is noted", async || words().is_ok()).await;
    assert!(words().unwrap().contains("GITHUB_TOKEN is no longer valid"), "{words:?}", words = words());
    // Put right: nothing of what was written meanwhile is lost.
    stop.cancel();
    tokio::time::timeout(WITHIN, running).await.unwrap().unwrap();
    outbox.execute("update notify_outbox set next_try_at = 0 where delivered_at is null", []).unwrap();
    tokio::spawn(announcer(&rig, &server, "ghp_token").run(CancellationToken::new()));
    until("GitHub knows", async || server.states().contains(&"success".to_owned())).await;
}
