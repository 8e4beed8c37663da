//! What GitHub's webhook is told, once its signature is known to be right: whoever has the secret still may not confuse it.

use deployer::order::DeliveryEvent;
use deployer::webhook::{self, Expected, Signature};
use serde_json::Value;

/// Longest reason that is told back and stored.
const LONGEST_REASON: usize = 600;

/// An event: its name, a line break, its JSON. What begins a release is what the JSON says of the branch that is released; all
/// else has a reason, in one short line.
///
/// # Panics
/// When a promise is broken.
pub fn github_webhook(bytes: &[u8]) {
    let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else { return };
    let (Ok(name), json) = (std::str::from_utf8(&bytes[..end]), &bytes[end + 1..]) else { return };
    // The header is read before anything else.
    let _claimed = Signature::read(name);
    let expected = Expected {
        branch: "main".to_owned(),
        repository: Some("e2i/platform".to_owned()),
        workflow: Some("ci".to_owned()),
    };
    let Ok(event) = webhook::read(name, json, &expected) else { return };
    let told: Value = serde_json::from_slice(json).unwrap_or_default();
    let of_ours = || {
        let repository = told["repository"]["full_name"].as_str().unwrap_or_default();
        assert!(repository.eq_ignore_ascii_case("e2i/platform"), "another repository's event was taken");
    };
    match event {
        DeliveryEvent::Push { commit, forced, paths } => {
            of_ours();
            assert_eq!((name, told["ref"].as_str()), ("push", Some("refs/heads/main")));
            assert_eq!(told["after"].as_str(), Some(commit.as_str()));
            assert!(!commit.is_none() && told["deleted"] != true, "a deleted branch was taken");
            assert!(!forced || paths.is_none(), "what rewritten history took away is not told");
        }
        DeliveryEvent::WorkflowRun { commit } => {
            of_ours();
            let run = &told["workflow_run"];
            assert_eq!((name, run["head_sha"].as_str()), ("workflow_run", Some(commit.as_str())));
            assert_eq!((&run["event"], &run["conclusion"]), (&"push".into(), &"success".into()));
            assert_eq!(run["head_repository"]["id"], told["repository"]["id"], "a fork's run was taken");
        }
        DeliveryEvent::Other { why } => {
            assert!(why.len() <= LONGEST_REASON && !why.contains(char::is_control), "{why:?}");
        }
    }
}
