//! How uploads end: deleted, expired, forgotten.

use std::path::PathBuf;

use futures::stream;
use gateway::uploads::resumable::upkeep;
use serde_json::json;

use super::checking::another;
use super::client::{Client, header};
use crate::data::lab::{CSV, Lab};
use crate::house::{body, problem};

#[tokio::test]
async fn one_that_is_deleted_is_gone_with_its_bytes() {
    let lab = Lab::build().await;
    let ann = Client::of(&lab, &lab.ann);
    let path = ann.begin("x", CSV.len()).await;
    ann.add(&path, 0, &CSV[..9]).await.error_for_status().unwrap();
    assert_eq!(lab.objects().len(), 1);
    assert_eq!(ann.delete(&path).await.status(), 204);
    assert_eq!(lab.objects(), Vec::<PathBuf>::new());
    for answer in [ann.add(&path, 9, &CSV[9..]).await, ann.delete(&path).await, ann.head(&path).await] {
        assert_eq!((answer.status().as_u16(), header(&answer, "tus-resumable")), (404, "1.0.0".into()));
    }
    assert_eq!(lab.house.audited("upload.delete").await, 1);
}

#[tokio::test]
async fn one_that_is_deleted_while_bytes_come_leaves_nothing() {
    let lab = Lab::build().await;
    let ann = Client::of(&lab, &lab.ann);
    let path = ann.begin("x", CSV.len()).await;
    let chunks = stream::once(async { Ok::<_, std::io::Error>(&CSV[..9]) });
    let deleted = async {
        assert_eq!(ann.delete(&path).await.status(), 204);
        Ok(&CSV[9..])
    };
    // The rest comes when the upload is gone.
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    let body = reqwest::Body::wrap_stream(tokio_stream::wrappers::ReceiverStream::new(receiver));
    let adding = ann.add(&path, 0, body);
    let sending = async {
        let mut chunks = std::pin::pin!(chunks);
        while let Some(chunk) = futures::StreamExt::next(&mut chunks).await {
            sender.send(chunk).await.unwrap();
        }
        sender.send(deleted.await).await.unwrap();
        drop(sender);
    };
    let (answer, ()) = tokio::join!(adding, sending);
    assert!([404, 409].contains(&answer.status().as_u16()), "{}", answer.status());
    assert_eq!(lab.count("SELECT count(*) FROM e2i.uploads").await, 0);
    lab.assert_nothing_is_left().await;
}

#[tokio::test]
async fn after_a_day_it_is_given_up_and_removed() {
    let lab = Lab::build().await;
    let ann = Client::of(&lab, &lab.ann);
    let (old, young) = (ann.begin("old", CSV.len()).await, ann.begin("young", CSV.len()).await);
    for path in [&old, &young] {
        ann.add(path, 0, &CSV[..9]).await.error_for_status().unwrap();
    }
    let day = "SELECT count(*) FROM e2i.uploads WHERE expires_at = created_at + interval '24 hours'";
    assert_eq!(lab.count(day).await, 2);
    lab.house.execute("UPDATE e2i.uploads SET expires_at = now() - interval '1 s' WHERE name = 'old'").await;
    let gone = problem(ann.add(&old, 9, &CSV[9..]).await, 410, "gone").await;
    assert!(gone["detail"].as_str().unwrap().contains("begin a new one"), "{gone}");
    assert_eq!((ann.head(&old).await.status().as_u16(), ann.delete(&old).await.status().as_u16()), (410, 410));

    let (state, _shutdown) = another(&lab.house).await;
    let turn = state.store.turn_to_sweep().await.unwrap().unwrap();
    assert_eq!(upkeep::sweep(&state).await.unwrap(), 0, "one at a time");
    drop(turn);
    // The lock goes with its transaction, which is rolled back when its connection is used again or returned.
    let mut swept = 0;
    while swept == 0 {
        swept = upkeep::sweep(&state).await.unwrap();
    }
    assert_eq!((swept, upkeep::sweep(&state).await.unwrap()), (1, 0));
    assert_eq!((ann.head(&old).await.status().as_u16(), lab.objects().len()), (404, 1));
    assert_eq!(ann.add(&young, 9, &CSV[9..]).await.status(), 204);
}

#[tokio::test]
async fn what_a_gateway_was_writing_when_it_was_killed_goes_with_its_upload() {
    let lab = Lab::build().await;
    let ann = Client::of(&lab, &lab.ann);
    let path = ann.begin("x", CSV.len()).await;
    let (state, _shutdown) = another(&lab.house).await;
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    // Announced and written; and there it ended.
    let announced = state.store.announce_part(id, 0).await.unwrap().unwrap();
    state.objects.put(&announced.object_key, "half".into()).await.unwrap();
    assert_eq!(ann.offset(&path).await, 0);
    let last = ann.add(&path, 0, CSV).await;
    assert_eq!(ann.download(&header(&last, "dataset-id")).await, CSV.as_bytes());
    lab.until("SELECT count(*) FROM e2i.upload_parts", 0).await;
    assert_eq!(lab.objects().len(), 1, "the dataset alone");
}

#[tokio::test]
async fn parts_that_were_not_removed_are_swept_and_the_outcome_is_told_until_it_expires() {
    let lab = Lab::build().await;
    let ann = Client::of(&lab, &lab.ann);
    let path = ann.begin("x", CSV.len()).await;
    let dataset = header(&ann.add(&path, 0, CSV).await, "dataset-id");
    lab.until("SELECT count(*) FROM e2i.upload_parts", 0).await;
    let (state, _shutdown) = another(&lab.house).await;
    state.objects.put("uploads/left", "over".into()).await.unwrap();
    lab.house
        .execute(
            "INSERT INTO e2i.upload_parts (upload_id, start_bytes, size_bytes, object_key)
             SELECT id, 0, 4, 'uploads/left' FROM e2i.uploads",
        )
        .await;
    assert_eq!(upkeep::sweep(&state).await.unwrap(), 1);
    assert_eq!(lab.objects().len(), 1);
    body(lab.house.delete(&format!("/api/v1/datasets/{dataset}"), &lab.ann).await, 204).await;
    let told = ann.get(&path).await;
    assert_eq!((&told["state"], &told["dataset_id"]), (&json!("stored"), &json!(null)));
    lab.house.execute("UPDATE e2i.uploads SET expires_at = now()").await;
    assert_eq!(upkeep::sweep(&state).await.unwrap(), 1);
    assert_eq!(lab.count("SELECT count(*) FROM e2i.uploads").await, 0);
}
