//! What callers are told: the shapes of the HTTP API.
//!
//! One shape serves everybody. What only admins may know (words, figures, latencies, hosts) is null for anybody else.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::part::{Group, PartId, State};
use crate::ports::HappeningKind;

/// The state of everything, now.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = HealthStatus)]
pub struct Status {
    /// Of the whole: fail when a critical part fails, warn when any other is not well.
    pub state: State,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When this was known.
    pub at: DateTime<Utc>,
    /// Every part, in the order of the house.
    pub parts: Vec<PartNow>,
    /// Maintenance windows that are open or announced.
    pub maintenance: Vec<Window>,
    /// Incidents that go on.
    pub incidents: Vec<Incident>,
    /// What is live, if a deployer is there.
    pub live: Option<Live>,
    /// When the last backup was made; null: no backup is configured.
    pub last_backup: Option<DateTime<Utc>>,
    /// When a backup was last proven to restore; null: never, or none is configured.
    pub last_proven_restore: Option<DateTime<Utc>>,
    /// How many days of logs are kept at this moment; null: logs are not shipped.
    pub log_days_kept: Option<f64>,
    /// Alerts: whether a channel is set up, and what waits to be told.
    pub alerts: Option<Alerting>,
}

/// A part, now.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = HealthPart)]
pub struct PartNow {
    /// Its name.
    pub id: PartId,
    /// Its name for people.
    pub title: String,
    /// Where it stands.
    pub group: Group,
    /// Whether the whole fails with it.
    pub critical: bool,
    /// What it cannot be well without.
    pub parents: Vec<PartId>,
    /// How it is.
    pub state: State,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
    /// When it was last asked.
    pub checked_at: Option<DateTime<Utc>>,
    /// How old that answer is.
    pub age_seconds: Option<f64>,
    /// How long the answer took. Admins alone.
    pub latency_ms: Option<f64>,
    /// What was found, in words. Admins alone.
    pub words: Option<String>,
    /// What was measured. Admins alone.
    pub figures: Option<BTreeMap<String, f64>>,
    /// The bad parent that explains it.
    pub suppressed_by: Option<PartId>,
    /// Whether it goes up and down too often to be told of each time.
    pub flapping: bool,
    /// What to do when it is bad. Admins alone.
    pub remedy: Option<String>,
}

/// What is live.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = HealthLive)]
pub struct Live {
    /// The deployment's number.
    pub deployment: i64,
    /// The commit, its first twelve digits. Admins alone.
    pub commit: Option<String>,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Whether a pin holds newer commits back.
    pub pinned: bool,
    /// Releases of the last 90 days that went live and stayed, of all that were tried.
    pub succeeded: u32,
    /// All that were tried.
    pub tried: u32,
}

/// How alerts stand. Admins alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = HealthAlerting)]
pub struct Alerting {
    /// `slack`, `mail`: those that are set up.
    pub channels: Vec<String>,
    /// Messages that wait to be delivered.
    pub waiting: u64,
    /// Why the first of them is still waiting.
    pub last_error: Option<String>,
    /// Whether a dead man's switch is told that health itself lives.
    pub watched_from_outside: bool,
}

/// Shares of time in which a part was not failing, 0 to 1; null where nothing was observed. Time under maintenance does not
/// count, nor does time in which health itself was away.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = HealthUptime)]
pub struct Uptime {
    /// `null`: the whole.
    pub part: Option<PartId>,
    /// The last 24 hours.
    pub day: Option<f64>,
    /// The last 7 days.
    pub week: Option<f64>,
    /// The last 30 days.
    pub month: Option<f64>,
    /// The last 90 days.
    pub quarter: Option<f64>,
}

/// How far back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = HealthRange)]
pub enum Range {
    /// Buckets of 5 minutes.
    #[serde(rename = "24h")]
    Day,
    /// Buckets of an hour.
    #[serde(rename = "7d")]
    Week,
    /// Buckets of a day.
    #[serde(rename = "30d")]
    Month,
    /// Buckets of a day.
    #[serde(rename = "90d")]
    Quarter,
}

/// What was observed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = HealthHistory)]
pub struct History {
    /// How far back.
    pub range: Range,
    /// How long a bucket is.
    pub bucket_seconds: u32,
    /// Each part's buckets, oldest first.
    pub parts: Vec<PartHistory>,
}

/// What was observed of a part.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = HealthPartHistory)]
pub struct PartHistory {
    /// Which; `null`: the whole.
    pub part: Option<PartId>,
    /// Oldest first; those in which nothing was observed are there, too.
    pub buckets: Vec<Bucket>,
}

/// A piece of time.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = HealthBucket)]
pub struct Bucket {
    /// Its beginning.
    pub from: DateTime<Utc>,
    /// The worst state in it; null: nothing was observed.
    pub worst: Option<State>,
    /// Share of its observed time in which it did not fail.
    pub up: Option<f64>,
    /// Seconds of maintenance in it.
    pub maintenance_seconds: f64,
    /// The median latency. Admins alone.
    pub latency_p50_ms: Option<f64>,
    /// The latency that one of a hundred exceeds. Admins alone.
    pub latency_p99_ms: Option<f64>,
}

/// A time in which a part was bad and no parent explained it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = HealthIncident)]
pub struct Incident {
    /// Its number.
    pub id: i64,
    /// The root cause.
    pub part: PartId,
    /// The part's name for people.
    pub title: String,
    /// How bad it became.
    pub worst: State,
    /// The first bad answer.
    pub began_at: DateTime<Utc>,
    /// When it was believed, and told.
    pub detected_at: DateTime<Utc>,
    /// When the part was well again.
    pub resolved_at: Option<DateTime<Utc>>,
    /// From the first bad answer to the telling.
    pub detect_seconds: f64,
    /// From the first bad answer to the first good one of those that were believed.
    pub resolve_seconds: Option<f64>,
    /// Parts that were bad because of it.
    pub suppressed: Vec<PartId>,
    /// The likely cause: `red 40 s after release #12 (a1b2c3d4e5f6): roll back`. Admins alone but for the first half.
    pub cause: Option<String>,
    /// What the check said. Admins alone.
    pub words: Option<String>,
    /// What to do. Admins alone.
    pub remedy: Option<String>,
    /// Whether it went up and down.
    pub flapping: bool,
    /// Whether it fell into a maintenance window, and nobody was told.
    pub in_maintenance: bool,
}

/// A time in which nobody is told of what was announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = MaintenanceWindow)]
pub struct Window {
    /// Its number.
    pub id: i64,
    /// Why: `release #12`, or what a person wrote. Admins alone.
    pub reason: Option<String>,
    /// The parts; empty: all.
    pub parts: Vec<PartId>,
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when; null: until its release ends.
    pub until: Option<DateTime<Utc>>,
    /// Who opened it; null: a release. Admins alone.
    pub by: Option<String>,
}

/// One line of time: releases, certificates, incidents, maintenance.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = TimelineEntry)]
pub struct TimelineEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: TimelineKind,
    /// One line.
    pub title: String,
    /// The parts that it touches.
    pub parts: Vec<PartId>,
    /// The incident, where it is one.
    pub incident: Option<i64>,
    /// The deployment's number, where it is one of a release.
    pub deployment: Option<i64>,
}

/// What a line of the timeline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum TimelineKind {
    /// Of releases and certificates.
    Happening(HappeningKind),
    /// Of health itself.
    Own(OwnKind),
}

/// What health itself has to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HealthEventKind)]
pub enum OwnKind {
    /// An incident began.
    IncidentBegan,
    /// An incident was resolved.
    IncidentResolved,
    /// Maintenance began.
    MaintenanceBegan,
    /// Maintenance ended.
    MaintenanceEnded,
    /// Health was away: nothing was observed from here on.
    WatchStopped,
    /// Health watches again.
    WatchStarted,
}
