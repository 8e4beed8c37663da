//! Passwords as argon2id hashes (RFC 9106) in PHC form, with OWASP's parameters: 19 MiB, 2 passes, 1 lane.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

/// A password that cannot be hashed.
#[derive(Debug, thiserror::Error)]
#[error("the password cannot be hashed: {0}")]
pub struct HashError(argon2::password_hash::Error);

/// Hashes `password` with `salt`, which must be random. Takes tens of milliseconds of one core.
///
/// # Errors
/// When the password is longer than 4 GiB.
pub fn hash(password: &str, salt: &[u8; 16]) -> Result<String, HashError> {
    let hash: PasswordHash = Argon2::default().hash_password_with_salt(password.as_bytes(), salt).map_err(HashError)?;
    Ok(hash.to_string())
}

/// Whether `password` is the one that `hash` was made of, with the parameters the hash itself names. False for a hash
/// that cannot be read. Takes as long as [`hash`].
#[must_use]
pub fn verify(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_argon2id_and_verifies_its_password_alone() {
        let hash = hash("correct horse", &[7; 16]).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("correct horse", &hash));
        assert!(!verify("correct horsf", &hash));
        assert!(!verify("correct horse", "no hash"));
    }
}
