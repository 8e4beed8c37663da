//! `make demo`: the NSW experiment, from the file to a report.

mod report;

use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use domain::agents::causal_impact::CausalImpactResult;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use crate::client::Event;
use crate::console::say;
use crate::main_job::{self, Answer};
use crate::running::{self, Claim, Running};
use crate::stack::{Stack, StackOptions};

/// Uploads `file`, runs `causal_impact`, prints the report: on the platform that runs in this clone, else on one that
/// is started for it and stopped afterwards.
///
/// # Errors
/// When no platform can be started, or a step of the job fails.
pub async fn demo(mut options: StackOptions, file: &Path) -> anyhow::Result<()> {
    if !file.is_file() {
        bail!("there is no file {}; run `make demo` in the clone, or name one by --file", file.display());
    }
    let local = options.local.clone();
    let found = tokio::task::spawn_blocking(move || running::find(&local)).await.context("a thread ended early")??;
    if let Some(running) = found {
        say(&format!("Using the platform at {}", running.public_url));
        let path = run(&running, file).await?;
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
        outcome = run(stack.running(), file) => outcome,
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("interrupted")),
    };
    stack.stop().await?;
    let path = outcome?;
    say(&format!("The demo's platform is stopped, its data kept. The whole result: `make up`, then GET {path}"));
    Ok(())
}

/// Asks, tells, reports; gives the path of the result.
async fn run(running: &Running, file: &Path) -> anyhow::Result<String> {
    let client = main_job::sign_in(running).await?;
    let progress = Progress::new();
    let heard = main_job::ask(&client, "nsw", file, &main_job::nsw_question(), |event| progress.hear(event)).await;
    progress.end();
    let Answer { analysis, result } = heard?;
    let typed: CausalImpactResult = serde_json::from_value(result).context("read the result")?;
    say(&report::of(&typed));
    let id = analysis["id"].as_str().unwrap_or_default();
    Ok(format!("/api/v1/analyses/{id}/result"))
}

/// One line that moves on a terminal; a line a step elsewhere.
struct Progress {
    bar: ProgressBar,
    on_terminal: bool,
}

impl Progress {
    fn new() -> Self {
        let on_terminal = std::io::stderr().is_terminal();
        let bar = if on_terminal { ProgressBar::new(100) } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos:>3} %  {msg}") {
            bar.set_style(style);
        }
        bar.set_message("uploading");
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar, on_terminal }
    }

    fn hear(&self, event: &Event) {
        let Ok(data) = serde_json::from_str::<Value>(&event.data) else { return };
        let state = data["state"].as_str();
        let step = data["step"].as_str().or(state).unwrap_or_default().to_owned();
        if let Some(fraction) = data["fraction"].as_f64() {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 to 100")]
            self.bar.set_position((fraction.clamp(0.0, 1.0) * 100.0).round() as u64);
        }
        if !self.on_terminal && !step.is_empty() && self.bar.message() != step {
            say(&format!("  {step}"));
        }
        self.bar.set_message(step);
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}
