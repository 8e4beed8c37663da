//! Channels that are away, slow, or come back.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::http::StatusCode;
use chassis::clock::{Clock as _, TestClock};
use chrono::{DateTime, TimeDelta};
use notify::backoff::Backoff;
use notify::slack::Slack;
use notify::{Bell, Channel, Dispatcher, Failure, Line, Storage as _};
use tokio_util::sync::CancellationToken;

use crate::hooks::Hooks;
use crate::{Database, http, until};

/// A channel that never answers.
struct Hanging;

#[async_trait]
impl Channel for Hanging {
    fn name(&self) -> &'static str {
        "hanging"
    }

    async fn deliver(&self, _line: &Line) -> Result<(), Failure> {
        std::future::pending().await
    }
}

const SOON: Backoff = Backoff { first: Duration::from_millis(10), most: Duration::from_millis(50) };

fn events(hooks: &Hooks) -> Vec<String> {
    let text = |posted: &crate::hooks::Posted| posted.body["text"].as_str().unwrap().to_owned();
    hooks
        .posted()
        .iter()
        .map(|posted| text(posted).rsplit_once("event ").unwrap().1.trim_end_matches(')').to_owned())
        .collect()
}

#[tokio::test]
async fn nothing_is_lost_while_a_channel_is_away_and_a_thread_keeps_its_order() {
    let (database, hooks) = (Database::new(), Hooks::start().await);
    for _ in 0..3 {
        hooks.answer_next(StatusCode::INTERNAL_SERVER_ERROR, &[], "away");
    }
    database.enqueue(&["slack"], "incident", "triggered");
    database.enqueue(&["slack"], "incident", "resolved");
    let slack = Slack::new(http(), hooks.url("/").into());
    let dispatcher = database.dispatcher(vec![Arc::new(slack)]).with_backoff(SOON);
    tokio::spawn(dispatcher.run(CancellationToken::new()));
    until("both are told", async || events(&hooks).len() == 5).await;
    assert_eq!(events(&hooks), ["triggered", "triggered", "triggered", "triggered", "resolved"]);
    until("nothing waits", async || database.outbox.depths().await.unwrap().is_empty()).await;
}

#[tokio::test]
async fn a_channel_that_hangs_holds_up_no_other() {
    let (database, hooks, bell) = (Database::new(), Hooks::start().await, Bell::default());
    database.enqueue(&["hanging", "slack"], "t", "first");
    let slack = Slack::new(http(), hooks.url("/").into());
    let dispatcher = database.dispatcher(vec![Arc::new(Hanging), Arc::new(slack)]).with_bell(bell.clone());
    let stop = CancellationToken::new();
    let running = tokio::spawn(dispatcher.run(stop.clone()));
    until("the first is told", async || events(&hooks) == ["first"]).await;
    database.enqueue(&["hanging", "slack"], "t", "second");
    bell.ring();
    until("the second is told", async || events(&hooks) == ["first", "second"]).await;
    assert_eq!(database.outbox.depths().await.unwrap()[0].waiting, 2, "what hangs still waits");
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn a_clock_that_is_put_back_delays_nothing() {
    let (database, hooks) = (Database::new(), Hooks::start().await);
    let noon = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    database.enqueue(&["slack"], "t", "a");
    let line = database.outbox.heads("slack", 1).await.unwrap().remove(0);
    // Failed while the clock was a day ahead.
    database.outbox.failed(line.id, noon + TimeDelta::days(1), "away").await.unwrap();
    let slack = Slack::new(http(), hooks.url("/").into());
    let clock = TestClock::at(noon);
    assert_eq!(clock.now(), noon);
    let dispatcher = Dispatcher::new(Arc::new(database.outbox.clone()), vec![Arc::new(slack)], clock);
    tokio::spawn(dispatcher.run(CancellationToken::new()));
    until("it is told", async || events(&hooks) == ["a"]).await;
}
