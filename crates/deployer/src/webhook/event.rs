//! What comes of an event.

use serde::de::DeserializeOwned;

use super::payload::{Push, Repository, Run, WorkflowRun};
use crate::order::DeliveryEvent;
use crate::release::Commit;

/// Most commits that GitHub tells of one push; with so many there may be more.
const MOST_COMMITS: usize = 2_048;
/// Longest value of a payload that is told back in a reason.
const MOST_QUOTED: usize = 100;

/// What an event has to be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The branch that is released.
    pub branch: String,
    /// `owner/name` of the repository that is released, where it is known: a secret may be shared by several.
    pub repository: Option<String>,
    /// The workflow that has to have passed, by name or by its file's name without end; `None`: any.
    pub workflow: Option<String>,
}

/// The body is not what its event has to be.
#[derive(Debug, thiserror::Error)]
#[error("the body is no event {event:?} that can be read: {cause}")]
pub struct Unreadable {
    /// The event's name.
    pub event: String,
    /// In the parser's words.
    pub cause: serde_json::Error,
}

/// Reads the JSON of an event by its name (`X-GitHub-Event`).
///
/// # Errors
/// It cannot be read.
pub fn read(name: &str, json: &[u8], expected: &Expected) -> Result<DeliveryEvent, Unreadable> {
    match name {
        "ping" => Ok(nothing("pong")),
        "push" => Ok(push(&parse(name, json)?, expected).unwrap_or_else(nothing)),
        "workflow_run" => Ok(workflow_run(&parse(name, json)?, expected).unwrap_or_else(nothing)),
        other => Ok(nothing(format!("ignored: nothing comes of the event {:?}", quoted(other)))),
    }
}

fn parse<T: DeserializeOwned>(event: &str, json: &[u8]) -> Result<T, Unreadable> {
    serde_json::from_slice(json).map_err(|cause| Unreadable { event: event.to_owned(), cause })
}

fn nothing(why: impl Into<String>) -> DeliveryEvent {
    DeliveryEvent::Other { why: why.into() }
}

/// What a push says, or why nothing comes of it.
fn push(push: &Push, expected: &Expected) -> Result<DeliveryEvent, String> {
    of_ours(&push.repository.full_name, expected)?;
    let branch = push.reference.strip_prefix("refs/heads/");
    if branch != Some(&expected.branch) {
        let (theirs, ours) = (quoted(&push.reference), &expected.branch);
        return Err(format!("ignored: it is about {theirs}, and the branch {ours} is released"));
    }
    let commit = commit(&push.after)?;
    if push.deleted || commit.is_none() {
        return Err(format!("ignored: the branch {} was deleted", expected.branch));
    }
    Ok(DeliveryEvent::Push { commit, forced: push.forced, paths: changed_paths(push) })
}

/// The files that changed, where the payload tells all of them. It does not for rewritten history (what it took away is not
/// told), new branches, and pushes with very many commits.
fn changed_paths(push: &Push) -> Option<Vec<String>> {
    let is_new = push.created || push.before.bytes().all(|digit| digit == b'0');
    if push.forced || is_new || push.commits.is_empty() || push.commits.len() >= MOST_COMMITS {
        return None;
    }
    let of_commit = |commit: &super::payload::PushedCommit| {
        [&commit.added, &commit.removed, &commit.modified].into_iter().flatten().cloned().collect::<Vec<_>>()
    };
    let mut paths: Vec<String> = push.commits.iter().flat_map(of_commit).collect();
    paths.sort_unstable();
    paths.dedup();
    // Merges of merges list no files of their own.
    (!paths.is_empty()).then_some(paths)
}

/// What a run of a workflow says, or why nothing comes of it.
fn workflow_run(told: &WorkflowRun, expected: &Expected) -> Result<DeliveryEvent, String> {
    of_ours(&told.repository.full_name, expected)?;
    if told.action != "completed" {
        return Err(format!("ignored: the run is {}, not completed", quoted(&told.action)));
    }
    Ok(DeliveryEvent::WorkflowRun { commit: passed(&told.workflow_run, &told.repository, expected)? })
}

/// The commit that a run of a workflow has passed on, or why it does not count. Everything is looked at that a pull request
/// from a fork could choose: its branch may be called `main`, too.
pub(crate) fn passed(run: &Run, repository: &Repository, expected: &Expected) -> Result<Commit, String> {
    let Run { name, path, event, conclusion, head_branch, head_sha, head_repository } = run;
    of_ours(&repository.full_name, expected)?;
    if head_repository.as_ref() != Some(repository) {
        let whose = head_repository.as_ref().map_or("nobody's", |repository| repository.full_name.as_str());
        return Err(format!("ignored: the run's commit is from {}, another repository", quoted(whose)));
    }
    if event != "push" {
        return Err(format!("ignored: the run is of {}, and only runs of a push are released", quoted(event)));
    }
    if head_branch.as_deref() != Some(&expected.branch) {
        let theirs = quoted(head_branch.as_deref().unwrap_or("none"));
        return Err(format!("ignored: the run is of the branch {theirs}, and {} is released", expected.branch));
    }
    if let Some(wanted) = &expected.workflow
        && !is_workflow(wanted, name.as_deref(), path.as_deref())
    {
        let theirs = quoted(name.as_deref().unwrap_or_default());
        return Err(format!("ignored: the workflow is {theirs}, and {wanted} has to pass (RELEASE_WORKFLOW)"));
    }
    match conclusion.as_deref() {
        Some("success") => commit(head_sha),
        other => Err(format!("ignored: the run ended with {}", quoted(other.unwrap_or("nothing")))),
    }
}

fn is_workflow(wanted: &str, name: Option<&str>, path: Option<&str>) -> bool {
    let file = path.and_then(|path| path.split('@').next()?.rsplit('/').next());
    let stem = file.map(|file| file.trim_end_matches(".yml").trim_end_matches(".yaml"));
    name == Some(wanted) || stem == Some(wanted)
}

fn of_ours(repository: &str, expected: &Expected) -> Result<(), String> {
    match &expected.repository {
        Some(ours) if !ours.eq_ignore_ascii_case(repository) => {
            Err(format!("ignored: it is about {}, and {ours} is released", quoted(repository)))
        }
        _ => Ok(()),
    }
}

fn commit(id: &str) -> Result<Commit, String> {
    id.parse().map_err(|_| format!("ignored: {} is no commit id", quoted(id)))
}

/// A value of theirs, short enough for a reason.
fn quoted(text: &str) -> String {
    let plain: String = text.chars().filter(|letter| !letter.is_control()).take(MOST_QUOTED).collect();
    plain
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const HEAD: &str = "a10867b14bb761a232cd80139fbd4c0d33264240";

    fn expected() -> Expected {
        Expected { branch: "main".into(), repository: Some("e2i/platform".into()), workflow: Some("ci".into()) }
    }

    fn push() -> Value {
        json!({
            "ref": "refs/heads/main", "before": "b".repeat(40), "after": HEAD, "created": false, "deleted": false,
            "forced": false, "compare": "https://…", "pusher": {"name": "ann"}, "head_commit": null,
            "commits": [{"id": HEAD, "added": ["b"], "removed": [], "modified": ["a", "b"], "distinct": true}],
            "repository": {"id": 7, "full_name": "E2I/platform", "private": true},
        })
    }

    fn run() -> Value {
        let repository = json!({"id": 7, "full_name": "e2i/platform"});
        json!({
            "action": "completed",
            "workflow_run": {
                "id": 1, "name": "ci", "path": ".github/workflows/ci.yml", "event": "push", "status": "completed",
                "conclusion": "success", "head_branch": "main", "head_sha": HEAD, "head_repository": repository,
            },
            "repository": repository, "workflow": {"name": "ci"},
        })
    }

    fn told(name: &str, body: &Value) -> DeliveryEvent {
        read(name, body.to_string().as_bytes(), &expected()).unwrap()
    }

    fn with(mut body: Value, pointer: &str, value: impl Into<Value>) -> Value {
        *body.pointer_mut(pointer).unwrap() = value.into();
        body
    }

    #[track_caller]
    fn ignored(name: &str, body: &Value, because: &str) {
        let DeliveryEvent::Other { why } = told(name, body) else { panic!("{body} was taken") };
        assert!(why.starts_with("ignored: ") && why.contains(because), "{why}");
    }

    #[test]
    fn a_push_is_its_head_and_its_files() {
        let head: Commit = HEAD.parse().unwrap();
        let paths = Some(vec!["a".to_owned(), "b".to_owned()]);
        assert_eq!(told("push", &push()), DeliveryEvent::Push { commit: head.clone(), forced: false, paths });
        let forced = with(push(), "/forced", true);
        assert_eq!(told("push", &forced), DeliveryEvent::Push { commit: head, forced: true, paths: None });
    }

    #[test]
    fn files_are_told_only_where_all_of_them_are_known() {
        let paths = |body: &Value| match told("push", body) {
            DeliveryEvent::Push { paths, .. } => paths,
            other => panic!("{other:?}"),
        };
        assert_eq!(paths(&with(push(), "/created", true)), None);
        assert_eq!(paths(&with(push(), "/before", "0".repeat(40))), None);
        assert_eq!(paths(&with(push(), "/commits", json!([]))), None);
        let many: Vec<Value> = (0..MOST_COMMITS).map(|_| json!({"added": ["x"]})).collect();
        assert_eq!(paths(&with(push(), "/commits", many)), None);
    }

    #[test]
    fn pushes_that_begin_nothing() {
        ignored("push", &with(push(), "/ref", "refs/tags/main"), "refs/tags/main");
        ignored("push", &with(push(), "/ref", "refs/heads/main2"), "refs/heads/main2");
        ignored("push", &with(push(), "/after", "0".repeat(40)), "deleted");
        ignored("push", &with(push(), "/deleted", true), "deleted");
        ignored("push", &with(push(), "/after", "HEAD"), "no commit id");
        ignored("push", &with(push(), "/repository/full_name", "ann/platform"), "ann/platform");
    }

    #[test]
    fn a_run_counts_only_when_every_part_of_it_is_ours() {
        assert_eq!(told("workflow_run", &run()), DeliveryEvent::WorkflowRun { commit: HEAD.parse().unwrap() });
        for (pointer, value, because) in [
            ("/action", json!("requested"), "not completed"),
            ("/workflow_run/conclusion", json!("failure"), "failure"),
            ("/workflow_run/conclusion", Value::Null, "nothing"),
            ("/workflow_run/event", json!("pull_request"), "pull_request"),
            ("/workflow_run/head_branch", json!("main2"), "main2"),
            ("/workflow_run/head_branch", Value::Null, "none"),
            ("/workflow_run/head_repository/full_name", json!("mallory/platform"), "mallory"),
            ("/workflow_run/head_repository/id", json!(8), "another repository"),
            ("/workflow_run/head_repository", Value::Null, "another repository"),
            ("/repository/full_name", json!("mallory/platform"), "mallory"),
            ("/workflow_run/head_sha", json!("main"), "no commit id"),
        ] {
            ignored("workflow_run", &with(run(), pointer, value), because);
        }
        let other = with(with(run(), "/workflow_run/name", "docs"), "/workflow_run/path", ".github/workflows/docs.yml");
        ignored("workflow_run", &other, "RELEASE_WORKFLOW");
        let renamed = with(run(), "/workflow_run/name", "Continuous integration");
        assert!(matches!(told("workflow_run", &renamed), DeliveryEvent::WorkflowRun { .. }), "its file is ci.yml");
    }

    #[test]
    fn ping_and_unknown_events_are_answered_and_broken_ones_are_not() {
        assert_eq!(told("ping", &json!({"zen": "…"})), DeliveryEvent::Other { why: "pong".into() });
        ignored("star", &json!({}), "star");
        assert!(read("push", b"{", &expected()).is_err());
        assert!(read("push", br#"{"ref": 1}"#, &expected()).is_err());
    }
}
