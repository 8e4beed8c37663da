//! Randomness as an argument: secrets and ids from the operating system in production, from a seed in tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Where secrets and ids come from.
pub trait Entropy: Send + Sync + std::fmt::Debug {
    /// Fills `bytes` with unpredictable bytes.
    fn fill(&self, bytes: &mut [u8]);

    /// A random id (UUID version 4).
    fn uuid(&self) -> Uuid {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// An id that sorts by time (UUID version 7).
    fn uuid_at(&self, now: DateTime<Utc>) -> Uuid {
        let mut bytes = [0; 10];
        self.fill(&mut bytes);
        let milliseconds = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(milliseconds, &bytes).into_uuid()
    }

    /// A secret of `length_bytes` bytes, in URL-safe base64 without padding.
    fn token(&self, length_bytes: usize) -> String {
        let mut bytes = vec![0; length_bytes];
        self.fill(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

/// A source of randomness shared by the parts of a service.
pub type SharedEntropy = Arc<dyn Entropy>;

/// The operating system's randomness, by way of AWS-LC.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::expect_used, reason = "without randomness no secret is safe: the process must stop")]
    fn fill(&self, bytes: &mut [u8]) {
        aws_lc_rs::rand::fill(bytes).expect("the operating system gives no randomness");
    }
}

/// Bytes from a seed, for tests: the same seed gives the same bytes in the same order. Never use it for secrets.
#[derive(Debug)]
pub struct SeededEntropy {
    seed: u64,
    drawn: AtomicU64,
}

impl SeededEntropy {
    /// A source that depends on `seed` alone.
    #[must_use]
    pub fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self { seed, drawn: AtomicU64::new(0) })
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(digest::SHA256_OUTPUT_LEN) {
            let count = self.drawn.fetch_add(1, Ordering::Relaxed);
            let block = [self.seed.to_be_bytes(), count.to_be_bytes()].concat();
            let digest = digest::digest(&digest::SHA256, &block);
            chunk.copy_from_slice(&digest.as_ref()[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        let (first, second) = (SeededEntropy::new(7), SeededEntropy::new(7));
        assert_eq!(first.uuid(), second.uuid());
        assert_ne!(first.token(40), first.token(40), "each draw is new");
        assert_eq!(first.token(32).len(), 43);
    }

    #[test]
    fn ids_by_time_sort_by_time() {
        let entropy = SystemEntropy;
        let early = entropy.uuid_at(DateTime::from_timestamp(1_000, 0).unwrap());
        let late = entropy.uuid_at(DateTime::from_timestamp(1_001, 0).unwrap());
        assert!(early < late);
        assert_eq!((early.get_version_num(), entropy.uuid().get_version_num()), (7, 4));
    }
}
