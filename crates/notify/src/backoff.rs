//! When to try again.

use std::time::Duration;

/// Doubling pauses with a most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// After the first try in vain.
    pub first: Duration,
    /// The longest.
    pub most: Duration,
}

impl Default for Backoff {
    /// 2 s, 4 s, 8 s, ... 10 minutes.
    fn default() -> Self {
        Self { first: Duration::from_secs(2), most: Duration::from_mins(10) }
    }
}

/// However long the other side asks to be left alone, it is asked again within this.
const LONGEST_WISH: Duration = Duration::from_hours(1);

impl Backoff {
    /// The pause after so many tries in vain (1: after the first), but no shorter than the other side wishes.
    #[must_use]
    pub fn after(&self, attempts: u32, wish: Option<Duration>) -> Duration {
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(attempts.saturating_sub(1)));
        doubled.min(self.most).max(wish.unwrap_or_default().min(LONGEST_WISH))
    }

    /// The longest pause there can be.
    #[must_use]
    pub fn longest(&self) -> Duration {
        self.most.max(LONGEST_WISH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_up_to_its_most() {
        let pauses: Vec<_> = [1, 2, 3, 9, 10, 11, 500].map(|n| Backoff::default().after(n, None).as_secs()).into();
        assert_eq!(pauses, [2, 4, 8, 512, 600, 600, 600]);
    }

    #[test]
    fn a_wish_of_the_other_side_is_heard_within_reason() {
        let after = |seconds| Backoff::default().after(1, Some(Duration::from_secs(seconds)));
        assert_eq!(after(1), Duration::from_secs(2));
        assert_eq!(after(90), Duration::from_secs(90));
        assert_eq!(after(u64::MAX), LONGEST_WISH);
    }
}
