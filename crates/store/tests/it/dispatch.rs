//! From the outbox to Redis and back: windows, fair order, lost entries.

use domain::job::{JobClass, Priority};
use store::dispatch::{Pending, Stranded};
use store::jobs::Submitted;

use crate::house::{House, Person, new_job};

async fn submit(house: &House, person: Person) -> anyhow::Result<Pending> {
    match house.store.submit(&new_job(person)).await? {
        Submitted::New { pending, .. } => Ok(pending),
        other => anyhow::bail!("{other:?}"),
    }
}

#[tokio::test]
async fn the_window_bounds_what_is_on_redis_and_the_owner_with_less_comes_first() -> anyhow::Result<()> {
    let house = House::build().await?;
    let mut of_ann = Vec::new();
    for _ in 0..5 {
        of_ann.push(submit(&house, house.ann).await?.job);
    }
    let first = house.store.due(3).await?;
    assert_eq!(first.iter().map(|pending| pending.job).collect::<Vec<_>>(), of_ann[..3]);
    house.store.mark_dispatched(&first).await?;
    let of_bob = submit(&house, house.bob).await?.job;
    assert!(house.store.due(3).await?.is_empty(), "the window is full");
    let next = house.store.due(4).await?;
    assert_eq!(next.iter().map(|pending| pending.job).collect::<Vec<_>>(), [of_bob], "bob has nothing in flight");
    Ok(())
}

#[tokio::test]
async fn what_redis_lost_is_dispatched_under_a_new_number_and_the_old_entry_is_worth_nothing() -> anyhow::Result<()> {
    let house = House::build().await?;
    let pending = submit(&house, house.ann).await?;
    house.store.mark_dispatched(std::slice::from_ref(&pending)).await?;
    assert_eq!(house.outbox().await?, 0);
    assert_eq!(house.store.redispatch_all().await?, 1);
    let again = house.store.due(10).await?;
    assert_eq!((again[0].job, again[0].dispatch_seq), (pending.job, 2));
    // The mark of the first dispatch comes late: it must not hide the second.
    house.store.mark_dispatched(&[pending]).await?;
    assert_eq!(house.outbox().await?, 1);
    Ok(())
}

#[tokio::test]
async fn the_sweep_takes_only_what_waited_too_long_on_that_stream() -> anyhow::Result<()> {
    let house = House::build().await?;
    let pending = submit(&house, house.ann).await?;
    house.store.mark_dispatched(&[pending]).await?;
    assert_eq!(house.store.sweep(JobClass::Small, Priority::High, 60).await?, 0);
    sqlx::query("UPDATE e2i.jobs SET dispatched_at = now() - interval '61 s'").execute(house.store.pool()).await?;
    assert_eq!(house.store.sweep(JobClass::Large, Priority::High, 60).await?, 0);
    assert_eq!(house.store.sweep(JobClass::Small, Priority::Low, 60).await?, 0);
    assert_eq!(house.store.sweep(JobClass::Small, Priority::High, 60).await?, 1);
    assert_eq!(house.outbox().await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_submission_tells_how_much_its_owner_has_in_flight() -> anyhow::Result<()> {
    let house = House::build().await?;
    let lease = house.running().await?;
    assert_eq!(lease.attempt, 1);
    let pending = submit(&house, house.ann).await?;
    house.store.mark_dispatched(&[pending]).await?;
    let Submitted::New { in_flight, .. } = house.store.submit(&new_job(house.ann)).await? else {
        anyhow::bail!("not new");
    };
    assert_eq!((in_flight.on_stream, in_flight.of_owner, in_flight.must_wait), (1, 2, false));
    Ok(())
}

#[tokio::test]
async fn queued_jobs_of_versions_that_no_worker_has_are_counted() -> anyhow::Result<()> {
    let house = House::build().await?;
    for _ in 0..3 {
        house.submit().await?;
    }
    house.running().await?;
    let agents = |version| vec![("canary".to_owned(), version), ("profile".to_owned(), 1)];
    let jobs = |jobs| vec![Stranded { agent: "canary".to_owned(), version: 1, jobs }];
    assert_eq!(house.store.stranded_jobs(&agents(1)).await?, []);
    assert_eq!(house.store.stranded_jobs(&agents(2)).await?, jobs(3), "what runs is in hand");
    assert_eq!(house.store.stranded_jobs(&[]).await?, jobs(3));
    Ok(())
}
