//! The shapes of the HTTP API. What is `None` for whoever did not sign in, or is no admin, says so.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::board::{Picture, Standing, State};
use crate::part::{Importance, PartId};
use crate::reading::Figure;

mod health;
mod orders;

pub use health::{CheckView, HealthView};
pub use orders::{AlertTestView, ChannelOutcome, WindowOrder};

/// The whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StatusOverall)]
pub enum Overall {
    /// Everything that counts is well.
    Pass,
    /// The platform works, and something is not as it should be.
    Warn,
    /// Something without which it does not work is down.
    Fail,
}

impl Overall {
    /// The whole of a picture. What is optional never makes it fail; what is not configured is no matter.
    #[must_use]
    pub fn of(picture: &Picture) -> Self {
        picture.parts.iter().map(Self::due_to).max().unwrap_or(Self::Warn)
    }

    /// What one part makes of the whole.
    fn due_to(part: &Standing) -> Self {
        match (part.state, part.importance) {
            (State::Fail, Importance::Critical) => Self::Fail,
            (State::Fail, Importance::Optional) | (State::Warn, _) | (State::Unknown, Importance::Critical) => {
                Self::Warn
            }
            (State::Pass | State::NotConfigured, _) | (State::Unknown, Importance::Optional) => Self::Pass,
        }
    }
}

/// Shares of time without a failure, from 0 to 1; null where the time was not observed at all.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StatusUptime)]
pub struct Uptime {
    /// Of the last 24 hours.
    pub h24: Option<f64>,
    /// Of the last 7 days.
    pub d7: Option<f64>,
    /// Of the last 30 days.
    pub d30: Option<f64>,
    /// Of the last 90 days.
    pub d90: Option<f64>,
}

/// A part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StatusPart)]
pub struct PartView {
    /// Names it.
    pub id: PartId,
    /// For people.
    pub title: String,
    /// Whether it matters to the whole.
    pub importance: Importance,
    /// What it stands on.
    pub parents: Vec<PartId>,
    /// How it stands.
    pub state: State,
    /// Since when.
    pub since: DateTime<Utc>,
    /// It goes up and down so often that single changes are no news.
    pub flapping: bool,
    /// While it is down: the part that is to blame.
    pub suppressed_by: Option<PartId>,
    /// Why it is not to be worried about now.
    pub excused_by: Option<String>,
    /// How old the last look is, in seconds; null before the first.
    pub age_s: Option<f64>,
    /// How long the part took to answer.
    pub latency_ms: Option<f64>,
    /// Shares of time without a failure.
    pub uptime: Uptime,
    /// Why, in words; for admins.
    pub words: Option<String>,
    /// Numbers worth seeing; for those signed in.
    pub figures: Option<Vec<Figure>>,
}

/// How everything stands now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StatusNow)]
pub struct StatusView {
    /// The whole.
    pub status: Overall,
    /// When this was so.
    pub at: DateTime<Utc>,
    /// How many seconds ago that was, by a clock that does not jump; the whole fails when it is more than 60, since then
    /// nothing is looked at any more.
    pub age_s: f64,
    /// The platform's version.
    pub version: String,
    /// The revision of this service.
    pub revision: String,
    /// Until then a cold start is excused.
    pub settling_until: Option<DateTime<Utc>>,
    /// Each part, in the order in which they are shown.
    pub parts: Vec<PartView>,
    /// What is wrong now, root causes first.
    pub incidents: Vec<IncidentView>,
    /// Announced maintenance, running and to come.
    pub windows: Vec<WindowView>,
    /// Releases; null where there is no deployer, or the caller is not signed in.
    pub deploys: Option<DeploysView>,
    /// How alerts get out; for admins.
    pub alerts: Option<AlertsView>,
    /// Days of logs that are really kept; null where no shipper keeps any, or the caller is no admin.
    pub logs_kept_days: Option<f64>,
}

/// How releases went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StatusDeploys)]
pub struct DeploysView {
    /// Releases of the last 30 days that ended.
    pub ended: u64,
    /// Those of them that went live.
    pub live: u64,
    /// `live / ended`; null before the first.
    pub success_share: Option<f64>,
    /// The middle one's seconds from order to live.
    pub median_s: Option<f64>,
}

/// How alerts get out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StatusAlerts)]
pub struct AlertsView {
    /// "slack", "mail".
    pub channels: Vec<String>,
    /// Alerts that wait to be delivered.
    pub waiting: u64,
    /// Why the oldest of them waits, in words.
    pub waiting_words: Option<String>,
    /// Whether a watcher outside is told that this one lives.
    pub watched_from_outside: bool,
}

/// Something that was, or is, wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StatusIncident)]
pub struct IncidentView {
    /// Its number.
    pub id: i64,
    /// The part that is to blame.
    pub part: PartId,
    /// The part, for people.
    pub title: String,
    /// What is wrong.
    pub state: State,
    /// When the first look failed.
    pub began_at: DateTime<Utc>,
    /// When the threshold was reached and it was raised.
    pub detected_at: DateTime<Utc>,
    /// When it was over; null while it is not.
    pub ended_at: Option<DateTime<Utc>>,
    /// From the last look that was well to raised: the longest that nobody may have known.
    pub detect_s: f64,
    /// From raised to over.
    pub resolve_s: Option<f64>,
    /// It went up and down.
    pub flapping: bool,
    /// Parts that failed because of it.
    pub affected: Vec<PartId>,
    /// What probably caused it and what to do, in words: "red 40 s after release abc1234: roll back"; for those signed in.
    pub cause: Option<String>,
    /// The release that it began after, if one is near; for those signed in.
    pub deployment: Option<i64>,
    /// What was seen, in words; for admins.
    pub words: Option<String>,
}

/// A page of incidents, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StatusIncidentPage)]
pub struct IncidentPage {
    /// The incidents.
    pub items: Vec<IncidentView>,
    /// What to ask with for the next page (`before`); null on the last one.
    pub next: Option<i64>,
}

/// Maintenance: what is in it raises no alert.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StatusWindow)]
pub struct WindowView {
    /// Its number.
    pub id: i64,
    /// The parts in it; empty means all.
    pub parts: Vec<PartId>,
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when.
    pub until: DateTime<Utc>,
    /// What for.
    pub reason: String,
    /// Who announced it; null for releases, which open theirs by themselves. For admins.
    pub by: Option<String>,
}

/// A day of a part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StatusDay)]
pub struct DayView {
    /// In UTC.
    pub date: NaiveDate,
    /// Share of the observed time without a failure; null where nothing was observed.
    pub up_share: Option<f64>,
    /// Seconds of it that were observed.
    pub observed_s: f64,
    /// Seconds down.
    pub down_s: f64,
    /// Seconds with a warning.
    pub warn_s: f64,
    /// Incidents that began.
    pub incidents: u32,
}

/// The days of a part, oldest first, without holes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StatusPartHistory)]
pub struct PartHistory {
    /// Which.
    pub id: PartId,
    /// For people.
    pub title: String,
    /// Its days.
    pub days: Vec<DayView>,
}

/// The days of all parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StatusHistory)]
pub struct HistoryView {
    /// Each part, in the order in which they are shown.
    pub parts: Vec<PartHistory>,
}

/// A stretch of a part's latencies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StatusLatencyPoint)]
pub struct LatencyPoint {
    /// Where it begins.
    pub at: DateTime<Utc>,
    /// The mean in it.
    pub mean_ms: Option<f64>,
    /// The largest in it.
    pub max_ms: Option<f64>,
    /// Looks in it that failed.
    pub failures: u32,
    /// Looks in it.
    pub looks: u32,
}

/// A part's latencies, oldest first; stretches without a look are left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StatusLatency)]
pub struct LatencyView {
    /// Which.
    pub id: PartId,
    /// The length of a stretch, in seconds.
    pub step_s: u32,
    /// The stretches.
    pub points: Vec<LatencyPoint>,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StatusEventKind)]
pub enum EventKind {
    /// A release went live.
    Released,
    /// A release failed and was taken back, or never began to serve.
    ReleaseFailed,
    /// A person went back.
    RolledBack,
    /// A rollback holds newer commits back.
    Pinned,
    /// It no longer does.
    Unpinned,
    /// A certificate was renewed.
    CertificateRenewed,
    /// Something went wrong.
    IncidentBegan,
    /// It is over.
    IncidentEnded,
    /// Maintenance began.
    MaintenanceBegan,
    /// It is over.
    MaintenanceEnded,
}

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StatusEvent)]
pub struct EventView {
    /// When.
    pub at: DateTime<Utc>,
    /// What kind.
    pub kind: EventKind,
    /// What, in words; tells no address. Whoever did not sign in reads what kind it is and no more.
    pub words: String,
    /// The part, where one is meant.
    pub part: Option<PartId>,
    /// The incident, where one is meant.
    pub incident: Option<i64>,
    /// The deployment, where one is meant; for those signed in.
    pub deployment: Option<i64>,
}

/// The timeline, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StatusTimeline)]
pub struct TimelineView {
    /// What happened.
    pub items: Vec<EventView>,
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn picture(parts: &[(State, Importance)]) -> Picture {
        let parts = parts.iter().enumerate().map(|(number, (state, importance))| Standing {
            part: PartId::parse(&format!("part-{number}")).unwrap(),
            title: "A part".into(),
            importance: *importance,
            parents: Vec::new(),
            interval_s: 10.0,
            state: *state,
            since: DateTime::UNIX_EPOCH,
            flapping: false,
            suppressed_by: None,
            excused_by: None,
            last: None,
        });
        Picture { at: DateTime::UNIX_EPOCH, parts: parts.collect(), settling_until: None }
    }

    #[test]
    fn what_is_optional_never_makes_the_whole_fail() {
        use Importance::{Critical, Optional};
        for (parts, overall) in [
            (&[(State::Pass, Critical), (State::Pass, Optional)][..], Overall::Pass),
            (&[(State::Pass, Critical), (State::Fail, Optional)], Overall::Warn),
            (&[(State::Fail, Critical), (State::Pass, Optional)], Overall::Fail),
            (&[(State::Warn, Critical)], Overall::Warn),
            (&[(State::Pass, Critical), (State::NotConfigured, Optional)], Overall::Pass),
            (&[(State::Pass, Critical), (State::NotConfigured, Critical)], Overall::Pass),
            (&[(State::Unknown, Critical), (State::Pass, Critical)], Overall::Warn),
            (&[(State::Unknown, Optional), (State::Pass, Critical)], Overall::Pass),
            (&[], Overall::Warn),
        ] {
            assert_eq!(Overall::of(&picture(parts)), overall, "{parts:?}");
        }
    }
}
