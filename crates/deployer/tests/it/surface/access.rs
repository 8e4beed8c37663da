//! Who may look and who may give orders.

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::house::{House, slug, told};

const LOOKS: [&str; 6] = ["", "/overview", "/plan?ref=main", "/1", "/1/log", "/1/events"];
const ORDERS: [&str; 5] = ["", "/1/cancel", "/1/rollback", "/resume", "/pause"];

#[tokio::test]
async fn only_admins_look() {
    let house = House::new().await;
    for path in LOOKS.map(|path| format!("/api/v1/deployments{path}")) {
        let (status, problem) = told(house.ask(Method::GET, &path).send().await.unwrap()).await;
        assert_eq!((status, slug(&problem)), (StatusCode::UNAUTHORIZED, "unauthorized"), "{path}");
        let user = house.ask(Method::GET, &path).bearer_auth(house.token("user", 1, 3600));
        let (status, problem) = told(user.send().await.unwrap()).await;
        assert_eq!((status, slug(&problem)), (StatusCode::FORBIDDEN, "forbidden"), "{path}");
        let admin = house.ask(Method::GET, &path).bearer_auth(house.token("admin", 500, 3600));
        let answer = admin.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}: an old sign-in may look");
    }
}

#[tokio::test]
async fn orders_need_an_admin_who_has_just_signed_in() {
    let house = House::new().await;
    let body = json!({"ref": "main", "on": true});
    for path in ORDERS.map(|path| format!("/api/v1/deployments{path}")) {
        let ask = || house.ask(Method::POST, &path).json(&body);
        assert_eq!(ask().send().await.unwrap().status(), StatusCode::UNAUTHORIZED, "{path}");
        let (status, problem) = told(ask().bearer_auth(house.token("user", 1, 3600)).send().await.unwrap()).await;
        assert_eq!((status, slug(&problem)), (StatusCode::FORBIDDEN, "forbidden"), "{path}");
        let (status, problem) = told(ask().bearer_auth(house.token("admin", 16, 3600)).send().await.unwrap()).await;
        assert_eq!((status, slug(&problem)), (StatusCode::FORBIDDEN, "fresh-sign-in-required"), "{path}");
    }
    let overview = house.get("/api/v1/deployments/overview").await;
    assert_eq!((&overview["running"], &overview["paused"]), (&json!(null), &json!(false)), "nothing was ordered");
}

#[tokio::test]
async fn a_token_of_somebody_else_is_nobodys() {
    let (house, other) = (House::new().await, House::new().await);
    let foreign = other.token("admin", 1, 3600);
    let answer = house.ask(Method::GET, "/api/v1/deployments").bearer_auth(foreign).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    let expired = house.token("admin", 1, -60);
    let answer = house.ask(Method::GET, "/api/v1/deployments").bearer_auth(expired).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
}
