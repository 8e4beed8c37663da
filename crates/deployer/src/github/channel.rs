//! Deployments and their statuses
//! (<https://docs.github.com/en/rest/deployments/deployments>, <https://docs.github.com/en/rest/deployments/statuses>).
//!
//! Nothing is remembered here: a deployment of ours is found again by its `task` (`e2i:12`), a status by the event id in its
//! description. Both are looked for before they are made, so being killed between GitHub's answer and our note doubles
//! neither, unless GitHub does not show yet what it has just taken; then the event id tells the copies.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use notify::{Channel, Failure, Line};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;

use super::GithubConfig;
use super::client::{Client, read};

/// GitHub's longest description.
const MOST_DESCRIPTION: usize = 140;

/// What is told: where a deployment of ours stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Our number.
    pub deployment: i64,
    /// The commit.
    pub commit: String,
    /// GitHub's word: `queued`, `in_progress`, `success`, `failure`, `error`, `inactive`.
    pub state: String,
    /// In words.
    pub description: String,
    /// Our page of it.
    pub log_url: Option<Url>,
    /// The platform.
    pub environment_url: Option<Url>,
    /// When.
    pub at: DateTime<Utc>,
}

/// The channel.
#[derive(Debug, Clone)]
pub struct Deployments {
    client: Client,
    environment: String,
}

#[derive(Deserialize)]
struct Known {
    id: i64,
}

#[derive(Deserialize)]
struct KnownStatus {
    description: Option<String>,
}

impl Deployments {
    /// Over this client.
    #[must_use]
    pub fn new(http: reqwest::Client, config: GithubConfig) -> Self {
        let environment = config.environment.clone();
        Self { client: Client::new(http, config, "write deployments"), environment }
    }

    async fn deployment(&self, status: &Status) -> Result<i64, Failure> {
        let task = format!("e2i:{}", status.deployment);
        let environment = &self.environment;
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("sha", &status.commit), ("task", &task), ("environment", environment)])
            .finish();
        let known: Vec<Known> =
            read(self.client.ask(Method::GET, &format!("deployments?{query}"), None).await?).await?;
        if let Some(known) = known.first() {
            return Ok(known.id);
        }
        let body = json!({
            "ref": status.commit, "task": task, "environment": environment,
            "description": format!("E2I deployment #{}", status.deployment),
            "payload": {"deployment": status.deployment},
            // It is deployed whatever other checks say, and main is not merged into anything.
            "auto_merge": false, "required_contexts": [], "production_environment": environment == "production",
        });
        let made: Known = read(self.client.ask(Method::POST, "deployments", Some(&body)).await?).await?;
        Ok(made.id)
    }
}

#[async_trait]
impl Channel for Deployments {
    fn name(&self) -> &'static str {
        super::CHANNEL
    }

    async fn deliver(&self, line: &Line) -> Result<(), Failure> {
        let status: Status = serde_json::from_value(line.body.clone())
            .map_err(|error| Failure::new(format!("line {} of the outbox is no status: {error}", line.id.0)))?;
        let id = self.deployment(&status).await?;
        let path = format!("deployments/{id}/statuses");
        let event = format!("[{}]", line.event);
        let known: Vec<KnownStatus> = read(self.client.ask(Method::GET, &path, None).await?).await?;
        if known.iter().any(|known| known.description.as_deref().is_some_and(|text| text.ends_with(&event))) {
            return Ok(());
        }
        let room = MOST_DESCRIPTION.saturating_sub(event.chars().count() + 1);
        let description: String = status.description.chars().take(room).collect();
        let body = json!({
            "state": status.state, "description": format!("{} {event}", description.trim_end()),
            "environment": self.environment, "log_url": status.log_url,
            "environment_url": status.environment_url,
        });
        self.client.ask(Method::POST, &path, Some(&body)).await?;
        Ok(())
    }
}
