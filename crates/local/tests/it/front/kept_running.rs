//! nginx killed, reloaded, misconfigured.

use std::time::Duration;

use local::front::{Others, configuration};

use super::upstream::Front;
use crate::house::{children, eventually, is_running};
use crate::wire::{self, client};

#[tokio::test]
async fn killed_it_leaves_no_worker_on_its_port_and_starts_again() {
    let front = Front::start(Duration::from_mins(1)).await;
    let master = front.nginx.pid().unwrap();
    let workers = children(master);
    assert!(!workers.is_empty());
    front.nginx.kill9().await.unwrap();
    front.nginx.restart().await.unwrap();
    assert_eq!(wire::get(client(2), front.address(), "/api/v1/me", "").await.status, 200);
    assert_ne!(front.nginx.pid().unwrap(), master);
    eventually("the workers of the killed master are gone", async || {
        workers.iter().all(|pid| !is_running(*pid)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_faulty_configuration_is_taken_back_with_the_reason_and_the_old_one_serves_on() {
    let front = Front::start(Duration::from_mins(1)).await;
    let mut files = configuration(front.address(), ([127, 0, 0, 1], 9).into(), &Others::default());
    files[0].1.push_str("\nno_such_directive on;\n");
    let refused = front.nginx.reload(files).await.unwrap_err().to_string();
    assert!(refused.contains("no_such_directive"), "{refused}");
    front.nginx.stop().await.unwrap();
    front.nginx.restart().await.unwrap();
    assert_eq!(wire::get(client(2), front.address(), "/api/v1/me", "").await.status, 200);
}

#[tokio::test]
async fn a_reload_goes_over_without_a_failed_request() {
    let (first, second) = tokio::join!(Front::start(Duration::from_mins(1)), Front::start(Duration::from_mins(1)));
    let asking = async {
        let mut asked = 0;
        while second.seen.lock().unwrap().is_empty() {
            let answer = wire::get(client(2), first.address(), "/api/v1/me", "").await;
            assert_eq!(answer.status, 200, "{answer:?}");
            asked += 1;
        }
        asked
    };
    let other_service = {
        let text = std::fs::read_to_string(second.nginx.log().with_file_name("nginx.conf")).unwrap();
        let server = text.lines().find(|line| line.trim().starts_with("server 127.")).unwrap();
        server.trim().trim_start_matches("server ").trim_end_matches(';').parse().unwrap()
    };
    let reloading = async {
        eventually("some requests before", async || (first.seen.lock().unwrap().len() > 20).then_some(())).await;
        first.nginx.reload(configuration(first.address(), other_service, &Others::default())).await.unwrap();
    };
    let asked = tokio::time::timeout(Duration::from_mins(1), async { tokio::join!(asking, reloading).0 });
    assert!(asked.await.expect("the new configuration is not live") > 20);
}
