//! Mail by SMTP.

use std::sync::Arc;

use chassis::config::Env;
use notify::{Channel, Config};

use crate::smtp_server::{SmtpServer, Way};
use crate::{http, line};

fn mail(server: &SmtpServer, tls: &str, more: &[(&str, &str)]) -> Arc<dyn Channel> {
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("ca.pem");
    std::fs::write(&authority, &server.certificate).unwrap();
    let mut env = Env::from_pairs([
        ("MAIL_SMTP_HOST", "localhost"),
        ("MAIL_SMTP_TLS", tls),
        ("MAIL_FROM", "E2I <e2i@example.org>"),
        ("MAIL_TO", "ann@example.org, Bob <bob@example.org>"),
    ])
    .with("MAIL_SMTP_PORT", server.port.to_string())
    .with("MAIL_SMTP_CA_FILE", authority.to_str().unwrap());
    for (name, value) in more {
        env = env.with(name, *value);
    }
    Config::read(&env).unwrap().channels(&http()).unwrap().remove(0)
}

const LOGIN: [(&str, &str); 2] = [("MAIL_SMTP_USER", "ann"), ("MAIL_SMTP_PASSWORD", "hunter2")];

#[tokio::test]
async fn a_mail_goes_by_starttls_with_its_event_and_id() {
    let server = SmtpServer::start(Way::StartTls).await;
    mail(&server, "starttls", &LOGIN).deliver(&line("deployment-12-live")).await.unwrap();
    let received = server.received().pop().unwrap();
    assert!(received.is_secret && received.from.contains("<e2i@example.org>"), "{received:?}");
    assert_eq!(received.login.unwrap(), "AGFubgBodW50ZXIy");
    assert_eq!(received.to.len(), 2);
    for expected in [
        "Message-ID: <deployment-12-live@example.org>",
        "X-E2I-Event: deployment-12-live",
        "Subject: [E2I] OK: #12 is live",
        "Commit: 0123456789ab",
        "event deployment-12-live",
    ] {
        assert!(received.data.contains(expected), "{expected} is not in:\n{}", received.data);
    }
}

#[tokio::test]
async fn a_mail_goes_by_tls_from_the_start() {
    let server = SmtpServer::start(Way::Implicit).await;
    mail(&server, "tls", &LOGIN).deliver(&line("a")).await.unwrap();
    assert!(server.received().pop().unwrap().is_secret);
}

#[tokio::test]
async fn a_relay_on_this_machine_may_be_plain() {
    let server = SmtpServer::start(Way::Plain).await;
    mail(&server, "none", &[]).deliver(&line("a")).await.unwrap();
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn nothing_is_said_to_a_server_without_tls() {
    let server = SmtpServer::start(Way::Plain).await;
    let failure = mail(&server, "starttls", &LOGIN).deliver(&line("a")).await.unwrap_err();
    assert!(failure.words.contains("MAIL_SMTP_TLS"), "{failure}");
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_gets_nothing() {
    let (server, other) = (SmtpServer::start(Way::StartTls).await, SmtpServer::start(Way::StartTls).await);
    let mut stranger = server.clone();
    stranger.certificate.clone_from(&other.certificate);
    let failure = mail(&stranger, "starttls", &LOGIN).deliver(&line("a")).await.unwrap_err();
    assert!(failure.words.contains("certificate"), "{failure}");
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_refusal_and_an_absent_server_are_told_in_words() {
    let server = SmtpServer::start(Way::StartTls).await;
    let channel = mail(&server, "starttls", &LOGIN);
    server.refuse_next("451 4.7.1 try later");
    let failure = channel.deliver(&line("a")).await.unwrap_err();
    assert!(failure.words.contains("451") && failure.words.contains("try later"), "{failure}");
    let nobody = mail(&server, "starttls", &[("MAIL_SMTP_PORT", "1")]);
    let failure = nobody.deliver(&line("a")).await.unwrap_err();
    assert!(failure.words.contains("no connection to the mail server localhost:1"), "{failure}");
}
