//! The table.

use chassis::clock::{Clock as _, SystemClock};
use chrono::TimeDelta;
use notify::{Entry, Storage as _, sqlite};

use crate::{Database, message};

#[tokio::test]
async fn what_the_callers_transaction_drops_is_told_to_nobody() {
    let database = Database::new();
    let mut connection = database.connect();
    let entries = Entry::messages(&["slack"], "t", &message("a"));
    let transaction = connection.transaction().unwrap();
    sqlite::enqueue(&transaction, SystemClock.now(), &entries).unwrap();
    drop(transaction);
    assert!(database.outbox.heads("slack", 9).await.unwrap().is_empty());
    let transaction = connection.transaction().unwrap();
    sqlite::enqueue(&transaction, SystemClock.now(), &entries).unwrap();
    transaction.commit().unwrap();
    assert_eq!(database.outbox.heads("slack", 9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_event_is_written_once_for_each_channel() {
    let database = Database::new();
    for _ in 0..3 {
        database.enqueue(&["slack", "mail"], "t", "a");
    }
    let depths = database.outbox.depths().await.unwrap();
    let counts: Vec<_> = depths.iter().map(|depth| (depth.channel.as_str(), depth.waiting)).collect();
    assert_eq!(counts, [("mail", 1), ("slack", 1)]);
    let line = database.outbox.heads("slack", 9).await.unwrap().remove(0);
    database.outbox.delivered(line.id, SystemClock.now()).await.unwrap();
    database.enqueue(&["slack", "mail"], "t", "a");
    assert!(database.outbox.heads("slack", 9).await.unwrap().is_empty(), "it was told");
}

#[tokio::test]
async fn only_the_first_of_a_thread_is_shown_and_failures_are_kept() {
    let database = Database::new();
    for (thread, event) in [("x", "x-1"), ("x", "x-2"), ("y", "y-1")] {
        database.enqueue(&["slack"], thread, event);
    }
    let outbox = &database.outbox;
    let events = async || -> Vec<String> {
        outbox.heads("slack", 9).await.unwrap().into_iter().map(|line| line.event).collect()
    };
    assert_eq!(events().await, ["x-1", "y-1"]);
    let first = outbox.heads("slack", 9).await.unwrap().remove(0);
    outbox.failed(first.id, SystemClock.now() + TimeDelta::hours(1), "away").await.unwrap();
    assert_eq!(events().await, ["y-1", "x-1"], "by the time of the next try");
    let again = outbox.heads("slack", 9).await.unwrap().pop().unwrap();
    assert_eq!((again.attempts, again.message().unwrap().event), (1, "x-1".to_owned()));
    assert_eq!(outbox.depths().await.unwrap()[0].last_error.as_deref(), Some("away"));
    outbox.delivered(first.id, SystemClock.now()).await.unwrap();
    assert_eq!(events().await, ["x-2", "y-1"]);
}
