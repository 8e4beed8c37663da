//! `scripts/health-check.sh --watch`, over real sockets: what it says of the service, and what it tells people.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chassis::clock::TestMonotonic;
use health::board::State;
use health::part::Importance;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::Command;

use super::alerts::slack;
use super::house::{House, Plan, picture, standing};

struct Watcher {
    folder: tempfile::TempDir,
    slack: String,
    mail_port: u16,
}

impl Watcher {
    async fn run(&self, url: &str, more: &[&str]) -> (i32, String) {
        let mail = [
            ("MAIL_SMTP_HOST", "127.0.0.1".to_owned()),
            ("MAIL_SMTP_PORT", self.mail_port.to_string()),
            ("MAIL_SMTP_TLS", "none".to_owned()),
        ];
        self.run_with(url, more, &mail).await
    }

    async fn run_with(&self, url: &str, more: &[&str], variables: &[(&str, String)]) -> (i32, String) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/health-check.sh");
        let mut command = Command::new(script);
        command
            .args(["--watch", "--url", url, "--tries", "2", "--pause", "0", "--state"])
            .arg(self.state())
            .args(more)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("SLACK_WEBHOOK_URL", &self.slack)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .env("MAIL_FROM", "E2I <e2i@example.org>")
            .env("MAIL_TO", "ann@example.org, Bob <bob@example.org>")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        let Output { status, stdout, stderr } =
            tokio::time::timeout(Duration::from_mins(1), command.output()).await.unwrap().unwrap();
        let said = String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr);
        (status.code().unwrap(), said)
    }

    fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }
}

/// Takes mail as a relay on this machine does, and keeps each.
async fn mail_server(kept: Arc<Mutex<Vec<String>>>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let (reading, mut writing) = socket.into_split();
            let mut lines = BufReader::new(reading).lines();
            writing.write_all(b"220 here\r\n").await.unwrap();
            let (mut mail, mut in_data) = (String::new(), false);
            while let Ok(Some(line)) = lines.next_line().await {
                mail.push_str(&line);
                mail.push('\n');
                let answer: &[u8] = match (in_data, line.as_str()) {
                    (true, ".") => b"250 taken\r\n",
                    (true, _) => continue,
                    (false, "DATA") => b"354 go on\r\n",
                    (false, _) => b"250 well\r\n",
                };
                in_data = answer.starts_with(b"354");
                writing.write_all(answer).await.unwrap();
            }
            kept.lock().unwrap().push(mail);
        }
    });
    port
}

type Kept<T> = Arc<Mutex<Vec<T>>>;

async fn watcher() -> (Watcher, Kept<Value>, Kept<String>) {
    let (posts, mails) = (Kept::default(), Kept::default());
    let slack = slack(StatusCode::OK, Arc::clone(&posts)).await;
    let mail_port = mail_server(Arc::clone(&mails)).await;
    (Watcher { folder: tempfile::tempdir().unwrap(), slack, mail_port }, posts, mails)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_is_gone_is_told_once_and_that_it_is_back_once() {
    let (watcher, posts, mails) = watcher().await;
    let house = House::new().await;
    let (code, said) = watcher.run(&house.url, &[]).await;
    assert_eq!(code, 0, "{said}");
    let nowhere = "http://127.0.0.1:1";
    for _ in 0..3 {
        let (code, said) = watcher.run(nowhere, &[]).await;
        assert_eq!(code, 3, "{said}");
    }
    assert_eq!((posts.lock().unwrap().len(), mails.lock().unwrap().len()), (1, 1), "one each, however long it lasts");
    for _ in 0..2 {
        let (code, said) = watcher.run(&house.url, &[]).await;
        assert_eq!(code, 0, "{said}");
    }
    let texts: Vec<String> =
        posts.lock().unwrap().iter().map(|post| post["text"].as_str().unwrap().to_owned()).collect();
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert!(
        texts[0].starts_with("Critical: nobody watches") && texts[0].contains("(event health-silent-"),
        "{texts:?}"
    );
    assert!(texts[1].starts_with("OK: ") && texts[1].contains("(event health-answers-"), "{texts:?}");
    let mails = mails.lock().unwrap();
    assert_eq!(mails.len(), 2, "{mails:?}");
    for expected in ["<bob@example.org>", "Subject: [E2I] Critical:", "X-E2I-Event: health-silent-", "RCPT TO:<ann@"] {
        assert!(mails[0].contains(expected), "{expected} is not in {}", mails[0]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_down_is_healths_to_tell_and_what_hangs_is_not() {
    let (watcher, posts, _mails) = watcher().await;
    let ticks = TestMonotonic::start();
    let house = House::with(Plan { ticks: ticks.clone(), ..Plan::default() }).await;
    house.board.show(picture(vec![standing("postgres", Importance::Critical, State::Fail)]));
    let (code, said) = watcher.run(&house.url, &[]).await;
    assert_eq!((code, posts.lock().unwrap().len()), (1, 0), "{said}");
    ticks.advance(Duration::from_secs(91));
    let (code, said) = watcher.run(&house.url, &[]).await;
    assert_eq!((code, posts.lock().unwrap().len()), (3, 1), "{said}");
    assert!(said.contains("looked at nothing for 91 s"), "{said}");
    let (code, _) = watcher.run(&house.url, &["--max-age", "600"]).await;
    assert_eq!((code, posts.lock().unwrap().len()), (1, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_elses_answer_is_none_and_what_could_not_be_told_is_told_later() {
    let (mut watcher, posts, mails) = watcher().await;
    let taken = watcher.slack.clone();
    watcher.slack = slack(StatusCode::INTERNAL_SERVER_ERROR, Arc::default()).await;
    // It answers, with 404.
    let other = taken.split("/services").next().unwrap();
    let (code, said) = watcher.run(other, &["--dry-run"]).await;
    assert!(code == 3 && said.contains("would tell slack") && !watcher.state().exists(), "{said}");
    let (code, said) = watcher.run(other, &[]).await;
    assert!(code == 4 && said.contains("Slack answered 500") && said.contains("somebody else"), "{said}");
    let kept = std::fs::read_to_string(watcher.state()).unwrap();
    let event = kept.lines().find_map(|line| line.strip_prefix("since=")).unwrap();
    watcher.slack = taken.clone();
    let (code, said) = watcher.run(other, &[]).await;
    assert_eq!(code, 3, "{said}");
    assert!(posts.lock().unwrap()[0].to_string().contains(&format!("health-silent-{event}")), "the same event");
    assert_eq!(mails.lock().unwrap().len(), 1, "mail had been told");
    assert!(!said.contains("the-secret"));
}

#[tokio::test]
async fn wrong_arguments_are_said_so() {
    let (watcher, ..) = watcher().await;
    for wrong in [&["--max-age", "soon"][..], &["--tries"], &["--what"]] {
        let (code, said) = watcher.run("http://127.0.0.1:1", wrong).await;
        assert_eq!(code, 2, "{said}");
    }
    let unreadable = [("MAIL_API_KEY_FILE", "/nowhere/key".to_owned())];
    let (code, said) = watcher.run_with("http://127.0.0.1:1", &[], &unreadable).await;
    assert!(code == 2 && said.contains("/nowhere/key cannot be read"), "{said}");
    let (code, said) = watcher.run("http://127.0.0.1:1", &["--help"]).await;
    assert!(code == 0 && said.contains("Exit codes"), "{said}");
}

/// Where mail ports are blocked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_goes_by_a_providers_api_too() {
    for (provider, path, header, subject) in [
        ("postmark", "/email", "x-postmark-server-token", "/Subject"),
        ("resend", "/emails", "authorization", "/subject"),
        ("sendgrid", "/v3/mail/send", "authorization", "/subject"),
    ] {
        let (watcher, _posts, _mails) = watcher().await;
        let kept: Kept<(HeaderMap, Value)> = Kept::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let keep = Arc::clone(&kept);
        let take = move |headers: HeaderMap, body: axum::Json<Value>| async move {
            keep.lock().unwrap().push((headers, body.0));
        };
        let app = axum::Router::new().route(path, axum::routing::post(take));
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        let folder = tempfile::tempdir().unwrap();
        let key_file = folder.path().join("key");
        std::fs::write(&key_file, "the \"key\" of the provider\n").unwrap();
        let variables = [
            ("MAIL_API", provider.to_owned()),
            ("MAIL_API_URL", base),
            ("MAIL_API_KEY_FILE", key_file.to_str().unwrap().to_owned()),
        ];
        let (code, said) = watcher.run_with("http://127.0.0.1:1", &[], &variables).await;
        assert_eq!(code, 3, "{said}");
        let (headers, body) = kept.lock().unwrap().pop().unwrap();
        assert!(headers[header].to_str().unwrap().ends_with("the \"key\" of the provider"), "{headers:?}");
        assert_eq!(body.pointer(subject).unwrap(), "[E2I] Critical: nobody watches the platform");
        let text = body.to_string();
        assert!(text.contains("ann@example.org") && text.contains("bob@example.org"), "{text}");
        assert!(text.contains("event health-silent-"), "{text}");
    }
}
