//! The canary: a tiny analysis with a known answer, through the public address, as the canary user. It passes through
//! everything that a person's analysis passes through.

use std::time::Duration;

use anyhow::{Context as _, anyhow};
use async_trait::async_trait;
use chassis::config::Secret;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::http::send;
use super::public::{Door, Public, Trust};
use super::{Probe, beginning};
use crate::reading::Reading;

const BETWEEN: Duration = Duration::from_millis(200);

/// The canary user at the public address.
#[derive(Debug)]
pub struct Canary {
    public: Public,
    email: String,
    password: Secret<String>,
}

impl Canary {
    /// As that user.
    #[must_use]
    pub fn new(public: Public, email: String, password: Secret<String>) -> Self {
        Self { public, email, password }
    }

    async fn session(&self, door: &Door) -> anyhow::Result<String> {
        let who = json!({ "email": self.email, "password": self.password.expose() });
        let session = ask(door.request(Method::POST, "/auth/v1/token?grant_type=password").json(&who)).await?;
        Ok(session["access_token"].as_str().context("there is no token in the answer")?.to_owned())
    }
}

#[async_trait]
impl Probe for Canary {
    async fn look(&self) -> Reading {
        let door = match self.public.open(Trust::Signed).await {
            Ok(door) => door,
            Err(words) => return Reading::fail(words),
        };
        let token = match self.session(&door).await {
            Ok(token) => token,
            Err(error) => return Reading::fail(format!("could not sign in: {error:#}")),
        };
        let outcome = analysis(&door, &token).await;
        // A session that is left behind ends by itself; it is only tidier so.
        let _left_behind = send(door.request(Method::POST, "/auth/v1/logout").bearer_auth(&token)).await;
        match outcome {
            Ok(()) => Reading::pass(),
            Err(error) => Reading::fail(format!("the canary analysis {error:#}")),
        }
    }
}

async fn analysis(door: &Door, token: &str) -> anyhow::Result<()> {
    let request = |method, path: &str| door.request(method, path).bearer_auth(token);
    let what = json!({ "agent": "canary", "parameters": {} });
    let accepted = ask(request(Method::POST, "/api/v1/analyses").json(&what)).await.context("was not accepted")?;
    let id = accepted["id"].as_str().context("was accepted without an id")?;
    loop {
        let state = ask(request(Method::GET, &format!("/api/v1/analyses/{id}"))).await.context("got lost")?;
        match state["state"].as_str() {
            Some("succeeded") => break,
            Some(ended @ ("failed" | "cancelled")) => {
                return Err(anyhow!("{ended}: {}", state["failure"]["detail"]));
            }
            _ => sleep(BETWEEN).await,
        }
    }
    let answer = ask(request(Method::GET, &format!("/api/v1/analyses/{id}/result"))).await.context("has no result")?;
    judge(&answer)
}

async fn ask(request: RequestBuilder) -> anyhow::Result<Value> {
    let answer = send(request).await.map_err(|words| anyhow!(words))?;
    let (status, body) = (answer.status, answer.body);
    anyhow::ensure!(status.is_success(), "{}: {}", status.as_u16(), beginning(&body));
    serde_json::from_str(&body).with_context(|| format!("the answer is no JSON: {}", beginning(&body)))
}

/// Whether the estimate is what it has to be: by its own word, and by comparing.
fn judge(answer: &Value) -> anyhow::Result<()> {
    let result = answer.get("result").unwrap_or(answer);
    let number = |name: &str| result[name].as_f64().with_context(|| format!("has no {name}"));
    let (estimate, expected) = (number("estimate")?, number("expected")?);
    let is_right = result["correct"] == true && (estimate - expected).abs() < 1e-9;
    anyhow::ensure!(is_right, "says {estimate} instead of {expected}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_number_is_wrong_whatever_is_said_of_it() {
        assert!(judge(&json!({"estimate": 3.0, "expected": 3.0, "correct": true})).is_ok());
        assert!(judge(&json!({"result": {"estimate": 3.5, "expected": 3.0, "correct": true}})).is_err());
        assert!(judge(&json!({"estimate": 3.0, "expected": 3.0, "correct": false})).is_err());
        assert!(judge(&json!({"estimate": 3.0})).is_err());
    }
}
