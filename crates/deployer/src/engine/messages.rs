//! What people are told of a deployment.

use serde_json::json;

use super::Engine;
use crate::journal::{NewMessage, Record};

impl Engine {
    /// The message that says where the deployment stands. It carries the summary; who delivers it makes words of it.
    pub(crate) fn message_of(&self, record: &Record) -> Option<NewMessage> {
        let now = self.now();
        let state = record.state().name();
        let summary = record.summary(now);
        let payload = json!({ "deployment": summary, "note": record.note });
        Some(NewMessage {
            // A state may be come to more than once (stuck), and is told each time; that it runs is told once.
            event_id: match record.ended_at {
                Some(ended) => format!("deployment-{}-{state}-{}", record.id, ended.timestamp_micros()),
                None => format!("deployment-{}-{state}", record.id),
            },
            kind: format!("deployment.{state}"),
            payload: serde_json::to_string(&payload).ok()?,
        })
    }
}
