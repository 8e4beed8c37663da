//! Asking over HTTP: a new connection for each look, no redirect followed, no proxy, and never more of a body than fits.

use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use http::StatusCode;
use http::header::{DATE, HOST};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, RequestBuilder};
use url::Url;

use super::innermost;

/// Most of a body that is read.
const MAX_BODY_BYTES: usize = 256 * 1024;
/// Whatever is asked, by whomever, has answered by then: a look has its own, shorter limit.
const LONGEST: Duration = Duration::from_secs(30);

/// Asks.
#[derive(Debug, Clone)]
pub struct Asker(Client);

/// What was answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body, or the first of it.
    pub body: String,
    /// The other side's clock.
    pub date: Option<DateTime<Utc>>,
}

impl Asker {
    /// For parts of the platform: never through a proxy.
    ///
    /// # Errors
    /// The client cannot be built.
    pub fn inside() -> anyhow::Result<Self> {
        Ok(Self(builder().no_proxy().build().context("build the HTTP client of the checks")?))
    }

    /// For what is elsewhere: through the proxy that the environment names.
    ///
    /// # Errors
    /// The client cannot be built.
    pub fn outside() -> anyhow::Result<Self> {
        Ok(Self(builder().build().context("build the HTTP client for what is outside")?))
    }

    /// Asks for `url`.
    ///
    /// # Errors
    /// Why there is no answer, in words.
    pub async fn get(&self, url: Url) -> Result<Answer, String> {
        send(self.0.get(url)).await
    }

    /// Asks for `url`, which is at an address, under the name that it has.
    ///
    /// # Errors
    /// Why there is no answer, in words.
    pub async fn get_as(&self, url: Url, host: &str) -> Result<Answer, String> {
        send(self.0.get(url).header(HOST, host)).await
    }
}

/// What all clients of the checks have in common.
pub(crate) fn builder() -> ClientBuilder {
    Client::builder().http1_only().redirect(Policy::none()).pool_max_idle_per_host(0).timeout(LONGEST)
}

/// Sends, and reads what comes back.
pub(crate) async fn send(request: RequestBuilder) -> Result<Answer, String> {
    let mut response = request.send().await.map_err(|error| format!("no answer: {}", innermost(&error)))?;
    let status = response.status();
    let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
    let date = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok()).map(|date| date.to_utc());
    let mut body = Vec::new();
    while body.len() < MAX_BODY_BYTES {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(error) => return Err(format!("the answer broke off: {}", innermost(&error))),
        }
    }
    Ok(Answer { status, body: String::from_utf8_lossy(&body).into_owned(), date })
}
