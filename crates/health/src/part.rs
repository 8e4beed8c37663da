//! What is watched, and what a check answers. No input and output here.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A part's short name, the same for ever: `postgres`, `certificate`, or what the operator's file calls it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct PartId(String);

impl PartId {
    /// The name, if it can be one: lower-case letters, digits and `-`, at most 40.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        let fits = |letter: u8| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'-');
        (matches!(name.len(), 1..=40) && name.bytes().all(fits)).then(|| Self(name.to_owned()))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PartId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// How a part is. The words are those of `application/health+json` (draft-inadarei-api-health-check-06).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HealthState)]
pub enum State {
    /// Well.
    Pass,
    /// Not asked yet since the start.
    Unknown,
    /// Works, but somebody should look.
    Warn,
    /// Does not work.
    Fail,
}

/// Where a part stands in the house; pages group by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HealthGroup)]
pub enum Group {
    /// What people and programs meet first: nginx, certificate, web app.
    Edge,
    /// Programs of ours.
    Service,
    /// Where data is.
    Store,
    /// What the machine has: disk, memory, clock.
    Host,
    /// Somebody else's: the Claude API.
    Outside,
    /// Whether the whole does what it is for: the canary analysis, the running images.
    Proof,
    /// From the operator's own file.
    Own,
}

/// How often a part is asked, and how often it has to answer alike until it is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Between two checks while nothing changes; each is moved by up to a tenth.
    pub interval: Duration,
    /// After this the check is given up, whatever it does; that is a failure.
    pub timeout: Duration,
    /// Bad answers in a row until it counts as bad. From the first on it is asked every second.
    pub down_after: u32,
    /// Good answers in a row until it counts as well again.
    pub up_after: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { interval: Duration::from_secs(10), timeout: Duration::from_secs(3), down_after: 3, up_after: 2 }
    }
}

/// One thing that is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub id: PartId,
    /// Its name for people: `Postgres`, `API gateway`.
    pub title: String,
    /// Where it stands.
    pub group: Group,
    /// Whether the whole fails with it; else the whole warns.
    pub critical: bool,
    /// What it cannot be well without. A bad parent explains a bad child: the child raises no alert of its own.
    pub parents: Vec<PartId>,
    /// How it is asked.
    pub pace: Pace,
    /// What the operator does when it is bad, one sentence.
    pub remedy: String,
    /// The releases' service that it is (`gateway`): a release of that service opens a maintenance window for it, and a
    /// failure soon after is told with that release as its likely cause.
    pub service: Option<String>,
    /// Who sees that it exists without an account: false for the operator's own parts, unless the file says otherwise.
    pub public: bool,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Never [`State::Unknown`].
    pub state: State,
    /// What is so, for admins: one line, no secret in it. For failures it says what was asked and what came back.
    pub words: String,
    /// What was measured: `queue_depth` 3, `used_share` 0.41; the unit is in the name.
    pub figures: BTreeMap<String, f64>,
}

impl Answer {
    /// An answer without figures.
    #[must_use]
    pub fn new(state: State, words: impl Into<String>) -> Self {
        Self { state, words: words.into(), figures: BTreeMap::new() }
    }

    /// All is well.
    #[must_use]
    pub fn pass(words: impl Into<String>) -> Self {
        Self::new(State::Pass, words)
    }

    /// It works, but somebody should look.
    #[must_use]
    pub fn warn(words: impl Into<String>) -> Self {
        Self::new(State::Warn, words)
    }

    /// It does not work.
    #[must_use]
    pub fn fail(words: impl Into<String>) -> Self {
        Self::new(State::Fail, words)
    }

    /// The same with a figure more.
    #[must_use]
    pub fn figure(mut self, name: &str, value: f64) -> Self {
        self.figures.insert(name.to_owned(), value);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_plain() {
        assert!(PartId::new("object-store").is_some());
        for wrong in ["", "Postgres", "a b", "ä", &"x".repeat(41)] {
            assert_eq!(PartId::new(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_worst_of_several_is_their_greatest() {
        assert_eq!([State::Warn, State::Pass, State::Fail, State::Unknown].into_iter().max(), Some(State::Fail));
        assert_eq!([State::Unknown, State::Pass].into_iter().max(), Some(State::Unknown));
    }
}
