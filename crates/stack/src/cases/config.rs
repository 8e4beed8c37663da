//! The compose files as `docker compose config` renders them, in every tier.

use std::collections::BTreeSet;

use anyhow::{Context, ensure};
use serde_json::{Map, Value};

use crate::case::{Figures, Room};
use crate::command::{Said, run, said};

/// What all containers together may take in production, in bytes: 6.5 of a droplet's 8 GB.
const MEMORY_BYTES: f64 = 6.5e9;
/// Run once and end; they have no restart policy.
const ONE_SHOTS: [&str; 2] = ["init", "setup"];
/// The one that speaks to the engine, in production alone.
const SOCKET_HOLDER: &str = "deployer";
/// A complete environment of production.
const COMPLETE: [(&str, &str); 9] = [
    ("DATABASE_URL", ""),
    ("SECRET_KEY", "0123456789abcdef0123456789abcdef"),
    ("REDIS_PASSWORD", "redis-secret"),
    ("POSTGRES_PASSWORD", "postgres-secret"),
    ("COMPOSE_PROFILES", "local-postgres"),
    ("ADMIN_EMAIL", "admin@example.org"),
    ("PUBLIC_URL", "https://example.org"),
    // Found by scripts/compose.sh.
    ("PROJECT_DIR", "/srv/e2i"),
    ("DOCKER_GID", "999"),
];
/// What production insists on, and a piece of what it says.
const REQUIRED: [(&str, &str); 5] = [
    ("DATABASE_URL", "POSTGRES_PASSWORD"),
    ("SECRET_KEY", "openssl rand -hex 32"),
    ("REDIS_PASSWORD", "openssl rand -hex 24"),
    ("ADMIN_EMAIL", "e-mail address of the first admin"),
    ("PUBLIC_URL", "the address that people open"),
];

/// What is said for a Postgres here alone.
const LOCAL: [&str; 2] = ["COMPOSE_PROFILES", "DATABASE_URL"];

/// `docker compose config` of these files with these variables alone.
async fn config(room: &Room<'_>, files: &[&str], variables: &[(&str, &str)]) -> anyhow::Result<Said> {
    let mut command = room.site.command("docker");
    command.arg("compose");
    for file in files {
        command.args(["--file", file]);
    }
    command.args(["config", "--format", "json"]).envs(variables.iter().copied());
    said(&mut command, std::time::Duration::from_mins(1)).await
}

async fn services(room: &Room<'_>, files: &[&str], variables: &[(&str, &str)]) -> anyhow::Result<Map<String, Value>> {
    let said = config(room, files, variables).await?;
    ensure!(said.success, "{files:?} do not render: {}", said.err);
    let mut rendered: Value = serde_json::from_str(&said.out).context("read what compose renders")?;
    match rendered["services"].take() {
        Value::Object(services) => Ok(services),
        other => anyhow::bail!("compose renders no services: {other}"),
    }
}

/// The variables that name the images' revisions.
async fn revisions(room: &Room<'_>) -> anyhow::Result<Vec<(String, String)>> {
    let text = run(&mut room.site.command("scripts/revision.sh")).await?;
    let pairs = text.lines().filter_map(|line| line.split_once(' '));
    Ok(pairs.map(|(service, revision)| (format!("{}_REVISION", service.to_uppercase()), revision.to_owned())).collect())
}

pub(super) async fn rules(room: &Room<'_>) -> anyhow::Result<Figures> {
    let base = services(room, &["docker-compose.yml"], &[]).await.context("base, with nothing set")?;
    let dev = services(room, &["docker-compose.yml", "docker-compose.dev.yml"], &[]).await?;
    for (tier, services) in [("base", &base), ("dev", &dev)] {
        for (name, service) in services {
            for (address, port) in published(service) {
                ensure!(
                    address == "127.0.0.1",
                    "{tier}: {name} publishes {port} on `{address}`, not on 127.0.0.1 alone"
                );
            }
            common(room, service).with_context(|| format!("{tier}: {name}"))?;
            no_socket(service).with_context(|| format!("{tier}: {name}"))?;
        }
    }
    let direct: BTreeSet<String> = dev.values().flat_map(published).map(|(_, port)| port).collect();
    for port in ["8000", "3000", "5000", "6379", "5432"] {
        ensure!(direct.contains(port), "dev does not publish {port}");
    }
    let revisions = revisions(room).await?;
    let mut complete: Vec<(&str, &str)> = COMPLETE.to_vec();
    complete.extend(revisions.iter().map(|(name, revision)| (name.as_str(), revision.as_str())));
    let prod = services(room, &["docker-compose.yml", "docker-compose.prod.yml"], &complete).await?;
    let mut sum = 0.0;
    for (name, service) in &prod {
        common(room, service).and_then(|()| hardened(name, service)).with_context(|| format!("prod: {name}"))?;
        if name != SOCKET_HOLDER {
            no_socket(service).with_context(|| format!("prod: {name}"))?;
        }
        let ports: Vec<_> = published(service).into_iter().map(|(_, port)| port).collect();
        let expected: &[&str] = if name == "nginx" { &["80", "443"] } else { &[] };
        ensure!(ports == expected, "prod: {name} publishes {ports:?} instead of {expected:?}");
        // What runs once has ended before the others are up.
        sum += if ONE_SHOTS.contains(&name.as_str()) { 0.0 } else { bytes(&service["mem_limit"])? };
    }
    ensure!(sum <= MEMORY_BYTES, "prod: the limits of memory sum to {:.2} GB of 6.5", sum / 1e9);
    Ok(Figures::none().with("limits sum to", sum / 1e9, "GB").note(format!(
        "{} services in base, {} in dev, {} in prod",
        base.len(),
        dev.len(),
        prod.len()
    )))
}

/// Addresses and ports of this machine.
fn published(service: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let ports = service["ports"].as_array().into_iter().flatten();
    ports.map(|port| (text(&port["host_ip"]), text(&port["published"]))).collect()
}

/// What holds in every tier.
fn common(room: &Room<'_>, service: &Value) -> anyhow::Result<()> {
    let image = service["image"].as_str().context("has no image")?;
    let known = std::fs::read_to_string(room.site.folder().join("docker/base-images.txt"))?;
    let ours = image.starts_with(&format!("{}/", room.site.image_prefix()));
    ensure!(ours || known.lines().any(|line| line == image), "{image} is neither ours nor in docker/base-images.txt");
    ensure!(service["privileged"] != true, "is privileged");
    ensure!(
        service["network_mode"] != "host" && service["pid"] != "host",
        "shares this machine's network or processes"
    );
    ensure!(has(&service["cap_drop"], "ALL"), "keeps capabilities");
    ensure!(has(&service["security_opt"], "no-new-privileges:true"), "may gain privileges");
    ensure!(bytes(&service["mem_limit"]).is_ok() || service["restart"] == "no", "has no limit of memory");
    Ok(())
}

/// Whoever has it has this machine.
fn no_socket(service: &Value) -> anyhow::Result<()> {
    for volume in service["volumes"].as_array().into_iter().flatten() {
        ensure!(!volume.to_string().contains("docker.sock"), "mounts the engine's socket");
    }
    Ok(())
}

/// What holds in production besides.
fn hardened(name: &str, service: &Value) -> anyhow::Result<()> {
    ensure!(service["read_only"] == true, "its root file system is not read-only");
    ensure!(service["build"].is_null(), "builds instead of taking an image by revision");
    ensure!(service["pids_limit"].as_i64().is_some_and(|pids| pids > 0), "has no limit of processes");
    ensure!(service["cpus"].as_f64().is_some_and(|cpus| cpus > 0.0), "has no limit of processors");
    bytes(&service["mem_limit"])?;
    ensure!(service["logging"]["driver"] == "json-file", "does not log by json-file");
    for option in ["max-size", "max-file"] {
        ensure!(service["logging"]["options"][option].is_string(), "its log has no {option}");
    }
    ensure!(service["stop_grace_period"].is_string(), "has no stop_grace_period");
    let restart = if ONE_SHOTS.contains(&name) { "no" } else { "unless-stopped" };
    ensure!(service["restart"] == restart, "restarts `{}` instead of `{restart}`", service["restart"]);
    Ok(())
}

fn has(list: &Value, word: &str) -> bool {
    list.as_array().is_some_and(|list| list.iter().any(|entry| entry == word))
}

/// Compose writes bytes as text.
fn bytes(value: &Value) -> anyhow::Result<f64> {
    let found = value.as_str().and_then(|text| text.parse().ok()).or_else(|| value.as_f64());
    found.filter(|bytes| *bytes > 0.0).context("has no limit of memory")
}

pub(super) async fn required(room: &Room<'_>) -> anyhow::Result<Figures> {
    let files = ["docker-compose.yml", "docker-compose.prod.yml"];
    let revisions = revisions(room).await?;
    let revisions: Vec<(&str, &str)> = revisions.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let but = |left_out: &str| {
        let rest = COMPLETE.iter().filter(|(name, _)| *name != left_out).copied();
        rest.chain(revisions.iter().copied()).collect::<Vec<_>>()
    };
    for (name, told) in REQUIRED {
        refuses(&config(room, &files, &but(name)).await?, name, told)?;
    }
    let no_images = config(room, &files, &COMPLETE).await?;
    refuses(&no_images, "_REVISION", "scripts/images.sh")?;
    // In a file instead, each of them.
    for name in ["SECRET_KEY", "REDIS_PASSWORD", "POSTGRES_PASSWORD"] {
        let (file, path) = (format!("{name}_FILE"), format!("/run/secrets/operator/{name}"));
        let mut variables = but(name);
        variables.extend([(name, ""), (file.as_str(), path.as_str())]);
        let services = services(room, &files, &variables).await.with_context(|| format!("with {file}"))?;
        ensure!(services["init"]["environment"][&file] == *path, "init is not told {file}");
    }
    // Another Postgres: none here, and nobody waits for one.
    let mut elsewhere: Vec<_> =
        but("POSTGRES_PASSWORD").into_iter().filter(|(name, _)| !LOCAL.contains(name)).collect();
    elsewhere.push(("DATABASE_URL", "postgresql://e2i:secret@db.example.org/postgres"));
    let services = services(room, &files, &elsewhere).await.context("with another Postgres")?;
    ensure!(!services.contains_key("postgres"), "with another Postgres, a local one runs as well");
    Ok(Figures::none().note(format!("{} variables tried", REQUIRED.len() + 4)))
}

fn refuses(said: &Said, name: &str, told: &str) -> anyhow::Result<()> {
    ensure!(!said.success, "production renders without {name}");
    ensure!(said.err.contains(name), "without {name}, compose does not name it: {}", said.err);
    ensure!(said.err.contains(told), "without {name}, compose does not say `{told}`: {}", said.err);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn service() -> Value {
        json!({
            "read_only": true, "pids_limit": 64, "cpus": 1, "mem_limit": "1048576", "restart": "unless-stopped",
            "stop_grace_period": "30s", "logging": {"driver": "json-file", "options": {"max-size": "20m", "max-file": "5"}},
        })
    }

    #[test]
    fn each_rule_of_production_is_looked_at() {
        hardened("gateway", &service()).unwrap();
        for rule in ["read_only", "pids_limit", "cpus", "mem_limit", "restart", "stop_grace_period", "logging"] {
            let mut without = service();
            without.as_object_mut().unwrap().remove(rule);
            assert!(hardened("gateway", &without).is_err(), "{rule}");
        }
        assert!(hardened("setup", &service()).is_err(), "what runs once does not run again");
    }

    #[test]
    fn who_says_nothing_of_use_has_not_refused_well() {
        let said = |success, err: &str| Said { success, out: String::new(), err: err.to_owned() };
        refuses(&said(false, "required variable KEY: make one by x"), "KEY", "make one").unwrap();
        assert!(refuses(&said(true, ""), "KEY", "make one").is_err());
        assert!(refuses(&said(false, "required variable KEY"), "KEY", "make one").is_err());
    }
}
