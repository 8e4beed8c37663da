//! What a client of Postgres sends, message by message, so that a statement can be changed on its way.
//!
//! [Protocol 3.0](https://www.postgresql.org/docs/current/protocol-message-formats.html): the first message has no type
//! byte, all others have; then comes the length (of itself and what follows). `Parse` (`P`) is a name and a statement,
//! both ended by a zero byte, and the types of parameters.

use std::sync::Arc;

use crate::guards::Removal;

/// "Do you speak TLS?": not the start yet.
const TLS_REQUEST: u32 = 80_877_103;

/// The client's side of one connection.
pub struct Rewriter {
    removal: Arc<Removal>,
    /// The beginning of a message whose end has not come.
    torn: Vec<u8>,
    started: bool,
}

impl Rewriter {
    /// For a connection that begins.
    #[must_use]
    pub const fn new(removal: Arc<Removal>) -> Self {
        Self { removal, torn: Vec::new(), started: false }
    }

    /// Takes bytes as they came, gives whole messages with the statements changed.
    pub fn pass(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.torn.extend_from_slice(bytes);
        let mut out = Vec::with_capacity(self.torn.len());
        let mut rest = self.torn.as_slice();
        while let Some(length) = message_length(rest, self.started) {
            let Some((message, after)) = rest.split_at_checked(length) else { break };
            rest = after;
            if !self.started {
                self.started = message.get(4..8) != Some(&TLS_REQUEST.to_be_bytes());
                out.extend_from_slice(message);
            } else if let Some(changed) = changed_parse(message, &self.removal) {
                out.extend_from_slice(&changed);
            } else {
                out.extend_from_slice(message);
            }
        }
        self.torn = rest.to_vec();
        out
    }
}

/// The length of the message at the front, its type byte included; `None` while that has not come.
fn message_length(bytes: &[u8], started: bool) -> Option<usize> {
    let kind = usize::from(started);
    let length: [u8; 4] = bytes.get(kind..kind + 4)?.try_into().ok()?;
    Some(kind + usize::try_from(u32::from_be_bytes(length)).ok()?.max(4))
}

/// The message with another statement, when it is a `Parse` that the removal changes.
fn changed_parse(message: &[u8], removal: &Removal) -> Option<Vec<u8>> {
    let body = message.strip_prefix(b"P")?.get(4..)?;
    let name = body.iter().position(|byte| *byte == 0)?;
    let (name, rest) = body.split_at(name + 1);
    let statement = rest.iter().position(|byte| *byte == 0)?;
    let (statement, types) = rest.split_at(statement);
    let changed = removal.change(std::str::from_utf8(statement).ok()?)?;
    let length = u32::try_from(4 + name.len() + changed.len() + types.len()).ok()?;
    Some([b"P", length.to_be_bytes().as_slice(), name, changed.as_bytes(), types].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guards::Guard;

    fn message(kind: &[u8], body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).unwrap();
        [kind, &length.to_be_bytes(), body].concat()
    }

    fn parse(statement: &str) -> Vec<u8> {
        message(b"P", &[b"s1\0", statement.as_bytes(), b"\0\0\x01\0\0\0\x19"].concat())
    }

    #[test]
    fn a_statement_is_changed_and_all_else_passes_however_it_is_torn() {
        let claim = include_str!("../../../store/src/attempts/claim.sql");
        let start = message(b"", b"\0\x03\0\0user\0e2i\0\0");
        let tls = message(b"", &TLS_REQUEST.to_be_bytes());
        let sync = message(b"S", b"");
        let sent = [tls.clone(), start.clone(), parse("SELECT 1"), parse(claim), sync.clone()].concat();
        for piece in [1, 3, 7, 1000, sent.len()] {
            let removal = Arc::new(Removal::of(Guard::Claim));
            let mut rewriter = Rewriter::new(Arc::clone(&removal));
            let passed: Vec<u8> = sent.chunks(piece).flat_map(|chunk| rewriter.pass(chunk)).collect();
            let changed = removal.change(claim).unwrap();
            assert_ne!(changed, claim);
            let expected = [tls.clone(), start.clone(), parse("SELECT 1"), parse(&changed), sync.clone()].concat();
            assert_eq!(passed, expected, "in pieces of {piece}");
            assert!(rewriter.torn.is_empty());
        }
    }
}
