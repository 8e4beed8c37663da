//! What a test gets: a database and a key prefix of its own.

use crate::talk::query;

#[tokio::test]
async fn every_test_has_a_database_and_prefix_of_its_own() {
    let (first, second) = tokio::try_join!(servers::fresh(), servers::fresh()).unwrap();
    query(&first.database_url, "CREATE TABLE only_here (id int)").unwrap();
    assert!(query(&second.database_url, "SELECT * FROM only_here").unwrap_err().contains("does not exist"));
    assert_ne!(first.key_prefix, second.key_prefix);
    assert_eq!(first.redis_url, second.redis_url);
}

#[tokio::test]
async fn the_services_role_is_no_superuser() {
    let servers = servers::fresh().await.unwrap();
    let is_superuser = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user";
    assert_eq!(query(&servers.database_url, is_superuser).unwrap(), "f");
    assert_eq!(query(&servers.admin_url, is_superuser).unwrap(), "t");
}

#[tokio::test]
async fn a_password_is_asked() {
    let url = servers::fresh_database().await.unwrap();
    let mut wrong = url::Url::parse(&url).unwrap();
    wrong.set_password(Some("guess")).unwrap();
    assert!(query(wrong.as_str(), "SELECT 1").unwrap_err().contains("password authentication failed"));
}
