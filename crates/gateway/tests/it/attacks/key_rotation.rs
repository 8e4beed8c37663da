//! Another signing key, by the program's own steps, while people work.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use http::Method;
use serde_json::Value;

use crate::house::{House, Person, body, problem};

fn keys(house: &House, arguments: &[&str]) -> Result<String, String> {
    let output = house.program(&[&["keys"], arguments].concat()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() { Ok(said) } else { Err(said + &String::from_utf8_lossy(&output.stderr)) }
}

/// Makes the key folder older, as if `time` had gone by.
fn age(house: &House, time: Duration) {
    for entry in std::fs::read_dir(PathBuf::from(house.env.get("AUTH_KEYS_DIR").unwrap())).unwrap() {
        let file = std::fs::File::options().write(true).open(entry.unwrap().path()).unwrap();
        let modified = file.metadata().unwrap().modified().unwrap();
        file.set_modified(modified - time).unwrap();
    }
}

fn kid(person: &Person) -> String {
    jsonwebtoken::decode_header(&person.access_token).unwrap().kid.unwrap()
}

async fn published(house: &House, address: std::net::SocketAddr) -> Vec<String> {
    let document = house.client().get(format!("http://{address}/auth/v1/.well-known/jwks.json")).send().await.unwrap();
    let document: Value = document.json().await.unwrap();
    document["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    for _ in 0..400 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("never: {what}");
}

/// Asks both gateways on and on, with the token from before and with new ones; counts what was refused.
struct Work {
    stop: Arc<AtomicBool>,
    asked: Arc<AtomicU64>,
    refused: tokio::task::JoinHandle<Vec<String>>,
}

impl Work {
    fn start(house: &House, second: std::net::SocketAddr, old: &Person) -> Self {
        let (stop, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (client, addresses) = (house.client().clone(), [house.address, second]);
        let (stopped, counted, mut newest) = (stop.clone(), asked.clone(), old.clone());
        let old = old.clone();
        let refused = tokio::spawn(async move {
            let mut refused = Vec::new();
            while !stopped.load(Ordering::SeqCst) {
                let count = counted.fetch_add(1, Ordering::SeqCst);
                if count.is_multiple_of(10) {
                    let request =
                        client.post(format!("http://{}/auth/v1/token?grant_type=refresh_token", addresses[0]));
                    let body = serde_json::json!({"refresh_token": newest.refresh_token});
                    newest = Person::of(&request.json(&body).send().await.unwrap().json().await.unwrap());
                }
                for address in addresses {
                    for token in [&old.access_token, &newest.access_token] {
                        let request = client.get(format!("http://{address}/api/v1/account")).bearer_auth(token);
                        let answer = request.send().await.unwrap();
                        if answer.status() != 200 {
                            refused.push(format!("{} {}", answer.status(), answer.text().await.unwrap()));
                        }
                    }
                }
            }
            refused
        });
        Self { stop, asked, refused }
    }

    /// What was refused in more than `rounds` rounds, however long they take.
    async fn end_after(self, rounds: u64) -> Vec<String> {
        until("enough was asked", async || self.asked.load(Ordering::SeqCst) > rounds).await;
        self.stop.store(true, Ordering::SeqCst);
        self.refused.await.unwrap()
    }
}

#[tokio::test]
async fn a_rotation_signs_nobody_out_over_two_gateways_and_a_retired_key_is_refused() {
    let house =
        House::build_with(|env| env.with("RATE_LIMIT_ADDRESS_PER_MINUTE", "0").with("RATE_LIMIT_USER_PER_MINUTE", "0"));
    let house = house.await;
    let (second, shutdown) = house.second().await;
    house.until_serving(second).await;
    let (admin, other) = (house.admin().await, house.admin().await);
    let old = kid(&admin);
    age(&house, Duration::from_hours(24));
    let work = Work::start(&house, second, &other);

    // What it logs stands on the same stream, before.
    let new = keys(&house, &["announce"]).unwrap().lines().last().unwrap().to_owned();
    for address in [house.address, second] {
        until("both gateways publish the new key", async || published(&house, address).await.contains(&new)).await;
    }
    assert_eq!(kid(&house.admin().await), old, "a key that stands by signs nothing");
    assert!(keys(&house, &["promote", &new]).unwrap_err().contains("when every verifier knows it"));
    age(&house, Duration::from_secs(91));
    keys(&house, &["promote", &new]).unwrap();
    until("the new key signs", async || kid(&house.admin().await) == new).await;
    let with_new = house.admin().await;
    body(house.get("/api/v1/account", &with_new).await, 200).await;
    assert!(keys(&house, &["retire", &old]).unwrap_err().contains("may be valid until"));
    assert!(keys(&house, &["list"]).unwrap().contains("to retire from"));
    assert_eq!(work.end_after(20).await, Vec::<String>::new());

    body(house.get("/api/v1/account", &admin).await, 200).await;
    age(&house, Duration::from_mins(62));
    keys(&house, &["retire", &old]).unwrap();
    for address in [house.address, second] {
        until("both gateways forget the old key", async || !published(&house, address).await.contains(&old)).await;
    }
    // Verifiers read the file again within 30 s, or at once when a key comes that they do not know.
    let unknown = r#"{"alg":"ES256","kid":"unknown"}"#;
    let unknown =
        format!("{}.e30.AAAA", base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, unknown));
    let unknown = Person { access_token: unknown, ..admin.clone() };
    until("the old key's token is refused", async || {
        problem(house.get("/api/v1/account", &unknown).await, 401, "invalid-token").await;
        house.get("/api/v1/account", &admin).await.status() == 401
    })
    .await;
    body(house.ask(Method::GET, "/api/v1/account", Some(&with_new), None).await, 200).await;
    for (action, times) in [("key.announce", 1), ("key.promote", 2), ("key.retire", 2)] {
        assert_eq!(house.audited(action).await, times, "{action}: what was refused was asked for too");
    }
    shutdown.begin(Duration::from_secs(5));
}
