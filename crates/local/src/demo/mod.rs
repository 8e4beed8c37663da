//! `make demo`: the NSW experiment, from the file to a report. `make demo-panel`: an invented panel, the same way.

pub mod panel;
mod progress;
mod report;

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use domain::agents::causal_impact::CausalImpactResult;

use self::progress::Progress;
use crate::client::text;
use crate::console::say;
use crate::main_job::{self, Answer};
use crate::running::{self, Claim, Running};
use crate::stack::{Stack, StackOptions};

/// Uploads `file`, runs `causal_impact`, prints the report: on the platform that runs in this clone, else on one that
/// is started for it and stopped afterwards.
///
/// # Errors
/// When no platform can be started, or a step of the job fails.
pub async fn demo(options: StackOptions, file: &Path) -> anyhow::Result<()> {
    if !file.is_file() {
        bail!("there is no file {}; run `make demo` in the clone, or name one by --file", file.display());
    }
    on_a_platform(options, async |running| experiment(running, file).await).await
}

/// Uploads the invented panel, asks what the programme did, prints the report; platform as for [`demo`].
///
/// # Errors
/// When no platform can be started, or a step of the job fails.
pub async fn demo_panel(options: StackOptions) -> anyhow::Result<()> {
    on_a_platform(options, async |running| programme(running).await).await
}

/// Does `work`, which gives the path of a result, on the running platform or on one started for it.
async fn on_a_platform(
    mut options: StackOptions,
    work: impl AsyncFnOnce(&Running) -> anyhow::Result<String>,
) -> anyhow::Result<()> {
    let local = options.local.clone();
    let found = tokio::task::spawn_blocking(move || running::find(&local)).await.context("a thread ended early")??;
    if let Some(running) = found {
        say(&format!("Using the platform at {}", running.public_url));
        let path = work(&running).await?;
        say(&format!("The whole result: GET {}{path}", running.public_url));
        return Ok(());
    }
    let claim = Claim::take(&options.local)?;
    say("Starting a platform for the demo (`make up` keeps one running) ...");
    // The demo's own lines are few; a service that fails to start is quoted in the error.
    options.sink = Arc::new(|_, _| {});
    let stack = tokio::select! {
        stack = Stack::start(claim, options) => stack?,
        _ = tokio::signal::ctrl_c() => bail!("interrupted"),
    };
    let outcome = tokio::select! {
        outcome = work(stack.running()) => outcome,
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("interrupted")),
    };
    stack.stop().await?;
    let path = outcome?;
    say(&format!("The demo's platform is stopped, its data kept. The whole result: `make up`, then GET {path}"));
    Ok(())
}

/// Asks, tells, reports; gives the path of the result.
async fn experiment(running: &Running, file: &Path) -> anyhow::Result<String> {
    let client = main_job::sign_in(running).await?;
    let progress = Progress::new();
    let heard = main_job::ask(&client, "nsw", file, &main_job::nsw_question(), |event| progress.hear(event)).await;
    progress.end();
    let answer = heard?;
    say(&report::of(&typed(&answer)?));
    path(&answer)
}

/// The same of the invented panel.
async fn programme(running: &Running) -> anyhow::Result<String> {
    let client = main_job::sign_in(running).await?;
    let progress = Progress::new();
    let invented = panel::Invented::draw();
    let heard = panel::ask(&client, &invented, |event| progress.hear(event)).await;
    progress.end();
    let answer = heard?;
    say(&panel::report(&invented, &typed(&answer)?));
    path(&answer)
}

fn typed(answer: &Answer) -> anyhow::Result<CausalImpactResult> {
    serde_json::from_value(answer.result.clone()).context("read the result")
}

fn path(answer: &Answer) -> anyhow::Result<String> {
    Ok(format!("/api/v1/analyses/{}/result", text(&answer.analysis, "id")?))
}
