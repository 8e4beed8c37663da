//! MLflow as people meet it: an analysis becomes a run, and its pages open to admins alone, through nginx.

#[path = "../../../worker/tests/it/mlflow/server.rs"]
pub(crate) mod server;

use local::client::{Client, Refusal, text};
use local::main_job;
use local::platform::Platform;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use self::server::{Mlflow, of};
use crate::house::{E2I, admin, eventually, id, upload_nsw, user};
use crate::wire::{self, Answer, client};

async fn with(mlflow: &Mlflow) -> Platform {
    let variables = [("MLFLOW_TRACKING_URI", mlflow.uri()), ("E2I_REVISION", "abc123".to_owned())];
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Platform::for_test_behind_nginx(E2I, 1, &variables).await.unwrap()
}

async fn logged(client: &Client, analysis: &str) -> Value {
    eventually("the analysis is logged", async || {
        let analysis = client.get(&format!("/api/v1/analyses/{analysis}")).await.unwrap();
        (analysis["mlflow"]["state"] == "logged").then_some(analysis)
    })
    .await
}

#[tokio::test]
async fn an_analysis_is_a_run_with_its_question_its_numbers_and_its_files() {
    let mlflow = Mlflow::shared().await;
    let platform = with(mlflow).await;
    let ann = user(&platform, "ann@example.org").await;
    let dataset = upload_nsw(&ann).await;
    let asked = ann.submit("causal_impact", Some(id(&dataset)), &main_job::nsw_question()).await.unwrap();
    assert_eq!(ann.wait(id(&asked)).await.unwrap()["state"], "succeeded");
    let analysis = logged(&ann, id(&asked)).await;
    let result = ann.get(&format!("/api/v1/analyses/{}/result", id(&asked))).await.unwrap();
    let runs = mlflow.runs_of(id(&asked)).await;
    let run = &runs[0];
    assert_eq!((runs.len(), &run["info"]["run_id"]), (1, &analysis["mlflow"]["run_id"]));
    assert_eq!(run["info"]["status"], "FINISHED");
    let experiment = text(&run["info"], "experiment_id").unwrap();
    let path = format!("/mlflow/#/experiments/{experiment}/runs/{}", text(&run["info"], "run_id").unwrap());
    assert_eq!(analysis["mlflow"]["path"], path.as_str());

    assert_eq!(of(run, "params", "outcome"), "re78");
    assert_eq!(of(run, "params", "estimator"), "difference_in_means");
    for key in ["estimate", "standard_error", "p_value", "interval.lower", "interval.upper"] {
        let expected = key.split('.').fold(&result, |value, name| &value[name]);
        assert!(expected.is_number(), "{key}");
        assert_eq!(of(run, "metrics", key), *expected, "{key}");
    }
    assert_eq!(of(run, "metrics", "rows"), 445.0);
    assert!(of(run, "metrics", "seconds").as_f64().is_some_and(|seconds| seconds > 0.0), "{run}");
    let metrics: Vec<&str> =
        run["data"]["metrics"].as_array().unwrap().iter().filter_map(|one| one["key"].as_str()).collect();
    assert!(metrics.iter().any(|key| key.starts_with("refutations.")), "{metrics:?}");
    assert!(metrics.iter().any(|key| key.starts_with("diagnostics.")), "{metrics:?}");
    let tags = [
        ("e2i.analysis_id", id(&asked)),
        ("e2i.dataset_id", id(&dataset)),
        ("e2i.dataset", "nsw"),
        ("e2i.dataset_version", "1"),
        ("e2i.workspace_id", text(&analysis, "workspace_id").unwrap()),
        ("e2i.agent", "causal_impact"),
        ("e2i.revision", "abc123"),
        ("e2i.state", "succeeded"),
        ("mlflow.user", text(&analysis, "created_by").unwrap()),
    ];
    for (key, value) in tags {
        assert_eq!(of(run, "tags", key), value, "{key}");
    }
    assert!(!run.to_string().contains("ann@example.org"), "{run}");

    let root = text(&run["info"], "artifact_uri").unwrap().strip_prefix("mlflow-artifacts:/").unwrap().to_owned();
    let file =
        async |name: &str| mlflow.get(&format!("mlflow-artifacts/artifacts/{root}/{name}")).await.text().await.unwrap();
    assert_eq!(serde_json::from_str::<Value>(&file("result.json").await).unwrap(), result);
    assert!(file("reproduce.py").await.contains("import"));
    assert!(file("tables/estimates.csv").await.lines().count() > 1);
    // The profile of the dataset was a job too, and is no run.
    assert_eq!(mlflow.experiment("e2i/profile").await, None);
}

/// A browser's cookie for MLflow.
async fn cookie(admin: &Client) -> String {
    let answer = admin.send(admin.request(Method::POST, "/api/v1/admin/mlflow-session")).await.unwrap();
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    let header = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(header.ends_with("; Path=/mlflow; Max-Age=900; HttpOnly; SameSite=Strict"), "{header}");
    header.split(';').next().unwrap().to_owned()
}

struct Door {
    platform: Platform,
}

impl Door {
    async fn ask(&self, method: &str, path: &str, headers: &str) -> Answer {
        let request =
            format!("{method} {path} HTTP/1.1\r\nHost: e2i\r\nConnection: close\r\nContent-Length: 0\r\n{headers}\r\n");
        wire::send(client(2), self.platform.nginx().unwrap().address(), request.as_bytes()).await
    }

    async fn get(&self, headers: &str) -> Answer {
        self.ask("GET", "/mlflow/", headers).await
    }
}

#[tokio::test]
async fn only_an_admins_cookie_opens_mlflow_and_only_its_own_pages_change_it() {
    let door = Door { platform: with(Mlflow::shared().await).await };
    let (admin, ann) = (admin(&door.platform).await, user(&door.platform, "ann@example.org").await);
    assert_eq!(admin.get("/config.json").await.unwrap()["mlflow"], true);

    door.get("").await.problem(401, "unauthorized");
    let page = door.get("Accept: text/html\r\n").await;
    assert!(page.status == 401 && page.body.contains("Open MLflow from the web app"), "{page:?}");
    let refused = ann.post("/api/v1/admin/mlflow-session", &json!({})).await.unwrap_err();
    assert_eq!(refused.downcast_ref::<Refusal>().unwrap().status, StatusCode::FORBIDDEN);
    door.get("Cookie: e2i-mlflow=e30.e30\r\n").await.problem(401, "unauthorized");
    assert_eq!(door.ask("GET", "/-/mlflow-access", "").await.status, 404, "nginx's own question is nobody else's");
    assert_eq!(door.ask("GET", "/internal/mlflow-access", "").await.status, 404);

    let cookie = format!("Cookie: other=1; {}\r\n", cookie(&admin).await);
    let opened = door.get(&cookie).await;
    assert!(opened.status == 200 && opened.body.contains("MLflow"), "{opened:?}");
    assert!(opened.header("cache-control").is_some_and(|kept| kept.contains("no-store")), "{opened:?}");
    let search = "/mlflow/ajax-api/2.0/mlflow/experiments/search?max_results=5";
    let found = door.ask("GET", search, &cookie).await;
    assert!(found.status == 200 && found.body.contains("experiments"), "{found:?}");
    assert!(found.header("content-security-policy").is_some_and(|policy| policy.starts_with("sandbox")), "{found:?}");

    // Made by the browser of an admin, on a page of somebody else's.
    let create = "/mlflow/ajax-api/2.0/mlflow/experiments/create";
    let foreign = ["", "Origin: http://evil.example\r\n", "Origin: http://e2i\r\nSec-Fetch-Site: cross-site\r\n"];
    for header in foreign {
        door.ask("POST", create, &format!("{cookie}{header}")).await.problem(403, "forbidden");
    }
    let own = door.ask("POST", create, &format!("{cookie}Origin: http://e2i\r\nSec-Fetch-Site: same-origin\r\n")).await;
    assert_eq!(own.status, 400, "MLflow itself wants a name: {own:?}");
    assert!(own.body.contains("INVALID_PARAMETER_VALUE"), "{own:?}");

    // A cookie is no token, and a token no cookie.
    let bearer = admin.request(Method::GET, "/mlflow/").send().await.unwrap();
    assert_eq!(bearer.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(door.ask("GET", "/api/v1/account", &cookie).await.status, 401);
    let audit = admin.get("/api/v1/admin/audit?action=mlflow.open").await.unwrap();
    assert!(audit["lines"].as_array().is_some_and(|lines| !lines.is_empty()), "{audit}");
}

#[tokio::test]
async fn an_admin_who_is_none_any_more_is_shut_out_at_once() {
    let door = Door { platform: with(Mlflow::shared().await).await };
    let admin = admin(&door.platform).await;
    let new = json!({ "email": "eve@example.org", "password": "correct horse battery staple", "role": "admin" });
    let eve = admin.post("/api/v1/admin/users", &new).await.unwrap();
    let hers = Client::new(door.platform.public_url()).unwrap();
    let hers = hers.sign_in("eve@example.org", "correct horse battery staple").await.unwrap();
    let cookie = format!("Cookie: {}\r\n", cookie(&hers).await);
    assert_eq!(door.get(&cookie).await.status, 200);
    let change = admin
        .request(Method::PATCH, &format!("/api/v1/admin/users/{}", id(&eve["user"])))
        .json(&json!({ "role": "user" }));
    admin.send(change).await.unwrap();
    let shut = door.get(&cookie).await;
    assert!(matches!(shut.status, 401 | 403), "{shut:?}");
}
