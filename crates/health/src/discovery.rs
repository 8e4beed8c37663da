//! From the configuration to what is watched: every part of the platform, with nothing to write. The order is the one in
//! which parts are shown.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chassis::clock::{SharedClock, SharedMonotonic};
use tokio::sync::watch;
use url::Url;

use crate::config::Targets;
use crate::keep::Keeper;
use crate::own_checks::{OwnCheck, OwnKind};
use crate::part::{Cadence, Importance, Part, PartId};
use crate::probes::canary::Canary;
use crate::probes::certificate::{Certificate, Validity};
use crate::probes::claude::Claude;
use crate::probes::clock::{MachineClock, Other};
use crate::probes::deployer::Deployer;
use crate::probes::disk::Disk;
use crate::probes::http::Asker;
use crate::probes::memory::Memory;
use crate::probes::missing::Missing;
use crate::probes::nginx::Nginx;
use crate::probes::objects::ObjectStore;
use crate::probes::own::{HeartbeatCheck, HttpCheck, RedisCheck, SqlCheck, TcpCheck};
use crate::probes::page::Page;
use crate::probes::place::Place;
use crate::probes::postgres::{self, Postgres};
use crate::probes::redis::Redis;
use crate::probes::release::ReleaseRuns;
use crate::probes::service::Service;
use crate::probes::worker::Worker;
use crate::probes::{Probe, Watched};
use crate::releases::Known;

/// A part of the platform: its id, how people call it, whether the platform works without it, what it stands on.
type Row = (&'static str, &'static str, Importance, &'static [&'static str]);

/// All of them, in the order in which they are shown.
const PARTS: [Row; 18] = [
    ("nginx", "nginx", Importance::Critical, &[]),
    ("frontend", "Web app", Importance::Critical, &[]),
    ("gateway", "Gateway", Importance::Critical, &["postgres", "redis"]),
    ("worker", "Workers", Importance::Critical, &["postgres", "redis"]),
    ("postgres", "Postgres", Importance::Critical, &[]),
    ("redis", "Redis", Importance::Critical, &[]),
    ("object-store", "Object store", Importance::Critical, &["disk"]),
    ("mlflow", "MLflow", Importance::Optional, &["postgres"]),
    ("canary", "Canary analysis", Importance::Critical, &["nginx", "gateway", "worker", "postgres", "redis"]),
    ("deployer", "Deployer", Importance::Optional, &[]),
    ("release", "Live release", Importance::Optional, &["deployer"]),
    ("certificate", "Certificate", Importance::Optional, &["nginx"]),
    ("claude", "Claude API", Importance::Optional, &[]),
    ("disk", "Disk", Importance::Optional, &[]),
    ("memory", "Memory", Importance::Optional, &[]),
    ("clock", "Clock", Importance::Optional, &[]),
    ("backup", "Last backup", Importance::Optional, &[]),
    ("restore", "Last proven restore", Importance::Optional, &[]),
];

/// Private ports, for what a release's containers say of themselves.
const FRONTEND_PRIVATE_PORT: u16 = 9081;
const HEALTH_PRIVATE_PORT: u16 = 9020;

const SLOW: Option<Duration> = Some(Duration::from_millis(1_500));
const SERVICES: Pace = Pace { interval: Duration::from_secs(10), timeout: Duration::from_secs(3), slow_after: SLOW };
const MACHINE: Pace = Pace { interval: Duration::from_secs(15), timeout: Duration::from_secs(3), slow_after: None };

/// How often a part is looked at.
#[derive(Debug, Clone, Copy)]
struct Pace {
    interval: Duration,
    timeout: Duration,
    slow_after: Option<Duration>,
}

impl Pace {
    const fn every(interval: Duration, timeout: Duration) -> Self {
        Self { interval, timeout, slow_after: Some(timeout) }
    }

    const fn untimed(self) -> Self {
        Self { slow_after: None, ..self }
    }
}

/// What looks at parts needs.
#[derive(Debug, Clone)]
pub struct Tools {
    /// Asks parts of the platform.
    pub inside: Asker,
    /// Asks what is elsewhere.
    pub outside: Asker,
    /// What is known of releases.
    pub known: Known,
    /// Where the state is.
    pub state_dir: PathBuf,
    /// Where beats are written down.
    pub keeper: Keeper,
    /// Time.
    pub clock: SharedClock,
    /// Time that does not jump.
    pub monotonic: SharedMonotonic,
}

/// What was found.
#[derive(Debug)]
pub struct Discovered {
    /// What is watched.
    pub watched: Vec<Watched>,
    /// Tells of each certificate that takes the place of another.
    pub renewals: watch::Receiver<Option<Validity>>,
}

/// The ids of the platform's own parts.
#[must_use]
pub fn ids() -> Vec<PartId> {
    PARTS.iter().filter_map(|(id, ..)| PartId::parse(id)).collect()
}

/// Every part of the platform, then the operator's own.
#[must_use]
pub fn discover(targets: &Targets, own: &[OwnCheck], tools: &Tools) -> Discovered {
    let (certificate, renewals) = Certificate::of(targets.public.clone(), tools.clock.clone());
    let mut certificate = Some(certificate);
    let mut watched = Vec::new();
    for row in PARTS {
        let (probe, pace): (Arc<dyn Probe>, Pace) = match row.0 {
            "certificate" => match certificate.take() {
                Some(certificate) => (Arc::new(certificate), minutes(10, 10)),
                None => continue,
            },
            id => probe(id, targets, tools),
        };
        watched.extend(platform_part(row, targets, pace).map(|part| Watched {
            part,
            probe,
            slow_after: pace.slow_after,
        }));
    }
    watched.extend(own.iter().map(|check| own_part(check, tools)));
    Discovered { watched, renewals }
}

fn platform_part((id, title, importance, parents): Row, targets: &Targets, pace: Pace) -> Option<Part> {
    let service = ["gateway", "worker", "frontend", "deployer"].into_iter().find(|service| *service == id);
    let title = if id == "postgres" { postgres::title(targets.database_url.expose()) } else { title };
    // A bucket stands on no disk of ours, and nobody is made to wait for what is not there.
    let is_folder = targets.objects.as_ref().is_some_and(|(url, _)| !is_bucket(url));
    let stands = parents.iter().filter(|parent| **parent != "disk" || is_folder);
    Some(Part {
        id: PartId::parse(id)?,
        title: title.to_owned(),
        importance,
        parents: stands.filter_map(|parent| PartId::parse(parent)).collect(),
        cadence: Cadence { interval: pace.interval, timeout: pace.timeout, down_after: 3, up_after: 2 },
        service,
    })
}

fn is_bucket(location: &str) -> bool {
    location.starts_with("s3://")
}

const fn minutes(minutes: u64, timeout_s: u64) -> Pace {
    Pace::every(Duration::from_mins(minutes), Duration::from_secs(timeout_s))
}

fn probe(id: &str, targets: &Targets, tools: &Tools) -> (Arc<dyn Probe>, Pace) {
    let place = |url: &Url, service| Place::of(tools.inside.clone(), url.clone(), service, tools.known.clone());
    let at = |url: &Url| Place::at(tools.inside.clone(), url.clone());
    match id {
        "nginx" => (Arc::new(Nginx::at(targets.public.clone(), targets.nginx.as_ref().map(at))), SERVICES),
        "frontend" => match &targets.frontend {
            Some(url) => (Arc::new(Page::at(place(url, "frontend"), "/")), SERVICES),
            None => missing("nginx serves the web app's files itself"),
        },
        "gateway" => (Arc::new(Service::at(place(&targets.gateway, "gateway"))), SERVICES),
        "worker" => {
            let place = place(&targets.worker, "worker");
            (Arc::new(Worker::at(place, targets.database_url.clone(), tools.monotonic.clone())), SERVICES)
        }
        "postgres" => (Arc::new(Postgres::at(targets.database_url.clone())), SERVICES),
        "redis" => (Arc::new(Redis::at(targets.redis_url.clone())), SERVICES),
        "mlflow" => match &targets.mlflow {
            Some(url) => (Arc::new(Page::at(at(url), "/health")), SERVICES),
            None => missing("MLFLOW_TRACKING_URI is not set: analyses are logged nowhere"),
        },
        "object-store" => object_store(targets, tools),
        "canary" => match &targets.canary {
            Some((email, password)) => {
                let canary = Canary::new(targets.public.clone(), email.clone(), password.clone());
                (Arc::new(canary), Pace { interval: targets.canary_every, ..minutes(5, 45) })
            }
            None => missing("CANARY_EMAIL and CANARY_PASSWORD are not set"),
        },
        "deployer" => match &targets.deployer {
            Some(url) => (Arc::new(Deployer::at(at(url), tools.known.clone())), SERVICES),
            None => missing("there is no deployer: it runs in production alone"),
        },
        "release" if targets.deployer.is_some() => {
            (Arc::new(release(targets, tools)), Pace { interval: Duration::from_secs(15), ..SERVICES.untimed() })
        }
        "release" => missing("there is no deployer: nothing is released here"),
        "claude" => match &targets.claude {
            Some(url) => (Arc::new(Claude::at(tools.outside.clone(), url.clone())), minutes(1, 5)),
            None => missing("CLAUDE_API_KEY is not set"),
        },
        "disk" => (Arc::new(Disk::under(folders(targets, &tools.state_dir))), MACHINE),
        "memory" => (Arc::new(Memory::default()), MACHINE),
        "clock" => (Arc::new(clock(targets, tools)), Pace { interval: Duration::from_secs(30), ..MACHINE }),
        "backup" => missing("no backup is set up"),
        "restore" => missing("no restore has been proven"),
        other => {
            tracing::error!(part = other, "nothing looks at this part");
            missing("nothing looks at it")
        }
    }
}

fn missing(why: &'static str) -> (Arc<dyn Probe>, Pace) {
    (Arc::new(Missing::because(why)), minutes(1, 3).untimed())
}

fn object_store(targets: &Targets, tools: &Tools) -> (Arc<dyn Probe>, Pace) {
    let Some((location, options)) = &targets.objects else { return missing("OBJECT_STORE_URL is not set") };
    (Arc::new(ObjectStore::at(location.clone(), options.clone(), tools.clock.clone())), minutes(15, 20))
}

fn release(targets: &Targets, tools: &Tools) -> ReleaseRuns {
    let port = |url: &Url, default| url.port_or_known_default().unwrap_or(default);
    let ports = vec![
        ("gateway", port(&targets.gateway, 9000)),
        ("worker", port(&targets.worker, 9010)),
        ("frontend", FRONTEND_PRIVATE_PORT),
        ("health", HEALTH_PRIVATE_PORT),
    ];
    ReleaseRuns::new(tools.inside.clone(), tools.known.clone(), ports)
}

/// The folders that the platform is seen to write to from here.
fn folders(targets: &Targets, state_dir: &Path) -> Vec<PathBuf> {
    let objects = targets.objects.iter().filter(|(location, _)| !is_bucket(location));
    let objects = objects.map(|(location, _)| PathBuf::from(location.strip_prefix("file://").unwrap_or(location)));
    [state_dir.to_owned()].into_iter().chain(objects).collect()
}

fn clock(targets: &Targets, tools: &Tools) -> MachineClock {
    let readyz = |url: &Url| url.join("/readyz").ok();
    let http = |name, asker: &Asker, url| Other::Http { name, asker: asker.clone(), url };
    let mut others = vec![Other::Database(targets.database_url.clone())];
    others.extend(readyz(&targets.gateway).map(|url| http("the gateway's", &tools.inside, url)));
    let deployer = targets.deployer.as_ref().and_then(readyz);
    others.extend(deployer.map(|url| http("the deployer's", &tools.inside, url)));
    others.extend(targets.claude.clone().map(|url| http("the Claude API's", &tools.outside, url)));
    MachineClock::compared_with(tools.clock.clone(), tools.monotonic.clone(), others)
}

fn own_part(check: &OwnCheck, tools: &Tools) -> Watched {
    let probe: Arc<dyn Probe> = match check.kind.clone() {
        OwnKind::Http { url, status, contains } => {
            Arc::new(HttpCheck { asker: tools.outside.clone(), url, status, contains })
        }
        OwnKind::Tcp(address) => Arc::new(TcpCheck(address)),
        OwnKind::Sql { url, query, expect } => Arc::new(SqlCheck { url, query, expect }),
        OwnKind::Redis(url) => Arc::new(RedisCheck(url)),
        OwnKind::Heartbeat { within, .. } => {
            let (keeper, ticks) = (tools.keeper.clone(), tools.monotonic.clone());
            Arc::new(HeartbeatCheck::of(check.part.id.clone(), within, keeper, ticks))
        }
    };
    let is_timed = !matches!(check.kind, OwnKind::Heartbeat { .. });
    let slow_after = is_timed.then(|| check.slow_after.unwrap_or(check.part.cadence.timeout));
    Watched { part: check.part.clone(), probe, slow_after }
}
