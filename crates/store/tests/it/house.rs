//! A migrated database with two people, each in a workspace of their own.

use std::time::Duration;

use domain::agents::{Agent, AgentContract, canary::Canary, causal_impact::CausalImpact};
use domain::ids::{JobId, UserId, WorkspaceId};
use futures::{StreamExt, TryStreamExt};
use store::attempts::{Claimant, Claimed, Lease};
use store::jobs::{Idempotency, NewJob, Submitted};
use store::{Options, Store};

/// What every test starts from.
pub(crate) struct House {
    pub(crate) store: Store,
    pub(crate) url: String,
    pub(crate) admin_url: String,
    pub(crate) ann: Person,
    pub(crate) bob: Person,
}

#[derive(Clone, Copy)]
pub(crate) struct Person {
    pub(crate) user: UserId,
    pub(crate) workspace: WorkspaceId,
}

pub(crate) static CANARY: Agent = Agent::of::<Canary>();
static CAUSAL: Agent = Agent::of::<CausalImpact>();
pub(crate) const LEASE: Duration = Duration::from_secs(30);
pub(crate) const KNOWN: &[(&str, i32)] =
    &[("canary", 1), ("profile", 1), ("causal_impact", CausalImpact::VERSION), ("derive", 1)];

pub(crate) fn options() -> Options {
    Options { application_name: "store-test".into(), max_connections: 5, acquire_timeout: Duration::from_secs(10) }
}

impl House {
    pub(crate) async fn build() -> anyhow::Result<Self> {
        let servers = servers::fresh().await?;
        store::schema::migrate(&servers.database_url, &store::schema::Patience::default()).await?;
        let store = Store::connect(&servers.database_url, &options()).await?;
        let ann = person(&store).await?;
        let bob = person(&store).await?;
        Ok(Self { store, url: servers.database_url, admin_url: servers.admin_url, ann, bob })
    }

    pub(crate) async fn submit(&self) -> anyhow::Result<JobId> {
        match self.store.submit(&new_job(self.ann)).await? {
            Submitted::New { id, .. } => Ok(id),
            other => anyhow::bail!("{other:?}"),
        }
    }

    /// Submits so many analyses for a person, many at a time.
    pub(crate) async fn bulk(&self, person: Person, count: usize) -> anyhow::Result<Vec<JobId>> {
        let submitted = futures::stream::iter(0..count).map(|_| async move {
            match self.store.submit(&analysis(person)).await? {
                Submitted::New { id, .. } => Ok(id),
                other => anyhow::bail!("{other:?}"),
            }
        });
        submitted.buffered(5).try_collect().await
    }

    /// Everything on Redis has been there for a while.
    pub(crate) async fn settle(&self) -> anyhow::Result<()> {
        let statement =
            "UPDATE e2i.jobs SET dispatched_at = dispatched_at - interval '1 s' WHERE dispatched_at IS NOT NULL";
        sqlx::query(statement).execute(self.store.pool()).await?;
        Ok(())
    }

    pub(crate) async fn claim(&self, job: JobId, worker: &str) -> anyhow::Result<Option<Claimed>> {
        let seq: i64 = sqlx::query_scalar("SELECT dispatch_seq FROM e2i.jobs WHERE id = $1")
            .bind(job.0)
            .fetch_one(self.store.pool())
            .await?;
        Ok(self.store.claim(&[(job, seq)], Claimant::with_room(worker, LEASE, KNOWN)).await?.pop())
    }

    /// A job that is claimed, and the lease on it.
    pub(crate) async fn running(&self) -> anyhow::Result<Lease> {
        let job = self.submit().await?;
        self.claim_again(job).await
    }

    pub(crate) async fn claim_again(&self, job: JobId) -> anyhow::Result<Lease> {
        let claimed = self.claim(job, "worker-1").await?.ok_or_else(|| anyhow::anyhow!("not claimed"))?;
        Ok(Lease { job, attempt: claimed.attempt })
    }

    pub(crate) async fn expire(&self, job: JobId) -> anyhow::Result<()> {
        sqlx::query("UPDATE e2i.jobs SET lease_until = now() - interval '1 s' WHERE id = $1")
            .bind(job.0)
            .execute(self.store.pool())
            .await?;
        Ok(())
    }

    pub(crate) async fn outbox(&self) -> anyhow::Result<i64> {
        Ok(sqlx::query_scalar("SELECT count(*) FROM e2i.outbox").fetch_one(self.store.pool()).await?)
    }
}

pub(crate) fn new_job(person: Person) -> NewJob {
    NewJob {
        workspace: person.workspace,
        owner: person.user,
        agent: &CANARY,
        dataset: None,
        parameters: serde_json::json!({"work_ms": 0}),
        memory_mib: 64,
        traceparent: None,
        idempotency: None,
        request_id: None,
        run_at: None,
    }
}

/// One that counts against a person's limits, without data: the store does not look into it.
pub(crate) fn analysis(person: Person) -> NewJob {
    NewJob { agent: &CAUSAL, ..new_job(person) }
}

pub(crate) fn with_key(person: Person, key: &str, hash: u8) -> NewJob {
    NewJob { idempotency: Some(Idempotency { key: key.into(), request_hash: vec![hash; 32] }), ..new_job(person) }
}

async fn person(store: &Store) -> anyhow::Result<Person> {
    let (user, workspace): (uuid::Uuid, uuid::Uuid) = sqlx::query_as(
        "WITH w AS (INSERT INTO e2i.workspaces (name, created_by) VALUES ('own', gen_random_uuid()) RETURNING id, created_by)
         INSERT INTO e2i.workspace_members (workspace_id, user_id, role) SELECT id, created_by, 'owner' FROM w
         RETURNING user_id, workspace_id",
    )
    .fetch_one(store.pool())
    .await?;
    Ok(Person { user: user.into(), workspace: workspace.into() })
}
