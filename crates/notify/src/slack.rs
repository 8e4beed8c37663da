//! Slack, by an incoming webhook (<https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>).

use std::time::Duration;

use async_trait::async_trait;
use chassis::config::Secret;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use url::Url;

use crate::message::{Message, Severity, shortened};
use crate::outbox::Line;
use crate::{Channel, Failure};

/// What Slack takes at most, in characters: of a header, of a section, of a field; fields of a section.
const MOST_HEADER: usize = 150;
const MOST_TEXT: usize = 2_900;
const MOST_FIELD: usize = 1_900;
const MOST_FIELDS: usize = 10;

/// A channel of a Slack workspace.
#[derive(Debug, Clone)]
pub struct Slack {
    http: reqwest::Client,
    url: Secret<Url>,
}

impl Slack {
    /// Whoever knows the address may write there: it is a secret.
    #[must_use]
    pub fn new(http: reqwest::Client, url: Secret<Url>) -> Self {
        Self { http, url }
    }
}

#[async_trait]
impl Channel for Slack {
    fn name(&self) -> &'static str {
        "slack"
    }

    async fn deliver(&self, line: &Line) -> Result<(), Failure> {
        let body = body(&line.message()?);
        let answer = self.http.post(self.url.expose().clone()).json(&body).send().await;
        // The address stands in reqwest's errors.
        let answer =
            answer.map_err(|error| Failure::new(format!("Slack cannot be reached: {}", without_url(error))))?;
        if answer.status().is_success() {
            return Ok(());
        }
        Err(refused(answer).await)
    }
}

/// The message in Slack's blocks. The event id is in the text of every copy.
#[must_use]
pub fn body(message: &Message) -> Value {
    let title = format!("{} {}", icon(message.severity), message.title);
    let mut blocks = vec![
        json!({"type": "header", "text": {"type": "plain_text", "text": shortened(&title, MOST_HEADER)}}),
        json!({"type": "section", "text": {"type": "mrkdwn", "text": escaped(&shortened(&message.text, MOST_TEXT))}}),
    ];
    if !message.facts.is_empty() {
        let fields = message.facts.iter().take(MOST_FIELDS).map(|fact| {
            let value = shortened(&fact.value, MOST_FIELD);
            json!({"type": "mrkdwn", "text": format!("*{}*\n{}", escaped(&fact.name), escaped(&value))})
        });
        blocks.push(json!({"type": "section", "fields": fields.collect::<Vec<Value>>()}));
    }
    let more = message.link.as_ref().map(|link| format!("<{link}|More> · ")).unwrap_or_default();
    let note = format!("{more}event `{}`", message.event);
    blocks.push(json!({"type": "context", "elements": [{"type": "mrkdwn", "text": note}]}));
    // What notifications and screen readers show.
    json!({"text": escaped(&format!("{title} (event {})", message.event)), "blocks": blocks})
}

fn icon(severity: Severity) -> &'static str {
    match severity {
        Severity::Good => ":white_check_mark:",
        Severity::Info => ":information_source:",
        Severity::Warning => ":warning:",
        Severity::Critical => ":rotating_light:",
    }
}

/// The three characters that mean something to Slack.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

async fn refused(answer: Response) -> Failure {
    let (status, retry_after) = (answer.status(), retry_after(&answer));
    let said = shortened(answer.text().await.unwrap_or_default().trim(), 200);
    let advice = match status {
        StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::GONE => {
            "; the webhook was revoked or its channel is gone: make a new one and set SLACK_WEBHOOK_URL"
        }
        _ => "",
    };
    Failure { words: format!("Slack answered {status}: {said:?}{advice}"), retry_after }
}

/// `Retry-After` in seconds.
pub(crate) fn retry_after(answer: &Response) -> Option<Duration> {
    let value = answer.headers().get(reqwest::header::RETRY_AFTER)?;
    value.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

/// An error and its causes, without the address.
pub(crate) fn without_url(error: reqwest::Error) -> String {
    format!("{:#}", anyhow::Error::new(error.without_url()))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn nothing_in_a_message_is_markup_and_the_event_is_told() {
        let message = Message {
            event: "deployment-12-taken-back".into(),
            severity: Severity::Warning,
            title: "Taken <back>".into(),
            text: "a & b <!channel>".into(),
            facts: Vec::new(),
            link: None,
            at: DateTime::UNIX_EPOCH,
        };
        let body = body(&message.fact("x", "y".repeat(5_000)));
        assert_eq!(body["blocks"][1]["text"]["text"], "a &amp; b &lt;!channel&gt;");
        assert!(body["blocks"][2]["fields"][0]["text"].as_str().unwrap().chars().count() < 2_000);
        assert!(body["text"].as_str().unwrap().ends_with("Taken &lt;back&gt; (event deployment-12-taken-back)"));
        assert_eq!(body["blocks"][3]["elements"][0]["text"], "event `deployment-12-taken-back`");
    }
}
