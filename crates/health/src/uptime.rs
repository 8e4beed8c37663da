//! Shares of time without a failure.

/// How long a part was observed, and how long of it it was down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Observed {
    /// Observed, in milliseconds.
    pub observed_ms: i64,
    /// Down, in milliseconds.
    pub down_ms: i64,
}

/// The share of the observed time without a failure, from 0 to 1; nothing where nothing was observed. What was not observed,
/// since nobody watched, counts neither way.
#[must_use]
pub fn share(observed: Observed) -> Option<f64> {
    let Observed { observed_ms, down_ms } = observed;
    (observed_ms > 0).then(|| (1.0 - down_ms as f64 / observed_ms as f64).clamp(0.0, 1.0))
}

/// Milliseconds in seconds.
#[must_use]
pub fn seconds(milliseconds: i64) -> f64 {
    milliseconds as f64 / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_observed_has_no_share() {
        assert_eq!(share(Observed::default()), None);
        assert_eq!(share(Observed { observed_ms: 1_000, down_ms: 250 }), Some(0.75));
        assert_eq!(share(Observed { observed_ms: 1_000, down_ms: 2_000 }), Some(0.0), "never less than nothing");
    }
}
