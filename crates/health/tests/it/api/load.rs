//! Many who ask at once.

use std::time::{Duration, Instant};

use futures::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::house::{House, until};

/// The figure for a whole minute is the bench's; here it is that none fails and the slowest is quick, on any machine.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_in_a_row_and_a_thousand_at_once() {
    let house = House::new().await;
    until("all is read", async || house.get("user", "/api/v1/status").await.1["deploys"]["live"] == json!(3)).await;
    let ask = || async {
        let begun = Instant::now();
        let answer = house.ask(Method::GET, "/health").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let bytes = answer.bytes().await.unwrap().len();
        (begun.elapsed(), bytes)
    };
    let begun = Instant::now();
    let mut slowest = Duration::ZERO;
    for _ in 0..1_000 {
        let (took, bytes) = ask().await;
        assert!(bytes > 500, "{bytes}");
        slowest = slowest.max(took);
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "in a row: {:?}, the slowest {slowest:?}", begun.elapsed());
    let begun = Instant::now();
    for _ in 0..10 {
        join_all((0..100).map(|_| ask())).await;
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "at once: {:?}", begun.elapsed());
}
