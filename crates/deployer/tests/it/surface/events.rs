//! The live log.

use deployer::machine::State;
use deployer::release::Service;
use futures::StreamExt as _;
use reqwest::{Method, Response, StatusCode};
use serde_json::Value;

use super::house::{House, WITHIN};

/// One message: name, id, data.
#[derive(Debug, Clone)]
struct Message {
    name: String,
    id: Option<u64>,
    data: Value,
}

async fn open(house: &House, after: Option<u64>, token: String) -> Response {
    let mut request = house.ask(Method::GET, "/api/v1/deployments/2/events").bearer_auth(token);
    if let Some(after) = after {
        request = request.header("last-event-id", after);
    }
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["x-accel-buffering"], "no");
    response
}

/// Reads until this many messages have come, or the stream ends.
async fn read(response: Response, most: usize) -> Vec<Message> {
    let (mut messages, mut text, mut bytes) = (Vec::new(), String::new(), response.bytes_stream());
    let reading = async {
        while let Some(chunk) = bytes.next().await {
            text.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
            while let Some(end) = text.find("\n\n") {
                let block: String = text.drain(..end + 2).collect();
                let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
                if let Some(name) = field("event: ") {
                    let id = field("id: ").map(|id| id.parse().unwrap());
                    messages.push(Message { name, id, data: serde_json::from_str(&field("data: ").unwrap()).unwrap() });
                }
                if messages.len() >= most {
                    return;
                }
            }
        }
    };
    tokio::time::timeout(WITHIN, reading).await.expect("the stream hangs");
    messages
}

async fn deployed(house: &House) {
    house.rig.world.commit("Say hello", &Service::ROLLED);
    house.post("/api/v1/deployments", &serde_json::json!({"ref": "main"})).await;
    assert_eq!(house.rig.until_ended(2).await, State::Live);
    house.rig.pass(chrono::TimeDelta::minutes(11)).await;
}

#[tokio::test]
async fn a_log_that_is_followed_again_misses_nothing_and_doubles_nothing() {
    let house = House::new().await;
    deployed(&house).await;
    let admin = || house.token("admin", 1, 3600);
    let all = read(open(&house, None, admin()).await, usize::MAX).await;
    let numbers: Vec<u64> = all.iter().filter(|one| one.name == "line").map(|one| one.id.unwrap()).collect();
    let expected: Vec<u64> = (1..=u64::try_from(numbers.len()).unwrap()).collect();
    assert_eq!(numbers, expected, "from the first, without gaps");
    assert!(all.iter().any(|one| one.name == "step" && one.data["step"] == "switch"));
    assert!(all.iter().any(|one| one.name == "state" && one.data["state"] == "live"));
    assert_eq!(all.last().map(|one| (one.name.as_str(), &one.data["reason"])), Some(("end", &"ended".into())));
    // A tab that slept after the third line.
    let rest = read(open(&house, Some(3), admin()).await, usize::MAX).await;
    let numbers: Vec<u64> = rest.iter().filter(|one| one.name == "line").map(|one| one.id.unwrap()).collect();
    assert_eq!(numbers, expected[3..]);
}

#[tokio::test]
async fn a_stream_ends_with_its_token_and_moves_on_when_the_deployer_is_replaced() {
    let house = House::new().await;
    house.rig.world.commit("Say hello", &Service::ROLLED);
    house.post("/api/v1/deployments", &serde_json::json!({"ref": "main"})).await;
    // Time on paper stands still: it is under way.
    let expiring = read(open(&house, None, house.token("admin", 1, 1)).await, usize::MAX).await;
    assert_eq!(
        expiring.last().map(|one| (one.name.as_str(), &one.data["reason"])),
        Some(("end", &"token_expired".into()))
    );
    let stream = open(&house, None, house.token("admin", 1, 3600)).await;
    house.shutdown.notify_drain();
    assert_eq!(read(stream, usize::MAX).await.last().unwrap().name, "reconnect");
    let nonsense = house.as_admin(Method::GET, "/api/v1/deployments/2/events").header("last-event-id", "x");
    assert_eq!(nonsense.send().await.unwrap().status(), StatusCode::BAD_REQUEST);
    let nobodys = house.as_admin(Method::GET, "/api/v1/deployments/99/events");
    assert_eq!(nobodys.send().await.unwrap().status(), StatusCode::NOT_FOUND);
}
