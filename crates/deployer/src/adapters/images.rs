//! Images by revision: `<prefix>/<service>:<revision>`. Here: which are here. They come from [`super::builder`] or
//! [`super::registry`].

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::ensure;
use async_trait::async_trait;

use super::builder::Builder;
use super::docker::{Docker, Image};
use super::registry::Registry;
use crate::ports::{Images, Log};
use crate::release::{Piece, Service};

/// Set by every Dockerfile of ours.
pub(crate) const TITLE_LABEL: &str = "org.opencontainers.image.title";

/// Names of images, and which of them are here.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    pub(crate) prefix: String,
    pub(crate) docker: Docker,
}

impl Names {
    pub(crate) fn image(&self, service: Service, revision: &str) -> String {
        format!("{}/{service}:{revision}", self.prefix)
    }

    /// The image of a service at a revision; `None` when it is not here.
    pub(crate) async fn piece(&self, service: Service, revision: &str) -> anyhow::Result<Option<Piece>> {
        ensure!(is_revision(revision), "`{revision}` is no revision of {service}");
        let name = self.image(service, revision);
        let Some(image) = self.docker.image(&name).await? else { return Ok(None) };
        piece(service, revision, name, &image).map(Some)
    }
}

/// An image has to be the service's, by its own words. Of which revision its program is, that says itself once it runs:
/// that is what a release goes by.
fn piece(service: Service, revision: &str, name: String, image: &Image) -> anyhow::Result<Piece> {
    let title = image.label(TITLE_LABEL);
    ensure!(
        title == Some(&format!("e2i-{service}")),
        "image {name} says of itself that it is {}; remove it: docker image rm {name}",
        title.unwrap_or("nothing of ours"),
    );
    Ok(Piece { revision: revision.to_owned(), image: name, image_id: image.id.clone() })
}

/// As `scripts/revision.sh` writes them.
fn is_revision(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=100).contains(&text.len()) && text.bytes().all(is_plain) && !text.starts_with(['.', '-'])
}

/// Where images come from.
#[derive(Clone, Debug)]
pub(crate) enum From {
    Build(Builder),
    Registry(Registry),
}

/// [`Images`] on this machine's engine.
#[derive(Clone, Debug)]
pub struct Provided {
    names: Names,
    from: From,
}

impl Provided {
    pub(crate) fn new(names: Names, from: From) -> Self {
        Self { names, from }
    }
}

#[async_trait]
impl Images for Provided {
    async fn present(&self, revisions: &BTreeMap<Service, String>) -> anyhow::Result<BTreeMap<Service, Piece>> {
        let mut present = BTreeMap::new();
        for (service, revision) in revisions {
            if let Some(piece) = self.names.piece(*service, revision).await? {
                present.insert(*service, piece);
            }
        }
        Ok(present)
    }

    async fn provide(
        &self,
        checkout: &Path,
        revisions: &BTreeMap<Service, String>,
        log: &dyn Log,
    ) -> anyhow::Result<BTreeMap<Service, Piece>> {
        let mut pieces = self.present(revisions).await?;
        let missing: BTreeMap<Service, String> = revisions
            .iter()
            .filter(|(service, _)| !pieces.contains_key(service))
            .map(|(service, revision)| (*service, revision.clone()))
            .collect();
        for (service, piece) in &pieces {
            log.line(&format!("{service}: {} is here", piece.revision));
        }
        if !missing.is_empty() {
            match &self.from {
                From::Build(builder) => builder.build(checkout, &missing, log).await?,
                From::Registry(registry) => registry.pull(&missing, log).await?,
            }
        }
        for (service, revision) in &missing {
            let piece = self.names.piece(*service, revision).await?;
            let Some(piece) = piece else { anyhow::bail!("{service}: there is no image {revision} after all") };
            pieces.insert(*service, piece);
        }
        Ok(pieces)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_that_says_something_else_of_itself_is_not_believed() {
        let image = |title: &str| -> Image {
            let text =
                serde_json::json!({"Id": "sha256:1", "RepoTags": [], "Config": {"Labels": {TITLE_LABEL: title}}});
            serde_json::from_value(text).unwrap()
        };
        let judge = |image: Image| piece(Service::Gateway, "abc", "e2i/gateway:abc".into(), &image);
        assert_eq!(judge(image("e2i-gateway")).unwrap().image_id, "sha256:1");
        assert!(judge(image("e2i-worker")).is_err());
    }

    #[test]
    fn revisions_are_plain() {
        assert!(is_revision("0123456789ab") && is_revision("0123456789ab-dirty-01234567"));
        assert!(!is_revision("") && !is_revision("a/b") && !is_revision("-x") && !is_revision("a b"));
    }
}
