//! Who is next: however much one owner has waiting, another's job does not wait behind it.

use std::collections::VecDeque;
use std::time::Duration;
use store::attempts::Claimant;

use domain::ids::JobId;
use domain::job::{JobClass, Priority};
use serde_json::Value;
use store::dispatch::{Pending, Room};

use crate::house::{House, KNOWN, LEASE, analysis, new_job};

const SETTLED: Duration = Duration::from_millis(100);
const DUE: &str = concat!(include_str!("../../src/dispatch/lanes.sql"), include_str!("../../src/dispatch/due.sql"));

/// A stream on Redis as workers see it: what was put there, in order.
#[derive(Default)]
struct Stream(VecDeque<(JobId, i64)>);

impl Stream {
    fn put(&mut self, due: &[Pending]) {
        self.0.extend(due.iter().map(|pending| (pending.job, pending.dispatch_seq)));
    }

    /// What a free place gets: entries that are worth nothing are dropped on the way.
    async fn next(&mut self, house: &House) -> anyhow::Result<Option<JobId>> {
        while let Some(entry) = self.0.pop_front() {
            if let Some(claimed) =
                house.store.claim(&[entry], Claimant::with_room("worker-1", LEASE, KNOWN)).await?.pop()
            {
                return Ok(Some(claimed.job));
            }
        }
        Ok(None)
    }
}

/// A round of the relay.
async fn round(house: &House, room: &Room, stream: &mut Stream) -> anyhow::Result<(u64, Vec<Pending>)> {
    let relay = house.store.relay().await?.unwrap();
    let recalled = relay.recall(room, SETTLED).await?;
    let mut relay = house.store.relay().await?.unwrap();
    let due = relay.due(room).await?;
    stream.put(&due);
    relay.finish(&due).await?;
    Ok((recalled, due))
}

/// How many rows of jobs a plan read, over all its nodes.
fn rows_read(plan: &Value) -> f64 {
    let number = |name: &str| plan[name].as_f64().unwrap_or(0.0);
    let own = if plan["Relation Name"] == "jobs" || plan["Index Name"].is_string() {
        (number("Actual Rows") + number("Rows Removed by Filter") + number("Rows Removed by Index Recheck"))
            * number("Actual Loops")
    } else {
        0.0
    };
    own + plan["Plans"].as_array().into_iter().flatten().map(rows_read).sum::<f64>()
}

async fn rows_read_by_due(house: &House, room: &Room) -> anyhow::Result<f64> {
    let columns: (Vec<&str>, Vec<i16>, Vec<i64>) = room.of_one_owner.iter().fold(
        (Vec::new(), Vec::new(), Vec::new()),
        |mut columns, ((class, priority), of_one)| {
            columns.0.push(class.as_str());
            columns.1.push(priority.rank());
            columns.2.push(*of_one);
            columns
        },
    );
    let mut transaction = house.store.pool().begin().await?;
    sqlx::query("SET LOCAL enable_seqscan = off").execute(&mut *transaction).await?;
    let explained: Value = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("EXPLAIN (ANALYZE, FORMAT JSON) {DUE}")))
        .bind(room.window)
        .bind(room.in_flight_per_owner)
        .bind(columns.0)
        .bind(columns.1)
        .bind(columns.2)
        .fetch_one(&mut *transaction)
        .await?;
    Ok(rows_read(&explained[0]["Plan"]))
}

#[tokio::test]
async fn with_ten_thousand_of_ann_waiting_the_next_place_is_bobs_and_a_round_reads_few_rows() -> anyhow::Result<()> {
    let house = House::build().await?;
    house.bulk(house.ann, 10_000).await?;
    let (room, mut stream) = (Room::even(256), Stream::default());
    let (_, due) = round(&house, &room, &mut stream).await?;
    assert_eq!(due.len(), 256, "the window is full of ann's");
    for _ in 0..2 {
        stream.next(&house).await?.unwrap();
    }
    let of_bob = house.bulk(house.bob, 1).await?[0];
    house.settle().await?;
    let (recalled, due) = round(&house, &room, &mut stream).await?;
    assert_eq!((recalled, due[0].job), (254, of_bob));
    assert_eq!(stream.next(&house).await?, Some(of_bob), "the next place that comes free");
    let read = rows_read_by_due(&house, &room).await?;
    assert!(read < 2_000.0, "{read} rows read while 10,000 wait");
    // Nobody else is there: nothing is taken back, whatever has stood there for how long.
    house.settle().await?;
    assert_eq!(round(&house, &room, &mut stream).await?.0, 0);
    Ok(())
}

#[tokio::test]
async fn a_job_already_behind_anothers_entries_overtakes_them() -> anyhow::Result<()> {
    let house = House::build().await?;
    house.bulk(house.ann, 20).await?;
    let (room, mut stream) = (Room::even(20), Stream::default());
    round(&house, &room, &mut stream).await?;
    stream.next(&house).await?.unwrap();
    house.settle().await?;
    // The gateway put bob's there at once: he has nothing in flight.
    let of_bob = house.bulk(house.bob, 1).await?[0];
    let at_once =
        Pending { job: of_bob, dispatch_seq: 1, class: JobClass::Small, priority: Priority::Normal, traceparent: None };
    stream.put(std::slice::from_ref(&at_once));
    house.store.mark_dispatched(&[at_once]).await?;
    let (recalled, due) = round(&house, &room, &mut stream).await?;
    assert_eq!((recalled, due.len()), (19, 19), "ann's follow in their turn");
    assert_eq!(stream.next(&house).await?, Some(of_bob));
    Ok(())
}

#[tokio::test]
async fn owners_take_turns_and_everybody_ends() -> anyhow::Result<()> {
    let house = House::build().await?;
    let of_ann = house.bulk(house.ann, 30).await?;
    house.bulk(house.bob, 10).await?;
    let room = Room { of_one_owner: Room::even(4).of_one_owner, ..Room::even(8) };
    let (mut stream, mut claimed) = (Stream::default(), Vec::new());
    while claimed.len() < 40 {
        round(&house, &room, &mut stream).await?;
        let Some(job) = stream.next(&house).await? else { continue };
        claimed.push(job);
        let lease = store::attempts::Lease { job, attempt: 1 };
        house.store.end_attempt(lease, &store::attempts::Ending::Succeeded(Value::Null)).await?.unwrap();
    }
    let of_bob_in_first_twenty = claimed[..20].iter().filter(|job| !of_ann.contains(job)).count();
    assert!((8..=10).contains(&of_bob_in_first_twenty), "{of_bob_in_first_twenty} of bob's 10 in the first 20");
    Ok(())
}

#[tokio::test]
async fn a_low_priority_reaches_its_stream_however_many_high_ones_wait() -> anyhow::Result<()> {
    let house = House::build().await?;
    house.bulk(house.ann, 100).await?;
    sqlx::query("UPDATE e2i.jobs SET priority = 0").execute(house.store.pool()).await?;
    let low = house.bulk(house.ann, 1).await?[0];
    sqlx::query("UPDATE e2i.jobs SET priority = 2 WHERE id = $1").bind(low.0).execute(house.store.pool()).await?;
    let mut stream = Stream::default();
    let (_, due) = round(&house, &Room::even(16), &mut stream).await?;
    assert_eq!(due.len(), 17);
    assert!(due.iter().any(|pending| pending.job == low && pending.priority == Priority::Low));
    Ok(())
}

#[tokio::test]
async fn an_owner_has_at_most_their_limit_in_flight_and_the_platforms_own_jobs_are_not_held_back() -> anyhow::Result<()>
{
    let house = House::build().await?;
    house.bulk(house.ann, 10).await?;
    let room = Room { in_flight_per_owner: 3, ..Room::even(64) };
    let mut stream = Stream::default();
    assert_eq!(round(&house, &room, &mut stream).await?.1.len(), 3);
    let first = stream.next(&house).await?.unwrap();
    assert_eq!(round(&house, &room, &mut stream).await?.1.len(), 0, "one runs, two stand on Redis");
    // A canary, as profiles, is the platform's own.
    house.store.submit(&new_job(house.ann)).await?;
    assert_eq!(round(&house, &room, &mut stream).await?.1.len(), 1);
    let lease = store::attempts::Lease { job: first, attempt: 1 };
    house.store.end_attempt(lease, &store::attempts::Ending::Succeeded(Value::Null)).await?.unwrap();
    assert_eq!(round(&house, &room, &mut stream).await?.1.len(), 1, "a place within the limit came free");
    Ok(())
}

#[tokio::test]
async fn a_delayed_job_waits_for_the_databases_clock_and_can_be_cancelled() -> anyhow::Result<()> {
    use store::jobs::{Cancelled, NewJob, Submitted};
    let house = House::build().await?;
    let now: chrono::DateTime<chrono::Utc> = sqlx::query_scalar("SELECT now()").fetch_one(house.store.pool()).await?;
    let at = |hours: i64| NewJob { run_at: Some(now + chrono::Duration::hours(hours)), ..analysis(house.ann) };
    let Submitted::New { id, in_flight, .. } = house.store.submit(&at(1)).await? else { anyhow::bail!("not new") };
    assert!(in_flight.must_wait);
    assert!(house.store.due(10).await?.is_empty());
    let Submitted::New { id: past, in_flight, .. } = house.store.submit(&at(-1)).await? else {
        anyhow::bail!("not new")
    };
    assert!(!in_flight.must_wait, "a time that is past is now");
    assert_eq!(house.store.due(10).await?.iter().map(|pending| pending.job).collect::<Vec<_>>(), [past]);
    assert_eq!(house.store.submit(&at(24 * 31)).await?, Submitted::TooFarAhead);
    sqlx::query("UPDATE e2i.jobs SET run_at = now(), due_from = now() WHERE id = $1")
        .bind(id.0)
        .execute(house.store.pool())
        .await?;
    assert_eq!(house.store.due(10).await?.len(), 2, "its time has come");
    let Submitted::New { id, .. } = house.store.submit(&at(1)).await? else { anyhow::bail!("not new") };
    let write = store::Access::write(house.ann.user);
    let cancelled = house.store.cancel(write, id, None).await?;
    assert!(matches!(cancelled, Some(Cancelled::Now { .. })), "{cancelled:?}");
    house.store.retry(write, id, None).await?.unwrap();
    let due = house.store.due(10).await?;
    assert!(due.iter().any(|pending| pending.job == id), "tried again, it is wanted now: {due:?}");
    Ok(())
}

#[tokio::test]
async fn queued_analyses_are_counted_up_to_a_bound_wherever_they_wait() -> anyhow::Result<()> {
    let house = House::build().await?;
    house.bulk(house.ann, 7).await?;
    house.store.submit(&new_job(house.ann)).await?;
    round(&house, &Room::even(3), &mut Stream::default()).await?;
    assert_eq!(house.store.queued_of(house.ann.user, 100).await?, 7);
    assert_eq!(house.store.queued_of(house.ann.user, 5).await?, 5);
    assert_eq!(house.store.queued_of(house.bob.user, 5).await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_relay_that_is_frozen_in_the_middle_of_a_round_does_not_stop_the_others() -> anyhow::Result<()> {
    let house = House::build().await?;
    house.bulk(house.ann, 1).await?;
    let frozen = house.store.relay().await?.unwrap();
    assert!(house.store.relay().await?.is_none(), "one at a time");
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    while house.store.due(10).await?.is_empty() {
        anyhow::ensure!(tokio::time::Instant::now() < deadline, "the lock is held for ever");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(frozen.finish(&[]).await.is_err(), "its session was ended");
    Ok(())
}
