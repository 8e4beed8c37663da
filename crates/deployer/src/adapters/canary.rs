//! The canary: a tiny analysis with a known answer, through nginx under the public name, over TLS, as the canary user.
//!
//! The connection goes to nginx's own container, so that neither DNS nor a load balancer decides what a release is judged by;
//! name, certificate and `Host` are those of `PUBLIC_URL`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, anyhow};
use chassis::config::Secret;
use reqwest::header::HOST;
use reqwest::{Certificate, Client, ClientBuilder, Method, RequestBuilder, redirect};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use url::{Host, Url};

use super::prober::{beginning, innermost};
use crate::ports::Log;

/// One request.
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);
/// The whole analysis: the queue may be long, but the canary goes first.
const ENDS_WITHIN: Duration = Duration::from_mins(1);
const BETWEEN: Duration = Duration::from_millis(200);
/// Where nginx's certificate lies, and what it is.
const CERTIFICATE: &str = "live/fullchain.pem";
const KIND: &str = "live/kind";

/// Who runs canaries, and where.
#[derive(Clone, Debug)]
pub struct CanaryConfig {
    /// The address that people open.
    pub public_url: Url,
    /// Whom a certificate has to be signed by, when not by one of the known authorities.
    pub ca_file: Option<PathBuf>,
    /// The volume with nginx's certificate: a self-signed one is believed.
    pub certificates_dir: PathBuf,
    /// The canary user.
    pub email: String,
    /// Its password.
    pub password: Option<Secret<String>>,
}

/// Runs canaries.
#[derive(Clone, Debug)]
pub struct Canary {
    config: CanaryConfig,
    /// Where nginx is: host, port for http, port for https.
    nginx: (String, u16, u16),
}

/// A client that is connected to nginx under the public name.
struct Public {
    http: Client,
    base: Url,
    host: String,
}

impl Canary {
    /// Through the nginx that `container` is the name of.
    #[must_use]
    pub fn through(config: CanaryConfig, container: &str) -> Self {
        Self::through_ports(config, container, 80, 443)
    }

    /// [`Self::through`] an nginx that listens elsewhere.
    #[must_use]
    pub fn through_ports(config: CanaryConfig, host: &str, http: u16, https: u16) -> Self {
        Self { config, nginx: (host.to_owned(), http, https) }
    }

    /// Runs one; else what was wrong.
    ///
    /// # Errors
    /// When it cannot even be tried: nobody's password, a certificate that cannot be read.
    pub async fn run(&self, log: &dyn Log) -> anyhow::Result<Result<(), String>> {
        let password = self.config.password.as_ref();
        let password = password.context("CANARY_PASSWORD_FILE is not set: nobody could sign in as the canary")?;
        let public = match self.public().await {
            Ok(public) => public,
            Err(Trouble::Ours(error)) => return Err(error),
            Err(Trouble::Theirs(words)) => return Ok(Err(words)),
        };
        let begin = Instant::now();
        let outcome = tokio::time::timeout(ENDS_WITHIN, self.analysis(&public, password)).await;
        let outcome = outcome.unwrap_or_else(|_| Err(anyhow!("had not ended after {} s", ENDS_WITHIN.as_secs())));
        Ok(match outcome {
            Ok(estimate) => {
                let seconds = begin.elapsed().as_secs_f64();
                log.line(&format!("the canary analysis says {estimate}, as it has to; {seconds:.1} s"));
                Ok(())
            }
            Err(error) => Err(format!("the canary analysis {error:#}")),
        })
    }

    async fn analysis(&self, public: &Public, password: &Secret<String>) -> anyhow::Result<f64> {
        let who = json!({ "email": self.config.email, "password": password.expose() });
        let session = public.ask(public.request(Method::POST, "/auth/v1/token?grant_type=password", None)?.json(&who));
        let session = session.await.context("could not sign in")?;
        let token = session["access_token"].as_str().context("could not sign in: there is no token in the answer")?;
        let what = json!({ "agent": "canary", "parameters": {} });
        let accepted = public.request(Method::POST, "/api/v1/analyses", Some(token))?.json(&what);
        let accepted = public.ask(accepted).await.context("was not accepted")?;
        let id = accepted["id"].as_str().context("was accepted without an id")?.to_owned();
        loop {
            let path = format!("/api/v1/analyses/{id}");
            let state = public.ask(public.request(Method::GET, &path, Some(token))?).await.context("got lost")?;
            match state["state"].as_str() {
                Some("succeeded") => break,
                Some("failed" | "cancelled") => {
                    return Err(anyhow!("{id} {}: {}", state["state"], state["failure"]["detail"]));
                }
                _ => sleep(BETWEEN).await,
            }
        }
        let path = format!("/api/v1/analyses/{id}/result");
        let answer = public.ask(public.request(Method::GET, &path, Some(token))?).await.context("has no result")?;
        judge(&answer)
    }

    async fn public(&self) -> Result<Public, Trouble> {
        let url = &self.config.public_url;
        let is_tls = url.scheme() == "https";
        let (container, http, https) = &self.nginx;
        let port = if is_tls { *https } else { *http };
        let found = tokio::net::lookup_host((container.as_str(), port)).await;
        let address = found.ok().and_then(|mut found| found.next());
        let address = address.ok_or_else(|| Trouble::Theirs(format!("{container} is not in the network")))?;
        let (name, host) = names(url).map_err(Trouble::Ours)?;
        let http = self.client(&name, address, is_tls).map_err(Trouble::Ours)?;
        let base =
            Url::parse(&format!("{}://{name}:{port}/", url.scheme())).map_err(|error| Trouble::Ours(error.into()))?;
        Ok(Public { http, base, host })
    }

    fn client(&self, name: &str, address: SocketAddr, is_tls: bool) -> anyhow::Result<Client> {
        let mut builder = ClientBuilder::new()
            .http1_only()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .timeout(ANSWERS_WITHIN)
            .pool_max_idle_per_host(0)
            .resolve(name, address);
        if is_tls {
            builder = match (&self.config.ca_file, self.self_signed()?) {
                (Some(file), _) => builder.tls_certs_only(certificates(file)?),
                (None, Some(file)) => builder.tls_certs_only(certificates(&file)?),
                (None, None) => builder,
            };
        }
        builder.build().context("build the HTTP client of the canary")
    }

    /// nginx's certificate, when nobody signed it.
    fn self_signed(&self) -> anyhow::Result<Option<PathBuf>> {
        let kind = self.config.certificates_dir.join(KIND);
        match std::fs::read_to_string(&kind) {
            Ok(text) if text.trim() == "self-signed" => Ok(Some(self.config.certificates_dir.join(CERTIFICATE))),
            Ok(_) => Ok(None),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("read {}", kind.display())),
        }
    }
}

/// Whose fault it is that there is no canary.
enum Trouble {
    Ours(anyhow::Error),
    Theirs(String),
}

impl Public {
    fn request(&self, method: Method, path: &str, token: Option<&str>) -> anyhow::Result<RequestBuilder> {
        let url = self.base.join(path).with_context(|| format!("write the address of {path}"))?;
        let request = self.http.request(method, url).header(HOST, &self.host);
        Ok(match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        })
    }

    async fn ask(&self, request: RequestBuilder) -> anyhow::Result<Value> {
        let answer = request.send().await.map_err(|error| anyhow!("no answer: {}", innermost(&error)))?;
        let status = answer.status();
        let body = answer.text().await.map_err(|error| anyhow!("the answer broke off: {}", innermost(&error)))?;
        anyhow::ensure!(status.is_success(), "{}: {}", status.as_u16(), beginning(&body));
        serde_json::from_str(&body).with_context(|| format!("the answer is no JSON: {}", beginning(&body)))
    }
}

/// The name that the certificate is looked at for, and what is said as `Host`. A certificate for an address is self-signed,
/// and those are for `localhost` too.
fn names(url: &Url) -> anyhow::Result<(String, String)> {
    let host = url.host().with_context(|| format!("PUBLIC_URL {url} names no host"))?;
    let authority = url.port().map_or_else(|| host.to_string(), |port| format!("{host}:{port}"));
    let name = match host {
        Host::Domain(name) => name.to_owned(),
        Host::Ipv4(_) | Host::Ipv6(_) => "localhost".to_owned(),
    };
    Ok((name, authority))
}

fn certificates(file: &Path) -> anyhow::Result<Vec<Certificate>> {
    let pem = std::fs::read(file).with_context(|| format!("read {}", file.display()))?;
    Certificate::from_pem_bundle(&pem).with_context(|| format!("{} holds no certificates", file.display()))
}

/// The estimate, when it is what it has to be: by its own word, and by comparing.
fn judge(answer: &Value) -> anyhow::Result<f64> {
    let result = answer.get("result").unwrap_or(answer);
    let number = |name: &str| result[name].as_f64().with_context(|| format!("has no {name}: {answer}"));
    let (estimate, expected) = (number("estimate")?, number("expected")?);
    let is_right = result["correct"] == true && (estimate - expected).abs() < 1e-9;
    anyhow::ensure!(is_right, "says {estimate} instead of {expected}");
    Ok(estimate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_number_is_wrong_whatever_is_said_of_it() {
        assert!(judge(&json!({"estimate": 3.0, "expected": 3.0, "correct": true})).is_ok());
        assert!(judge(&json!({"estimate": 3.5, "expected": 3.0, "correct": true})).is_err());
        assert!(judge(&json!({"estimate": 3.0, "expected": 3.0, "correct": false})).is_err());
        assert!(judge(&json!({"estimate": 3.0})).is_err());
    }

    #[test]
    fn an_address_is_met_under_the_name_that_its_certificate_has() {
        let names = |url: &str| names(&url.parse().unwrap()).unwrap();
        assert_eq!(names("https://e2i.example.org"), ("e2i.example.org".into(), "e2i.example.org".into()));
        assert_eq!(names("https://203.0.113.9:8443"), ("localhost".into(), "203.0.113.9:8443".into()));
    }
}
