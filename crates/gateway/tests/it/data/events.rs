//! Following one analysis: replay, live, resume, and how a stream ends.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::future::join_all;
use serde_json::json;
use store::attempts::Ending;

use super::lab::Lab;
use super::sse::{Told, names};
use super::worker::failed;
use crate::house::problem;

fn ids(told: &[Told]) -> Vec<String> {
    told.iter().filter_map(|told| told.id.clone()).collect()
}

#[tokio::test]
async fn an_ended_analysis_is_told_from_its_beginning_and_the_stream_ends() {
    let lab = Lab::build().await;
    let analysis = lab.analysis(&lab.ann).await;
    lab.until("SELECT count(*) FROM e2i.outbox", 0).await;
    lab.worker.run(&analysis, json!({})).await;
    let mut events = lab.follow_analysis(&lab.ann, &analysis, None).await;
    let first = events.expect("state").await;
    assert!(first.id.as_deref().unwrap().starts_with("0-1"), "{first:?}");
    assert_eq!((&first.data["job"], &first.data["owner"]), (&json!(analysis), &json!(lab.ann.id)));
    assert!((1000..=2000).contains(&events.retry_ms.unwrap()));
    let rest = events.rest().await;
    assert_eq!(names(&rest), ["state:running", "progress", "state:succeeded"]);
    assert_eq!((rest[1].id.as_deref(), &rest[1].data["fraction"]), (Some("1-2"), &json!(0.5)));
}

#[tokio::test]
async fn what_happens_while_one_listens_is_told_at_once() {
    let lab = Lab::build().await;
    let analysis = lab.analysis(&lab.ann).await;
    let mut events = lab.follow_analysis(&lab.ann, &analysis, None).await;
    assert_eq!(events.next().await.unwrap().data["state"], "queued");
    let claimed = lab.worker.begin(&analysis).await;
    while events.next().await.unwrap().data["state"] != "running" {}
    lab.worker.progress(&claimed, 2, 0.25).await;
    assert_eq!(events.expect("progress").await.data["step"], "step 2");
    lab.worker.end(&claimed, &failed("the column t is constant")).await;
    let last = events.expect("state").await;
    assert_eq!((&last.data["state"], &last.data["failure"]["reason"]), (&json!("failed"), &json!("user_error")));
    assert!(events.next().await.is_none(), "the stream ends after the state that ends the analysis");
}

#[tokio::test]
async fn resumed_anywhere_nothing_is_lost_and_nothing_doubled() {
    const EVENTS: u64 = 300;
    let lab = Lab::build().await;
    let analysis = lab.analysis(&lab.ann).await;
    let claimed = lab.worker.begin(&analysis).await;
    let telling = async {
        for seq in 2..EVENTS {
            lab.worker.progress(&claimed, seq, 0.5).await;
            if seq % 10 == 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        lab.worker.end(&claimed, &Ending::Succeeded(json!({}))).await;
    };
    // Each reader drops its connection after a while and goes on where it was.
    let reading = join_all((1..=8).map(|step| {
        let (lab, analysis) = (&lab, &analysis);
        async move {
            let mut seen: Vec<String> = Vec::new();
            loop {
                let mut events = lab.follow_analysis(&lab.ann, analysis, seen.last().map(String::as_str)).await;
                for _ in 0..step * 7 {
                    let Some(told) = events.next().await else { return seen };
                    assert_ne!(told.event, "gap");
                    let ended = told.data["state"] == "succeeded";
                    seen.extend(told.id);
                    if ended {
                        assert!(events.next().await.is_none());
                        return seen;
                    }
                }
            }
        }
    }));
    let (all, ()) = tokio::join!(reading, telling);
    for seen in all {
        let running: Vec<_> = seen.iter().filter(|id| id.starts_with("1-") && id.len() < 10).cloned().collect();
        let expected: Vec<_> = (1..EVENTS).map(|seq| format!("1-{seq}")).collect();
        assert_eq!(running, expected);
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len(), "doubled");
    }
}

#[tokio::test]
async fn after_the_last_event_there_is_a_snapshot_and_the_end() {
    let lab = Lab::build().await;
    let analysis = lab.analysis(&lab.ann).await;
    lab.worker.run(&analysis, json!({})).await;
    let all = lab.follow_analysis(&lab.ann, &analysis, None).await.rest().await;
    let last = ids(&all).pop().unwrap();
    let after = lab.follow_analysis(&lab.ann, &analysis, Some(&last)).await.rest().await;
    assert_eq!(names(&after), ["snapshot:succeeded"]);
    for odd in ["1", "abc", "1-2-3", "-1-2"] {
        let path = format!("/api/v1/analyses/{analysis}/events");
        let request = lab.request(http::Method::GET, &path, &lab.ann).header("last-event-id", odd);
        problem(request.send().await.unwrap(), 400, "bad-request").await;
    }
}

#[tokio::test]
async fn an_analysis_that_failed_once_and_was_tried_again_is_followed_on() {
    let lab = Lab::build().await;
    let analysis = lab.analysis(&lab.ann).await;
    let claimed = lab.worker.begin(&analysis).await;
    lab.worker.end(&claimed, &failed("once")).await;
    lab.house.post(&format!("/api/v1/analyses/{analysis}/retry"), &lab.ann, json!({})).await;
    let mut events = lab.follow_analysis(&lab.ann, &analysis, None).await;
    // The failure of the first attempt ends nothing: the analysis is queued again.
    while events.next().await.unwrap().data["state"] != "failed" {}
    let queued = events.next().await.unwrap();
    assert_eq!(queued.data["state"], "queued", "{queued:?}");
    lab.worker.run(&analysis, json!({})).await;
    let rest = events.rest().await;
    assert_eq!(names(&rest).last().unwrap(), "state:succeeded");
    assert_eq!(ids(&rest).iter().filter(|id| *id == "2-1").count(), 1);
}

#[tokio::test]
async fn cancelled_before_it_began_it_is_told_and_ends() {
    let lab = Lab::build().await;
    let analysis = lab.analysis(&lab.ann).await;
    let events = lab.follow_analysis(&lab.ann, &analysis, None).await;
    lab.house.post(&format!("/api/v1/analyses/{analysis}/cancel"), &lab.ann, json!({})).await;
    let rest = events.rest().await;
    assert_eq!(names(&rest).last().unwrap(), "state:cancelled");
}

#[tokio::test]
async fn a_stream_ends_with_the_token_it_was_opened_with() {
    let lab = Lab::build_with(|env| env.with("ACCESS_TOKEN_TTL", "4s")).await;
    let analysis = lab.analysis(&lab.ann).await;
    for path in [format!("/api/v1/analyses/{analysis}/events"), "/api/v1/events".to_owned()] {
        let ann = lab.house.sign_in("ann@example.org").await;
        let all = lab.follow(&path, &ann, None).await.rest().await;
        let last = all.last().unwrap();
        assert_eq!((last.event.as_str(), &last.data["reason"]), ("end", &json!("token_expired")), "{path}");
    }
}

#[tokio::test]
async fn a_drain_notice_and_the_end_of_the_gateway_send_readers_elsewhere() {
    let lab = Lab::build().await;
    let analysis = lab.analysis(&lab.ann).await;
    let path = format!("/api/v1/analyses/{analysis}/events");
    let notices = [|lab: &Lab| lab.house.shutdown.notify_drain(), |lab: &Lab| lab.house.shutdown.soft.cancel()];
    for notice in notices {
        let one = lab.follow(&path, &lab.ann, None).await;
        let all = lab.follow("/api/v1/events", &lab.ann, None).await;
        notice(&lab);
        for stream in [one, all] {
            assert_eq!(stream.rest().await.last().unwrap().event, "reconnect");
        }
    }
    let ended = tokio::time::timeout(Duration::from_secs(5), lab.house.running).await;
    assert!(matches!(ended, Ok(Ok(Ok(())))), "the gateway ends although readers were there");
}

#[tokio::test]
async fn readers_who_leave_leave_nothing_behind() {
    let lab = Lab::build().await;
    let analysis = lab.analysis(&lab.ann).await;
    let path = format!("/api/v1/analyses/{analysis}/events");
    let mut streams = join_all((0..100).map(|_| lab.follow(&path, &lab.ann, None))).await;
    for stream in &mut streams {
        stream.next().await.unwrap();
    }
    drop(streams);
    for _ in 0..200 {
        let metrics = lab.client.get(format!("http://{}/metrics", lab.house.private_address)).send().await.unwrap();
        let metrics = metrics.text().await.unwrap();
        let open = metrics.lines().find(|line| line.starts_with("gateway_event_streams{kind=\"analysis\"}")).unwrap();
        if open.ends_with(" 0") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("streams are still open");
}
