//! A copy of the clone in a scratch folder, with names of its own for whatever is made of it.
//!
//! The copy is a clone of the clone, history included (revisions are told by git), with what is changed or new there laid
//! over it; nothing that git ignores comes along, as on a fresh clone.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, ensure};
use tempfile::TempDir;
use tokio::process::Command;

use crate::command::{run, run_within};

/// Before every name of a run.
pub const PREFIX: &str = "e2i-test-";
/// All images, on two cores, with nothing in the cache.
const BUILD_WITHIN: Duration = Duration::from_mins(40);

/// Where a run works.
#[derive(Debug)]
pub struct Site {
    /// `None` when it is to be kept.
    scratch: Option<TempDir>,
    folder: PathBuf,
    clone: PathBuf,
    id: String,
    /// Variables of the compose files: whoever runs this may have them set for something else.
    variables: Vec<String>,
}

impl Site {
    /// Copies the clone at `clone`.
    ///
    /// # Errors
    /// When it is no clone, or cannot be copied.
    pub async fn copy(clone: &Path, keep: bool) -> anyhow::Result<Self> {
        let clone = clone.canonicalize().with_context(|| format!("find {}", clone.display()))?;
        let mut bytes = [0_u8; 3];
        (servers::operating_system_random())(&mut bytes)?;
        let id = bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        let scratch = tempfile::Builder::new().prefix(&format!("{PREFIX}{id}-")).tempdir().context("make a folder")?;
        // Containers mount it and run as somebody else.
        std::fs::set_permissions(scratch.path(), Permissions::from_mode(0o755)).context("open the folder")?;
        let folder = scratch.path().join("clone");
        let examples = std::fs::read_to_string(clone.join(".env.example")).context("read .env.example")?;
        let variables = variables_of(&examples);
        let site = Self { folder, clone, id, variables, scratch: Some(scratch) };
        site.lay_out().await.context("copy the clone")?;
        Ok(if keep { site.kept() } else { site })
    }

    fn kept(mut self) -> Self {
        if let Some(scratch) = self.scratch.take() {
            let _ = scratch.keep();
        }
        self
    }

    async fn lay_out(&self) -> anyhow::Result<()> {
        let (from, to) = (self.clone.as_os_str(), self.folder.as_os_str());
        let git = |arguments: &[&str]| {
            let mut command = Command::new("git");
            command.arg("-C").arg(from).args(arguments);
            command
        };
        run(Command::new("git").args(["clone", "--quiet"]).arg(from).arg(to)).await?;
        let changed = run(&mut git(&["diff", "--name-only", "HEAD"])).await?;
        let new = run(&mut git(&["ls-files", "--others", "--exclude-standard"])).await?;
        for name in changed.lines().chain(new.lines()) {
            let (source, target) = (self.clone.join(name), self.folder.join(name));
            if source.is_file() {
                let parent = target.parent().context("a file has a folder")?;
                std::fs::create_dir_all(parent).with_context(|| format!("make {}", parent.display()))?;
                std::fs::copy(&source, &target).with_context(|| format!("copy {name}"))?;
            } else if target.is_file() {
                std::fs::remove_file(&target).with_context(|| format!("remove {name}"))?;
            }
        }
        Ok(())
    }

    /// The copy.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The clone that it is a copy of.
    #[must_use]
    pub fn clone_folder(&self) -> &Path {
        &self.clone
    }

    /// A name for something of this run.
    #[must_use]
    pub fn name(&self, of: &str) -> String {
        format!("{PREFIX}{}-{of}", self.id)
    }

    /// A few characters that only this run has.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What stands before the name of each image.
    #[must_use]
    pub fn image_prefix(&self) -> String {
        format!("{PREFIX}{}", self.id)
    }

    /// Variables of the compose files.
    #[must_use]
    pub fn variables(&self) -> &[String] {
        &self.variables
    }

    /// A program in the copy, without this process's own values for the platform's variables.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        for name in &self.variables {
            command.env_remove(name);
        }
        command.current_dir(&self.folder).env("IMAGE_PREFIX", self.image_prefix());
        command
    }

    /// Builds the images of all services, named by revision; writes `.release.env` into the copy.
    ///
    /// # Errors
    /// When the build fails.
    pub async fn build_images(&self) -> anyhow::Result<()> {
        run_within(&mut self.command("scripts/images.sh"), BUILD_WITHIN).await.context("build the images")?;
        Ok(())
    }

    /// Services and the revisions of their images, from `.release.env`.
    ///
    /// # Errors
    /// When the images have not been built.
    pub fn revisions(&self) -> anyhow::Result<Vec<(String, String)>> {
        let text = std::fs::read_to_string(self.folder.join(".release.env")).context("read .release.env")?;
        let found: Vec<_> = text
            .lines()
            .filter_map(|line| line.split_once("_REVISION="))
            .map(|(service, revision)| (service.to_lowercase(), revision.to_owned()))
            .collect();
        ensure!(!found.is_empty(), ".release.env names no revision");
        Ok(found)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if self.scratch.is_some() {
            remove_images(&self.image_prefix());
        }
    }
}

/// Takes the names away from all images of a run; a layer that another image uses stays.
fn remove_images(prefix: &str) {
    let list = ["image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "--filter"];
    let names = quietly(&[&list[..], &[&format!("reference={prefix}/*")]].concat());
    let names: Vec<&str> = names.lines().collect();
    if !names.is_empty() {
        quietly(&[&["image", "rm", "--force"][..], &names].concat());
    }
}

/// `docker` while everything is being taken down: out of reach of the terminal's Ctrl-C, failures left alone.
pub(crate) fn quietly(arguments: &[&str]) -> String {
    let output = std::process::Command::new("docker")
        .args(arguments)
        .stdin(Stdio::null())
        .process_group(0)
        .output()
        .map(|output| output.stdout)
        .unwrap_or_default();
    String::from_utf8_lossy(&output).into_owned()
}

/// The names that `.env.example` explains.
#[must_use]
pub fn variables_of(example: &str) -> Vec<String> {
    let is_name =
        |name: &&str| name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let names = example.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name).filter(is_name);
    names.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_from_the_example() {
        let text = "# Set A=1 or not.\nAPP_ENV=development\nDO_SPACES_KEY=\n";
        assert_eq!(variables_of(text), ["APP_ENV", "DO_SPACES_KEY"]);
    }
}
