//! Mail by providers' APIs.

use axum::http::StatusCode;
use chassis::config::Env;
use notify::Config;
use serde_json::json;

use crate::hooks::Hooks;
use crate::{http, line};

async fn sent_by(provider: &str) -> crate::hooks::Posted {
    let hooks = Hooks::start().await;
    let env = Env::from_pairs([
        ("MAIL_API", provider),
        ("MAIL_API_KEY", "a-key"),
        ("MAIL_API_URL", hooks.url("/").as_str()),
        ("MAIL_FROM", "E2I <e2i@example.org>"),
        ("MAIL_TO", "ann@example.org,bob@example.org"),
    ]);
    let channels = Config::read(&env).unwrap().channels(&http()).unwrap();
    hooks.answer_next(StatusCode::UNAUTHORIZED, &[], "bad key");
    let failure = channels[0].deliver(&line("deployment-12-live")).await.unwrap_err();
    assert!(failure.words.contains("MAIL_API_KEY") && !failure.words.contains("a-key"), "{failure}");
    channels[0].deliver(&line("deployment-12-live")).await.unwrap();
    hooks.posted().pop().unwrap()
}

#[tokio::test]
async fn postmark() {
    let sent = sent_by("postmark").await;
    assert_eq!(sent.path, "/email");
    assert_eq!(sent.headers["x-postmark-server-token"], "a-key");
    assert_eq!(sent.body["To"], "ann@example.org, bob@example.org");
    let event = json!({"Name": "X-E2I-Event", "Value": "deployment-12-live"});
    assert!(sent.body["Headers"].as_array().unwrap().contains(&event), "{}", sent.body);
}

#[tokio::test]
async fn resend_is_given_the_event_as_its_key() {
    let sent = sent_by("resend").await;
    assert_eq!(sent.path, "/emails");
    assert_eq!(sent.headers["authorization"], "Bearer a-key");
    assert_eq!(sent.headers["idempotency-key"], "deployment-12-live");
    assert_eq!(sent.body["headers"]["Message-ID"], "<deployment-12-live@example.org>");
    assert_eq!(sent.body["subject"], "[E2I] OK: #12 is live");
}

#[tokio::test]
async fn sendgrid() {
    let sent = sent_by("sendgrid").await;
    assert_eq!(sent.path, "/v3/mail/send");
    assert_eq!(sent.body["personalizations"][0]["to"][1]["email"], "bob@example.org");
    assert_eq!(sent.body["from"], json!({"email": "e2i@example.org", "name": "E2I"}));
    assert_eq!(sent.body["headers"]["X-E2I-Event"], "deployment-12-live");
}
