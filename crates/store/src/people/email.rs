//! E-mail addresses as names of people.

use std::fmt;
use std::str::FromStr;

/// An address in lower case: the one spelling under which a person is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Email(String);

/// Longest address (RFC 3696, erratum 1690, rounded up to what the table holds).
const MAX_LENGTH: usize = 320;

/// A text that is no e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no e-mail address; write it like ada@example.org")]
pub struct InvalidEmail(pub String);

impl Email {
    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.0.split_once('@').map_or(&self.0, |(local, _)| local)
    }
}

impl FromStr for Email {
    type Err = InvalidEmail;

    /// Checks the shape alone: whether somebody reads mail there is not known until they accept an invite.
    fn from_str(text: &str) -> Result<Self, InvalidEmail> {
        let invalid = || InvalidEmail(text.chars().take(MAX_LENGTH).collect());
        let address = text.trim().to_lowercase();
        let (local, domain) = address.rsplit_once('@').ok_or_else(invalid)?;
        let odd = |letter: char| letter.is_whitespace() || letter.is_control() || "@<>()[]\\,;:\"".contains(letter);
        let bad = local.is_empty() || domain.is_empty() || local.contains(odd) || domain.contains(odd);
        if bad || domain.starts_with('.') || domain.ends_with('.') || address.len() > MAX_LENGTH {
            return Err(invalid());
        }
        Ok(Self(address))
    }
}

impl fmt::Display for Email {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_one_spelling() {
        assert_eq!(" Ada@Example.ORG ".parse::<Email>().unwrap().as_str(), "ada@example.org");
        assert_eq!("ada+x@e2i.local".parse::<Email>().unwrap().local_part(), "ada+x");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.org", "a".repeat(320));
        for text in ["", "ada", "@example.org", "ada@", "a b@example.org", "a@b@c", "a@.org", "a\n@b.org", &long] {
            assert!(text.parse::<Email>().is_err(), "{text:?}");
        }
    }
}
