//! The built web app on its way to nginx.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

/// The folder of the build: `frontend/dist` of the clone.
pub const VARIABLE: &str = "E2I_WEB_ROOT";

const PUBLISH: &str = include_str!("../../../scripts/publish-web-app.sh");
const NONE: &str = include_str!("../../../nginx/no-web-app.html");

/// The build that the environment names, if it is one.
///
/// # Errors
/// When it names a folder without a page.
pub fn build(environment: &[(String, String)]) -> anyhow::Result<Option<PathBuf>> {
    let named = environment.iter().find(|(name, value)| name == VARIABLE && !value.trim().is_empty());
    let Some((_, named)) = named else { return Ok(None) };
    let build = PathBuf::from(named.trim());
    if !build.join("index.html").is_file() {
        bail!("{VARIABLE} is {}, where there is no index.html; type: scripts/web-app.sh", build.display());
    }
    Ok(Some(build))
}

/// Puts `build` where the nginx in `nginx_folder` serves it; without one, a page that says so.
///
/// # Errors
/// When a file cannot be written.
pub fn publish(build: Option<&Path>, nginx_folder: &Path) -> anyhow::Result<()> {
    let web = nginx_folder.join("web");
    DirBuilder::new().recursive(true).mode(0o755).create(&web).with_context(|| format!("make {}", web.display()))?;
    let Some(build) = build else {
        let page = web.join("index.html");
        let _none_before = fs::remove_file(web.join("index.html.gz"));
        return fs::write(&page, NONE).with_context(|| format!("write {}", page.display()));
    };
    let published = Command::new("bash").args(["-c", PUBLISH, "publish-web-app.sh"]).args([build, &web]).output();
    let published = published.context("run bash")?;
    if !published.status.success() {
        let said = String::from_utf8_lossy(&published.stderr);
        bail!("the web app in {} could not be put into {}: {said}", build.display(), web.display());
    }
    Ok(())
}
