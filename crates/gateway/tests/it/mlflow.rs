//! The cookie that opens MLflow: who gets one, what it says yes to, and when it does no more.

use http::Method;
use reqwest::Response;

use crate::house::{House, Person, body, problem};

async fn open(house: &House, who: &Person) -> Response {
    let request = house.client().request(Method::POST, format!("http://{}/api/v1/admin/mlflow-session", house.address));
    request.bearer_auth(&who.access_token).send().await.unwrap()
}

async fn access(house: &House, headers: &[(&str, &str)]) -> u16 {
    let mut request = house.client().get(format!("http://{}/internal/mlflow-access", house.address));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap().status().as_u16()
}

fn cookie(opened: &Response) -> String {
    assert_eq!(opened.status(), 204);
    let header = opened.headers()["set-cookie"].to_str().unwrap();
    // Reached over https: no browser sends it in the clear.
    assert!(header.starts_with("__Secure-e2i-mlflow=") && header.contains("; Secure"), "{header}");
    header.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn it_holds_while_its_session_does_and_a_token_is_nothing_there() {
    let house = House::build().await;
    let admin = house.admin().await;
    let cookie = cookie(&open(&house, &admin).await);
    let get = ("x-original-method", "GET");
    assert_eq!(access(&house, &[("cookie", &cookie), get]).await, 204);
    let token = format!("Bearer {}", admin.access_token);
    assert_eq!(access(&house, &[("authorization", &token), get]).await, 401);
    assert_eq!(access(&house, &[get]).await, 401);
    assert_eq!(access(&house, &[("cookie", &cookie), ("x-original-method", "DELETE")]).await, 403);
    body(house.post("/auth/v1/logout", &admin, serde_json::json!({})).await, 204).await;
    assert_eq!(access(&house, &[("cookie", &cookie), get]).await, 403, "signed out");
}

#[tokio::test]
async fn without_mlflow_there_is_nothing_to_open() {
    let house = House::build_with(|env| env.with("MLFLOW_TRACKING_URI", "")).await;
    let admin = house.admin().await;
    problem(open(&house, &admin).await, 409, "conflict").await;
}
