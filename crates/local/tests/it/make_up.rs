//! `make up` as a person meets it: the program itself, its words, its end.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use local::running::{self, Running};
use rustix::process::{Pid, Signal, kill_process};

use crate::house::{E2I, children, eventually, id, is_running, upload_nsw};

/// A clone's `.local` folder; its data, which for root lie elsewhere, go with it.
struct Clone {
    folder: tempfile::TempDir,
    addresses: [String; 7],
}

impl Clone {
    fn new() -> Self {
        let random = servers::operating_system_random();
        let address = || format!("127.0.0.1:{}", servers::free_port(&random).unwrap());
        Self { folder: tempfile::tempdir().unwrap(), addresses: [(); 7].map(|()| address()) }
    }

    fn local(&self) -> PathBuf {
        self.folder.path().join(".local")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(E2I);
        let [nginx, nginx_private, gateway, gateway_private, worker_private, health, health_private] = &self.addresses;
        command
            .args(["up", "--local"])
            .arg(self.local())
            .env("E2I_NGINX_LISTEN", nginx)
            .env("GATEWAY_LISTEN", gateway)
            .env("GATEWAY_PRIVATE_LISTEN", gateway_private)
            .env("WORKER_PRIVATE_LISTEN", worker_private)
            .env("HEALTH_LISTEN", health)
            .env("HEALTH_PRIVATE_LISTEN", health_private)
            .env("E2I_NGINX_PRIVATE_LISTEN", nginx_private)
            .stdin(Stdio::null());
        command
    }

    async fn up(&self) -> Up {
        let mut process = self.command().stdout(Stdio::piped()).spawn().unwrap();
        let lines = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&lines);
        let output = BufReader::new(process.stdout.take().unwrap());
        std::thread::spawn(move || {
            output.lines().map_while(Result::ok).for_each(|line| heard.lock().unwrap().push(line));
        });
        let up = Up { process, lines };
        eventually("the platform is up", async || up.said("  stop ").then_some(())).await;
        up
    }

    fn running(&self) -> Option<Running> {
        running::find(&self.local()).unwrap()
    }

    /// Processes that work in the data of this clone: servers, services, guardians.
    fn processes(&self) -> Vec<i32> {
        let Ok(home) = std::fs::canonicalize(self.local().join("data")) else { return Vec::new() };
        let works_here = |pid: i32| {
            is_running(pid)
                && std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|folder: PathBuf| folder.starts_with(&home))
        };
        let all = std::fs::read_dir("/proc").unwrap().flatten();
        all.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter(|pid| works_here(*pid)).collect()
    }
}

impl Drop for Clone {
    fn drop(&mut self) {
        if let Ok(home) = std::fs::canonicalize(self.local().join("data")) {
            // Servers of a killed platform may still be ending; what is left is in a folder for temporary files.
            let _ = std::fs::remove_dir_all(home);
        }
    }
}

struct Up {
    process: Child,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Up {
    fn said(&self, text: &str) -> bool {
        self.lines.lock().unwrap().iter().any(|line| line.contains(text))
    }

    fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.process.id()).unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
    }

    fn wait(&mut self) -> std::process::ExitStatus {
        self.process.wait().unwrap()
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        // Of a test that failed; the guardians end the rest.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

async fn gone(what: &str, clone: &Clone) {
    eventually(what, async || clone.processes().is_empty().then_some(())).await;
}

#[tokio::test]
async fn ctrl_c_ends_everything_and_the_next_run_has_the_same_data() {
    let clone = Clone::new();
    let mut first = clone.up().await;
    let running = clone.running().unwrap();
    assert_eq!(running.public_url, format!("http://{}", clone.addresses[0]));
    let password = std::fs::read_to_string(&running.admin_password_file).unwrap();
    assert!(first.said(&password), "the first run shows the password");
    let client = local::main_job::sign_in(&running).await.unwrap();
    let dataset = upload_nsw(&client).await;
    first.signal(Signal::INT);
    assert!(first.wait().success());
    assert!(first.said("Stopped."));
    assert_eq!(clone.processes(), [0; 0], "something still runs");
    assert_eq!(clone.running(), None);

    let mut second = clone.up().await;
    assert!(!second.said(&password), "the password is shown once");
    let client = local::main_job::sign_in(&clone.running().unwrap()).await.unwrap();
    let found = client.get(&format!("/api/v1/datasets/{}", id(&dataset))).await.unwrap();
    assert_eq!(found["sha256"], dataset["sha256"]);
    second.signal(Signal::TERM);
    assert!(second.wait().success());
}

#[tokio::test]
async fn a_killed_platform_leaves_nothing_that_blocks_the_next() {
    let clone = Clone::new();
    let mut first = clone.up().await;
    let before = clone.processes();
    assert!(before.len() >= 4, "servers and services work in the clone's data: {before:?}");
    first.signal(Signal::KILL);
    first.wait();
    // At once, while the old servers and services may still be ending.
    let mut second = clone.up().await;
    let client = local::main_job::sign_in(&clone.running().unwrap()).await.unwrap();
    upload_nsw(&client).await;
    assert!(before.iter().all(|pid| !is_running(*pid)), "something of the killed platform still runs");
    second.signal(Signal::KILL);
    second.wait();
    gone("a killed platform ends by itself", &clone).await;
}

#[tokio::test]
async fn a_second_one_is_told_of_the_first() {
    let clone = Clone::new();
    let first = clone.up().await;
    let second = clone.command().output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    let said = text(&second);
    assert!(said.contains("already running"), "{said}");
    assert!(said.contains(&format!("`kill {}`", first.process.id())), "{said}");
    assert!(said.contains(&clone.addresses[0]), "{said}");
}

#[tokio::test]
async fn a_service_that_dies_is_started_again_and_that_is_said() {
    let clone = Clone::new();
    let up = clone.up().await;
    let gateway = service(&clone, "gateway");
    kill_process(Pid::from_raw(gateway).unwrap(), Signal::KILL).unwrap();
    eventually("the gateway's end is told", async || up.said("was ended by signal 9; starting it again").then_some(()))
        .await;
    eventually("the gateway serves again", async || {
        let running = clone.running()?;
        local::main_job::sign_in(&running).await.ok()
    })
    .await;
    assert_ne!(service(&clone, "gateway"), gateway);
}

#[tokio::test]
async fn an_nginx_that_dies_is_started_again_at_the_same_address() {
    let clone = Clone::new();
    let up = clone.up().await;
    let file = clone.local().join("data/nginx/nginx.pid");
    let nginx: i32 = std::fs::read_to_string(&file).unwrap().trim().parse().unwrap();
    kill_process(Pid::from_raw(nginx).unwrap(), Signal::KILL).unwrap();
    eventually("the end of nginx is told", async || up.said("ended; starting it again").then_some(())).await;
    let running = clone.running().unwrap();
    eventually("the platform is reached again", async || local::main_job::sign_in(&running).await.ok()).await;
}

/// The process id of a service, as the platform notes it.
fn service(clone: &Clone, name: &str) -> i32 {
    let file = clone.local().join("data/run").join(format!("{name}.pid"));
    std::fs::read_to_string(file).unwrap().parse().unwrap()
}

#[tokio::test]
async fn it_ends_with_the_make_that_started_it() {
    let clone = Clone::new();
    let mut shell = Command::new("/bin/sh");
    // The shell stands for `make`: killed, it cannot pass the signal on.
    let program = clone.command();
    shell
        .args(["-c", "\"$@\" & wait", "make"])
        .arg(program.get_program())
        .args(program.get_args())
        .arg("--stop-with-parent")
        .envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    let mut make = shell.spawn().unwrap();
    let published = clone.local().join("platform.json");
    eventually("the platform is up", async || Path::exists(&published).then_some(())).await;
    let up = children(i32::try_from(make.id()).unwrap());
    make.kill().unwrap();
    make.wait().unwrap();
    eventually("the platform has ended", async || up.iter().all(|pid| !is_running(*pid)).then_some(())).await;
    gone("its servers and services have ended", &clone).await;
}
