//! Two copies over one state folder; and one that goes on where another ended.

use std::time::Duration;

use health::board::State;

use super::rig::{Copy, SOON, service, watched};
use super::street::{House, Slack, until};

#[tokio::test]
async fn only_one_copy_looks_and_the_other_shows_it_and_takes_over() {
    let (folder, slack, house) = (tempfile::tempdir().unwrap(), Slack::open().await, House::build().await);
    house.says("/readyz", 200, r#"{"status":"pass"}"#);
    let parts = || vec![watched("gateway", &[], service(house.url("")))];
    let first = Copy::start(folder.path(), parts(), &slack);
    first.until("gateway", State::Pass).await;
    let second = Copy::start(folder.path(), parts(), &slack);
    second.until("gateway", State::Pass).await;
    let asked = house.asked();
    tokio::time::sleep(Duration::from_secs(3)).await;
    let looks = house.asked() - asked;
    assert!((3..=9).contains(&looks), "one copy looks every half second: {looks} looks within 3 s");
    house.says("/readyz", 503, r#"{"status":"fail","checks":{"disk":{"status":"fail","error":"full"}}}"#);
    second.until("gateway", State::Fail).await;
    until("it is told", SOON, async || slack.count("-raised") == 1).await;
    first.end().await;
    // The second takes over in the middle of the incident and tells nothing twice.
    let looked = || second.standing("gateway").unwrap().last.map(|last| last.at);
    let before = looked();
    until("the second looks by itself", SOON, async || looked() > before).await;
    house.says("/readyz", 200, r#"{"status":"pass"}"#);
    second.until("gateway", State::Pass).await;
    until("the end is told", SOON, async || slack.count("-resolved") == 1).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let told = slack.told();
    assert_eq!((slack.count("-raised"), slack.count("-resolved"), told.len()), (1, 1, 2), "{told:?}");
    let incidents = second.keeper.incidents(None, 10).unwrap();
    assert_eq!(incidents.len(), 1);
    assert!(incidents[0].words.contains("disk: full"), "{incidents:?}");
    second.end().await;
}

#[tokio::test]
async fn a_database_that_is_killed_is_told_once_and_by_its_name() -> anyhow::Result<()> {
    let (folder, slack, house) = (tempfile::tempdir()?, Slack::open().await, House::build().await);
    let postgres = servers::Postgres::for_test().await?;
    postgres.create_database("e2i").await?;
    let url = chassis::config::Secret::new(postgres.url("e2i"));
    store::schema::migrate(url.expose(), &store::schema::Patience::default()).await?;
    house.says("/readyz", 200, r#"{"status":"pass"}"#);
    let parts = vec![
        watched("gateway", &["postgres"], service(house.url(""))),
        watched("postgres", &[], health::probes::postgres::Postgres::at(url)),
    ];
    let copy = Copy::start(folder.path(), parts, &slack);
    copy.until("postgres", State::Pass).await;
    copy.until("gateway", State::Pass).await;
    house.says("/readyz", 503, r#"{"status":"fail","checks":{"postgres":{"status":"fail"}}}"#);
    postgres.kill9().await?;
    copy.until("postgres", State::Fail).await;
    copy.until("gateway", State::Fail).await;
    until("it is told", SOON, async || slack.count("-raised") == 1).await;
    let blamed = || copy.standing("gateway").unwrap().suppressed_by.map(|part| part.to_string());
    until("the gateway is not to blame", SOON, async || blamed().as_deref() == Some("postgres")).await;
    postgres.restart().await?;
    house.says("/readyz", 200, r#"{"status":"pass"}"#);
    copy.until("postgres", State::Pass).await;
    copy.until("gateway", State::Pass).await;
    until("the end is told", SOON, async || slack.count("-resolved") == 1).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let told = slack.told();
    assert!(told.len() == 2 && told.iter().all(|told| told.contains("postgres")), "{told:?}");
    copy.end().await;
    Ok(())
}
