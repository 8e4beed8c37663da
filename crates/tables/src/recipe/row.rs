//! One row on its way through the steps.

/// The fields of a row, as text. One row is used for all rows of a pass, so that none is allocated.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// Which row of the table it is, from 1, the header not counted.
    pub(super) number: u64,
    /// The line of the file it starts at, from 1.
    pub(super) line: u64,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Row {
    /// Makes it the next row, which starts at that line; without fields.
    pub(super) fn begin(&mut self, line: u64) {
        self.number += 1;
        self.line = line;
        self.clear();
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    /// Adds a field at the end.
    pub(super) fn push(&mut self, field: &[u8]) {
        self.bytes.extend_from_slice(field);
        self.ends.push(self.bytes.len());
    }

    /// The field at that index; nothing where there is none.
    pub(super) fn field(&self, index: usize) -> &[u8] {
        let Some(&end) = self.ends.get(index) else { return &[] };
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        &self.bytes[start..end]
    }

    /// The fields in order.
    pub(super) fn fields(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.ends.len()).map(|index| self.field(index))
    }

    /// Keeps these fields, in this order. `spare` is used to build them in.
    pub(super) fn select(&mut self, fields: &[usize], spare: &mut Self) {
        spare.clear();
        for &index in fields {
            spare.push(self.field(index));
        }
        std::mem::swap(&mut self.bytes, &mut spare.bytes);
        std::mem::swap(&mut self.ends, &mut spare.ends);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_pushed_read_and_selected() {
        let (mut row, mut spare) = (Row::default(), Row::default());
        for field in [&b"a"[..], b"", b"007"] {
            row.push(field);
        }
        assert_eq!(row.fields().collect::<Vec<_>>(), [&b"a"[..], b"", b"007"]);
        row.select(&[2, 0], &mut spare);
        assert_eq!(row.fields().collect::<Vec<_>>(), [&b"007"[..], b"a"]);
        assert_eq!(row.field(2), b"");
    }
}
