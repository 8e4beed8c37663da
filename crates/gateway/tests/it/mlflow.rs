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

#[tokio::test]
async fn what_was_given_up_is_due_again_and_nothing_else() {
    let house = House::build().await;
    let admin = house.admin().await;
    house
        .execute(
            "INSERT INTO e2i.mlflow_runs (job_id, attempt, state, revision, created_at, next_try_at, parked_at, logged_at, run_id)
             SELECT gen_random_uuid(), n, 'succeeded', 'abc', now() - interval '20 days', now() - interval '1 day',
                    CASE WHEN n < 3 THEN now() END, CASE WHEN n = 3 THEN now() END, CASE WHEN n = 3 THEN 'run' END
             FROM generate_series(1, 4) AS n",
        )
        .await;
    let retry = "/api/v1/admin/mlflow-runs/retry";
    let user = house.user(&admin, "ann@example.org").await;
    problem(house.post(retry, &user, serde_json::json!({})).await, 403, "forbidden").await;
    assert_eq!(body(house.post(retry, &admin, serde_json::json!({})).await, 200).await["queued"], 2);
    let due = "SELECT count(*) FROM e2i.mlflow_runs WHERE parked_at IS NULL AND created_at > now() - interval '1 hour'";
    house.until(due, 2).await;
    assert_eq!(body(house.post(retry, &admin, serde_json::json!({})).await, 200).await["queued"], 0);
}
