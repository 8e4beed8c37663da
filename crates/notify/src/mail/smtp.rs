//! SMTP, with TLS from the start or by STARTTLS.

use std::time::Duration;

use chassis::config::{Secret, Setting};
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message as Mime, Tokio1Executor};

use super::{Letter, blocked};
use crate::Failure;

/// How long the server may take for each answer, and for the connection.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Longest part of a server's words that is told on.
const MOST_WORDS: usize = 300;

/// How the way to the server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Plain at first, then TLS before anything is said; nothing is sent to a server that offers none. Port 587.
    StartTls,
    /// TLS from the start. Port 465.
    Implicit,
    /// None: for a relay on this machine.
    None,
}

impl Setting for Tls {
    const EXPECTED: &'static str = "starttls, tls or none";

    fn read(text: &str) -> Option<Self> {
        match text {
            "starttls" => Some(Self::StartTls),
            "tls" => Some(Self::Implicit),
            "none" => Some(Self::None),
            _ => None,
        }
    }
}

impl Tls {
    /// The port that is usual for it.
    #[must_use]
    pub fn usual_port(self) -> u16 {
        match self {
            Self::StartTls => 587,
            Self::Implicit => 465,
            Self::None => 25,
        }
    }
}

/// Where mail is handed in.
#[derive(Debug, Clone)]
pub struct SmtpConfig {
    /// `MAIL_SMTP_HOST`.
    pub host: String,
    /// `MAIL_SMTP_PORT`.
    pub port: u16,
    /// `MAIL_SMTP_TLS`.
    pub tls: Tls,
    /// `MAIL_SMTP_USER` and `MAIL_SMTP_PASSWORD`.
    pub credentials: Option<(String, Secret<String>)>,
    /// The PEM in `MAIL_SMTP_CA_FILE`: who may sign the server's certificate, besides those whom everybody believes.
    pub authority: Option<Vec<u8>>,
}

/// A server that takes mail.
#[derive(Debug)]
pub struct Smtp {
    host: String,
    port: u16,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl Smtp {
    /// Connects to nothing yet.
    ///
    /// # Errors
    /// The authority's certificate cannot be read.
    pub fn new(config: &SmtpConfig) -> anyhow::Result<Self> {
        use lettre::transport::smtp::client::Tls as Way;
        let host = config.host.as_str();
        let mut parameters = TlsParameters::builder(host.to_owned());
        if let Some(pem) = &config.authority {
            parameters = parameters.add_root_certificate(Certificate::from_pem(pem)?);
        }
        let way = match config.tls {
            Tls::StartTls => Way::Required(parameters.build()?),
            Tls::Implicit => Way::Wrapper(parameters.build()?),
            Tls::None => Way::None,
        };
        // Nothing here is dangerous: the way is set below, this only begins without one.
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(config.port)
            .tls(way)
            .timeout(Some(TIMEOUT));
        if let Some((user, password)) = &config.credentials {
            builder = builder.credentials(Credentials::new(user.clone(), password.expose().clone()));
        }
        Ok(Self { host: host.to_owned(), port: config.port, transport: builder.build() })
    }

    pub(super) async fn send(&self, letter: &Letter<'_>) -> Result<(), Failure> {
        let mime = mime(letter).map_err(|error| Failure::new(format!("the mail cannot be written: {error}")))?;
        match self.transport.send(mime).await {
            Ok(_said) => Ok(()),
            Err(error) => Err(Failure::new(self.words(&error))),
        }
    }

    fn words(&self, error: &lettre::transport::smtp::Error) -> String {
        let (host, port) = (&self.host, self.port);
        let cause = crate::message::shortened(&causes(error), MOST_WORDS);
        if let Some(code) = error.status() {
            return format!("the mail server {host}:{port} refused the mail ({code}): {cause}");
        }
        if error.is_tls() {
            return format!(
                "no TLS with the mail server {host}:{port}: {cause}; MAIL_SMTP_TLS is starttls for servers that begin in \
                 plain (587, 2525), tls for those that do not (465)"
            );
        }
        if error.is_client() {
            return format!(
                "the mail server {host}:{port} does not offer what is asked of it: {cause}; check MAIL_SMTP_TLS and the login"
            );
        }
        if error.is_timeout() {
            return blocked::diagnosis(host, port, &format!("nothing came within {} s", TIMEOUT.as_secs()));
        }
        blocked::diagnosis(host, port, &cause)
    }
}

/// An error and what lies behind it.
fn causes(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_words = cause.to_string();
        if !words.contains(&cause_words) {
            words.push_str(": ");
            words.push_str(&cause_words);
        }
        source = cause.source();
    }
    words
}

/// `X-E2I-Event`.
#[derive(Debug, Clone)]
struct EventHeader(String);

impl Header for EventHeader {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("X-E2I-Event")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

fn mime(letter: &Letter<'_>) -> Result<Mime, lettre::error::Error> {
    let mut builder = Mime::builder()
        .from(letter.addresses.from.clone())
        .subject(letter.subject.as_str())
        .message_id(Some(letter.message_id.clone()))
        .header(EventHeader(letter.event.to_owned()))
        .header(ContentType::TEXT_PLAIN);
    for to in &letter.addresses.to {
        builder = builder.to(to.clone());
    }
    builder.body(letter.text.clone())
}
