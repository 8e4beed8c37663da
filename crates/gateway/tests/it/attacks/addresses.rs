//! Too many requests, and addresses that are not whose they seem.

use http::Method;
use reqwest::Response;

use crate::house::{House, body, problem};

async fn limited(address: &str, user: &str) -> House {
    let (address, user) = (address.to_owned(), user.to_owned());
    House::build_with(move |env| {
        env.with("RATE_LIMIT_ADDRESS_PER_MINUTE", address).with("RATE_LIMIT_USER_PER_MINUTE", user)
    })
    .await
}

async fn from(house: &House, forwarded: &str) -> Response {
    let request = house.client().get(format!("http://{}/api/v1/agents", house.address));
    request.header("x-forwarded-for", forwarded).send().await.unwrap()
}

#[tokio::test]
async fn too_many_requests_of_one_address_are_429_before_any_token_is_read() {
    let house = limited("5", "100").await;
    for _ in 0..5 {
        problem(house.ask(Method::GET, "/api/v1/account", None, None).await, 401, "unauthorized").await;
    }
    let refused = house.ask(Method::GET, "/api/v1/account", None, None).await;
    assert_eq!(refused.headers()["ratelimit-policy"], r#""default";q=5;w=60"#);
    assert!(refused.headers()["ratelimit"].to_str().unwrap().starts_with(r#""default";r=0;t="#));
    assert!(refused.headers().contains_key("retry-after"));
    problem(refused, 429, "too-many-requests").await;
    for _ in 0..20 {
        body(house.ask(Method::GET, "/config.json", None, None).await, 200).await;
    }
}

#[tokio::test]
async fn too_many_requests_of_one_person_are_429_whatever_their_address() {
    let house = limited("1000", "5").await;
    let admin = house.admin().await;
    let get = async |person: &crate::house::Person, forwarded: String| {
        let request = house.client().get(format!("http://{}/api/v1/account", house.address));
        request.bearer_auth(&person.access_token).header("x-forwarded-for", forwarded).send().await.unwrap()
    };
    for number in 0..5 {
        let answer = get(&admin, format!("198.51.100.{number}")).await;
        let standing = answer.headers()["ratelimit"].to_str().unwrap().to_owned();
        assert!(standing.contains(&format!(r#""user";r={};t="#, 4 - number)), "{standing}");
        assert_eq!(answer.headers()["ratelimit-policy"], r#""default";q=1000;w=60, "user";q=5;w=60"#);
        body(answer, 200).await;
    }
    problem(get(&admin, "198.51.100.99".into()).await, 429, "too-many-requests").await;
    // A token that does not verify counts for nobody.
    let forged = crate::house::Person { access_token: format!("{}x", admin.access_token), ..admin.clone() };
    problem(get(&forged, "198.51.100.98".into()).await, 401, "invalid-token").await;
}

#[tokio::test]
async fn a_spoofed_x_forwarded_for_does_not_evade_the_limit() {
    let house = limited("5", "100").await;
    let mut statuses = Vec::new();
    for number in 0..8 {
        // The last entry is what a trusted proxy appends; the others are the client's.
        statuses.push(from(&house, &format!("10.0.0.{number}, 203.0.113.9")).await.status().as_u16());
    }
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429, 429, 429]);
    assert_eq!(from(&house, "203.0.113.10").await.status(), 401, "another client is not held up");
}

#[tokio::test]
async fn without_a_trusted_proxy_x_forwarded_for_is_not_read() {
    let house =
        House::build_with(|env| env.with("RATE_LIMIT_ADDRESS_PER_MINUTE", "5").with("TRUSTED_PROXIES", "192.0.2.1"));
    let house = house.await;
    let mut statuses = Vec::new();
    for number in 0..8 {
        statuses.push(from(&house, &format!("203.0.113.{number}")).await.status().as_u16());
    }
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429, 429, 429]);
}

#[tokio::test]
async fn rotating_ipv6_addresses_within_a_64_is_one_client() {
    let house = limited("5", "100").await;
    let mut statuses = Vec::new();
    for number in 0..8 {
        statuses.push(from(&house, &format!("2001:db8:7:7::{number:x}")).await.status().as_u16());
    }
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429, 429, 429]);
    assert_eq!(from(&house, "2001:db8:7:8::1").await.status(), 401);
}

#[tokio::test]
async fn more_addresses_than_are_remembered_leave_the_gateway_serving() {
    let house =
        House::build_with(|env| env.with("RATE_LIMIT_KEYS", "1000").with("RATE_LIMIT_ADDRESS_PER_MINUTE", "60"));
    let house = house.await;
    let admin = house.admin().await;
    // 3,000 are enough to be more than are remembered.
    let floods = (0..3_000).map(|number| {
        let house = &house;
        async move { from(house, &format!("2001:db8:{:x}:{:x}::1", number / 256, number % 256)).await.status().as_u16() }
    });
    let statuses: Vec<u16> =
        futures::StreamExt::collect(futures::StreamExt::buffer_unordered(futures::stream::iter(floods), 32)).await;
    assert!(statuses.iter().all(|status| [401, 429].contains(status)), "{statuses:?}");
    body(house.get("/api/v1/account", &admin).await, 200).await;
}
