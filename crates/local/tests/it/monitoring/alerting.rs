//! Alertmanager: configured by the variables of deployer and health, judged by amtool, and run.

use std::process::{Command, Output};
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Mutex;

use super::programs::{Kept, address, client, folder, program, run, said};
use crate::house::eventually;

const SLACK: (&str, &str) = ("SLACK_WEBHOOK_URL", "https://hooks.slack.com/services/T/B/secret");
const FROM: (&str, &str) = ("MAIL_FROM", "E2I <e2i@example.org>");
const TO: (&str, &str) = ("MAIL_TO", "ann@example.org, ben@example.org");

/// What the script prints with these variables alone.
fn print(folder_for_secrets: &std::path::Path, variables: &[(&str, &str)]) -> Output {
    let mut script = Command::new("sh");
    script.arg(folder().join("alertmanager.sh")).arg("--print").env_clear().env("PATH", "/usr/bin:/bin");
    script.env("ALERTMANAGER_CONFIG_DIR", folder_for_secrets).envs(variables.iter().copied()).output().unwrap()
}

fn accepted(variables: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let printed = print(folder.path(), variables);
    assert!(printed.status.success(), "{variables:?}: {}", said(&printed));
    let file = folder.path().join("alertmanager.yml");
    std::fs::write(&file, &printed.stdout).unwrap();
    let checked = run("amtool", &["check-config", file.to_str().unwrap()]);
    assert!(checked.status.success(), "{variables:?}: {}{}", said(&checked), said(&printed));
    String::from_utf8(printed.stdout).unwrap()
}

fn refused(variables: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let printed = print(folder.path(), variables);
    assert_eq!(printed.status.code(), Some(78), "{variables:?}: {}", said(&printed));
    assert!(printed.stdout.is_empty(), "{}", said(&printed));
    said(&printed)
}

#[test]
fn each_way_to_tell_people_becomes_a_configuration_that_amtool_accepts() {
    assert!(!accepted(&[]).contains("_configs"), "nobody to tell, and it still starts");
    let slack = accepted(&[SLACK]);
    assert!(
        slack.contains("slack_configs") && !slack.contains("email_configs") && !slack.contains("secret"),
        "{slack}"
    );
    let server = ("MAIL_SMTP_HOST", "smtp.example.org");
    let login = [("MAIL_SMTP_USER", "o'neil: #1"), ("MAIL_SMTP_PASSWORD", "p'w: {{ }}")];
    let both = accepted(&[[SLACK, FROM, TO, server].as_slice(), login.as_slice()].concat());
    for part in ["'smtp.example.org:587'", "require_tls: true", "'o''neil: #1'", "slack_configs", "auth_password_file"]
    {
        assert!(both.contains(part), "{part}: {both}");
    }
    assert!(!both.contains("p'w"), "{both}");
    let tls = accepted(&[FROM, TO, server, ("MAIL_SMTP_TLS", "tls")]);
    assert!(tls.contains("'smtp.example.org:465'") && tls.contains("require_tls: false"), "{tls}");
    let plain = accepted(&[FROM, TO, server, ("MAIL_SMTP_TLS", "none"), ("MAIL_SMTP_PORT", "1025")]);
    assert!(plain.contains("'smtp.example.org:1025'") && plain.contains("require_tls: false"), "{plain}");
    for (provider, host) in
        [("postmark", "postmarkapp.com:2525"), ("resend", "resend.com:2587"), ("sendgrid", "sendgrid.net:2525")]
    {
        let made = accepted(&[FROM, TO, ("MAIL_API", provider), ("MAIL_API_KEY", "key")]);
        assert!(made.contains(host) && made.contains("require_tls: true"), "{made}");
    }
}

#[test]
fn a_secret_in_a_file_is_named_and_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("slack");
    std::fs::write(&file, "https://hooks.slack.com/services/T/B/secret\n").unwrap();
    let made = accepted(&[("SLACK_WEBHOOK_URL_FILE", file.to_str().unwrap())]);
    assert!(made.contains(file.to_str().unwrap()) && !made.contains("secret\n"), "{made}");
    let gone = refused(&[("SLACK_WEBHOOK_URL_FILE", "/nowhere/slack")]);
    assert!(gone.contains("SLACK_WEBHOOK_URL_FILE=/nowhere/slack cannot be read"), "{gone}");
}

#[test]
fn what_cannot_work_is_refused_with_what_to_do() {
    for (variables, words) in [
        (vec![FROM], "set both"),
        (vec![FROM, TO], "set MAIL_SMTP_HOST, or MAIL_API"),
        (vec![FROM, TO, ("MAIL_API", "pigeon")], "MAIL_API=pigeon is none of"),
        (vec![FROM, TO, ("MAIL_API", "resend")], "MAIL_API_KEY is not set"),
        (vec![FROM, TO, ("MAIL_SMTP_HOST", "h"), ("MAIL_SMTP_USER", "u")], "MAIL_SMTP_PASSWORD is not set"),
        (vec![FROM, TO, ("MAIL_SMTP_HOST", "h"), ("MAIL_SMTP_TLS", "ssl")], "MAIL_SMTP_TLS=ssl is none of"),
        (
            vec![FROM, TO, ("MAIL_SMTP_HOST", "h"), ("MAIL_SMTP_TLS", "tls"), ("MAIL_SMTP_PORT", "2465")],
            "on port 465 alone",
        ),
        (vec![SLACK, ("SLACK_WEBHOOK_URL_FILE", "/x")], "unset one of the two"),
        (vec![FROM, ("MAIL_TO", "a@b.c\n- x"), ("MAIL_SMTP_HOST", "h")], "more than one line"),
    ] {
        let said = refused(&variables);
        assert!(said.contains(words), "{variables:?}: {said}");
    }
}

type Messages = Arc<Mutex<Vec<Value>>>;

/// A Slack that keeps what it is told.
async fn slack() -> (String, Messages) {
    let heard = Messages::default();
    let keep = |State(heard): State<Messages>, body: String| async move {
        heard.lock().await.push(serde_json::from_str(&body).unwrap());
        "ok"
    };
    let router = Router::new().route("/services/T/B/secret", post(keep)).with_state(heard.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/services/T/B/secret", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, heard)
}

#[tokio::test]
async fn what_fires_reaches_slack_with_what_to_do_and_so_does_its_end() {
    let (url, heard) = slack().await;
    let own = tempfile::tempdir().unwrap();
    let made = String::from_utf8(print(own.path(), &[("SLACK_WEBHOOK_URL", url.as_str())]).stdout).unwrap();
    let hasty = made.replace("group_wait: 30s", "group_wait: 0s").replace("group_interval: 5m", "group_interval: 1s");
    assert_ne!(made, hasty);
    let file = own.path().join("alertmanager.yml");
    std::fs::write(&file, hasty).unwrap();
    let at = address();
    let mut command = Command::new(program("alertmanager"));
    command.arg(format!("--config.file={}", file.display())).arg(format!("--web.listen-address={at}"));
    command.arg(format!("--storage.path={}", own.path().join("data").display())).arg("--cluster.listen-address=");
    let alertmanager = Kept::start(&command);
    alertmanager.ready(&at, "/-/ready").await;

    let alert = |name: &str, severity: &str, ends: Option<&str>| {
        json!({
            "labels": { "alertname": name, "severity": severity, "service": "gateway" },
            "annotations": { "summary": format!("gateway: {name} in words"), "do": "look at its log" },
            "startsAt": "2020-01-01T10:00:00Z", "endsAt": ends,
        })
    };
    let tell = async |alerts: Value| {
        let answer = client().post(format!("http://{at}/api/v2/alerts")).json(&alerts).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    };
    tell(json!([alert("ServiceGone", "critical", None)])).await;
    let attachment = |message: &Value| message["attachments"][0].clone();
    let first = eventually("Slack is told", async || heard.lock().await.first().cloned()).await;
    let told = attachment(&first);
    assert_eq!(told["title"], "[critical] gateway: ServiceGone in words");
    let expected = "Since 2020-01-01 10:00:00 UTC: gateway: ServiceGone in words\nWhat to do: look at its log";
    assert_eq!(told["text"].as_str().unwrap().trim(), expected);

    // A warning of the same service says nothing more.
    tell(json!([alert("RequestsAreSlow", "warning", None)])).await;
    eventually("the warning is held back", async || {
        let alerts =
            client().get(format!("http://{at}/api/v2/alerts")).send().await.ok()?.json::<Value>().await.ok()?;
        let slow = alerts.as_array()?.iter().find(|alert| alert["labels"]["alertname"] == "RequestsAreSlow")?.clone();
        (!slow["status"]["inhibitedBy"].as_array()?.is_empty()).then_some(())
    })
    .await;
    let ended = Some("2020-01-01T10:05:00Z");
    tell(json!([alert("RequestsAreSlow", "warning", ended)])).await;
    tell(json!([alert("ServiceGone", "critical", ended)])).await;
    let last = eventually("Slack is told of the end", async || {
        let heard = heard.lock().await;
        heard.iter().find(|message| attachment(message)["title"].as_str().unwrap().starts_with("[well again]")).cloned()
    })
    .await;
    assert!(attachment(&last)["title"].as_str().unwrap().contains("ServiceGone"), "{last}");
    let titles: Vec<Value> = heard.lock().await.iter().map(|message| attachment(message)["title"].clone()).collect();
    assert!(!titles.iter().any(|title| title.to_string().contains("[warning]")), "{titles:?}");
    drop(alertmanager);
}
