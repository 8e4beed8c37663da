//! Mail, by SMTP or by a provider's HTTPS API.
//!
//! Every copy of a message has the same `Message-ID` (made of the event id) and the header `X-E2I-Event`: mail programs fold
//! copies into one, and filters can tell them. Where a provider's API refuses doubles itself, it is given the event id, too.

mod api;
mod blocked;
mod smtp;

use async_trait::async_trait;
use lettre::message::Mailbox;

use crate::message::{Message, shortened};
use crate::outbox::Line;
use crate::{Channel, Failure};

pub use api::{Api, Provider};
pub use smtp::{Smtp, SmtpConfig, Tls};

/// Longest subject, in characters.
const MOST_SUBJECT: usize = 150;

/// Who writes to whom.
#[derive(Debug, Clone)]
pub struct Addresses {
    /// The sender.
    pub from: Mailbox,
    /// Everybody who is told, in one mail.
    pub to: Vec<Mailbox>,
}

/// How mail leaves.
#[derive(Debug)]
enum Transport {
    Smtp(Smtp),
    Api(Api),
}

/// Mail to the people named in the configuration.
#[derive(Debug)]
pub struct Mail {
    addresses: Addresses,
    transport: Transport,
}

impl Mail {
    /// By SMTP.
    #[must_use]
    pub fn by_smtp(addresses: Addresses, smtp: Smtp) -> Self {
        Self { addresses, transport: Transport::Smtp(smtp) }
    }

    /// By a provider's API.
    #[must_use]
    pub fn by_api(addresses: Addresses, api: Api) -> Self {
        Self { addresses, transport: Transport::Api(api) }
    }
}

/// One mail, as every way of sending takes it.
#[derive(Debug)]
struct Letter<'a> {
    addresses: &'a Addresses,
    subject: String,
    text: String,
    event: &'a str,
    message_id: String,
}

impl<'a> Letter<'a> {
    fn of(addresses: &'a Addresses, message: &'a Message) -> Self {
        let subject = format!("[E2I] {}: {}", message.severity.word(), message.title);
        let when = message.at.format("%Y-%m-%d %H:%M:%S UTC");
        Self {
            addresses,
            subject: shortened(&subject, MOST_SUBJECT),
            text: format!("{}\n\n--\n{when}, event {}\n", message.plain_text(), message.event),
            event: &message.event,
            message_id: format!("<{}@{}>", message.event, addresses.from.email.domain()),
        }
    }
}

#[async_trait]
impl Channel for Mail {
    fn name(&self) -> &'static str {
        "mail"
    }

    async fn deliver(&self, line: &Line) -> Result<(), Failure> {
        let message = line.message()?;
        let letter = Letter::of(&self.addresses, &message);
        match &self.transport {
            Transport::Smtp(smtp) => smtp.send(&letter).await,
            Transport::Api(api) => api.send(&letter).await,
        }
    }
}
