//! Records: the fields of one row after the other.
//!
//! Rows without quotes that lie whole in the window are split where they lie. All others go through `csv-core`, which
//! takes them in pieces and unquotes them into a buffer; it also defines what the quotes mean.

use std::io::{self, Read};

use csv_core::ReadRecordResult;

use super::delimiter;
use super::source::Source;
use super::window::{Place, Window};
use super::{Binary, FileProblem, Limits};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Why there is no next record.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The file is at fault.
    #[error(transparent)]
    Problem(#[from] FileProblem),
    /// What the bytes come from failed.
    #[error("cannot read the file: {0}")]
    Io(#[source] io::Error),
}

/// The records of a file; see the module's page.
pub struct Records<R: Read> {
    window: Window<R>,
    core: csv_core::Reader,
    delimiter: u8,
    special: [bool; 256],
    limits: Limits,
    width: Option<usize>,
    place: Place,
    ends: Vec<usize>,
    unquoted: Vec<u8>,
}

/// One row: its fields, unquoted.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// The line it starts at, from 1.
    pub line: u64,
    bytes: &'a [u8],
    ends: &'a [usize],
    /// Bytes between two fields: the delimiter where the row lies as in the file.
    gap: usize,
}

impl<'a> Record<'a> {
    /// A row whose fields lie one behind the other, each up to its end.
    pub(crate) const fn unquoted(line: u64, bytes: &'a [u8], ends: &'a [usize]) -> Self {
        Self { line, bytes, ends, gap: 0 }
    }

    /// How many fields it has; at least one.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Never: an empty line is no record.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The fields in order, as UTF-8 bytes.
    pub fn fields(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let (bytes, gap) = (self.bytes, self.gap);
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let field = &bytes[start..end];
            start = end + gap;
            field
        })
    }

    /// The field at that index, from 0.
    #[must_use]
    pub fn field(&self, index: usize) -> Option<&'a [u8]> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before] + self.gap);
        self.bytes.get(start..end)
    }
}

/// What a look at the start of the window found.
enum Look {
    /// A row of so many bytes whose fields end at `ends`.
    Whole(usize),
    /// A row that needs `csv-core`: quoted, or longer than the window.
    Hard,
    /// Too little in view to say.
    More,
    /// No row is left.
    Nothing,
}

/// A record that is being unquoted.
#[derive(Default)]
struct Open {
    /// Bytes so far.
    length: usize,
    /// Fields that have ended.
    fields: usize,
    /// Where the field that has not ended starts.
    start: usize,
}

impl<R: Read> Records<R> {
    /// Opens a file. The delimiter is found by looking at the first rows when it is not given.
    ///
    /// # Errors
    /// [`FileProblem::Binary`] and what is wrong with the first bytes; an error of the reader.
    pub fn open(reader: R, given_delimiter: Option<u8>, limits: Limits) -> Result<Self, RecordError> {
        let mut window = Window::new(Source::open(reader).map_err(RecordError::Io)??, &limits);
        window.fill(Place::START)?;
        if let Some(format) = Binary::of(window.raw()) {
            return Err(FileProblem::Binary { format }.into());
        }
        if window.available().starts_with(BYTE_ORDER_MARK) {
            window.advance(BYTE_ORDER_MARK.len());
        }
        let delimiter = given_delimiter.unwrap_or_else(|| delimiter::find(window.available(), window.is_complete()));
        Ok(Self::over(window, delimiter, limits))
    }

    fn over(window: Window<R>, delimiter: u8, limits: Limits) -> Self {
        let mut core = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
        // The mark is gone by now; csv-core would drop a second one, wherever its first record starts.
        let _ = core.read_record(b"\n", &mut [0; 8], &mut [0; 8]);
        let mut special = [false; 256];
        for byte in [delimiter, b'"', b'\r', b'\n'] {
            special[usize::from(byte)] = true;
        }
        let (ends, unquoted) = (Vec::new(), Vec::new());
        Self { window, core, delimiter, special, limits, width: None, place: Place::START, ends, unquoted }
    }

    /// The delimiter given or found.
    #[must_use]
    pub const fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Whether the file is gzip.
    #[must_use]
    pub const fn is_gzip(&self) -> bool {
        self.window.is_gzip()
    }

    /// From here on a record must have so many fields; any other is [`FileProblem::Ragged`].
    pub(super) const fn expect_width(&mut self, fields: usize) {
        self.width = Some(fields);
    }

    /// How many bytes of text have been used.
    #[must_use]
    pub const fn text_bytes(&self) -> u64 {
        self.window.offset()
    }

    /// The next record, or `None` at the end.
    ///
    /// # Errors
    /// The first [`FileProblem`] from here on; an error of the reader. There is no way to go on after an error.
    pub fn next_record(&mut self) -> Result<Option<Record<'_>>, RecordError> {
        loop {
            self.skip_line_ends();
            match self.look() {
                Look::Whole(length) => return self.whole(length).map(Some),
                Look::Hard => return self.hard().map(Some),
                Look::More => self.window.fill(self.place)?,
                Look::Nothing => return Ok(None),
            }
        }
    }

    fn skip_line_ends(&mut self) {
        let mut skipped = 0;
        for &byte in self.window.available() {
            if byte != b'\n' && byte != b'\r' {
                break;
            }
            self.place.step(byte);
            skipped += 1;
        }
        self.window.advance(skipped);
    }

    /// Looks for a row's end, noting the ends of its fields.
    fn look(&mut self) -> Look {
        self.ends.clear();
        let view = self.window.available();
        let mut at = 0;
        while let Some(ahead) = view[at..].iter().position(|&byte| self.special[usize::from(byte)]) {
            at += ahead;
            match view[at] {
                b'"' => return Look::Hard,
                b'\n' | b'\r' => {
                    self.ends.push(at);
                    return Look::Whole(at);
                }
                _ => self.ends.push(at),
            }
            at += 1;
        }
        match (self.window.is_complete(), self.window.is_full()) {
            (true, _) if view.is_empty() => Look::Nothing,
            (true, _) => {
                self.ends.push(view.len());
                Look::Whole(view.len())
            }
            (false, true) => Look::Hard,
            (false, false) => Look::More,
        }
    }

    fn whole(&mut self, length: usize) -> Result<Record<'_>, RecordError> {
        let line = self.place.line;
        if length > self.limits.max_field_bytes {
            check_lengths(&self.ends, 1, line, &self.limits)?;
        }
        self.check_width(line, self.ends.len())?;
        self.place.pass();
        self.window.advance(length);
        Ok(Record { line, bytes: self.window.behind(length), ends: &self.ends, gap: 1 })
    }

    fn hard(&mut self) -> Result<Record<'_>, RecordError> {
        let line = self.place.line;
        let most_fields = self.width.unwrap_or(self.limits.max_columns);
        let mut open = Open::default();
        loop {
            // Of more fields than there may be, only how many they are is kept.
            let kept = open.fields.min(most_fields);
            self.make_room(open.length, kept);
            while self.window.available().is_empty() && !self.window.is_complete() {
                self.window.fill(self.place)?;
            }
            let at_end = self.window.available().is_empty();
            // A line end more never changes what a file says, and tells a finished row from an open quote.
            let input = if at_end { b"\n" } else { self.window.available() };
            let (result, used, written, ended) =
                self.core.read_record(input, &mut self.unquoted[open.length..], &mut self.ends[kept..]);
            open.length += written;
            open.fields += ended;
            if ended > 0 {
                open.start = self.ends[kept + ended - 1];
            }
            if !at_end {
                self.place = self.place.after(&self.window.available()[..used]);
                self.window.advance(used);
            }
            self.check_open(line, &open)?;
            match result {
                ReadRecordResult::Record | ReadRecordResult::End => break,
                ReadRecordResult::InputEmpty if at_end => return Err(self.unclosed(line, &open).into()),
                _ => {}
            }
        }
        self.check_width(line, open.fields)?;
        self.ends.truncate(open.fields);
        if open.length > self.limits.max_field_bytes {
            check_lengths(&self.ends, 0, line, &self.limits)?;
        }
        Ok(Record { line, bytes: &self.unquoted[..open.length], ends: &self.ends, gap: 0 })
    }

    fn make_room(&mut self, length: usize, fields: usize) {
        if self.unquoted.len() < length + 64 {
            self.unquoted.resize((2 * length).max(4096), 0);
        }
        if self.ends.len() < fields + 16 {
            self.ends.resize((2 * fields).max(64), 0);
        }
    }

    fn check_width(&self, line: u64, found: usize) -> Result<(), FileProblem> {
        match self.width {
            Some(expected) if found != expected => Err(FileProblem::Ragged { line, expected, found }),
            None if found > self.limits.max_columns => {
                Err(FileProblem::TooManyColumns { line, found, limit: self.limits.max_columns })
            }
            _ => Ok(()),
        }
    }

    /// Stops a field, and a record, that grows past its bound.
    fn check_open(&mut self, line: u64, open: &Open) -> Result<(), FileProblem> {
        let limit = self.limits.max_field_bytes;
        if open.length - open.start > limit {
            if self.is_in_quotes() {
                return Err(self.unclosed(line, open));
            }
            return Err(FileProblem::FieldTooLong { line, position: open.fields + 1, limit });
        }
        if open.length + open.fields > self.limits.max_record_bytes {
            return Err(FileProblem::RecordTooLong { line, limit: self.limits.max_record_bytes });
        }
        Ok(())
    }

    /// Within quotes a line end belongs to the value; anywhere else it ends the record. Asking uses up the record.
    fn is_in_quotes(&mut self) -> bool {
        let (result, ..) = self.core.read_record(b"\n", &mut [0; 8], &mut [0; 8]);
        !matches!(result, ReadRecordResult::Record)
    }

    /// The open quote belongs to the field after the finished ones of the record that starts at `line`.
    fn unclosed(&self, line: u64, open: &Open) -> FileProblem {
        let within = Place::START.after(&self.unquoted[..open.start]).line - 1;
        FileProblem::UnclosedQuote { line: line + within, position: open.fields + 1 }
    }
}

fn check_lengths(ends: &[usize], gap: usize, line: u64, limits: &Limits) -> Result<(), FileProblem> {
    let mut start = 0;
    for (index, &end) in ends.iter().enumerate() {
        if end - start > limits.max_field_bytes {
            return Err(FileProblem::FieldTooLong { line, position: index + 1, limit: limits.max_field_bytes });
        }
        start = end + gap;
    }
    if start > limits.max_record_bytes.saturating_add(1) {
        return Err(FileProblem::RecordTooLong { line, limit: limits.max_record_bytes });
    }
    Ok(())
}
