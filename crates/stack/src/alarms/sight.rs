//! What health answers, looked at four times a second, and when each answer was first another one.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::Value;
use tokio::task::JoinHandle;

use crate::engine;

const EVERY: Duration = Duration::from_millis(250);
const WITHIN: Duration = Duration::from_secs(2);
const PORT: u16 = 8020;

/// How one part stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// `pass`, `warn`, `fail`, ...
    pub state: String,
    /// The part that is to blame.
    pub suppressed_by: Option<String>,
    /// It goes up and down.
    pub flapping: bool,
}

/// An incident that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// Its number.
    pub id: i64,
    /// The part that is to blame.
    pub part: String,
    /// Parts that failed because of it.
    pub affected: Vec<String>,
}

/// How everything stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// Each part, by its id.
    pub parts: BTreeMap<String, Standing>,
    /// What is wrong.
    pub incidents: Vec<Incident>,
    /// A cold start is excused, until then.
    pub settling_until: Option<String>,
}

impl Picture {
    /// From `GET /api/v1/status`.
    ///
    /// # Errors
    /// When it is something else.
    pub fn read(answer: &Value) -> anyhow::Result<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let mut parts = BTreeMap::new();
        for part in answer["parts"].as_array().context("the status names no `parts`")? {
            let id = text(&part["id"]).context("a part has no `id`")?;
            let state = text(&part["state"]).with_context(|| format!("{id} has no `state`"))?;
            let flapping = part["flapping"] == true;
            parts.insert(id, Standing { state, suppressed_by: text(&part["suppressed_by"]), flapping });
        }
        let mut incidents = Vec::new();
        for incident in list(&answer["incidents"]) {
            incidents.push(Incident {
                id: incident["id"].as_i64().context("an incident has no `id`")?,
                part: text(&incident["part"]).context("an incident names no `part`")?,
                affected: list(&incident["affected"]).iter().filter_map(text).collect(),
            });
        }
        Ok(Self { parts, incidents, settling_until: text(&answer["settling_until"]) })
    }

    /// Whether a part is down.
    #[must_use]
    pub fn is_down(&self, part: &str) -> bool {
        self.parts.get(part).is_some_and(|part| part.state == "fail")
    }

    /// Those that are down.
    pub fn down(&self) -> impl Iterator<Item = (&str, &Standing)> {
        self.parts.iter().filter(|(_, part)| part.state == "fail").map(|(id, part)| (id.as_str(), part))
    }

    /// What keeps this from being well, in words.
    #[must_use]
    pub fn ill(&self) -> Option<String> {
        let mut ill: Vec<String> = self.down().map(|(id, _)| format!("{id} is down")).collect();
        let unknown = self.parts.iter().filter(|(_, part)| part.state == "unknown");
        ill.extend(unknown.map(|(id, _)| format!("{id} has not been looked at")));
        let flapping = self.parts.iter().filter(|(_, part)| part.flapping);
        ill.extend(flapping.map(|(id, _)| format!("{id} flaps")));
        ill.extend(self.incidents.iter().map(|incident| format!("incident {} of {}", incident.id, incident.part)));
        ill.extend(self.settling_until.as_ref().map(|until| format!("settling until {until}")));
        (!ill.is_empty()).then(|| ill.join(", "))
    }
}

/// What was seen: each picture, from when on it was so. `None` while nobody answered.
type Seen = Arc<Mutex<Vec<(Instant, Option<Picture>)>>>;

/// Whoever looks; dropped, nobody does.
#[derive(Debug)]
pub struct Sight {
    seen: Seen,
    task: JoinHandle<()>,
}

impl Sight {
    /// Looks at the health of a project from now on.
    ///
    /// # Errors
    /// When the HTTP client cannot be built.
    pub fn begin(project: &str) -> anyhow::Result<Self> {
        let http = client()?;
        let (seen, project) = (Seen::default(), project.to_owned());
        let task = tokio::spawn(look_on(http, project, seen.clone()));
        Ok(Self { seen, task })
    }

    /// How everything stood at the last look; none when health did not answer it.
    #[must_use]
    pub fn now(&self) -> Option<Picture> {
        self.with(|seen| seen.last().and_then(|(_, picture)| picture.clone()))
    }

    /// When it was first so, not before `from`.
    #[must_use]
    pub fn first(&self, from: Instant, is_so: impl Fn(&Picture) -> bool) -> Option<Instant> {
        self.with(|seen| {
            {
                let since = seen.iter().filter(|(at, _)| *at >= from);
                since.filter_map(|(at, picture)| Some((*at, picture.as_ref()?))).find(|(_, picture)| is_so(picture))
            }
            .map(|(at, _)| at)
        })
    }

    /// Every picture since then.
    #[must_use]
    pub fn since(&self, from: Instant) -> Vec<Picture> {
        let is_later = |(at, picture): &(Instant, Option<Picture>)| (*at >= from).then(|| picture.clone()).flatten();
        self.with(|seen| seen.iter().filter_map(is_later).collect())
    }

    fn with<T>(&self, act: impl FnOnce(&[(Instant, Option<Picture>)]) -> T) -> T {
        act(&self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Sight {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn look_on(http: reqwest::Client, project: String, seen: Seen) {
    let mut address = None;
    let mut clock = tokio::time::interval(EVERY);
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        clock.tick().await;
        if address.is_none() {
            address = health_url(&project).await.ok();
        }
        let picture = match &address {
            Some(url) => look(&http, url).await.ok(),
            None => None,
        };
        if picture.is_none() {
            // Started again, it may live elsewhere.
            address = None;
        }
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.last().is_none_or(|(_, last)| *last != picture) {
            seen.push((Instant::now(), picture));
        }
    }
}

async fn look(http: &reqwest::Client, url: &str) -> anyhow::Result<Picture> {
    Picture::read(&get(http, &format!("{url}/api/v1/status")).await?)
}

/// The part that each incident of the last page is of.
///
/// # Errors
/// When health does not tell.
pub async fn incidents(project: &str) -> anyhow::Result<BTreeMap<i64, String>> {
    let url = format!("{}/api/v1/status/incidents?limit=100", health_url(project).await?);
    let page = get(&client()?, &url).await?;
    let items = page["items"].as_array().context("the incidents have no `items`")?;
    let read = |item: &Value| Some((item["id"].as_i64()?, item["part"].as_str()?.to_owned()));
    Ok(items.iter().filter_map(read).collect())
}

async fn get(http: &reqwest::Client, url: &str) -> anyhow::Result<Value> {
    let answer = http.get(url).send().await.context("ask health")?;
    let status = answer.status();
    let body = answer.bytes().await.context("read health's answer")?;
    if !status.is_success() {
        bail!("health answers {status}: {}", String::from_utf8_lossy(&body));
    }
    serde_json::from_slice(&body).context("health's answer is no JSON")
}

fn client() -> anyhow::Result<reqwest::Client> {
    reqwest::Client::builder().timeout(WITHIN).no_proxy().build().context("build an HTTP client")
}

/// Health's own address on this machine's bridge: nginx may be what is hurt.
///
/// # Errors
/// When it does not run.
pub async fn health_url(project: &str) -> anyhow::Result<String> {
    Ok(format!("http://{}", address(project, "health", PORT).await?))
}

/// Where this machine reaches a port of a service's container.
///
/// # Errors
/// When it does not run.
pub async fn address(project: &str, service: &str, port: u16) -> anyhow::Result<std::net::SocketAddr> {
    let of_project = format!("label=com.docker.compose.project={project}");
    let of_service = format!("label=com.docker.compose.service={service}");
    let id = engine::docker(&["ps", "--quiet", "--filter", &of_project, "--filter", &of_service]).await?;
    let id = id.lines().next().with_context(|| format!("{service} does not run"))?;
    let about = engine::inspect(id).await?;
    let ip = about["NetworkSettings"]["Networks"][format!("{project}_frontend-network")]["IPAddress"].as_str();
    let ip = ip.with_context(|| format!("{service} has no address"))?;
    Ok(std::net::SocketAddr::new(ip.parse().with_context(|| format!("{service} has the address `{ip}`"))?, port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_picture_says_what_is_down_and_who_is_to_blame() {
        let answer = json!({
            "status": "fail",
            "parts": [
                {"id": "redis", "state": "fail", "suppressed_by": null, "flapping": false},
                {"id": "worker", "state": "fail", "suppressed_by": "redis", "flapping": false},
                {"id": "nginx", "state": "pass", "suppressed_by": null, "flapping": false},
            ],
            "incidents": [{"id": 4, "part": "redis", "affected": ["worker"]}],
            "settling_until": null,
        });
        let picture = Picture::read(&answer).unwrap();
        assert!(picture.is_down("redis") && !picture.is_down("nginx"));
        assert_eq!(picture.down().count(), 2);
        assert_eq!(picture.parts["worker"].suppressed_by.as_deref(), Some("redis"));
        assert_eq!(picture.incidents[0].affected, ["worker"]);
        assert_eq!(picture.ill().unwrap(), "redis is down, worker is down, incident 4 of redis");
        assert!(Picture::read(&json!({"status": "pass"})).is_err());
    }

    #[test]
    fn all_well_is_nothing_to_tell() {
        let answer = json!({"parts": [{"id": "redis", "state": "warn"}], "incidents": [], "settling_until": null});
        assert_eq!(Picture::read(&answer).unwrap().ill(), None);
        let settling = json!({"parts": [], "incidents": [], "settling_until": "2026-01-01T00:00:00Z"});
        assert_eq!(Picture::read(&settling).unwrap().ill().unwrap(), "settling until 2026-01-01T00:00:00Z");
    }

    #[tokio::test]
    async fn the_first_picture_that_is_so_counts() {
        let begin = Instant::now();
        let down = |down: bool| {
            let state = if down { "fail" } else { "pass" }.to_owned();
            let parts = BTreeMap::from([("redis".to_owned(), Standing { state, ..Standing::default() })]);
            Some(Picture { parts, ..Picture::default() })
        };
        let at = |seconds| begin + Duration::from_secs(seconds);
        let seen = vec![(at(0), down(true)), (at(1), down(false)), (at(2), None), (at(3), down(true)), (at(4), None)];
        let sight = Sight { seen: Arc::new(Mutex::new(seen)), task: tokio::spawn(async {}) };
        assert_eq!(sight.first(at(1), |picture| picture.is_down("redis")), Some(at(3)));
        assert_eq!(sight.since(at(1)).len(), 2);
        assert_eq!(sight.now(), None);
    }
}
