//! The API on a real socket, over a board that tests show pictures on, and people who sign in.

use std::sync::Arc;
use std::time::Duration;

use chassis::auth::keys::KeyRing;
use chassis::clock::{Clock as _, MonotonicClock, SharedMonotonic, SystemClock};
use chassis::config::{Env, Secret};
use chassis::entropy::SystemEntropy;
use chassis::http::{ServerLimits, serve};
use chassis::lifecycle::Shutdown;
use chassis::private::Identity;
use health::AppState;
use health::board::{Board, Picture, Standing, State};
use health::http::config::HttpConfig;
use health::http::heartbeats::Heartbeats;
use health::keep::Keeper;
use health::part::{Importance, PartId};
use health::reading::{Observation, Reading, Unit};
use health::state::Parts;
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::seed::seed;

pub(super) const PUBLIC_URL: &str = "https://e2i.example.org";
pub(super) const BEAT_TOKEN: &str = "the token of the nightly script";
/// What an admin alone may read.
pub(super) const SECRET_WORDS: &str = "connection refused by db.internal.example:5432 (10.1.2.3)";

/// How long anything may take.
pub(super) const WITHIN: Duration = Duration::from_secs(30);

pub(super) struct House {
    pub(super) board: Board,
    pub(super) keeper: Keeper,
    pub(super) state: AppState,
    pub(super) url: String,
    ring: KeyRing,
    http: reqwest::Client,
    pub(super) shutdown: Shutdown,
    folder: TempDir,
}

/// What a test may choose.
pub(super) struct Plan<'a> {
    pub(super) variables: &'a [(&'a str, String)],
    pub(super) ticks: SharedMonotonic,
}

impl Default for Plan<'_> {
    fn default() -> Self {
        Self { variables: &[], ticks: MonotonicClock::start() }
    }
}

impl House {
    pub(super) async fn new() -> Self {
        Self::with(Plan::default()).await
    }

    pub(super) async fn with(plan: Plan<'_>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ring = KeyRing::load_or_create(&folder.path().join("keys")).unwrap();
        let jwks = folder.path().join("jwks.json");
        ring.publish(&jwks).unwrap();
        let mut env = Env::from_pairs([("PUBLIC_URL", PUBLIC_URL), ("JWKS_FILE", jwks.to_str().unwrap())]);
        for (name, value) in plan.variables {
            env = env.with(name, value.clone());
        }
        let config = HttpConfig::read(&env, "127.0.0.1:0".parse().unwrap()).unwrap();
        let client = reqwest::Client::builder().timeout(WITHIN).build().unwrap();
        let keeper = Keeper::open(&folder.path().join("state"), SystemClock.now()).unwrap();
        seed(&keeper);
        let (board, shutdown) = (Board::new(all_well()), Shutdown::new());
        let parts = Parts {
            identity: Identity { service: "e2i-health", version: "0.1.0", revision: "abc1234".to_owned() },
            board: board.clone(),
            keeper: keeper.clone(),
            has_deployer: true,
            heartbeats: Heartbeats::new([(id("nightly"), Secret::new(BEAT_TOKEN.to_owned()))]),
            channels: notify::Config::read(&env).unwrap().channels(&client).unwrap(),
            watched_from_outside: true,
            logs_kept_file: Some(folder.path().join("logs-kept")),
            clock: Arc::new(SystemClock),
            ticks: plan.ticks,
            entropy: Arc::new(SystemEntropy),
            shutdown: shutdown.clone(),
        };
        let kept = json!({"days": 29.5, "oldest": null, "written_at": SystemClock.now()});
        std::fs::write(folder.path().join("logs-kept"), kept.to_string()).unwrap();
        let state = AppState::build(&config, parts).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (app, ends) = (health::http::app(&state), shutdown.clone());
        tokio::spawn(async move { serve(listener, app, ServerLimits::default(), &ends).await.unwrap() });
        Self { board, keeper, state, url, ring, http: client, shutdown, folder }
    }

    /// A token of somebody with this role.
    pub(super) fn token(&self, role: &str, expires_in_seconds: i64) -> String {
        let now = SystemClock.now().timestamp();
        let claims = json!({
            "sub": "8b1f0d4c-3a52-4f6e-9c1b-0d3f5a7b9c1d", "aud": "authenticated", "iss": format!("{PUBLIC_URL}/auth/v1"),
            "exp": now + expires_in_seconds, "role": "authenticated", "email": "ann@example.org",
            "app_metadata": {"role": role},
        });
        self.ring.current().sign(&claims).unwrap()
    }

    /// From now on nobody can verify tokens.
    pub(super) fn lose_keys(&self) {
        std::fs::remove_file(self.folder.path().join("jwks.json")).unwrap();
    }

    pub(super) fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    pub(super) fn as_one(&self, role: &str, method: Method, path: &str) -> RequestBuilder {
        self.ask(method, path).bearer_auth(self.token(role, 3600))
    }

    /// As whom: `nobody`, `user` or `admin`.
    pub(super) async fn get(&self, whom: &str, path: &str) -> (StatusCode, Value) {
        let request = match whom {
            "nobody" => self.ask(Method::GET, path),
            role => self.as_one(role, Method::GET, path),
        };
        told(request.send().await.unwrap()).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        told(self.as_one("admin", Method::POST, path).json(body).send().await.unwrap()).await
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.shutdown.soft.cancel();
        self.shutdown.hard.cancel();
    }
}

pub(super) fn id(text: &str) -> PartId {
    PartId::parse(text).unwrap()
}

pub(super) fn standing(part: &str, importance: Importance, state: State) -> Standing {
    let now = SystemClock.now();
    let words = if state == State::Fail { SECRET_WORDS } else { "" };
    let reading = match state {
        State::Fail => Reading::fail(words),
        _ => Reading::pass(),
    };
    Standing {
        part: id(part),
        title: part.to_uppercase(),
        importance,
        parents: Vec::new(),
        interval_s: 10.0,
        state,
        since: now,
        flapping: false,
        suppressed_by: None,
        excused_by: None,
        last: (state != State::Unknown).then(|| Observation {
            part: id(part),
            at: now,
            latency: Some(Duration::from_millis(7)),
            reading: reading.with("waiting jobs", 3.0, Unit::Count),
        }),
    }
}

pub(super) fn picture(parts: Vec<Standing>) -> Picture {
    Picture { at: SystemClock.now(), parts, settling_until: None }
}

pub(super) fn all_well() -> Picture {
    picture(vec![
        standing("postgres", Importance::Critical, State::Pass),
        standing("gateway", Importance::Critical, State::Pass),
        standing("mlflow", Importance::Optional, State::Pass),
        standing("backup", Importance::Optional, State::NotConfigured),
        standing("nightly", Importance::Optional, State::Pass),
    ])
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
