//! `health-check`: after a deploy, is what is live well, and is it what is claimed?
//!
//! Asked from inside the deployer's container: the private port what is claimed, the engine what runs, the public address what
//! people meet. Nothing is changed and nobody is signed in.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use chassis::config::Env;
use reqwest::Certificate;
use serde::Serialize;
use serde_json::Value;
use url::Url;

use super::{FAILED, exit, print};
use crate::command_line::ports;
use crate::config::Config;

const TIMEOUT: Duration = Duration::from_secs(5);

/// One check.
#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    ok: bool,
    detail: String,
}

pub(super) async fn check(env: &Env, json: bool) -> anyhow::Result<()> {
    let mut read = env.reader();
    let private = read.parse_or("DEPLOYER_PRIVATE_LISTEN", SocketAddr::from(([127, 0, 0, 1], 9030)));
    let public: Option<Url> = read.required("PUBLIC_URL");
    let authority: Option<PathBuf> = read.optional("PUBLIC_CA_FILE");
    let public = read.finish(|| public)?;
    let mut checks = Vec::new();
    let state = private_port(private, &mut checks);
    if let Some(state) = &state {
        claims(state, &mut checks);
        running(env, state, &mut checks).await;
    }
    through_public_address(&public, authority, state.as_ref(), &mut checks).await;
    let ok = checks.iter().all(|check| check.ok);
    if json {
        print::json(&serde_json::json!({ "ok": ok, "checks": checks }));
    } else {
        for check in &checks {
            print::line(&format!("{} {:<18} {}", if check.ok { "ok  " } else { "FAIL" }, check.name, check.detail));
        }
    }
    if ok { Ok(()) } else { Err(exit(FAILED, "")) }
}

fn add(checks: &mut Vec<Check>, name: &'static str, found: Result<String, String>) {
    let ok = found.is_ok();
    checks.push(Check { name, ok, detail: found.unwrap_or_else(|wrong| wrong) });
}

fn private_port(address: SocketAddr, checks: &mut Vec<Check>) -> Option<Value> {
    let ready = chassis::healthcheck::ask(address, "/readyz");
    add(checks, "deployer", ready.map(|_| "ready".to_owned()).map_err(|error| format!("{error:#}")));
    let state = chassis::healthcheck::ask(address, "/state").ok()?;
    serde_json::from_str(&state).ok()
}

fn claims(state: &Value, checks: &mut Vec<Check>) {
    let live = &state["live"];
    let found = match live["deployment"].as_i64() {
        Some(id) => {
            let commit: String = live["commit"].as_str().unwrap_or_default().chars().take(12).collect();
            Ok(format!("#{id}, commit {commit}"))
        }
        None => Err("nothing is live that this deployer knows of".to_owned()),
    };
    add(checks, "live", found);
    let stuck = match state["stuck"]["id"].as_i64() {
        Some(id) => Err(format!("#{id}: {}", state["stuck"]["reason"].as_str().unwrap_or_default())),
        None => Ok("nothing is stuck".to_owned()),
    };
    add(checks, "stuck", stuck);
    let paused =
        if state["paused"] == true { Err("the maintenance page is up".to_owned()) } else { Ok("no".to_owned()) };
    add(checks, "paused", paused);
}

/// The image ids of what runs, beside the claim.
async fn running(env: &Env, state: &Value, checks: &mut Vec<Check>) {
    let asked = async {
        let config = Config::read(env)?;
        anyhow::ensure!(config.adapters.is_some(), "there is no engine here (DEPLOYER_RUNTIME=none)");
        ports(&config)?.runtime.containers().await
    };
    let containers = match asked.await {
        Ok(containers) => containers,
        Err(error) => return add(checks, "running images", Err(format!("{error:#}"))),
    };
    for (name, service) in state["live"]["services"].as_object().into_iter().flatten() {
        let (Some(container), Some(image)) = (service["container"].as_str(), service["image_id"].as_str()) else {
            continue;
        };
        let found = containers.iter().find(|running| running.name == container && running.is_running);
        let wrong = match found {
            None => format!("{name}: {container} does not run"),
            Some(running) if running.image_id != image => {
                format!("{name}: {container} runs {}, claimed is {image}", running.image_id)
            }
            Some(_) => continue,
        };
        return add(checks, "running images", Err(wrong));
    }
    add(checks, "running images", Ok("what runs is what is claimed".to_owned()));
}

async fn through_public_address(
    public: &Url,
    authority: Option<PathBuf>,
    state: Option<&Value>,
    checks: &mut Vec<Check>,
) {
    let client = match client(authority) {
        Ok(client) => client,
        Err(error) => return add(checks, "public address", Err(format!("{error:#}"))),
    };
    let base = public.as_str().trim_end_matches('/');
    let page = get(&client, &format!("{base}/")).await.map(|_| format!("{base}/ answers"));
    add(checks, "web app", page);
    let expected = state.and_then(|state| state["live"]["services"]["gateway"]["revision"].as_str());
    let api = get(&client, &format!("{base}/config.json")).await.and_then(|text| {
        let config: Value = serde_json::from_str(&text).map_err(|_| "/config.json is no JSON".to_owned())?;
        let revision = config["revision"].as_str().unwrap_or_default();
        match expected {
            Some(expected) if expected != revision => {
                Err(format!("revision {revision} answers, {expected} is claimed"))
            }
            _ => Ok(format!("revision {revision} answers")),
        }
    });
    add(checks, "API", api);
}

fn client(authority: Option<PathBuf>) -> anyhow::Result<reqwest::Client> {
    let mut builder = reqwest::Client::builder().timeout(TIMEOUT);
    if let Some(path) = authority {
        let pem = std::fs::read(&path).with_context(|| format!("read {}", path.display()))?;
        for certificate in Certificate::from_pem_bundle(&pem)? {
            builder = builder.add_root_certificate(certificate);
        }
    }
    Ok(builder.build()?)
}

async fn get(client: &reqwest::Client, url: &str) -> Result<String, String> {
    let answer = client.get(url).send().await.map_err(|error| format!("{:#}", anyhow::Error::new(error)))?;
    let status = answer.status();
    if !status.is_success() {
        return Err(format!("{url} answers {status}"));
    }
    answer.text().await.map_err(|error| error.to_string())
}
