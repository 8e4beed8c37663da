//! The images themselves.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use anyhow::{Context, ensure};
use tokio::process::Command;

use crate::case::{Figures, Room};
use crate::command::{run, run_within};
use crate::engine::{self, BUILD_WITHIN, docker};
use crate::site::{Site, quietly};

/// Written in Rust: what they add to their base has an aim.
const RUST: [&str; 3] = ["gateway", "worker", "health"];
/// What they all stand on.
const BASE: &str = "debian:trixie-slim";
/// Runs as root, once, without a network, and gives the volumes their owners.
const ONCE: &str = "init";
/// Reads what the engine lets root alone read.
const READER: &str = "logs";
const LABELS: [&str; 6] = ["title", "description", "source", "licenses", "revision", "version"];
/// Ends of names that no image of ours has. Whose program is Python has Python's files.
const SOURCES: [&str; 6] = [".rs", "Cargo.toml", "Cargo.lock", ".tsx", "package.json", "package-lock.json"];
/// A piece of a name that tells of secrets or of a clone.
const SECRETS: [&str; 5] = ["/.git/", "/.env", "id_rsa", "id_ed25519", "/.cargo/credentials"];

/// Megabytes that a Rust service's image adds to its base.
///
/// # Errors
/// When one is not there.
pub async fn megabytes_on_top(image: &str) -> anyhow::Result<f64> {
    Ok((engine::image_bytes(image).await? - engine::image_bytes(BASE).await?) / 1e6)
}

pub(super) async fn well_made(room: &Room<'_>) -> anyhow::Result<Figures> {
    room.site.build_images().await?;
    let mut figures = Figures::none();
    for (service, revision) in room.site.revisions()? {
        let image = format!("{}/{service}:{revision}", room.site.image_prefix());
        look(&service, &revision, &image).await.with_context(|| image.clone())?;
        let megabytes = engine::image_bytes(&image).await? / 1e6;
        figures.add(&service, megabytes, "MB");
        if RUST.contains(&service.as_str()) {
            // What was compiled is the program, and not an empty one.
            let version = docker(&["run", "--rm", "--network", "none", &image, "--version"]).await?;
            ensure!(version.starts_with(&format!("e2i-{service} ")), "{image} says `{version}` of itself");
            figures.add("on its base", megabytes_on_top(&image).await?, "MB");
        }
    }
    Ok(figures)
}

async fn look(service: &str, revision: &str, image: &str) -> anyhow::Result<()> {
    let about = engine::inspect(image).await?;
    let config = &about["Config"];
    let user = config["User"].as_str().unwrap_or_default();
    let is_root = ["", "0", "root"].contains(&user.split(':').next().unwrap_or_default());
    ensure!(is_root == [ONCE, READER].contains(&service), "runs as `{user}`");
    let entrypoint: Vec<&str> =
        config["Entrypoint"].as_array().into_iter().flatten().filter_map(|word| word.as_str()).collect();
    ensure!(!entrypoint.is_empty(), "has no entrypoint");
    ensure!(entrypoint.get(1) != Some(&"-c"), "its entrypoint is a line for a shell: {entrypoint:?}");
    let check = config["Healthcheck"]["Test"][0].as_str();
    ensure!(service == ONCE || check == Some("CMD"), "its health check is `{check:?}` instead of exec form");
    for label in LABELS {
        let value = config["Labels"][format!("org.opencontainers.image.{label}")].as_str().unwrap_or_default();
        ensure!(!value.is_empty(), "has no label org.opencontainers.image.{label}");
        ensure!(label != "revision" || value == revision, "is labelled revision {value}");
    }
    let files = files(image).await?;
    let wrong: Vec<&str> = files.lines().filter(|file| is_out_of_place(file)).take(5).collect();
    ensure!(wrong.is_empty(), "holds {wrong:?}");
    Ok(())
}

fn is_out_of_place(file: &str) -> bool {
    let file = format!("/{file}");
    // What a package brings is no source of ours.
    let by_package = ["/usr/share/", "/usr/lib/", "/site-packages/", "/dist-packages/"];
    let is_source = SOURCES.iter().any(|end| file.ends_with(end)) && !by_package.iter().any(|part| file.contains(part));
    is_source || SECRETS.iter().any(|part| file.contains(part))
}

/// The names of all files of an image.
async fn files(image: &str) -> anyhow::Result<String> {
    let container = docker(&["create", image]).await?;
    let container = Created(container.trim().to_owned());
    run_within(
        Command::new("sh").args(["-c", "docker export \"$1\" | tar --list --file -", "sh", &container.0]),
        Duration::from_mins(3),
    )
    .await
}

/// A container that never runs; dropped, it is gone.
struct Created(String);

impl Drop for Created {
    fn drop(&mut self) {
        quietly(&["rm", "--force", &self.0]);
    }
}

pub(super) async fn one_changes(room: &Room<'_>) -> anyhow::Result<Figures> {
    room.site.build_images().await?;
    let before = ids(room.site).await?;
    let file = room.site.folder().join("crates/worker/src/lib.rs");
    let mut text = std::fs::read_to_string(&file).context("read the worker's lib.rs")?;
    writeln!(text, "\n/// A line more.\npub const CHANGED_BY_A_TEST: &str = \"{}\";", room.site.id())?;
    std::fs::write(&file, text).context("change the worker")?;
    commit(room.site, "crates/worker/src/lib.rs").await?;
    let begin = std::time::Instant::now();
    room.site.build_images().await?;
    let seconds = begin.elapsed().as_secs_f64();
    // Those that did not change were left alone; built nevertheless, they are what they were.
    let mut build = room.site.command("docker");
    build.args(["compose", "--file", "docker-compose.yml", "build"]);
    for (service, revision) in room.site.revisions()? {
        build.env(format!("{}_REVISION", service.to_uppercase()), revision);
    }
    run_within(&mut build, BUILD_WITHIN).await?;
    let after = ids(room.site).await?;
    let changed: Vec<&str> = after
        .iter()
        .filter(|(service, id)| before.get(*service) != Some(*id))
        .map(|(service, _)| service.as_str())
        .collect();
    ensure!(changed == ["worker"], "a commit that touches the worker alone changed the images of {changed:?}");
    Ok(Figures::none().with("built anew in", seconds, "s"))
}

/// Commits a file of the copy.
pub(super) async fn commit(site: &Site, file: &str) -> anyhow::Result<()> {
    let git =
        ["-c", "user.name=stack", "-c", "user.email=stack@example.org", "commit", "--quiet", "--message", "A test's"];
    run(site.command("git").args(git).args(["--", file])).await?;
    Ok(())
}

/// Services, and the revision and id of their images.
async fn ids(site: &Site) -> anyhow::Result<BTreeMap<String, String>> {
    let mut ids = BTreeMap::new();
    for (service, revision) in site.revisions()? {
        let image = format!("{}/{service}:{revision}", site.image_prefix());
        let about = engine::inspect(&image).await?;
        let id = about["Id"].as_str().with_context(|| format!("{image} has no id"))?;
        ids.insert(service, format!("{revision} {id}"));
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_and_secrets_are_told_from_what_packages_bring() {
        for file in ["build/crates/x/src/lib.rs", "app/.env.prod", "src/.git/HEAD", "srv/package.json"] {
            assert!(is_out_of_place(file), "{file}");
        }
        for file in ["usr/lib/python3/dist-packages/x/package.json", "usr/local/bin/e2i-gateway", "etc/environment"] {
            assert!(!is_out_of_place(file), "{file}");
        }
    }
}
