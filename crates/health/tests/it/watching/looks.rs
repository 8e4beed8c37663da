//! Looks keep their time, whatever a part does, and none delays another's.

use std::time::Duration;

use async_trait::async_trait;
use health::board::State;
use health::probes::Probe;
use health::probes::own::{HttpCheck, TcpCheck};
use health::reading::Reading;
use http::StatusCode;
use tokio::time::Instant;

use super::rig::{Copy, SOON, service, watched};
use super::street::{House, Slack, deaf, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_accepts_and_never_answers_is_down_soon_and_delays_nobody() {
    let (folder, slack, house) = (tempfile::tempdir().unwrap(), Slack::open().await, House::build().await);
    house.says("/readyz", 200, r#"{"status":"pass"}"#);
    let deaf = format!("http://{}", deaf().await).parse().unwrap();
    let parts = vec![watched("deaf", &[], service(deaf)), watched("well", &[], service(house.url("")))];
    let begun = Instant::now();
    let copy = Copy::start(folder.path(), parts, &slack);
    copy.until("deaf", State::Fail).await;
    let took = begun.elapsed();
    // Up to a second until the first look; then three limits of 0.8 s beside or after each other, at most a second apart.
    assert!(took < Duration::from_secs(6), "{took:?}");
    let asked = house.asked();
    tokio::time::sleep(Duration::from_secs(3)).await;
    let looks = house.asked() - asked;
    assert!(looks >= 4, "{looks} looks within 3 s at an interval of 0.5 s");
    assert_eq!(copy.state("well"), State::Pass);
    let words = copy.standing("deaf").unwrap().last.unwrap().reading.words;
    assert!(words.contains("no answer within 0.8 s"), "{words}");
    until("it is told", SOON, async || slack.count("-raised") == 1).await;
    copy.end().await;
}

/// One that takes its time.
#[derive(Debug)]
struct Slow;

#[async_trait]
impl Probe for Slow {
    async fn look(&self) -> Reading {
        tokio::time::sleep(Duration::from_millis(720)).await;
        Reading::pass()
    }
}

#[tokio::test]
async fn a_slow_answer_is_a_warning_with_its_time() {
    let (folder, slack) = (tempfile::tempdir().unwrap(), Slack::open().await);
    let copy = Copy::start(folder.path(), vec![watched("slow", &[], Slow)], &slack);
    copy.until("slow", State::Warn).await;
    let last = copy.standing("slow").unwrap().last.unwrap();
    assert!(last.reading.words.contains("slow: it took 0.7 s"), "{last:?}");
    assert!(last.latency.unwrap() >= Duration::from_millis(700));
    copy.end().await;
}

#[tokio::test]
async fn own_checks_say_what_is_wrong() {
    let house = House::build().await;
    house.says("/ping", 200, "pong").says("/teapot", 418, "short and stout");
    let asker = health::probes::http::Asker::inside().unwrap();
    let check = async |path: &str, status: Option<u16>, contains: Option<&str>| {
        let status = status.map(|status| StatusCode::from_u16(status).unwrap());
        let contains = contains.map(str::to_owned);
        HttpCheck { asker: asker.clone(), url: house.url(path), status, contains }.look().await.words
    };
    assert_eq!(check("/ping", None, Some("pong")).await, "");
    assert!(check("/ping", None, Some("ping")).await.contains("does not contain \"ping\""));
    assert_eq!(check("/teapot", Some(418), None).await, "");
    assert!(check("/teapot", None, None).await.contains("418: short and stout"));
    assert_eq!(TcpCheck(house.address.to_string()).look().await, Reading::pass());
    assert!(TcpCheck("127.0.0.1:1".to_owned()).look().await.words.contains("takes no connection"));
}
