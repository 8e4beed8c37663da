//! The profile `monitoring`: Prometheus reaches every service, its rules compute, and Alertmanager is reached.

use std::net::Ipv4Addr;
use std::time::Duration;

use anyhow::{Context, ensure};
use local::client::Client;
use serde_json::Value;

use crate::case::{Figures, Room};
use crate::command::{run_within, until};
use crate::engine::BUILD_WITHIN;
use crate::project::Project;

/// Grafana is not among them: where no registry can be reached there is none.
const SERVICES: [&str; 3] = ["prometheus", "alertmanager", "node-exporter"];
/// What Prometheus has to reach here; the deployer runs in production alone.
const SCRAPED: [&str; 7] = ["alertmanager", "gateway", "health", "nginx", "node", "prometheus", "worker"];
/// Names are looked up and everything scraped twice.
const SEEN_WITHIN: Duration = Duration::from_mins(3);

pub(super) async fn watches(room: &Room<'_>) -> anyhow::Result<Figures> {
    run_within(room.site.command("scripts/base-images.sh").arg("--monitoring"), BUILD_WITHIN)
        .await
        .context("bring the images of the profile")?;
    let project = room.project()?;
    let looked = look(project).await;
    // What comes after counts the services of the platform.
    let removed = of_profile(project, &["rm", "--stop", "--force"]).await;
    let figures = looked?;
    removed?;
    Ok(figures)
}

async fn of_profile(project: &Project, arguments: &[&str]) -> anyhow::Result<String> {
    project.compose(&[&["--profile", "monitoring"], arguments, &SERVICES].concat()).await
}

async fn look(project: &Project) -> anyhow::Result<Figures> {
    of_profile(project, &["up", "--detach", "--no-build"]).await?;
    let prometheus = asked(project, "prometheus", 9090).await?;
    let series = until("Prometheus reaches every service", SEEN_WITHIN, async || {
        for service in SERVICES {
            let container = project.container(service).await?;
            ensure!(container.is_well() && container.restarts() == 0, "{service} is not well");
        }
        let targets = prometheus.get("/api/v1/targets?state=active").await?;
        let targets = listed(&targets["data"]["activeTargets"])?;
        let mut jobs: Vec<&str> = targets.iter().filter_map(|target| target["labels"]["job"].as_str()).collect();
        jobs.sort_unstable();
        ensure!(jobs == SCRAPED, "scraped are {jobs:?}");
        for target in targets {
            ensure!(target["health"] == "up", "{}: {}", target["labels"]["job"], target["lastError"]);
        }
        let alertmanagers = prometheus.get("/api/v1/alertmanagers").await?;
        ensure!(listed(&alertmanagers["data"]["activeAlertmanagers"])?.len() == 1, "no Alertmanager: {alertmanagers}");
        let head = prometheus.get("/api/v1/status/tsdb").await?;
        Ok(head["data"]["headStats"]["numSeries"].as_f64())
    })
    .await?;
    let rules = until("every rule computes", SEEN_WITHIN, async || {
        let rules = prometheus.get("/api/v1/rules").await?;
        let mut count = 0;
        for group in listed(&rules["data"]["groups"])? {
            for rule in listed(&group["rules"])? {
                ensure!(rule["health"] == "ok", "{}: {} {}", rule["name"], rule["health"], rule["lastError"]);
                count += 1;
            }
        }
        Ok((count > 0).then_some(count))
    })
    .await?;
    let told = asked(project, "alertmanager", 9093).await?.get("/api/v2/status").await?;
    ensure!(told["config"]["original"].is_string(), "Alertmanager tells no configuration: {told}");
    Ok(Figures::none().note(format!("{} services scraped, {rules} rules, {series} series", SCRAPED.len())))
}

fn listed(value: &Value) -> anyhow::Result<&Vec<Value>> {
    value.as_array().with_context(|| format!("no list: {value}"))
}

/// Asks a service that publishes nothing at its container's address.
async fn asked(project: &Project, service: &str, port: u16) -> anyhow::Result<Client> {
    let container = project.container(service).await?;
    let network = format!("{}_monitoring-network", project.name());
    let address = &container.about["NetworkSettings"]["Networks"][&network]["IPAddress"];
    let address: Ipv4Addr = address.as_str().unwrap_or_default().parse().with_context(|| format!("of {service}"))?;
    Client::new(&format!("http://{address}:{port}"))
}
