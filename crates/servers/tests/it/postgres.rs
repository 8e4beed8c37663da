//! Postgres killed, stopped and started again.

use servers::Postgres;

use crate::talk::{is_running, query};

#[tokio::test]
async fn committed_rows_survive_kill_9_and_stop() {
    let postgres = Postgres::for_test().await.unwrap();
    postgres.create_database("things").await.unwrap();
    postgres.create_database("things").await.unwrap();
    let url = postgres.url("things");
    query(&url, "CREATE TABLE things (id int); INSERT INTO things VALUES (1)").unwrap();

    let pid = postgres.pid().unwrap();
    postgres.kill9().await.unwrap();
    assert!(!is_running(pid));
    assert_eq!(postgres.pid(), None);
    assert!(query(&url, "SELECT 1").is_err());
    tokio::time::timeout(std::time::Duration::from_secs(5), postgres.ended()).await.unwrap();
    postgres.restart().await.unwrap();
    assert_eq!(query(&url, "SELECT count(*) FROM things").unwrap(), "1");

    postgres.stop().await.unwrap();
    assert!(query(&url, "SELECT 1").is_err());
    postgres.restart().await.unwrap();
    assert_eq!(query(&url, "SELECT count(*) FROM things").unwrap(), "1");
}

#[tokio::test]
async fn a_database_name_is_checked() {
    let postgres = Postgres::for_test().await.unwrap();
    let refused = postgres.create_database("x; DROP DATABASE postgres").await.unwrap_err().to_string();
    assert!(refused.contains("is no name for a database"), "{refused}");
}

#[tokio::test]
async fn a_dropped_server_takes_its_folder_along() {
    let postgres = Postgres::for_test().await.unwrap();
    let (pid, folder) = (postgres.pid().unwrap(), postgres.log().parent().unwrap().to_path_buf());
    assert!(folder.exists());
    drop(postgres);
    crate::talk::eventually("server and folder are gone", || !is_running(pid) && !folder.exists());
}
