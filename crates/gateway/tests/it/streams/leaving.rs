//! Readers who just go.

use futures::{StreamExt as _, stream};

use super::process::{Gateway, read_until};
use crate::data::lab::Lab;

const READERS: usize = 1000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_dropped_clients_leave_nothing_behind() {
    let lab = Lab::build().await;
    let gateway = Gateway::beside(&lab, &[("EVENTS_HEARTBEAT", "1s")]).await;
    let analysis = lab.analysis(&lab.ann).await;
    let paths = ["/api/v1/events".to_owned(), format!("/api/v1/analyses/{analysis}/events")];
    let open = |number: usize| {
        let (gateway, ann, path) = (&gateway, &lab.ann, &paths[number % 2]);
        async move {
            let mut reader = gateway.open(path, ann, None).await;
            read_until(&mut reader, "queued").await;
            reader
        }
    };
    for _ in 0..2 {
        let readers: Vec<_> = stream::iter(0..READERS).map(open).buffer_unordered(32).collect().await;
        gateway.until("all streams are open", async || gateway.streams().await == READERS).await;
        drop(readers);
        gateway.until("no stream is left", async || gateway.streams().await == 0).await;
    }
    let files = std::fs::read_dir(format!("/proc/{}/fd", gateway.pid_number())).unwrap().count();
    assert!(files < 100, "{files} files are still open");
}
