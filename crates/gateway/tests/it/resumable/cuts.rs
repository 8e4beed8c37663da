//! Connections that end in mid-body, and requests that meet.

use std::time::Duration;

use futures::future::join_all;
use tokio::io::AsyncReadExt as _;

use super::client::{Client, header, table};
use crate::data::lab::{CSV, Lab};
use crate::house::problem;

#[tokio::test]
async fn what_arrived_of_a_body_that_was_cut_is_kept_and_the_rest_is_asked_for() {
    let lab = Lab::build().await;
    let ann = Client::of(&lab, &lab.ann);
    let path = ann.begin("x", CSV.len()).await;
    for (offset, end) in [(0, 9), (9, 20)] {
        let connection = ann.begin_to_add(&path, offset, CSV.len() - offset, &CSV.as_bytes()[offset..end]).await;
        drop(connection);
        until_offset(&ann, &path, end).await;
    }
    let last = ann.add(&path, 20, &CSV[20..]).await;
    assert_eq!(ann.download(&header(&last, "dataset-id")).await, CSV.as_bytes());
}

async fn until_offset(client: &Client, path: &str, wanted: usize) {
    for _ in 0..400 {
        if client.offset(path).await == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the offset is {}, not {wanted}", client.offset(path).await);
}

#[tokio::test]
async fn a_long_body_is_cut_into_parts_that_count_one_by_one() {
    let lab = Lab::build().await;
    let ann = Client::of(&lab, &lab.ann);
    let (file, part) = (table(17 << 20, b'1'), 8 << 20);
    let path = ann.begin("long", file.len()).await;
    let sent = 2 * part + 1000;
    let connection = ann.begin_to_add(&path, 0, file.len(), &file[..sent]).await;
    // Two parts are durable while the body is still coming.
    until_offset(&ann, &path, 2 * part).await;
    drop(connection);
    until_offset(&ann, &path, sent).await;
    let last = ann.add(&path, sent, file[sent..].to_vec()).await;
    assert_eq!(last.status(), 204);
    assert_eq!(ann.download(&header(&last, "dataset-id")).await, file);
}

#[tokio::test]
async fn another_gateway_goes_on_where_the_first_was_left() {
    let lab = Lab::build().await;
    let (second, shutdown) = lab.house.second().await;
    let here = Client::of(&lab, &lab.ann);
    let there = here.at(second);
    let path = here.begin("x", CSV.len()).await;
    here.add(&path, 0, &CSV[..9]).await.error_for_status().unwrap();
    assert_eq!(there.offset(&path).await, 9);
    there.add(&path, 9, &CSV[9..20]).await.error_for_status().unwrap();
    let last = here.add(&path, 20, &CSV[20..]).await;
    assert_eq!(there.download(&header(&last, "dataset-id")).await, CSV.as_bytes());
    shutdown.force();
}

/// Whoever moves the offset first wins, whole; nothing of the others is ever between.
#[tokio::test]
async fn of_requests_at_the_same_offset_exactly_one_adds_its_bytes() {
    let lab = Lab::build_with(|env| env.with("UPLOADS_AT_ONCE", "16")).await;
    let (second, shutdown) = lab.house.second().await;
    let here = Client::of(&lab, &lab.ann);
    let there = here.at(second);
    // Within one part, and over the boundary of two.
    for (size, digits) in [(100, b'1'..=b'9'), (9 << 20, b'1'..=b'3')] {
        let tables: Vec<_> = digits.map(|digit| table(size, digit)).collect();
        let path = here.begin("x", tables[0].len()).await;
        let clients = [&here, &there].into_iter().cycle();
        let adding = tables.iter().zip(clients).map(|(table, client)| client.add(&path, 0, table.clone()));
        let answers = join_all(adding).await;
        let statuses: Vec<_> = answers.iter().map(|answer| answer.status().as_u16()).collect();
        let winner = statuses.iter().position(|status| *status == 204).unwrap_or_else(|| panic!("{statuses:?}"));
        assert_eq!(statuses.iter().filter(|status| **status == 409).count(), tables.len() - 1, "{statuses:?}");
        let dataset = header(&answers[winner], "dataset-id");
        assert!(here.download(&dataset).await == tables[winner], "bytes of {size} are mixed");
        lab.until("SELECT count(*) FROM e2i.upload_parts", 0).await;
    }
    assert_eq!(lab.objects().len(), 2, "the losers' parts are gone");
    shutdown.force();
}

#[tokio::test]
async fn a_gateway_that_ends_keeps_what_it_got_and_says_so() {
    let lab = Lab::build().await;
    let (second, shutdown) = lab.house.second().await;
    let here = Client::of(&lab, &lab.ann);
    let there = here.at(second);
    let (file, part) = (table(9 << 20, b'1'), 8 << 20);
    let path = here.begin("x", file.len()).await;
    let mut connection = there.begin_to_add(&path, 0, file.len(), &file[..part + 9]).await;
    // The part is written when a byte behind it has arrived, which is then held.
    until_offset(&here, &path, part).await;
    shutdown.begin(Duration::from_secs(10));
    let mut answer = [0; 12];
    connection.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 503");
    let kept = here.offset(&path).await;
    assert!((part + 1..=part + 9).contains(&kept), "{kept}");
    let last = here.add(&path, kept, file[kept..].to_vec()).await;
    assert!(here.download(&header(&last, "dataset-id")).await == file);
}

#[tokio::test]
async fn a_client_that_leaves_after_the_last_byte_has_its_dataset() {
    let lab = Lab::build().await;
    let ann = Client::of(&lab, &lab.ann);
    let path = ann.begin("x", CSV.len()).await;
    // The dataset cannot come to be while this is held.
    let mut held = lab.house.database.begin().await.unwrap();
    sqlx::query("LOCK TABLE e2i.datasets IN EXCLUSIVE MODE").execute(&mut *held).await.unwrap();
    let connection = ann.begin_to_add(&path, 0, CSV.len(), CSV.as_bytes()).await;
    lab.until("SELECT count(*) FROM e2i.uploads WHERE state = 'checking'", 1).await;
    drop(connection);
    assert_eq!(ann.head(&path).await.status(), 423, "all bytes there, and no dataset yet");
    assert_eq!(ann.delete(&path).await.status(), 423);
    held.rollback().await.unwrap();
    lab.until("SELECT count(*) FROM e2i.uploads WHERE state = 'stored'", 1).await;
    let dataset = ann.get(&path).await["dataset_id"].as_str().unwrap().to_owned();
    assert_eq!(ann.download(&dataset).await, CSV.as_bytes());
    problem(ann.add(&path, 0, CSV).await, 409, "conflict").await;
}
