//! What people are told of an incident.
//!
//! Everything about one incident is one thread, so that its end is never told before its beginning, and each message has an
//! event id of its own that stays the same in every copy: `incident-12-raised`, `incident-12-resolved`,
//! `incident-12-flapping`, `incident-12-stable`, `incident-12-reminder-1`, `incident-12-worsened-3`.

use chrono::{DateTime, TimeDelta, Utc};
use notify::{Entry, Message, Severity};
use url::Url;

use crate::board::State;
use crate::cause::span;
use crate::judge::{Happening, Incident, News};
use crate::part::{Importance, PartId};

/// Tells people.
#[derive(Debug, Clone)]
pub struct Herald {
    channels: Vec<&'static str>,
    page: Option<Url>,
}

impl Herald {
    /// Through these channels; with the address of the Status page, under the platform's public one.
    #[must_use]
    pub fn new(channels: Vec<&'static str>, public_url: Option<&Url>) -> Self {
        Self { channels, page: public_url.and_then(|url| url.join("status").ok()) }
    }

    /// What is to be told of what happened, for the outbox.
    #[must_use]
    pub fn entries(&self, happenings: &[Happening], now: DateTime<Utc>) -> Vec<Entry> {
        let told = happenings.iter().filter_map(|happening| match happening {
            Happening::Incident { news, incident } => Some((incident, self.message(*news, incident, now)?)),
            _ => None,
        });
        told.flat_map(|(incident, message)| Entry::messages(&self.channels, &thread(incident), &message)).collect()
    }

    /// The message, if this is told at all.
    #[must_use]
    pub fn message(&self, news: News, incident: &Incident, now: DateTime<Utc>) -> Option<Message> {
        let message = Message {
            event: event(news, incident)?,
            severity: severity(news, incident),
            title: title(news, incident),
            text: text(news, incident),
            facts: Vec::new(),
            link: self.page.clone(),
            at: now,
        };
        Some(with_facts(message, news, incident))
    }
}

/// The thread of everything that is told of an incident.
#[must_use]
pub fn thread(incident: &Incident) -> String {
    format!("incident-{}", incident.id)
}

fn event(news: News, incident: &Incident) -> Option<String> {
    let name = match news {
        News::Raised => "raised".to_owned(),
        News::Resolved => "resolved".to_owned(),
        News::Flapping if incident.flapped <= 1 => "flapping".to_owned(),
        News::Stable if incident.flapped <= 1 => "stable".to_owned(),
        News::Flapping => format!("flapping-{}", incident.flapped),
        News::Stable => format!("stable-{}", incident.flapped),
        News::Reminded => format!("reminder-{}", incident.reminders),
        News::Worsened => format!("worsened-{}", incident.told),
        News::Eased => format!("eased-{}", incident.told),
        News::Affected | News::Explained => return None,
    };
    Some(format!("{}-{name}", thread(incident)))
}

fn severity(news: News, incident: &Incident) -> Severity {
    match news {
        News::Resolved => Severity::Good,
        News::Stable if incident.ended_at.is_some() => Severity::Good,
        News::Eased => Severity::Warning,
        _ if incident.state == State::Fail && incident.importance == Importance::Critical => Severity::Critical,
        _ => Severity::Warning,
    }
}

/// What is wrong, after the part's name: "is down".
#[must_use]
pub fn trouble(incident: &Incident) -> &'static str {
    match incident.state {
        _ if incident.flapped > 0 => "goes up and down",
        State::Warn => "needs a look",
        _ => "is down",
    }
}

fn title(news: News, incident: &Incident) -> String {
    let part = &incident.title;
    match news {
        News::Raised if incident.state == State::Warn => format!("{part} needs a look"),
        News::Raised | News::Worsened => format!("{part} is down"),
        News::Eased => format!("{part} works again, and needs a look"),
        News::Flapping => format!("{part} is flapping: it goes up and down"),
        News::Stable if incident.ended_at.is_some() => format!("{part} is stable: it is well"),
        News::Stable if incident.state == State::Warn => format!("{part} is stable: it works, and needs a look"),
        News::Stable => format!("{part} is stable: it is down"),
        News::Reminded => format!("{part} is still down, for {}", open_for(incident)),
        News::Affected | News::Explained => format!("{part} {}", trouble(incident)),
        News::Resolved => format!("{part} is well again after {}", open_for(incident)),
    }
}

/// How long it has been, or was.
fn open_for(incident: &Incident) -> String {
    let time = match incident.resolve {
        Some(resolve) => TimeDelta::from_std(resolve).unwrap_or_default(),
        None => incident.told_at - incident.detected_at,
    };
    span(time)
}

fn text(news: News, incident: &Incident) -> String {
    let mut sentences = Vec::new();
    if news == News::Flapping {
        sentences.push("Single changes are not told until it is stable.".to_owned());
    }
    if !matches!(news, News::Resolved) && incident.ended_at.is_none() && !incident.words.is_empty() {
        sentences.push(incident.words.clone());
    }
    if let Some(cause) = incident.cause.as_ref().filter(|_| incident.ended_at.is_none()) {
        sentences.push(format!("Probable cause: {cause}."));
    }
    sentences.join("\n")
}

fn with_facts(message: Message, news: News, incident: &Incident) -> Message {
    let mut message = message.fact("Incident", format!("#{}", incident.id)).fact("Part", incident.part.as_str());
    message = message.fact("Since", incident.began_at.format("%Y-%m-%d %H:%M:%S UTC").to_string());
    if !incident.affected.is_empty() {
        let names: Vec<_> = incident.affected.iter().map(PartId::as_str).collect();
        message = message.fact("Because of it", names.join(", "));
    }
    if let Some(deployment) = incident.deployment.filter(|_| news != News::Resolved) {
        message = message.fact("Release", format!("#{deployment}"));
    }
    message
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn incident() -> Incident {
        let began_at: DateTime<Utc> = "2026-11-26T12:00:00Z".parse().unwrap();
        Incident {
            id: 12,
            part: PartId::parse("postgres").unwrap(),
            title: "Postgres".into(),
            importance: Importance::Critical,
            state: State::Fail,
            began_at,
            detected_at: began_at + TimeDelta::seconds(2),
            ended_at: None,
            detect: Duration::from_secs(9),
            resolve: None,
            flaps: false,
            flapped: 0,
            affected: ["gateway", "worker"].into_iter().filter_map(PartId::parse).collect(),
            cause: Some("red 40 s after release abc1234: roll back".into()),
            deployment: Some(7),
            words: "connection refused".into(),
            told: 1,
            reminders: 0,
            told_at: began_at + TimeDelta::seconds(2),
        }
    }

    fn ended() -> Incident {
        let began_at = incident().began_at;
        Incident {
            ended_at: Some(began_at + TimeDelta::minutes(3)),
            resolve: Some(Duration::from_mins(3)),
            told: 2,
            ..incident()
        }
    }

    fn told(news: News, incident: &Incident) -> Message {
        let herald = Herald::new(vec!["slack"], Some(&"https://e2i.example.org/".parse().unwrap()));
        herald.message(news, incident, incident.told_at).unwrap()
    }

    #[test]
    fn an_alert_names_the_root_what_it_took_along_and_the_cause() {
        let message = told(News::Raised, &incident());
        assert_eq!((message.title.as_str(), message.severity), ("Postgres is down", Severity::Critical));
        assert_eq!(message.event, "incident-12-raised");
        let text = message.plain_text();
        for part in [
            "connection refused\nProbable cause: red 40 s after release abc1234: roll back.",
            "Since: 2026-11-26 12:00:00 UTC",
            "Because of it: gateway, worker",
            "Release: #7",
            "https://e2i.example.org/status",
        ] {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
    }

    #[test]
    fn an_end_says_how_long_it_took_and_no_longer_what_was_wrong() {
        let message = told(News::Resolved, &ended());
        assert_eq!((message.title.as_str(), message.severity), ("Postgres is well again after 3 min", Severity::Good));
        assert!(!message.plain_text().contains("refused") && !message.plain_text().contains("roll back"));
    }

    #[test]
    fn what_is_optional_or_a_warning_is_not_critical() {
        let optional = Incident { importance: Importance::Optional, ..incident() };
        assert_eq!(told(News::Raised, &optional).severity, Severity::Warning);
        let warning = Incident { state: State::Warn, ..incident() };
        let message = told(News::Raised, &warning);
        assert_eq!((message.title.as_str(), message.severity), ("Postgres needs a look", Severity::Warning));
    }

    #[test]
    fn every_message_of_an_incident_has_an_event_of_its_own() {
        let flapping = |flapped| Incident { flapped, ..incident() };
        let reminded = |reminders| Incident { reminders, ..incident() };
        let mut events: Vec<_> = [
            (News::Raised, incident()),
            (News::Worsened, Incident { told: 2, ..incident() }),
            (News::Eased, Incident { told: 3, ..incident() }),
            (News::Flapping, flapping(1)),
            (News::Stable, flapping(1)),
            (News::Flapping, flapping(2)),
            (News::Stable, flapping(2)),
            (News::Reminded, reminded(1)),
            (News::Reminded, reminded(2)),
            (News::Resolved, ended()),
        ]
        .iter()
        .map(|(news, incident)| told(*news, incident).event)
        .collect();
        assert!(
            events.contains(&"incident-12-flapping".to_owned()) && events.contains(&"incident-12-stable".to_owned())
        );
        assert!(events.contains(&"incident-12-reminder-2".to_owned()));
        events.sort();
        events.dedup();
        assert_eq!(events.len(), 10);
    }

    #[test]
    fn a_stable_part_is_well_or_down() {
        let well = Incident { flapped: 1, ..ended() };
        let message = told(News::Stable, &well);
        assert_eq!((message.title.as_str(), message.severity), ("Postgres is stable: it is well", Severity::Good));
        let down = Incident { flapped: 1, ..incident() };
        let message = told(News::Stable, &down);
        assert_eq!((message.title.as_str(), message.severity), ("Postgres is stable: it is down", Severity::Critical));
    }

    #[test]
    fn what_is_told_goes_through_every_channel_in_the_incidents_thread() {
        let herald = Herald::new(vec!["slack", "mail"], None);
        let about = |news| Happening::Incident { news, incident: Box::new(incident()) };
        let entries =
            herald.entries(&[about(News::Raised), about(News::Affected), about(News::Explained)], incident().told_at);
        let lines: Vec<_> = entries.iter().map(|entry| (entry.channel.as_str(), entry.thread.as_str())).collect();
        assert_eq!(lines, [("slack", "incident-12"), ("mail", "incident-12")]);
    }
}
