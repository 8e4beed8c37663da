//! Guessing passwords, and using the limits on it against others.

use http::Method;
use reqwest::Response;
use serde_json::{Value, json};

use crate::house::{ADMIN, House, PASSWORD, body, problem};

async fn attempt(house: &House, from: &str, email: &str, password: &str) -> Response {
    let request = house.client().post(format!("http://{}/auth/v1/token?grant_type=password", house.address));
    let body = json!({"email": email, "password": password});
    request.header("x-forwarded-for", from).json(&body).send().await.unwrap()
}

async fn house(per_minute: &str, per_hour: &str) -> House {
    let (per_minute, per_hour) = (per_minute.to_owned(), per_hour.to_owned());
    House::build_with(move |env| {
        env.with("RATE_LIMIT_SIGN_IN_PER_MINUTE", per_minute).with("RATE_LIMIT_ACCOUNT_PER_HOUR", per_hour)
    })
    .await
}

#[tokio::test]
async fn guessing_from_one_address_is_slowed_down_and_the_right_password_does_not_help() {
    let house = house("60", "100").await;
    for _ in 0..6 {
        problem(attempt(&house, "203.0.113.9", ADMIN, "wrong horse battery").await, 400, "invalid-credentials").await;
    }
    let refused = attempt(&house, "203.0.113.9", ADMIN, PASSWORD).await;
    assert_eq!(refused.headers()["retry-after"], "2");
    assert!(refused.headers()["ratelimit"].to_str().unwrap().contains(r#""sign-in";r=0;t=2"#));
    let refused = problem(refused, 429, "too-many-requests").await;
    assert_eq!((&refused["error_code"], &refused["code"]), (&json!("over_request_rate_limit"), &json!(429)));
    // Only that address at that account has to wait.
    body(attempt(&house, "198.51.100.1", ADMIN, PASSWORD).await, 200).await;
    // And who waits as told gets in.
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    body(attempt(&house, "203.0.113.9", ADMIN, PASSWORD).await, 200).await;
}

#[tokio::test]
async fn a_hundred_guesses_sent_at_once_are_a_hundred_guesses() {
    let house = house("60", "1000").await;
    let guesses = (0..40).map(|_| attempt(&house, "203.0.113.9", ADMIN, "wrong horse battery"));
    let answers = futures::future::join_all(guesses).await;
    let looked_at = answers.iter().filter(|answer| answer.status() == 400).count();
    assert!(looked_at <= 6, "{looked_at} passwords were looked at");
}

#[tokio::test]
async fn guessing_from_many_addresses_is_bounded_and_the_owner_gets_in_from_a_known_one() {
    let house = house("60", "10").await;
    let home = "192.0.2.7";
    body(attempt(&house, home, ADMIN, PASSWORD).await, 200).await;
    let mut looked_at = 0;
    for number in 0..60 {
        let answer = attempt(&house, &format!("203.0.113.{number}"), ADMIN, "wrong horse battery").await;
        looked_at += u32::from(answer.status() == 400);
    }
    assert!(looked_at <= 10, "{looked_at} guesses from 60 addresses");
    for _ in 0..3 {
        body(attempt(&house, home, ADMIN, PASSWORD).await, 200).await;
    }
    let elsewhere = attempt(&house, "192.0.2.8", ADMIN, PASSWORD).await;
    let seconds: u64 = elsewhere.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=360).contains(&seconds), "a tenth of an hour at most: {seconds}");
    problem(elsewhere, 429, "too-many-requests").await;
}

#[tokio::test]
async fn a_reset_link_lets_the_owner_in_during_an_attack() {
    let house = house("60", "5").await;
    let admin = house.admin().await;
    let ada = house.user(&admin, "ada@example.org").await;
    for number in 0..10 {
        attempt(&house, &format!("203.0.113.{number}"), &ada.email, "wrong horse battery").await;
    }
    let path = format!("/api/v1/admin/users/{}/link", ada.id);
    let link = body(house.ask(Method::POST, &path, Some(&admin), None).await, 201).await;
    let accept = house.client().post(format!("http://{}/auth/v1/link/accept", house.address));
    let asked = json!({"token": link["token"], "password": "another horse battery"});
    let accepted = accept.header("x-forwarded-for", "192.0.2.8").json(&asked).send().await.unwrap();
    body(accepted, 200).await;
    let again = attempt(&house, "192.0.2.8", &ada.email, "another horse battery").await;
    body(again, 200).await;
}

#[tokio::test]
async fn limits_do_not_tell_which_accounts_exist() {
    let house = house("60", "10").await;
    let mut told = Vec::new();
    for (net, email) in [("203.0.113", ADMIN), ("198.51.100", "nobody@example.org")] {
        let mut answers = Vec::new();
        // Rule 2 at one address, then rule 3 from many, each to its limit.
        for number in (0..8).map(|_| 1).chain(2..12) {
            let answer = attempt(&house, &format!("{net}.{number}"), email, "wrong horse battery").await;
            let header = |name: &str| answer.headers().get(name).map(|it| it.to_str().unwrap().to_owned());
            let policy = header("ratelimit-policy");
            let retry = header("retry-after").map(|_| "some time");
            let status = answer.status().as_u16();
            let mut body: Value = answer.json().await.unwrap();
            body.as_object_mut().unwrap().remove("request_id");
            // How long to wait depends on the moment, in seconds.
            for member in ["detail", "msg"] {
                let text: String =
                    body[member].as_str().unwrap().chars().filter(|letter| !letter.is_ascii_digit()).collect();
                body[member] = text.into();
            }
            answers.push((status, policy, retry, body));
        }
        told.push(answers);
    }
    assert_eq!(told[0], told[1]);
    assert!(told[0].iter().any(|(status, ..)| *status == 429));
}

#[tokio::test]
async fn guessing_one_time_links_is_limited_by_address() {
    let house = house("5", "100").await;
    let knock = async || {
        let request = house.client().post(format!("http://{}/auth/v1/link/accept", house.address));
        let asked = json!({"token": "made-up", "password": PASSWORD});
        request.header("x-forwarded-for", "203.0.113.9").json(&asked).send().await.unwrap()
    };
    for _ in 0..5 {
        problem(knock().await, 403, "otp-expired").await;
    }
    problem(knock().await, 429, "too-many-requests").await;
}
