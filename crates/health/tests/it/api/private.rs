//! The private port.

use std::time::Duration;

use chassis::clock::TestMonotonic;
use health::board::State;
use health::part::Importance;
use reqwest::StatusCode;
use serde_json::Value;

use super::house::{House, Plan, WITHIN, picture, standing, told, until};

/// The private port of a house, on a socket of its own.
async fn private(house: &House) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (router, shutdown) = (health::http::private::router(&house.state).unwrap(), house.shutdown.clone());
    tokio::spawn(async move { chassis::private::serve_private(listener, router, &shutdown).await.unwrap() });
    tokio::spawn(health::http::private::keep_gauges(house.state.clone()));
    url
}

#[tokio::test]
async fn a_part_that_is_down_is_a_gauge_and_no_reason_to_be_unready() {
    let ticks = TestMonotonic::start();
    let house = House::with(Plan { ticks: ticks.clone(), ..Plan::default() }).await;
    let url = private(&house).await;
    let http = reqwest::Client::builder().timeout(WITHIN).build().unwrap();
    let ask = async |path: &str| told(http.get(format!("{url}{path}")).send().await.unwrap()).await;
    house.board.show(picture(vec![standing("postgres", Importance::Critical, State::Fail)]));
    let (status, ready): (StatusCode, Value) = ask("/readyz").await;
    assert_eq!((status, &ready["status"], &ready["revision"]), (StatusCode::OK, &"pass".into(), &"abc1234".into()));
    let metrics = async || http.get(format!("{url}/metrics")).send().await.unwrap().text().await.unwrap();
    for line in [
        r#"health_part_state{part="postgres",state="fail"} 1"#,
        r#"health_part_state{part="postgres",state="pass"} 0"#,
        r#"health_status{status="fail"} 1"#,
        r#"health_part_latency_seconds{part="postgres"} 0.007"#,
        "health_open_incidents 1",
        "health_waiting_alerts 1",
    ] {
        until(line, async || metrics().await.contains(line)).await;
    }
    ticks.advance(Duration::from_secs(61));
    let (status, ready) = ask("/readyz").await;
    assert_eq!((status, &ready["checks"]["looks"]["status"]), (StatusCode::SERVICE_UNAVAILABLE, &"fail".into()));
    assert_eq!(ask("/livez").await.0, StatusCode::OK, "nothing restarts it for that");
}
