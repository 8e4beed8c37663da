//! Limits on how often somebody may ask: their memory is bounded, their word is true.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use chassis::clock::{MonotonicClock, TestMonotonic};
use chassis::http::Stack;
use chassis::http::rate::bounded::Bounded;
use chassis::http::rate::{Cidr, Limiter, Network, Proxies, RateLimits};
use governor::state::StateStore as _;
use proptest::prelude::*;

use crate::support::{client, problem, stack, start_with};

const MINUTE: Duration = Duration::from_mins(1);

fn limiter(quota: u32, most_keys: usize, clock: &Arc<TestMonotonic>) -> Limiter<Network> {
    Limiter::new("default", NonZeroU32::new(quota).unwrap(), MINUTE, most_keys, clock.clone())
}

fn ipv6(number: u64) -> Network {
    // A /64 of its own each.
    std::net::IpAddr::from(std::net::Ipv6Addr::from_bits(u128::from(number) << 64 | 1)).into()
}

#[test]
fn a_million_rotating_ipv6_addresses_leave_bounded_memory() {
    const MOST: usize = 50_000;
    let clock = TestMonotonic::start();
    let limiter = limiter(100, MOST, &clock);
    let known = ipv6(u64::MAX);
    limiter.check(&known).unwrap();
    let (mut most, mut let_in) = (0, 0_u32);
    for number in 0..1_000_000 {
        let_in += u32::from(limiter.check(&ipv6(number)).is_ok());
        if number % 10_000 == 0 {
            most = most.max(limiter.keys());
        }
    }
    assert!(most.max(limiter.keys()) <= MOST, "{most} keys");
    // Each key's first request, and one quota for all that share in each of the 16 parts.
    assert!(let_in as usize <= MOST + 16 * 100, "{let_in} were let in");
    assert!(limiter.check(&known).is_ok(), "who was there before has a bucket of their own");
    clock.advance(MINUTE);
    limiter.tidy();
    assert_eq!(limiter.keys(), 0, "and all of it is given back");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whatever comes in whatever order, with time going by and tidying in between: never more keys than allowed, never
    /// more requests of one key than its quota and what was refilled, and every `Retry-After` is true.
    #[test]
    fn the_limiter_keeps_its_promises(
        quota in 1_u32..20,
        most_keys in 16_usize..64,
        steps in prop::collection::vec((0_u64..200, 0_u64..3_000, prop::bool::weighted(0.1)), 1..600),
    ) {
        let clock = TestMonotonic::start();
        let limiter = limiter(quota, most_keys, &clock);
        let most = Bounded::<Network>::new(most_keys).most_keys();
        for (key, milliseconds, tidy) in steps {
            clock.advance(Duration::from_millis(milliseconds));
            if tidy {
                limiter.tidy();
            }
            if let Err(exceeded) = limiter.check(&ipv6(key)) {
                prop_assert!(exceeded.retry_after_seconds >= 1);
                clock.advance(Duration::from_secs(exceeded.retry_after_seconds));
                prop_assert!(limiter.check(&ipv6(key)).is_ok(), "waited {} s", exceeded.retry_after_seconds);
            }
            prop_assert!(limiter.keys() <= most);
        }
    }

    #[test]
    fn no_key_gets_more_than_its_quota_and_what_was_refilled(
        quota in 1_u32..50,
        pauses in prop::collection::vec(0_u64..2_000, 1..400),
    ) {
        let clock = TestMonotonic::start();
        let limiter = limiter(quota, 64, &clock);
        let (mut let_in, mut passed) = (0_u64, 0_u64);
        for pause in pauses {
            clock.advance(Duration::from_millis(pause));
            passed += pause;
            let_in += u64::from(limiter.check(&ipv6(1)).is_ok());
            let most = u64::from(quota) + u64::from(quota) * passed / 60_000 + 1;
            prop_assert!(let_in <= most, "{let_in} of {most} after {passed} ms");
        }
    }
}

#[test]
fn who_waits_as_told_is_let_in_and_not_a_second_before() {
    let clock = TestMonotonic::start();
    let limiter = limiter(4, 64, &clock);
    for remaining in [3, 2, 1, 0] {
        assert_eq!(limiter.check(&ipv6(1)).unwrap().remaining, remaining);
    }
    let exceeded = limiter.check(&ipv6(1)).unwrap_err();
    assert_eq!((exceeded.retry_after_seconds, exceeded.reading.full_in_seconds), (15, 60));
    clock.advance(Duration::from_secs(14));
    assert_eq!(limiter.check(&ipv6(1)).unwrap_err().retry_after_seconds, 1);
    clock.advance(Duration::from_secs(1));
    assert!(limiter.check(&ipv6(1)).is_ok());
    assert!(limiter.check(&ipv6(2)).is_ok(), "somebody else is not held up");
}

#[test]
fn keys_without_a_place_share_a_bucket() {
    let bounded: Bounded<u32> = Bounded::new(16);
    let count = |key: u32| bounded.measure_and_replace(&key, |at| Ok::<_, ()>((at.is_none(), 7.into()))).unwrap();
    let fresh = (0..1_000).filter(|key| count(*key)).count();
    assert!(fresh <= 32, "{fresh}: 16 keys and a shared bucket each");
}

fn limited(quota: u32, trusted: &[&str]) -> Stack {
    let blocks: Vec<Cidr> = trusted.iter().map(|block| block.parse().unwrap()).collect();
    let clock = MonotonicClock::start();
    let address = Limiter::new("default", NonZeroU32::new(quota).unwrap(), MINUTE, 1_000, clock);
    let rates = RateLimits {
        proxies: Arc::new(Proxies::new(blocks)),
        address: Some(Arc::new(address)),
        person: None,
        free_routes: &["/pages"],
    };
    Stack { rates: Some(rates), ..stack() }
}

#[tokio::test]
async fn every_answer_says_where_its_caller_stands() {
    let service = start_with(limited(3, &[]), chassis::http::ServerLimits::default()).await;
    let get = |path: &str| client().get(service.url(path)).header("origin", "https://app.example.org").send();
    let first = get("/hello").await.unwrap();
    assert_eq!(first.headers()["ratelimit-policy"], r#""default";q=3;w=60"#);
    assert_eq!(first.headers()["ratelimit"], r#""default";r=2;t=20"#);
    let missing = get("/nowhere").await.unwrap();
    assert_eq!(missing.headers()["ratelimit"], r#""default";r=1;t=40"#, "errors too");
    get("/hello").await.unwrap();
    let refused = get("/hello").await.unwrap();
    assert_eq!(refused.headers()["ratelimit"], r#""default";r=0;t=60"#);
    assert_eq!(refused.headers()["access-control-allow-origin"], "https://app.example.org");
    let exposed = refused.headers()["access-control-expose-headers"].to_str().unwrap().to_owned();
    assert!(exposed.contains("ratelimit") && exposed.contains("retry-after"), "{exposed}");
    let seconds: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((19..=20).contains(&seconds), "{seconds}");
    assert_eq!(problem(refused, 429).await["type"], "urn:e2i:problem:too-many-requests");
    let free = get("/pages?limit=1").await.unwrap();
    assert_eq!((free.status().as_u16(), free.headers().get("ratelimit")), (200, None));
}

#[tokio::test]
async fn an_invented_forwarded_for_brings_nothing() {
    let service = start_with(limited(3, &[]), chassis::http::ServerLimits::default()).await;
    let from = |forwarded: String| client().get(service.url("/hello")).header("x-forwarded-for", forwarded).send();
    let mut statuses = Vec::new();
    for number in 0..6 {
        statuses.push(from(format!("198.51.100.{number}")).await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 200, 429, 429, 429], "nobody is trusted: the peer counts");

    let service = start_with(limited(3, &["127.0.0.0/8"]), chassis::http::ServerLimits::default()).await;
    let from = |forwarded: String| client().get(service.url("/hello")).header("x-forwarded-for", forwarded).send();
    let mut statuses = Vec::new();
    for number in 0..6 {
        // What a client behind the proxy sends, with what the proxy appends.
        statuses.push(from(format!("198.51.100.{number}, 203.0.113.9")).await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 200, 429, 429, 429], "the leftmost entry is the client's invention");
    assert_eq!(from("203.0.113.10".into()).await.unwrap().status(), 200, "another client is not held up");
}
