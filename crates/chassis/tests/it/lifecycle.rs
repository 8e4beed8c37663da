//! Real signals, sent to the test process itself once its handlers are installed.

use std::process::Command;
use std::time::Duration;

use chassis::lifecycle::Shutdown;

fn send(signal: &str) {
    let pid = std::process::id().to_string();
    assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
}

#[tokio::test]
async fn a_drain_notice_then_a_soft_end_then_a_hard_one() {
    let within = Duration::from_secs(5);
    let shutdown = Shutdown::new();
    shutdown.on_signals(Duration::from_mins(10)).unwrap();
    let mut notices = shutdown.drain_notices();

    send("-USR1");
    tokio::time::timeout(within, notices.changed()).await.unwrap().unwrap();
    assert!(!shutdown.soft.is_cancelled(), "a notice is no end");
    let mut resting = shutdown.resting();
    tokio::time::timeout(within, resting.wait_for(|resting| *resting)).await.unwrap().unwrap();
    send("-USR2");
    tokio::time::timeout(within, resting.wait_for(|resting| !*resting)).await.unwrap().unwrap();

    send("-TERM");
    tokio::time::timeout(within, shutdown.soft.cancelled()).await.unwrap();
    assert!(!shutdown.hard.is_cancelled());

    send("-INT");
    tokio::time::timeout(within, shutdown.hard.cancelled()).await.unwrap();
}
