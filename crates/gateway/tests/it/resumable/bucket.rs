//! Parts in a bucket, on a server that checks signatures (`s3s-fs`).

#[path = "../../../../tables/tests/it/s3_server.rs"]
mod s3_server;

use s3_server::Server;

use super::client::{Client, header, table};
use crate::data::lab::Lab;
use crate::house::problem;

/// The server keeps notes of its own beside the objects.
fn objects(server: &Server) -> Vec<String> {
    server.files().into_iter().filter(|file| file.contains("/bucket/e2i/")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_lie_in_a_bucket_as_in_a_folder() {
    let server = Server::start().await;
    let options = server.options.clone();
    let lab = Lab::build_with(|env| {
        env.with("OBJECT_STORE_URL", "s3://bucket/e2i")
            .with("DO_SPACES_KEY", options.key.unwrap())
            .with("DO_SPACES_SECRET", options.secret.unwrap())
            .with("DO_SPACES_ENDPOINT", options.endpoint.unwrap())
    })
    .await;
    let (second, shutdown) = lab.house.second().await;
    let here = Client::of(&lab, &lab.ann);
    let there = here.at(second);
    let (file, half) = (table(20 << 20, b'1'), 9 << 20);
    let path = here.begin("x", file.len()).await;
    here.add(&path, 0, file[..half].to_vec()).await.error_for_status().unwrap();
    assert_eq!((there.offset(&path).await, objects(&server).len()), (half, 2), "a full part and the rest");
    let last = there.add(&path, half, file[half..].to_vec()).await;
    assert!(here.download(&header(&last, "dataset-id")).await == file);
    lab.until("SELECT count(*) FROM e2i.upload_parts", 0).await;
    assert_eq!(objects(&server).len(), 1, "{:?}", objects(&server));

    let path = here.begin("bad", 9).await;
    problem(here.add(&path, 0, "a,b\n1,2\n3").await, 422, "not-a-table").await;
    let path = here.begin("left", 9).await;
    here.add(&path, 0, "a,b\n").await.error_for_status().unwrap();
    assert_eq!(here.delete(&path).await.status(), 204);
    lab.until("SELECT count(*) FROM e2i.upload_parts", 0).await;
    assert_eq!(objects(&server).len(), 1, "{:?}", objects(&server));
    shutdown.force();
}
