//! A disk that is nearly full.

use std::path::Path;
use std::process::Command;

use http::Method;
use serde_json::Value;

use super::client::Client;
use crate::data::lab::{CSV, Lab};
use crate::house::{body, problem};

/// No disk is emptier than that.
const FULL: &str = "0.0000001";

async fn is_refused(client: &Client) {
    let resumable = client.create(CSV.len(), &[("name", "x")]).send().await.unwrap();
    let refused = problem(resumable, 507, "disk-nearly-full").await;
    let detail = refused["detail"].as_str().unwrap();
    assert!(detail.contains("% of the disk") && detail.contains("delete datasets"), "{detail}");
    assert!(refused["used_share"].as_f64().unwrap() >= refused["limit_share"].as_f64().unwrap(), "{refused}");
    let at_once = client.plain(Method::POST, "/api/v1/datasets?name=x").body(CSV).send().await.unwrap();
    problem(at_once, 507, "disk-nearly-full").await;
}

#[tokio::test]
async fn no_new_upload_begins_and_what_has_begun_may_finish() {
    let lab = Lab::build().await;
    let ann = Client::of(&lab, &lab.ann);
    let begun = ann.begin("begun", CSV.len()).await;
    assert_eq!(ann.add(&begun, 0, &CSV[..10]).await.status(), 204);
    let (address, _shutdown) = lab.house.second_with(|env| env.with("UPLOADS_DISK_LIMIT", FULL)).await;
    let full = ann.at(address);
    is_refused(&full).await;
    let open: Value = body(full.plain(Method::GET, "/api/v1/datasets").send().await.unwrap(), 200).await;
    assert_eq!(open["datasets"].as_array().unwrap().len(), 0, "nothing is left of what was refused");
    let done = full.add(&begun, 10, &CSV[10..]).await;
    assert_eq!(done.status(), 204);
    assert!(done.headers().contains_key("dataset-id"));
}

/// A file system in memory; gone when dropped.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    /// None where this process may not mount.
    fn mount(folder: &'a Path) -> Option<Self> {
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"]).arg(folder).output().ok()?;
        mount.status.success().then_some(Self(folder))
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _stays = Command::new("umount").arg("--lazy").arg(self.0).output();
    }
}

#[tokio::test]
async fn a_disk_that_fills_up_is_noticed_at_once_and_so_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(folder.path()) else {
        eprintln!("not tried: only root may mount a small disk");
        return;
    };
    let objects = folder.path().to_string_lossy().into_owned();
    let usual = |env: chassis::config::Env| env.with("OBJECT_STORE_URL", &objects).with("UPLOADS_DISK_LIMIT", "0.85");
    let lab = Lab::build_with(usual).await;
    let ann = Client::of(&lab, &lab.ann);
    let begun = ann.begin("begun", CSV.len()).await;
    let ready = async || {
        let address = lab.house.private_address;
        let asked = tokio::task::spawn_blocking(move || chassis::healthcheck::ask(address, "/readyz"));
        serde_json::from_str::<Value>(&asked.await.unwrap().unwrap()).unwrap()
    };
    assert_eq!(ready().await["status"], "pass");

    let filler = disk.0.join("filler");
    std::fs::write(&filler, vec![1; 7 << 20]).unwrap();
    is_refused(&ann).await;
    let degraded = ready().await;
    assert_eq!((&degraded["status"], &degraded["degraded"][0]), (&"warn".into(), &"upload_disk".into()));
    assert_eq!(ann.add(&begun, 0, CSV).await.status(), 204, "what has begun may finish");

    std::fs::remove_file(&filler).unwrap();
    ann.begin("next", CSV.len()).await;
    assert_eq!(ready().await["status"], "pass");
}
