//! Who is blamed.

use std::time::Duration;

use health::board::State;
use health::judge::{Happening, Memory, News, Rules};
use health::part::Part;
use health::reading::{Observation, Reading};

use crate::stage::{Stage, Truth, id, part, platform};

#[test]
fn postgres_killed_is_one_alert_that_names_postgres() {
    let mut stage = Stage::well(platform());
    stage.set("postgres", Truth::Down);
    stage.run(Duration::from_mins(10));
    assert_eq!(stage.lines(), ["postgres raised"]);
    for child in ["gateway", "worker", "mlflow", "canary"] {
        let standing = stage.standing(child);
        assert_eq!((standing.state, standing.suppressed_by), (State::Fail, Some(id("postgres"))), "{child}");
    }
    assert_eq!(stage.standing("redis").state, State::Pass);
    let mut affected = stage.judge.incidents().next().unwrap().affected.clone();
    affected.sort();
    assert_eq!(affected, ["canary", "gateway", "mlflow", "worker"].map(id));
    stage.set("postgres", Truth::Well);
    stage.run(Duration::from_mins(10));
    assert_eq!(stage.lines(), ["postgres raised", "postgres resolved"]);
    assert_eq!(stage.standing("canary").state, State::Pass);
}

#[test]
fn a_child_that_is_seen_first_waits_for_its_parent_to_be_looked_at() {
    // The children are believed at once and looked at often; Postgres seldom.
    let mut parts = platform();
    for part in &mut parts {
        if part.id.as_str() == "postgres" {
            part.cadence.interval = Duration::from_mins(5);
        } else {
            part.cadence.interval = Duration::from_secs(2);
            part.cadence.down_after = 1;
        }
    }
    for kind in [Truth::Down, Truth::Hangs] {
        let mut stage = Stage::well(parts.clone());
        let killed = stage.elapsed;
        stage.set("postgres", kind);
        let raised = stage.until_told(Duration::from_mins(2));
        assert_eq!((raised.part.as_str(), raised.news), ("postgres", News::Raised));
        // It was looked at because its children failed, not five minutes later.
        assert!(
            raised.after.saturating_sub(killed) <= Duration::from_secs(15),
            "{:?}",
            raised.after.saturating_sub(killed)
        );
        stage.run(Duration::from_mins(5));
        assert_eq!(stage.lines(), ["postgres raised"]);
    }
}

#[test]
fn redis_and_postgres_killed_together_are_two_alerts() {
    let mut stage = Stage::well(platform());
    stage.set("postgres", Truth::Down);
    stage.set("redis", Truth::Hangs);
    stage.run(Duration::from_mins(10));
    let mut lines = stage.lines();
    lines.sort();
    assert_eq!(lines, ["postgres raised", "redis raised"]);
    stage.set("postgres", Truth::Well);
    stage.run(Duration::from_mins(10));
    assert_eq!(stage.standing("worker").suppressed_by, Some(id("redis")));
    assert_eq!(stage.standing("gateway").state, State::Pass);
    stage.set("redis", Truth::Well);
    stage.run(Duration::from_mins(10));
    assert_eq!(stage.lines()[2..], ["postgres resolved", "redis resolved"]);
}

#[test]
fn a_child_that_fails_by_itself_is_told_without_delay() {
    let mut stage = Stage::well(platform());
    let killed = stage.elapsed;
    stage.set("worker", Truth::Down);
    let raised = stage.until_told(Duration::from_mins(1));
    assert_eq!(raised.part, "worker");
    assert!(
        raised.after.saturating_sub(killed) <= Duration::from_millis(13_500),
        "{:?}",
        raised.after.saturating_sub(killed)
    );
    stage.run(Duration::from_mins(5));
    assert_eq!(stage.standing("canary").suppressed_by, Some(id("worker")));
    assert_eq!(stage.lines(), ["worker raised"]);
}

#[test]
fn an_older_alert_still_ends_while_its_parent_is_down() {
    let mut stage = Stage::well(platform());
    stage.contagious = false;
    stage.set("gateway", Truth::Down);
    stage.run(Duration::from_mins(2));
    stage.set("postgres", Truth::Down);
    stage.run(Duration::from_mins(2));
    assert_eq!(stage.standing("gateway").suppressed_by, None, "it has an alert of its own");
    stage.set("gateway", Truth::Well);
    stage.run(Duration::from_mins(2));
    assert_eq!(stage.lines(), ["gateway raised", "postgres raised", "gateway resolved"]);
}

#[test]
fn what_stays_down_after_its_parent_is_well_is_told_then() {
    let mut stage = Stage::well(platform());
    stage.set("postgres", Truth::Down);
    stage.run(Duration::from_mins(2));
    // It broke meanwhile; nobody could see it.
    stage.set("gateway", Truth::Down);
    stage.run(Duration::from_mins(2));
    stage.set("postgres", Truth::Well);
    let back = stage.until_told(Duration::from_mins(1));
    let raised = stage.until_told(Duration::from_mins(2));
    assert_eq!((raised.part.as_str(), raised.news), ("gateway", News::Raised));
    let after = raised.after.saturating_sub(back.after);
    assert!(after >= stage.rules.follow && after <= stage.rules.follow + Duration::from_secs(12), "{after:?}");
    stage.run(Duration::from_mins(2));
    assert_eq!(stage.lines(), ["postgres raised", "postgres resolved", "gateway raised"]);
}

#[test]
fn a_parent_of_which_nothing_is_heard_is_not_waited_for_for_ever() {
    let mut stage = Stage::with(platform(), Rules::default(), warm());
    let fail = |stage: &Stage, name: &str| Observation {
        part: id(name),
        at: stage.wall,
        latency: None,
        reading: Reading::fail("connection refused"),
    };
    // Nobody looks at anything else.
    let mut raised_after = None;
    for second in 0..20 {
        stage.elapsed += Duration::from_secs(1);
        let seen = fail(&stage, "gateway");
        stage.observe(&seen);
        let happenings = stage.judge.tick(stage.now());
        stage.hear(happenings);
        if second == 2 {
            assert_eq!(stage.judge.needs_look_now(), [id("postgres")], "asked for when it is believed");
            assert!(stage.judge.needs_look_now().is_empty(), "named once");
        }
        if raised_after.is_none() && !stage.told.is_empty() {
            raised_after = Some(second);
        }
    }
    // Believed at the third look; then a timeout of 3 s and 2 s more.
    assert_eq!(raised_after, Some(2 + 5));
    assert_eq!(stage.lines(), ["gateway raised"]);
}

#[test]
fn a_look_that_began_before_the_trouble_says_nothing_about_it() {
    let mut stage = Stage::with(platform(), Rules::default(), warm());
    let look = |stage: &mut Stage, name: &str, latency, reading| {
        let at = stage.wall;
        stage.observe(&Observation { part: id(name), at, latency: Some(latency), reading });
    };
    for _ in 0..3 {
        stage.elapsed += Duration::from_secs(1);
        look(&mut stage, "gateway", Duration::from_millis(1), Reading::fail("connection refused"));
    }
    // It answered, but was asked ten seconds ago.
    look(&mut stage, "postgres", Duration::from_secs(10), Reading::pass());
    assert!(stage.told.is_empty());
    assert_eq!(stage.judge.needs_look_now(), [id("postgres")], "it is to be asked again");
    look(&mut stage, "postgres", Duration::from_millis(1), Reading::pass());
    assert_eq!(stage.lines(), ["gateway raised"]);
}

#[test]
fn parts_that_stand_on_each_other_in_a_ring_are_not_waited_for_for_ever() {
    let mut stage = Stage::first(vec![part("a", &["b"]), part("b", &["a"])]);
    stage.contagious = false;
    stage.run(Duration::from_mins(5));
    stage.set("a", Truth::Down);
    stage.run(Duration::from_mins(2));
    assert_eq!(stage.lines(), ["a raised"]);
}

#[test]
fn a_warning_of_a_parent_excuses_nothing() {
    let mut stage = Stage::well(platform());
    stage.set("postgres", Truth::Warns);
    stage.run(Duration::from_mins(1));
    stage.set("gateway", Truth::Down);
    stage.run(Duration::from_mins(1));
    assert_eq!(stage.lines(), ["postgres raised", "gateway raised"]);
}

#[test]
fn a_part_that_worsens_because_of_its_parent_is_not_told_again() {
    let mut stage = Stage::well(platform());
    stage.set("gateway", Truth::Warns);
    stage.run(Duration::from_mins(5));
    stage.set("gateway", Truth::Well);
    stage.set("postgres", Truth::Down);
    stage.run(Duration::from_mins(5));
    assert_eq!(stage.lines(), ["gateway raised", "postgres raised"]);
    stage.set("postgres", Truth::Well);
    stage.run(Duration::from_mins(5));
    let mut ends = stage.lines()[2..].to_vec();
    ends.sort();
    assert_eq!(ends, ["gateway resolved", "postgres resolved"]);
}

#[test]
fn a_parent_that_is_not_watched_is_left_out() {
    let mut stage = Stage::well(vec![part("gateway", &["postgres"])]);
    stage.contagious = false;
    stage.set("gateway", Truth::Down);
    stage.run(Duration::from_mins(1));
    assert_eq!(stage.lines(), ["gateway raised"]);
    assert!(stage.standing("gateway").parents.is_empty());
    let stray = Observation { part: id("postgres"), at: stage.wall, latency: None, reading: Reading::pass() };
    assert!(stage.judge.observe(stage.now(), &stray).is_none());
}

#[test]
fn a_deep_chain_is_blamed_at_its_end() {
    let names: Vec<_> = (0..8).map(|place| format!("p{place}")).collect();
    let chain: Vec<Part> = (0..8)
        .map(|place| {
            let parents: Vec<_> = names.get(place + 1).map(String::as_str).into_iter().collect();
            part(&names[place], &parents)
        })
        .collect();
    let mut stage = Stage::well(chain);
    stage.set("p7", Truth::Down);
    stage.run(Duration::from_mins(3));
    assert_eq!(stage.lines(), ["p7 raised"]);
    for name in &names[..7] {
        assert_eq!(stage.standing(name).suppressed_by, Some(id("p7")));
    }
    let last = stage.happenings.iter().rev().find_map(|happening| match happening {
        Happening::Incident { incident, .. } => Some(incident.affected.len()),
        _ => None,
    });
    assert_eq!(last, Some(7));
}

/// Somebody judged here a moment ago: no cold start.
fn warm() -> Memory {
    Memory { alive_at: chrono::DateTime::from_timestamp(1_800_000_000, 0), ..Memory::default() }
}
