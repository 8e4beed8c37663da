//! 2,000 open streams, one subscription.

use std::time::Instant;

use futures::future::join_all;
use futures::{StreamExt as _, stream};
use serde_json::json;
use store::attempts::Ending;

use super::process::{Gateway, read_until};
use crate::data::lab::Lab;

const STREAMS: usize = 2000;
const ANALYSES: usize = 20;
/// Progress events of each analysis.
const EVENTS: u64 = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_readers_hear_everything_over_one_subscription() {
    let lab = Lab::build().await;
    let gateway = Gateway::beside(&lab, &[]).await;
    let mut jobs = Vec::new();
    for _ in 0..ANALYSES {
        jobs.push(lab.analysis(&lab.ann).await);
    }
    let claimed = join_all(jobs.iter().map(|job| lab.worker.begin(job))).await;
    let before_mib = gateway.memory_mib();
    // Every twentieth reads about everything, the others about one analysis each.
    let paths = (0..STREAMS).map(|number| match number % 20 {
        0 => "/api/v1/events".to_owned(),
        _ => format!("/api/v1/analyses/{}/events", jobs[number % ANALYSES]),
    });
    let open = |path: String| {
        let (gateway, ann) = (&gateway, &lab.ann);
        async move {
            let mut reader = gateway.open(&path, ann, None).await;
            read_until(&mut reader, "running").await;
            reader
        }
    };
    let readers: Vec<_> = stream::iter(paths).map(open).buffer_unordered(32).collect().await;
    gateway.until("all streams are open", async || gateway.streams().await == STREAMS).await;
    assert_eq!(subscribers(&lab).await, 2, "one of the lab's own gateway, one of the process");

    let (begin, cpu) = (Instant::now(), gateway.cpu_seconds());
    let reading =
        join_all(readers.into_iter().map(|mut reader| async move { read_until(&mut reader, "succeeded").await }));
    let telling = join_all(claimed.iter().map(|claimed| {
        let lab = &lab;
        async move {
            for seq in 2..2 + EVENTS {
                lab.worker.progress(claimed, seq, 0.5).await;
            }
            lab.worker.end(claimed, &Ending::Succeeded(json!({}))).await;
        }
    }));
    let (heard, _) = tokio::join!(reading, telling);
    let last = format!("step {}", EVENTS + 1);
    let complete = heard.iter().filter(|heard| heard.contains("\"step 2\"") && heard.contains(&last)).count();
    println!(
        "{STREAMS} streams, {} deliveries in {:.2} s: {:.2} s of processor, {:.0} MiB ({before_mib:.0} before)",
        STREAMS as u64 * (EVENTS + 1),
        begin.elapsed().as_secs_f64(),
        gateway.cpu_seconds() - cpu,
        gateway.memory_mib(),
    );
    // Those about everything read here until the first `succeeded` of any analysis.
    assert!(complete >= STREAMS - STREAMS / 20, "{complete} of {STREAMS} heard everything");
    assert!(heard.iter().all(|heard| !heard.contains("event: gap")), "nobody was too slow");
    gateway.until("no stream is left", async || gateway.streams().await == 0).await;
}

/// Who listens to the channel of events.
async fn subscribers(lab: &Lab) -> i64 {
    let client = redis::Client::open(lab.house.env.get("REDIS_URL").unwrap()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let channel = format!("{}events", lab.house.env.get("REDIS_KEY_PREFIX").unwrap());
    let (_, count): (String, i64) =
        redis::cmd("PUBSUB").arg("NUMSUB").arg(channel).query_async(&mut connection).await.unwrap();
    count
}
