//! A gateway's process that is killed between the last byte and the dataset: another one makes it, and makes one.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command};
use std::time::Duration;

use super::client::{Client, header};
use crate::data::lab::{CSV, Lab};

const PROGRAM: &str = env!("CARGO_BIN_EXE_e2i-gateway");

/// A gateway that can be killed, on the lab's database and store.
struct Process {
    child: Child,
    address: SocketAddr,
}

impl Process {
    async fn start(lab: &Lab) -> Self {
        let random = servers::operating_system_random();
        let [address, private] =
            [(); 2].map(|()| SocketAddr::from((Ipv4Addr::LOCALHOST, servers::free_port(&random).unwrap())));
        let mut command = Command::new(PROGRAM);
        command.env_clear().arg("run").env("LOG_FORMAT", "pretty").env("RUST_LOG", "warn");
        for name in [
            "DATABASE_URL",
            "REDIS_URL",
            "REDIS_KEY_PREFIX",
            "OBJECT_STORE_URL",
            "PUBLIC_URL",
            "SECRET_KEY",
            "AUTH_KEYS_DIR",
            "JWKS_FILE",
        ] {
            command.env(name, lab.house.env.get(name).unwrap());
        }
        command.env("GATEWAY_LISTEN", address.to_string()).env("GATEWAY_PRIVATE_LISTEN", private.to_string());
        let process = Self { child: command.spawn().unwrap(), address };
        for _ in 0..400 {
            if tokio::net::TcpStream::connect(address).await.is_ok() {
                return process;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("the gateway does not listen on {address}");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Kills a gateway which waits for `table` within the check, and gives what the upload became without it.
async fn killed_while_waiting_for(lock: &'static str, waiting: &'static str) {
    let lab = Lab::build().await;
    let ann = Client::of(&lab, &lab.ann);
    let process = Process::start(&lab).await;
    let path = ann.begin("x", CSV.len()).await;
    ann.add(&path, 0, &CSV[..9]).await.error_for_status().unwrap();
    let mut held = lab.house.database.begin().await.unwrap();
    sqlx::query(lock).execute(&mut *held).await.unwrap();
    let connection = ann.at(process.address).begin_to_add(&path, 9, CSV.len() - 9, &CSV.as_bytes()[9..]).await;
    lab.until(waiting, 1).await;
    // SIGKILL: nothing is cleaned up.
    drop(process);
    drop(connection);
    held.rollback().await.unwrap();
    // The dead backend's statements end with its connection.
    lab.until("SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE NOT l.granted AND c.relnamespace = 'e2i'::regnamespace AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())", 0).await;
    lab.house
        .execute("UPDATE e2i.uploads SET check_until = now() - interval '1 minute' WHERE state = 'checking'")
        .await;
    lab.until("SELECT count(*) FROM e2i.uploads WHERE state = 'stored'", 1).await;
    lab.until("SELECT count(*) FROM e2i.upload_parts", 0).await;
    let dataset = header(&ann.head(&path).await, "dataset-id");
    assert_eq!(ann.download(&dataset).await, CSV.as_bytes());
    let stored = lab.get(&format!("/api/v1/datasets/{dataset}"), &lab.ann).await;
    assert_eq!(stored["version"], 1, "no version is lost");
    for (statement, of) in [
        ("SELECT count(*) FROM e2i.datasets", "datasets"),
        ("SELECT count(*) FROM e2i.jobs", "profiles"),
        ("SELECT count(*) FROM e2i.audit_log WHERE action = 'dataset.upload'", "audit lines"),
    ] {
        assert_eq!(lab.count(statement).await, 1, "{of}");
    }
    assert_eq!(lab.objects().len(), 1, "the dataset alone");
}

#[tokio::test]
async fn before_the_check_began() {
    killed_while_waiting_for(
        "LOCK TABLE e2i.datasets IN EXCLUSIVE MODE",
        "SELECT count(*) FROM e2i.uploads WHERE state = 'checking' AND dataset_id IS NULL",
    )
    .await;
}

/// The file is checked and stored; the transaction that makes it a dataset waits for the jobs.
#[tokio::test]
async fn after_the_check_was_done() {
    killed_while_waiting_for(
        "LOCK TABLE e2i.jobs IN EXCLUSIVE MODE",
        "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE NOT l.granted AND c.relname = 'jobs' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    )
    .await;
}
