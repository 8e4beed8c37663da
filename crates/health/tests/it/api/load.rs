//! Many who ask at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chassis::clock::{Clock as _, SystemClock};
use chrono::TimeDelta;
use futures::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::house::{House, until};

/// The figure for a whole minute is the bench's; here it is that none fails and the slowest is quick, on any machine.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_in_a_row_and_a_thousand_at_once() {
    let house = House::new().await;
    until("all is read", async || house.get("user", "/api/v1/status").await.1["incidents"][0]["id"] == json!(12)).await;
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

/// A disk that hangs, as far as whoever writes can tell: somebody else holds the file.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_wait_for_the_history_hold_up_none_that_do_not() {
    let house = Arc::new(House::new().await);
    until("all is read", async || house.get("user", "/api/v1/status").await.1["incidents"][0]["id"] == json!(12)).await;
    let holder = rusqlite::Connection::open(house.keeper.path()).unwrap();
    holder.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let body = json!({"until": SystemClock.now() + TimeDelta::hours(1), "reason": "New disk"});
    let announce = |house: Arc<House>, body| async move { house.post("/api/v1/status/windows", &body).await.0 };
    let waiting: Vec<_> = (0..80).map(|_| tokio::spawn(announce(Arc::clone(&house), body.clone()))).collect();
    let full = async || {
        let (status, _) = house.get("nobody", "/api/v1/status/windows").await;
        status == StatusCode::SERVICE_UNAVAILABLE
    };
    until("all places are taken", full).await;
    for path in ["/health", "/api/v1/status"] {
        let begun = Instant::now();
        assert_eq!(house.get("nobody", path).await.0, StatusCode::OK, "{path}");
        assert!(begun.elapsed() < Duration::from_secs(2), "{path} took {:?}", begun.elapsed());
    }
    drop(holder);
    let ended = join_all(waiting).await;
    let announced = ended.iter().filter(|status| *status.as_ref().unwrap() == StatusCode::CREATED).count();
    assert!((60..=64).contains(&announced), "{announced} of {ended:?}");
}
