//! The images of the first release, built on this machine as an operator builds them.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use stack::command::{run, run_within};
use stack::site::Site;

use crate::platform::Revisions;

/// Of all images, on two cores, with nothing in the cache.
const BUILD_WITHIN: Duration = Duration::from_mins(40);
/// What is compiled of this workspace.
const COMPILED: [&str; 4] = ["gateway", "worker", "health", "deployer"];

/// Builds those that are missing; gives each service's revision. With `programs`, what is compiled comes from there.
pub(crate) async fn build(site: &Site, prefix: &str, programs: Option<&Path>) -> anyhow::Result<Revisions> {
    let mut script = site.command("scripts/images.sh");
    script.env("IMAGE_PREFIX", prefix);
    if programs.is_some() {
        let all = run(&mut site.command("scripts/revision.sh")).await?;
        let names = all.lines().filter_map(|line| line.split(' ').next()).filter(|name| !COMPILED.contains(name));
        script.args(names);
    }
    run_within(&mut script, BUILD_WITHIN).await?;
    let revisions: Revisions = site.revisions()?.into_iter().collect();
    ensure!(revisions.contains_key("gateway"), ".release.env names no gateway");
    if let Some(programs) = programs {
        for service in COMPILED.iter().filter(|service| revisions.contains_key(**service)) {
            around_program(site, prefix, service, &revisions[*service], programs).await?;
        }
    }
    Ok(revisions)
}

/// The stage that compiles is another folder: BuildKit's named contexts.
async fn around_program(
    site: &Site,
    prefix: &str,
    service: &str,
    revision: &str,
    programs: &Path,
) -> anyhow::Result<()> {
    let stage = site.folder().parent().context("the copy has a folder")?.join("stage");
    let folder = stage.join("programs");
    std::fs::create_dir_all(&folder).context("make a folder for programs")?;
    let name = format!("e2i-{service}");
    let (from, to) = (programs.join(&name), folder.join(&name));
    run(site.command("strip").arg("--output-file").arg(&to).arg(&from))
        .await
        .with_context(|| format!("copy {name}"))?;
    let mut build = site.command("docker");
    build.args(["build", "--quiet", "--file", "docker/services/Dockerfile", "--target", service]);
    build.arg(format!("--build-context=programs={}", stage.display()));
    build.args([
        "--build-arg",
        &format!("REVISION={revision}"),
        "--tag",
        &format!("{prefix}/{service}:{revision}"),
        ".",
    ]);
    run_within(&mut build, BUILD_WITHIN).await.with_context(|| format!("build an image around {name}"))?;
    Ok(())
}
