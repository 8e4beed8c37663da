//! The HTTP API as a client program sees it: what the demo, the bench and the integration tests speak.
//!
//! Answers are JSON values as they came: a test of the API must not depend on the types it was written with.

mod sse;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};
use reqwest::{Certificate, ClientBuilder, Method, RequestBuilder, Response, StatusCode, Url};
use serde_json::{Value, json};

pub use sse::{Event, Events};

const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// Between two bytes: a stream of events sends a sign of life more often than this.
const READ_WITHIN: Duration = Duration::from_mins(1);

/// Somebody who calls the API, signed in or not.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    public_url: String,
    token: Option<String>,
}

/// An answer that says no.
#[derive(Debug, thiserror::Error)]
#[error("{method} {path}: {status}: {detail}")]
pub struct Refusal {
    /// What was asked.
    pub method: Method,
    /// Of what.
    pub path: String,
    /// The answer's status.
    pub status: StatusCode,
    /// The problem's detail, or the whole body.
    pub detail: String,
    /// The problem document, when it was one.
    pub problem: Option<Value>,
}

impl Client {
    /// A client of the API at `public_url`, nobody yet.
    ///
    /// # Errors
    /// When the HTTP client cannot be built.
    pub fn new(public_url: &str) -> anyhow::Result<Self> {
        Self::build(public_url, http())
    }

    /// A client that believes these certificates (PEM) and no other, however it is signed.
    ///
    /// # Errors
    /// When they are none, or the HTTP client cannot be built.
    pub fn pinned(public_url: &str, certificates: &[u8]) -> anyhow::Result<Self> {
        let certificates = Certificate::from_pem_bundle(certificates).context("read the certificates")?;
        Self::build(public_url, http().tls_certs_only(certificates))
    }

    fn build(public_url: &str, http: ClientBuilder) -> anyhow::Result<Self> {
        let http = http.build().context("build the HTTP client")?;
        Ok(Self { http, public_url: public_url.trim_end_matches('/').to_owned(), token: None })
    }

    /// The same client as somebody.
    ///
    /// # Errors
    /// When the e-mail address and password are not accepted.
    pub async fn sign_in(&self, email: &str, password: &str) -> anyhow::Result<Self> {
        let body = json!({ "email": email, "password": password });
        let answer = self.post("/auth/v1/token?grant_type=password", &body).await?;
        let token = text(&answer, "access_token")?.to_owned();
        Ok(Self { token: Some(token), ..self.clone() })
    }

    /// Uploads a file as a new dataset (or the next version of the one of that name). Gives the dataset.
    ///
    /// # Errors
    /// When the file cannot be read or is refused.
    pub async fn upload(&self, name: &str, file: &Path) -> anyhow::Result<Value> {
        let bytes = tokio::fs::read(file).await.with_context(|| format!("read {}", file.display()))?;
        let kind = if file.extension().is_some_and(|end| end == "gz") { "application/gzip" } else { "text/csv" };
        self.upload_bytes(name, kind, bytes).await
    }

    /// [`Self::upload`] of bytes in memory, of the media type `kind`.
    ///
    /// # Errors
    /// When they are refused.
    pub async fn upload_bytes(&self, name: &str, kind: &'static str, bytes: Vec<u8>) -> anyhow::Result<Value> {
        let path = Url::parse_with_params("http://any/api/v1/datasets", [("name", name)]).context("write the query")?;
        let request = self.request(Method::POST, &format!("{}?{}", path.path(), path.query().unwrap_or_default()));
        read(self.send(request.header("content-type", kind).body(bytes)).await?).await
    }

    /// Asks for an analysis. Gives it as accepted.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn submit(&self, agent: &str, dataset: Option<&str>, parameters: &Value) -> anyhow::Result<Value> {
        let mut body = json!({ "agent": agent, "parameters": parameters });
        if let Some(dataset) = dataset {
            body["dataset_id"] = json!(dataset);
        }
        self.post("/api/v1/analyses", &body).await
    }

    /// The events of an analysis, from the first, or after the one called `after`.
    ///
    /// # Errors
    /// When they are refused.
    pub async fn events(&self, analysis: &str, after: Option<&str>) -> anyhow::Result<Events> {
        let mut request = self.request(Method::GET, &format!("/api/v1/analyses/{analysis}/events"));
        if let Some(after) = after {
            request = request.header("last-event-id", after);
        }
        Ok(Events::of(self.send(request.header("accept", "text/event-stream")).await?))
    }

    /// Waits until an analysis has ended, by its events; gives it as it then is.
    ///
    /// # Errors
    /// When the API cannot be reached any more.
    pub async fn wait(&self, analysis: &str) -> anyhow::Result<Value> {
        self.follow(analysis, |_| {}).await
    }

    /// [`Self::wait`], telling `hear` each event. A closed stream is opened again where it ended.
    ///
    /// # Errors
    /// When the API cannot be reached any more.
    pub async fn follow(&self, analysis: &str, mut hear: impl FnMut(&Event)) -> anyhow::Result<Value> {
        let path = format!("/api/v1/analyses/{analysis}");
        let mut last: Option<String> = None;
        loop {
            let mut events = self.events(analysis, last.as_deref()).await?;
            while let Some(event) = events.next().await? {
                hear(&event);
                last = Some(event.id).filter(|id| !id.is_empty());
            }
            let state = self.get(&path).await?;
            if matches!(text(&state, "state")?, "succeeded" | "failed" | "cancelled") {
                return Ok(state);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The result of an analysis that succeeded.
    ///
    /// # Errors
    /// When there is none.
    pub async fn result(&self, analysis: &str) -> anyhow::Result<Value> {
        self.get(&format!("/api/v1/analyses/{analysis}/result")).await
    }

    /// `GET`, JSON back.
    ///
    /// # Errors
    /// A [`Refusal`], or no answer.
    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        read(self.send(self.request(Method::GET, path)).await?).await
    }

    /// `POST` of JSON, JSON back.
    ///
    /// # Errors
    /// A [`Refusal`], or no answer.
    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        read(self.send(self.request(Method::POST, path).json(body)).await?).await
    }

    /// Any request, for what has no method here.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.public_url));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends, and turns an answer that says no into a [`Refusal`].
    ///
    /// # Errors
    /// A [`Refusal`], or no answer.
    pub async fn send(&self, request: RequestBuilder) -> anyhow::Result<Response> {
        let request = request.build().context("build the request")?;
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let response = self.http.execute(request).await.with_context(|| format!("{method} {path}"))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let body = response.text().await.unwrap_or_default();
        let problem: Option<Value> = serde_json::from_str(&body).ok();
        let detail = problem.as_ref().and_then(|problem| problem["detail"].as_str().map(str::to_owned)).unwrap_or(body);
        bail!(Refusal { method, path, status, detail, problem });
    }
}

fn http() -> ClientBuilder {
    reqwest::Client::builder().connect_timeout(CONNECT_WITHIN).read_timeout(READ_WITHIN).no_proxy()
}

/// A text that has to be there.
///
/// # Errors
/// When it is not.
pub fn text<'a>(value: &'a Value, name: &str) -> anyhow::Result<&'a str> {
    value[name].as_str().with_context(|| format!("the answer has no `{name}`: {value}"))
}

async fn read(response: Response) -> anyhow::Result<Value> {
    let bytes = response.bytes().await.context("read the answer")?;
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(&bytes).context("the answer is no JSON")
}
