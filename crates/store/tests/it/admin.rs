//! What admins see and do in all workspaces, and what each attempt leaves behind.

use std::time::Duration;

use domain::job::{Failure, JobState, Reason};
use store::Access;
use store::attempts::Ending;
use store::jobs::admin::AdminFilter;
use store::jobs::{Cancelled, JobFilter, Retried};

use crate::house::{House, analysis};

fn page() -> AdminFilter {
    AdminFilter { common: JobFilter { limit: 10, ..JobFilter::default() }, ..AdminFilter::default() }
}

#[tokio::test]
async fn admins_find_dead_letters_of_all_workspaces_with_every_reason_and_try_them_again() -> anyhow::Result<()> {
    let house = House::build().await?;
    let dead = house.submit().await?;
    for crash in 1..=3 {
        let lease = house.claim_again(dead).await?;
        let failure = Failure { reason: Reason::Crash, detail: format!("signal {crash}") };
        house.store.end_attempt(lease, &Ending::Retry { failure, after: Duration::ZERO }).await?.unwrap();
    }
    house.store.submit(&analysis(house.bob)).await?;
    assert_eq!(house.store.jobs_of_all(&page()).await?.len(), 2);
    let of_bob = AdminFilter { owner: Some(house.bob.user), ..page() };
    assert_eq!(house.store.jobs_of_all(&of_bob).await?.len(), 1);
    let crashed = AdminFilter { reason: Some(Reason::Crash), ..page() };
    assert_eq!(house.store.jobs_of_all(&crashed).await?.len(), 1);
    let letters = house.store.jobs_of_all(&AdminFilter { dead_letters: true, ..page() }).await?;
    assert_eq!(letters.iter().map(|job| (job.id, job.crash_count)).collect::<Vec<_>>(), [(dead, 3)]);
    let tries = house.store.tries_of_any(dead).await?;
    let told: Vec<_> = tries.iter().map(|tried| tried.failure.as_ref().map(|why| why.detail.as_str())).collect();
    assert_eq!(told, [Some("signal 3"), Some("signal 2"), Some("signal 1")]);
    assert_eq!(house.store.tries(Access::read(house.ann.user), dead).await?, tries, "the owner sees them too");
    assert!(house.store.tries(Access::read(house.bob.user), dead).await?.is_empty(), "bob does not");
    // Bob is no member there; as an admin he may.
    assert_eq!(house.store.retry(Access::write(house.bob.user), dead, None).await?, None);
    let retried = house.store.retry_any(house.bob.user, dead, Some("request")).await?;
    assert!(matches!(retried, Some(Retried::Queued { attempt: 3, .. })), "{retried:?}");
    let job = house.store.any_job(dead).await?.unwrap();
    assert_eq!((job.state, job.crash_count, job.attempt), (JobState::Queued, 0, 3));
    let cancelled = house.store.cancel_any(house.bob.user, dead, None).await?;
    assert!(matches!(cancelled, Some(Cancelled::Now { .. })), "{cancelled:?}");
    let audited: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM e2i.audit_log WHERE actor = $1 AND detail->>'by' = 'admin' AND target = $2",
    )
    .bind(house.bob.user.0)
    .bind(dead.to_string())
    .fetch_one(house.store.pool())
    .await?;
    assert_eq!(audited, 2);
    Ok(())
}
