//! A paused class: what is queued does not begin, wherever it stands.

use domain::job::JobClass;
use store::attempts::Claimant;
use store::jobs::Submitted;
use store::people::Actor;

use crate::house::{House, KNOWN, LEASE, new_job};

#[tokio::test]
async fn what_stands_on_redis_when_the_pause_comes_does_not_begin_and_goes_on_after_it() -> anyhow::Result<()> {
    let house = House::build().await?;
    let (on_redis, waiting) = (house.submit().await?, house.submit().await?);
    let due = house.store.due(1).await?;
    assert_eq!(due[0].job, on_redis);
    house.store.mark_dispatched(&due).await?;
    let also_due = house.store.due(10).await?;
    let actor = Actor { user: Some(house.bob.user), request_id: Some("request".into()) };
    house.store.pause(&actor, house.bob.user, JobClass::Small, "disk is full").await?;
    // Both the entry on Redis and one that the relay had in its hand are worth nothing now.
    for pending in due.iter().chain(&also_due) {
        let claimed =
            house.store.claim(&[(pending.job, pending.dispatch_seq)], Claimant::with_room("w", LEASE, KNOWN)).await?;
        assert!(claimed.is_empty(), "{pending:?}");
    }
    assert!(house.store.due(10).await?.is_empty());
    assert_eq!(house.outbox().await?, 2);
    let Submitted::New { in_flight, pending, .. } = house.store.submit(&new_job(house.ann)).await? else {
        anyhow::bail!("not new")
    };
    assert!(in_flight.must_wait);
    // A gateway that did not know yet put it on Redis: the mark takes it back.
    house.store.mark_dispatched(std::slice::from_ref(&pending)).await?;
    assert!(
        house
            .store
            .claim(&[(pending.job, pending.dispatch_seq)], Claimant::with_room("w", LEASE, KNOWN))
            .await?
            .is_empty()
    );
    let pauses = house.store.pauses().await?;
    assert_eq!((pauses[0].class, pauses[0].reason.as_str()), (JobClass::Small, "disk is full"));
    assert!(house.store.resume(&actor, JobClass::Small, None).await?);
    assert!(!house.store.resume(&actor, JobClass::Small, None).await?, "it is not paused any more");
    let jobs: Vec<_> = house.store.due(10).await?.iter().map(|pending| (pending.job, pending.dispatch_seq)).collect();
    assert_eq!(jobs, [(on_redis, 2), (waiting, 2), (pending.job, 2)]);
    let audited: Vec<String> = sqlx::query_scalar(
        "SELECT action FROM e2i.audit_log WHERE action LIKE 'dispatch.%' AND target = 'small' ORDER BY id",
    )
    .fetch_all(house.store.pool())
    .await?;
    assert_eq!(audited, ["dispatch.pause", "dispatch.resume"]);
    Ok(())
}

#[tokio::test]
async fn the_other_class_and_what_runs_go_on() -> anyhow::Result<()> {
    let house = House::build().await?;
    let running = house.running().await?;
    house.store.pause(&Actor::platform(), house.bob.user, JobClass::Large, "memory").await?;
    let small = house.submit().await?;
    assert_eq!(house.store.due(10).await?.iter().map(|pending| pending.job).collect::<Vec<_>>(), [small]);
    house.store.pause(&Actor::platform(), house.bob.user, JobClass::Small, "all").await?;
    assert_eq!(house.store.heartbeat("worker-1", &[running], LEASE).await?.len(), 1);
    Ok(())
}
