//! The deployer as its callers see it: the HTTP API, and the log and journal that it leaves.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use local::client::Client;
use serde_json::{Value, json};
use stack::command::{run, until};
use tokio::sync::Mutex;

use crate::platform::{Access, only};
use crate::server::Server;

/// A token lives for 15 minutes.
const READS_FOR: Duration = Duration::from_mins(10);
/// Between two questions how far a deployment is.
const ASKED_EVERY: Duration = Duration::from_millis(400);

/// No step of a test's release takes longer than this altogether.
pub const ENDS_WITHIN: Duration = Duration::from_mins(6);
const ENDED: [&str; 8] = ["live", "replaced", "taken_back", "failed", "refused", "cancelled", "superseded", "stuck"];
const STATE: &str = "/var/lib/docker/volumes/e2i_deployer-state/_data";

/// What to do about deployments, as the first admin.
#[derive(Clone)]
pub struct Deployments {
    access: Access,
    /// Whoever only reads has signed in some time ago: a password's hash is work for a gateway.
    reader: Arc<Mutex<Option<(Client, Instant)>>>,
}

impl Deployments {
    /// Over the public address.
    #[must_use]
    pub fn of(access: &Access) -> Self {
        Self { access: access.clone(), reader: Arc::default() }
    }

    async fn reader(&self) -> anyhow::Result<Client> {
        let mut reader = self.reader.lock().await;
        if let Some((client, since)) = reader.as_ref()
            && since.elapsed() < READS_FOR
        {
            return Ok(client.clone());
        }
        let client = self.access.admin().await?;
        *reader = Some((client.clone(), Instant::now()));
        Ok(client)
    }

    /// `GET` below `/api/v1/deployments`.
    ///
    /// # Errors
    /// When the answer says no.
    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.reader().await?.get(&format!("/api/v1/deployments{path}")).await
    }

    /// `POST` there, just signed in.
    ///
    /// # Errors
    /// When the answer says no.
    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.access.admin().await?.post(&format!("/api/v1/deployments{path}"), body).await
    }

    /// What is live, what runs, what is pinned.
    ///
    /// # Errors
    /// When it is not told.
    pub async fn overview(&self) -> anyhow::Result<Value> {
        self.get("/overview").await
    }

    /// The number of the live deployment.
    ///
    /// # Errors
    /// When there is none.
    pub async fn live(&self) -> anyhow::Result<i64> {
        self.overview().await?["live"]["id"].as_i64().context("nothing is live")
    }

    /// Deployments of a commit, newest first.
    ///
    /// # Errors
    /// When they are not told.
    pub async fn of_commit(&self, commit: &str) -> anyhow::Result<Vec<Value>> {
        let page = self.get("?limit=100").await?;
        let items = page["items"].as_array().context("no list")?;
        Ok(items.iter().filter(|one| one["commit"]["id"] == commit).cloned().collect())
    }

    /// Waits until the newest deployment of a commit has ended; gives it with its steps.
    ///
    /// # Errors
    /// When there is none in time, or it does not end.
    pub async fn ended(&self, commit: &str, within: Duration) -> anyhow::Result<Value> {
        let found = until(&format!("the deployment of {commit} ends"), within, async || {
            tokio::time::sleep(ASKED_EVERY).await;
            let all = self.of_commit(commit).await?;
            let Some(newest) = all.first() else { bail!("there is no deployment of it") };
            let state = newest["state"].as_str().unwrap_or_default();
            if ENDED.contains(&state) {
                Ok(Some(newest["id"].as_i64()))
            } else {
                bail!("it is {state}: {}", newest["step"])
            }
        })
        .await;
        match found {
            Ok(id) => self.ended_by_number(id.context("a deployment without a number")?, within).await,
            Err(error) => Err(error.context(self.story(commit).await)),
        }
    }

    /// Waits until a deployment has ended, by its number.
    ///
    /// # Errors
    /// When it does not end in time.
    pub async fn ended_by_number(&self, id: i64, within: Duration) -> anyhow::Result<Value> {
        let path = format!("/{id}");
        until(&format!("deployment {id} ends"), within, async || {
            tokio::time::sleep(ASKED_EVERY).await;
            let deployment = self.get(&path).await?;
            let state = deployment["state"].as_str().unwrap_or_default().to_owned();
            if ENDED.contains(&state.as_str()) {
                Ok(Some(deployment))
            } else {
                bail!("it is {state}: {}", deployment["step"])
            }
        })
        .await
    }

    /// The log of the newest deployment of a commit, its last lines.
    pub async fn story(&self, commit: &str) -> String {
        let told = async {
            let all = self.of_commit(commit).await?;
            let id = all.first().and_then(|one| one["id"].as_i64()).context("no deployment")?;
            let client = self.reader().await?;
            let request = client.request(reqwest::Method::GET, &format!("/api/v1/deployments/{id}/log"));
            anyhow::Ok(client.send(request).await?.text().await?)
        };
        match told.await {
            Ok(log) => stack::command::last_lines(&log, 25),
            Err(error) => format!("(no log: {error:#})"),
        }
    }

    /// Orders a deployment by hand; gives its number.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn deploy(&self, reference: &str) -> anyhow::Result<i64> {
        let body = json!({ "ref": reference, "force": false, "maintenance": false, "note": "" });
        self.post("", &body).await?["id"].as_i64().context("no number")
    }

    /// Orders to go back to a deployment; gives the number of the new one.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn roll_back(&self, to: i64, force: bool) -> anyhow::Result<i64> {
        self.post(&format!("/{to}/rollback"), &json!({ "force": force })).await?["id"].as_i64().context("no number")
    }
}

/// What the deployer's private port says, over the server's own network.
///
/// # Errors
/// When it does not answer.
pub async fn claims(server: &Server) -> anyhow::Result<Value> {
    let deployer = only(server, "deployer").await?;
    let networks = deployer.about["NetworkSettings"]["Networks"].as_object().context("the deployer has no network")?;
    let address = networks.values().find_map(|network| network["IPAddress"].as_str().filter(|text| !text.is_empty()));
    let url = format!("http://{}:9030/state", address.context("the deployer has no address")?);
    let text = run(server.command("curl")?.args([
        "--silent",
        "--show-error",
        "--fail",
        "--max-time",
        "5",
        "--noproxy",
        "*",
        &url,
    ]))
    .await?;
    serde_json::from_str(&text).context("read /state")
}

/// Whether a step of a deployment has begun, by the log that the deployer writes; faster than any question.
///
/// # Errors
/// When the server is off.
pub fn has_begun(server: &Server, deployment: i64, step: &str) -> anyhow::Result<bool> {
    let file = server.path(&format!("{STATE}/deployments/{deployment}/log.jsonl"))?;
    let log = std::fs::read_to_string(file).unwrap_or_default();
    Ok(log.contains(&format!("\"step\":\"{step}\"")))
}

/// Ends the deployer's process when a step of the deployment begins; it is started again by Docker. Gives false when the
/// deployment ended before.
///
/// # Errors
/// When neither happens in time.
pub async fn kill_at(server: &Server, deployments: &Deployments, deployment: i64, step: &str) -> anyhow::Result<bool> {
    let deployer = only(server, "deployer").await?.id;
    let begin = Instant::now();
    let mut asked = Instant::now();
    loop {
        if has_begun(server, deployment, step)? {
            server.crash(&deployer).await?;
            return Ok(true);
        }
        if asked.elapsed() > Duration::from_secs(2) {
            asked = Instant::now();
            let state = deployments.get(&format!("/{deployment}")).await.map(|one| one["state"].clone());
            if state.is_ok_and(|state| ENDED.contains(&state.as_str().unwrap_or_default())) {
                return Ok(false);
            }
        }
        ensure!(begin.elapsed() < ENDS_WITHIN, "step {step} of deployment {deployment} has not begun in time");
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
}
