//! The program that stands in front of a service.

use std::process::Command;

fn fixture(fault: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_rollout-fixture"))
        .arg("/bin/echo")
        .args(arguments)
        .env("E2I_FIXTURE", fault)
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn what_is_not_concerned_becomes_the_program_itself() {
    assert_eq!(fixture("", &["run"]), (Some(0), "run\n".to_owned()));
    assert_eq!(fixture("exits-at-once", &["schema", "--json"]), (Some(0), "schema --json\n".to_owned()));
    assert_eq!(fixture("migration-fails", &[]), (Some(0), "\n".to_owned()));
}

#[test]
fn what_is_concerned_goes_wrong() {
    assert_eq!(fixture("exits-at-once", &[]).0, Some(3));
    assert_eq!(fixture("migration-fails", &["migrate"]).0, Some(1));
}

#[test]
fn a_migration_is_pending_where_it_is_to_fail() {
    let said = r#"{"newest":1,"pending":[],"can_run":true}"#;
    let expected = r#"schema {"newest":1,"pending":["29991231235959_of_a_test"],"can_run":true}"#;
    for fault in ["migration-fails", "migration-pending"] {
        assert_eq!(fixture(fault, &["schema", said]), (Some(0), format!("{expected}\n")), "{fault}");
    }
}
