//! What `/health` and `/api/v1/status` say, and to whom.

use std::time::{Duration, Instant};

use chassis::clock::{Clock as _, SystemClock, TestMonotonic};
use chrono::TimeDelta;
use health::board::State;
use health::part::Importance;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::house::{House, Plan, SECRET_WORDS, all_well, picture, slug, standing, until};

#[tokio::test]
async fn what_is_optional_warns_and_what_is_critical_fails() {
    use Importance::{Critical, Optional};
    let house = House::new().await;
    let (status, health) = house.get("nobody", "/health").await;
    assert_eq!((status, &health["status"]), (StatusCode::OK, &json!("pass")));
    assert_eq!(health["checks"]["backup"][0]["state"], "not_configured");
    assert_eq!((&health["version"], &health["revision"]), (&json!("0.1.0"), &json!("abc1234")));

    house.board.show(picture(vec![standing("a", Critical, State::Pass), standing("b", Optional, State::Fail)]));
    let (status, health) = house.get("nobody", "/health").await;
    assert_eq!((status, &health["status"]), (StatusCode::OK, &json!("warn")));
    assert_eq!(health["checks"]["b"][0]["status"], "fail");

    house.board.show(picture(vec![standing("a", Critical, State::Fail), standing("b", Optional, State::Pass)]));
    let answer = house.ask(Method::GET, "/health").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers()["content-type"], "application/health+json");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let health: Value = answer.json().await.unwrap();
    assert_eq!((&health["status"], &health["checks"]["a"][0]["critical"]), (&json!("fail"), &json!(true)));
    let (status, now) = house.get("nobody", "/api/v1/status").await;
    assert_eq!((status, &now["status"]), (StatusCode::OK, &json!("fail")), "it is told well that it is not well");
}

#[tokio::test]
async fn whoever_did_not_sign_in_reads_no_host_and_no_error() {
    let house = House::new().await;
    house.board.show(picture(vec![standing("postgres", Importance::Critical, State::Fail)]));
    let until_then = SystemClock.now() + TimeDelta::hours(1);
    let body = json!({"until": until_then, "reason": "New disk"});
    assert_eq!(house.post("/api/v1/status/windows", &body).await.0, StatusCode::CREATED);
    until("incidents are read", async || {
        house.get("nobody", "/api/v1/status").await.1["incidents"][0]["id"] == json!(12)
    })
    .await;
    let all = [
        "/health",
        "/api/v1/status",
        "/api/v1/status/history",
        "/api/v1/status/incidents",
        "/api/v1/status/timeline",
        "/api/v1/status/windows",
        "/api/v1/status/parts/postgres/latency",
        "/api/v1/status/parts/nothing/latency",
    ];
    for path in all {
        let text = house.ask(Method::GET, path).send().await.unwrap().text().await.unwrap();
        for secret in [SECRET_WORDS, "internal", "10.1.2.3", "refused", "acme", "waiting jobs", "ann@"] {
            assert!(!text.contains(secret), "{path} tells {secret:?}: {text}");
        }
    }
    let (_, now) = house.get("nobody", "/api/v1/status").await;
    assert_eq!((&now["deploys"], &now["alerts"], &now["logs_kept_days"]), (&json!(null), &json!(null), &json!(null)));
    let incident = &now["incidents"][0];
    assert_eq!((&incident["cause"], &incident["deployment"]), (&json!(null), &json!(null)));
    let (_, health) = house.get("nobody", "/health").await;
    let check = health["checks"]["postgres"][0].as_object().unwrap();
    let members: Vec<&str> = check.keys().map(String::as_str).collect();
    assert_eq!(members, ["age_s", "componentId", "critical", "state", "status", "time"]);
}

#[tokio::test]
async fn people_see_what_is_behind_it_and_admins_why() {
    let house = House::new().await;
    house.board.show(picture(vec![standing("postgres", Importance::Critical, State::Fail)]));
    until("all is read", async || house.get("user", "/api/v1/status").await.1["incidents"][0]["id"] == json!(12)).await;
    let (_, now) = house.get("user", "/api/v1/status").await;
    assert_eq!(now["parts"][0]["figures"][0]["name"], "waiting jobs");
    assert_eq!(now["deploys"]["live"], 3);
    let uptime = now["parts"][0]["uptime"]["h24"].as_f64().unwrap();
    assert!((0.5..0.95).contains(&uptime), "{uptime}");
    assert!(now["incidents"][0]["cause"].as_str().unwrap().contains("abc1234"));
    assert_eq!((&now["parts"][0]["words"], &now["alerts"]), (&json!(null), &json!(null)));
    assert!(!now.to_string().contains(SECRET_WORDS));
    let (_, timeline) = house.get("user", "/api/v1/status/timeline").await;
    let release = timeline["items"].as_array().unwrap().iter().find(|one| one["kind"] == "released").unwrap();
    assert!(release["deployment"].is_i64() && release["words"].as_str().unwrap().contains("acme"), "{release}");

    let (_, now) = house.get("admin", "/api/v1/status").await;
    assert_eq!(
        (&now["parts"][0]["words"], &now["incidents"][0]["words"]),
        (&json!(SECRET_WORDS), &json!(SECRET_WORDS))
    );
    assert_eq!(
        now["alerts"],
        json!({"channels": [], "waiting": 1, "waiting_words": null, "watched_from_outside": true})
    );
    assert_eq!(now["logs_kept_days"], 29.5);
    let (status, health) = house.get("admin", "/health").await;
    let check = &health["checks"]["postgres"][0];
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        (&check["output"], &check["observedValue"], &check["observedUnit"]),
        (&json!(SECRET_WORDS), &json!(7.0), &json!("ms"))
    );
    assert!(check["since"].is_string());
    let (_, health) = house.get("user", "/health").await;
    assert!(!health.to_string().contains(SECRET_WORDS), "not even whoever signed in");
}

#[tokio::test]
async fn it_answers_at_once_while_a_part_hangs() {
    let house = House::new().await;
    until("all is read", async || house.get("admin", "/api/v1/status").await.1["incidents"][0]["id"] == json!(12))
        .await;
    // The part's last look is 8 s old: it accepted the next one, and has not answered.
    let mut waits = standing("postgres", Importance::Critical, State::Pass);
    waits.last.as_mut().unwrap().at -= TimeDelta::seconds(8);
    house.board.show(picture(vec![waits]));
    let token = house.token("admin", 3600);
    for path in ["/health", "/api/v1/status"] {
        for bearer in [None, Some(&token)] {
            let ask = async || {
                let request = house.ask(Method::GET, path);
                let request = bearer.into_iter().fold(request, reqwest::RequestBuilder::bearer_auth);
                let begun = Instant::now();
                let text = request.send().await.unwrap().text().await.unwrap();
                (begun.elapsed(), text)
            };
            // The machine may be busy for a moment; what hangs would hold up each of them.
            let (mut quickest, mut text) = ask().await;
            for _ in 0..4 {
                let (took, again) = ask().await;
                quickest = quickest.min(took);
                text = again;
            }
            assert!(quickest < Duration::from_millis(100), "{path} took {quickest:?}");
            let answer: Value = serde_json::from_str(&text).unwrap();
            let age = match path {
                "/health" => &answer["checks"]["postgres"][0]["age_s"],
                _ => &answer["parts"][0]["age_s"],
            };
            assert!((8.0..20.0).contains(&age.as_f64().unwrap()), "{answer}");
        }
    }
}

#[tokio::test]
async fn checks_that_hang_are_not_well() {
    let ticks = TestMonotonic::start();
    let house = House::with(Plan { ticks: ticks.clone(), ..Plan::default() }).await;
    assert_eq!(house.get("nobody", "/health").await.0, StatusCode::OK);
    ticks.advance(Duration::from_secs(61));
    let (status, health) = house.get("nobody", "/health").await;
    assert_eq!((status, &health["age_s"]), (StatusCode::SERVICE_UNAVAILABLE, &json!(61.0)));
    assert!(health["output"].as_str().unwrap().contains("61 s"), "{health}");
    assert_eq!(house.get("nobody", "/api/v1/status").await.1["status"], "fail");
    house.board.show(all_well());
    assert_eq!(house.get("nobody", "/health").await.0, StatusCode::OK);
}

#[tokio::test]
async fn histories_have_every_day_and_questions_have_limits() {
    let house = House::new().await;
    let (status, history) = house.get("nobody", "/api/v1/status/history").await;
    assert_eq!(status, StatusCode::OK);
    let parts = history["parts"].as_array().unwrap();
    assert_eq!(parts.len(), 5);
    assert!(parts.iter().all(|part| part["days"].as_array().unwrap().len() == 90));
    let today = &parts[0]["days"][89];
    assert!(today["observed_s"].as_f64().unwrap() > 0.0);
    assert_eq!((&parts[0]["days"][0]["up_share"], &parts[1]["days"][89]["up_share"]), (&json!(null), &json!(null)));
    for (path, wrong) in [
        ("history?days=", ["0", "401", "x"]),
        ("timeline?days=", ["0", "401", "-1"]),
        ("incidents?limit=", ["0", "101", "x"]),
        ("parts/postgres/latency?hours=", ["0", "9601", "x"]),
    ] {
        for value in wrong {
            let (status, problem) = house.get("nobody", &format!("/api/v1/status/{path}{value}")).await;
            assert_eq!((status, slug(&problem)), (StatusCode::BAD_REQUEST, "bad-request"), "{path}{value}");
        }
    }
    let (status, latency) = house.get("nobody", "/api/v1/status/parts/postgres/latency?hours=720").await;
    assert!(status == StatusCode::OK && latency["points"][0]["mean_ms"] == json!(7.0), "{latency}");
    let (status, problem) = house.get("nobody", "/api/v1/status/parts/mysql/latency").await;
    assert_eq!((status, slug(&problem)), (StatusCode::NOT_FOUND, "not-found"));
    let (_, page) = house.get("nobody", "/api/v1/status/incidents?limit=1").await;
    assert_eq!((&page["items"][0]["id"], &page["next"]), (&json!(12), &json!(12)));
    let (_, page) = house.get("nobody", "/api/v1/status/incidents?before=12&limit=1").await;
    assert_eq!((&page["items"][0]["id"], &page["next"]), (&json!(11), &json!(null)));
    let (_, page) = house.get("nobody", "/api/v1/status/incidents?before=11").await;
    assert_eq!(page, json!({"items": [], "next": null}));
}
