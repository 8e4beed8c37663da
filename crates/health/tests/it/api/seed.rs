//! What was kept before a test asks: written by the keeper itself.

use std::time::Duration;

use chassis::clock::{Clock as _, SystemClock};
use chrono::{DateTime, TimeDelta, Utc};
use health::board::State;
use health::judge::{Happening, Incident, News, Sample};
use health::keep::{Batch, Keeper, NewEvent};
use health::part::Importance;
use health::reading::Verdict;
use health::view::EventKind;
use notify::{Entry, Message, Severity};

use super::house::{SECRET_WORDS, id};

/// An open incident of Postgres, an older one that is over, looks of the last hour, a release, an alert that waits.
pub(super) fn seed(keeper: &Keeper) {
    let now = SystemClock.now();
    let samples = (1..=360).rev().map(|back| Sample {
        part: id("postgres"),
        at: now - TimeDelta::seconds(back * 10),
        latency: Some(Duration::from_millis(7)),
        verdict: if back < 90 { Verdict::Fail } else { Verdict::Pass },
        state: if back < 90 { State::Fail } else { State::Pass },
        covers: Duration::from_secs(10),
    });
    let incident = |number, ended_at| Happening::Incident {
        news: News::Raised,
        incident: Box::new(incident(number, now, ended_at)),
    };
    let message = Message {
        event: "incident-12-raised".to_owned(),
        severity: Severity::Critical,
        title: "Postgres is down".to_owned(),
        text: SECRET_WORDS.to_owned(),
        facts: Vec::new(),
        link: None,
        at: now,
    };
    let batch = Batch {
        samples: samples.collect(),
        happenings: vec![incident(11, Some(now - TimeDelta::minutes(30))), incident(12, None)],
        entries: Entry::messages(&["slack"], "incident-12", &message),
        picture: None,
    };
    keeper.write(now, &batch).unwrap();
    let release = |number, kind| NewEvent {
        key: format!("deployment-{number}-ended"),
        at: now - TimeDelta::minutes(20 + number),
        kind,
        words: format!("#{number}: Let acme.example in"),
        part: None,
        deployment: Some(number),
        took_s: Some(90.0),
    };
    let kinds = [EventKind::Released, EventKind::Released, EventKind::ReleaseFailed, EventKind::Released];
    let releases: Vec<NewEvent> = kinds.into_iter().zip(4..).map(|(kind, number)| release(number, kind)).collect();
    keeper.note(&releases).unwrap();
}

fn incident(number: i64, now: DateTime<Utc>, ended_at: Option<DateTime<Utc>>) -> Incident {
    Incident {
        id: number,
        part: id("postgres"),
        title: "Postgres".to_owned(),
        importance: Importance::Critical,
        state: State::Fail,
        began_at: now - TimeDelta::minutes(40 - number),
        detected_at: now - TimeDelta::minutes(39 - number),
        ended_at,
        detect: Duration::from_secs(12),
        resolve: ended_at.map(|_| Duration::from_mins(5)),
        flaps: false,
        flapped: 0,
        affected: vec![id("gateway")],
        cause: Some("red 40 s after release abc1234: roll back".to_owned()),
        deployment: Some(7),
        words: SECRET_WORDS.to_owned(),
        told: 1,
        reminders: 0,
        told_at: now,
    }
}
