//! What Docker holds on the disk, as `docker system df` tells it.

use anyhow::Context;
use serde::Deserialize;

use super::docker::Docker;

/// Counting every volume's files may take a while.
const WITHIN: std::time::Duration = std::time::Duration::from_mins(3);

/// Sizes in bytes.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    /// Of all images together; layers that several share are counted once.
    pub(crate) images: u64,
    /// Of what `BuildKit` remembers.
    pub(crate) build_cache: u64,
    /// What containers have written besides their volumes.
    pub(crate) containers: u64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row {
    r#type: String,
    size: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Everything {
    volumes: Vec<Volume>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Volume {
    name: String,
    size: String,
}

impl Usage {
    /// Asks the engine.
    pub(crate) async fn of(docker: &Docker) -> anyhow::Result<Self> {
        let said = docker.said(&["system", "df", "--format", "{{json .}}"], WITHIN).await?;
        anyhow::ensure!(said.success, "docker system df: {}", said.last_words());
        let mut usage = Self::default();
        for line in said.out.lines().filter(|line| !line.trim().is_empty()) {
            let Row { r#type, size } =
                serde_json::from_str(line).with_context(|| format!("docker system df: {line}"))?;
            let bytes = bytes(&size).with_context(|| format!("docker system df: {line}"))?;
            match r#type.as_str() {
                "Images" => usage.images = bytes,
                "Build Cache" => usage.build_cache = bytes,
                "Containers" => usage.containers = bytes,
                _ => {}
            }
        }
        Ok(usage)
    }
}

/// What `BuildKit` remembers.
pub(crate) async fn build_cache_bytes(docker: &Docker) -> anyhow::Result<u64> {
    Ok(Usage::of(docker).await?.build_cache)
}

/// Volumes and their sizes.
pub(crate) async fn volumes(docker: &Docker) -> anyhow::Result<Vec<(String, u64)>> {
    let said = docker.said(&["system", "df", "--verbose", "--format", "{{json .}}"], WITHIN).await?;
    anyhow::ensure!(said.success, "docker system df: {}", said.last_words());
    let all: Everything = serde_json::from_str(&said.out).context("read docker system df")?;
    Ok(all.volumes.into_iter().filter_map(|volume| Some((volume.name, bytes(&volume.size)?))).collect())
}

/// `1.5GB`, as Docker writes sizes: powers of ten.
fn bytes(text: &str) -> Option<u64> {
    let units = [("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3), ("KB", 1e3), ("B", 1.0)];
    let (number, factor) = units.iter().find_map(|(unit, factor)| Some((text.trim().strip_suffix(unit)?, factor)))?;
    let bytes = number.trim().parse::<f64>().ok()? * factor;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size on a disk")]
    (bytes.is_finite() && bytes >= 0.0).then_some(bytes as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_docker_writes_them() {
        assert_eq!(bytes("1.5GB"), Some(1_500_000_000));
        assert_eq!(bytes("250kB"), Some(250_000));
        assert_eq!(bytes("0B"), Some(0));
        assert_eq!(bytes("N/A"), None);
    }
}
