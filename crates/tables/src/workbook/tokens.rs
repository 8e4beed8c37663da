//! A look at the XML of a part as it streams by: nothing in it that would make a reader hold much at once.
//!
//! The reader (crate `calamine`) keeps a tag or the text between two tags, the value of a cell in one piece, and takes
//! memory for as many strings as the list of strings says it has. All are bounded here, by the same notion of a tag that
//! the XML library has. What workbooks do not have, comments and the like, is refused rather than understood.

/// From one tag's start to the next.
const MOST_TOKEN_BYTES: u64 = 1 << 20;
/// The value, text or formula of a cell.
const MOST_VALUE_BYTES: u64 = 4 << 20;
/// A number in the head of the list of strings: one digit more is a hundred million strings.
const MOST_DIGITS: usize = 7;
const NAME_BYTES: usize = 32;

/// What is wrong with a part.
pub(super) type Flaw = &'static str;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Text,
    Name,
    Tag { quote: Option<u8>, slash: bool },
}

/// Looks at one part.
#[derive(Debug)]
pub(super) struct Tokens {
    state: State,
    /// Bytes seen before the piece at hand.
    offset: u64,
    /// Where the last tag started.
    tag_start: u64,
    name: Vec<u8>,
    digits: usize,
    /// The name of the open value, and where it started.
    value: Option<(Vec<u8>, u64)>,
}

impl Tokens {
    pub(super) fn new() -> Self {
        Self {
            state: State::Text,
            offset: 0,
            tag_start: 0,
            name: Vec::with_capacity(NAME_BYTES),
            digits: 0,
            value: None,
        }
    }

    /// Looks at the next bytes of the part.
    pub(super) fn look(&mut self, piece: &[u8]) -> Result<(), Flaw> {
        let mut at = 0;
        while at < piece.len() {
            if self.state == State::Text {
                match piece[at..].iter().position(|&byte| byte == b'<') {
                    Some(ahead) => at += ahead,
                    None => break,
                }
                self.check_lengths(self.offset + at as u64)?;
                self.tag_start = self.offset + at as u64;
                self.name.clear();
                self.digits = 0;
                self.state = State::Name;
            } else {
                self.step(piece[at])?;
            }
            at += 1;
        }
        self.offset += piece.len() as u64;
        self.check_lengths(self.offset)
    }

    fn check_lengths(&self, now: u64) -> Result<(), Flaw> {
        if now - self.tag_start > MOST_TOKEN_BYTES {
            return Err("more text in one piece than a cell can have");
        }
        match &self.value {
            Some((_, start)) if now - start > MOST_VALUE_BYTES => Err("a cell with more text than a cell can have"),
            _ => Ok(()),
        }
    }

    fn step(&mut self, byte: u8) -> Result<(), Flaw> {
        match self.state {
            State::Name if !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'>') && self.name.len() < NAME_BYTES => {
                self.name.push(byte);
                match self.name[0] {
                    b'!' => return Err("comments or declarations, which workbooks do not have"),
                    b'?' if self.tag_start > 3 => return Err("instructions, which workbooks do not have"),
                    _ => {}
                }
            }
            State::Name => {
                let slash = self.name.last() == Some(&b'/') && self.name.len() > 1;
                self.state = State::Tag { quote: None, slash };
                return self.in_tag(byte, None, slash);
            }
            State::Tag { quote, slash } => return self.in_tag(byte, quote, slash),
            State::Text => {}
        }
        Ok(())
    }

    fn in_tag(&mut self, byte: u8, quote: Option<u8>, slash: bool) -> Result<(), Flaw> {
        self.digits = if byte.is_ascii_digit() { self.digits + 1 } else { 0 };
        if self.digits > MOST_DIGITS && local(&self.name) == b"sst" {
            return Err("more strings than a sheet can have");
        }
        let (quote, ends) = match (quote, byte) {
            (Some(open), _) => ((open != byte).then_some(open), false),
            (None, b'"' | b'\'') => (Some(byte), false),
            (None, b'>') => (None, true),
            (None, _) => (None, false),
        };
        if ends {
            self.state = State::Text;
            return self.tag(slash);
        }
        self.state = State::Tag { quote, slash: quote.is_none() && byte == b'/' };
        Ok(())
    }

    /// A tag has ended; `slash`: it has no content.
    fn tag(&mut self, slash: bool) -> Result<(), Flaw> {
        let name = if slash { self.name.strip_suffix(b"/").unwrap_or(&self.name) } else { &self.name };
        match &self.value {
            Some((open, _)) if name.strip_prefix(b"/") == Some(open) => self.value = None,
            Some(_) if matches!(local(name), b"c" | b"row" | b"sheetData") => return Err("a cell within a cell"),
            None if !slash && matches!(local(name), b"v" | b"is" | b"f") => {
                self.value = Some((name.to_vec(), self.tag_start));
            }
            _ => {}
        }
        Ok(())
    }
}

/// A name without its prefix.
fn local(name: &[u8]) -> &[u8] {
    match name.iter().position(|&byte| byte == b':') {
        Some(colon) => &name[colon + 1..],
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(xml: &[u8]) -> Result<(), Flaw> {
        let mut by_one = Tokens::new();
        let slowly = xml.iter().try_for_each(|byte| by_one.look(std::slice::from_ref(byte)));
        let at_once = Tokens::new().look(xml);
        assert_eq!(slowly, at_once);
        at_once
    }

    #[test]
    fn what_workbooks_have_is_let_by() {
        for xml in [
            "<?xml version=\"1.0\"?><sheetData><row r=\"1\"><c r=\"A1\"><v>5</v></c><c/><c r='B1' s=\"2\"/></row></sheetData>",
            "<sst count=\"1234567\" uniqueCount='7654321'><si><t>12345678901234567890</t></si></sst>",
            "<c><f t=\"shared\" si=\"0\"/><v>1</v></c><c><f>A1</f><v/></c><c><is><r><t>x</t></r></is></c><c a=\">\"/>",
            "<x:row><x:c><x:v>1</x:v></x:c></x:row>",
        ] {
            assert_eq!(verdict(xml.as_bytes()), Ok(()), "{xml}");
        }
    }

    #[test]
    fn what_would_be_held_in_memory_is_not() {
        let mib = "x".repeat(1 << 20);
        let half = "x".repeat(1 << 19);
        for xml in [
            format!("<v>{mib}</v>"),
            format!("<c r=\"{mib}\"/>"),
            format!("<c><is>{}</is></c>", format!("<t>{half}</t>").repeat(9)),
            format!("<c><v>{}</v></c>", format!("{half}<b/>").repeat(9)),
            // An end of another name, or within an attribute, is none.
            format!("<c><v>{}</v></c>", format!("{half}</x:v>").repeat(9)),
            format!("<c><v a=\"/>\">{}</v></c>", format!("{half}<b/>").repeat(9)),
            "<c><is><row/></is></c>".to_owned(),
            "<c><v><c/></v></c>".to_owned(),
            "<sst uniqueCount=\"99999999\">".to_owned(),
            "<x:sst\nuniqueCount = '10000000000'>".to_owned(),
            "<a/><!-- a comment -->".to_owned(),
            "<!DOCTYPE x [<!ENTITY a \"aaaa\">]>".to_owned(),
            "<a/><?a instruction?>".to_owned(),
        ] {
            assert!(verdict(xml.as_bytes()).is_err(), "{xml:.80}");
        }
    }
}
