//! The timeline: releases, rollbacks, pins, certificates, maintenance, incidents; and how releases went.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Transaction, named_params, params};

use super::error::{Inside, shape};
use super::{Keeper, Result, incidents, stamp, time};
use crate::judge::{Incident, Window};
use crate::part::PartId;
use crate::view::{EventKind, EventView};

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// The same for the same event, however often it is noted: "deployment-12-live".
    pub key: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What kind. Incidents are on the timeline by themselves.
    pub kind: EventKind,
    /// What, in words; tells no address.
    pub words: String,
    /// The part, where one is meant.
    pub part: Option<PartId>,
    /// The deployment, where one is meant.
    pub deployment: Option<i64>,
    /// How long a release took from order to live.
    pub took_s: Option<f64>,
}

/// How releases went.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Deploys {
    /// Those that ended.
    pub ended: u64,
    /// Those of them that went live.
    pub live: u64,
    /// The middle one's seconds from order to live.
    pub median_s: Option<f64>,
}

impl Keeper {
    /// Notes it; noted once, whatever is tried.
    ///
    /// # Errors
    /// The history cannot be written.
    pub fn note(&self, events: &[NewEvent]) -> Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        self.change(|tx| events.iter().try_for_each(|event| insert(tx, event)))
    }

    /// What happened since then, newest first, at most `limit` of it.
    ///
    /// # Errors
    /// The history cannot be read.
    pub fn timeline(&self, since: DateTime<Utc>, limit: usize) -> Result<Vec<EventView>> {
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(|connection| {
            let mut found = noted(connection, since, most)?;
            let sql = "SELECT body FROM incidents WHERE began_at >= ?1 OR ended_at >= ?1 ORDER BY id DESC LIMIT ?2";
            for incident in incidents::many(connection, sql, params![stamp(since), most])? {
                found.extend(of_incident(&incident).into_iter().filter(|event| event.at >= since));
            }
            found.sort_by_key(|event| std::cmp::Reverse(event.at));
            found.truncate(limit);
            Ok(found)
        })
    }

    /// How the releases that ended since then went.
    ///
    /// # Errors
    /// The history cannot be read.
    pub fn deploys(&self, since: DateTime<Utc>) -> Result<Deploys> {
        self.read(|connection| {
            let mut select = connection.prepare(
                "SELECT kind = 'released', took_s FROM events
                  WHERE at >= ?1 AND kind IN ('released', 'release_failed') ORDER BY took_s",
            )?;
            let mut rows = select.query([stamp(since)])?;
            let mut deploys = Deploys::default();
            let mut took = Vec::new();
            while let Some(row) = rows.next()? {
                deploys.ended += 1;
                if row.get(0)? {
                    deploys.live += 1;
                    took.extend(row.get::<_, Option<f64>>(1)?);
                }
            }
            deploys.median_s = took.get(took.len() / 2).copied();
            Ok(deploys)
        })
    }
}

fn noted(connection: &Connection, since: DateTime<Utc>, most: i64) -> Inside<Vec<EventView>> {
    let mut select = connection.prepare(
        "SELECT at, kind, words, part, deployment FROM events WHERE at >= ?1 ORDER BY at DESC, id DESC LIMIT ?2",
    )?;
    let mut rows = select.query(params![stamp(since), most])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let kind: String = row.get(1)?;
        found.push(EventView {
            at: time(row.get(0)?),
            kind: serde_json::from_value(kind.into()).map_err(|cause| shape("an event's kind", &cause))?,
            words: row.get(2)?,
            part: row.get::<_, Option<String>>(3)?.as_deref().and_then(PartId::parse),
            incident: None,
            deployment: row.get(4)?,
        });
    }
    Ok(found)
}

/// Its beginning, and its end where there is one.
fn of_incident(incident: &Incident) -> Vec<EventView> {
    let event = |at, kind, words: String| EventView {
        at,
        kind,
        words,
        part: Some(incident.part.clone()),
        incident: Some(incident.id),
        deployment: incident.deployment,
    };
    let what = crate::alerts::trouble(incident);
    let mut events = vec![event(incident.began_at, EventKind::IncidentBegan, format!("{} {what}", incident.title))];
    events.extend(
        incident
            .ended_at
            .map(|ended_at| event(ended_at, EventKind::IncidentEnded, format!("{} is well again", incident.title))),
    );
    events
}

fn insert(tx: &Transaction<'_>, event: &NewEvent) -> Inside<()> {
    let kind = serde_json::to_value(event.kind).map_err(|cause| shape("an event's kind", &cause))?;
    tx.prepare(
        "INSERT INTO events (key, at, kind, words, part, deployment, took_s)
         VALUES (:key, :at, :kind, :words, :part, :deployment, :took) ON CONFLICT (key) DO NOTHING",
    )?
    .execute(named_params! {
        ":key": event.key,
        ":at": stamp(event.at),
        ":kind": kind.as_str(),
        ":words": event.words,
        ":part": event.part.as_ref().map(PartId::as_str),
        ":deployment": event.deployment,
        ":took": event.took_s,
    })?;
    Ok(())
}

/// Maintenance began or ended. That of a release is not worth a line: the release has one.
pub(super) fn window(tx: &Transaction<'_>, now: DateTime<Utc>, window: &Window, began: bool) -> Inside<()> {
    if window.by.is_none() {
        return Ok(());
    }
    let (kind, what) =
        if began { (EventKind::MaintenanceBegan, "began") } else { (EventKind::MaintenanceEnded, "ended") };
    let event = NewEvent {
        key: format!("window-{}-{what}", window.id),
        at: now,
        kind,
        words: format!("Maintenance {what}: {}", window.reason),
        part: None,
        deployment: None,
        took_s: None,
    };
    insert(tx, &event)
}
