//! Web hooks as GitHub sends them.

use std::time::{Duration, Instant};

use anyhow::Context;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::Repository;

/// GitHub gives up after this long.
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);

const REPOSITORY_ID: u32 = 4_711;

/// Where GitHub sends events, and the secret it signs them with.
#[derive(Clone, Debug)]
pub struct Hook {
    http: reqwest::Client,
    url: String,
    secret: String,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: String,
    /// How long it took.
    pub seconds: f64,
    /// `X-GitHub-Delivery`.
    pub delivery: String,
}

impl Hook {
    /// To `url` (`https://.../hooks/github`), which has this certificate.
    ///
    /// # Errors
    /// When the certificate is none.
    pub fn new(url: String, certificate: &[u8], secret: &str) -> anyhow::Result<Self> {
        let certificates = reqwest::Certificate::from_pem_bundle(certificate)?;
        let http = reqwest::Client::builder().tls_certs_only(certificates).timeout(ANSWERS_WITHIN).no_proxy();
        Ok(Self { http: http.build().context("build the HTTP client")?, url, secret: secret.to_owned() })
    }

    /// The same hook with another secret.
    #[must_use]
    pub fn signed_with(&self, secret: &str) -> Self {
        Self { secret: secret.to_owned(), ..self.clone() }
    }

    /// A branch has a new head.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn push(&self, repository: &Repository, commit: &str) -> anyhow::Result<Answer> {
        self.send("push", &new_delivery()?, &push_body(repository, commit)).await
    }

    /// A workflow has ended for a commit that was pushed.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn workflow_run(
        &self,
        repository: &Repository,
        commit: &str,
        conclusion: &str,
    ) -> anyhow::Result<Answer> {
        let name = repository.full_name();
        let body = json!({
            "action": "completed",
            "workflow_run": {
                "id": 1, "name": "CI", "head_branch": "main", "head_sha": commit, "event": "push", "status": "completed",
                "conclusion": conclusion, "path": ".github/workflows/ci.yml",
                "head_repository": {"id": REPOSITORY_ID, "full_name": name},
                "repository": {"id": REPOSITORY_ID, "full_name": name},
            },
            "workflow": {"name": "CI", "path": ".github/workflows/ci.yml"},
            "repository": {"id": REPOSITORY_ID, "full_name": name, "default_branch": "main"},
            "sender": {"login": "somebody"},
        });
        self.send("workflow_run", &new_delivery()?, &body).await
    }

    /// Any event, e.g. a delivery that was sent before.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn send(&self, event: &str, delivery: &str, body: &Value) -> anyhow::Result<Answer> {
        let bytes = body.to_string().into_bytes();
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).context("the secret")?;
        mac.update(&bytes);
        let signature =
            mac.finalize().into_bytes().iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        let begin = Instant::now();
        let request = self
            .http
            .post(&self.url)
            .header("content-type", "application/json")
            .header("user-agent", "GitHub-Hookshot/0123456")
            .header("x-github-event", event)
            .header("x-github-delivery", delivery)
            .header("x-hub-signature-256", format!("sha256={signature}"));
        let response = request.body(bytes).send().await.with_context(|| format!("deliver {event}"))?;
        let status = response.status().as_u16();
        let body = response.text().await.unwrap_or_default();
        Ok(Answer { status, body, seconds: begin.elapsed().as_secs_f64(), delivery: delivery.to_owned() })
    }
}

/// A delivery's id, as GitHub makes them.
///
/// # Errors
/// When the system gives no random bytes.
pub fn new_delivery() -> anyhow::Result<String> {
    let mut bytes = [0; 16];
    (servers::operating_system_random())(&mut bytes)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid().to_string())
}

/// The body of a push of `commit` to the branch.
#[must_use]
pub fn push_body(repository: &Repository, commit: &str) -> Value {
    let name = repository.full_name();
    json!({
        "ref": "refs/heads/main", "before": "1".repeat(40), "after": commit, "created": false, "deleted": false,
        "forced": false, "compare": "",
        "repository": {"id": REPOSITORY_ID, "full_name": name, "default_branch": "main", "clone_url": repository.url()},
        "pusher": {"name": "somebody"},
        "head_commit": {"id": commit, "message": "A release of a test", "author": {"name": "Somebody"}},
        "commits": [{"id": commit, "message": "A release of a test", "added": [], "removed": [], "modified": ["crates/gateway/release-of-a-test"]}],
    })
}
