//! Whether what runs is what was released: each service of the live release by the revision that it says, which is in its
//! image's last layer, and by the id of the image that its container runs, where the deployer has looked.

use async_trait::async_trait;
use http::StatusCode;
use url::Url;

use super::Probe;
use super::http::Asker;
use super::service::Readiness;
use crate::reading::{Reading, Unit};
use crate::releases::{Known, Live, LiveService};

/// The live release.
#[derive(Debug)]
pub struct ReleaseRuns {
    asker: Asker,
    known: Known,
    /// Each service's private port.
    ports: Vec<(&'static str, u16)>,
}

impl ReleaseRuns {
    /// By what the deployer tells; services without a port are judged by their image alone.
    #[must_use]
    pub fn new(asker: Asker, known: Known, ports: Vec<(&'static str, u16)>) -> Self {
        Self { asker, known, ports }
    }

    /// What is wrong with one, in words.
    async fn look_at(&self, name: &str, service: &LiveService) -> Option<String> {
        if let Some(running) = &service.running_image_id
            && *running != service.image_id
        {
            return Some(format!("{name} runs image {running} instead of {}", service.image_id));
        }
        let (_, port) = self.ports.iter().find(|(known, _)| *known == name)?;
        let container = service.container.as_deref()?;
        let url: Url = format!("http://{container}:{port}/readyz").parse().ok()?;
        // One that does not answer is told by its own part.
        let answer = self.asker.get(url).await.ok()?;
        if answer.status != StatusCode::OK && answer.status != StatusCode::SERVICE_UNAVAILABLE {
            return None;
        }
        let said: Readiness = serde_json::from_str(&answer.body).ok()?;
        let is_other = !said.revision.is_empty() && said.revision != service.revision;
        is_other.then(|| format!("{name} runs revision {} instead of {}", said.revision, service.revision))
    }

    async fn differences(&self, live: &Live) -> Vec<String> {
        let looks = live.services.iter().map(|(name, service)| self.look_at(name, service));
        futures::future::join_all(looks).await.into_iter().flatten().collect()
    }
}

#[async_trait]
impl Probe for ReleaseRuns {
    async fn look(&self) -> Reading {
        let seen = self.known.now();
        let Some(state) = seen.state.filter(|_| seen.is_current) else {
            return Reading::warn("the deployer does not tell what is live");
        };
        let Some(live) = &state.live else {
            return Reading::not_configured("nothing has been released yet");
        };
        let services = live.services.len() as f64;
        // While something is under way, what runs is neither the one nor the other.
        let differences = if state.running.is_some() { Vec::new() } else { self.differences(live).await };
        let reading = if differences.is_empty() {
            Reading::pass()
        } else {
            Reading::fail(format!("not what deployment #{} released: {}", live.deployment, differences.join("; ")))
        };
        reading.with("services of the release", services, Unit::Count)
    }
}
