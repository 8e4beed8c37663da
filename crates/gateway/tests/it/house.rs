//! A running gateway with an admin, and people who ask it things.

use std::net::SocketAddr;
use std::time::Duration;

use chassis::config::{Env, Secret};
use chassis::lifecycle::Shutdown;
use gateway::Config;
use gateway::config::FirstPerson;
use gateway::people::bootstrap;
use http::Method;
use reqwest::Response;
use serde_json::{Value, json};
use servers::TestServers;
use sqlx::PgPool;
use tokio::net::TcpListener;

pub(crate) const ADMIN: &str = "admin@example.org";
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A gateway of one's own, on a database of one's own.
pub(crate) struct House {
    pub(crate) address: SocketAddr,
    pub(crate) private_address: SocketAddr,
    pub(crate) shutdown: Shutdown,
    pub(crate) running: tokio::task::JoinHandle<anyhow::Result<()>>,
    pub(crate) database: PgPool,
    pub(crate) env: Env,
    client: reqwest::Client,
    _folder: tempfile::TempDir,
}

/// Somebody who has signed in.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
}

impl Person {
    pub(crate) fn of(answer: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("no text in {answer}")).to_owned();
        Self {
            id: text(&answer["user"]["id"]),
            email: text(&answer["user"]["email"]),
            access_token: text(&answer["access_token"]),
            refresh_token: text(&answer["refresh_token"]),
        }
    }
}

/// What the gateway is told in a test.
pub(crate) fn env(servers: &TestServers, folder: &std::path::Path) -> Env {
    let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
    Env::from_pairs([
        ("DATABASE_URL", servers.database_url.clone()),
        ("DATABASE_MAX_CONNECTIONS", "5".to_owned()),
        ("REDIS_URL", servers.redis_url.clone()),
        ("REDIS_KEY_PREFIX", servers.key_prefix.clone()),
        ("OBJECT_STORE_URL", path("objects")),
        ("PUBLIC_URL", "https://e2i.example.org".to_owned()),
        ("SECRET_KEY", "0123456789abcdef0123456789abcdef".to_owned()),
        ("AUTH_KEYS_DIR", path("keys")),
        ("JWKS_FILE", path("public/jwks.json")),
        ("SESSION_CHECK_TTL", "0s".to_owned()),
        ("E2I_REVISION", "abc123".to_owned()),
        // However full the disk of this machine is.
        ("UPLOADS_DISK_LIMIT", "1".to_owned()),
        // The gateway itself never asks it.
        ("MLFLOW_TRACKING_URI", "http://127.0.0.1:9/mlflow".to_owned()),
    ])
}

impl House {
    pub(crate) async fn build() -> Self {
        Self::build_with(|env| env).await
    }

    pub(crate) async fn build_with(change: impl FnOnce(Env) -> Env) -> Self {
        Self::build_on(servers::fresh().await.unwrap(), change).await
    }

    /// On servers of one's own.
    pub(crate) async fn build_on(servers: TestServers, change: impl FnOnce(Env) -> Env) -> Self {
        let folder = tempfile::tempdir().unwrap();
        store::schema::migrate(&servers.database_url, &store::schema::Patience::default()).await.unwrap();
        let store = gateway::state::connect(&servers.database_url, 5).await.unwrap();
        let admin = FirstPerson { email: ADMIN.into(), password: Secret::new(PASSWORD.into()) };
        bootstrap::people(&store, &admin, None).await.unwrap();
        let env = change(env(&servers, folder.path()));
        let bind = || TcpListener::bind("127.0.0.1:0");
        let (listener, private_listener) = (bind().await.unwrap(), bind().await.unwrap());
        let (address, private_address) = (listener.local_addr().unwrap(), private_listener.local_addr().unwrap());
        let shutdown = Shutdown::new();
        let config = Config::read(&env).unwrap();
        let running = tokio::spawn(gateway::run(config, listener, private_listener, shutdown.clone()));
        let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(30)).build().unwrap();
        let database = store.pool().clone();
        Self { address, private_address, shutdown, running, database, env, client, _folder: folder }
    }

    pub(crate) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// Waits until `statement` counts `wanted`.
    pub(crate) async fn until(&self, statement: &'static str, wanted: i64) {
        let mut found = -1;
        for _ in 0..400 {
            found = sqlx::query_scalar(statement).fetch_one(&self.database).await.unwrap();
            if found == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{statement} is {found}, not {wanted}");
    }

    /// The program, told what this gateway is told.
    pub(crate) fn program(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_e2i-gateway"));
        command.env_clear().args(arguments);
        for name in
            ["DATABASE_URL", "REDIS_URL", "OBJECT_STORE_URL", "PUBLIC_URL", "SECRET_KEY", "AUTH_KEYS_DIR", "JWKS_FILE"]
        {
            command.env(name, self.env.get(name).unwrap());
        }
        command
    }

    /// Waits until a gateway at `address` answers.
    pub(crate) async fn until_serving(&self, address: SocketAddr) {
        for _ in 0..400 {
            if self.client.get(format!("http://{address}/config.json")).send().await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("nobody answers at {address}");
    }

    /// Another gateway on the same database and store.
    pub(crate) async fn second(&self) -> (SocketAddr, Shutdown) {
        self.second_with(|env| env).await
    }

    /// Another one that is told something else.
    pub(crate) async fn second_with(&self, change: impl FnOnce(Env) -> Env) -> (SocketAddr, Shutdown) {
        let bind = || TcpListener::bind("127.0.0.1:0");
        let (listener, private_listener) = (bind().await.unwrap(), bind().await.unwrap());
        let (address, shutdown) = (listener.local_addr().unwrap(), Shutdown::new());
        let config = Config::read(&change(self.env.clone())).unwrap();
        tokio::spawn(gateway::run(config, listener, private_listener, shutdown.clone()));
        (address, shutdown)
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, who: Option<&Person>, body: Option<Value>) -> Response {
        let mut request = self.client.request(method, format!("http://{}{path}", self.address));
        if let Some(who) = who {
            request = request.bearer_auth(&who.access_token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str, who: &Person) -> Response {
        self.ask(Method::GET, path, Some(who), None).await
    }

    pub(crate) async fn post(&self, path: &str, who: &Person, body: Value) -> Response {
        self.ask(Method::POST, path, Some(who), Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, who: &Person, body: Value) -> Response {
        self.ask(Method::PUT, path, Some(who), Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, who: &Person, body: Value) -> Response {
        self.ask(Method::PATCH, path, Some(who), Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str, who: &Person) -> Response {
        self.ask(Method::DELETE, path, Some(who), None).await
    }

    pub(crate) async fn try_sign_in(&self, email: &str, password: &str) -> Response {
        let body = json!({"email": email, "password": password, "gotrue_meta_security": {}});
        self.ask(Method::POST, "/auth/v1/token?grant_type=password", None, Some(body)).await
    }

    pub(crate) async fn sign_in(&self, email: &str) -> Person {
        Person::of(&body(self.try_sign_in(email, PASSWORD).await, 200).await)
    }

    pub(crate) async fn refresh(&self, refresh_token: &str) -> Response {
        let body = json!({"refresh_token": refresh_token});
        self.ask(Method::POST, "/auth/v1/token?grant_type=refresh_token", None, Some(body)).await
    }

    pub(crate) async fn admin(&self) -> Person {
        self.sign_in(ADMIN).await
    }

    /// Makes a user with the usual password and signs them in.
    pub(crate) async fn user(&self, admin: &Person, email: &str) -> Person {
        self.user_with_role(admin, email, "user").await
    }

    pub(crate) async fn user_with_role(&self, admin: &Person, email: &str, role: &str) -> Person {
        let new = json!({"email": email, "role": role, "password": PASSWORD});
        body(self.post("/api/v1/admin/users", admin, new).await, 201).await;
        self.sign_in(email).await
    }

    /// How often `action` stands in the audit log.
    pub(crate) async fn audited(&self, action: &str) -> i64 {
        let count = sqlx::query_scalar("SELECT count(*) FROM e2i.audit_log WHERE action = $1").bind(action);
        count.fetch_one(&self.database).await.unwrap()
    }

    pub(crate) async fn execute(&self, statement: &'static str) {
        sqlx::query(statement).execute(&self.database).await.unwrap();
    }
}

/// The body of an answer that must have `status`.
pub(crate) async fn body(response: Response, status: u16) -> Value {
    let (got, url) = (response.status().as_u16(), response.url().path().to_owned());
    let text = response.text().await.unwrap();
    assert_eq!(got, status, "{url}: {text}");
    if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }
}

/// The body of a problem that must have `status` and kind `slug`.
pub(crate) async fn problem(response: Response, status: u16, slug: &str) -> Value {
    assert_eq!(response.headers()["content-type"], "application/problem+json", "{}", response.status());
    let body = body(response, status).await;
    assert_eq!(body["type"], format!("urn:e2i:problem:{slug}"), "{body}");
    body
}
