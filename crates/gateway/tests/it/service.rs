//! The gateway as a service: what it tells, how it starts, how it ends.

use std::process::Command;
use std::time::Duration;

use http::Method;

use crate::house::{House, body, env, problem};

const PROGRAM: &str = env!("CARGO_BIN_EXE_e2i-gateway");

#[tokio::test]
async fn it_describes_itself() {
    let house = House::build().await;
    let get = async |path: &str| house.ask(Method::GET, path, None, None).await;
    let config = body(get("/config.json").await, 200).await;
    assert_eq!((&config["auth_mode"], &config["revision"]), (&"local".into(), &"abc123".into()));
    assert_eq!(config["auth_url"], "https://e2i.example.org/auth/v1");
    assert_eq!(config.get("certificate"), None, "nothing is said of one on a developer's machine");
    let document = body(get("/openapi.json").await, 200).await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert!(document["paths"]["/auth/v1/token"]["post"].is_object());
    let docs = get("/docs/").await;
    assert_eq!(docs.status(), 200);
    assert!(docs.text().await.unwrap().contains("swagger-ui"));
    problem(get("/api/v1/nothing").await, 404, "not-found").await;
    problem(house.ask(Method::DELETE, "/config.json", None, None).await, 405, "method-not-allowed").await;
}

#[tokio::test]
async fn it_is_ready_with_its_revision_and_ends_in_order() {
    let house = House::build().await;
    let address = house.private_address;
    let ask = move |path: &'static str| {
        tokio::task::spawn_blocking(move || chassis::healthcheck::ask(address, path).map_err(|error| error.to_string()))
    };
    let ready = ask("/readyz").await.unwrap().unwrap();
    assert!(ready.contains(r#""revision":"abc123""#) && ready.contains(r#""postgres":{"status":"pass""#), "{ready}");
    house.admin().await;
    let metrics = ask("/metrics").await.unwrap().unwrap();
    assert!(metrics.contains(r#"http_requests_total{method="POST",route="/auth/v1/token",status="200"}"#), "{metrics}");
    house.shutdown.begin(Duration::from_secs(10));
    tokio::time::timeout(Duration::from_secs(5), house.running).await.unwrap().unwrap().unwrap();
}

#[tokio::test]
async fn an_older_schema_is_refused_with_what_to_do() {
    let servers = servers::fresh().await.unwrap();
    let error = gateway::state::connect(&servers.database_url, 2).await.unwrap_err();
    assert!(error.to_string().contains("run the `migrate` subcommand first"), "{error}");
}

#[test]
fn a_wrong_configuration_is_78_with_every_problem() {
    let output = Command::new(PROGRAM).env_clear().env("GATEWAY_LISTEN", "everywhere").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(78), "{said}");
    for name in ["DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "SECRET_KEY", "GATEWAY_LISTEN: \"everywhere\""] {
        assert!(said.contains(name), "{name} in {said}");
    }
}

#[test]
fn the_command_line_needs_no_configuration_to_describe_the_api() {
    let output = Command::new(PROGRAM).env_clear().arg("openapi").output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap();
    let unknown = Command::new(PROGRAM).env_clear().arg("dance").output().unwrap();
    assert_eq!(unknown.status.code(), Some(2));
}

#[tokio::test]
async fn a_container_sets_itself_up_and_says_the_password_once() {
    let servers = servers::fresh().await.unwrap();
    let setup = || {
        let output = Command::new(PROGRAM)
            .env_clear()
            .arg("setup")
            .env("DATABASE_URL", &servers.database_url)
            .env("PUBLIC_URL", "http://localhost:8080")
            .env("ADMIN_EMAIL", "admin@example.org")
            .env("ADMIN_PASSWORD", "correct horse battery")
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        said
    };
    let first = setup();
    for part in ["http://localhost:8080", "admin@example.org", "correct horse battery"] {
        assert!(first.contains(part), "{part} in {first}");
    }
    let second = setup();
    assert!(!second.contains("correct horse battery"), "{second}");
}

#[tokio::test]
async fn the_program_migrates_bootstraps_serves_answers_its_healthcheck_and_drains() {
    let servers = servers::fresh().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let random = servers::operating_system_random();
    let ports = [(); 2].map(|()| servers::free_port(&random).unwrap());
    let command = |task: &str| {
        let env = env(&servers, folder.path());
        let mut command = Command::new(PROGRAM);
        command.env_clear().arg(task);
        for name in
            ["DATABASE_URL", "REDIS_URL", "OBJECT_STORE_URL", "PUBLIC_URL", "SECRET_KEY", "AUTH_KEYS_DIR", "JWKS_FILE"]
        {
            command.env(name, env.get(name).unwrap());
        }
        command.env("ADMIN_EMAIL", "admin@example.org").env("ADMIN_PASSWORD", "correct horse battery");
        command.env("GATEWAY_LISTEN", format!("127.0.0.1:{}", ports[0]));
        command.env("GATEWAY_PRIVATE_LISTEN", format!("127.0.0.1:{}", ports[1]));
        command
    };
    for task in ["migrate", "migrate", "bootstrap", "bootstrap"] {
        assert!(command(task).status().unwrap().success(), "{task}");
    }
    assert_eq!(command("healthcheck").status().unwrap().code(), Some(1), "nobody listens yet");
    let mut serving = command("run").spawn().unwrap();
    let mut well = false;
    for _ in 0..100 {
        well = command("healthcheck").status().unwrap().success();
        if well {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let ended = Command::new("kill").arg("-TERM").arg(serving.id().to_string()).status().unwrap();
    let status = serving.wait().unwrap();
    assert!(well && ended.success());
    assert_eq!(status.code(), Some(0));
}
