//! From a file to an answer, through nginx.

use std::time::Duration;

use anyhow::{Context, ensure};
use local::client::{Client, text};
use local::main_job::{ask, nsw_question};
use reqwest::Method;
use reqwest::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use serde_json::Value;
use tokio::process::Command;

use crate::case::{Figures, Room};
use crate::command::{run_within, until};
use crate::project::Project;

/// Dehejia and Wahba 1999: what the training was worth, in dollars of 1978.
const EFFECT: f64 = 1_794.342_404;
/// The browser test installs its packages when they are missing.
const BROWSER_WITHIN: Duration = Duration::from_mins(6);

pub(super) async fn password(room: &Room<'_>) -> anyhow::Result<Figures> {
    let project = room.project()?;
    let (email, password) = project.admin().await?;
    let said = crate::engine::logs(&project.container("setup").await?.id, 200).await?;
    let times = said.matches(&password).count();
    ensure!(times == 1, "`docker compose logs setup` shows the password {times} times:\n{said}");
    ensure!(said.contains(&email) && said.contains(&project.http_url()), "it does not say address and user:\n{said}");
    project.signed_in().await.context("sign in with it")?;
    project.compose(&["up", "--detach", "--no-build", "--force-recreate", "setup"]).await?;
    project.healthy(&[]).await?;
    let again = crate::engine::logs(&project.container("setup").await?.id, 200).await?;
    ensure!(!again.contains(&password), "a second start shows the password again");
    Ok(Figures::none())
}

/// Uploads, asks, hears, and compares; on any project, at whatever address.
pub(super) async fn nsw(client: &Client, room: &Room<'_>) -> anyhow::Result<(Value, Value, usize)> {
    let mut events = 0;
    let file = room.site.folder().join("testdata/nsw.csv");
    let answer = ask(client, "nsw", &file, &nsw_question(), |_| events += 1).await?;
    let effect = answer.result.pointer("/effect/estimate").or_else(|| answer.result.pointer("/estimate"));
    let effect = effect.or_else(|| answer.result.pointer("/result/estimate")).and_then(Value::as_f64);
    let effect = effect.with_context(|| format!("the result has no effect: {}", answer.result))?;
    ensure!((effect - EFFECT).abs() < 1e-5, "the effect is {effect} instead of {EFFECT}");
    ensure!(events >= 2, "{events} events came over the stream");
    Ok((answer.analysis, answer.result, events))
}

pub(super) async fn analysis(room: &Room<'_>) -> anyhow::Result<Figures> {
    let project = room.project()?;
    let client = match &room.outside {
        Some(_) => project.signed_in_at(project.variable("PUBLIC_URL").context("has no PUBLIC_URL")?).await?,
        None => project.signed_in().await?,
    };
    let begin = std::time::Instant::now();
    let (_, _, events) = nsw(&client, room).await?;
    Ok(Figures::none().with("from upload to answer", begin.elapsed().as_secs_f64(), "s").with(
        "events",
        events as f64,
        "",
    ))
}

pub(super) async fn web_app(room: &Room<'_>) -> anyhow::Result<Figures> {
    let project = room.project()?;
    let client = Client::pinned(&project.https_url(), project.certificate().await?.as_bytes())?;
    let index = client.send(client.request(Method::GET, "/").header("accept", "text/html")).await?;
    let policy = index.headers().get(CONTENT_SECURITY_POLICY).context("/ has no Content-Security-Policy")?;
    let policy = policy.to_str().context("read the policy")?.to_owned();
    ensure!(policy.contains("script-src 'self'") || policy.contains("default-src 'self'"), "the policy is {policy}");
    ensure!(!policy.contains("unsafe-eval"), "the policy is {policy}");
    let page = index.text().await.context("read /")?;
    let asset = page.split('"').find(|part| part.starts_with("/assets/") && part.ends_with(".js"));
    let asset = asset.with_context(|| format!("/ names no script of /assets: {page}"))?;
    let script = client.send(client.request(Method::GET, asset).header("accept-encoding", "gzip")).await?;
    let cache = script.headers().get(CACHE_CONTROL).and_then(|value| value.to_str().ok()).unwrap_or_default();
    ensure!(cache.contains("immutable") && cache.contains("max-age=31536000"), "{asset} may be kept `{cache}`");
    let missing = client.send(client.request(Method::GET, "/assets/none-00000000.js")).await;
    ensure!(missing.is_err(), "an asset that is not there is answered with a page");
    let bytes = script.bytes().await.context("read the script")?.len();
    Ok(Figures::none().with("first script", bytes as f64 / 1000.0, "kB compressed"))
}

pub(super) async fn browser(room: &Room<'_>) -> anyhow::Result<Figures> {
    let project = room.project()?;
    let clone = room.site.clone_folder();
    let (email, password) = project.admin().await?;
    let in_clone = |program: &str| {
        let mut command = Command::new(program);
        command.current_dir(clone);
        command
    };
    run_within(in_clone("scripts/web-app.sh").arg("--packages"), BROWSER_WITHIN).await?;
    run_within(&mut in_clone("scripts/ensure-chromium.sh"), BROWSER_WITHIN).await?;
    let mut test = in_clone("npx");
    test.current_dir(clone.join("frontend"))
        .args([
            "--no-install",
            "playwright",
            "test",
            "main-way",
            "--grep",
            "from a file to the answer|by keyboard alone",
        ])
        .env("E2E_URL", project.http_url())
        .env("E2E_ADMIN", email)
        .env("E2E_PASSWORD", password);
    let said = run_within(&mut test, BROWSER_WITHIN).await?;
    let passed = said.lines().find(|line| line.trim().ends_with(')') && line.contains(" passed (")).unwrap_or_default();
    ensure!(passed.contains("2 passed"), "not both tests ran:\n{said}");
    Ok(Figures::none().note(passed.trim()))
}

/// Asks MLflow's REST API from within the gateway's network, as nothing else reaches it.
async fn runs(project: &Project) -> anyhow::Result<Value> {
    const SCRIPT: &str = r#"
import json, urllib.request
def ask(path, body):
    request = urllib.request.Request("http://127.0.0.1:5000/mlflow/api/2.0/mlflow/" + path, json.dumps(body).encode(),
                                     {"Content-Type": "application/json"})
    return json.load(urllib.request.urlopen(request, timeout=20))
found = ask("experiments/search", {"max_results": 100})
ids = [experiment["experiment_id"] for experiment in found.get("experiments", [])]
print(json.dumps(ask("runs/search", {"experiment_ids": ids, "max_results": 100})))
"#;
    let said = project.exec("mlflow", &["python3", "-c", SCRIPT]).await?;
    serde_json::from_str(&said).with_context(|| format!("MLflow said {said}"))
}

pub(super) async fn mlflow(room: &Room<'_>) -> anyhow::Result<Figures> {
    let project = room.project()?;
    let client = project.signed_in().await?;
    let (analysis, _, _) = nsw(&client, room).await?;
    let id = text(&analysis, "id")?.to_owned();
    let begin = std::time::Instant::now();
    let run = until("MLflow shows the run", Duration::from_mins(1), async || {
        let runs = runs(project).await?;
        let all = runs["runs"].as_array().into_iter().flatten();
        Ok(all.filter(|run| run["data"]["tags"].to_string().contains(&id)).cloned().next())
    })
    .await?;
    let seconds = begin.elapsed().as_secs_f64();
    ensure!(run["info"]["status"] == "FINISHED", "the run is {}", run["info"]["status"]);
    let metrics = run["data"]["metrics"].as_array().context("the run has no metrics")?;
    let near = |metric: &&Value| metric["value"].as_f64().is_some_and(|value| (value - EFFECT).abs() < 1e-5);
    ensure!(metrics.iter().any(|metric| near(&metric)), "no metric is the effect: {metrics:?}");
    ensure!(run["data"]["params"].as_array().is_some_and(|params| !params.is_empty()), "the run has no parameters");
    Ok(Figures::none().with("shown after", seconds, "s").with("metrics", metrics.len() as f64, ""))
}
