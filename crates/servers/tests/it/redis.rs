//! Redis killed, flushed and started again.

use servers::{Account, Folder, Redis, RedisOptions};

use crate::talk::redis;

#[tokio::test]
async fn a_restart_forgets_and_is_another_run() {
    let server = Redis::for_test().await.unwrap();
    let url = server.url();
    let first = server.run_id().await.unwrap();
    assert_eq!(first.len(), 40);
    assert_eq!(redis(&url, "SET key value"), "+OK");
    server.kill9().await.unwrap();
    assert!(server.run_id().await.is_err());
    server.restart().await.unwrap();
    assert_eq!(server.url(), url);
    assert_ne!(server.run_id().await.unwrap(), first);
    assert_eq!(redis(&url, "EXISTS key"), ":0");
}

#[tokio::test]
async fn flushall_forgets_within_the_same_run() {
    let server = Redis::for_test().await.unwrap();
    let run = server.run_id().await.unwrap();
    redis(&server.url(), "SET key value");
    server.flushall().await.unwrap();
    assert_eq!(redis(&server.url(), "EXISTS key"), ":0");
    assert_eq!(server.run_id().await.unwrap(), run);
}

#[tokio::test]
async fn an_append_only_file_survives_a_stop() {
    let programs = servers::ensure_installed().unwrap();
    let folder = Folder::temporary(Account::for_servers().unwrap()).unwrap();
    let options = RedisOptions { folder, port: None, append_only: true, random: servers::operating_system_random() };
    let server = Redis::start(&programs, options).await.unwrap();
    redis(&server.url(), "SET key value");
    server.stop().await.unwrap();
    server.restart().await.unwrap();
    assert_eq!(redis(&server.url(), "GET key"), "$5");
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let programs = servers::ensure_installed().unwrap();
    let folder = Folder::temporary(Account::for_servers().unwrap()).unwrap();
    let options =
        RedisOptions { folder, port: Some(port), append_only: false, random: servers::operating_system_random() };
    let refused = Redis::start(&programs, options).await.err().unwrap().to_string();
    assert!(refused.contains(&format!("port {port} of 127.0.0.1 is in use")), "{refused}");
}
