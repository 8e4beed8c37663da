//! What is written together is true together, and known again.

use std::time::Duration;

use health::alerts::Herald;
use health::judge::News;
use health::keep::{Batch, Keeper};
use notify::Storage as _;

use super::{keeper, noon};
use crate::stage::{Stage, Truth, platform};

/// All that the stage saw since, with the messages.
fn batch(stage: &mut Stage) -> Batch {
    let happenings = std::mem::take(&mut stage.happenings);
    let herald = Herald::new(vec!["slack", "mail"], Some(&"https://e2i.example.org/".parse().unwrap()));
    Batch {
        samples: std::mem::take(&mut stage.samples),
        entries: herald.entries(&happenings, stage.wall),
        happenings,
        picture: Some(stage.judge.picture(stage.now())),
    }
}

async fn waiting(keeper: &Keeper, channel: &str) -> Vec<String> {
    let heads = keeper.outbox().unwrap().heads(channel, 100).await.unwrap();
    heads.into_iter().map(|line| line.event).collect()
}

#[tokio::test]
async fn an_incident_survives_a_restart_and_is_told_once() {
    let (folder, keeper) = keeper();
    let mut stage = Stage::well(platform());
    stage.set("postgres", Truth::Down);
    stage.run(Duration::from_mins(3));
    keeper.write(stage.wall, &batch(&mut stage)).unwrap();
    let known = keeper.memory().unwrap();
    drop(keeper);
    // Another process.
    let keeper = Keeper::open(folder.path(), noon()).unwrap();
    let memory = keeper.memory().unwrap();
    assert_eq!(memory, known);
    assert_eq!(memory.incidents, stage.judge.incidents().cloned().collect::<Vec<_>>());
    assert_eq!(keeper.picture().unwrap().unwrap(), stage.judge.picture(stage.now()));
    stage.restart(Duration::from_secs(4), memory);
    stage.run(Duration::from_mins(2));
    stage.set("postgres", Truth::Well);
    stage.run(Duration::from_mins(2));
    keeper.write(stage.wall, &batch(&mut stage)).unwrap();
    assert_eq!(stage.told.iter().map(|told| told.news).collect::<Vec<_>>(), [News::Raised, News::Resolved]);
    let outbox = keeper.outbox().unwrap();
    for channel in ["slack", "mail"] {
        for event in ["incident-1-raised", "incident-1-resolved"] {
            // In this order: one thread.
            let heads = outbox.heads(channel, 100).await.unwrap();
            assert_eq!(heads.iter().map(|line| line.event.as_str()).collect::<Vec<_>>(), [event]);
            outbox.delivered(heads[0].id, stage.wall).await.unwrap();
        }
        assert!(waiting(&keeper, channel).await.is_empty());
    }
    assert!(keeper.memory().unwrap().incidents.is_empty());
    assert_eq!(keeper.memory().unwrap().last_incident, 1);
}

#[tokio::test]
async fn written_twice_is_told_once() {
    let (_folder, keeper) = keeper();
    let mut stage = Stage::well(platform());
    stage.set("redis", Truth::Down);
    stage.run(Duration::from_mins(3));
    let batch = batch(&mut stage);
    keeper.write(stage.wall, &batch).unwrap();
    keeper.write(stage.wall, &batch).unwrap();
    assert_eq!(waiting(&keeper, "slack").await, ["incident-1-raised"]);
}

#[tokio::test]
async fn what_cannot_be_written_is_written_later_as_a_whole() {
    let (_folder, keeper) = keeper();
    let mut stage = Stage::well(platform());
    keeper.write(stage.wall, &batch(&mut stage)).unwrap();
    keeper.bound_pages(Some(1)).unwrap();
    stage.set("redis", Truth::Down);
    let mut kept = Batch::default();
    let mut refused = 0;
    // The file has some room of its own: filled until it has none.
    for _ in 0..500 {
        stage.run(Duration::from_mins(5));
        kept.append(batch(&mut stage));
        if keeper.write(stage.wall, &kept).is_ok() {
            kept = Batch::default();
        } else {
            refused += 1;
            if refused == 5 {
                break;
            }
        }
    }
    assert_eq!(refused, 5);
    assert!(waiting(&keeper, "slack").await.len() <= 1);
    stage.set("redis", Truth::Well);
    stage.run(Duration::from_mins(5));
    kept.append(batch(&mut stage));
    keeper.bound_pages(None).unwrap();
    keeper.write(stage.wall, &kept).unwrap();
    assert!(keeper.memory().unwrap().incidents.is_empty());
    let incident = keeper.incident(1).unwrap().unwrap();
    assert_eq!(incident.ended_at, stage.told.last().unwrap().incident.ended_at);
}

#[test]
fn a_batch_that_waits_forgets_looks_and_never_what_happened() {
    let mut stage = Stage::well(platform());
    stage.set("redis", Truth::Down);
    stage.run(Duration::from_mins(3));
    let once = batch(&mut stage);
    let mut kept = Batch::default();
    assert!(kept.is_empty());
    for _ in 0..400 {
        kept.append(once.clone());
    }
    assert_eq!(kept.samples.len(), 20_000);
    assert_eq!(kept.happenings.len(), once.happenings.len() * 400);
    assert_eq!(kept.entries.len(), once.entries.len() * 400);
    assert!(kept.picture.is_some());
}
