//! Readers who never read.

use domain::progress::{JobEvent, Progress};
use futures::future::join_all;

use super::process::{Gateway, read_until};
use crate::data::lab::Lab;

const SLEEPERS: usize = 300;
const EVENTS: u64 = 4000;
const EVENT_BYTES: usize = 4096;

/// 300 clients that never read, 16 MiB of events for each of them: what a client can make the gateway hold is bounded by
/// its mailbox and what the connection buffers, one who reads is not held up, and the others are cut.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_never_reads_costs_little_and_is_cut() {
    let lab = Lab::build().await;
    let gateway = Gateway::beside(&lab, &[("WRITE_TIMEOUT", "5s"), ("EVENTS_HEARTBEAT", "1s")]).await;
    let analysis = lab.analysis(&lab.ann).await;
    let claimed = lab.worker.begin(&analysis).await;
    let path = format!("/api/v1/analyses/{analysis}/events");
    let sleepers = join_all((0..SLEEPERS).map(|_| gateway.open(&path, &lab.ann, Some(4096)))).await;
    let mut awake = gateway.open(&path, &lab.ann, None).await;
    gateway.until("all streams are open", async || gateway.streams().await == SLEEPERS + 1).await;
    let before_mib = gateway.memory_mib();
    let mut peak_mib = before_mib;
    let step = "x".repeat(EVENT_BYTES);
    for seq in 2..2 + EVENTS {
        let event = JobEvent::Progress(Progress { fraction: 0.5, step: step.clone(), remaining_s: None });
        lab.worker.tell(&claimed, seq, event).await;
        if seq % 100 == 0 {
            read_until(&mut awake, &format!("id: 1-{seq}\n")).await;
            peak_mib = peak_mib.max(gateway.memory_mib());
        }
    }
    println!(
        "{SLEEPERS} sleepers, {EVENTS} events of {EVENT_BYTES} bytes: {before_mib:.0} MiB, at most {peak_mib:.0} MiB"
    );
    let all_of_it_mib = (SLEEPERS as u64 * EVENTS * EVENT_BYTES as u64) as f64 / f64::from(1 << 20);
    assert!(peak_mib - before_mib < all_of_it_mib / 20.0, "{before_mib} MiB grew to {peak_mib} MiB");
    gateway.until("who takes nothing is cut", async || gateway.streams().await == 1).await;
    assert!(gateway.count("http_connections_stalled_total").await >= SLEEPERS);
    drop(sleepers);
    let step = Progress { fraction: 0.75, step: "still heard".to_owned(), remaining_s: None };
    lab.worker.tell(&claimed, 2 + EVENTS, JobEvent::Progress(step)).await;
    read_until(&mut awake, "still heard").await;
}
