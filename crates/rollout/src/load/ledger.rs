//! What was asked and what came of it, request by request.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use uuid::Uuid;

/// What kind of request it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `GET` of the gateway.
    Read,
    /// `POST` of an analysis.
    Submit,
    /// `POST` that is to be refused.
    Refused,
    /// The web app's page.
    Page,
    /// A hashed file that a page named.
    Asset,
    /// An open stream of events that ended without a notice, or was silent.
    Stream,
    /// A piece of a resumable upload.
    Upload,
}

impl Kind {
    /// Which service answers.
    #[must_use]
    pub fn service(self) -> &'static str {
        match self {
            Self::Page | Self::Asset => "frontend",
            _ => "gateway",
        }
    }
}

/// One request.
#[derive(Clone, Debug)]
pub struct Record {
    /// When it was begun.
    pub begun: Instant,
    /// How long it took.
    pub took: Duration,
    /// What it was.
    pub kind: Kind,
    /// On a connection of its own.
    pub fresh: bool,
    /// Which revision answered, where one did.
    pub revision: Option<Arc<str>>,
    /// What was wrong.
    pub failure: Option<String>,
}

#[derive(Debug, Default)]
struct Book {
    records: Vec<Record>,
    /// Key and id of each analysis that was accepted.
    accepted: Vec<(String, Uuid)>,
    /// Keys of submits that were not answered.
    unknown: Vec<String>,
    reconnects: u64,
    revisions: BTreeMap<String, Arc<str>>,
}

/// All of them; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Ledger(Arc<Mutex<Book>>);

impl Ledger {
    fn with<T>(&self, act: impl FnOnce(&mut Book) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes a request.
    pub fn note(&self, record: Record) {
        self.with(|book| book.records.push(record));
    }

    /// One allocation for each revision, whatever the number of answers.
    #[must_use]
    pub fn revision(&self, text: &str) -> Arc<str> {
        self.with(|book| Arc::clone(book.revisions.entry(text.to_owned()).or_insert_with(|| Arc::from(text))))
    }

    /// Notes an accepted analysis.
    pub fn accepted(&self, key: String, id: Uuid) {
        self.with(|book| book.accepted.push((key, id)));
    }

    /// Notes a submit of which nobody knows whether it was taken.
    pub fn unknown(&self, key: String) {
        self.with(|book| book.unknown.push(key));
    }

    /// Notes a stream that was told to come back, and did.
    pub fn reconnected(&self) {
        self.with(|book| book.reconnects += 1);
    }

    /// Analyses that were accepted so far.
    #[must_use]
    pub fn all_accepted(&self) -> Vec<(String, Uuid)> {
        self.with(|book| book.accepted.clone())
    }

    /// Forgets what ended before: a case judges its own requests.
    pub fn begin_anew(&self) {
        self.with(|book| {
            book.records.clear();
            book.accepted.clear();
            book.unknown.clear();
            book.reconnects = 0;
        });
    }

    /// What has been since [`Self::begin_anew`].
    #[must_use]
    pub fn account(&self) -> Account {
        self.with(|book| Account { records: book.records.clone(), reconnects: book.reconnects })
    }
}

/// The requests of a case.
#[derive(Clone, Debug)]
pub struct Account {
    /// Each request.
    pub records: Vec<Record>,
    /// Streams that were told to come back, and did.
    pub reconnects: u64,
}

impl Account {
    /// Those that failed.
    pub fn failures(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(|record| record.failure.is_some())
    }

    /// A few failures, in words.
    #[must_use]
    pub fn told(&self, most: usize) -> String {
        let mut kinds: BTreeMap<(Kind, bool, &str), usize> = BTreeMap::new();
        for record in self.failures() {
            let why = record.failure.as_deref().unwrap_or_default();
            *kinds.entry((record.kind, record.fresh, why)).or_default() += 1;
        }
        let mut kinds: Vec<_> = kinds.into_iter().collect();
        kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let tell = |((kind, fresh, why), count): ((Kind, bool, &str), usize)| {
            format!("{count} x {kind:?}{}: {why}", if fresh { " (fresh)" } else { "" })
        };
        kinds.into_iter().take(most).map(tell).collect::<Vec<_>>().join("\n")
    }

    /// From the first failure's beginning to the last one's end.
    #[must_use]
    pub fn outage(&self) -> Option<(Instant, Duration)> {
        let first = self.failures().map(|record| record.begun).min()?;
        let last = self.failures().map(|record| record.begun + record.took).max()?;
        Some((first, last - first))
    }

    /// When the last request was begun that this revision answered.
    #[must_use]
    pub fn last_begun_with(&self, revision: &str) -> Option<Instant> {
        let answered = self.records.iter().filter(|record| record.revision.as_deref() == Some(revision));
        answered.map(|record| record.begun).max()
    }

    /// When the first answer came from this revision.
    #[must_use]
    pub fn first_answer_of(&self, revision: &str) -> Option<Instant> {
        let answered = self.records.iter().filter(|record| record.revision.as_deref() == Some(revision));
        answered.map(|record| record.begun + record.took).min()
    }

    /// The revisions that answered requests begun after `since`, of a service.
    #[must_use]
    pub fn revisions_since(&self, since: Instant, service: &str) -> Vec<&str> {
        let mut all: Vec<&str> = self
            .records
            .iter()
            .filter(|record| record.begun >= since && record.kind.service() == service)
            .filter_map(|record| record.revision.as_deref())
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// A percentile (0 to 100) of how long answers took, in ms.
    #[must_use]
    pub fn percentile_ms(&self, percent: usize) -> f64 {
        let mut all: Vec<Duration> =
            self.records.iter().filter(|one| one.failure.is_none()).map(|one| one.took).collect();
        all.sort_unstable();
        let at = (all.len() * percent / 100).min(all.len().saturating_sub(1));
        all.get(at).map_or(0.0, |took| took.as_secs_f64() * 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_outage_and_revisions_are_told() {
        let ledger = Ledger::default();
        let begin = Instant::now();
        let record = |after_ms: u64, revision: &str, failure: Option<&str>| Record {
            begun: begin + Duration::from_millis(after_ms),
            took: Duration::from_millis(10),
            kind: Kind::Read,
            fresh: false,
            revision: Some(ledger.revision(revision)),
            failure: failure.map(str::to_owned),
        };
        for one in
            [record(0, "a", None), record(100, "b", Some("502")), record(300, "b", Some("502")), record(400, "a", None)]
        {
            ledger.note(one);
        }
        let account = ledger.account();
        assert_eq!(account.failures().count(), 2);
        assert_eq!(account.told(3), "2 x Read: 502");
        assert_eq!(account.outage().unwrap().1, Duration::from_millis(210));
        assert_eq!(account.last_begun_with("b").unwrap(), begin + Duration::from_millis(300));
        assert_eq!(account.revisions_since(begin + Duration::from_millis(200), "gateway"), ["a", "b"]);
        ledger.begin_anew();
        assert!(ledger.account().records.is_empty());
    }
}
