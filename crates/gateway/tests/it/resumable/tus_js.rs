//! tus-js-client, the client that browsers use, against the gateway. It is installed by `npm ci` beside the build's
//! results; Node.js and npm must be there.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use tokio::sync::OnceCell;

use super::client::{Client, table};
use crate::data::lab::Lab;

/// What the script needs, in a folder that is made anew whenever the lock file is another one.
async fn installed() -> &'static Path {
    static FOLDER: OnceCell<PathBuf> = OnceCell::const_new();
    FOLDER.get_or_init(|| async { tokio::task::spawn_blocking(install).await.unwrap() }).await
}

fn install() -> PathBuf {
    let source = Path::new("tests/tus");
    let node = run(Command::new("node").arg("--version"));
    let major = node.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    assert!(major >= Some(18), "Node.js {node} is too old for tus-js-client: install version 18 or newer");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tus-js-client");
    std::fs::create_dir_all(&folder).unwrap();
    let lock = std::fs::read(source.join("package-lock.json")).unwrap();
    let stamp = folder.join("installed-from.json");
    // Two test processes at once would install over each other.
    let file = std::fs::File::create(folder.join("lock")).unwrap();
    file.lock().unwrap();
    if std::fs::read(&stamp).ok().as_deref() != Some(&lock) {
        for name in ["package.json", "package-lock.json"] {
            std::fs::copy(source.join(name), folder.join(name)).unwrap();
        }
        run(Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&folder));
        std::fs::write(&stamp, lock).unwrap();
    }
    std::fs::copy(source.join("upload.mjs"), folder.join("upload.mjs")).unwrap();
    folder
}

fn run(command: &mut Command) -> String {
    let program = command.get_program().to_string_lossy().into_owned();
    let Output { status, stdout, stderr } = command.output().unwrap_or_else(|error| {
        panic!("{program} cannot be run ({error}): install Node.js 18 or newer with npm (Debian: apt-get install nodejs npm)")
    });
    assert!(status.success(), "{command:?}: {status}\n{}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

/// A file to be uploaded, and what the client remembers of it.
struct Job {
    folder: tempfile::TempDir,
    asked: Value,
}

impl Job {
    fn new(lab: &Lab, content: &[u8], chunk_bytes: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("table.csv"), content).unwrap();
        let asked = json!({
            "endpoint": format!("http://{}/api/v1/uploads", lab.house.address), "token": lab.ann.access_token,
            "file": folder.path().join("table.csv"), "memory": folder.path().join("memory.json"),
            "chunk_bytes": chunk_bytes, "metadata": {"filename": "table.csv", "filetype": "text/csv"},
        });
        Self { folder, asked }
    }

    async fn run(&self, mode: &str, changes: Value) -> Value {
        let script = installed().await.join("upload.mjs");
        let mut asked = self.asked.clone();
        asked["mode"] = json!(mode);
        asked.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let mut command = tokio::process::Command::new("node");
        let output = command.arg(script).arg(asked.to_string()).kill_on_drop(true).output();
        let output = tokio::time::timeout(std::time::Duration::from_mins(1), output).await.unwrap().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

fn testdata(name: &str) -> Vec<u8> {
    std::fs::read(Path::new("../../testdata").join(name)).unwrap()
}

async fn assert_stored(lab: &Lab, told: &Value, content: &[u8]) {
    let dataset = told["dataset_id"].as_str().unwrap_or_else(|| panic!("{told}"));
    assert!(Client::of(lab, &lab.ann).download(dataset).await == content, "{told}");
    assert_eq!(lab.get(&format!("/api/v1/datasets/{dataset}"), &lab.ann).await["name"], "table");
}

#[tokio::test]
async fn it_aborts_half_way_and_a_later_program_goes_on() {
    let lab = Lab::build().await;
    let mut packed = Vec::new();
    flate2::read::GzDecoder::new(&testdata("cps_controls.csv.gz")[..]).read_to_end(&mut packed).unwrap();
    for (content, chunk_bytes) in [(testdata("nsw.csv"), 4 << 10), (packed, 64 << 10)] {
        let job = Job::new(&lab, &content, chunk_bytes);
        let aborted = job.run("abort", json!({})).await;
        assert_eq!((&aborted["error"], &aborted["dataset_id"]), (&json!(null), &json!(null)), "{aborted}");
        let kept = std::fs::read_to_string(job.folder.path().join("memory.json")).unwrap();
        assert!(kept.contains("/api/v1/uploads/"), "{kept}");

        let resumed = job.run("resume", json!({})).await;
        let requests = resumed["requests"].as_array().unwrap();
        assert_eq!((&requests[0][0], &requests[0][1]), (&json!("HEAD"), &json!(200)), "{resumed}");
        let (from, length) = (requests[0][2].as_u64().unwrap(), content.len() as u64);
        assert!(from >= length / 2 && from < length, "{from} of {length}");
        let rest = (length - from).div_ceil(chunk_bytes as u64);
        assert_eq!(requests.len() as u64, 1 + rest, "nothing is sent twice: {resumed}");
        assert!(requests[1..].iter().all(|request| request[1] == 204), "{resumed}");
        assert_stored(&lab, &resumed, &content).await;
    }
}

#[tokio::test]
async fn it_uploads_whole_files_in_every_way_it_knows() {
    let lab = Lab::build().await;
    let content = table(300 << 10, b'7');
    let job = Job::new(&lab, &content, 64 << 10);
    for changes in [
        json!({}),
        json!({"chunk_bytes": null}),
        json!({"during_creation": true}),
        json!({"during_creation": true, "chunk_bytes": 1 << 20}),
        json!({"override_method": true}),
    ] {
        let told = job.run("whole", changes).await;
        assert_eq!(told["error"], json!(null), "{told}");
        assert_stored(&lab, &told, &content).await;
    }
}

#[tokio::test]
async fn it_is_told_why_a_file_is_no_table_and_does_not_try_again() {
    let lab = Lab::build().await;
    let job = Job::new(&lab, b"a,b\n1,2\n3\n", 4);
    let told = job.run("whole", json!({})).await;
    assert_eq!(told["status"], 422, "{told}");
    let problem: Value = serde_json::from_str(told["detail"].as_str().unwrap()).unwrap();
    assert_eq!((&problem["reason"], &problem["line"]), (&json!("ragged"), &json!(3)));
    assert_eq!(told["requests"].as_array().unwrap().len(), 4, "{told}");
    let (nobody, forbidden) = (json!({"token": "x"}), json!({"metadata": {}}));
    assert_eq!(job.run("whole", nobody).await["status"], 401);
    assert_eq!(job.run("whole", forbidden).await["status"], 422);
}

/// Between abort and resume the gateway is another one.
#[tokio::test]
async fn it_goes_on_at_another_gateway() {
    let lab = Lab::build().await;
    let (second, shutdown) = lab.house.second().await;
    let content = table(300 << 10, b'3');
    let job = Job::new(&lab, &content, 64 << 10);
    job.run("abort", json!({})).await;
    let memory = job.folder.path().join("memory.json");
    let moved = std::fs::read_to_string(&memory).unwrap().replace(&lab.house.address.to_string(), &second.to_string());
    // The client finds an upload by the endpoint too.
    std::fs::write(&memory, moved).unwrap();
    let told = job.run("resume", json!({"endpoint": format!("http://{second}/api/v1/uploads")})).await;
    assert_eq!(told["error"], json!(null), "{told}");
    assert_eq!(told["requests"][0][0], "HEAD", "{told}");
    assert_stored(&lab, &told, &content).await;
    shutdown.force();
}
