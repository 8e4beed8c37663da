//! Whether something is well: its own readiness with the revision that it should have, and an analysis through the public
//! address.

use std::time::Duration;

use anyhow::Context;
use async_trait::async_trait;
use reqwest::{Client, StatusCode};
use serde::Deserialize;

use super::canary::Canary;
use super::docker::Docker;
use crate::ports::{Log, Prober, Unready};
use crate::release::Service;

/// One question.
const ANSWERS_WITHIN: Duration = Duration::from_secs(2);
/// The worker's network is not ours: it is asked from within, which takes the engine some time more.
const EXEC_WITHIN: Duration = Duration::from_secs(8);

/// Where a service says how it is, and where it answers what nginx asks it for.
#[derive(Clone, Copy, Debug)]
struct Doors {
    private: u16,
    public: u16,
    /// Something that it answers by itself, to anybody.
    path: &'static str,
}

const GATEWAY: Doors = Doors { private: 9000, public: 8000, path: "/config.json" };
/// The same whatever is up or down; `/health` is 503 when another part is.
const HEALTH: Doors = Doors { private: 9020, public: 8020, path: "/api/v1/status" };
const FRONTEND: Doors = Doors { private: 9081, public: 3000, path: "/" };

/// [`Prober`] over Docker's networks.
#[derive(Clone, Debug)]
pub struct Asking {
    docker: Docker,
    http: Client,
    canary: Canary,
}

/// What `/readyz` says.
#[derive(Debug, Deserialize)]
struct Readiness {
    status: String,
    revision: String,
    #[serde(default)]
    draining: bool,
    #[serde(default)]
    checks: serde_json::Value,
}

impl Asking {
    /// `http` follows no redirect and keeps no connection.
    pub(crate) fn new(docker: Docker, http: Client, canary: Canary) -> Self {
        Self { docker, http, canary }
    }

    /// Ready is who says so, and serves: one that answers errors to everybody must not meet a request.
    async fn over_http(&self, container: &str, doors: Doors, revision: &str) -> Result<(), Unready> {
        let (status, body) = self.ask(container, doors.private, "/readyz").await?;
        if status != StatusCode::OK {
            return Err(format!("{container} answers {}: {}", status.as_u16(), beginning(&body)).into());
        }
        judge(container, &body, revision)?;
        let (status, body) = self.ask(container, doors.public, doors.path).await?;
        Ok(serves(container, doors.path, status, &body)?)
    }

    async fn ask(&self, container: &str, port: u16, path: &str) -> Result<(StatusCode, String), String> {
        let answer = self.http.get(format!("http://{container}:{port}{path}")).timeout(ANSWERS_WITHIN).send().await;
        let answer = answer.map_err(|error| format!("{container} does not answer: {}", innermost(&error)))?;
        let status = answer.status();
        let body = answer.text().await.map_err(|error| format!("{container} broke off: {}", innermost(&error)))?;
        Ok((status, body))
    }

    async fn asked_within(&self, container: &str, revision: &str) -> anyhow::Result<Result<(), Unready>> {
        let said = self.docker.exec(container, &["e2i-worker", "healthcheck"], EXEC_WITHIN).await?;
        if !said.success {
            return Ok(Err(format!("{container}: {}", beginning(&said.last_words())).into()));
        }
        Ok(judge(container, said.out.trim(), revision))
    }
}

/// Whether an answer of 200 means ready, with this revision.
fn judge(container: &str, body: &str, revision: &str) -> Result<(), Unready> {
    let said: Readiness = serde_json::from_str(body)
        .map_err(|_| format!("{container} answers 200 but says nothing of its readiness: {}", beginning(body)))?;
    if !matches!(said.status.as_str(), "pass" | "warn") || said.draining {
        return Err(format!("{container} is not ready: {} {}", said.status, said.checks).into());
    }
    if said.revision != revision {
        let why = format!("{container} is revision {} instead of {revision}", said.revision);
        return Err(Unready { why, is_final: true });
    }
    Ok(())
}

/// Whether it serves: a refusal (busy, not found) is an answer, an error of its own is none.
fn serves(container: &str, path: &str, status: StatusCode, body: &str) -> Result<(), String> {
    if status.is_server_error() {
        let code = status.as_u16();
        return Err(format!("{container} says that it is ready and answers {code} to {path}: {}", beginning(body)));
    }
    Ok(())
}

/// The first of a text that may be long.
pub(crate) fn beginning(text: &str) -> String {
    const LONGEST: usize = 300;
    text.chars().take(LONGEST).collect::<String>().replace('\n', " ").trim().to_owned()
}

/// What an error comes down to.
pub(crate) fn innermost(error: &dyn std::error::Error) -> String {
    let mut source = error;
    while let Some(deeper) = source.source() {
        source = deeper;
    }
    source.to_string()
}

#[async_trait]
impl Prober for Asking {
    async fn ready(&self, service: Service, container: &str, revision: &str) -> anyhow::Result<Result<(), Unready>> {
        match service {
            Service::Gateway => Ok(self.over_http(container, GATEWAY, revision).await),
            Service::Health => Ok(self.over_http(container, HEALTH, revision).await),
            Service::Frontend => Ok(self.over_http(container, FRONTEND, revision).await),
            Service::Worker => self.asked_within(container, revision).await,
            other => Err(anyhow::anyhow!("{other} is not rolled: nobody asks whether it is ready")),
        }
    }

    async fn canary(&self, log: &dyn Log) -> anyhow::Result<Result<(), String>> {
        self.canary.run(log).await.context("the canary could not be tried")
    }
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;

    use super::{Unready, judge, serves};

    fn said(status: &str, revision: &str, draining: bool) -> Result<(), Unready> {
        let body =
            serde_json::json!({"status": status, "revision": revision, "draining": draining, "checks": {"a": 1}});
        judge("e2i-r1-gateway-1", &body.to_string(), "abc")
    }

    #[test]
    fn ready_is_who_says_so_with_the_revision_that_is_expected() {
        said("pass", "abc", false).unwrap();
        said("warn", "abc", false).unwrap();
        let other = said("pass", "abd", false).unwrap_err();
        assert!(other.is_final && other.why.contains("revision abd instead of abc"), "{other:?}");
        for (unready, words) in [
            (said("fail", "abc", false), "is not ready"),
            (said("pass", "abc", true), "is not ready"),
            (judge("x", "<html>", "abc"), "says nothing of its readiness"),
        ] {
            let unready = unready.unwrap_err();
            assert!(!unready.is_final && unready.why.contains(words), "{unready:?}");
        }
    }

    #[test]
    fn one_that_answers_errors_is_not_ready_whatever_it_says() {
        let words = serves("e2i-r1-gateway-1", "/config.json", StatusCode::INTERNAL_SERVER_ERROR, "oops").unwrap_err();
        assert!(words.contains("answers 500 to /config.json: oops"), "{words}");
        serves("e2i-r1-gateway-1", "/config.json", StatusCode::TOO_MANY_REQUESTS, "").unwrap();
        serves("e2i-r1-frontend-1", "/", StatusCode::OK, "<html>").unwrap();
    }
}
