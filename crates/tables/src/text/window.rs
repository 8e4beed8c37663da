//! A window that slides over a file's text: what is in it has been checked to be UTF-8 without NUL bytes.

use std::io::{self, Read};

use super::records::RecordError;
use super::source::{Source, is_damaged_gzip};
use super::{EncodingHint, FileProblem, Limits};

/// How much text is in view at once.
pub const WINDOW_BYTES: usize = 256 * 1024;

/// Why the text cannot go on past the end of what was checked.
enum Flaw {
    Nul,
    Encoding,
    TooLarge,
    Gzip(String),
}

pub(super) struct Window<R: Read> {
    source: Source<R>,
    buffer: Box<[u8]>,
    start: usize,
    /// Up to here the bytes are checked; they may be used.
    checked: usize,
    /// Up to here there are bytes.
    end: usize,
    /// Bytes of text ever taken from the source.
    taken_bytes: u64,
    max_text_bytes: u64,
    source_ended: bool,
    flaw: Option<Flaw>,
}

impl<R: Read> Window<R> {
    pub(super) fn new(source: Source<R>, limits: &Limits) -> Self {
        Self {
            source,
            buffer: vec![0; WINDOW_BYTES].into_boxed_slice(),
            start: 0,
            checked: 0,
            end: 0,
            taken_bytes: 0,
            max_text_bytes: limits.max_text_bytes,
            source_ended: false,
            flaw: None,
        }
    }

    pub(super) const fn is_gzip(&self) -> bool {
        self.source.is_gzip()
    }

    /// The bytes that may be used.
    pub(super) fn available(&self) -> &[u8] {
        &self.buffer[self.start..self.checked]
    }

    /// Everything in view, checked or not.
    pub(super) fn raw(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// The last bytes that were advanced over.
    pub(super) fn behind(&self, count: usize) -> &[u8] {
        &self.buffer[self.start - count..self.start]
    }

    pub(super) const fn advance(&mut self, count: usize) {
        self.start += count;
    }

    /// Whether what is available is all there will ever be.
    pub(super) const fn is_complete(&self) -> bool {
        self.source_ended && self.flaw.is_none() && self.checked == self.end
    }

    /// Whether there is no room for more, until something is used up.
    pub(super) const fn is_full(&self) -> bool {
        self.start == 0 && self.end == WINDOW_BYTES
    }

    /// Bytes of text before the window's start.
    pub(super) const fn offset(&self) -> u64 {
        self.taken_bytes - (self.end - self.start) as u64
    }

    /// Moves what is unused to the front and fills the rest. `place` is the window's start.
    pub(super) fn fill(&mut self, place: Place) -> Result<(), RecordError> {
        if self.flaw.is_some() {
            return Err(self.flaw_at(place).into());
        }
        self.buffer.copy_within(self.start..self.end, 0);
        self.checked -= self.start;
        self.end -= self.start;
        self.start = 0;
        while self.end < WINDOW_BYTES && !self.source_ended && self.flaw.is_none() {
            match self.source.read(&mut self.buffer[self.end..]) {
                Ok(0) => self.source_ended = true,
                Ok(count) => self.take(count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if self.is_gzip() && is_damaged_gzip(&error) => {
                    self.flaw = Some(Flaw::Gzip(error.to_string()));
                }
                Err(error) => return Err(RecordError::Io(error)),
            }
        }
        self.check();
        Ok(())
    }

    fn take(&mut self, count: usize) {
        let allowed = self.max_text_bytes - self.taken_bytes;
        let over = count as u64 > allowed;
        let count = if over { usize::try_from(allowed).unwrap_or(count) } else { count };
        self.end += count;
        self.taken_bytes += count as u64;
        if over {
            self.flaw = Some(Flaw::TooLarge);
        }
    }

    /// Extends what is checked as far as it goes; what stops it becomes the flaw, before any that lies further on.
    fn check(&mut self) {
        let fresh = &self.buffer[self.checked..self.end];
        let (valid, wrong) = match std::str::from_utf8(fresh) {
            Ok(_) => (fresh.len(), false),
            Err(error) => (error.valid_up_to(), error.error_len().is_some() || self.source_ended),
        };
        let nul = fresh[..valid].iter().position(|&byte| byte == 0);
        self.checked += nul.unwrap_or(valid);
        if nul.is_some() {
            self.flaw = Some(Flaw::Nul);
        } else if wrong {
            self.flaw = Some(Flaw::Encoding);
        }
    }

    /// The problem that ends the text here.
    fn flaw_at(&self, place: Place) -> FileProblem {
        let line = place.after(self.available()).line;
        let offset = self.offset() + (self.checked - self.start) as u64;
        match &self.flaw {
            Some(Flaw::Nul) => FileProblem::Nul { line, offset, hint: self.hint_at_nul() },
            Some(Flaw::TooLarge) if !self.is_gzip() => FileProblem::TooLarge { limit_bytes: self.max_text_bytes },
            Some(Flaw::TooLarge) => FileProblem::TooLargeDecompressed { line, limit_bytes: self.max_text_bytes },
            Some(Flaw::Gzip(reason)) => FileProblem::Gzip { line, reason: reason.clone() },
            Some(Flaw::Encoding) | None => {
                let byte = self.buffer.get(self.checked).copied().unwrap_or_default();
                FileProblem::Encoding { line, offset, byte, hint: self.hint_at_wrong_byte(offset) }
            }
        }
    }

    /// UTF-16 without a mark: every other byte of plain text is NUL.
    fn hint_at_nul(&self) -> EncodingHint {
        let view = &self.buffer[self.checked.saturating_sub(1)..self.end.min(self.checked + 64)];
        let nul_share = |odd: usize| view.iter().skip(odd).step_by(2).filter(|&&byte| byte == 0).count() * 2;
        let (even, odd) = (nul_share(0), nul_share(1));
        let utf16 = view.len() >= 4 && even.max(odd) * 10 >= view.len() * 8 && even.min(odd) * 5 <= view.len();
        if utf16 { EncodingHint::Utf16 } else { EncodingHint::Unknown }
    }

    fn hint_at_wrong_byte(&self, offset: u64) -> EncodingHint {
        let rest = &self.buffer[self.checked..self.end];
        if offset == 0 && (rest.starts_with(b"\xFF\xFE") || rest.starts_with(b"\xFE\xFF")) {
            return EncodingHint::Utf16;
        }
        // Letters with accents, and Windows' typographic quotes and dashes, among otherwise plain text.
        let latin = matches!(rest.first(), Some(0x80 | 0x82..=0x8C | 0x8E | 0x91..=0x9C | 0x9E..=0xFF));
        let near = &rest[..rest.len().min(64)];
        let plain = near.iter().filter(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t')).count();
        if latin && plain * 2 >= near.len() { EncodingHint::Latin1 } else { EncodingHint::Unknown }
    }
}

/// A line of the text, from 1, and whether the byte before was CR (an LF is then the same line end).
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) line: u64,
    after_cr: bool,
}

impl Place {
    pub(super) const START: Self = Self { line: 1, after_cr: false };

    /// The place after these bytes.
    pub(super) fn after(mut self, bytes: &[u8]) -> Self {
        for &byte in bytes {
            self.step(byte);
        }
        self
    }

    /// Steps over one byte.
    pub(super) fn step(&mut self, byte: u8) {
        self.line += u64::from(byte == b'\r' || (byte == b'\n' && !self.after_cr));
        self.after_cr = byte == b'\r';
    }

    /// Steps over bytes none of which ends a line.
    pub(super) const fn pass(&mut self) {
        self.after_cr = false;
    }
}
