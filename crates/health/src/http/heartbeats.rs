//! The tokens by which parts say that they live.

use std::collections::BTreeMap;
use std::hint::black_box;

use chassis::config::Secret;
use sha2::{Digest as _, Sha256};

use crate::part::PartId;

/// Each part that says by itself that it lives, and the hash of its token.
#[derive(Debug, Clone, Default)]
pub struct Heartbeats(BTreeMap<PartId, [u8; 32]>);

impl Heartbeats {
    /// Of these parts, each with its token.
    pub fn new(tokens: impl IntoIterator<Item = (PartId, Secret<String>)>) -> Self {
        Self(tokens.into_iter().map(|(part, token)| (part, hash(token.expose()))).collect())
    }

    /// Whether this is the part's token. How long the answer takes tells neither how much of it is right nor whether
    /// there is such a part.
    #[must_use]
    pub fn is_token_of(&self, part: &PartId, given: &str) -> bool {
        let given = hash(given);
        // No token has this hash, as far as anybody knows.
        let expected = self.0.get(part).copied().unwrap_or_default();
        let different =
            expected.iter().zip(given).fold(0, |different, (one, other)| black_box(different | (one ^ other)));
        different == 0
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_that_of_its_part_alone() {
        let part = |text| PartId::parse(text).unwrap();
        let token = |text: &str| Secret::new(text.to_owned());
        let beats = Heartbeats::new([(part("nightly"), token("a-long-token")), (part("weekly"), token("another"))]);
        assert!(beats.is_token_of(&part("nightly"), "a-long-token"));
        for (id, given) in [("nightly", "a-long-tokem"), ("nightly", ""), ("weekly", "a-long-token"), ("gateway", "")] {
            assert!(!beats.is_token_of(&part(id), given), "{id} {given}");
        }
    }
}
