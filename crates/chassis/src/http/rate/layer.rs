//! The two limits around every route, and the headers that tell of them.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{Extensions, HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use super::{Limiter, Network, Proxies, Reading};
use crate::http::Problem;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STANDING: HeaderName = HeaderName::from_static("ratelimit");
/// How often the limits' memory is looked at.
const TIDY_EVERY: Duration = Duration::from_secs(1);
/// With fewer keys than this they are tidied only every [`SELDOM`] looks.
const FEW_KEYS: usize = 4_096;
const SELDOM: u64 = 60;

/// The limits of a service; clones share them.
#[derive(Debug, Clone)]
pub struct RateLimits {
    /// The proxies whose word on addresses counts.
    pub proxies: Arc<Proxies>,
    /// Before anybody is known; none when left out.
    pub address: Option<Arc<Limiter<Network>>>,
    /// Once somebody is; none when left out.
    pub person: Option<Arc<Limiter<Uuid>>>,
    /// Routes that are never counted.
    pub free_routes: &'static [&'static str],
}

/// What a request carries for those who handle it.
#[derive(Debug, Clone)]
pub struct Standing {
    client: Network,
    person: Option<Arc<Limiter<Uuid>>>,
    reading: Arc<OnceLock<Reading>>,
}

impl Default for Standing {
    fn default() -> Self {
        Self { client: Network::UNKNOWN, person: None, reading: Arc::default() }
    }
}

impl Standing {
    /// That of a request; of one that has passed no limits, nobody's.
    #[must_use]
    pub fn of(request: &Extensions) -> Self {
        request.get::<Self>().cloned().unwrap_or_default()
    }

    /// The network the request came from, as far as trusted proxies tell.
    #[must_use]
    pub fn client(&self) -> Network {
        self.client
    }

    /// Has the answer tell of a limit that the handler itself has asked.
    pub fn tell(&self, reading: Reading) {
        let _first = self.reading.set(reading);
    }
}

impl RateLimits {
    /// Forgets again and again who asks no more; never ends.
    pub async fn keep_tidy(self) {
        let mut rounds = 0_u64;
        loop {
            tokio::time::sleep(TIDY_EVERY).await;
            rounds += 1;
            let due = |keys: usize| keys >= FEW_KEYS || rounds.is_multiple_of(SELDOM);
            if let Some(address) = self.address.as_deref().filter(|limiter| due(limiter.keys())) {
                address.tidy();
            }
            if let Some(person) = self.person.as_deref().filter(|limiter| due(limiter.keys())) {
                person.tidy();
            }
        }
    }
}

pub(in crate::http) async fn limit(State(rates): State<RateLimits>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let client = peer.map_or(Network::UNKNOWN, |peer| rates.proxies.client(peer, request.headers()).into());
    let reading = Arc::new(OnceLock::new());
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let is_free = rates.free_routes.contains(&route);
    let counted = rates.address.as_deref().filter(|_| !is_free).map(|limiter| limiter.check(&client)).transpose();
    let standing = Standing { client, person: rates.person, reading: reading.clone() };
    request.extensions_mut().insert(standing);
    let (mut response, by_address) = match counted {
        Ok(by_address) => (next.run(request).await, by_address),
        Err(exceeded) => {
            metrics::counter!("rate_limited_total", "by" => "address").increment(1);
            (exceeded.problem().into_response(), Some(exceeded.reading))
        }
    };
    let readings: Vec<Reading> = by_address.into_iter().chain(reading.get().copied()).collect();
    tell(response.headers_mut(), &readings);
    response
}

/// Counts a request of the person `subject`, whose token has verified.
///
/// # Errors
/// A 429 problem when it is one too many.
pub fn check_person(request: &Extensions, subject: Uuid) -> Result<(), Problem> {
    let Some(standing) = request.get::<Standing>() else { return Ok(()) };
    let Some(limiter) = &standing.person else { return Ok(()) };
    // A request is counted once, however many of its extractors ask who is calling.
    if standing.reading.get().is_some() {
        return Ok(());
    }
    let checked = limiter.check(&subject);
    let _first = standing.reading.set(checked.unwrap_or_else(|exceeded| exceeded.reading));
    checked.map(|_| ()).map_err(|exceeded| {
        metrics::counter!("rate_limited_total", "by" => "user").increment(1);
        exceeded.problem()
    })
}

/// Draft-10 of the `RateLimit` header fields.
fn tell(headers: &mut HeaderMap, readings: &[Reading]) {
    if readings.is_empty() {
        return;
    }
    let list = |item: &dyn Fn(&Reading) -> String| readings.iter().map(item).collect::<Vec<_>>().join(", ");
    let policy = list(&|it| format!("\"{}\";q={};w={}", it.policy, it.quota, it.window_seconds));
    let standing = list(&|it| format!("\"{}\";r={};t={}", it.policy, it.remaining, it.full_in_seconds));
    for (name, value) in [(POLICY, policy), (STANDING, standing)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
}
