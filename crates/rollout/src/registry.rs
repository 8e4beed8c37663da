//! A registry (Debian's `docker-registry`), and images made in it of others by its API: a release of a test is another
//! configuration over layers that are there already, so it takes a moment and no build.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, ensure};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use stack::command::until;
use tokio::process::{Child, Command};

use crate::layer;

const MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
const LAYER: &str = "application/vnd.docker.image.rootfs.diff.tar.gzip";
const NAMESPACE: &str = "e2i";

/// The registry; dropped, it is off.
#[derive(Debug)]
pub struct Registry {
    address: String,
    configuration: PathBuf,
    process: Option<Child>,
    http: reqwest::Client,
}

/// How an image differs from the one that it is made of.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// What `E2I_REVISION` and the label say, when they are not the tag.
    pub says: Option<String>,
    /// More variables.
    pub variables: Vec<(String, String)>,
    /// What stands before the entrypoint.
    pub before: Option<String>,
    /// Files laid over: path, mode, content.
    pub files: Vec<layer::File>,
}

impl Registry {
    /// Starts one at the address, with its data below `folder`.
    ///
    /// # Errors
    /// When `docker-registry` is not there, or does not answer.
    pub async fn start(address: Ipv4Addr, folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder).context("make the registry's folder")?;
        let port = servers::free_port(&servers::operating_system_random())?;
        let configuration = folder.join("registry.yml");
        let text = format!(
            "version: 0.1\nlog: {{level: warn}}\nstorage: {{filesystem: {{rootdirectory: {}}}}}\nhttp: {{addr: '{address}:{port}'}}\n",
            folder.join("data").display()
        );
        std::fs::write(&configuration, text).context("write the registry's configuration")?;
        let http = reqwest::Client::builder().no_proxy().build().context("build the HTTP client")?;
        let mut registry = Self { address: format!("{address}:{port}"), configuration, process: None, http };
        registry.switch_on().await?;
        Ok(registry)
    }

    /// It answers again.
    ///
    /// # Errors
    /// When it does not.
    pub async fn switch_on(&mut self) -> anyhow::Result<()> {
        let mut command = Command::new("docker-registry");
        command.arg("serve").arg(&self.configuration).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let process = command.kill_on_drop(true).spawn().context("run docker-registry (a Debian package)")?;
        self.process = Some(process);
        until("the registry answers", Duration::from_secs(20), async || {
            Ok(self.http.get(format!("http://{}/v2/", self.address)).send().await?.status().is_success().then_some(()))
        })
        .await
    }

    /// Nobody answers there.
    ///
    /// # Errors
    /// When it cannot be ended.
    pub async fn switch_off(&mut self) -> anyhow::Result<()> {
        if let Some(mut process) = self.process.take() {
            process.kill().await.context("end the registry")?;
        }
        Ok(())
    }

    /// Host and port, as Docker names them.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What stands before the name of each image: `IMAGE_PREFIX`.
    #[must_use]
    pub fn prefix(&self) -> String {
        format!("{}/{NAMESPACE}", self.address)
    }

    /// An image's name.
    #[must_use]
    pub fn image(&self, service: &str, tag: &str) -> String {
        format!("{}/{service}:{tag}", self.prefix())
    }

    /// Whether it has the image.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn has(&self, service: &str, tag: &str) -> anyhow::Result<bool> {
        let request = self.http.head(self.url(service, &format!("manifests/{tag}"))).header("accept", MANIFEST);
        Ok(request.send().await?.status().is_success())
    }

    /// Makes `service:tag` of `service:from`.
    ///
    /// # Errors
    /// When the registry does not take it.
    pub async fn derive(&self, service: &str, from: &str, tag: &str, change: &Change) -> anyhow::Result<()> {
        let mut manifest: Value = self.read(service, &format!("manifests/{from}")).await?.json().await?;
        let digest = manifest["config"]["digest"].as_str().context("the manifest names no configuration")?.to_owned();
        let mut config: Value = self.read(service, &format!("blobs/{digest}")).await?.json().await?;
        if !change.files.is_empty() {
            let layer = layer::make(&change.files)?;
            let blob = self.put_blob(service, layer.compressed.clone()).await?;
            let layers = manifest["layers"].as_array_mut().context("the manifest has no layers")?;
            layers.push(json!({"mediaType": LAYER, "size": layer.compressed.len(), "digest": blob}));
            let ids = config["rootfs"]["diff_ids"].as_array_mut().context("the configuration has no layers")?;
            ids.push(json!(layer.plain_digest));
        }
        let history = json!({"created": "2026-01-01T00:00:00Z", "created_by": "a release of a test", "empty_layer": change.files.is_empty()});
        if let Some(all) = config["history"].as_array_mut() {
            all.push(history);
        }
        apply(&mut config["config"], tag, change)?;
        let bytes = config.to_string().into_bytes();
        manifest["config"]["size"] = json!(bytes.len());
        manifest["config"]["digest"] = json!(self.put_blob(service, bytes).await?);
        let put = self.http.put(self.url(service, &format!("manifests/{tag}"))).header("content-type", MANIFEST);
        well(put.body(manifest.to_string()).send().await?).await?;
        Ok(())
    }

    fn url(&self, service: &str, rest: &str) -> String {
        format!("http://{}/v2/{NAMESPACE}/{service}/{rest}", self.address)
    }

    async fn read(&self, service: &str, what: &str) -> anyhow::Result<Response> {
        well(self.http.get(self.url(service, what)).header("accept", MANIFEST).send().await?).await
    }

    async fn put_blob(&self, service: &str, bytes: Vec<u8>) -> anyhow::Result<String> {
        let digest = sha256(&bytes);
        let begun = well(self.http.post(self.url(service, "blobs/uploads/")).send().await?).await?;
        ensure!(begun.status() == StatusCode::ACCEPTED, "the registry takes no upload: {}", begun.status());
        let place =
            begun.headers().get("location").and_then(|value| value.to_str().ok()).context("no place to upload to")?;
        let mut place =
            url::Url::parse(place).or_else(|_| url::Url::parse(&format!("http://{}{place}", self.address)))?;
        place.query_pairs_mut().append_pair("digest", &digest);
        let put = self.http.put(place.as_str()).header("content-type", "application/octet-stream");
        well(put.body(bytes).send().await?).await?;
        Ok(digest)
    }
}

/// `sha256:…`
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold("sha256:".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

async fn well(response: Response) -> anyhow::Result<Response> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    anyhow::bail!("{}: {status}: {}", response.url().clone(), response.text().await.unwrap_or_default())
}

fn apply(config: &mut Value, tag: &str, change: &Change) -> anyhow::Result<()> {
    let says = change.says.as_deref().unwrap_or(tag);
    config["Labels"]["org.opencontainers.image.revision"] = json!(tag);
    let variables = config["Env"].as_array_mut().context("the image has no variables")?;
    variables.retain(|one| !one.as_str().is_some_and(|one| one.starts_with("E2I_REVISION=")));
    variables.push(json!(format!("E2I_REVISION={says}")));
    variables.extend(change.variables.iter().map(|(name, value)| json!(format!("{name}={value}"))));
    if let Some(before) = &change.before {
        let entrypoint = config["Entrypoint"].as_array_mut().context("the image has no entrypoint")?;
        entrypoint.insert(0, json!(before));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_derived_image_says_its_revision_and_keeps_the_rest() {
        let mut config = json!({
            "Env": ["PATH=/bin", "E2I_REVISION=old"], "Entrypoint": ["/program"],
            "Labels": {"org.opencontainers.image.revision": "old", "title": "x"},
        });
        let change = Change {
            before: Some("/fixture".to_owned()),
            variables: vec![("A".to_owned(), "1".to_owned())],
            ..Change::default()
        };
        apply(&mut config, "new", &change).unwrap();
        assert_eq!(config["Env"], json!(["PATH=/bin", "E2I_REVISION=new", "A=1"]));
        assert_eq!(config["Entrypoint"], json!(["/fixture", "/program"]));
        assert_eq!(config["Labels"]["org.opencontainers.image.revision"], "new");
        let wrong = Change { says: Some("other".to_owned()), ..Change::default() };
        apply(&mut config, "newer", &wrong).unwrap();
        assert!(config["Env"].as_array().unwrap().contains(&json!("E2I_REVISION=other")));
    }
}
