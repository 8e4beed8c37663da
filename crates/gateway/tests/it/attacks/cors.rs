//! Scripts of other origins.

use http::Method;

use crate::house::House;

const OURS: &str = "https://app.example.org";

async fn house() -> House {
    House::build_with(|env| env.with("CORS_ORIGINS", OURS).with("RATE_LIMIT_ADDRESS_PER_MINUTE", "4")).await
}

#[tokio::test]
async fn a_foreign_origin_is_not_reflected_and_credentials_are_never_allowed() {
    let house = house().await;
    for (origin, allowed) in [(OURS, true), ("https://evil.example.org", false), ("null", false)] {
        let preflight = house
            .client()
            .request(Method::OPTIONS, format!("http://{}/api/v1/analyses", house.address))
            .header("origin", origin)
            .header("access-control-request-method", "POST");
        let plain = house.client().get(format!("http://{}/config.json", house.address)).header("origin", origin);
        for request in [preflight, plain] {
            let answer = request.send().await.unwrap();
            let told = answer.headers().get("access-control-allow-origin").map(|it| it.to_str().unwrap().to_owned());
            assert_eq!(told, allowed.then(|| OURS.to_owned()), "{origin}");
            assert!(answer.headers().get("access-control-allow-credentials").is_none());
        }
    }
}

#[tokio::test]
async fn errors_carry_cors_headers_too() {
    let house = house().await;
    let mut statuses = Vec::new();
    for path in ["/api/v1/account", "/nowhere", "/auth/v1/user", "/api/v1/agents", "/api/v1/agents"] {
        let request = house.client().get(format!("http://{}{path}", house.address)).header("origin", OURS);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()["access-control-allow-origin"], OURS, "{path}");
        statuses.push(answer.status().as_u16());
    }
    assert_eq!(statuses, [401, 404, 401, 401, 429]);
}
