//! A job's life in Postgres: claims, fences, leases, endings.

use std::time::Duration;

use domain::job::{Failure, JobState, Reason};
use serde_json::json;
use store::Access;
use store::attempts::{Claimant, Ending, Lease};
use store::jobs::{Cancelled, NewJob, Retried, Submitted};

use crate::house::{House, KNOWN, LEASE, new_job, with_key};

fn crash() -> Ending {
    Ending::Retry { failure: Failure { reason: Reason::Crash, detail: "signal 9".into() }, after: Duration::ZERO }
}

#[tokio::test]
async fn a_job_goes_from_submitted_to_succeeded_once() -> anyhow::Result<()> {
    let house = House::build().await?;
    let lease = house.running().await?;
    assert_eq!(lease.attempt, 1);
    assert_eq!(house.outbox().await?, 0);
    let ended = house.store.end_attempt(lease, &Ending::Succeeded(json!({"estimate": 3}))).await?;
    assert_eq!(ended.map(|ended| ended.state), Some(JobState::Succeeded));
    let again = house.store.end_attempt(lease, &Ending::Succeeded(json!({"estimate": 4}))).await?;
    assert_eq!(again, None);
    let result = house.store.job_result(Access::read(house.ann.user), lease.job).await?;
    assert_eq!(result, Some(json!({"estimate": 3})));
    Ok(())
}

#[tokio::test]
async fn one_dispatch_is_claimed_by_one_of_many() -> anyhow::Result<()> {
    let house = House::build().await?;
    let job = house.submit().await?;
    let (a, b, c) =
        tokio::join!(house.claim(job, "worker-a"), house.claim(job, "worker-b"), house.claim(job, "worker-c"));
    let won = [a?, b?, c?].into_iter().flatten().count();
    assert_eq!(won, 1);
    Ok(())
}

#[tokio::test]
async fn an_old_dispatch_number_and_an_unknown_version_claim_nothing() -> anyhow::Result<()> {
    let house = House::build().await?;
    let job = house.submit().await?;
    assert!(house.store.claim(&[(job, 0)], Claimant::with_room("worker-1", LEASE, KNOWN)).await?.is_empty());
    assert!(house.store.claim(&[(job, 1)], Claimant::with_room("worker-1", LEASE, &[("canary", 2)])).await?.is_empty());
    assert_eq!(house.store.hand_on(&[(job, 0)], Duration::ZERO).await?, 0);
    assert_eq!(house.store.hand_on(&[(job, 1)], Duration::ZERO).await?, 1);
    let due = house.store.due(10).await?;
    assert_eq!(due.iter().map(|pending| pending.dispatch_seq).collect::<Vec<_>>(), [2]);
    let seen = house.store.job(Access::read(house.ann.user), job).await?.unwrap();
    assert_eq!((seen.attempt, seen.crash_count, seen.state), (0, 0, JobState::Queued));
    Ok(())
}

#[tokio::test]
async fn a_zombie_is_refused_and_a_late_answer_of_the_current_attempt_is_not() -> anyhow::Result<()> {
    let house = House::build().await?;
    let zombie = house.running().await?;
    house.expire(zombie.job).await?;
    let reaped = house.store.reap().await?;
    assert_eq!(
        reaped.iter().map(|ended| (ended.job, ended.state)).collect::<Vec<_>>(),
        [(zombie.job, JobState::Queued)]
    );
    assert_eq!(house.store.end_attempt(zombie, &Ending::Succeeded(json!(1))).await?, None);
    let current = house.claim_again(zombie.job).await?;
    assert_eq!(current.attempt, 2);
    assert_eq!(house.store.end_attempt(zombie, &Ending::Succeeded(json!(1))).await?, None);
    assert!(house.store.heartbeat("worker-1", &[zombie], LEASE).await?.is_empty());
    house.expire(current.job).await?;
    let late = house.store.end_attempt(current, &Ending::Succeeded(json!(2))).await?;
    assert_eq!(late.map(|ended| ended.state), Some(JobState::Succeeded));
    Ok(())
}

#[tokio::test]
async fn the_third_crash_fails_the_job_and_lost_leases_and_hand_backs_do_not_count() -> anyhow::Result<()> {
    let house = House::build().await?;
    let job = house.submit().await?;
    for ending in [Ending::HandedBack, crash(), Ending::HandedBack, crash()] {
        let lease = house.claim_again(job).await?;
        let ended = house.store.end_attempt(lease, &ending).await?.unwrap();
        assert_eq!(ended.state, JobState::Queued);
        let lease = house.claim_again(job).await?;
        house.expire(lease.job).await?;
        assert_eq!(house.store.reap().await?.len(), 1);
    }
    let lease = house.claim_again(job).await?;
    let ended = house.store.end_attempt(lease, &crash()).await?.unwrap();
    assert_eq!((ended.state, ended.failure.map(|failure| failure.reason)), (JobState::Failed, Some(Reason::Crash)));
    let kept: Vec<String> =
        sqlx::query_scalar("SELECT failure->>'reason' FROM e2i.attempts WHERE job_id = $1 ORDER BY attempt")
            .bind(job.0)
            .fetch_all(house.store.pool())
            .await?;
    assert_eq!(kept.len(), 9, "every attempt keeps its reason: {kept:?}");
    let Some(Retried::Queued { attempt, .. }) = house.store.retry(Access::write(house.ann.user), job, None).await?
    else {
        anyhow::bail!("not queued anew");
    };
    assert_eq!(attempt, 9, "the attempt never resets");
    assert_eq!(house.claim_again(job).await?.attempt, 10);
    Ok(())
}

#[tokio::test]
async fn what_is_tried_again_gets_the_version_that_is_here_unless_its_own_is_newer() -> anyhow::Result<()> {
    let house = House::build().await?;
    let writer = Access::write(house.ann.user);
    let (older, newer) = (house.submit().await?, house.submit().await?);
    for (job, version) in [(older, 0), (newer, 7)] {
        let change = sqlx::query("UPDATE e2i.jobs SET agent_version = $2 WHERE id = $1").bind(job.0).bind(version);
        change.execute(house.store.pool()).await?;
        house.store.cancel(writer, job, None).await?;
        house.store.retry(writer, job, None).await?;
    }
    assert_eq!(house.claim_again(older).await?.attempt, 1, "a worker of this release computes it");
    assert!(house.claim(newer, "worker-1").await?.is_none());
    assert_eq!(house.store.job(writer, newer).await?.unwrap().agent_version, 7);
    Ok(())
}

#[tokio::test]
async fn a_job_that_takes_every_worker_down_ends_some_time() -> anyhow::Result<()> {
    let house = House::build().await?;
    let job = house.submit().await?;
    for _ in 1..domain::job::MAX_LEASE_EXPIRIES {
        house.claim_again(job).await?;
        house.expire(job).await?;
        assert_eq!(house.store.reap().await?[0].state, JobState::Queued);
    }
    house.claim_again(job).await?;
    house.expire(job).await?;
    assert_eq!(house.store.reap().await?[0].state, JobState::Failed);
    Ok(())
}

#[tokio::test]
async fn cancelling_ends_a_queued_job_at_once_and_asks_a_running_one() -> anyhow::Result<()> {
    let house = House::build().await?;
    let writer = Access::write(house.ann.user);
    let queued = house.submit().await?;
    assert!(matches!(house.store.cancel(writer, queued, None).await?, Some(Cancelled::Now { attempt: 0, .. })));
    assert_eq!(house.outbox().await?, 0);
    assert!(house.claim(queued, "worker-1").await?.is_none());

    let lease = house.running().await?;
    assert_eq!(house.store.cancel(writer, lease.job, None).await?, Some(Cancelled::Requested));
    let renewed = house.store.heartbeat("worker-1", &[lease], LEASE).await?;
    assert!(renewed[0].cancel_requested);
    // Handed back while a cancel is wanted: cancelled, not queued.
    let ended = house.store.end_attempt(lease, &Ending::HandedBack).await?.unwrap();
    assert_eq!(ended.state, JobState::Cancelled);
    assert_eq!(house.store.cancel(writer, lease.job, None).await?, Some(Cancelled::AlreadyEnded(JobState::Cancelled)));

    let vanished = house.running().await?;
    house.store.cancel(writer, vanished.job, None).await?;
    house.expire(vanished.job).await?;
    assert_eq!(house.store.reap().await?[0].state, JobState::Cancelled);
    Ok(())
}

#[tokio::test]
async fn the_same_key_gives_the_same_job_and_another_request_is_refused() -> anyhow::Result<()> {
    let house = House::build().await?;
    let Submitted::New { id, .. } = house.store.submit(&with_key(house.ann, "k", 1)).await? else {
        anyhow::bail!("not new");
    };
    assert_eq!(house.store.submit(&with_key(house.ann, "k", 1)).await?, Submitted::Replayed(id));
    assert_eq!(house.store.submit(&with_key(house.ann, "k", 2)).await?, Submitted::KeyReused);
    assert!(matches!(house.store.submit(&with_key(house.bob, "k", 2)).await?, Submitted::New { .. }));
    assert!(matches!(house.store.submit(&new_job(house.ann)).await?, Submitted::New { .. }));
    Ok(())
}

#[tokio::test]
async fn a_lease_of_another_worker_is_not_renewed() -> anyhow::Result<()> {
    let house = House::build().await?;
    let lease = house.running().await?;
    assert!(house.store.heartbeat("worker-2", &[lease], LEASE).await?.is_empty());
    let wrong = Lease { attempt: lease.attempt + 1, ..lease };
    assert!(house.store.heartbeat("worker-1", &[wrong], LEASE).await?.is_empty());
    assert_eq!(house.store.heartbeat("worker-1", &[lease], LEASE).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn whoever_changes_something_is_in_the_audit_log_with_the_request() -> anyhow::Result<()> {
    let house = House::build().await?;
    let writer = Access::write(house.ann.user);
    let Submitted::New { id, .. } =
        house.store.submit(&NewJob { request_id: Some("r1".into()), ..new_job(house.ann) }).await?
    else {
        anyhow::bail!("not new");
    };
    house.store.cancel(writer, id, Some("r2")).await?;
    house.store.retry(writer, id, Some("r3")).await?;
    house.store.cancel(writer, id, Some("r4")).await?;
    house.store.delete_job(writer, id, Some("r5")).await?;
    let written: Vec<(String, String)> = sqlx::query_as(
        "SELECT action, request_id FROM e2i.audit_log WHERE actor = $1 AND target = $2 AND workspace_id = $3 ORDER BY id",
    )
    .bind(house.ann.user.0)
    .bind(id.to_string())
    .bind(house.ann.workspace.0)
    .fetch_all(house.store.pool())
    .await?;
    let expected = [("submit", "r1"), ("cancel", "r2"), ("retry", "r3"), ("cancel", "r4"), ("delete", "r5")];
    assert_eq!(written, expected.map(|(action, request)| (format!("analysis.{action}"), request.to_owned())));
    Ok(())
}

/// A retry that meets the very moment in which the attempt ends: it has read the row as running and waits for its lock.
#[tokio::test]
async fn a_retry_that_waited_for_the_end_of_the_attempt_queues_it() -> anyhow::Result<()> {
    let house = House::build().await?;
    let lease = house.running().await?;
    let mut ending = house.store.pool().begin().await?;
    sqlx::query(
        "UPDATE e2i.jobs SET state = 'cancelled', lease_owner = NULL, lease_until = NULL, finished_at = now() WHERE id = $1",
    )
    .bind(lease.job.0)
    .execute(&mut *ending)
    .await?;
    let (store, ann) = (house.store.clone(), house.ann.user);
    let retry = tokio::spawn(async move { store.retry(Access::write(ann), lease.job, None).await });
    let waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    while sqlx::query_scalar::<_, i64>(waiting).fetch_one(house.store.pool()).await? == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    ending.commit().await?;
    let retried = retry.await??;
    assert!(matches!(retried, Some(Retried::Queued { attempt: 1, .. })), "{retried:?}");
    assert_eq!(house.claim_again(lease.job).await?.attempt, 2);
    Ok(())
}

#[tokio::test]
async fn a_job_is_claimed_where_its_memory_is_free_or_nothing_else_runs() -> anyhow::Result<()> {
    let house = House::build().await?;
    let mut wanted = Vec::new();
    for _ in 0..3 {
        let submitted = house.store.submit(&NewJob { memory_mib: 300, ..new_job(house.ann) }).await?;
        let Submitted::New { id, .. } = submitted else { anyhow::bail!("{submitted:?}") };
        wanted.push((id, 1));
    }
    let claim = |free_mib, idle| {
        let claimant = Claimant { free_mib, idle, ..Claimant::with_room("worker-1", LEASE, KNOWN) };
        house.store.claim(&wanted, claimant)
    };
    assert!(claim(299, false).await?.is_empty());
    assert_eq!(claim(700, false).await?.len(), 2);
    assert!(claim(299, false).await?.is_empty());
    let alone = claim(299, true).await?;
    assert_eq!(alone.len(), 1, "more will never be free");
    assert_eq!(alone[0].memory_mib, 300);
    Ok(())
}
