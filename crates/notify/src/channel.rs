//! A way to somebody.

use std::time::Duration;

use async_trait::async_trait;

use crate::outbox::Line;

/// Why a message has not arrived. It is tried again in any case: a revoked address may be put right, and nothing is lost.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Failure {
    /// What came back and what to do, for people; never a secret.
    pub words: String,
    /// When the other side wants to be asked again.
    pub retry_after: Option<Duration>,
}

impl Failure {
    /// In these words.
    pub fn new(words: impl Into<String>) -> Self {
        Self { words: words.into(), retry_after: None }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.words)
    }
}

/// A way to somebody. What it does may be done twice: the event id tells.
#[async_trait]
pub trait Channel: Send + Sync {
    /// Its name in the outbox, in metrics and in logs: `slack`, `mail`. Keep it from release to release.
    fn name(&self) -> &'static str;

    /// Delivers one line of the outbox; `Ok` means that the other side has said yes.
    async fn deliver(&self, line: &Line) -> Result<(), Failure>;
}
