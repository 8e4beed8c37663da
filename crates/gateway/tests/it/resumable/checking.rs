//! From all bytes to a dataset, or to the reason why not.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use chassis::clock::SystemClock;
use chassis::entropy::SystemEntropy;
use chassis::lifecycle::Shutdown;
use flate2::Compression;
use flate2::write::GzEncoder;
use gateway::uploads::resumable::upkeep;
use http::Method;
use serde_json::json;

use super::client::{Client, header, location};
use crate::data::lab::{CSV, Lab};
use crate::house::{House, problem};

/// The state of another gateway, whose upkeep is done by hand.
pub(super) async fn another(house: &House) -> (gateway::AppState, Shutdown) {
    let (config, shutdown) = (gateway::Config::read(&house.env).unwrap(), Shutdown::new());
    // What it does in the background does not begin.
    shutdown.soft.cancel();
    let state = gateway::AppState::build(config, Arc::new(SystemClock), Arc::new(SystemEntropy), shutdown.clone());
    (state.await.unwrap(), shutdown)
}

#[tokio::test]
async fn what_is_no_table_is_refused_with_place_and_reason_and_leaves_only_the_reason() {
    let lab = Lab::build().await;
    let ann = Client::of(&lab, &lab.ann);
    let bad = "a,b\n1,2\n3\n4,5\n";
    let path = ann.begin("bad", bad.len()).await;
    ann.add(&path, 0, &bad[..9]).await.error_for_status().unwrap();
    let refused = problem(ann.add(&path, 9, &bad[9..]).await, 422, "not-a-table").await;
    assert_eq!((&refused["reason"], &refused["line"]), (&json!("ragged"), &json!(3)));

    let told = ann.get(&path).await;
    assert_eq!((&told["state"], &told["dataset_id"]), (&json!("refused"), &json!(null)));
    for member in ["type", "title", "status", "detail", "reason", "line"] {
        assert_eq!(told["problem"][member], refused[member], "{member}");
    }
    let again = problem(ann.add(&path, bad.len(), "").await, 410, "upload-refused").await;
    assert_eq!(again["problem"]["line"], 3);
    assert_eq!(ann.head(&path).await.status(), 410, "nothing to go on with");
    lab.until("SELECT count(*) FROM e2i.upload_parts", 0).await;
    lab.assert_nothing_is_left().await;
    assert_eq!(ann.delete(&path).await.status(), 204);
    assert_eq!(lab.count("SELECT count(*) FROM e2i.uploads").await, 0);
}

#[tokio::test]
async fn it_is_checked_as_every_upload_is() {
    let lab = Lab::build_with(|env| env.with("UPLOAD_MAX_BYTES", "1MiB")).await;
    let ann = Client::of(&lab, &lab.ann);
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    bomb.write_all(format!("a,b\n{}", "0,0\n".repeat(1 << 20)).as_bytes()).unwrap();
    let bomb = bomb.finish().unwrap();
    let path = ann.begin("bomb", bomb.len()).await;
    assert_eq!(problem(ann.add(&path, 0, bomb).await, 413, "not-a-table").await["reason"], "too_large");
    // The media type of tab-separated values says the delimiter.
    let tabs = "a;b\tc\n1;2\t3\n";
    let said = [("filename", "x.tsv"), ("filetype", "text/tab-separated-values")];
    let path = location(ann.create(tabs.len(), &said).send().await.unwrap()).await;
    let dataset = header(&ann.add(&path, 0, tabs).await, "dataset-id");
    let dataset = lab.get(&format!("/api/v1/datasets/{dataset}"), &lab.ann).await;
    assert_eq!((&dataset["name"], &dataset["schema"]["columns"][0]["name"]), (&json!("x"), &json!("a;b")));
}

#[tokio::test]
async fn parts_that_cannot_be_read_now_are_checked_later() {
    let lab = Lab::build().await;
    let ann = Client::of(&lab, &lab.ann);
    let path = ann.begin("x", CSV.len()).await;
    ann.add(&path, 0, &CSV[..9]).await.error_for_status().unwrap();
    let part: PathBuf = lab.objects().pop().unwrap();
    let away = part.with_extension("away");
    std::fs::rename(&part, &away).unwrap();
    let answer = ann.add(&path, 9, &CSV[9..]).await;
    assert_eq!(header(&answer, "retry-after"), "15");
    problem(answer, 503, "service-unavailable").await;
    assert_eq!((ann.head(&path).await.status().as_u16(), &ann.get(&path).await["state"]), (423, &json!("checking")));
    assert_eq!(lab.count("SELECT count(*) FROM e2i.datasets").await, 0);

    std::fs::rename(&away, &part).unwrap();
    lab.house.execute("UPDATE e2i.uploads SET check_until = now() - interval '1 minute'").await;
    // Any gateway does it, unasked.
    lab.until("SELECT count(*) FROM e2i.uploads WHERE state = 'stored'", 1).await;
    let dataset = ann.get(&path).await["dataset_id"].as_str().unwrap().to_owned();
    assert_eq!(ann.download(&dataset).await, CSV.as_bytes());
    assert_eq!(lab.get(&format!("/api/v1/datasets/{dataset}"), &lab.ann).await["version"], 1);
}

#[tokio::test]
async fn a_check_that_never_ends_is_given_up() {
    let lab = Lab::build().await;
    let ann = Client::of(&lab, &lab.ann);
    let path = ann.begin("x", CSV.len()).await;
    ann.add(&path, 0, &CSV[..9]).await.error_for_status().unwrap();
    lab.house.execute("UPDATE e2i.uploads SET check_attempts = 5").await;
    problem(ann.add(&path, 9, &CSV[9..]).await, 500, "internal-server-error").await;
    let told = ann.get(&path).await;
    assert_eq!((&told["state"], &told["problem"]["status"]), (&json!("refused"), &json!(500)));
    lab.until("SELECT count(*) FROM e2i.upload_parts", 0).await;
    lab.assert_nothing_is_left().await;
}

#[tokio::test]
async fn many_who_take_over_make_one_dataset() {
    let lab = Lab::build().await;
    let ann = Client::of(&lab, &lab.ann);
    let path = ann.begin("x", CSV.len()).await;
    let (state, _shutdown) = another(&lab.house).await;
    // All bytes are there, and nobody is at it: killed right after.
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    let announced = state.store.announce_part(id, 0).await.unwrap().unwrap();
    state.objects.put(&announced.object_key, CSV.into()).await.unwrap();
    state.store.add_part(id, announced.part, 0, CSV.len() as u64).await.unwrap().unwrap();
    lab.house.execute("UPDATE e2i.uploads SET check_until = now() - interval '1 minute'").await;
    let (one, two, asked) =
        tokio::join!(upkeep::take_over(&state), upkeep::take_over(&state), ann.add(&path, CSV.len(), ""));
    assert!(one.unwrap() + two.unwrap() <= 1);
    assert!([204, 423].contains(&asked.status().as_u16()), "{}", asked.status());
    lab.until("SELECT count(*) FROM e2i.uploads WHERE state = 'stored'", 1).await;
    assert_eq!(lab.count("SELECT count(*) FROM e2i.datasets").await, 1);
    assert_eq!(lab.count("SELECT count(*) FROM e2i.jobs").await, 1);
    let dataset = header(&ann.request(Method::HEAD, &path).send().await.unwrap(), "dataset-id");
    assert_eq!(ann.download(&dataset).await, CSV.as_bytes());
}
