//! How many uploads, how many bytes at once.

use futures::future::join_all;
use serde_json::json;

use super::client::{Client, header};
use crate::data::lab::{CSV, Lab};
use crate::house::problem;

#[tokio::test]
async fn a_person_has_so_many_uploads_open_and_no_more() {
    let lab = Lab::build_with(|env| env.with("UPLOADS_OPEN_PER_PERSON", "3")).await;
    let (ann, bob) = (Client::of(&lab, &lab.ann), Client::of(&lab, &lab.bob));
    // All at once: whoever counts sees the others.
    let answers = join_all((0..8).map(|_| ann.create(CSV.len(), &[("name", "x")]).send())).await;
    let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
    let (open, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status() == 201);
    let paths: Vec<String> = open.iter().map(|answer| header(answer, "location")).collect();
    assert_eq!((paths.len(), refused.len()), (3, 5));
    for answer in refused {
        assert_eq!(header(&answer, "retry-after"), "60");
        let problem = problem(answer, 429, "too-many-requests").await;
        let told: Vec<&str> = problem["open"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        assert!(paths.iter().all(|path| told.iter().any(|id| path.ends_with(id))), "{problem}");
    }
    bob.begin("x", 9).await;
    // One that is complete, was no table, was deleted or is expired is not open.
    assert_eq!(ann.add(&paths[0], 0, CSV).await.status(), 204);
    assert_eq!(ann.delete(&paths[1]).await.status(), 204);
    lab.house.execute("UPDATE e2i.uploads SET expires_at = now() WHERE state = 'receiving'").await;
    for _ in 0..3 {
        ann.begin("x", 9).await;
    }
    problem(ann.create(9, &[("name", "x")]).send().await.unwrap(), 429, "too-many-requests").await;
}

#[tokio::test]
async fn bytes_come_in_at_so_many_places_and_a_free_one_is_used_again() {
    let lab = Lab::build_with(|env| env.with("UPLOADS_AT_ONCE", "1")).await;
    let ann = Client::of(&lab, &lab.ann);
    let (slow, other) = (ann.begin("slow", CSV.len()).await, ann.begin("other", CSV.len()).await);
    let connection = ann.begin_to_add(&slow, 0, CSV.len(), &CSV.as_bytes()[..9]).await;
    let refused = ann.add(&other, 0, CSV).await;
    assert_eq!(header(&refused, "retry-after"), "5");
    problem(refused, 503, "service-unavailable").await;
    drop(connection);
    lab.until("SELECT count(*) FROM e2i.uploads WHERE offset_bytes = 9", 1).await;
    while ann.add(&other, 0, "").await.status() == 503 {}
    assert_eq!(ann.add(&other, 0, CSV).await.status(), 204);
}

#[tokio::test]
async fn an_upload_of_countless_pieces_is_stopped() {
    let lab = Lab::build().await;
    let ann = Client::of(&lab, &lab.ann);
    let path = ann.begin("x", CSV.len()).await;
    lab.house.execute("UPDATE e2i.uploads SET part_count = 39999").await;
    assert_eq!(ann.add(&path, 0, "i").await.status(), 204);
    let refused = problem(ann.add(&path, 1, "d").await, 409, "conflict").await;
    assert!(refused["detail"].as_str().unwrap().contains("40000 requests"), "{refused}");
    assert_eq!(ann.get(&path).await["offset_bytes"], json!(1));
}
