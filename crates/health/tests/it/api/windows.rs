//! Maintenance that is announced.

use chassis::clock::{Clock as _, SystemClock};
use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::house::{House, slug};

#[tokio::test]
async fn a_window_is_announced_seen_at_once_and_ended() {
    let house = House::new().await;
    let until = SystemClock.now() + TimeDelta::hours(1);
    let body = json!({"parts": ["postgres"], "until": until, "reason": "New disk"});
    let answer = house.as_one("admin", Method::POST, "/api/v1/status/windows").json(&body).send().await.unwrap();
    assert_eq!(
        (answer.status(), &answer.headers()["location"]),
        (StatusCode::CREATED, &"/api/v1/status/windows/1".parse().unwrap())
    );
    let (_, now) = house.get("nobody", "/api/v1/status").await;
    assert_eq!((&now["windows"][0]["reason"], &now["windows"][0]["by"]), (&json!("New disk"), &json!(null)));
    let (_, windows) = house.get("admin", "/api/v1/status/windows").await;
    assert_eq!((&windows[0]["by"], &windows[0]["parts"]), (&json!("ann@example.org"), &json!(["postgres"])));
    let end = || house.as_one("admin", Method::DELETE, "/api/v1/status/windows/1").send();
    assert_eq!(end().await.unwrap().status(), StatusCode::NO_CONTENT);
    assert_eq!(house.get("nobody", "/api/v1/status").await.1["windows"], json!([]));
    assert_eq!(end().await.unwrap().status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused() {
    let house = House::new().await;
    let until = SystemClock.now() + TimeDelta::hours(1);
    for body in [
        json!({"until": until}),
        json!({"until": until, "reason": " "}),
        json!({"until": until, "reason": "x", "parts": ["mysql"]}),
        json!({"until": until - TimeDelta::hours(2), "reason": "x"}),
        json!({"until": until, "reason": "x", "part": ["postgres"]}),
    ] {
        let (status, problem) = house.post("/api/v1/status/windows", &body).await;
        assert_eq!((status, slug(&problem)), (StatusCode::UNPROCESSABLE_ENTITY, "unprocessable-content"), "{body}");
    }
    assert_eq!(house.get("nobody", "/api/v1/status/windows").await.1, json!([]));
}
