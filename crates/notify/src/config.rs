//! The variables.
//!
//! | variable (* or `_FILE`) | meaning | default |
//! | --- | --- | --- |
//! | `SLACK_WEBHOOK_URL` * | an incoming webhook of a Slack channel | no Slack |
//! | `MAIL_FROM`, `MAIL_TO` | sender; receivers with commas between | no mail |
//! | `MAIL_SMTP_HOST` | the server that takes mail | none |
//! | `MAIL_SMTP_TLS` | `starttls`, `tls` (from the start) or `none` (a relay on this machine) | `starttls` |
//! | `MAIL_SMTP_PORT` | its port | 587, 465 or 25, by `MAIL_SMTP_TLS` |
//! | `MAIL_SMTP_USER`, `MAIL_SMTP_PASSWORD` * | the login | none |
//! | `MAIL_SMTP_CA_FILE` | a PEM file: who else may sign the server's certificate | none |
//! | `MAIL_API` | `postmark`, `resend` or `sendgrid`: their HTTPS API instead of SMTP | none |
//! | `MAIL_API_KEY` * | its key | none |
//! | `MAIL_API_URL` | another address than the provider's own | none |

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use chassis::config::{ConfigProblems, Env, Reader, Secret};
use lettre::message::Mailbox;
use url::Url;

use crate::Channel;
use crate::mail::{Addresses, Api, Mail, Provider, Smtp, SmtpConfig, Tls};
use crate::slack::Slack;

/// Whom to tell, and how.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// `SLACK_WEBHOOK_URL`.
    pub slack: Option<Secret<Url>>,
    /// `MAIL_*`.
    pub mail: Option<MailConfig>,
}

/// Mail.
#[derive(Debug, Clone)]
pub struct MailConfig {
    /// `MAIL_FROM` and `MAIL_TO`.
    pub addresses: Addresses,
    /// How it leaves.
    pub way: MailWay,
}

/// How mail leaves.
#[derive(Debug, Clone)]
pub enum MailWay {
    /// `MAIL_SMTP_*`.
    Smtp(SmtpConfig),
    /// `MAIL_API*`.
    Api {
        /// `MAIL_API`.
        provider: Provider,
        /// `MAIL_API_KEY`.
        key: Secret<String>,
        /// `MAIL_API_URL`.
        base: Option<Url>,
    },
}

impl Config {
    /// Reads every variable.
    ///
    /// # Errors
    /// All problems at once.
    pub fn read(env: &Env) -> Result<Self, ConfigProblems> {
        let mut read = env.reader();
        let slack = slack(&mut read);
        let mail = mail(&mut read, env);
        read.finish(|| Some(Self { slack, mail }))
    }

    /// The channels' names, for those who write into the outbox.
    #[must_use]
    pub fn channel_names(&self) -> Vec<&'static str> {
        let slack = self.slack.is_some().then_some("slack");
        slack.into_iter().chain(self.mail.is_some().then_some("mail")).collect()
    }

    /// The channels.
    ///
    /// # Errors
    /// A certificate cannot be read.
    pub fn channels(&self, http: &reqwest::Client) -> anyhow::Result<Vec<Arc<dyn Channel>>> {
        let mut channels: Vec<Arc<dyn Channel>> = Vec::new();
        if let Some(url) = &self.slack {
            channels.push(Arc::new(Slack::new(http.clone(), url.clone())));
        }
        if let Some(MailConfig { addresses, way }) = &self.mail {
            let mail = match way {
                MailWay::Smtp(smtp) => {
                    let smtp = Smtp::new(smtp).context("MAIL_SMTP_CA_FILE holds no certificate in PEM")?;
                    Mail::by_smtp(addresses.clone(), smtp)
                }
                MailWay::Api { provider, key, base } => {
                    let api = Api::new(http.clone(), *provider, key.clone(), base.as_ref());
                    Mail::by_api(addresses.clone(), api)
                }
            };
            channels.push(Arc::new(mail));
        }
        Ok(channels)
    }
}

fn slack(read: &mut Reader<'_>) -> Option<Secret<Url>> {
    let text = read.optional_secret("SLACK_WEBHOOK_URL")?;
    let url: Option<Url> = text.expose().parse().ok();
    read.check("SLACK_WEBHOOK_URL", url.is_some(), "is no URL; expected https://hooks.slack.com/services/...");
    url.map(Secret::new)
}

fn mail(read: &mut Reader<'_>, env: &Env) -> Option<MailConfig> {
    let provider: Option<Provider> = read.optional("MAIL_API");
    let host: Option<String> = read.optional("MAIL_SMTP_HOST");
    let says_who = env.get("MAIL_FROM").or(env.get("MAIL_TO")).is_some();
    let way = match (provider, host) {
        (Some(_), Some(_)) => {
            read.problem("MAIL_API", "is set together with MAIL_SMTP_HOST; unset one of the two");
            return None;
        }
        (Some(provider), None) => {
            let (key, base) = (read.required_secret("MAIL_API_KEY"), read.optional("MAIL_API_URL"));
            MailWay::Api { provider, key: key?, base }
        }
        (None, Some(host)) => MailWay::Smtp(smtp(read, host)?),
        (None, None) if says_who => {
            read.problem(
                "MAIL_TO",
                "mail has no way out; set MAIL_SMTP_HOST, or MAIL_API where mail ports are blocked",
            );
            return None;
        }
        (None, None) => return None,
    };
    let addresses = addresses(read)?;
    Some(MailConfig { addresses, way })
}

fn addresses(read: &mut Reader<'_>) -> Option<Addresses> {
    let from: Option<String> = read.required("MAIL_FROM");
    let to: Option<Vec<String>> = read.required("MAIL_TO");
    let mut mailbox = |name: &str, text: &str| {
        let parsed: Option<Mailbox> = text.parse().ok();
        if parsed.is_none() {
            read.problem(name, format!("{text:?} is no mail address; expected e.g. E2I <e2i@example.org>"));
        }
        parsed
    };
    let from = mailbox("MAIL_FROM", &from?);
    let to: Vec<Option<Mailbox>> = to?.iter().map(|text| mailbox("MAIL_TO", text)).collect();
    Some(Addresses { from: from?, to: to.into_iter().collect::<Option<_>>()? })
}

fn smtp(read: &mut Reader<'_>, host: String) -> Option<SmtpConfig> {
    let tls = read.parse_or("MAIL_SMTP_TLS", Tls::StartTls);
    let port = read.parse_or("MAIL_SMTP_PORT", tls.usual_port());
    let user: Option<String> = read.optional("MAIL_SMTP_USER");
    let password = if user.is_some() { read.required_secret("MAIL_SMTP_PASSWORD") } else { None };
    let is_here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let is_open = tls == Tls::None && user.is_some() && !is_here;
    read.check(
        "MAIL_SMTP_TLS",
        !is_open,
        "is none: the password would be read by anybody on the way; use starttls or tls",
    );
    let authority = match read.optional::<PathBuf>("MAIL_SMTP_CA_FILE") {
        None => None,
        Some(path) => match std::fs::read(&path) {
            Ok(pem) => Some(pem),
            Err(error) => {
                read.problem("MAIL_SMTP_CA_FILE", format!("the file {} cannot be read ({error})", path.display()));
                None
            }
        },
    };
    let credentials = match user {
        None => None,
        Some(user) => Some((user, password?)),
    };
    Some(SmtpConfig { host, port, tls, credentials, authority })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(pairs: &[(&str, &str)]) -> String {
        Config::read(&Env::from_pairs(pairs.iter().copied())).unwrap_err().to_string()
    }

    #[test]
    fn nothing_set_tells_nobody() {
        assert!(Config::read(&Env::default()).unwrap().channel_names().is_empty());
    }

    #[test]
    fn both_channels_are_read() {
        let env = Env::from_pairs([
            ("SLACK_WEBHOOK_URL", "https://hooks.slack.com/services/T/B/x"),
            ("MAIL_SMTP_HOST", "smtp.example.org"),
            ("MAIL_FROM", "E2I <e2i@example.org>"),
            ("MAIL_TO", "ann@example.org, Bob <bob@example.org>"),
        ]);
        let config = Config::read(&env).unwrap();
        assert_eq!(config.channel_names(), ["slack", "mail"]);
        let MailWay::Smtp(smtp) = &config.mail.as_ref().unwrap().way else { panic!("no SMTP") };
        assert_eq!((smtp.port, smtp.tls), (587, Tls::StartTls));
        assert_eq!(config.mail.as_ref().unwrap().addresses.to.len(), 2);
        assert!(!format!("{config:?}").contains("/T/B/x"), "the webhook's address is a secret");
    }

    #[test]
    fn what_cannot_work_is_said() {
        assert!(problems(&[("MAIL_TO", "ann@example.org")]).contains("no way out"));
        let both = [("MAIL_API", "postmark"), ("MAIL_SMTP_HOST", "x")];
        assert!(problems(&both).contains("unset one of the two"));
        let no_key = problems(&[("MAIL_API", "postmark"), ("MAIL_FROM", "e2i@example.org"), ("MAIL_TO", "nobody")]);
        assert!(no_key.contains("MAIL_API_KEY: is not set"), "{no_key}");
        let open = [
            ("MAIL_SMTP_HOST", "smtp.example.org"),
            ("MAIL_SMTP_TLS", "none"),
            ("MAIL_SMTP_USER", "ann"),
            ("MAIL_SMTP_PASSWORD", "hunter2"),
            ("MAIL_FROM", "e2i@example.org"),
            ("MAIL_TO", "x"),
        ];
        let open = problems(&open);
        assert!(open.contains("read by anybody") && open.contains("\"x\" is no mail address"), "{open}");
        assert!(!open.contains("hunter2"));
    }
}
