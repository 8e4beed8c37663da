//! More than can be served.

use std::time::{Duration, Instant};

use futures::future::join_all;
use http::Method;

use crate::house::{House, body, problem};

const WAITING: &str = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'e2i.workspaces'::regclass";

#[tokio::test]
async fn an_overload_is_a_fast_503_and_what_was_admitted_succeeds() {
    let house = House::build_with(|env| env.with("MAX_REQUESTS_IN_FLIGHT", "3").with("SESSION_CHECK_TTL", "1m")).await;
    let admin = house.admin().await;
    body(house.get("/api/v1/account", &admin).await, 200).await;
    let mut lock = house.database.begin().await.unwrap();
    sqlx::query("LOCK TABLE e2i.workspaces IN ACCESS EXCLUSIVE MODE").execute(&mut *lock).await.unwrap();
    let admitted = join_all((0..3).map(|_| house.get("/api/v1/workspaces", &admin)));
    let overload = async {
        house.until(WAITING, 3).await;
        let started = Instant::now();
        let refused = join_all((0..60).map(|_| house.get("/api/v1/workspaces", &admin))).await;
        let took = started.elapsed();
        for answer in refused {
            assert_eq!(answer.headers()["retry-after"], "1");
            problem(answer, 503, "service-unavailable").await;
        }
        assert!(took < Duration::from_secs(2), "60 refusals took {took:?}");
        let private = house.private_address;
        let well = tokio::task::spawn_blocking(move || {
            ["/livez", "/readyz", "/metrics"].map(|path| chassis::healthcheck::ask(private, path).is_ok())
        });
        assert_eq!(well.await.unwrap(), [true; 3], "the private port does not notice");
        lock.rollback().await.unwrap();
    };
    let (admitted, ()) = tokio::join!(admitted, overload);
    for answer in admitted {
        body(answer, 200).await;
    }
    body(house.ask(Method::GET, "/api/v1/workspaces", Some(&admin), None).await, 200).await;
}
