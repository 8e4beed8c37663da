//! Passwords: the rules, and hashing that cannot take the service down.
//!
//! One hash takes 19 MiB and tens of milliseconds of a core, on purpose. So only a few are made at a time, on blocking
//! threads; a crowd waits for a bounded time and is then told to come back. An address that nobody has costs the same
//! as a wrong password, so that the time of an answer does not tell who has an account.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chassis::entropy::{Entropy, SharedEntropy};
use chassis::http::Problem;
use http::StatusCode;
use store::people::password;
use tokio::sync::Semaphore;

use crate::error::{ApiError, Result, auth_error};

/// Fewest characters of a password.
pub const MIN_LENGTH: usize = 10;
/// Most characters: hashing time grows with the length.
pub const MAX_LENGTH: usize = 200;
/// How long a request waits for its turn to hash.
const TURN_TIMEOUT: Duration = Duration::from_secs(5);
/// Seconds after which somebody who did not get a turn may try again.
const BUSY_RETRY_SECONDS: u64 = 5;

/// Long enough, and the first that are tried.
const KNOWN: [&str; 16] = [
    "1234567890",
    "0123456789",
    "12345678910",
    "123456789a",
    "qwertyuiop",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "password12",
    "password123",
    "password1234",
    "passw0rd123",
    "iloveyou123",
    "administrator",
    "letmein123",
    "welcome123",
    "changeme123",
];

/// Hashes and verifies, a few at a time.
#[derive(Debug)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    entropy: SharedEntropy,
    /// A hash that no password has, for addresses that nobody has.
    nobody: String,
}

impl Passwords {
    /// At most `at_once` hashes at a time.
    ///
    /// # Errors
    /// When hashing does not work at all.
    pub async fn new(at_once: usize, entropy: SharedEntropy) -> anyhow::Result<Self> {
        let (salt, secret) = (salt(&*entropy), entropy.token(32));
        let nobody = tokio::task::spawn_blocking(move || password::hash(&secret, &salt)).await??;
        Ok(Self { turns: Arc::new(Semaphore::new(at_once)), entropy, nobody })
    }

    /// Hashes a new password that has passed [`check`].
    ///
    /// # Errors
    /// A 503 problem when too many others are waiting.
    pub async fn hash(&self, password: String) -> Result<String> {
        let salt = salt(&*self.entropy);
        let hash = self.in_turn(move || password::hash(&password, &salt)).await?;
        Ok(hash.context("hash a password")?)
    }

    /// Whether `password` is the one `hash` was made of; without a hash it takes as long and is false.
    ///
    /// # Errors
    /// A 503 problem when too many others are waiting.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        let somebody = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        // Nothing longer was ever hashed, and hashing it would only cost time.
        if password.chars().count() > MAX_LENGTH {
            return Ok(false);
        }
        let matches = self.in_turn(move || password::verify(&password, &hash)).await?;
        Ok(matches && somebody)
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let turn = tokio::time::timeout(TURN_TIMEOUT, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(turn) = turn else {
            let detail = "too many people are signing in at once; try again";
            return Err(ApiError::from(Problem::unavailable(detail, BUSY_RETRY_SECONDS)));
        };
        // The turn goes along: when the client leaves, the thread still works until its end.
        let turn = turn.context("the semaphore is never closed")?;
        let work = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(turn);
            result
        });
        Ok(work.await.context("hash on a blocking thread")?)
    }
}

/// Whether `password` may be the new one of the person at `email`.
///
/// # Errors
/// `weak_password`, with what is missing.
pub fn check(password: &str, email: &str) -> Result<()> {
    let length = password.chars().count();
    let lower = password.to_lowercase();
    let mut letters: Vec<char> = lower.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    let local_part = email.split('@').next().unwrap_or_default();
    let problem = if length < MIN_LENGTH {
        format!("the password has {length} characters; use at least {MIN_LENGTH}")
    } else if length > MAX_LENGTH {
        format!("the password has {length} characters; use at most {MAX_LENGTH}")
    } else if letters.len() < 4 {
        "the password repeats the same few characters; use more different ones".to_owned()
    } else if KNOWN.contains(&lower.as_str()) || lower == email || lower == local_part {
        "the password is one that is tried first; use another".to_owned()
    } else {
        return Ok(());
    };
    Err(auth_error(StatusCode::UNPROCESSABLE_ENTITY, "weak_password", "Weak password", &problem))
}

fn salt(entropy: &dyn Entropy) -> [u8; 16] {
    let mut salt = [0; 16];
    entropy.fill(&mut salt);
    salt
}

#[cfg(test)]
mod tests {
    use chassis::entropy::SeededEntropy;

    use super::*;

    #[test]
    fn weak_passwords_are_refused_with_the_reason() {
        let refused =
            |password: &str| check(password, "ada.lovelace@example.org").unwrap_err().problem().message().to_owned();
        assert!(refused("short").contains("5 characters"));
        assert!(refused(&"ab".repeat(8)).contains("repeats"));
        assert!(refused("Password123").contains("tried first"));
        assert!(refused("ada.lovelace@example.org").contains("tried first"));
        assert!(refused(&"long enough ".repeat(20)).contains("at most"));
        assert!(check("correct horse battery", "ada@example.org").is_ok());
        assert!(check("пароль-длинный", "ada@example.org").is_ok());
    }

    #[tokio::test]
    async fn nobody_s_password_matches_nothing() {
        let passwords = Passwords::new(1, SeededEntropy::new(1)).await.unwrap();
        let hash = passwords.hash("correct horse".into()).await.unwrap();
        assert!(passwords.verify("correct horse".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("wrong horse".into(), Some(hash)).await.unwrap());
        assert!(!passwords.verify("correct horse".into(), None).await.unwrap());
    }
}
