//! Parts that say by themselves that they live.

use reqwest::{Method, StatusCode};

use super::house::{BEAT_TOKEN, House, id, slug, told};

#[tokio::test]
async fn a_heartbeat_needs_the_token_of_its_part() {
    let house = House::new().await;
    let beat = |part: &str, token: Option<&str>| {
        let request = house.ask(Method::POST, &format!("/api/v1/status/heartbeats/{part}"));
        token.into_iter().fold(request, reqwest::RequestBuilder::bearer_auth).send()
    };
    let admin = house.token("admin", 3600);
    for (part, token) in [
        ("nightly", None),
        ("nightly", Some("")),
        ("nightly", Some("the token of the nightly scripu")),
        ("nightly", Some(admin.as_str())),
        ("postgres", Some(BEAT_TOKEN)),
        ("nothing", Some(BEAT_TOKEN)),
    ] {
        let (status, problem) = told(beat(part, token).await.unwrap()).await;
        assert_eq!((status, slug(&problem)), (StatusCode::UNAUTHORIZED, "wrong-token"), "{part} {token:?}");
    }
    assert_eq!(house.keeper.last_beat(&id("nightly")).unwrap(), None);
    assert_eq!(beat("nightly", Some(BEAT_TOKEN)).await.unwrap().status(), StatusCode::NO_CONTENT);
    assert!(house.keeper.last_beat(&id("nightly")).unwrap().is_some());
}

#[tokio::test]
async fn whoever_guesses_tokens_is_slowed_and_the_right_one_still_holds() {
    let house = House::new().await;
    let mut refused = 0;
    for number in 0..40 {
        let request =
            house.ask(Method::POST, "/api/v1/status/heartbeats/nightly").bearer_auth(format!("guess {number}"));
        refused += i32::from(request.send().await.unwrap().status() == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!((5..=10).contains(&refused), "{refused}");
    let request = house.ask(Method::POST, "/api/v1/status/heartbeats/nightly").bearer_auth(BEAT_TOKEN);
    assert_eq!(request.send().await.unwrap().status(), StatusCode::NO_CONTENT);
}
