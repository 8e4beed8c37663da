//! What the tests share: platforms, people, files, processes.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use local::client::{Client, text};
use local::platform::{Person, Platform};
use serde_json::{Value, json};

/// The program under test.
pub(crate) const E2I: &str = env!("CARGO_BIN_EXE_e2i");

pub(crate) fn testdata(name: &str) -> PathBuf {
    Path::new("../../testdata").join(name)
}

pub(crate) async fn platform(environment: &[(&str, &str)]) -> Platform {
    Platform::for_test(E2I, 1, environment).await.unwrap()
}

pub(crate) async fn sign_in(platform: &Platform, person: &Person) -> Client {
    let password = std::fs::read_to_string(&person.password_file).unwrap();
    Client::new(platform.public_url()).unwrap().sign_in(&person.email, password.trim()).await.unwrap()
}

pub(crate) async fn admin(platform: &Platform) -> Client {
    sign_in(platform, platform.admin()).await
}

/// A new user without any special role, signed in.
pub(crate) async fn user(platform: &Platform, email: &str) -> Client {
    let password = "correct horse battery staple";
    let new = json!({ "email": email, "password": password });
    admin(platform).await.post("/api/v1/admin/users", &new).await.unwrap();
    Client::new(platform.public_url()).unwrap().sign_in(email, password).await.unwrap()
}

pub(crate) async fn upload_nsw(client: &Client) -> Value {
    client.upload("nsw", &testdata("nsw.csv")).await.unwrap()
}

pub(crate) fn id(value: &Value) -> &str {
    text(value, "id").unwrap()
}

/// To 1e-6 of the expected value.
#[track_caller]
pub(crate) fn assert_close(actual: &Value, expected: f64) {
    let actual = actual.as_f64().unwrap_or_else(|| panic!("{actual} is no number"));
    assert!((actual / expected - 1.0).abs() < 1e-6, "{actual} is not {expected}");
}

/// Waits until `condition` gives something; panics with `what` when it takes too long.
pub(crate) async fn eventually<T>(what: &str, mut condition: impl AsyncFnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = condition().await {
            return found;
        }
        assert!(begin.elapsed() < Duration::from_mins(1), "not within 60 s: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Running processes (no zombies) whose parent is `parent`.
pub(crate) fn children(parent: i32) -> Vec<i32> {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    processes
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid| stat(*pid).is_some_and(|(state, of)| of == parent && state != "Z"))
        .collect()
}

pub(crate) fn is_running(pid: i32) -> bool {
    stat(pid).is_some_and(|(state, _)| state != "Z")
}

/// State and parent, from `/proc/N/stat`: "N (program) state parent ...".
fn stat(pid: i32) -> Option<(String, i32)> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    Some((fields.next()?.to_owned(), fields.next()?.parse().ok()?))
}
