//! Totals over all processes, and how long lost jobs took to be claimed again.

use domain::job::JobState;
use store::counters::{Count, Tally};
use store::dispatch::InHand;

use crate::house::House;

#[tokio::test]
async fn totals_add_up_over_processes_and_nothing_is_counted_twice() -> anyhow::Result<()> {
    let house = House::build().await?;
    let (one, other) = (Tally::new(), Tally::new());
    one.add(Count::Claimed, 3);
    one.add(Count::Recovered, 1);
    other.add(Count::Claimed, 4);
    let (first, second) = tokio::join!(one.flush(&house.store), other.flush(&house.store));
    first?;
    second?;
    one.flush(&house.store).await?;
    let totals = house.store.counters().await?;
    let total = |wanted: Count| totals.iter().find(|(count, _)| *count == wanted).map(|(_, total)| *total);
    assert_eq!((total(Count::Claimed), total(Count::Recovered), total(Count::Swept)), (Some(7), Some(1), Some(0)));
    Ok(())
}

#[tokio::test]
async fn a_loss_is_closed_by_the_next_claim_and_measured_from_the_moment_the_lease_ran_out() -> anyhow::Result<()> {
    let house = House::build().await?;
    let lease = house.running().await?;
    assert!(house.store.expired_leases().await?.is_empty());
    sqlx::query("UPDATE e2i.jobs SET lease_until = now() - interval '10 s'").execute(house.store.pool()).await?;
    let losses = house.store.expired_leases().await?;
    assert_eq!(losses.iter().map(|loss| loss.lease).collect::<Vec<_>>(), [lease]);
    assert_eq!(house.store.reap().await?[0].state, JobState::Queued);
    house.store.note_losses(&losses).await?;
    assert!(house.store.close_losses().await?.is_empty(), "not claimed yet");
    assert_eq!(house.store.recovery_times().await?.open, 1);
    house.claim_again(lease.job).await?;
    assert_eq!(house.store.close_losses().await?, [lease.job]);
    assert!(house.store.close_losses().await?.is_empty(), "closed once");
    let times = house.store.recovery_times().await?;
    assert_eq!((times.count, times.open), (1, 0));
    assert!((10.0..60.0).contains(&times.max_s.unwrap()), "{times:?}");
    Ok(())
}

#[tokio::test]
async fn what_redis_forgot_is_a_loss_too_and_one_that_was_cancelled_is_none() -> anyhow::Result<()> {
    let house = House::build().await?;
    let (again, cancelled) = (house.submit().await?, house.submit().await?);
    let due = house.store.due(10).await?;
    house.store.mark_dispatched(&due).await?;
    assert_eq!(house.store.redispatch_all().await?, 2);
    assert_eq!(house.store.recovery_times().await?.open, 2);
    house.store.cancel(store::Access::write(house.ann.user), cancelled, None).await?;
    house.claim_again(again).await?;
    assert_eq!(house.store.close_losses().await?, [again]);
    let times = house.store.recovery_times().await?;
    assert_eq!((times.count, times.open), (1, 0));
    Ok(())
}

#[tokio::test]
async fn the_overview_tells_depths_delays_and_who_is_there() -> anyhow::Result<()> {
    let house = House::build().await?;
    house.bulk(house.ann, 3).await?;
    let due = house.store.due(1).await?;
    house.store.mark_dispatched(&due).await?;
    house.running().await?;
    house.store.worker_is_here("worker-1", 2, 1).await?;
    let seen = house.store.overview().await?;
    let depth: Vec<_> = seen.streams.iter().map(|depth| (depth.on_redis, depth.behind, depth.running)).collect();
    assert_eq!(depth, [(0, 0, 1), (1, 2, 0)], "high, then normal");
    assert!(seen.oldest_waiting.is_some());
    let worker = &seen.workers[0];
    assert_eq!((worker.name.as_str(), worker.small_places, worker.large_places, worker.running), ("worker-1", 2, 1, 1));
    Ok(())
}

#[tokio::test]
async fn what_has_not_ended_is_told_by_agent_with_the_oldest_that_could_begin() -> anyhow::Result<()> {
    let house = House::build().await?;
    assert_eq!(house.store.jobs_in_hand().await?, []);
    house.running().await?;
    let (_waiting, delayed) = (house.submit().await?, house.submit().await?);
    let pool = house.store.pool();
    let later = "UPDATE e2i.jobs SET run_at = now() + interval '1 h', due_from = now() + interval '1 h' WHERE id = $1";
    sqlx::query(later).bind(delayed.0).execute(pool).await?;
    let long_ago = "UPDATE e2i.jobs SET due_from = now() - interval '90 s' WHERE state = 'queued' AND run_at <= now()";
    sqlx::query(long_ago).execute(pool).await?;
    let told = house.store.jobs_in_hand().await?;
    let canary: Vec<_> = told.iter().filter(|jobs| jobs.agent == "canary").collect();
    let sum = |count: fn(&InHand) -> u64| canary.iter().map(|jobs| count(jobs)).sum::<u64>();
    let counts = (sum(|jobs| jobs.queued), sum(|jobs| jobs.delayed), sum(|jobs| jobs.running));
    assert_eq!(counts, (2, 1, 1), "{told:?}");
    let oldest = canary.iter().map(|jobs| jobs.oldest).max();
    assert!(oldest.is_some_and(|oldest| (90..150).contains(&oldest.as_secs())), "{told:?}");
    Ok(())
}
