//! A deployer over the world on paper, with its API on a real socket and people who sign in.

use std::sync::Arc;
use std::time::Duration;

use chassis::auth::keys::KeyRing;
use chassis::clock::{Clock as _, SystemClock};
use chassis::config::{Env, Secret};
use chassis::entropy::SystemEntropy;
use chassis::http::{ServerLimits, serve};
use chassis::lifecycle::Shutdown;
use deployer::webhook::{Key, signature};
use deployer::{AppState, Config};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::rig::Rig;

pub(super) const SECRET: &str = "the secret of the webhook, now";
pub(super) const PREVIOUS_SECRET: &str = "the secret of the webhook, before";
pub(super) const PUBLIC_URL: &str = "https://e2i.example.org";

/// How long anything may take.
pub(super) const WITHIN: Duration = Duration::from_secs(20);

pub(super) struct House {
    pub(super) rig: Rig,
    pub(super) shutdown: Shutdown,
    pub(super) state: AppState,
    url: String,
    ring: KeyRing,
    http: reqwest::Client,
    _folder: TempDir,
}

impl House {
    /// With what compose had started adopted as #1.
    pub(super) async fn new() -> Self {
        Self::with(&[]).await
    }

    pub(super) async fn with(variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = KeyRing::load_or_create(&folder.path().join("keys")).unwrap();
        let jwks = folder.path().join("jwks.json");
        keys.publish(&jwks).unwrap();
        let rig = Rig::new().await;
        // The first look at the branch is over: commits from now on are told, or ordered.
        rig.pass(chrono::TimeDelta::seconds(1)).await;
        let mut env = Env::from_pairs([
            ("DEPLOYER_RUNTIME", "none"),
            ("PUBLIC_URL", PUBLIC_URL),
            ("JWKS_FILE", jwks.to_str().unwrap()),
            ("GITHUB_WEBHOOK_SECRET", SECRET),
            ("GITHUB_WEBHOOK_SECRET_PREVIOUS", PREVIOUS_SECRET),
            ("GITHUB_REPOSITORY", "e2i/platform"),
        ]);
        for (name, value) in variables {
            env = env.with(name, *value);
        }
        let config = Config::read(&env).unwrap();
        let shutdown = Shutdown::new();
        let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
        let state = AppState::build(&config, rig.deployer().clone(), clock, entropy, shutdown.clone()).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (app, ends) = (deployer::http::app(&state), shutdown.clone());
        tokio::spawn(async move { serve(listener, app, ServerLimits::default(), &ends).await.unwrap() });
        let http = reqwest::Client::builder().timeout(WITHIN).build().unwrap();
        Self { rig, shutdown, state, url, ring: keys, http, _folder: folder }
    }

    /// A token of somebody with this role, who signed in so long ago.
    pub(super) fn token(&self, role: &str, signed_in_minutes_ago: i64, expires_in_seconds: i64) -> String {
        let now = SystemClock.now().timestamp();
        let claims = json!({
            "sub": "8b1f0d4c-3a52-4f6e-9c1b-0d3f5a7b9c1d", "aud": "authenticated", "iss": format!("{PUBLIC_URL}/auth/v1"),
            "exp": now + expires_in_seconds, "role": "authenticated", "email": "ann@example.org",
            "amr": [{"method": "password", "timestamp": now - 60 * signed_in_minutes_ago}],
            "app_metadata": {"role": role},
        });
        self.ring.current().sign(&claims).unwrap()
    }

    pub(super) fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    /// As an admin who has just signed in.
    pub(super) fn as_admin(&self, method: Method, path: &str) -> RequestBuilder {
        self.ask(method, path).bearer_auth(self.token("admin", 1, 3600))
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        let answer = self.as_admin(Method::GET, path).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.unwrap()
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        told(self.as_admin(Method::POST, path).json(body).send().await.unwrap()).await
    }

    /// A delivery of GitHub's, signed with this secret.
    pub(super) fn delivery(&self, secret: &str, id: &str, event: &str, body: &[u8]) -> RequestBuilder {
        let key = Key::new(&Secret::new(secret.to_owned()));
        self.ask(Method::POST, "/hooks/github")
            .header("content-type", "application/json")
            .header("x-github-event", event)
            .header("x-github-delivery", id)
            .header("x-hub-signature-256", signature::sign(&key, body))
            .body(body.to_vec())
    }

    pub(super) async fn deliver(&self, id: &str, event: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.delivery(SECRET, id, event, body.to_string().as_bytes());
        told(request.send().await.unwrap()).await
    }
}

pub(super) async fn told(answer: Response) -> (StatusCode, Value) {
    (answer.status(), answer.json().await.unwrap_or_default())
}

/// The kind of a problem.
pub(super) fn slug(problem: &Value) -> &str {
    problem["type"].as_str().unwrap_or_default().trim_start_matches("urn:e2i:problem:")
}

/// Waits until the condition holds, in real time.
pub(super) async fn until<F: AsyncFnMut() -> bool>(what: &str, mut holds: F) {
    let waited = tokio::time::timeout(WITHIN, async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    waited.await.unwrap_or_else(|_| panic!("{what}: not within {WITHIN:?}"));
}
