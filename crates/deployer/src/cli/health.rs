//! `health-check`: after a deploy, is what is live well, and is it what is claimed?
//!
//! Asked inside the deployer's container, with the same parts that judge a release: the private port says what is claimed, the
//! engine what runs, nginx what new connections meet, each container whether it is ready, and a canary analysis through the
//! public name whether an answer is right. Nothing is changed.

use std::net::SocketAddr;

use chassis::config::Env;
use serde::Serialize;
use serde_json::Value;

use super::{FAILED, exit, print};
use crate::command_line::ports;
use crate::config::Config;
use crate::ports::{Log, Ports};
use crate::release::Service;

/// One check.
#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    ok: bool,
    detail: String,
}

/// What is found, and what was wrong.
type Found = Result<String, String>;

/// The canary's words stand in its check.
struct Silent;

impl Log for Silent {
    fn line(&self, _line: &str) {}
}

pub(super) async fn check(env: &Env, json: bool) -> anyhow::Result<()> {
    let mut read = env.reader();
    let private = read.parse_or("DEPLOYER_PRIVATE_LISTEN", SocketAddr::from(([127, 0, 0, 1], 9030)));
    read.finish(|| Some(()))?;
    let mut checks = Vec::new();
    if let Some(state) = private_port(private, &mut checks) {
        claims(&state, &mut checks);
        match world(env) {
            Ok(ports) => through_ports(&ports, &state, &mut checks).await,
            Err(words) => add(&mut checks, "engine", Err(words)),
        }
    }
    let ok = checks.iter().all(|check| check.ok);
    if json {
        print::json(&serde_json::json!({ "ok": ok, "checks": checks }));
    } else {
        for check in &checks {
            print::line(&format!("{} {:<15} {}", if check.ok { "ok  " } else { "FAIL" }, check.name, check.detail));
        }
    }
    if ok { Ok(()) } else { Err(exit(FAILED, "")) }
}

fn add(checks: &mut Vec<Check>, name: &'static str, found: Found) {
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
        None => Ok("nothing".to_owned()),
    };
    add(checks, "stuck", stuck);
    let is_paused = state["paused"] == true;
    add(checks, "paused", if is_paused { Err("the maintenance page is up".to_owned()) } else { Ok("no".to_owned()) });
}

fn world(env: &Env) -> Result<Ports, String> {
    let config = Config::read(env).map_err(|problems| problems.to_string())?;
    if config.adapters.is_none() {
        return Err("there is none here (DEPLOYER_RUNTIME=none)".to_owned());
    }
    ports(&config).map_err(|error| format!("{error:#}"))
}

async fn through_ports(ports: &Ports, state: &Value, checks: &mut Vec<Check>) {
    let live = &state["live"];
    let services: Vec<(Service, &str, &str, &str)> = live["services"]
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(name, one)| {
            let text = |key: &str| one[key].as_str();
            Some((Service::named(name)?, text("container")?, text("revision")?, text("image_id")?))
        })
        .collect();
    add(checks, "running images", running(ports, &services).await);
    add(checks, "ready", ready(ports, &services).await);
    let generation = live["generation"].as_str().unwrap_or_default();
    let met = match ports.proxy.current().await {
        Ok((met, _)) if met == generation => Ok("new connections meet what is live".to_owned()),
        Ok((met, _)) => Err(format!("new connections meet {met:?}, claimed is {generation:?}")),
        Err(error) => Err(format!("{error:#}")),
    };
    add(checks, "route", met);
    let canary = match ports.prober.canary(&Silent).await {
        Ok(Ok(())) => Ok("an analysis through the public name gives the right number".to_owned()),
        Ok(Err(wrong)) => Err(wrong),
        Err(error) => Err(format!("{error:#}")),
    };
    add(checks, "canary", canary);
}

/// The image ids of what runs, beside the claim.
async fn running(ports: &Ports, services: &[(Service, &str, &str, &str)]) -> Found {
    let containers = ports.runtime.containers().await.map_err(|error| format!("{error:#}"))?;
    for (service, container, _, image) in services {
        match containers.iter().find(|running| running.name == *container && running.is_running) {
            None => return Err(format!("{service}: {container} does not run")),
            Some(running) if running.image_id != *image => {
                return Err(format!("{service}: {container} runs {}, claimed is {image}", running.image_id));
            }
            Some(_) => {}
        }
    }
    Ok(format!("what runs is what is claimed ({} services)", services.len()))
}

async fn ready(ports: &Ports, services: &[(Service, &str, &str, &str)]) -> Found {
    for (service, container, revision, _) in services {
        let asked = ports.prober.ready(*service, container, revision).await.map_err(|error| format!("{error:#}"))?;
        asked.map_err(|why| format!("{service}: {container}: {why}"))?;
    }
    Ok("each answers, with its revision".to_owned())
}
