//! A client of the deployer's API, signed in or on the server itself.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use chassis::config::{Env, Secret};
use reqwest::{Certificate, Method, Response, StatusCode};
use serde_json::{Value, json};

use super::{REFUSED, UNREACHABLE, exit};
use crate::{config, socket};

/// For an answer to begin.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// Between two bytes of a stream: a heartbeat comes more often.
const READ_WITHIN: Duration = Duration::from_mins(1);

/// A client.
#[derive(Debug)]
pub(super) struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<Secret<String>>,
}

impl Client {
    /// Through the socket, or signed in.
    pub(super) async fn open(env: &Env) -> anyhow::Result<Self> {
        let mut read = env.reader();
        let email: Option<String> = read.optional("E2I_EMAIL");
        let public_url: Option<url::Url> = if email.is_some() { read.required("PUBLIC_URL") } else { None };
        let password = if email.is_some() { read.required_secret("E2I_PASSWORD") } else { None };
        let authority: Option<PathBuf> = read.optional("PUBLIC_CA_FILE");
        read.finish(|| Some(()))?;
        let (Some(email), Some(url), Some(password)) = (email, public_url, password) else {
            return Self::of_operator(env);
        };
        let mut http = builder();
        if let Some(path) = authority {
            let pem = std::fs::read(&path).with_context(|| format!("read {}", path.display()))?;
            for certificate in Certificate::from_pem_bundle(&pem).context("PUBLIC_CA_FILE holds no certificate")? {
                http = http.add_root_certificate(certificate);
            }
        }
        let base = url.as_str().trim_end_matches('/').to_owned();
        let client = Self { http: http.build()?, base, token: None };
        let body = json!({ "email": email, "password": password.expose() });
        let answer = client.ask(Method::POST, "/auth/v1/token?grant_type=password", Some(&body)).await?;
        let token = answer["access_token"].as_str().context("the sign-in gave no token")?.to_owned();
        Ok(Self { token: Some(Secret::new(token)), ..client })
    }

    fn of_operator(env: &Env) -> anyhow::Result<Self> {
        let path = socket::path(&config::state_dir(env));
        if !path.exists() {
            let words = format!(
                "no deployer runs here ({} is not there). On a server where none has ever run: deploy --first. From \
                 elsewhere: set PUBLIC_URL, E2I_EMAIL and E2I_PASSWORD (or E2I_PASSWORD_FILE) of an admin",
                path.display()
            );
            return Err(exit(UNREACHABLE, words));
        }
        let http = builder().unix_socket(path).build()?;
        Ok(Self { http, base: "http://deployer".to_owned(), token: None })
    }

    /// Asks; gives the JSON of a good answer.
    pub(super) async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> anyhow::Result<Value> {
        let answer = self.send(method, path, body, None).await?;
        answer.json().await.map_err(|error| exit(UNREACHABLE, format!("the answer cannot be read: {error}")))
    }

    /// The events of a deployment, after the line with this number.
    pub(super) async fn events(&self, id: i64, after: u64) -> anyhow::Result<Response> {
        self.send(Method::GET, &format!("/api/v1/deployments/{id}/events"), None, Some(after)).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        after: Option<u64>,
    ) -> anyhow::Result<Response> {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token.expose());
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        if let Some(after) = after {
            request = request.header("last-event-id", after);
        }
        let answer = request.send().await;
        let answer =
            answer.map_err(|error| exit(UNREACHABLE, format!("no answer: {:#}", anyhow::Error::new(error))))?;
        if answer.status().is_success() { Ok(answer) } else { Err(refused(answer).await) }
    }
}

fn builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder().connect_timeout(CONNECT_WITHIN).read_timeout(READ_WITHIN)
}

async fn refused(answer: Response) -> anyhow::Error {
    let status = answer.status();
    let problem: Value = answer.json().await.unwrap_or_default();
    let mut words = problem["detail"].as_str().map_or_else(|| format!("the answer was {status}"), str::to_owned);
    if let Some(jobs) = problem["stranded_jobs"].as_array().filter(|jobs| !jobs.is_empty()) {
        let jobs: Vec<&str> = jobs.iter().filter_map(Value::as_str).collect();
        words.push_str("\njobs that would have no worker: ");
        words.push_str(&jobs.join(", "));
    }
    let code = match status {
        StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED => UNREACHABLE,
        status if status.is_server_error() => UNREACHABLE,
        _ => REFUSED,
    };
    exit(code, words)
}
