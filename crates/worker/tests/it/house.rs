//! A database, a Redis, and workers as child processes of the test.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, ensure};
use domain::agents::{Agent, canary::Canary, causal_impact::CausalImpact};
use domain::ids::{JobId, UserId, WorkspaceId};
use domain::job::JobState;
use queue::Queue;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use store::jobs::{Job, NewJob, Submitted};
use store::{Access, Options, Store};
use tempfile::TempDir;
use tokio::process::{Child, Command};

pub(crate) static CANARY: Agent = Agent::of::<Canary>();
pub(crate) static CAUSAL: Agent = Agent::of::<CausalImpact>();
/// Longer than anything here takes on a slow day.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct House {
    pub(crate) store: Store,
    pub(crate) queue: Queue,
    pub(crate) user: UserId,
    pub(crate) workspace: WorkspaceId,
    env: Vec<(String, String)>,
    pub(crate) objects: TempDir,
}

/// A worker process; killed when dropped.
pub(crate) struct Worker {
    process: Child,
}

impl House {
    /// On the servers that all tests share.
    pub(crate) async fn build() -> anyhow::Result<Self> {
        let servers = servers::fresh().await?;
        Self::on(&servers.database_url, &servers.redis_url, &servers.key_prefix).await
    }

    /// On these servers.
    pub(crate) async fn on(database_url: &str, redis_url: &str, prefix: &str) -> anyhow::Result<Self> {
        store::schema::migrate(database_url, &store::schema::Patience::default()).await?;
        let options =
            Options { application_name: "test".into(), max_connections: 3, acquire_timeout: Duration::from_secs(20) };
        let store = Store::connect(database_url, &options).await?;
        let (user, workspace): (uuid::Uuid, uuid::Uuid) = sqlx::query_as(
            "WITH w AS (INSERT INTO e2i.workspaces (name, created_by) VALUES ('own', gen_random_uuid())
                        RETURNING id, created_by)
             INSERT INTO e2i.workspace_members (workspace_id, user_id, role) SELECT id, created_by, 'owner' FROM w
             RETURNING user_id, workspace_id",
        )
        .fetch_one(store.pool())
        .await?;
        let objects = TempDir::new()?;
        let env = [
            ("DATABASE_URL", database_url),
            ("REDIS_URL", redis_url),
            ("REDIS_KEY_PREFIX", prefix),
            ("OBJECT_STORE_URL", objects.path().to_str().context("no path")?),
            ("WORKER_PRIVATE_LISTEN", "127.0.0.1:0"),
            ("WORKER_CONCURRENCY", "2"),
            ("WORKER_LEASE", "2s"),
            // One, so that a test can tell which child has its job.
            ("WORKER_WARM_CHILDREN", "1"),
            ("RUST_LOG", "warn"),
        ];
        Ok(Self {
            store,
            queue: Queue::open(redis_url, prefix)?,
            user: user.into(),
            workspace: workspace.into(),
            env: env.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            objects,
        })
    }

    pub(crate) fn worker(&self) -> anyhow::Result<Worker> {
        self.worker_with(&[])
    }

    pub(crate) fn worker_with(&self, more: &[(&str, &str)]) -> anyhow::Result<Worker> {
        let process = Command::new(env!("CARGO_BIN_EXE_e2i-worker"))
            .env_clear()
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .envs(more.iter().copied())
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        Ok(Worker { process })
    }

    pub(crate) async fn canary(&self, work_ms: u32) -> anyhow::Result<JobId> {
        self.submit(&CANARY, json!({ "work_ms": work_ms })).await
    }

    pub(crate) async fn submit(&self, agent: &'static Agent, parameters: serde_json::Value) -> anyhow::Result<JobId> {
        let job = NewJob {
            workspace: self.workspace,
            owner: self.user,
            agent,
            dataset: None,
            memory_mib: agent.declared_memory_mib(&parameters, None),
            parameters,
            traceparent: None,
            idempotency: None,
            request_id: None,
            run_at: None,
        };
        match self.store.submit(&job).await? {
            Submitted::New { id, .. } => Ok(id),
            other => anyhow::bail!("{other:?}"),
        }
    }

    pub(crate) async fn job(&self, id: JobId) -> anyhow::Result<Job> {
        self.store.job(self.access(), id).await?.context("the job is gone")
    }

    pub(crate) fn access(&self) -> Access {
        Access::write(self.user)
    }

    pub(crate) async fn reaches(&self, id: JobId, state: JobState) -> anyhow::Result<Job> {
        self.until(id, |job| job.state == state).await
    }

    /// Looks until `holds`, or fails with what it saw last.
    pub(crate) async fn until(&self, id: JobId, holds: impl Fn(&Job) -> bool) -> anyhow::Result<Job> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let seen = self.job(id).await;
            match seen {
                Ok(job) if holds(&job) => return Ok(job),
                seen => ensure!(tokio::time::Instant::now() < deadline, "still {seen:?}"),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until a worker was offered the job and has handed it on, then gives it.
    pub(crate) async fn until_offered_again(&self, id: JobId) -> anyhow::Result<Job> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let offers: i64 = sqlx::query_scalar("SELECT dispatch_seq FROM e2i.jobs WHERE id = $1")
                .bind(id.0)
                .fetch_one(self.store.pool())
                .await?;
            if offers > 1 {
                return self.job(id).await;
            }
            ensure!(tokio::time::Instant::now() < deadline, "never handed on");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until the job, the only one, runs and gives the child that computes it.
    pub(crate) async fn computing(&self, worker: &Worker, job: JobId) -> anyhow::Result<Pid> {
        self.reaches(job, JobState::Running).await?;
        worker.child().await
    }

    pub(crate) async fn results(&self) -> anyhow::Result<i64> {
        Ok(sqlx::query_scalar("SELECT count(*) FROM e2i.results").fetch_one(self.store.pool()).await?)
    }

    pub(crate) async fn execute(&self, sql: &'static str) -> anyhow::Result<()> {
        sqlx::query(sql).execute(self.store.pool()).await?;
        Ok(())
    }
}

impl Worker {
    pub(crate) fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        Ok(kill_process(self.pid()?, signal)?)
    }

    /// Waits for the process's end: its exit code, `None` after a signal.
    pub(crate) async fn ended(&mut self) -> anyhow::Result<Option<i32>> {
        Ok(tokio::time::timeout(PATIENCE, self.process.wait()).await.context("the worker does not end")??.code())
    }

    /// The processes that compute for it.
    pub(crate) fn children(&self) -> anyhow::Result<Vec<Pid>> {
        let pid = self.pid()?.as_raw_nonzero();
        let mut children = Vec::new();
        for thread in std::fs::read_dir(format!("/proc/{pid}/task"))? {
            let listed = std::fs::read_to_string(thread?.path().join("children")).unwrap_or_default();
            children.extend(listed.split_whitespace().filter_map(|pid| Pid::from_raw(pid.parse().ok()?)));
        }
        Ok(children)
    }

    /// Waits for exactly one child and gives it.
    async fn child(&self) -> anyhow::Result<Pid> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            if let [child] = self.children()?[..] {
                return Ok(child);
            }
            ensure!(tokio::time::Instant::now() < deadline, "no single child");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn pid(&self) -> anyhow::Result<Pid> {
        let id = self.process.id().context("the worker has ended")?;
        Pid::from_raw(i32::try_from(id)?).context("no pid")
    }
}
