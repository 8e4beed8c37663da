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
            event_id: format!("deployment-{}-{state}-{}", record.id, now.timestamp_micros()),
            kind: format!("deployment.{state}"),
            payload: serde_json::to_string(&payload).ok()?,
        })
    }
}
