//! Mail by a provider's HTTPS API: the way out where mail ports are blocked. One POST of JSON each.
//!
//! To add a provider: a variant, its address, its header and its body; what they answer is judged by the status alone.

use chassis::config::{Secret, Setting};
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};
use url::Url;

use super::Letter;
use crate::Failure;
use crate::message::shortened;
use crate::slack::{retry_after, without_url};

/// Providers whose API is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// <https://postmarkapp.com/developer/api/email-api>
    Postmark,
    /// <https://resend.com/docs/api-reference/emails/send-email>
    Resend,
    /// <https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send>
    SendGrid,
}

impl Setting for Provider {
    const EXPECTED: &'static str = "postmark, resend or sendgrid";

    fn read(text: &str) -> Option<Self> {
        match text {
            "postmark" => Some(Self::Postmark),
            "resend" => Some(Self::Resend),
            "sendgrid" => Some(Self::SendGrid),
            _ => None,
        }
    }
}

impl Provider {
    fn name(self) -> &'static str {
        match self {
            Self::Postmark => "Postmark",
            Self::Resend => "Resend",
            Self::SendGrid => "SendGrid",
        }
    }

    fn base(self) -> &'static str {
        match self {
            Self::Postmark => "https://api.postmarkapp.com",
            Self::Resend => "https://api.resend.com",
            Self::SendGrid => "https://api.sendgrid.com",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Postmark => "/email",
            Self::Resend => "/emails",
            Self::SendGrid => "/v3/mail/send",
        }
    }

    fn authorize(self, request: RequestBuilder, key: &Secret<String>) -> RequestBuilder {
        match self {
            Self::Postmark => request.header("X-Postmark-Server-Token", key.expose()),
            Self::Resend | Self::SendGrid => request.bearer_auth(key.expose()),
        }
    }

    fn body(self, letter: &Letter<'_>) -> Value {
        let from = letter.addresses.from.to_string();
        let to: Vec<String> = letter.addresses.to.iter().map(ToString::to_string).collect();
        let (subject, text, event, id) = (&letter.subject, &letter.text, letter.event, &letter.message_id);
        match self {
            Self::Postmark => json!({
                "From": from, "To": to.join(", "), "Subject": subject, "TextBody": text, "MessageStream": "outbound",
                "Headers": [{"Name": "Message-ID", "Value": id}, {"Name": "X-PM-KeepID", "Value": "true"},
                            {"Name": "X-E2I-Event", "Value": event}],
            }),
            Self::Resend => json!({
                "from": from, "to": to, "subject": subject, "text": text,
                "headers": {"Message-ID": id, "X-E2I-Event": event},
            }),
            Self::SendGrid => {
                let address = |mailbox: &lettre::message::Mailbox| match &mailbox.name {
                    Some(name) => json!({"email": mailbox.email.to_string(), "name": name}),
                    None => json!({"email": mailbox.email.to_string()}),
                };
                let to: Vec<Value> = letter.addresses.to.iter().map(address).collect();
                json!({
                    "personalizations": [{"to": to}], "from": address(&letter.addresses.from), "subject": subject,
                    "content": [{"type": "text/plain", "value": text}],
                    "headers": {"Message-ID": id, "X-E2I-Event": event},
                })
            }
        }
    }
}

/// A provider's API.
#[derive(Debug, Clone)]
pub struct Api {
    http: reqwest::Client,
    provider: Provider,
    base: String,
    key: Secret<String>,
}

impl Api {
    /// The provider's own address, or `base` in its place.
    #[must_use]
    pub fn new(http: reqwest::Client, provider: Provider, key: Secret<String>, base: Option<&Url>) -> Self {
        let base = base.map_or(provider.base(), Url::as_str).trim_end_matches('/').to_owned();
        Self { http, provider, base, key }
    }

    pub(super) async fn send(&self, letter: &Letter<'_>) -> Result<(), Failure> {
        let name = self.provider.name();
        let request = self.http.post(format!("{}{}", self.base, self.provider.path()));
        // Resend drops a second mail with the same key for 24 hours; the others do not look at it.
        let request = self.provider.authorize(request, &self.key).header("Idempotency-Key", letter.event);
        let answer = request.json(&self.provider.body(letter)).send().await;
        let answer =
            answer.map_err(|error| Failure::new(format!("{name}'s API cannot be reached: {}", without_url(error))))?;
        let (status, retry_after) = (answer.status(), retry_after(&answer));
        if status.is_success() {
            return Ok(());
        }
        let said = shortened(answer.text().await.unwrap_or_default().trim(), 300);
        let advice = match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                "; check MAIL_API_KEY, and that MAIL_FROM may be sent from"
            }
            _ => "",
        };
        Err(Failure { words: format!("{name}'s API answered {status}: {said}{advice}"), retry_after })
    }
}
