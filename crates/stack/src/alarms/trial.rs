//! Parts are hurt, what health makes of it is awaited, they are healed, and the messages are counted.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use super::ear::News;
use super::part::Part;
use super::room::Room;
use super::wound::{Injury, Wound};

/// Far more than is aimed at: a late alert is a figure, none is a failure.
const DETECTED_WITHIN: Duration = Duration::from_secs(90);
/// The message leaves by the outbox.
const TOLD_WITHIN: Duration = Duration::from_secs(30);
/// After the alert: what stands on the part fails too, and must not be told.
const CHILDREN_WITHIN: Duration = Duration::from_secs(12);

/// How soon a part was found to be down.
#[derive(Clone, Debug, PartialEq)]
pub struct Detected {
    /// Which.
    pub part: &'static str,
    /// From the injury until health's answer says so.
    pub seen_s: f64,
    /// From the injury until the alert was there.
    pub told_s: f64,
}

/// What a case found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Seconds of the run.
    pub injured_at_s: f64,
    /// Each part that was hurt.
    pub detected: Vec<Detected>,
    /// Alerts that came.
    pub raised: usize,
    /// Resolves that came.
    pub resolved: usize,
    /// From healed until everything was well.
    pub well_after_s: f64,
    /// Parts that failed because of it, and of which nothing was told.
    pub suppressed: BTreeSet<String>,
    /// What else is worth knowing.
    pub notes: Vec<String>,
}

/// Hurts the parts, waits for an alert of each, does something `meanwhile` (its notes are kept), heals them, and holds what was
/// told against one alert and one resolve for each.
///
/// # Errors
/// When anything else was told, or anything was not in time; the parts are healed all the same.
pub async fn hurt(
    room: &Room,
    parts: &[Part],
    injury: Injury,
    meanwhile: impl AsyncFnOnce(&Room) -> anyhow::Result<Vec<String>>,
) -> anyhow::Result<Row> {
    room.may_hurt(parts).await;
    room.well_again().await.context("before anything was hurt")?;
    let count = room.ear.count();
    let mut row = Row { injured_at_s: room.begin.elapsed().as_secs_f64(), ..Row::default() };
    let begin = Instant::now();
    let inflicted = parts.iter().map(|part| Wound::inflict(&room.project, part.service, injury));
    let (wounds, failures): (Vec<_>, Vec<_>) =
        futures::future::join_all(inflicted).await.into_iter().partition(Result::is_ok);
    let wounds: Vec<Wound> = wounds.into_iter().flatten().collect();
    let suffered = match failures.into_iter().find_map(Result::err) {
        Some(error) => Err(error),
        None => suffer(room, parts, &wounds, count, &mut row, meanwhile).await,
    };
    let healed = Instant::now();
    for wound in wounds {
        wound.heal().await?;
    }
    suffered?;
    room.well_again().await.with_context(|| format!("after {} was {injury}", names(parts)))?;
    row.well_after_s = healed.elapsed().as_secs_f64();
    // What failed for a moment before its parent did has been given to the parent by now.
    for picture in room.sight.since(begin) {
        let failed = picture.down().filter(|(id, _)| parts.iter().all(|part| part.id != *id));
        row.suppressed.extend(failed.map(|(id, _)| id.to_owned()));
    }
    let account = room.account(count).await?;
    (row.raised, row.resolved) = (account.raised.len(), account.resolved.len());
    account.is_exactly(&parts.iter().map(|part| part.id).collect::<Vec<_>>())?;
    Ok(row)
}

async fn suffer(
    room: &Room,
    parts: &[Part],
    wounds: &[Wound],
    count: usize,
    row: &mut Row,
    meanwhile: impl AsyncFnOnce(&Room) -> anyhow::Result<Vec<String>>,
) -> anyhow::Result<()> {
    for (Part { id, .. }, wound) in parts.iter().zip(wounds) {
        let seen = room
            .seen(&format!("health says that {id} is down"), wound.at, DETECTED_WITHIN, |picture| picture.is_down(id))
            .await?;
        let is_of_part = |number: i64| {
            let is_it = |incident: &super::sight::Incident| incident.id == number && incident.part == *id;
            room.sight.now().is_some_and(|picture| picture.incidents.iter().any(is_it))
        };
        let told = room
            .heard(&format!("an alert names {id}"), count, TOLD_WITHIN, |heard| match heard.news {
                News::Raised(number) => is_of_part(number),
                _ => false,
            })
            .await?;
        let seconds = |at: Instant| at.saturating_duration_since(wound.at).as_secs_f64();
        row.detected.push(Detected { part: id, seen_s: seconds(seen), told_s: seconds(told) });
    }
    row.notes = meanwhile(room).await?;
    tokio::time::sleep(CHILDREN_WITHIN).await;
    let picture = room.sight.now().context("health does not answer while a part is hurt")?;
    for (id, standing) in picture.down() {
        if parts.iter().any(|part| part.id == id) {
            continue;
        }
        let blamed = standing.suppressed_by.as_deref();
        let is_right = blamed.is_some_and(|blamed| parts.iter().any(|part| part.id == blamed));
        ensure!(is_right, "{id} is down, and to blame is {blamed:?} instead of {}", names(parts));
    }
    Ok(())
}

/// Nothing more.
///
/// # Errors
/// Never.
pub async fn nothing(_: &Room) -> anyhow::Result<Vec<String>> {
    Ok(Vec::new())
}

fn names(parts: &[Part]) -> String {
    parts.iter().map(|part| part.id).collect::<Vec<_>>().join(" and ")
}
