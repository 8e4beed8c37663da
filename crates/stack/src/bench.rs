//! `make bench-stack`: how large, how soon, how much memory, and what nginx costs. The last line is JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Instant;

use anyhow::{Context, ensure};
use local::bench_gateway::wrk::{Load, Measured};
use local::client::{Client, text};
use serde_json::{Map, Value, json};

use crate::case::Tier;
use crate::cases::{Edit, megabytes_on_top, react_seconds, rust_seconds};
use crate::cli::BenchArguments;
use crate::command::run_within;
use crate::engine::{self, BUILD_WITHIN};
use crate::project::Project;
use crate::site::Site;

/// Written in Rust: each has an aim.
const RUST: [&str; 3] = ["gateway", "worker", "health"];

/// The figures so far; each is said as it comes.
#[derive(Default)]
struct Sheet(Map<String, Value>);

impl Sheet {
    fn put(&mut self, name: &str, value: f64) {
        println!("bench-stack  {name:<36} {value:.2}");
        self.0.insert(name.to_owned(), json!((value * 1000.0).round() / 1000.0));
    }

    /// The largest of several, besides each of them.
    fn put_all(&mut self, what: &str, unit: &str, of: &BTreeMap<&str, f64>) {
        for (name, value) in of {
            self.put(&format!("{name}_{what}_{unit}"), *value);
        }
        self.put(&format!("rust_{what}_{unit}"), of.values().copied().fold(0.0, f64::max));
    }
}

/// Measures, and prints the figures.
///
/// # Errors
/// When something cannot be built or does not become healthy.
pub async fn bench(arguments: &BenchArguments) -> anyhow::Result<()> {
    let site = Site::copy(&arguments.clone, false).await?;
    lift_limits(&site)?;
    let mut sheet = Sheet::default();
    sheet.0.insert("bench".to_owned(), json!("stack"));
    let project = Project::new(&site, Tier::Base, "bench")?;
    let begin = Instant::now();
    project.build().await?;
    sheet.put("images_s", begin.elapsed().as_secs_f64());
    sizes(&site, &mut sheet).await?;
    sheet.put("healthy_without_mlflow_s", project.up(&["mlflow"]).await?);
    project.down(true).await?;
    sheet.put("healthy_s", project.up(&[]).await?);
    idle_memory(&project, &mut sheet).await?;
    nginx_cost(&project, arguments, &mut sheet).await?;
    drop(project);
    sheet.put("rebuild_one_line_s", rebuild(&site).await?);
    if !arguments.without_hot_reload {
        let project = Project::new(&site, Tier::Dev, "bench-dev")?;
        project.build().await?;
        project.up(&["mlflow"]).await?;
        sheet.put("hot_reload_react_s", react_seconds(&project).await?);
        sheet.put("hot_reload_rust_s", rust_seconds(&project).await?);
    }
    println!("{}", Value::Object(sheet.0));
    Ok(())
}

/// One address asks as often as it can: in the copy nobody limits it.
fn lift_limits(site: &Site) -> anyhow::Result<()> {
    let keys = "  AUTH_KEYS_DIR: /var/lib/e2i/keys\n";
    let unlimited = "  RATE_LIMIT_ADDRESS_PER_MINUTE: \"0\"\n  RATE_LIMIT_USER_PER_MINUTE: \"0\"\n";
    Edit::make(site.folder(), "docker-compose.yml", keys, &format!("{keys}{unlimited}"))?;
    Edit::make(site.folder(), "nginx/limits.conf", "rate=500r/s", "rate=1000000r/s")?;
    Ok(())
}

async fn sizes(site: &Site, sheet: &mut Sheet) -> anyhow::Result<()> {
    let mut on_top = BTreeMap::new();
    for service in RUST {
        on_top.insert(service, megabytes_on_top(&format!("{}/{service}:dev", site.image_prefix())).await?);
    }
    sheet.put_all("on_its_base", "mb", &on_top);
    for service in ["init", "gateway", "worker", "health", "frontend", "certificates", "nginx", "mlflow"] {
        let image = format!("{}/{service}:dev", site.image_prefix());
        sheet.put(&format!("{service}_image_mb"), engine::image_bytes(&image).await? / 1e6);
    }
    Ok(())
}

/// Of containers that nobody has asked anything yet.
async fn idle_memory(project: &Project, sheet: &mut Sheet) -> anyhow::Result<()> {
    let mut rust = BTreeMap::new();
    for container in project.containers().await?.iter().filter(|container| !container.is_one_shot()) {
        let mebibytes = engine::memory_mib(&container.id).await?;
        match RUST.iter().find(|service| **service == container.service) {
            Some(service) => {
                rust.insert(*service, mebibytes);
            }
            None => sheet.put(&format!("{}_idle_mib", container.service), mebibytes),
        }
    }
    ensure!(rust.len() == RUST.len(), "only {:?} run", rust.keys());
    sheet.put_all("idle", "mib", &rust);
    Ok(())
}

/// The same document through nginx, plain and over TLS, and from the gateway itself.
async fn nginx_cost(project: &Project, arguments: &BenchArguments, sheet: &mut Sheet) -> anyhow::Result<()> {
    let gateway = project.container("gateway").await?;
    let network = format!("{}_frontend-network", project.name());
    let address = gateway.about["NetworkSettings"]["Networks"][&network]["IPAddress"].as_str();
    let direct = format!("http://{}:8000", address.context("the gateway has no address")?);
    let client = project.signed_in().await?;
    let analysis = client.submit("canary", None, &json!({})).await?;
    let path = format!("/api/v1/analyses/{}", text(&analysis, "id")?);
    client.wait(text(&analysis, "id")?).await?;
    let token = token(project).await?;
    let ways = [("gateway_direct", direct), ("nginx_http", project.http_url()), ("nginx_https", project.https_url())];
    let mut measured: BTreeMap<&str, Measured> = BTreeMap::new();
    for (name, base) in &ways {
        let load = Load::get(format!("{base}{path}"), Some(&token));
        load.run(arguments.connections, 1).await.with_context(|| format!("warm {name} up"))?;
        measured.insert(
            name,
            load.run(arguments.connections, arguments.seconds).await.with_context(|| (*name).to_owned())?,
        );
    }
    for (name, figures) in &measured {
        sheet.put(&format!("{name}_requests_per_s"), figures.requests_per_s);
        sheet.put(&format!("{name}_p50_ms"), figures.p50_ms);
        sheet.put(&format!("{name}_p99_ms"), figures.p99_ms);
    }
    for way in ["nginx_http", "nginx_https"] {
        let share = measured[way].requests_per_s / measured["gateway_direct"].requests_per_s;
        sheet.put(&format!("{way}_share_of_direct"), share);
    }
    Ok(())
}

async fn token(project: &Project) -> anyhow::Result<String> {
    let (email, password) = project.admin().await?;
    let client = Client::new(&project.http_url())?;
    let body = json!({ "email": email, "password": password });
    let answer = client.post("/auth/v1/token?grant_type=password", &body).await?;
    Ok(text(&answer, "access_token")?.to_owned())
}

/// Seconds to build the worker's image after one changed line in it.
async fn rebuild(site: &Site) -> anyhow::Result<f64> {
    let file = site.folder().join("crates/worker/src/lib.rs");
    let mut source = std::fs::read_to_string(&file).context("read the worker's lib.rs")?;
    write!(source, "\n/// A line more.\npub const CHANGED_BY_A_BENCH: &str = \"{}\";\n", site.id())?;
    std::fs::write(&file, source).context("change the worker")?;
    let begin = Instant::now();
    let mut build = site.command("docker");
    build.args(["compose", "--file", "docker-compose.yml", "build", "worker"]);
    run_within(&mut build, BUILD_WITHIN).await?;
    Ok(begin.elapsed().as_secs_f64())
}
