//! What whoever releases asks the program.

use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::house::{House, body};

fn answer(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(said.lines().count(), 1, "one line, and none of the log: {said}");
    serde_json::from_str(&said).unwrap()
}

#[tokio::test]
async fn the_schema_is_told_of_an_empty_a_current_and_a_newer_database_and_without_one() {
    let own = store::schema::own_version();
    let program = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_e2i-gateway"));
        command.env_clear().args(["schema", "--json"]);
        command
    };
    let offline = answer(&program().arg("--offline").output().unwrap());
    assert_eq!(offline, json!({"newest": own, "readable_by": store::schema::own_readable_by()}));

    let empty = servers::fresh_database().await.unwrap();
    let told = answer(&program().env("DATABASE_URL", &empty).output().unwrap());
    assert_eq!((&told["database"]["newest"], &told["can_run"]), (&Value::Null, &true.into()));
    assert_eq!(told["pending"][0], "20261124000001_first");

    let house = House::build().await;
    let told = || answer(&house.program(&["schema", "--json"]).output().unwrap());
    let current = told();
    assert_eq!((&current["database"]["newest"], &current["pending"]), (&own.into(), &json!([])));
    assert_eq!((&current["can_run"], &current["reason"]), (&true.into(), &Value::Null));
    house.execute("INSERT INTO e2i.schema_releases VALUES (20991231000000, 20991231000000)").await;
    let newer = told();
    assert_eq!(newer["can_run"], false);
    assert!(newer["reason"].as_str().unwrap().contains("start a newer release"), "{newer}");
    let migrating = house.program(&["migrate"]).output().unwrap();
    assert!(!migrating.status.success());
    assert!(String::from_utf8_lossy(&migrating.stderr).contains("start a newer release"));

    let nobody = program().env("DATABASE_URL", "postgresql://e2i@127.0.0.1:1/e2i").output().unwrap();
    assert!(!nobody.status.success() && nobody.stdout.is_empty());
    assert!(String::from_utf8_lossy(&nobody.stderr).contains("the database does not answer"));
}

#[tokio::test]
async fn jobs_that_no_given_agent_version_can_compute_are_counted() {
    let house = House::build().await;
    let admin = house.admin().await;
    for _ in 0..2 {
        body(house.post("/api/v1/analyses", &admin, json!({"agent": "canary"})).await, 202).await;
    }
    let stranded = |agents: &str| {
        let output = house.program(&["stranded-jobs", "--json", "--agents", agents]).output().unwrap();
        answer(&output)
    };
    assert_eq!(stranded(r#"[{"agent":"canary","version":1}]"#), json!([]));
    let found = json!([{"agent": "canary", "version": 1, "jobs": 2}]);
    assert_eq!(stranded(r#"[{"agent":"canary","version":2},{"agent":"profile","version":1}]"#), found);
    assert_eq!(stranded("[]"), found);
    let wrong = house.program(&["stranded-jobs", "--agents", "canary"]).output().unwrap();
    assert!(!wrong.status.success());
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("agents --json"));
}

#[tokio::test]
async fn migrating_says_each_step_on_a_line() {
    let url = servers::fresh_database().await.unwrap();
    let pending = store::schema::standing(&url).await.unwrap().pending;
    let program = |name| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_e2i-gateway"));
        command.env_clear().arg(name).env("DATABASE_URL", &url).env("LOG_FORMAT", "json");
        let output = command.output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let said = program("migrate");
    for (index, name) in pending.iter().enumerate() {
        let step = format!("migration {} of {}: ", index + 1, pending.len());
        assert!(said.contains(&format!("{step}{name}")) && said.contains(&format!("{step}applied")), "{step}{said}");
    }
    assert!(!program("migrate").contains("migration 1 of"), "nothing is left to do");
}
