//! The end of a gateway under load.

use std::net::SocketAddr;
use std::process::Command;

use crate::house::{House, body};

const WAITING: &str = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'e2i.workspaces'::regclass";

#[tokio::test]
async fn sigterm_loses_nothing_of_what_is_in_flight() {
    let house = House::build().await;
    let admin = house.admin().await;
    let random = servers::operating_system_random();
    let [port, private] = [(); 2].map(|()| servers::free_port(&random).unwrap());
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let mut serving = house
        .program(&["run"])
        .env("GATEWAY_LISTEN", address.to_string())
        .env("GATEWAY_PRIVATE_LISTEN", format!("127.0.0.1:{private}"))
        .spawn()
        .unwrap();
    house.until_serving(address).await;
    let mut lock = house.database.begin().await.unwrap();
    sqlx::query("LOCK TABLE e2i.workspaces IN ACCESS EXCLUSIVE MODE").execute(&mut *lock).await.unwrap();
    let ask = |name: String| {
        let request =
            house.client().post(format!("http://{address}/api/v1/workspaces")).bearer_auth(&admin.access_token);
        request.json(&serde_json::json!({"name": name})).send()
    };
    let in_flight = futures::future::join_all((0..4).map(|number| ask(format!("in flight {number}"))));
    let ending = async {
        house.until(WAITING, 4).await;
        let told = Command::new("kill").arg("-TERM").arg(serving.id().to_string()).status().unwrap();
        assert!(told.success());
        for _ in 0..400 {
            if tokio::net::TcpStream::connect(address).await.is_err() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert!(tokio::net::TcpStream::connect(address).await.is_err(), "it takes no more");
        lock.rollback().await.unwrap();
    };
    let (answers, ()) = tokio::join!(in_flight, ending);
    for answer in answers {
        let answer = answer.unwrap();
        assert_eq!(answer.headers()["connection"], "close", "nobody sends the next request there");
        body(answer, 201).await;
    }
    house.until("SELECT count(*) FROM e2i.workspaces WHERE name LIKE 'in flight%'", 4).await;
    let status = tokio::task::spawn_blocking(move || serving.wait()).await.unwrap().unwrap();
    assert_eq!(status.code(), Some(0));
}
