//! SIGUSR1: clients go elsewhere while requests are still served.

use std::collections::BTreeSet;

use http::Method;
use rustix::process::Signal;

use super::process::{Gateway, read_until};
use crate::data::lab::Lab;

#[tokio::test]
async fn sigusr1_sends_readers_elsewhere_with_jitter_and_serves_on() {
    let lab = Lab::build().await;
    let mut gateway = Gateway::beside(&lab, &[]).await;
    let analysis = lab.analysis(&lab.ann).await;
    let mut readers = Vec::new();
    let mut retries = BTreeSet::new();
    for number in 0..20 {
        let path = if number % 2 == 0 { "/api/v1/events" } else { &format!("/api/v1/analyses/{analysis}/events") };
        let mut reader = gateway.open(path, &lab.ann, None).await;
        let begin = read_until(&mut reader, "queued").await;
        let retry = begin.lines().find_map(|line| line.strip_prefix("retry: ")).unwrap();
        retries.insert(retry.trim().parse::<u64>().unwrap());
        readers.push(reader);
    }
    assert!(retries.len() > 10, "clients would all come back at once: {retries:?}");
    assert!(retries.iter().all(|retry| (1000..=2000).contains(retry)), "{retries:?}");
    gateway.signal(Signal::USR1);
    for reader in &mut readers {
        read_until(reader, "event: reconnect").await;
    }
    gateway.until("no stream is left", async || gateway.streams().await == 0).await;
    for _ in 0..20 {
        let url = format!("http://{}/api/v1/analyses/{analysis}", gateway.address);
        let request = lab.client.request(Method::GET, url).bearer_auth(&lab.ann.access_token);
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
    assert!(!gateway.has_ended());
    gateway.signal(Signal::TERM);
    let mut ended = false;
    for _ in 0..200 {
        ended = gateway.has_ended();
        if ended {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(ended, "SIGTERM ends it");
}
