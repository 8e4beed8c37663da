//! SIGUSR1: clients go elsewhere while requests are still served.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Mutex;

use futures::future::join_all;
use http::Method;
use rustix::process::Signal;
use serde_json::json;
use store::attempts::Ending;

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
    let ready = gateway.ask("/readyz").await.expect("it is ready as before");
    assert!(ready.contains(r#""draining":false,"resting":true"#), "{ready}");
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

/// A release: the next gateway is there, the old one sends its readers there, and ends.
#[tokio::test]
async fn readers_go_from_gateway_to_gateway_and_miss_nothing() {
    const EVENTS: u64 = 300;
    let lab = Lab::build().await;
    let (first, second) = (Gateway::beside(&lab, &[]).await, Gateway::beside(&lab, &[]).await);
    let analysis = lab.analysis(&lab.ann).await;
    let claimed = lab.worker.begin(&analysis).await;
    // Where nginx sends new requests.
    let route: Mutex<SocketAddr> = Mutex::new(first.address);
    let routed = || *route.lock().unwrap();
    let telling = async {
        for seq in 2..EVENTS {
            if seq == 100 {
                *route.lock().unwrap() = second.address;
                first.signal(Signal::USR1);
            }
            // One that is ended without a notice says the same.
            if seq == 200 {
                *route.lock().unwrap() = lab.house.address;
                second.signal(Signal::TERM);
            }
            lab.worker.progress(&claimed, seq, 0.5).await;
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        lab.worker.end(&claimed, &Ending::Succeeded(json!({}))).await;
    };
    let path = format!("/api/v1/analyses/{analysis}/events");
    let reading = join_all((0..8).map(|_| async {
        let (mut seen, mut moves): (Vec<String>, usize) = (Vec::new(), 0);
        loop {
            let after = seen.last().map(String::as_str);
            let mut events = lab.follow_at(routed(), &path, &lab.ann, after).await;
            let mut last = String::new();
            while let Some(told) = events.next().await {
                assert_ne!(told.event, "gap");
                seen.extend(told.id);
                last = told.event;
            }
            match last.as_str() {
                "reconnect" => moves += 1,
                "state" => return (seen, moves),
                other => panic!("ended with {other}"),
            }
        }
    }));
    let ((), readers) = tokio::join!(telling, reading);
    for (seen, moves) in readers {
        assert_eq!(moves, 2);
        let progress: Vec<_> = (2..EVENTS).map(|seq| format!("1-{seq}")).collect();
        let told: Vec<_> = seen.into_iter().filter(|id| progress.contains(id)).collect();
        assert_eq!(told, progress, "each once, in order");
    }
}
