//! A line is changed in the clone, and seen from outside.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use local::client::Client;
use reqwest::Method;

use crate::case::{Figures, Room};
use crate::command::until;
use crate::project::Project;

const SEEN_WITHIN: Duration = Duration::from_mins(3);

/// A text in a file that stands for another for a while.
#[derive(Debug)]
pub struct Edit {
    file: PathBuf,
    before: String,
}

impl Edit {
    /// Writes `to` where the file says `from`.
    ///
    /// # Errors
    /// When it does not say so exactly once.
    pub fn make(folder: &Path, file: &str, from: &str, to: &str) -> anyhow::Result<Self> {
        let file = folder.join(file);
        let before = std::fs::read_to_string(&file).with_context(|| format!("read {}", file.display()))?;
        ensure!(before.matches(from).count() == 1, "{} does not say `{from}` exactly once", file.display());
        std::fs::write(&file, before.replace(from, to)).context("change it")?;
        Ok(Self { file, before })
    }

    /// Puts it back.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn undo(self) -> anyhow::Result<()> {
        std::fs::write(&self.file, &self.before).with_context(|| format!("put {} back", self.file.display()))
    }
}

/// Seconds until an address says `text`, whatever else it says before.
async fn says(url: &str, path: &str, text: &str) -> anyhow::Result<f64> {
    let client = Client::new(url)?;
    let begin = Instant::now();
    until(&format!("{url}{path} says `{text}`"), SEEN_WITHIN, async || {
        let request = client.request(Method::GET, path).header("accept", "*/*");
        let body = request.send().await?.text().await?;
        Ok(body.contains(text).then_some(()))
    })
    .await?;
    Ok(begin.elapsed().as_secs_f64())
}

/// Seconds from a changed line of the web app to its new text being served.
///
/// # Errors
/// When it is not seen in time.
pub async fn react_seconds(project: &Project) -> anyhow::Result<f64> {
    let url = format!("http://127.0.0.1:{}", project.variable("WEB_PORT").context("no port")?);
    let path = "/src/pages/sign-in/SignInPage.tsx";
    says(&url, path, "Your session is over").await.context("before the change")?;
    let edit = Edit::make(
        project.folder(),
        &format!("frontend{path}"),
        "Your session is over",
        "Your session has ended by a test",
    )?;
    let seconds = says(&url, path, "Your session has ended by a test").await;
    edit.undo()?;
    seconds
}

/// Seconds from a changed line of the gateway to its new text in an answer.
///
/// # Errors
/// When it is not seen in time.
pub async fn rust_seconds(project: &Project) -> anyhow::Result<f64> {
    let url = format!("http://127.0.0.1:{}", project.variable("API_PORT").context("no port")?);
    let (path, file) = ("/openapi.json", "crates/gateway/src/routes/config_json.rs");
    let line = std::fs::read_to_string(project.folder().join(file)).context("read a route of the gateway")?;
    let doc =
        line.lines().find(|line| line.starts_with("/// ")).context("the route says nothing of itself")?.to_owned();
    let told = format!("Changed by a test {}.", std::process::id());
    let edit = Edit::make(project.folder(), file, &format!("{doc}\n"), &format!("/// {told}\n"))?;
    let seconds = says(&url, path, &told).await;
    edit.undo()?;
    seconds
}

pub(super) async fn react(room: &Room<'_>) -> anyhow::Result<Figures> {
    Ok(Figures::none().with("seen after", react_seconds(room.project()?).await?, "s"))
}

pub(super) async fn rust(room: &Room<'_>) -> anyhow::Result<Figures> {
    Ok(Figures::none().with("seen after", rust_seconds(room.project()?).await?, "s"))
}
