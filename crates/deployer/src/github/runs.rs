//! Whether CI has passed on a commit, asked of GitHub
//! (<https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-repository>): what the webhook would
//! have told, for when its delivery was lost.

use std::sync::{Mutex, PoisonError};

use anyhow::ensure;
use chassis::clock::SharedClock;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use serde::Deserialize;

use super::GithubConfig;
use super::client::{Client, Refused, read};
use crate::release::Commit;
use crate::webhook::Expected;
use crate::webhook::event::passed;
use crate::webhook::payload::{Repository, Run};

/// GitHub's largest page: runs of one commit's push are few.
const PAGE: &str = "100";

/// The runs of the repository's workflows.
pub struct Runs {
    client: Client,
    expected: Expected,
    clock: SharedClock,
    /// GitHub wants to be left alone until then.
    not_before: Mutex<Option<DateTime<Utc>>>,
}

#[derive(Deserialize)]
struct Listed {
    workflow_runs: Vec<ListedRun>,
}

#[derive(Deserialize)]
struct ListedRun {
    #[serde(flatten)]
    run: Run,
    repository: Repository,
}

impl Runs {
    /// Over this client; which runs count is the webhook's rule.
    #[must_use]
    pub fn new(http: reqwest::Client, config: GithubConfig, expected: Expected, clock: SharedClock) -> Self {
        Self { client: Client::new(http, config, "read actions"), expected, clock, not_before: Mutex::default() }
    }

    /// Whether a run that counts has passed on the commit. One that runs still, or failed, has not.
    ///
    /// # Errors
    /// GitHub did not say. After its limit it is not asked again before the limit has passed.
    pub async fn have_passed(&self, commit: &Commit) -> anyhow::Result<bool> {
        let not_before = *self.not_before.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(until) = not_before {
            ensure!(
                self.clock.now() >= until,
                "GitHub's API has answered enough for now; it is asked again at {until}"
            );
        }
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("head_sha", commit.as_str()), ("event", "push"), ("status", "completed")])
            .extend_pairs([("branch", self.expected.branch.as_str()), ("per_page", PAGE)])
            .finish();
        let answer = self.client.ask(Method::GET, &format!("actions/runs?{query}"), None).await;
        let listed: Listed = match answer {
            Ok(answer) => read(answer).await?,
            Err(refused) => {
                self.leave_alone(&refused);
                return Err(refused.into());
            }
        };
        let is_one = |one: &ListedRun| passed(&one.run, &one.repository, &self.expected).as_ref() == Ok(commit);
        Ok(listed.workflow_runs.iter().any(is_one))
    }

    fn leave_alone(&self, refused: &Refused) {
        let after = refused.retry_after.and_then(|after| TimeDelta::from_std(after).ok());
        let until = after.and_then(|after| self.clock.now().checked_add_signed(after)).or(refused.resets_at);
        *self.not_before.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }
}
