//! Incidents, maintenance and the timeline.

use chrono::TimeDelta;
use health::judge::{Happening, News};
use health::keep::{Batch, NewEvent, NewWindow};
use health::view::EventKind;

use super::{incident, keeper, noon, sample};
use crate::stage::id;

fn told(news: News, incident: health::judge::Incident) -> Happening {
    Happening::Incident { news, incident: Box::new(incident) }
}

#[test]
fn incidents_come_in_pages_newest_first_as_they_are_now() {
    let (_folder, keeper) = keeper();
    let mut happenings = Vec::new();
    for number in 1..=7 {
        let began_at = noon() - TimeDelta::hours(10 - number);
        happenings.push(told(News::Raised, incident(number, began_at, None)));
        if number != 6 {
            happenings.push(told(News::Resolved, incident(number, began_at, Some(TimeDelta::minutes(3)))));
        }
    }
    keeper.write(noon(), &Batch { happenings, ..Batch::default() }).unwrap();
    let numbers = |before, limit| -> Vec<i64> {
        keeper.incidents(before, limit).unwrap().iter().map(|incident| incident.id).collect()
    };
    assert_eq!(numbers(None, 3), [7, 6, 5]);
    assert_eq!(numbers(Some(5), 3), [4, 3, 2]);
    assert_eq!(numbers(Some(2), 3), [1]);
    assert_eq!(keeper.open_incidents().unwrap(), [incident(6, noon() - TimeDelta::hours(4), None)]);
    assert!(keeper.incident(7).unwrap().unwrap().ended_at.is_some());
    assert!(keeper.incident(8).unwrap().is_none());
}

#[test]
fn incidents_are_counted_on_the_day_on_which_they_began() {
    let (_folder, keeper) = keeper();
    let began = [noon(), noon() - TimeDelta::hours(1), noon() - TimeDelta::hours(13)];
    let happenings = (1..).zip(began).map(|(number, at)| told(News::Raised, incident(number, at, None))).collect();
    let samples = vec![sample("redis", noon(), health::board::State::Pass, 10)];
    keeper.write(noon(), &Batch { samples, happenings, ..Batch::default() }).unwrap();
    let days = keeper.days(noon(), 3).unwrap();
    let counts: Vec<_> = days[&id("redis")].iter().map(|day| day.incidents).collect();
    assert_eq!(counts, [0, 1, 2]);
}

#[test]
fn the_timeline_joins_what_was_noted_with_incidents_and_maintenance() {
    let (_folder, keeper) = keeper();
    let release = NewEvent {
        key: "deployment-12-live".into(),
        at: noon() - TimeDelta::minutes(10),
        kind: EventKind::Released,
        words: "abc1234 is live".into(),
        part: None,
        deployment: Some(12),
        took_s: Some(95.0),
    };
    for _ in 0..3 {
        keeper.note(std::slice::from_ref(&release)).unwrap();
    }
    let ended = incident(1, noon() - TimeDelta::minutes(9), Some(TimeDelta::minutes(4)));
    let window = keeper
        .announce(&NewWindow {
            parts: vec![id("redis")],
            from: noon() - TimeDelta::minutes(1),
            until: noon() + TimeDelta::hours(1),
            reason: "new disks".into(),
            by: Some("ada".into()),
            deployment: None,
        })
        .unwrap();
    let of_a_release = health::judge::Window { by: None, id: 99, ..window.clone() };
    let happenings = vec![
        told(News::Resolved, ended),
        Happening::WindowBegan(window.clone()),
        Happening::WindowBegan(window),
        Happening::WindowBegan(of_a_release),
    ];
    keeper.write(noon(), &Batch { happenings, ..Batch::default() }).unwrap();
    let timeline = keeper.timeline(noon() - TimeDelta::days(1), 100).unwrap();
    let lines: Vec<_> = timeline.iter().map(|event| (event.kind, event.words.as_str())).collect();
    assert_eq!(
        lines,
        [
            (EventKind::MaintenanceBegan, "Maintenance began: new disks"),
            (EventKind::IncidentEnded, "Redis is well again"),
            (EventKind::IncidentBegan, "Redis is down"),
            (EventKind::Released, "abc1234 is live"),
        ]
    );
    assert_eq!(timeline[3].deployment, Some(12));
    assert_eq!(keeper.timeline(noon() - TimeDelta::minutes(6), 100).unwrap().len(), 2, "what ended since, too");
    assert_eq!(keeper.timeline(noon() - TimeDelta::days(1), 1).unwrap().len(), 1);
}

#[test]
fn how_releases_went_is_counted_from_the_timeline() {
    let (_folder, keeper) = keeper();
    assert_eq!(keeper.deploys(noon()).unwrap(), health::keep::Deploys::default());
    let event = |number: i64, kind, took_s| NewEvent {
        key: format!("deployment-{number}"),
        at: noon(),
        kind,
        words: String::new(),
        part: None,
        deployment: Some(number),
        took_s,
    };
    let events = [
        event(1, EventKind::Released, Some(90.0)),
        event(2, EventKind::Released, Some(300.0)),
        event(3, EventKind::ReleaseFailed, None),
        event(4, EventKind::RolledBack, Some(5.0)),
        event(5, EventKind::Released, Some(100.0)),
    ];
    keeper.note(&events).unwrap();
    let deploys = keeper.deploys(noon() - TimeDelta::days(30)).unwrap();
    assert_eq!((deploys.ended, deploys.live, deploys.median_s), (4, 3, Some(100.0)));
    assert_eq!(keeper.deploys(noon() + TimeDelta::seconds(1)).unwrap().ended, 0);
}

#[test]
fn maintenance_runs_until_it_is_over_or_closed() {
    let (_folder, keeper) = keeper();
    let new = NewWindow {
        parts: Vec::new(),
        from: noon(),
        until: noon() + TimeDelta::hours(1),
        reason: "new disks".into(),
        by: None,
        deployment: Some(3),
    };
    let (one, two) = (keeper.announce(&new).unwrap(), keeper.announce(&new).unwrap());
    assert_eq!(keeper.windows(noon()).unwrap(), [one.clone(), two.clone()]);
    assert!(keeper.close(one.id, noon()).unwrap());
    assert!(!keeper.close(one.id, noon()).unwrap(), "only once");
    assert!(!keeper.close(77, noon()).unwrap());
    assert_eq!(keeper.windows(noon()).unwrap(), [two]);
    assert!(keeper.windows(noon() + TimeDelta::hours(2)).unwrap().is_empty());
    assert_eq!(keeper.window(one.id).unwrap(), Some(one));
}

#[test]
fn the_last_beat_is_known() {
    let (_folder, keeper) = keeper();
    assert_eq!(keeper.last_beat(&id("cron")).unwrap(), None);
    keeper.beat(&id("cron"), noon() - TimeDelta::hours(1)).unwrap();
    keeper.beat(&id("cron"), noon()).unwrap();
    assert_eq!(keeper.last_beat(&id("cron")).unwrap(), Some(noon()));
}
