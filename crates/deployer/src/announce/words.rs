//! What people and GitHub are told of a deployment's state.

use chrono::{DateTime, Utc};
use notify::{Message, Severity};
use url::Url;

use crate::github::Status;
use crate::view::{Kind, State, Summary};

/// The message for people; `None` for what nobody has to know (that it waits, that it began).
#[must_use]
pub fn message(event: &str, summary: &Summary, note: &str, public_url: &Url, at: DateTime<Utc>) -> Option<Message> {
    let (id, subject) = (summary.id, &summary.commit.subject);
    let reason = summary.reason.as_deref().unwrap_or("no reason was noted");
    let is_rollback = summary.kind == Kind::Rollback;
    let (severity, title, text) = match summary.state {
        State::Live if is_rollback => {
            let target = summary.target.map(|target| format!("#{target}")).unwrap_or_default();
            let text = format!(
                "Gone back to {target} ({subject}). The branch's head is held back until a newer commit or `resume`."
            );
            (Severity::Warning, format!("Rolled back by #{id}"), text)
        }
        State::Live => (Severity::Good, format!("#{id} is live"), subject.clone()),
        State::TakenBack => {
            let before =
                summary.previous.map_or_else(|| "what ran before".to_owned(), |previous| format!("#{previous}"));
            let text = format!("{reason}\n{before} is live again; the commit returns only by an explicit deploy.");
            (Severity::Warning, format!("#{id} was taken back"), text)
        }
        State::Failed => {
            (Severity::Warning, format!("#{id} failed"), format!("{reason}\nNothing that runs was touched."))
        }
        State::Refused => (Severity::Warning, format!("#{id} was refused"), reason.to_owned()),
        State::Cancelled => (Severity::Info, format!("#{id} was cancelled"), reason.to_owned()),
        State::Stuck => {
            let text = format!("{reason}\nNeither forward nor back works by itself: somebody has to look.");
            (Severity::Critical, format!("#{id} is stuck"), text)
        }
        State::Pending | State::Running | State::TakingBack | State::Replaced | State::Superseded => return None,
    };
    let message = Message {
        event: event.to_owned(),
        severity,
        title,
        text,
        facts: Vec::new(),
        link: Some(page(public_url, summary)),
        at,
    };
    Some(with_facts(message, summary, note))
}

fn with_facts(message: Message, summary: &Summary, note: &str) -> Message {
    let commit = &summary.commit;
    let mut message = message.fact("Commit", format!("{} by {}: {}", commit.id.short(), commit.author, commit.subject));
    if let Some(by) = &summary.by {
        message = message.fact("Asked for by", by.as_str());
    }
    if let Some(seconds) = summary.seconds {
        message = message.fact("Took", format!("{seconds:.0} s"));
    }
    if !note.is_empty() {
        message = message.fact("Note", note);
    }
    message
}

/// The status at GitHub; `None` for what GitHub works out itself (replaced by a later success).
#[must_use]
pub fn status(summary: &Summary, public_url: &Url, at: DateTime<Utc>) -> Option<Status> {
    let reason = summary.reason.as_deref().unwrap_or_default();
    let (state, description) = match summary.state {
        State::Pending => ("queued", "waits for its turn".to_owned()),
        State::Running => ("in_progress", "under way".to_owned()),
        State::TakingBack => ("in_progress", format!("being taken back: {reason}")),
        State::Live => ("success", "live".to_owned()),
        State::TakenBack => ("failure", format!("taken back: {reason}")),
        State::Failed => ("failure", format!("failed: {reason}")),
        State::Refused => ("error", format!("refused: {reason}")),
        State::Cancelled => ("error", format!("cancelled: {reason}")),
        State::Superseded => ("inactive", "a newer one took its place".to_owned()),
        State::Stuck => ("error", format!("stuck: {reason}")),
        State::Replaced => return None,
    };
    Some(Status {
        deployment: summary.id.0,
        commit: summary.commit.id.to_string(),
        state: state.to_owned(),
        description,
        log_url: Some(page(public_url, summary)),
        environment_url: Some(public_url.clone()),
        at,
    })
}

/// The page of one deployment.
fn page(public_url: &Url, summary: &Summary) -> Url {
    public_url.join(&format!("/deployments/{}", summary.id)).unwrap_or_else(|_| public_url.clone())
}
