//! Where a service is asked. A release gives containers names of their own, and while it goes on two copies run: all that
//! could be asked are asked at once, and one that is well is enough.

use std::net::SocketAddr;
use std::time::Duration;

use futures::stream::{FuturesUnordered, StreamExt as _};
use http::StatusCode;
use tokio::net::lookup_host;
use url::Url;

use super::http::{Answer, Asker};
use crate::reading::{Reading, Verdict};
use crate::releases::Known;

/// Copies of one name that are asked.
const MAX_COPIES: usize = 4;
/// One copy has answered by then: another one's answer, or this one's silence, is told in words rather than by the look's end.
const ANSWERS_WITHIN: Duration = Duration::from_millis(2_800);

/// Where a service is asked.
#[derive(Debug, Clone)]
pub struct Place {
    asker: Asker,
    url: Url,
    service: Option<(&'static str, Known)>,
}

impl Place {
    /// At `url`, and nowhere else.
    #[must_use]
    pub fn at(asker: Asker, url: Url) -> Self {
        Self { asker, url, service: None }
    }

    /// At `url`, or at the container of `service` that the deployer calls live.
    #[must_use]
    pub fn of(asker: Asker, url: Url, service: &'static str, known: Known) -> Self {
        Self { asker, url, service: Some((service, known)) }
    }

    /// The names under which it may be found, the likelier first.
    fn names(&self) -> Vec<Url> {
        let container = self.service.as_ref().and_then(|(service, known)| known.container(service));
        let renamed = container.and_then(|container| {
            let mut url = self.url.clone();
            url.set_host(Some(&container)).ok()?;
            Some(url)
        });
        renamed.into_iter().chain([self.url.clone()]).collect()
    }

    /// Asks for `path` everywhere and judges each answer: the first that is well, else the best, else why there is none.
    pub async fn ask(&self, path: &str, judge: impl Fn(&Answer) -> Reading) -> Reading {
        let mut asked: FuturesUnordered<_> = self.names().into_iter().map(|name| self.ask_name(name, path)).collect();
        let mut best: Option<Reading> = None;
        while let Some(answers) = asked.next().await {
            for answer in answers {
                let reading = match answer {
                    Ok(answer) => judge(&answer),
                    Err(words) => Reading::fail(words),
                };
                if reading.verdict == Verdict::Pass {
                    return reading;
                }
                best = Some(better(best, reading));
            }
        }
        best.unwrap_or_else(|| Reading::fail(format!("{} has no address", host(&self.url))))
    }

    /// What each copy behind a name says. The first that answers 200 is enough: the others are waited for no longer.
    async fn ask_name(&self, name: Url, path: &str) -> Vec<Result<Answer, String>> {
        let (host, port) = (host(&name), name.port_or_known_default().unwrap_or(80));
        let found = match lookup_host((host.trim_matches(['[', ']']), port)).await {
            Ok(found) => found,
            Err(error) => return vec![Err(format!("{host} is not found: {error}"))],
        };
        let mut addresses: Vec<SocketAddr> = found.collect();
        addresses.sort_by_key(SocketAddr::is_ipv6);
        addresses.dedup();
        addresses.truncate(MAX_COPIES);
        let authority = format!("{host}:{port}");
        let (name, authority) = (&name, &authority);
        let mut asked: FuturesUnordered<_> = addresses
            .into_iter()
            .map(|address| async move {
                let url = at(name, address, path).ok_or_else(|| format!("{name} cannot be asked at {address}"))?;
                let asked = tokio::time::timeout(ANSWERS_WITHIN, self.asker.get_as(url, authority)).await;
                asked.unwrap_or_else(|_| Err(format!("no answer within {:.1} s", ANSWERS_WITHIN.as_secs_f64())))
            })
            .collect();
        let mut answers = Vec::new();
        while let Some(answer) = asked.next().await {
            let is_well = answer.as_ref().is_ok_and(|answer| answer.status == StatusCode::OK);
            answers.push(answer);
            if is_well {
                break;
            }
        }
        answers
    }
}

/// A warning before a failure; an answer that was bad before none at all.
fn better(best: Option<Reading>, next: Reading) -> Reading {
    match best {
        Some(best) if best.verdict == Verdict::Warn || (next.verdict == Verdict::Fail && !is_silence(&best)) => best,
        _ => next,
    }
}

fn is_silence(reading: &Reading) -> bool {
    reading.words.starts_with("no answer") || reading.words.contains("is not found")
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

/// The same path below the same prefix, at one address.
fn at(name: &Url, address: SocketAddr, path: &str) -> Option<Url> {
    let mut url = name.clone();
    url.set_ip_host(address.ip()).ok()?;
    url.set_port(Some(address.port())).ok()?;
    let _no_password = url.set_password(None);
    let _no_user = url.set_username("");
    url.set_path(&format!("{}{path}", name.path().trim_end_matches('/')));
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_asked_below_the_prefix_of_the_name() {
        let name: Url = "http://mlflow:5000/mlflow/".parse().unwrap();
        let url = at(&name, "10.0.0.7:5000".parse().unwrap(), "/health").unwrap();
        assert_eq!(url.as_str(), "http://10.0.0.7:5000/mlflow/health");
        let url = at(&"http://gateway:9000".parse().unwrap(), "[::1]:9000".parse().unwrap(), "/readyz").unwrap();
        assert_eq!(url.as_str(), "http://[::1]:9000/readyz");
    }

    #[test]
    fn what_was_answered_says_more_than_silence() {
        let silence = || Reading::fail("no answer: connection refused");
        let bad = || Reading::fail("answers 503");
        assert_eq!(better(Some(silence()), bad()).words, "answers 503");
        assert_eq!(better(Some(bad()), silence()).words, "answers 503");
        assert_eq!(better(Some(bad()), Reading::warn("slow")).words, "slow");
        assert_eq!(better(Some(Reading::warn("slow")), bad()).words, "slow");
    }
}
