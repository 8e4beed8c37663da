//! Health itself is dead for a while.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use crate::alarms::part::{FRONTEND, MLFLOW};
use crate::alarms::room::{Room, titles};
use crate::alarms::trial::{Row, hurt};
use crate::alarms::wound::{Injury, Wound};
use crate::command::{said, until};
use crate::site::Site;

const HEALTH: &str = "health";
/// Longer than its looks are apart: what it would tell a second time, it has told by then.
const TWICE_WITHIN: Duration = Duration::from_secs(30);
const ANSWERS_WITHIN: Duration = Duration::from_mins(1);

/// It is killed and started again; gives the seconds until it answers.
async fn restart(room: &Room, meanwhile: impl AsyncFnOnce() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let wound = Wound::inflict(&room.project, HEALTH, Injury::Killed).await?;
    let done = meanwhile().await;
    let begin = Instant::now();
    wound.heal().await?;
    done?;
    let at = room.seen("health answers again", begin, ANSWERS_WITHIN, |_| true).await?;
    Ok(at.saturating_duration_since(begin).as_secs_f64())
}

pub(super) async fn restarted(room: &Room) -> anyhow::Result<Row> {
    hurt(room, &[FRONTEND], Injury::Killed, async |room| {
        let count = room.ear.count();
        let seconds = restart(room, async || Ok(())).await?;
        tokio::time::sleep(TWICE_WITHIN).await;
        let told = room.ear.after(count);
        ensure!(told.is_empty(), "after health was started again came {}", titles(&told));
        Ok(vec![format!("health answers {seconds:.1} s after its start, and tells nothing twice")])
    })
    .await
}

pub(super) async fn missed_the_end(room: &Room) -> anyhow::Result<Row> {
    // `docker start` of what runs changes nothing: healing it a second time does no harm.
    hurt(room, &[MLFLOW], Injury::Killed, async |room| {
        let seconds = restart(room, async || {
            let mlflow = room.project.container(MLFLOW.service).await?;
            crate::engine::docker(&["start", &mlflow.id]).await?;
            until("MLflow is back", ANSWERS_WITHIN, async || {
                Ok(room.project.container(MLFLOW.service).await?.is_well().then_some(()))
            })
            .await
        })
        .await?;
        Ok(vec![format!("MLflow came back while health was dead; health answers {seconds:.1} s after its start")])
    })
    .await
}

/// The watcher outside is asked while health lives, while it is dead, and when it is back.
pub(super) async fn watched(room: &Room, site: &Site) -> anyhow::Result<Row> {
    room.well_again().await?;
    let count = room.ear.count();
    let mut row = Row { injured_at_s: room.begin.elapsed().as_secs_f64(), ..Row::default() };
    let (success, said) = watch(room, site).await?;
    ensure!(success, "health lives, and the watcher says: {said}");
    ensure!(!room.ear.beats().is_empty(), "health has never said outside that it lives");
    let wound = Wound::inflict(&room.project, HEALTH, Injury::Killed).await?;
    let begin = wound.at;
    let watched = watch(room, site).await;
    let seconds = begin.elapsed().as_secs_f64();
    wound.heal().await?;
    let (success, said) = watched?;
    ensure!(!success, "health is dead, and the watcher says: {said}");
    room.seen("health answers again", Instant::now(), ANSWERS_WITHIN, |_| true).await?;
    room.well_again().await.context("after health was dead")?;
    row.well_after_s = begin.elapsed().as_secs_f64() - seconds;
    let (success, after) = watch(room, site).await?;
    ensure!(success, "health lives again, and the watcher says: {after}");
    let told = room.ear.after(count);
    ensure!(told.is_empty(), "health was dead, nothing else; and yet came {}", titles(&told));
    let own: Vec<String> = room.ear.watcher().iter().map(|body| body["text"].to_string()).collect();
    let is_due = own.len() == 2 && own[0].contains("event health-silent-") && own[1].contains("event health-answers-");
    ensure!(
        is_due,
        "one message that health is silent was due, and one that it answers again; the watcher sent {own:?}"
    );
    row.notes.push(format!("{seconds:.1} s after health was killed the watcher had told Slack: {}", first(&said)));
    Ok(row)
}

async fn watch(room: &Room, site: &Site) -> anyhow::Result<(bool, String)> {
    let mut command = site.command("scripts/health-check.sh");
    command.args(["--watch", "--url", &room.project.http_url(), "--state"]).arg(site.folder().join(".watched"));
    let said = said(command.env("SLACK_WEBHOOK_URL", room.ear.url("watcher")), Duration::from_mins(2)).await?;
    Ok((said.success, said.all()))
}

fn first(said: &str) -> &str {
    said.lines().next().unwrap_or_default()
}
