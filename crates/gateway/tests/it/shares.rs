//! Links to one analysis: what they show, to whom, and how they end.

use http::Method;
use reqwest::Response;
use serde_json::{Value, json};

use crate::data::lab::{Lab, id};
use crate::data::reproduce::result;
use crate::house::{body, problem};

/// A link to an analysis of ann's.
struct Link {
    analysis: String,
    id: String,
    token: String,
}

impl Link {
    async fn to(lab: &Lab, analysis: &str) -> Self {
        let made = body(share(lab, analysis, json!({})).await, 201).await;
        let token = made["token"].as_str().unwrap().to_owned();
        Self { analysis: analysis.to_owned(), id: id(&made["share"]), token }
    }

    /// To an analysis that has a result.
    async fn to_a_result(lab: &Lab) -> Self {
        let analysis = lab.analysis(&lab.ann).await;
        lab.worker.run(&analysis, result()).await;
        Self::to(lab, &analysis).await
    }

    fn path(&self) -> String {
        format!("/api/v1/analyses/{}/shares/{}", self.analysis, self.id)
    }
}

async fn share(lab: &Lab, analysis: &str, asked: Value) -> Response {
    lab.house.post(&format!("/api/v1/analyses/{analysis}/shares"), &lab.ann, asked).await
}

async fn open_at(lab: &Lab, path: &str, token: &str) -> Response {
    let request = lab.client.get(format!("http://{}{path}", lab.house.address));
    request.header("x-share-token", token).send().await.unwrap()
}

async fn open(lab: &Lab, token: &str) -> Response {
    open_at(lab, "/api/v1/shared", token).await
}

async fn listed(lab: &Lab, analysis: &str) -> Value {
    lab.get(&format!("/api/v1/analyses/{analysis}/shares"), &lab.ann).await["shares"].clone()
}

#[tokio::test]
async fn a_link_shows_one_analysis_to_whoever_has_it_and_nothing_else_of_the_workspace() {
    let lab = Lab::build().await;
    let analysis = lab.analysis(&lab.ann).await;
    let made = body(share(&lab, &analysis, json!({})).await, 201).await;
    let token = made["token"].as_str().unwrap();
    assert_eq!(made["url"], format!("https://e2i.example.org/shared#token={token}"));
    let answer = open(&lab, token).await;
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let early = body(answer, 200).await;
    assert_eq!(
        (&early["state"], &early["result"], &early["has_script"]),
        (&json!("queued"), &Value::Null, &json!(false))
    );
    lab.worker.run(&analysis, result()).await;
    let shown = body(open(&lab, token).await, 200).await;
    assert_eq!((&shown["state"], &shown["result"]), (&json!("succeeded"), &result()));
    assert_eq!(shown["dataset"], json!({"name": "table", "version": 1, "rows": 4}));
    assert_eq!((&shown["parameters"]["outcome"], &shown["agent_name"]), (&json!("y"), &json!("causal_impact")));
    assert_eq!(shown["agent"]["parameters_schema"]["properties"]["outcome"]["x-role"], "outcome");
    assert_eq!(shown["has_script"], true);
    let text = shown.to_string();
    let account = lab.get("/api/v1/account", &lab.ann).await;
    let workspace = id(&account["workspaces"][0]);
    for other in [&analysis, &workspace, &lab.ann.id, &lab.ann.email] {
        assert!(!text.contains(other.as_str()), "{other} is in {text}");
    }
    let script = open_at(&lab, "/api/v1/shared/reproduce.py", token).await;
    assert_eq!(
        (script.status().as_u16(), &script.headers()["content-type"]),
        (200, &"text/x-python; charset=utf-8".parse().unwrap())
    );
    assert!(script.text().await.unwrap().contains("ANALYSIS = json.loads"));
    // The token opens that one path: it is no sign-in.
    let request = lab.client.get(format!("http://{}/api/v1/analyses/{analysis}", lab.house.address));
    problem(request.header("x-share-token", token).bearer_auth(token).send().await.unwrap(), 401, "invalid-token")
        .await;
}

#[tokio::test]
async fn unknown_expired_and_revoked_links_and_no_link_at_all_are_the_same_404() {
    let lab = Lab::build().await;
    let (expired, revoked) = (Link::to_a_result(&lab).await, Link::to_a_result(&lab).await);
    body(open(&lab, &expired.token).await, 200).await;
    sqlx::query("UPDATE e2i.shares SET expires_at = now() WHERE id = $1::uuid")
        .bind(&expired.id)
        .execute(&lab.house.database)
        .await
        .unwrap();
    assert_eq!(lab.house.delete(&revoked.path(), &lab.ann).await.status(), 204);
    assert_eq!(lab.house.delete(&revoked.path(), &lab.ann).await.status(), 204, "again is no error");
    assert_eq!(lab.house.audited("share.revoke").await, 1);
    let mut heard = Vec::new();
    for path in ["/api/v1/shared", "/api/v1/shared/reproduce.py"] {
        for token in [expired.token.as_str(), revoked.token.as_str(), "made up", "", "ü"] {
            let mut refused = problem(open_at(&lab, path, token).await, 404, "not-found").await;
            refused.as_object_mut().unwrap().retain(|name, _| name != "request_id" && name != "instance");
            heard.push(refused);
        }
    }
    let bare = lab.client.get(format!("http://{}/api/v1/shared", lab.house.address)).send().await.unwrap();
    assert_eq!(bare.status(), 404);
    assert!(heard.windows(2).all(|pair| pair[0] == pair[1]), "{heard:?}");
    let listed = listed(&lab, &revoked.analysis).await;
    assert_eq!(listed[0]["works"], false);
    assert!(listed[0]["revoked_at"].is_string());
}

#[tokio::test]
async fn a_token_stands_in_the_database_as_a_keyed_hash_alone() {
    let lab = Lab::build().await;
    let link = Link::to_a_result(&lab).await;
    let stored: Vec<u8> =
        sqlx::query_scalar("SELECT token_hash FROM e2i.shares").fetch_one(&lab.house.database).await.unwrap();
    let key = |text: &str| gateway::people::links::LinkKey::new(&chassis::config::Secret::new(text.to_owned()));
    assert_eq!(key(lab.house.env.get("SECRET_KEY").unwrap()).share_hash(&link.token), stored);
    assert_ne!(key("another secret key").share_hash(&link.token), stored);
    let dump = "SELECT string_agg(t::text, ' ') FROM (SELECT to_jsonb(s) t FROM e2i.shares s UNION ALL
                SELECT to_jsonb(a) FROM e2i.audit_log a) all_rows";
    let dump: String = sqlx::query_scalar(dump).fetch_one(&lab.house.database).await.unwrap();
    assert!(!dump.contains(&link.token));
}

#[tokio::test]
async fn members_see_who_shared_and_when_it_was_opened_which_the_log_tells_once() {
    let lab = Lab::build().await;
    let link = Link::to_a_result(&lab).await;
    let before = listed(&lab, &link.analysis).await;
    assert_eq!((&before[0]["created_by_email"], &before[0]["last_opened_at"]), (&json!(lab.ann.email), &Value::Null));
    assert_eq!((&before[0]["works"], &before[0]["revoked_at"]), (&json!(true), &Value::Null));
    assert_eq!(before[0].get("token"), None);
    let openings = (0..4).map(|_| open(&lab, &link.token));
    for answer in futures::future::join_all(openings).await {
        body(answer, 200).await;
    }
    assert!(listed(&lab, &link.analysis).await[0]["last_opened_at"].is_string());
    assert_eq!(lab.house.audited("share.open").await, 1, "however many open it at once");
    lab.house.execute("UPDATE e2i.shares SET last_opened_at = last_opened_at - interval '1 hour'").await;
    let old = listed(&lab, &link.analysis).await[0]["last_opened_at"].clone();
    body(open(&lab, &link.token).await, 200).await;
    assert_ne!(listed(&lab, &link.analysis).await[0]["last_opened_at"], old);
    assert_eq!(lab.house.audited("share.open").await, 1, "the first opening alone");
}

#[tokio::test]
async fn viewers_see_links_and_make_and_end_none() {
    let lab = Lab::build().await;
    let workspace = lab.shared_workspace().await;
    let path = format!("/api/v1/datasets?name=table&workspace_id={workspace}");
    let table = lab.request(Method::POST, &path, &lab.ann).header("content-type", "text/csv");
    let dataset = id(&body(table.body(crate::data::lab::CSV).send().await.unwrap(), 201).await);
    let link = Link::to(&lab, &id(&body(lab.submit(&lab.ann, &dataset).await, 202).await)).await;
    let shares = format!("/api/v1/analyses/{}/shares", link.analysis);
    assert_eq!(lab.get(&shares, &lab.bob).await["shares"].as_array().unwrap().len(), 1);
    problem(lab.house.post(&shares, &lab.bob, json!({})).await, 403, "forbidden").await;
    problem(lab.house.delete(&link.path(), &lab.bob).await, 403, "forbidden").await;
    // A link of another analysis is none of this one's.
    let other = id(&body(lab.submit(&lab.ann, &dataset).await, 202).await);
    let crossed = format!("/api/v1/analyses/{other}/shares/{}", link.id);
    problem(lab.house.delete(&crossed, &lab.ann).await, 404, "not-found").await;
    body(open(&lab, &link.token).await, 200).await;
}

#[tokio::test]
async fn a_link_ends_with_what_its_maker_may_show_and_with_the_analysis() {
    let lab = Lab::build().await;
    let link = Link::to_a_result(&lab).await;
    let patch = async |change: Value| {
        let path = format!("/api/v1/admin/users/{}", lab.ann.id);
        body(lab.house.patch(&path, &lab.admin, change).await, 200).await;
    };
    patch(json!({"disabled": true})).await;
    problem(open(&lab, &link.token).await, 404, "not-found").await;
    patch(json!({"disabled": false})).await;
    body(open(&lab, &link.token).await, 200).await;
    lab.house.execute("UPDATE e2i.workspace_members SET role = 'viewer' WHERE role = 'owner'").await;
    problem(open(&lab, &link.token).await, 404, "not-found").await;
    lab.house.execute("UPDATE e2i.workspace_members SET role = 'owner' WHERE role = 'viewer'").await;
    body(open(&lab, &link.token).await, 200).await;
    let ann = lab.house.sign_in(&lab.ann.email).await;
    assert_eq!(lab.house.delete(&format!("/api/v1/analyses/{}", link.analysis), &ann).await.status(), 204);
    problem(open(&lab, &link.token).await, 404, "not-found").await;
    assert_eq!(lab.count("SELECT count(*) FROM e2i.shares").await, 0);
}

#[tokio::test]
async fn a_link_works_for_seven_days_unless_asked_otherwise_and_for_ninety_at_most() {
    let lab = Lab::build().await;
    let analysis = lab.analysis(&lab.ann).await;
    let days = async |asked: Value| {
        let made = body(share(&lab, &analysis, asked).await, 201).await;
        let time = |name: &str| made["share"][name].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
        (time("expires_at") - time("created_at")).num_days()
    };
    assert_eq!(days(json!({})).await, 7);
    assert_eq!(days(json!({"expires_in_s": 90 * 86_400})).await, 90);
    for wrong in [
        json!({"expires_in_s": 90 * 86_400 + 1}),
        json!({"expires_in_s": 59}),
        json!({"expires_in_s": -1}),
        json!({"for_ever": true}),
    ] {
        problem(share(&lab, &analysis, wrong).await, 422, "unprocessable-content").await;
    }
    for _ in 2..store::jobs::MAX_WORKING_SHARES {
        body(share(&lab, &analysis, json!({})).await, 201).await;
    }
    problem(share(&lab, &analysis, json!({})).await, 409, "conflict").await;
    lab.house.execute("UPDATE e2i.shares SET revoked_at = now()").await;
    body(share(&lab, &analysis, json!({})).await, 201).await;
}

#[tokio::test]
async fn an_address_opens_so_many_links_a_minute() {
    let lab = Lab::build_with(|env| env.with("RATE_LIMIT_SHARED_PER_MINUTE", "3")).await;
    for _ in 0..3 {
        problem(open(&lab, "guess").await, 404, "not-found").await;
    }
    let refused = open(&lab, "guess").await;
    assert!(refused.headers()["ratelimit-policy"].to_str().unwrap().contains(r#""shared";q=3;w=60"#));
    assert!(refused.headers().contains_key("retry-after"));
    problem(refused, 429, "too-many-requests").await;
    body(lab.house.get("/api/v1/account", &lab.ann).await, 200).await;
}
