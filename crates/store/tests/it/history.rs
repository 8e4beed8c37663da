//! What runs took, and what a queued job can expect.

use domain::agents;
use serde_json::json;

use crate::house::House;

#[tokio::test]
async fn what_runs_took_becomes_what_the_next_is_expected_to_take() -> anyhow::Result<()> {
    let house = House::build().await?;
    let agent = agents::find("canary").unwrap();
    let parameters = json!({"work_ms": 0});
    let long = json!({"work_ms": 5000});
    let own = (agent.expected)(&long, None).map(|expected| expected.seconds);
    assert_eq!(house.store.histories().await?.expected_s(agent, &long, None), own, "nothing is learned yet");
    let mut jobs = Vec::new();
    for _ in 0..20 {
        jobs.push((house.submit().await?, 8.0));
    }
    house.store.learn(&jobs[..10]).await?;
    house.store.learn(&jobs[10..]).await?;
    let histories = house.store.histories().await?;
    let expected = histories.expected_s(agent, &parameters, None).unwrap();
    assert!((6.0..=8.01).contains(&expected), "{expected}");
    assert!((histories.mean_seconds().unwrap() - 8.0).abs() < 1e-9);
    // The machine became twice as fast: the mean follows.
    for job in &jobs {
        house.store.learn(&[(job.0, 4.0)]).await?;
    }
    let expected = house.store.histories().await?.expected_s(agent, &parameters, None).unwrap();
    assert!((3.0..=5.5).contains(&expected), "{expected}");
    Ok(())
}

#[tokio::test]
async fn a_queued_jobs_place_counts_what_fair_order_puts_in_front_of_it() -> anyhow::Result<()> {
    let house = House::build().await?;
    let of_ann = house.bulk(house.ann, 50).await?;
    let of_bob = house.bulk(house.bob, 2).await?;
    let place = |job| {
        let store = &house.store;
        async move { store.place(job).await }
    };
    let (mut bobs, mut anns) = (Vec::new(), Vec::new());
    for job in &of_bob {
        bobs.push(place(*job).await?.unwrap().in_front);
    }
    for job in &of_ann {
        anns.push(place(*job).await?.unwrap().in_front);
    }
    // Bob's first waits behind nothing of an earlier turn, ann's last behind everything.
    assert_eq!((bobs.iter().min(), anns.iter().max()), (Some(&0), Some(&51)), "{bobs:?} {anns:?}");
    house.store.worker_is_here("worker-1", 2, 1).await?;
    house.claim_again(of_ann[0]).await?;
    let seen = place(of_bob[1]).await?.unwrap();
    assert_eq!((seen.running, seen.places), (1, 2));
    assert_eq!(place(of_ann[0]).await?, None, "it runs");
    Ok(())
}
