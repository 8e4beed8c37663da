//! Images that CI has pushed. A tag is looked up once; what it names is known by its digest from then on.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, ensure};

use super::images::Names;
use crate::ports::Log;
use crate::release::Service;

const PULL_WITHIN: Duration = Duration::from_mins(15);

/// Pulls images.
#[derive(Clone, Debug)]
pub(crate) struct Registry {
    names: Names,
}

impl Registry {
    pub(crate) fn new(names: Names) -> Self {
        Self { names }
    }

    pub(crate) async fn pull(&self, revisions: &BTreeMap<Service, String>, log: &dyn Log) -> anyhow::Result<()> {
        for (service, revision) in revisions {
            self.pull_one(*service, revision, log).await.with_context(|| format!("{service} could not be pulled"))?;
        }
        Ok(())
    }

    /// The engine asks and not this program: the registry's address is as the host sees it.
    async fn pull_one(&self, service: Service, revision: &str, log: &dyn Log) -> anyhow::Result<()> {
        let docker = &self.names.docker;
        let name = self.names.image(service, revision);
        let said = docker.said(&["pull", &name], PULL_WITHIN).await?;
        ensure!(
            said.success,
            "{name}: {}; CI pushes images of commits whose checks have passed (docker login in the deployer's container, \
             where the registry asks who we are)",
            said.last_words()
        );
        let digest = digest(&said.out).with_context(|| format!("the engine names no digest of {name}"))?;
        let repository = name.rsplit_once(':').map_or(name.as_str(), |(repository, _)| repository);
        let by_digest = format!("{repository}@{digest}");
        // Nothing is fetched again: it proves that the registry has it under this digest, and that it is what is here.
        let said = docker.said(&["pull", &by_digest], PULL_WITHIN).await?;
        ensure!(said.success, "{by_digest}: {}", said.last_words());
        let (tagged, exact) = (docker.image(&name).await?, docker.image(&by_digest).await?);
        let ids = tagged.zip(exact).map(|(tagged, exact)| (tagged.id, exact.id));
        let (tagged, exact) = ids.with_context(|| format!("{name} was pulled and is not here"))?;
        if tagged != exact {
            docker.run(&["tag", &exact, &name]).await?;
        }
        log.line(&format!("{service}: pulled {by_digest}"));
        Ok(())
    }
}

/// `Digest: sha256:...` among what `docker pull` says.
fn digest(said: &str) -> Option<&str> {
    let digest = said.lines().find_map(|line| line.trim().strip_prefix("Digest: "))?;
    let hex = digest.strip_prefix("sha256:")?;
    (hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_read_and_nothing_else_for_it() {
        let hex = "0".repeat(64);
        let said = format!("abc: Pulling from e2i/gateway\nDigest: sha256:{hex}\nStatus: Downloaded newer image\n");
        assert_eq!(digest(&said), Some(format!("sha256:{hex}").as_str()));
        assert_eq!(digest("Digest: sha256:12\n"), None);
        assert_eq!(digest("Status: up to date\n"), None);
    }
}
