//! Which messages were due, and which came.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::ensure;

use super::ear::{Heard, News};

/// What came of one case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The parts that were told to be wrong, once for each message.
    pub raised: Vec<String>,
    /// The parts that were told to be well again.
    pub resolved: Vec<String>,
    /// Whatever else was told.
    pub other: Vec<String>,
    /// Incidents that were resolved and not raised here.
    strays: BTreeSet<i64>,
}

impl Account {
    /// Of messages; `incidents` says which part each incident is of.
    #[must_use]
    pub fn of(messages: &[Heard], incidents: &BTreeMap<i64, String>) -> Self {
        let part = |number: &i64| incidents.get(number).cloned().unwrap_or_else(|| format!("incident {number}"));
        let (mut account, mut open) = (Self::default(), BTreeSet::new());
        for message in messages {
            match &message.news {
                News::Raised(number) => {
                    open.insert(*number);
                    account.raised.push(part(number));
                }
                News::Resolved(number) => {
                    if !open.remove(number) {
                        account.strays.insert(*number);
                    }
                    account.resolved.push(part(number));
                }
                News::Other(event) => account.other.push(format!("{event} ({})", message.title)),
            }
        }
        account
    }

    /// One message that each of these parts is wrong, afterwards one that it is well again, and nothing else.
    ///
    /// # Errors
    /// With what came instead.
    pub fn is_exactly(&self, parts: &[&str]) -> anyhow::Result<()> {
        let sorted = |parts: &[String]| {
            let mut parts = parts.to_vec();
            parts.sort_unstable();
            parts
        };
        let mut due: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
        due.sort_unstable();
        ensure!(sorted(&self.raised) == due, "alerts came for {:?}; due was one for each of {due:?}", self.raised);
        ensure!(
            sorted(&self.resolved) == due,
            "resolves came for {:?}; due was one for each of {due:?}",
            self.resolved
        );
        ensure!(self.strays.is_empty(), "incidents {:?} were resolved without having been raised", self.strays);
        ensure!(self.other.is_empty(), "besides came {:?}", self.other);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn account(events: &[&str]) -> Account {
        let heard = |event: &&str| Heard {
            at: Instant::now(),
            news: News::of(event),
            title: String::new(),
            body: serde_json::Value::Null,
        };
        let incidents = BTreeMap::from([(1, "redis".to_owned()), (2, "postgres".to_owned())]);
        Account::of(&events.iter().map(heard).collect::<Vec<_>>(), &incidents)
    }

    #[test]
    fn one_alert_and_one_resolve_are_due() {
        account(&["incident-1-raised", "incident-1-resolved"]).is_exactly(&["redis"]).unwrap();
        let both = ["incident-2-raised", "incident-1-raised", "incident-1-resolved", "incident-2-resolved"];
        account(&both).is_exactly(&["redis", "postgres"]).unwrap();
    }

    #[test]
    fn anything_else_is_said() {
        let wrong: [(&[&str], &str); 6] = [
            (&[], "alerts came for []"),
            (&["incident-1-raised"], "resolves came for []"),
            (&["incident-2-raised", "incident-2-resolved"], "alerts came for [\"postgres\"]"),
            (
                &["incident-1-raised", "incident-1-raised", "incident-1-resolved"],
                "alerts came for [\"redis\", \"redis\"]",
            ),
            (&["incident-1-resolved", "incident-1-raised"], "without having been raised"),
            (&["incident-1-raised", "incident-1-flapping", "incident-1-resolved"], "incident-1-flapping"),
        ];
        for (events, words) in wrong {
            let error = account(events).is_exactly(&["redis"]).unwrap_err().to_string();
            assert!(error.contains(words), "{events:?}: {error}");
        }
    }
}
