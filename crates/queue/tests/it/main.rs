//! The queue against a real Redis.

use std::sync::Arc;
use std::time::Duration;

use domain::ids::{JobId, UserId, WorkspaceId};
use domain::job::{JobClass, JobState, Priority};
use domain::progress::{Envelope, EventId, JobEvent, Progress};
use queue::{Channel, Delivery, Entry, Heard, Published, Queue, Reader};
use servers::Redis;
use tokio::sync::broadcast;
use uuid::Uuid;

const SMALL: JobClass = JobClass::Small;
const NORMAL: Priority = Priority::Normal;

async fn open() -> anyhow::Result<Queue> {
    let servers = servers::fresh().await?;
    Ok(Queue::open(&servers.redis_url, &servers.key_prefix)?)
}

fn entry(number: u128) -> Entry {
    Entry { job: JobId(Uuid::from_u128(number)), dispatch_seq: 1, traceparent: Some("00-aa-bb-01".into()) }
}

async fn put(queue: &Queue, numbers: std::ops::Range<u128>) -> anyhow::Result<()> {
    let entries: Vec<_> = numbers.map(|number| (SMALL, NORMAL, entry(number))).collect();
    Ok(queue.enqueue(&entries).await?)
}

fn entries(deliveries: &[Delivery]) -> Vec<Entry> {
    deliveries.iter().filter_map(|delivery| delivery.entry.clone()).collect()
}

fn event(attempt: u32, seq: u64) -> Envelope {
    Envelope {
        job: JobId(Uuid::from_u128(7)),
        workspace: WorkspaceId(Uuid::from_u128(8)),
        owner: UserId(Uuid::from_u128(9)),
        attempt,
        seq,
        event: JobEvent::Progress(Progress { fraction: 0.5, step: "half".into(), remaining_s: None }),
    }
}

#[tokio::test]
async fn a_reader_takes_what_it_asked_for_and_another_one_the_rest() -> anyhow::Result<()> {
    let queue = open().await?;
    put(&queue, 0..3).await?;
    let (mut one, mut two) = (Reader::new(&queue, "one"), Reader::new(&queue, "two"));
    let first = one.read(SMALL, NORMAL, 2).await?;
    assert_eq!(entries(&first), [entry(0), entry(1)]);
    let rest = two.read(SMALL, NORMAL, 9).await?;
    assert_eq!(entries(&rest), [entry(2)]);
    assert!(!queue.is_drained(SMALL, NORMAL).await?, "delivered is not settled");
    queue.settle(&first).await?;
    queue.settle(&rest).await?;
    assert!(queue.is_drained(SMALL, NORMAL).await?);
    put(&queue, 3..4).await?;
    assert!(!queue.is_drained(SMALL, NORMAL).await?, "undelivered is not drained");
    Ok(())
}

#[tokio::test]
async fn what_a_dead_consumer_read_is_taken_over() -> anyhow::Result<()> {
    let queue = open().await?;
    put(&queue, 0..1).await?;
    Reader::new(&queue, "dead").read(SMALL, NORMAL, 1).await?;
    let mut heir = Reader::new(&queue, "heir");
    assert!(heir.take_over(SMALL, NORMAL, Duration::from_mins(1), 9).await?.is_empty());
    let taken = heir.take_over(SMALL, NORMAL, Duration::ZERO, 9).await?;
    assert_eq!(entries(&taken), [entry(0)]);
    Ok(())
}

#[tokio::test]
async fn waiting_takes_nothing_and_ends_when_something_comes() -> anyhow::Result<()> {
    let queue = open().await?;
    let mut reader = Reader::new(&queue, "one");
    assert!(reader.read(SMALL, NORMAL, 1).await?.is_empty());
    let waiter = async {
        reader.wait(SMALL, Duration::from_secs(30)).await?;
        anyhow::Ok(reader.read(SMALL, NORMAL, 1).await?)
    };
    let (put, read) = tokio::join!(put(&queue, 0..1), tokio::time::timeout(Duration::from_secs(20), waiter));
    put?;
    assert_eq!(entries(&read??), [entry(0)]);
    Ok(())
}

#[tokio::test]
async fn a_zombies_and_a_doubled_event_are_refused() -> anyhow::Result<()> {
    let queue = open().await?;
    assert_eq!(queue.publish(&event(1, 1)).await?, Published::Told);
    assert_eq!(queue.publish(&event(1, 1)).await?, Published::Refused);
    assert_eq!(queue.publish(&event(2, 1)).await?, Published::Told);
    assert_eq!(queue.publish(&event(1, 2)).await?, Published::Refused);
    let kept = queue.replay(event(1, 1).job, None).await?;
    assert_eq!(kept.events, [event(1, 1), event(2, 1)]);
    Ok(())
}

#[tokio::test]
async fn a_replay_is_gapless_or_says_so() -> anyhow::Result<()> {
    let queue = open().await?;
    let job = event(1, 1).job;
    for seq in 1..=3 {
        queue.publish(&event(1, seq)).await?;
    }
    let after = |attempt, seq| queue.replay(job, Some(EventId { attempt, seq }));
    let resumed = after(1, 1).await?;
    assert_eq!((resumed.events, resumed.gap), (vec![event(1, 2), event(1, 3)], false));
    assert_eq!(after(1, 3).await?.events, []);
    for seq in 4..=1200 {
        queue.publish(&event(1, seq)).await?;
    }
    let late = after(1, 2).await?;
    assert!(late.gap && late.events.len() == 1000, "{} events", late.events.len());
    queue.forget_progress(job).await?;
    assert!(after(1, 2).await?.gap);
    Ok(())
}

#[tokio::test]
async fn a_listener_hears_what_it_wants_one_by_one() -> anyhow::Result<()> {
    let queue = open().await?;
    let (events, mut heard) = broadcast::channel(16);
    let (cancels, mut wishes) = broadcast::channel(16);
    let listening = [
        tokio::spawn(queue::listen(queue.clone(), Channel::Events, events)),
        tokio::spawn(queue::listen(queue.clone(), Channel::Cancels, cancels)),
    ];
    assert!(matches!(heard.recv().await?, Heard::Begun));
    assert!(matches!(wishes.recv().await?, Heard::Begun));
    queue.publish_all(&[event(1, 1), event(1, 2)]).await?;
    queue.hurry_cancel(event(1, 1).job).await?;
    for seq in 1..=2 {
        assert!(matches!(heard.recv().await?, Heard::Event(told) if told == Arc::new(event(1, seq))));
    }
    assert!(matches!(wishes.recv().await?, Heard::Cancel(job) if job == event(1, 1).job));
    listening.iter().for_each(tokio::task::JoinHandle::abort);
    Ok(())
}

#[tokio::test]
async fn of_many_events_at_once_only_the_stale_ones_are_refused() -> anyhow::Result<()> {
    let queue = open().await?;
    queue.publish(&event(2, 1)).await?;
    let published = queue.publish_all(&[event(1, 9), event(2, 1), event(2, 2)]).await?;
    assert_eq!(published, [Published::Refused, Published::Refused, Published::Told]);
    assert_eq!(queue.publish_all(&[]).await?, []);
    assert_eq!(queue.replay(event(2, 1).job, None).await?.events, [event(2, 1), event(2, 2)]);
    Ok(())
}

#[tokio::test]
async fn a_state_event_reads_back_as_written() -> anyhow::Result<()> {
    let queue = open().await?;
    let state = Envelope { event: JobEvent::State { state: JobState::Succeeded, failure: None }, ..event(1, 9) };
    queue.publish(&state).await?;
    assert_eq!(queue.replay(state.job, None).await?.events, [state]);
    Ok(())
}

#[tokio::test]
async fn a_full_redis_forgets_events_and_dispatches_on() -> anyhow::Result<()> {
    const MOST_BYTES: usize = 12 << 20;
    let redis = Redis::for_test().await?;
    let queue = Queue::open(&redis.url(), "full:")?;
    put(&queue, 0..100).await?;
    let mut admin = redis::Client::open(redis.url())?.get_multiplexed_async_connection().await?;
    redis::cmd("CONFIG").arg("SET").arg("maxmemory").arg(MOST_BYTES).exec_async(&mut admin).await?;
    let step = "x".repeat(8 << 10);
    for job in 0..3000 {
        let event = JobEvent::Progress(Progress { fraction: 0.5, step: step.clone(), remaining_s: None });
        queue.publish(&Envelope { job: JobId(Uuid::from_u128(job)), event, ..self::event(1, 1) }).await?;
    }
    put(&queue, 100..200).await?;
    let mut reader = Reader::new(&queue, "reader");
    let offered = entries(&reader.read(SMALL, NORMAL, 500).await?);
    assert_eq!(offered, (0..200).map(entry).collect::<Vec<_>>(), "what is dispatched stays");
    let mut kept = 0;
    for job in 0..3000 {
        kept += queue.replay(JobId(Uuid::from_u128(job)), None).await?.events.len();
    }
    assert!((100..3000).contains(&kept), "{kept} events are left of 3000 that do not fit");
    Ok(())
}

#[tokio::test]
async fn a_wipe_and_a_restart_are_noticed_and_reading_goes_on() -> anyhow::Result<()> {
    let redis = Redis::for_test().await?;
    let queue = Queue::open(&redis.url(), "e2i:")?;
    let mut reader = Reader::new(&queue, "one");
    assert!(!queue.epoch_is_current().await?);
    queue.mark_epoch("a").await?;
    assert!(queue.epoch_is_current().await?);
    put(&queue, 0..1).await?;
    assert_eq!(reader.read(SMALL, NORMAL, 1).await?.len(), 1);
    redis.flushall().await?;
    assert!(!queue.epoch_is_current().await?);
    assert!(reader.read(SMALL, NORMAL, 1).await?.is_empty(), "the group is made anew");
    put(&queue, 1..2).await?;
    assert_eq!(entries(&reader.read(SMALL, NORMAL, 1).await?), [entry(1)]);
    queue.mark_epoch("b").await?;
    redis.restart().await?;
    let patience = async {
        while queue.ping().await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), patience).await?;
    assert!(!queue.epoch_is_current().await?);
    Ok(())
}
