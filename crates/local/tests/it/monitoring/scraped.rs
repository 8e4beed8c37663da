//! A real Prometheus, with the file of the profile, over the real services at work: what they expose is what is
//! documented, and every query of dashboards and rules finds what it asks for.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use chassis::auth::keys::KeyRing;
use chassis::config::Env;
use chassis::lifecycle::Shutdown;
use local::main_job;
use local::platform::Platform;
use reqwest::{Method, StatusCode};
use serde_json::Value;
use servers::{Account, Folder, Nginx, NginxOptions};
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::exposition::{self, Metric};
use super::programs::{Kept, address, client, program, root, text};
use super::{dashboards, documented};
use crate::house::{E2I, eventually, id, upload_nsw, user};

/// Sections of the docs that hold for a service.
const EVERY: &str = "Every service";
const API: &str = "Every service with an API";
const TELLS: &str = "Every service that tells people";

/// What a query may find nothing of, and why.
const MAY_BE_EMPTY: [(&str, &str); 6] = [
    ("job:http_errors:share5m", "nobody asked for five minutes"),
    ("deployments_total{kind=\"deploy\",outcome=\"live\"}", "nothing was released: a share of nothing"),
    ("histogram_quantile(0.5, sum by (kind", "nothing was released"),
    ("histogram_quantile(0.9, sum by (kind", "nothing was released"),
    ("changes(max(deployer_live_deployment)", "nothing was released"),
    ("node_pressure_", "a kernel without pressure stall information"),
];

/// Everything that is scraped, by the job's name in `prometheus.yml`.
struct Rig {
    platform: Platform,
    targets: BTreeMap<&'static str, String>,
    prometheus: String,
    shutdown: Shutdown,
    _kept: Vec<Kept>,
    _nginx: Nginx,
    _folder: TempDir,
}

impl Rig {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // MLflow is nowhere: runs wait, and are counted.
        let environment = [
            ("MLFLOW_TRACKING_URI", "http://127.0.0.1:9/mlflow"),
            ("E2I_REVISION", "abc1234"),
            ("RATE_LIMIT_ADDRESS_PER_MINUTE", "0"),
            ("HEALTH_CANARY_EVERY", "10m"),
            // Nobody is there: what health has to tell waits, and is counted.
            ("SLACK_WEBHOOK_URL", "http://127.0.0.1:9/slack"),
        ];
        let platform = Platform::for_test_with_health(E2I, 1, &environment).await.unwrap();
        let shutdown = Shutdown::new();
        let deployer = deployer(&folder, &shutdown).await;
        let (nginx, nginx_address) = nginx().await;
        let (node, alertmanager, prometheus) = (address(), address(), address());
        let targets = BTreeMap::from([
            ("gateway", platform.gateway().private_address().to_string()),
            ("worker", platform.workers()[0].private_address().to_string()),
            ("health", platform.health().unwrap().private_address().to_string()),
            ("deployer", deployer),
            ("nginx", nginx_address),
            ("node", node.clone()),
            ("alertmanager", alertmanager.clone()),
            ("prometheus", prometheus.clone()),
        ]);
        let kept = vec![
            node_exporter(&node).await,
            alert_manager(&folder, &alertmanager).await,
            prometheus_over(&folder, &targets, &prometheus).await,
        ];
        Self { platform, targets, prometheus, shutdown, _kept: kept, _nginx: nginx, _folder: folder }
    }

    async fn exposed(&self, job: &str) -> BTreeMap<String, Metric> {
        let url = format!("http://{}/metrics", self.targets[job]);
        let answer = client().get(url).send().await.unwrap().error_for_status().unwrap();
        exposition::read(&answer.text().await.unwrap())
    }

    /// What Prometheus answers, or its words.
    async fn ask(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, String> {
        let url = format!("http://{}/api/v1/{path}", self.prometheus);
        let url = reqwest::Url::parse_with_params(&url, query).map_err(|error| error.to_string())?;
        let answer = client().get(url).send().await.map_err(|error| error.to_string())?;
        let body: Value = answer.json().await.map_err(|error| error.to_string())?;
        match body["status"].as_str() {
            Some("success") => Ok(body["data"].clone()),
            _ => Err(body["error"].to_string()),
        }
    }

    async fn query(&self, expression: &str) -> Result<Vec<Value>, String> {
        let data = self.ask("query", &[("query", expression)]).await?;
        Ok(data["result"].as_array().cloned().unwrap_or_default())
    }
}

/// The deployer without an engine, with Slack configured, in this process.
async fn deployer(folder: &TempDir, shutdown: &Shutdown) -> String {
    // As its program does before anything else.
    chassis::telemetry::metrics::install().unwrap();
    let keys = KeyRing::load_or_create(&folder.path().join("keys")).unwrap();
    let jwks = folder.path().join("jwks.json");
    keys.publish(&jwks).unwrap();
    let state = folder.path().join("deployer");
    let env = Env::from_pairs([
        ("DEPLOYER_RUNTIME", "none"),
        ("DEPLOYER_STATE_DIR", state.to_str().unwrap()),
        ("PUBLIC_URL", "https://e2i.example.org"),
        ("JWKS_FILE", jwks.to_str().unwrap()),
        ("GITHUB_WEBHOOK_SECRET", "the secret of the webhook"),
        ("GITHUB_REPOSITORY", "e2i/platform"),
        ("SLACK_WEBHOOK_URL", "http://127.0.0.1:9/slack"),
    ]);
    let config = deployer::Config::read(&env).unwrap();
    let listen = async || TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (public, private) = (listen().await, listen().await);
    let at = |listener: &TcpListener| listener.local_addr().unwrap().to_string();
    let (public_at, private_at) = (at(&public), at(&private));
    tokio::spawn(deployer::run(config, deployer::nowhere::ports(), public, private, shutdown.clone()));
    eventually("the deployer answers", async || client().get(format!("http://{private_at}/livez")).send().await.ok())
        .await;
    // One request that is none of ours, so that there are requests.
    let lost = client().post(format!("http://{public_at}/hooks/github")).body("{}").send().await.unwrap();
    assert_ne!(lost.status(), StatusCode::OK);
    private_at
}

/// nginx with its private port alone: the file that its container has.
async fn nginx() -> (Nginx, String) {
    let at = address();
    let private = std::fs::read_to_string(root().join("nginx/private.conf")).unwrap();
    let private = private
        .replace("listen 9080;", &format!("listen {at};"))
        .replace("listen [::]:9080;", "")
        .replace("{{revision}}", "abc1234")
        .replace("{{configuration}}", "test");
    let main = "daemon off;\npid nginx.pid;\nevents {}\nhttp {\n    access_log off;\n    client_body_temp_path data/body;\n    \
                proxy_temp_path data/proxy;\n    fastcgi_temp_path data/fastcgi;\n    uwsgi_temp_path data/uwsgi;\n    \
                scgi_temp_path data/scgi;\n    \
                map \"\" $upstreams_generation { default test; }\n    include private.conf;\n}\n";
    let programs = tokio::task::spawn_blocking(servers::ensure_installed).await.unwrap().unwrap();
    let options = NginxOptions {
        folder: Folder::temporary(Account::for_servers().unwrap()).unwrap(),
        listen: at.parse().unwrap(),
        files: vec![("nginx.conf".to_owned(), main.to_owned()), ("private.conf".to_owned(), private)],
        random: servers::operating_system_random(),
    };
    (Nginx::start(&programs, options).await.unwrap(), at)
}

/// With the collectors that the compose file names.
async fn node_exporter(at: &str) -> Kept {
    let compose = std::fs::read_to_string(root().join("docker-compose.yml")).unwrap();
    let collectors = compose.lines().filter_map(|line| line.trim().strip_prefix("- --collector."));
    let collectors: Vec<String> = collectors.map(|rest| format!("--collector.{}", rest.replace("$$", "$"))).collect();
    assert!(collectors.len() > 8, "{collectors:?}");
    let mut command = Command::new(program("node_exporter"));
    command.arg(format!("--web.listen-address={at}")).args(collectors);
    let kept = Kept::start(&command);
    kept.ready(at, "/metrics").await;
    kept
}

async fn alert_manager(folder: &TempDir, at: &str) -> Kept {
    let script = root().join("docker/monitoring/alertmanager.sh");
    let mut made = Command::new("sh");
    made.arg(script).arg("--print").env("ALERTMANAGER_CONFIG_DIR", folder.path().join("alertmanager"));
    let file = folder.path().join("alertmanager.yml");
    std::fs::write(&file, made.output().unwrap().stdout).unwrap();
    let mut command = Command::new(program("alertmanager"));
    command.arg(format!("--config.file={}", file.display())).arg(format!("--web.listen-address={at}"));
    command.arg(format!("--storage.path={}", folder.path().join("told").display())).arg("--cluster.listen-address=");
    let kept = Kept::start(&command);
    kept.ready(at, "/-/ready").await;
    kept
}

/// The profile's file: names become addresses, and it looks every second.
fn configuration(targets: &BTreeMap<&str, String>) -> String {
    let rules = root().join("docker/monitoring/rules/*.yml");
    let mut job = "";
    let file = text("prometheus.yml");
    let mut lines = Vec::new();
    for line in file.lines() {
        job = line.trim().strip_prefix("- job_name: ").unwrap_or(job);
        let finds = line.starts_with("    dns_sd_configs: ") || line.starts_with("    static_configs: ");
        let found = targets.get(job).map(|at| format!("{{ targets: [\"{at}\"] }}")).unwrap_or_default();
        // What is not among the services of this test has no target.
        lines.push(if finds { format!("    static_configs: [{found}]") } else { line.to_owned() });
    }
    let made = lines.join("\n");
    made.replace("scrape_interval: 15s", "scrape_interval: 1s")
        .replace("scrape_timeout: 5s", "scrape_timeout: 1s")
        .replace("evaluation_interval: 15s", "evaluation_interval: 1s")
        .replace("[rules/*.yml]", &format!("[\"{}\"]", rules.display()))
        .replace("alertmanager:9093", &targets["alertmanager"])
}

async fn prometheus_over(folder: &TempDir, targets: &BTreeMap<&str, String>, at: &str) -> Kept {
    let file = folder.path().join("prometheus.yml");
    std::fs::write(&file, configuration(targets)).unwrap();
    let mut command = Command::new(program("prometheus"));
    command.arg(format!("--config.file={}", file.display())).arg(format!("--web.listen-address={at}"));
    command.arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()));
    let kept = Kept::start(&command);
    kept.ready(at, "/-/ready").await;
    kept
}

/// People at work: an upload, an analysis, a wrong one, requests for nothing.
async fn work(platform: &Platform) {
    let ann = user(platform, "ann@example.org").await;
    let dataset = upload_nsw(&ann).await;
    for _ in 0..2 {
        let asked = ann.submit("causal_impact", Some(id(&dataset)), &main_job::nsw_question()).await.unwrap();
        assert_eq!(ann.wait(id(&asked)).await.unwrap()["state"], "succeeded");
    }
    for _ in 0..20 {
        ann.get("/api/v1/datasets").await.unwrap();
    }
    let lost = ann.request(Method::GET, "/api/v1/analyses/00000000-0000-7000-8000-000000000000").send().await.unwrap();
    assert_eq!(lost.status(), StatusCode::NOT_FOUND);
}

/// What a stranger can invent makes no series.
async fn strangers_make_no_series(rig: &Rig) {
    eventually("health's own analysis is over: it makes series", async || {
        let answer = client().get(format!("{}/health", rig.platform.public_url())).send().await.ok()?;
        let told: Value = answer.json().await.ok()?;
        (told["checks"]["canary"][0]["state"] == "pass").then_some(())
    })
    .await;
    let series = async || rig.exposed("gateway").await.values().map(|metric| metric.series).sum::<usize>();
    let ask = async |number: usize| {
        let url = format!("http://{}/nothing/{number}?n={number}", rig.platform.gateway_address());
        let method = Method::from_bytes(format!("M{number}").as_bytes()).unwrap();
        let wrong =
            client().request(method, &url).header("user-agent", format!("agent-{number}")).send().await.unwrap();
        let lost = client().get(&url).send().await.unwrap();
        assert!(wrong.status().is_client_error() && lost.status().is_client_error());
    };
    ask(0).await;
    let before = series().await;
    for number in 1..50 {
        ask(number).await;
    }
    assert_eq!(series().await, before, "strangers made series");
}

/// Grafana's own variables, as it would fill them in.
fn filled_in(expression: &str) -> String {
    let filled = expression.replace("$__rate_interval", "1m").replace("$__range", "1h");
    assert!(!filled.contains('$'), "a variable that this test does not know: {expression}");
    filled
}

async fn every_query_finds_what_it_asks_for(rig: &Rig) {
    let mut wrong = Vec::new();
    let queries = dashboards::queries();
    assert!(queries.len() > 80, "only {} queries", queries.len());
    for query in queries {
        let asked = filled_in(&query.expression);
        let excuse = MAY_BE_EMPTY.iter().find(|(part, _)| query.expression.contains(part));
        match rig.query(&asked).await {
            Err(error) => wrong.push(format!("{}: {asked}: {error}", query.place)),
            Ok(found) if found.is_empty() && excuse.is_none() => {
                wrong.push(format!("{}: {asked}: nothing", query.place));
            }
            Ok(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn every_rule_is_computed(rig: &Rig) {
    let groups = rig.ask("rules", &[]).await.unwrap()["groups"].as_array().cloned().unwrap();
    let rules: Vec<Value> = groups.iter().flat_map(|group| group["rules"].as_array().cloned().unwrap()).collect();
    assert!(rules.len() > 35, "{} rules", rules.len());
    for rule in &rules {
        assert_eq!(rule["health"], "ok", "{rule}");
    }
    // Of this platform nothing else is wrong.
    let firing: Vec<&str> =
        rules.iter().filter(|rule| rule["state"] == "firing").filter_map(|rule| rule["name"].as_str()).collect();
    assert!(
        firing.iter().all(|name| ["ServiceGone", "DiskFills", "ClockIsOff", "MemoryRunsOut"].contains(name)),
        "{firing:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn services_expose_what_is_documented_and_dashboards_and_rules_find_it() {
    let rig = Rig::start().await;
    work(&rig.platform).await;
    strangers_make_no_series(&rig).await;
    for (job, sections) in [
        ("gateway", vec![EVERY, API, "gateway"]),
        ("worker", vec![EVERY, "worker"]),
        ("health", vec![EVERY, API, TELLS, "health"]),
        ("deployer", vec![EVERY, API, TELLS, "deployer"]),
        ("nginx", vec!["nginx"]),
    ] {
        let mut exposed = rig.exposed(job).await;
        if job == "gateway" {
            // One metric of the API has a further value here; its row stands with the API.
            assert!(exposed.get("rate_limited_total").is_some_and(|metric| metric.series == 3), "{exposed:?}");
        }
        if job == "deployer" {
            // Other tests of this process may have recorded of what is not a service's.
            exposed.retain(|name, _| !name.starts_with("chassis_test"));
        }
        let differences = documented::differences(&sections, &exposed);
        assert!(differences.is_empty(), "{job}:\n{}", differences.join("\n"));
    }
    eventually("Prometheus has seen every target twice", async || {
        let up = rig.query("sum(sum_over_time(up[1m]) >= bool 2)").await.ok()?;
        let seen: f64 = up.first()?["value"][1].as_str()?.parse().ok()?;
        (seen >= rig.targets.len() as f64).then_some(())
    })
    .await;
    // Recorded rules look back over what was scraped; a rate wants two samples after the work.
    work_goes_on(&rig).await;
    every_query_finds_what_it_asks_for(&rig).await;
    every_rule_is_computed(&rig).await;
    rig.shutdown.begin(Duration::from_secs(1));
    rig.platform.stop().await;
}

/// Until what was recorded of an attempt is there.
async fn work_goes_on(rig: &Rig) {
    let ann = user(&rig.platform, "ben@example.org").await;
    let dataset = upload_nsw(&ann).await;
    eventually("attempts are seen to end", async || {
        let asked = ann.submit("causal_impact", Some(id(&dataset)), &main_job::nsw_question()).await.unwrap();
        ann.wait(id(&asked)).await.unwrap();
        let latency =
            rig.query("agent:e2i_inference_latency_seconds:p95_15m{agent=\"causal_impact\"} > 0").await.ok()?;
        let slow = rig.query("job_route:http_request_duration_seconds:p99_5m{job=\"deployer\"}").await.ok()?;
        (!latency.is_empty() && !slow.is_empty()).then_some(())
    })
    .await;
}
