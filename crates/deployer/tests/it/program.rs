//! The program itself.

use std::process::Command;

/// What one part of the deployer starts has to be there in another: the helper of a self-update is this program.
#[test]
fn it_knows_what_the_helper_of_a_self_update_is_told() {
    let said = Command::new(env!("CARGO_BIN_EXE_e2i-deployer"))
        .args(["replace", "--plan", "/nowhere/self-update.json"])
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned();
    assert!(!words.contains("unrecognized"), "{words}");
    assert!(words.contains("there is no plan"), "{words}");
}
