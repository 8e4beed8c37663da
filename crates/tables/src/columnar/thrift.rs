//! Thrift's compact protocol, as far as it takes to look at a Parquet file before the library does.
//!
//! Source: <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>. What is read allocates
//! nothing, whatever sizes it declares, and goes no deeper than [`MOST_DEEP`].

/// Structures within structures. Parquet's own go to five.
const MOST_DEEP: usize = 16;

/// Why bytes are not Thrift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Flaw {
    /// It goes on where there are no more bytes.
    #[error("its structure ends early")]
    CutOff,
    /// A number, type or length that cannot be.
    #[error("its structure cannot be read")]
    Senseless,
}

/// The type of a field, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind(u8);

impl Kind {
    const STOP: Self = Self(0);
    const TRUE: u8 = 1;
    const FALSE: u8 = 2;
    const BYTE: u8 = 3;
    const DOUBLE: u8 = 7;
    pub(super) const BINARY: Self = Self(8);
    const LIST: u8 = 9;
    const SET: u8 = 10;
    const MAP: u8 = 11;
    pub(super) const STRUCTURE: Self = Self(12);
    const UUID: u8 = 13;

    /// A truth is its own type.
    pub(super) const fn is_true(self) -> bool {
        self.0 == Self::TRUE
    }

    const fn is_integer(self) -> bool {
        matches!(self.0, 4..=6)
    }
}

/// Bytes being read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bytes<'a> {
    rest: &'a [u8],
    depth: usize,
}

impl<'a> Bytes<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, depth: 0 }
    }

    /// How many bytes have not been read.
    pub(super) const fn left(&self) -> usize {
        self.rest.len()
    }

    /// Reads a structure: `field` is given each field's id and type and must read its value, or say false: then it is
    /// skipped.
    pub(super) fn structure(
        &mut self,
        mut field: impl FnMut(&mut Self, i16, Kind) -> Result<bool, Flaw>,
    ) -> Result<(), Flaw> {
        self.depth += 1;
        if self.depth > MOST_DEEP {
            return Err(Flaw::Senseless);
        }
        let mut id = 0_i16;
        loop {
            let head = self.byte()?;
            let kind = Kind(head & 0x0F);
            if kind == Kind::STOP {
                self.depth -= 1;
                return Ok(());
            }
            id = match i16::from(head >> 4) {
                0 => i16::try_from(self.integer()?).map_err(|_| Flaw::Senseless)?,
                ahead => id.checked_add(ahead).ok_or(Flaw::Senseless)?,
            };
            if !field(self, id, kind)? {
                self.skip(kind, false)?;
            }
        }
    }

    /// A field's whole number.
    pub(super) fn integer_of(&mut self, kind: Kind) -> Result<i64, Flaw> {
        if kind.is_integer() { self.integer() } else { Err(Flaw::Senseless) }
    }

    /// A field's bytes.
    pub(super) fn binary_of(&mut self, kind: Kind) -> Result<&'a [u8], Flaw> {
        if kind != Kind::BINARY {
            return Err(Flaw::Senseless);
        }
        let length = self.size()?;
        self.take(length)
    }

    /// The start of a field that is a list of structures: how many.
    pub(super) fn structures_of(&mut self, kind: Kind) -> Result<usize, Flaw> {
        if kind.0 != Kind::LIST {
            return Err(Flaw::Senseless);
        }
        let (element, count) = self.list()?;
        if count > 0 && element != Kind::STRUCTURE { Err(Flaw::Senseless) } else { Ok(count) }
    }

    /// A zig-zag number of at most 64 bits.
    fn integer(&mut self) -> Result<i64, Flaw> {
        let raw = self.unsigned()?;
        Ok((raw >> 1).cast_signed() ^ -((raw & 1).cast_signed()))
    }

    /// A number of seven bits a byte, the lowest first.
    pub(super) fn unsigned(&mut self) -> Result<u64, Flaw> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Flaw::Senseless)
    }

    /// A length, of which as many bytes at least must be left.
    fn size(&mut self) -> Result<usize, Flaw> {
        let size = usize::try_from(self.unsigned()?).map_err(|_| Flaw::Senseless)?;
        if size > self.rest.len() { Err(Flaw::CutOff) } else { Ok(size) }
    }

    /// The type and number of a list's elements; each takes a byte at least.
    fn list(&mut self) -> Result<(Kind, usize), Flaw> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => self.size()?,
            few => usize::from(few),
        };
        Ok((Kind(head & 0x0F), count))
    }

    fn skip(&mut self, kind: Kind, in_list: bool) -> Result<(), Flaw> {
        match kind.0 {
            // As a field a truth is all in its type.
            Kind::TRUE | Kind::FALSE if !in_list => {}
            Kind::TRUE | Kind::FALSE | Kind::BYTE => {
                self.take(1)?;
            }
            4..=6 => {
                self.unsigned()?;
            }
            Kind::DOUBLE => {
                self.take(8)?;
            }
            Kind::UUID => {
                self.take(16)?;
            }
            8 => {
                let length = self.size()?;
                self.take(length)?;
            }
            Kind::LIST | Kind::SET => {
                let (element, count) = self.list()?;
                self.skip_all(&[element], count)?;
            }
            Kind::MAP => {
                let count = self.size()?;
                if count > 0 {
                    let kinds = self.byte()?;
                    self.skip_all(&[Kind(kinds >> 4), Kind(kinds & 0x0F)], count)?;
                }
            }
            12 => self.structure(|_, _, _| Ok(false))?,
            _ => return Err(Flaw::Senseless),
        }
        Ok(())
    }

    fn skip_all(&mut self, kinds: &[Kind], count: usize) -> Result<(), Flaw> {
        self.depth += 1;
        if self.depth > MOST_DEEP {
            return Err(Flaw::Senseless);
        }
        for _ in 0..count {
            for &kind in kinds {
                self.skip(kind, true)?;
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// The next byte.
    pub(super) fn byte(&mut self) -> Result<u8, Flaw> {
        Ok(self.take(1)?[0])
    }

    /// The next bytes.
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], Flaw> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Flaw::CutOff)?;
        self.rest = rest;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fields_are_read_and_others_skipped() {
        // 1: i32 -3; 2: list of two bytes; 3: true; 5: "ab"; 6: { 1: double }; stop.
        let bytes = [0x15, 5, 0x19, 0x23, 7, 8, 0x11, 0x28, 2, b'a', b'b', 0x1C, 0x17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9];
        let mut reader = Bytes::new(&bytes);
        let mut seen = Vec::new();
        let read = reader.structure(|bytes, id, kind| {
            match id {
                1 => seen.push((id, bytes.integer_of(kind)?.to_string())),
                3 => seen.push((id, kind.is_true().to_string())),
                5 => seen.push((id, String::from_utf8_lossy(bytes.binary_of(kind)?).into_owned())),
                _ => return Ok(false),
            }
            Ok(true)
        });
        assert_eq!(read, Ok(()));
        let text = |id: i16, text: &str| (id, text.to_owned());
        assert_eq!(seen, [text(1, "-3"), text(3, "true"), text(5, "ab")]);
        assert_eq!(reader.left(), 1);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let skip = |bytes: &[u8]| Bytes::new(bytes).structure(|_, _, _| Ok(false));
        assert_eq!(skip(&[0x15]), Err(Flaw::CutOff));
        assert_eq!(skip(&[0x18, 100, 0]), Err(Flaw::CutOff));
        assert_eq!(skip(&[0x19, 0xF5, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0]), Err(Flaw::CutOff), "a list of 2^31");
        assert_eq!(skip(&[0x1E, 0]), Err(Flaw::Senseless));
        assert_eq!(skip(&[0x1C; 100]), Err(Flaw::Senseless), "a hundred deep");
        assert_eq!(skip(&[0x19; 100]), Err(Flaw::Senseless));
        assert_eq!(skip(&[&[0x16], [0xFF; 11].as_slice()].concat()), Err(Flaw::Senseless));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Bytes::new(&bytes).structure(|_, _, _| Ok(false));
        }
    }
}
