//! The operator's way in: without a sign-in, by a file that only root in the container can open.

use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use chassis::clock::SystemClock;
use deployer::machine::State;
use deployer::release::Service;
use deployer::socket;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::house::House;

#[tokio::test]
async fn the_operator_gives_orders_through_the_socket() {
    let house = House::new().await;
    // What a killed deployer left.
    let path = socket::path(&house.rig.settings.state_dir);
    drop(tokio::net::UnixListener::bind(&path).unwrap());
    let listener = socket::open(&house.rig.settings.state_dir).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let app = deployer::http::app(&house.state);
    tokio::spawn(socket::serve(listener, app, Arc::new(SystemClock), house.shutdown.clone()));
    let http = reqwest::Client::builder().unix_socket(path).build().unwrap();
    house.rig.world.commit("Say hello", &Service::ROLLED);
    let order = http.post("http://deployer/api/v1/deployments").json(&json!({"ref": "main"}));
    let answer = order.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    let summary: Value = answer.json().await.unwrap();
    assert_eq!(summary["by"], socket::OPERATOR);
    assert_eq!(house.rig.until_ended(2).await, State::Live);
}
