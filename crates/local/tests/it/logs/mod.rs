//! The logs that are kept, with a real rsyslog on the configuration of its image.

mod other_side;
mod shipper;

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chassis::clock::{Clock as _, SystemClock};
use chrono::{DateTime, TimeDelta, Utc};
use local::main_job;
use local::platform::{Platform, Sink};
use reqwest::Method;
use serde_json::{Value, json};

use self::other_side::{Trust, authority, listen, listen_tls};
use self::shipper::{PROJECT, Shipper};
use crate::house::{E2I, eventually, id, upload_nsw, user};

fn now() -> DateTime<Utc> {
    SystemClock.now()
}

/// As the engine writes it.
fn time(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.9fZ").to_string()
}

fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}

/// Lines that do not compress.
fn noise(lines: usize, seed: u64) -> Vec<String> {
    let mut state = seed | 1;
    let mut word = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        format!("{state:016x}")
    };
    (0..lines).map(|_| (0..60).map(|_| word()).collect()).collect()
}

#[tokio::test]
async fn lines_lie_by_service_and_day_and_none_is_lost_or_doubled_while_the_shipper_is_away() {
    let mut shipper = Shipper::new(&[]);
    let (gateway, worker) = (shipper.container("gateway"), shipper.container("worker"));
    let (other, unlabelled) = (shipper.container_of("other", "gateway"), shipper.container_of("", "setup"));
    let (today, yesterday) = (now(), now() - TimeDelta::days(1));
    let text = "{\"message\":\"tab\\t, quote \\\" and \u{fc}\",\"n\":1}";
    // Before it has ever run.
    gateway.print(&time(yesterday), &["late", text]);
    shipper.start();
    shipper.has("gateway", 2).await;
    worker.print(&time(today), &["one", "two"]);
    other.print(&time(today), &["of another project"]);
    unlabelled.print(&time(today), &["the first admin's password"]);
    let lines = shipper.has("worker", 2).await;
    assert_eq!(lines[0], format!("{} {PROJECT}-worker-1 one", time(today)));
    assert!(shipper.search(&["--service", "gateway"])[1].ends_with(text), "as it was printed");
    assert_eq!(shipper.search(&["--day", &day(yesterday)]).len(), 2);
    assert_eq!(shipper.search(&["--day", "today", "--service", "gateway"]), Vec::<String>::new());

    shipper.stop();
    worker.print(&time(today), &["three"]);
    gateway.print(&time(today), &["four"]);
    // A service that came meanwhile.
    shipper.container("health").print(&time(today), &["five"]);
    shipper.start();
    shipper.has("worker", 3).await;
    shipper.has("gateway", 3).await;
    shipper.has("health", 1).await;

    // Killed, it goes on at most some lines before where it was: doubled, never lost.
    let many: Vec<String> = (0..1000).map(|number| format!("line {number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    shipper.container("nginx").print(&time(today), &many[..500]);
    shipper.has("nginx", 500).await;
    shipper.kill();
    shipper.container("nginx").print(&time(today), &many[500..]);
    shipper.start();
    eventually("all lines of nginx", async || {
        let found: BTreeSet<String> = shipper.search(&["--service", "nginx"]).into_iter().collect();
        (found.len() == many.len()).then_some(())
    })
    .await;
    assert!(shipper.search(&["--service", "nginx"]).len() <= many.len() + 100);
    let all = shipper.search(&[]);
    assert!(all.iter().all(|line| !line.contains("another project") && !line.contains("password")));
}

#[tokio::test]
async fn none_is_lost_when_the_engine_begins_new_files() {
    let mut shipper = Shipper::new(&[]);
    let (gateway, at) = (shipper.container("gateway"), time(now()));
    shipper.start();
    let lines: Vec<String> = (0..20_000).map(|number| format!("line {number}")).collect();
    for part in lines.chunks(2_000) {
        let part: Vec<&str> = part.iter().map(String::as_str).collect();
        gateway.print(&at, &part);
        // The engine rotates after 20 MB: this is a hundred times as often.
        tokio::time::sleep(Duration::from_millis(300)).await;
        gateway.rotate();
    }
    let found = shipper.has("gateway", lines.len()).await;
    let found: BTreeSet<&str> = found.iter().filter_map(|line| line.rsplit_once(" line ")).map(|(_, n)| n).collect();
    assert_eq!(found.len(), lines.len(), "each once");
}

#[tokio::test]
async fn old_days_go_and_all_files_together_stay_below_their_limit() {
    let mut shipper = Shipper::new(&[("LOGS_KEEP_DAYS", "3"), ("LOGS_MAX_MIB", "16")]);
    let gateway = shipper.container("gateway");
    let today = now();
    for age in [0, 2, 3, 40] {
        gateway.print(&time(today - TimeDelta::days(age)), &[&format!("{age} days old")]);
    }
    shipper.start();
    let days = |shipper: &Shipper| -> BTreeSet<String> {
        let listed = shipper.search(&["--list"]);
        listed.iter().filter_map(|line| line.split(' ').nth(1)).map(str::to_owned).collect()
    };
    let kept = BTreeSet::from([day(today), day(today - TimeDelta::days(2))]);
    eventually("days over three are gone", async || (days(&shipper) == kept).then_some(())).await;
    // A day that is over is compressed, and found as before.
    eventually("yesterday is compressed", async || {
        let names = fs::read_dir(shipper.files("gateway")).unwrap().map(|entry| entry.unwrap().file_name());
        names.map(|name| name.into_string().unwrap()).any(|name| name.ends_with(".001.log.gz")).then_some(())
    })
    .await;
    assert_eq!(shipper.search(&["2 days old"]).len(), 1);
    eventually("health is told", async || shipper.kept_days().filter(|days| (1.9..2.1).contains(days)).map(drop)).await;

    for round in 0..8 {
        let lines = noise(6_000, round + 1);
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        gateway.print(&time(now()), &lines);
        gateway.print(&time(now()), &[&format!("end of round {round}")]);
        eventually("the round is kept", async || {
            (!shipper.search(&["--service", "gateway", &format!("end of round {round}")]).is_empty()).then_some(())
        })
        .await;
    }
    eventually("below the limit", async || (shipper.bytes() <= 17 << 20).then_some(())).await;
    assert!(shipper.search(&["2 days old"]).is_empty(), "the oldest go first");
    eventually("health is told what is really kept", async || shipper.kept_days().filter(|days| *days < 0.1).map(drop))
        .await;
    assert!(shipper.run(&["healthcheck"]).status.success());
    shipper.stop();
    assert!(!shipper.run(&["healthcheck"]).status.success());
}

// rsyslog finishes its conversations before it ends: the other side has to go on meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn every_line_is_sent_on_and_waits_while_the_other_side_is_away() {
    let place = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut shipper = Shipper::new(&[("LOGS_FORWARD_TO", &format!("tcp://{place}")), ("LOGS_HOST", "e2i.example.org")]);
    let (gateway, at) = (shipper.container("gateway"), time(now()));
    shipper.start();
    gateway.print(&at, &["one", "two"]);
    // Nobody listens: the files do not wait for that.
    shipper.has("gateway", 2).await;
    let heard = listen(place).await;
    gateway.print(&at, &["three"]);
    // Each at least once: what waited may be sent again.
    let lines = eventually("three lines", async || {
        let lines: BTreeSet<String> = heard.lines().into_iter().collect();
        (lines.len() >= 3).then_some(lines)
    })
    .await;
    let line = |text: &str| format!("<134>1 {at} e2i.example.org gateway {PROJECT}-gateway-1 - - {text}");
    assert_eq!(lines, BTreeSet::from(["one", "two", "three"].map(line)));
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls_lines_go_only_to_who_proves_the_name() {
    let (ours, others) = (authority(), authority());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authority.crt");
    fs::write(&file, ours.pem()).unwrap();
    let forwarding = async |trust: &Trust| {
        let heard = listen_tls(trust).await;
        let to = format!("tls://localhost:{}", heard.address.port());
        let mut shipper =
            Shipper::new(&[("LOGS_FORWARD_TO", to.as_str()), ("LOGS_FORWARD_CA", file.to_str().unwrap())]);
        shipper.start();
        shipper.container("gateway").print(&time(now()), &["a secret of the house"]);
        shipper.has("gateway", 1).await;
        (shipper, heard)
    };
    let (_shipper, heard) = forwarding(&ours).await;
    eventually("the line", async || heard.lines().iter().any(|line| line.ends_with("of the house")).then_some(()))
        .await;

    let (_shipper, heard) = forwarding(&others).await;
    eventually("a refusal", async || heard.refused().then_some(())).await;
    assert_eq!(heard.lines(), Vec::<String>::new());
}

#[test]
fn what_cannot_be_meant_is_refused_with_what_to_write() {
    let cases = [
        ("LOGS_KEEP_DAYS", "0", "from 1 to 3650"),
        ("LOGS_MAX_MIB", "much", "from 16 to"),
        ("LOGS_FORWARD_TO", "http://example.org", "tls://HOST:PORT"),
        ("LOGS_FORWARD_TO", "tcp://a\" x=\"b:1", "tls://HOST:PORT"),
        ("LOGS_PROJECT", "a\" then stop", "the compose project's name"),
    ];
    for (name, value, advice) in cases {
        let output = Shipper::new(&[(name, value)]).run(&["check"]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(78) && said.contains(name) && said.contains(advice), "{said}");
    }
    for to in ["logs.example.org:6514", "tls://logs.example.org:6514", "udp://[::1]:514", ""] {
        let output = Shipper::new(&[("LOGS_FORWARD_TO", to)]).run(&["check"]);
        assert!(output.status.success(), "{to}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[tokio::test]
async fn what_is_searched_for_is_found_in_the_order_of_time_and_followed() {
    let mut shipper = Shipper::new(&[]);
    let (gateway, worker) = (shipper.container("gateway"), shipper.container("worker"));
    shipper.start();
    let begin = now();
    let at = |second: i64| time(begin + TimeDelta::seconds(second));
    let entry = |request: &str| format!("{{\"request_id\":\"{request}\",\"trace_id\":\"{request:0>32}\"}}");
    gateway.print(&at(-4), &[&entry("aaaaaaaa")]);
    worker.print(&at(-3), &[&entry("aaaaaaaa")]);
    gateway.print(&at(-2), &[&entry("aaaaaaaabb")]);
    worker.print(&at(-1), &[&entry("cccccccc")]);
    shipper.has("gateway", 2).await;
    shipper.has("worker", 2).await;
    let times = |found: Vec<String>| -> Vec<String> {
        found.iter().filter_map(|line| line.split_once(' ')).map(|(time, _)| time.to_owned()).collect()
    };
    assert_eq!(times(shipper.search(&[])), [-4, -3, -2, -1].map(at));
    assert_eq!(times(shipper.search(&["--request", "aaaaaaaa"])), [-4, -3].map(at));
    assert_eq!(times(shipper.search(&["--trace", &format!("{:0>32}", "cccccccc")])), [at(-1)]);
    assert_eq!(times(shipper.search(&["--service", "worker", "--days", "2", "request_id", "aaaa"])), [at(-3)]);
    for wrong in [["--request", "x\" or"], ["--day", "someday"], ["--service", "../etc"], ["--rubbish", "1"]] {
        let output = shipper.searched(&wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}: {output:?}");
    }

    let mut follow = shipper.follow(&["--service", "gateway", "--request", "dddddddd"]);
    let mut lines = BufReader::new(follow.stdout.take().unwrap()).lines();
    let heard = tokio::task::spawn_blocking(move || lines.next().unwrap().unwrap());
    // It says nothing when it has begun: what is printed again and again is heard then.
    let line = eventually("a followed line", async || {
        gateway.print(&at(0), &[&entry("eeeeeeee"), &entry("dddddddd")]);
        tokio::time::sleep(Duration::from_millis(100)).await;
        heard.is_finished().then_some(())
    });
    line.await;
    assert!(heard.await.unwrap().ends_with(&entry("dddddddd")));
    follow.kill().unwrap();
    follow.wait().unwrap();
}

#[tokio::test]
async fn one_request_is_found_through_nginx_the_gateway_and_the_worker() {
    let printed: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
    let keep = Arc::clone(&printed);
    let sink: Sink = Arc::new(move |service, line| keep.lock().unwrap().push((service.to_owned(), line.to_owned())));
    let platform = Platform::for_test_heard(E2I, 1, &[("LOG_FORMAT", "json")], sink).await.unwrap();
    let ann = user(&platform, "ann@example.org").await;
    let dataset = upload_nsw(&ann).await;
    let body = json!({ "agent": "causal_impact", "dataset_id": id(&dataset), "parameters": main_job::nsw_question() });
    let answer = ann.send(ann.request(Method::POST, "/api/v1/analyses").json(&body)).await.unwrap();
    let request_id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
    let asked: Value = answer.json().await.unwrap();
    assert_eq!(ann.wait(id(&asked)).await.unwrap()["state"], "succeeded");
    let access_log = platform.nginx().unwrap().access_log();
    platform.stop().await;

    // Every line as its container's engine would have kept it.
    let mut shipper = Shipper::new(&[]);
    let at = time(now());
    let access_log = fs::read_to_string(access_log).unwrap();
    shipper.container("nginx").print(&at, &access_log.lines().collect::<Vec<_>>());
    for (service, line) in printed.lock().unwrap().iter() {
        shipper.container(service).print(&at, &[line]);
    }
    shipper.start();
    let found = eventually("the request's lines", async || {
        let found = shipper.search(&["--request", &request_id]);
        let of = |service: &str| found.iter().any(|line| line.contains(&format!("-{service}-1 ")));
        ["nginx", "gateway", "worker"].into_iter().all(of).then_some(found)
    })
    .await;
    let ended = found.iter().find(|line| line.contains("attempt ended")).expect("the worker's line");
    let ended: Value = serde_json::from_str(ended.splitn(3, ' ').nth(2).unwrap()).unwrap();
    assert_eq!((&ended["span"]["job"], &ended["span"]["request_id"]), (&asked["id"], &json!(request_id)));
    let of_gateway = found.iter().find(|line| line.contains("-gateway-1 ")).unwrap();
    let of_gateway: Value = serde_json::from_str(of_gateway.splitn(3, ' ').nth(2).unwrap()).unwrap();
    assert_eq!(of_gateway["span"]["trace_id"], ended["span"]["trace_id"], "and one trace");
}
