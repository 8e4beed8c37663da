//! The raw bytes of a file, decompressed where they are gzip.

use std::io::{self, Chain, Cursor, Read};

use flate2::read::MultiGzDecoder;

use super::{Binary, FileProblem};

/// As much of a file's start as is looked at to know its kind.
const START_BYTES: usize = 512;
const GZIP_SIGNATURE: &[u8] = b"\x1F\x8B";

type Raw<R> = Chain<Cursor<Vec<u8>>, R>;

/// A file's text as bytes.
pub(super) enum Source<R: Read> {
    Plain(Raw<R>),
    Gzip(Box<MultiGzDecoder<Raw<R>>>),
}

impl<R: Read> Source<R> {
    /// Looks at the first bytes; an `Ok(Err(_))` is a file of a kind that is not text.
    pub(super) fn open(mut reader: R) -> io::Result<Result<Self, FileProblem>> {
        let mut start = Vec::with_capacity(START_BYTES);
        reader.by_ref().take(START_BYTES as u64).read_to_end(&mut start)?;
        let gzip = start.starts_with(GZIP_SIGNATURE);
        if !gzip && let Some(format) = Binary::of(&start) {
            return Ok(Err(FileProblem::Binary { format }));
        }
        let raw = Cursor::new(start).chain(reader);
        Ok(Ok(if gzip { Self::Gzip(Box::new(MultiGzDecoder::new(raw))) } else { Self::Plain(raw) }))
    }

    pub(super) const fn is_gzip(&self) -> bool {
        matches!(self, Self::Gzip(_))
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(raw) => raw.read(buffer),
            Self::Gzip(decoder) => decoder.read(buffer),
        }
    }
}

/// Whether an error is the gzip decoder's verdict on the data, not the failure of what they came from.
pub(super) fn is_damaged_gzip(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
}
