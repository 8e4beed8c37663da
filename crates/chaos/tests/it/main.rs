//! Short runs of the whole: no fault loses or doubles anything, and without a guard the checker sees it.

mod proxy;

use std::path::{Path, PathBuf};
use std::time::Duration;

use chaos::guards::Guard;
use chaos::plan::{Fault, Size};
use chaos::report::Report;
use chaos::run::{RunOptions, run};

/// Runs share the machine's cores: one at a time.
static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

async fn short(
    jobs: usize,
    span_s: u64,
    only: Option<fn(&Fault) -> bool>,
    without: Option<Guard>,
) -> anyhow::Result<Report> {
    let _turn = ONE_AT_A_TIME.lock().await;
    // A queue in front of few places is what stale entries are about.
    let places = if without == Some(Guard::Claim) { 4 } else { 16 };
    let options = RunOptions {
        program: PathBuf::from(env!("CARGO_BIN_EXE_chaos")),
        table: Path::new("../../testdata/nsw.csv").to_path_buf(),
        seed: 11,
        size: Size { jobs, clients: 4, workers: 3, gateways: 2, places, span_s },
        rounds: 1,
        only,
        without,
        // Without a guard a job may well never end.
        stalled_after: Duration::from_secs(if without.is_some() { 15 } else { 90 }),
    };
    // Shown by the test harness when the test fails.
    let report = run(&options, &|line| println!("chaos: {line}")).await?;
    println!("{}", report.to_json());
    Ok(report)
}

/// One of each kind that differs for dispatch; the long run has all.
fn important(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::KillWorker(_)
            | Fault::KillChild(_)
            | Fault::KillGateway(_)
            | Fault::FreezeWorker(_)
            | Fault::DrainWorker(_)
            | Fault::WipeRedis
            | Fault::FlushRedis
            | Fault::LoseEntries
            | Fault::OlderRedis
            | Fault::RestartPostgres
            | Fault::KillPostgres
            | Fault::PartitionPostgres(_)
            | Fault::SwallowPostgres
            | Fault::SwallowRedis
            | Fault::SlowPostgres
            | Fault::WorkerClock { .. }
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_and_nothing_is_done_twice() -> anyhow::Result<()> {
    let report = short(300, 25, Some(important), None).await?;
    assert!(report.is_as_it_has_to_be(), "{}", report.to_json());
    assert_eq!(report.jobs, 300);
    assert!(report.faults >= 15, "{} faults", report.faults);
    assert!(!report.verdict.recoveries_s.is_empty(), "no lease ran out: the run proves less than it should");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_claims_compare_and_set_doubles_are_seen() -> anyhow::Result<()> {
    let report = short(200, 8, None, Some(Guard::Claim)).await?;
    assert!(!report.verdict.doubled.is_empty(), "{}", report.to_json());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_fence_doubles_are_seen() -> anyhow::Result<()> {
    let report = short(120, 10, None, Some(Guard::Fence)).await?;
    assert!(!report.verdict.doubled.is_empty(), "{}", report.to_json());
    Ok(())
}
