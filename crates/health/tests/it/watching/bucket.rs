//! The object store as a bucket, on a server that checks signatures (`s3s-fs`).

#[path = "../../../../tables/tests/it/s3_server.rs"]
mod s3_server;

use std::sync::Arc;

use chassis::clock::SystemClock;
use health::probes::Probe as _;
use health::probes::objects::ObjectStore;
use health::reading::Verdict;
use s3_server::Server;
use tables::objects::Options;

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_is_tried_and_left_as_it_was_and_one_that_refuses_is_told() {
    let server = Server::start().await;
    let at = |options| ObjectStore::at("s3://bucket/e2i".to_owned(), options, Arc::new(SystemClock));
    let probe = at(server.options.clone());
    for _ in 0..2 {
        let tried = probe.look().await;
        assert_eq!(tried.verdict, Verdict::Pass, "{tried:?}");
    }
    let left: Vec<_> = server.files().into_iter().filter(|file| file.contains("health/probe")).collect();
    assert!(left.is_empty(), "{left:?}");

    let stranger = at(Options { secret: Some("not the secret".to_owned()), ..server.options.clone() }).look().await;
    assert!(stranger.verdict == Verdict::Fail && stranger.words.starts_with("write: "), "{stranger:?}");
    assert!(!stranger.words.contains("not the secret"), "{stranger:?}");
}
