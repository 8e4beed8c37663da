//! How each part is looked at: one file a part. A probe asks once and tells what it saw; when it is asked, how long it may
//! take and what is believed of it is not its own business (`watch`).
//!
//! A probe may be dropped at any `await`: the look took too long. What blocks a thread (a folder on a network file system)
//! goes through [`Blocking`], so that a look that hangs holds one thread, however often it is repeated.
//!
//! To add a kind of part: a file with one `impl Probe`, and its line in `discovery`.

mod blocking;
pub mod canary;
pub mod certificate;
pub mod claude;
pub mod clock;
pub mod deployer;
pub mod disk;
pub mod http;
pub mod memory;
pub mod missing;
pub mod nginx;
pub mod objects;
pub mod own;
pub mod page;
pub mod place;
pub mod postgres;
pub mod public;
pub mod redis;
pub mod release;
pub mod service;
pub mod worker;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::part::Part;
use crate::reading::Reading;

pub use blocking::Blocking;

/// Looks at one part.
#[async_trait]
pub trait Probe: fmt::Debug + Send + Sync {
    /// Looks once.
    async fn look(&self) -> Reading;
}

/// A part, and how it is looked at.
#[derive(Debug, Clone)]
pub struct Watched {
    /// The part.
    pub part: Part,
    /// What looks at it.
    pub probe: Arc<dyn Probe>,
    /// An answer that took longer is a warning; `None` where the time says nothing, and is not kept.
    pub slow_after: Option<Duration>,
}

/// The first of a text that may be long, on one line.
pub(crate) fn beginning(text: &str) -> String {
    const LONGEST: usize = 200;
    text.chars().take(LONGEST).collect::<String>().replace(['\n', '\r'], " ").trim().to_owned()
}

/// What an error comes down to.
pub(crate) fn innermost(error: &dyn std::error::Error) -> String {
    let mut source = error;
    while let Some(deeper) = source.source() {
        source = deeper;
    }
    source.to_string()
}

/// Seconds, minutes, hours or days, for people.
pub(crate) fn for_so_long(seconds: f64) -> String {
    let rounded = |unit: f64| (seconds / unit).round();
    match seconds {
        s if s < 120.0 => format!("{} s", rounded(1.0)),
        s if s < 7_200.0 => format!("{} min", rounded(60.0)),
        s if s < 172_800.0 => format!("{} h", rounded(3_600.0)),
        _ => format!("{} days", rounded(86_400.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_told_in_the_unit_that_fits() {
        let told: Vec<_> = [1.4, 119.0, 125.0, 7_300.0, 864_000.0].map(for_so_long).into();
        assert_eq!(told, ["1 s", "119 s", "2 min", "2 h", "10 days"]);
    }

    #[test]
    fn a_long_body_is_cut_to_one_line() {
        assert_eq!(beginning("a\nb"), "a b");
        assert_eq!(beginning(&"x".repeat(500)).len(), 200);
    }
}
