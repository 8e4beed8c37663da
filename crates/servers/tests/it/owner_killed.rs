//! An owner killed by `kill -9` leaves nothing that runs, nothing that blocks the next, and no folder made for a test.
//!
//! The owner has to be another process, so this test binary runs itself with one ignored test, [`owner`].

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use servers::{Account, Folder, Postgres, PostgresOptions, Redis, RedisOptions};

use crate::talk::{eventually, is_running, query};

const FOLDER: &str = "E2I_TEST_OWNER_FOLDER";

struct Owner {
    process: Child,
    postgres_pid: i32,
    redis_pid: i32,
    url: String,
    test_folder: PathBuf,
}

/// Starts an owner of a lasting Postgres and a test's Redis, and waits until both run.
fn start_owner(folder: &Path) -> Owner {
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "owner_killed::owner", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said: Vec<String> = BufReader::new(process.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap)
        .filter_map(|line| line.split_once("owner says ").map(|(_, said)| said.to_owned()))
        .take(1)
        .collect();
    let words: Vec<&str> = said.first().expect("the owner said nothing").split(' ').collect();
    Owner {
        process,
        postgres_pid: words[0].parse().unwrap(),
        redis_pid: words[1].parse().unwrap(),
        url: words[2].to_owned(),
        test_folder: PathBuf::from(words[3]),
    }
}

impl Owner {
    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

async fn start_postgres(folder: &Path) -> Postgres {
    let programs = servers::ensure_installed().unwrap();
    let folder = Folder::open(folder, Account::for_servers().unwrap()).unwrap();
    let random = servers::operating_system_random();
    Postgres::start(&programs, PostgresOptions { folder, port: None, durable: true, random }).await.unwrap()
}

#[tokio::test]
#[ignore = "the other process of the tests here"]
async fn owner() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let postgres = start_postgres(Path::new(&folder)).await;
    postgres.create_database("kept").await.unwrap();
    let redis_folder = Folder::temporary(Account::for_servers().unwrap()).unwrap();
    let test_folder = redis_folder.path().to_path_buf();
    let random = servers::operating_system_random();
    let options = RedisOptions { folder: redis_folder, port: None, append_only: false, random };
    let redis = Redis::start(&servers::ensure_installed().unwrap(), options).await.unwrap();
    println!(
        "owner says {} {} {} {}",
        postgres.pid().unwrap(),
        redis.pid().unwrap(),
        postgres.url("kept"),
        test_folder.display(),
    );
    std::future::pending::<()>().await;
}

fn processes() -> impl Iterator<Item = i32> {
    fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// A process's program and its group, from `/proc/N/stat`: "N (program) state parent group ...".
fn names(pid: i32) -> Option<(String, i32)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (before, after) = stat.rsplit_once(") ")?;
    let program = before.split_once('(')?.1.to_owned();
    Some((program, after.split(' ').nth(2)?.parse().ok()?))
}

/// A place for lasting data that the servers' account can reach; removed by the test. The placeholder's name is free again.
fn lasting_folder() -> PathBuf {
    let placeholder = Folder::temporary(Account::for_servers().unwrap()).unwrap();
    placeholder.path().join("postgres")
}

#[tokio::test]
async fn a_killed_owner_leaves_nothing_behind_and_the_next_has_its_data() {
    let folder = lasting_folder();
    let mut owner = start_owner(&folder);
    query(&owner.url, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)").unwrap();
    assert!(owner.test_folder.exists());
    owner.kill();

    // At once, while the old servers may still be ending.
    let next = start_postgres(&folder).await;
    assert_eq!(query(&next.url("kept"), "SELECT count(*) FROM kept").unwrap(), "1");
    eventually("the killed owner's servers and test folder are gone", || {
        !is_running(owner.postgres_pid) && !is_running(owner.redis_pid) && !owner.test_folder.exists()
    });
    next.stop().await.unwrap();
    fs::remove_dir_all(folder.parent().unwrap()).unwrap();
}

#[tokio::test]
async fn an_orphan_whose_guardian_was_killed_too_is_ended_by_the_next_owner() {
    let folder = lasting_folder();
    let mut owner = start_owner(&folder);
    // All processes of the guardian, as a machine short of memory might.
    let (_, guardian) = names(owner.postgres_pid).unwrap();
    for pid in processes() {
        if names(pid).is_some_and(|(name, group)| name == "sh" && group == guardian) {
            kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
        }
    }
    owner.kill();
    assert!(is_running(owner.postgres_pid), "the test means an orphan");

    let next = start_postgres(&folder).await;
    assert!(!is_running(owner.postgres_pid));
    assert_eq!(query(&next.url("kept"), "SELECT 1").unwrap(), "1");
    next.stop().await.unwrap();
    fs::remove_dir_all(folder.parent().unwrap()).unwrap();
}
