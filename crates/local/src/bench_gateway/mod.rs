//! `make bench-gateway`: how much one gateway takes.
//!
//! `wrk` asks over 64 connections on the loopback address: an analysis by its id, new analyses (job, outbox and audit row in
//! one transaction, and the entry on Redis), and a small static document. Postgres and Redis are the bench's own and durable;
//! rate limits are off, nothing else is. There is no worker: what is measured is the gateway. With peers the same three
//! endpoints in `FastAPI`, on the same Postgres in the same run.

mod peers;
mod rig;
pub mod wrk;

use std::path::PathBuf;

use anyhow::Context;
use serde_json::{Map, Value, json};

use crate::cli::BenchGatewayArguments;
use crate::client::text;
use crate::console::say;
use rig::Rig;
use wrk::{Load, Measured};

/// What is asked, under its name in the figures.
struct Endpoints {
    get: Load,
    post: Load,
    fixed: Load,
}

/// The figures of one server.
struct Figures {
    get: Measured,
    post: Measured,
    fixed: Measured,
    peak_mib: f64,
}

/// Runs the bench with `program` (an `e2i`) and prints its figures, as JSON in the last line.
///
/// # Errors
/// When a server does not start, or an answer was not a good one.
pub async fn gateway(program: PathBuf, arguments: &BenchGatewayArguments) -> anyhow::Result<()> {
    let rig = Rig::start(program).await?;
    let body = json!({ "agent": "canary", "parameters": {} });
    let analysis = rig.client.post("/api/v1/analyses", &body).await.context("submit the first analysis")?;
    let id = text(&analysis, "id")?.to_owned();
    // The peer has no worker: nothing runs what is submitted here either.
    for worker in rig.platform.workers() {
        worker.stop().await;
    }
    let endpoints = |base: &str, fixed: &str| Endpoints {
        get: Load::get(format!("{base}/api/v1/analyses/{id}"), Some(&rig.token)),
        post: Load::post(format!("{base}/api/v1/analyses"), &rig.token, &body),
        fixed: Load::get(format!("{base}{fixed}"), None),
    };
    let base = format!("http://{}", rig.platform.gateway_address());
    let ours = measure("gateway", &endpoints(&base, "/config.json"), arguments, || rig.gateway_peak_mib()).await?;
    let mut figures = Map::new();
    figures.insert("bench".to_owned(), json!("gateway"));
    figures.insert("profile".to_owned(), json!(if cfg!(debug_assertions) { "dev" } else { "release" }));
    figures.insert("connections".to_owned(), json!(arguments.connections));
    figures.insert("threads".to_owned(), json!(std::thread::available_parallelism().map_or(0, std::num::NonZero::get)));
    tell(&mut figures, "", &ours);
    if arguments.peers {
        let peer = peers::FastApi::start(&rig).await?;
        let theirs = measure("FastAPI", &endpoints(peer.base(), "/static"), arguments, || peer.peak_mib()).await?;
        tell(&mut figures, "fastapi_", &theirs);
        let mut ratio = |name: &str, of: f64| figures.insert(format!("{name}_fastapi"), json!(rounded(of)));
        ratio("get_ratio", ours.get.requests_per_s / theirs.get.requests_per_s);
        ratio("get_p99_ratio", ours.get.p99_ms / theirs.get.p99_ms);
        ratio("post_ratio", ours.post.requests_per_s / theirs.post.requests_per_s);
        ratio("post_p99_ratio", ours.post.p99_ms / theirs.post.p99_ms);
        ratio("static_ratio", ours.fixed.requests_per_s / theirs.fixed.requests_per_s);
        ratio("memory_ratio", ours.peak_mib / theirs.peak_mib);
    }
    rig.platform.stop().await;
    say(&Value::Object(figures).to_string());
    Ok(())
}

/// Warms each endpoint up, then measures it.
async fn measure(
    name: &str,
    endpoints: &Endpoints,
    arguments: &BenchGatewayArguments,
    peak_mib: impl Fn() -> anyhow::Result<f64>,
) -> anyhow::Result<Figures> {
    let one = async |what: &str, load: &Load| -> anyhow::Result<Measured> {
        load.run(arguments.connections, 1).await.with_context(|| format!("warm up {what} of {name}"))?;
        let measured = load.run(arguments.connections, arguments.seconds).await;
        let measured = measured.with_context(|| format!("measure {what} of {name}"))?;
        let Measured { requests_per_s, p50_ms, p99_ms } = measured;
        say(&format!("{name:<8} {what:<7} {requests_per_s:>9.0} requests/s   p50 {p50_ms:.2} ms   p99 {p99_ms:.2} ms"));
        Ok(measured)
    };
    let get = one("GET", &endpoints.get).await?;
    let post = one("POST", &endpoints.post).await?;
    let fixed = one("static", &endpoints.fixed).await?;
    let peak_mib = peak_mib()?;
    say(&format!("{name:<8} peak memory {peak_mib:.0} MiB"));
    Ok(Figures { get, post, fixed, peak_mib })
}

fn tell(figures: &mut Map<String, Value>, prefix: &str, of: &Figures) {
    let mut put = |name: &str, value: f64| figures.insert(format!("{prefix}{name}"), json!(rounded(value)));
    for (name, measured) in [("get", &of.get), ("post", &of.post), ("static", &of.fixed)] {
        put(&format!("{name}_requests_per_s"), measured.requests_per_s);
        put(&format!("{name}_p50_ms"), measured.p50_ms);
        put(&format!("{name}_p99_ms"), measured.p99_ms);
    }
    put("peak_mib", of.peak_mib);
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
