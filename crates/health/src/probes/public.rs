//! The address that people open, asked as they would: under its name, over TLS.
//!
//! Inside compose it is dialled at nginx's container (`HEALTH_PUBLIC_VIA`), so that neither DNS nor a load balancer decides
//! what is told of the platform; name, certificate and `Host` are those of `PUBLIC_URL`. There, a certificate that nobody
//! signed is believed as it is presented: that is what a platform without a domain has.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use reqwest::tls::TlsInfo;
use reqwest::{Certificate, Client, Method, RequestBuilder};
use tokio::net::lookup_host;
use url::{Host, Url};
use x509_parser::parse_x509_certificate;

use super::http::builder;
use super::innermost;

/// nginx itself answers it, whatever is behind: 404, because nobody may ask for it from outside.
pub(crate) const NGINX_ALONE: &str = "/-/no-deployer";

/// The public address.
#[derive(Debug, Clone)]
pub struct Public {
    /// `PUBLIC_URL`.
    pub url: Url,
    /// `HEALTH_PUBLIC_VIA`: host and port to dial instead.
    pub via: Option<(String, u16)>,
    /// `PUBLIC_CA_FILE`: who else may have signed its certificate.
    pub ca_file: Option<PathBuf>,
}

/// Whose certificate is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// Anybody's: nothing secret is said.
    Anybody,
    /// As a browser would.
    Signed,
}

/// A client that asks the public address.
#[derive(Debug)]
pub struct Door {
    client: Client,
    base: Url,
    host: String,
}

impl Public {
    /// Whether it is met over TLS.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// A client.
    ///
    /// # Errors
    /// The address is not found, or the authority's file cannot be read; in words.
    pub async fn open(&self, trust: Trust) -> Result<Door, String> {
        let (name, host) = names(&self.url)?;
        let (dial, port) = match &self.via {
            Some((dial, port)) => (dial.clone(), *port),
            None => (
                self.url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned(),
                self.url.port_or_known_default().unwrap_or(443),
            ),
        };
        let found =
            lookup_host((dial.as_str(), port)).await.map_err(|error| format!("{dial} is not found: {error}"))?;
        let mut addresses: Vec<SocketAddr> = found.collect();
        addresses.sort_by_key(SocketAddr::is_ipv6);
        let mut client = builder().no_proxy().resolve_to_addrs(&name, &addresses).tls_info(true);
        if self.is_tls() {
            client = match trust {
                Trust::Anybody => client.tls_danger_accept_invalid_certs(true),
                Trust::Signed => match self.authorities().await? {
                    Some(authorities) => client.tls_certs_only(authorities),
                    None => client,
                },
            };
        }
        let client = client.build().map_err(|error| format!("no HTTP client: {}", innermost(&error)))?;
        let base = format!("{}://{name}:{port}/", self.url.scheme());
        let base = Url::parse(&base).map_err(|error| format!("{base} is no address: {error}"))?;
        Ok(Door { client, base, host })
    }

    /// Who has to have signed the certificate, when not one of the known authorities.
    async fn authorities(&self) -> Result<Option<Vec<Certificate>>, String> {
        if let Some(file) = &self.ca_file {
            let shown = file.display();
            let pem = tokio::fs::read(file).await.map_err(|error| format!("{shown} cannot be read: {error}"))?;
            let read = Certificate::from_pem_bundle(&pem).map_err(|error| innermost(&error))?;
            return Ok(Some(read));
        }
        if self.via.is_none() {
            return Ok(None);
        }
        let presented = Box::pin(self.open(Trust::Anybody)).await?.certificate().await?;
        if !is_self_signed(&presented) {
            return Ok(None);
        }
        let own = Certificate::from_der(&presented).map_err(|error| innermost(&error))?;
        Ok(Some(vec![own]))
    }
}

impl Door {
    /// A request for `path`.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut url = self.base.clone();
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        url.set_path(path);
        url.set_query(query);
        self.client.request(method, url).header(http::header::HOST, &self.host)
    }

    /// The certificate that is presented, as it is (DER).
    pub(crate) async fn certificate(&self) -> Result<Vec<u8>, String> {
        let answer = self.request(Method::GET, NGINX_ALONE).send().await;
        let answer = answer.map_err(|error| format!("no answer: {}", innermost(&error)))?;
        let presented = answer.extensions().get::<TlsInfo>().and_then(TlsInfo::peer_certificate);
        presented.map(<[u8]>::to_vec).ok_or_else(|| "no certificate is presented".to_owned())
    }
}

/// The name that the certificate is looked at for, and what is said as `Host`. A certificate for an address is self-signed,
/// and those are for `localhost` too.
fn names(url: &Url) -> Result<(String, String), String> {
    let host = url.host().ok_or_else(|| format!("PUBLIC_URL {url} names no host"))?;
    let authority = url.port().map_or_else(|| host.to_string(), |port| format!("{host}:{port}"));
    let name = match host {
        Host::Domain(name) if name.parse::<IpAddr>().is_err() => name.to_owned(),
        _ => "localhost".to_owned(),
    };
    Ok((name, authority))
}

fn is_self_signed(der: &[u8]) -> bool {
    parse_x509_certificate(der).is_ok_and(|(_, certificate)| certificate.issuer() == certificate.subject())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_met_under_the_name_that_its_certificate_has() {
        let names = |url: &str| names(&url.parse().unwrap()).unwrap();
        assert_eq!(names("https://e2i.example.org"), ("e2i.example.org".into(), "e2i.example.org".into()));
        assert_eq!(names("https://203.0.113.9:8443"), ("localhost".into(), "203.0.113.9:8443".into()));
    }
}
