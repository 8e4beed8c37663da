//! What is told to people.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Something is well again, or went well.
    Good,
    /// Worth knowing.
    Info,
    /// Worth a look.
    Warning,
    /// Somebody has to do something.
    Critical,
}

impl Severity {
    /// In front of a title, for those who read nothing else.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Good => "OK",
            Self::Info => "Info",
            Self::Warning => "Warning",
            Self::Critical => "Critical",
        }
    }
}

/// A name and its value, for the table under a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What.
    pub name: String,
    /// How much, which, who.
    pub value: String,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The same in every copy, and of nothing else: letters, digits, `-`, `_`, `.`.
    pub event: String,
    /// How much it matters.
    pub severity: Severity,
    /// One line.
    pub title: String,
    /// What happened and what to do, in plain text.
    pub text: String,
    /// What else is worth knowing.
    pub facts: Vec<Fact>,
    /// Where there is more.
    pub link: Option<Url>,
    /// When it happened.
    pub at: DateTime<Utc>,
}

impl Message {
    /// The same with one fact more.
    #[must_use]
    pub fn fact(mut self, name: &str, value: impl Into<String>) -> Self {
        self.facts.push(Fact { name: name.to_owned(), value: value.into() });
        self
    }

    /// The message as plain text, without its title.
    #[must_use]
    pub fn plain_text(&self) -> String {
        let mut text = self.text.trim_end().to_owned();
        if !self.facts.is_empty() {
            text.push_str("\n\n");
            let lines: Vec<_> = self.facts.iter().map(|fact| format!("{}: {}", fact.name, fact.value)).collect();
            text.push_str(&lines.join("\n"));
        }
        if let Some(link) = &self.link {
            text.push_str("\n\n");
            text.push_str(link.as_str());
        }
        text
    }
}

/// At most `most` characters of a text; says so when some are missing.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(2)).collect();
    format!("{} …", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_has_facts_and_link() {
        let message = Message {
            event: "deployment-12-live".into(),
            severity: Severity::Good,
            title: "Live".into(),
            text: "It is live.\n".into(),
            facts: Vec::new(),
            link: Some("https://e2i.example.org/deployments/12".parse().unwrap()),
            at: DateTime::UNIX_EPOCH,
        };
        let text = message.fact("Took", "95 s").plain_text();
        assert_eq!(text, "It is live.\n\nTook: 95 s\n\nhttps://e2i.example.org/deployments/12");
    }

    #[test]
    fn a_long_text_says_that_it_was_cut() {
        assert_eq!(shortened("four", 4), "four");
        assert_eq!(shortened("ééééé", 4), "éé …");
    }
}
