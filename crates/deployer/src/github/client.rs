//! A question to GitHub's API, and what came back.

use std::time::Duration;

use chrono::{DateTime, Utc};
use notify::Failure;
use reqwest::{Method, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::GithubConfig;

const API_VERSION: &str = "2022-11-28";

/// Asks about the repository, as whoever the token is.
#[derive(Debug, Clone)]
pub(super) struct Client {
    http: reqwest::Client,
    config: GithubConfig,
    /// What the token has to be allowed to, for the advice when it is not.
    may: &'static str,
}

/// GitHub did not do it.
#[derive(Debug, thiserror::Error)]
#[error("{words}")]
pub(super) struct Refused {
    /// What came back and what to do, for people; never the token.
    pub(super) words: String,
    /// How long it wants to be left alone.
    pub(super) retry_after: Option<Duration>,
    /// When the hour's questions are counted anew, where they are used up.
    pub(super) resets_at: Option<DateTime<Utc>>,
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self { words: refused.words, retry_after: refused.retry_after }
    }
}

impl Client {
    pub(super) fn new(http: reqwest::Client, config: GithubConfig, may: &'static str) -> Self {
        Self { http, config, may }
    }

    /// Asks for `path` of the repository.
    pub(super) async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Response, Refused> {
        let base = self.config.api.as_str().trim_end_matches('/');
        let url = format!("{base}/repos/{}/{path}", self.config.repository);
        let request = self
            .http
            .request(method, url)
            .bearer_auth(self.config.token.expose())
            .header("accept", "application/vnd.github+json")
            .header("x-github-api-version", API_VERSION)
            // GitHub refuses requests without one.
            .header("user-agent", "e2i-deployer");
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        let answer = request.send().await.map_err(|error| {
            said(format!("GitHub's API cannot be reached: {:#}", anyhow::Error::new(error.without_url())))
        })?;
        if answer.status().is_success() { Ok(answer) } else { Err(self.refused(answer).await) }
    }

    /// <https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api>: a limit is 403 or 429, with
    /// `retry-after`, or with no question left until `x-ratelimit-reset`.
    async fn refused(&self, answer: Response) -> Refused {
        let status = answer.status();
        let number = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()?.parse::<i64>().ok());
        let retry_after = number("retry-after").and_then(|seconds| seconds.try_into().ok()).map(Duration::from_secs);
        let resets_at = number("x-ratelimit-reset").filter(|_| number("x-ratelimit-remaining") == Some(0));
        let resets_at = resets_at.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        let is_limited = retry_after.is_some() || resets_at.is_some();
        let body: Value = answer.json().await.unwrap_or_default();
        let message: String = body["message"].as_str().unwrap_or_default().chars().take(200).collect();
        let advice = match status {
            StatusCode::UNAUTHORIZED => "; GITHUB_TOKEN is no longer valid".to_owned(),
            StatusCode::FORBIDDEN | StatusCode::NOT_FOUND if !is_limited => {
                format!("; check GITHUB_REPOSITORY, and that GITHUB_TOKEN may {} there", self.may)
            }
            _ => String::new(),
        };
        Refused { words: format!("GitHub's API answered {status}: {message}{advice}"), retry_after, resets_at }
    }
}

/// Reads an answer.
pub(super) async fn read<T: DeserializeOwned>(answer: Response) -> Result<T, Refused> {
    answer.json().await.map_err(|error| said(format!("GitHub's answer cannot be read: {}", error.without_url())))
}

fn said(words: String) -> Refused {
    Refused { words, retry_after: None, resets_at: None }
}
