//! The bytes of an object at any place, for formats that cannot be read from front to back.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::{Buf, Bytes};

use super::bucket::RangeReader;

/// An object whose bytes can be asked for in any order, on a thread that may block. Clones share it.
#[derive(Clone)]
pub struct ObjectAt {
    source: Arc<Source>,
    size_bytes: u64,
    given_up: Arc<AtomicBool>,
}

enum Source {
    File(File),
    Bucket(RangeReader),
    Memory(Bytes),
}

impl ObjectAt {
    pub(super) fn file(file: File, size_bytes: u64) -> Self {
        Self::of(Source::File(file), size_bytes)
    }

    pub(super) fn bucket(reader: RangeReader) -> Self {
        let size_bytes = reader.size_bytes;
        Self::of(Source::Bucket(reader), size_bytes)
    }

    /// Bytes that are in memory anyway.
    #[must_use]
    pub fn memory(bytes: Bytes) -> Self {
        let size_bytes = bytes.len() as u64;
        Self::of(Source::Memory(bytes), size_bytes)
    }

    fn of(source: Source, size_bytes: u64) -> Self {
        Self { source: Arc::new(source), size_bytes, given_up: Arc::default() }
    }

    /// How many bytes the object has.
    #[must_use]
    pub const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// The bytes of that range, which must lie within the object.
    ///
    /// # Errors
    /// What the store says; an error when the range does not lie within the object, or it was [`GiveUp`] on.
    pub fn read(&self, range: Range<u64>) -> io::Result<Bytes> {
        self.ensure_wanted()?;
        let within = range.start <= range.end && range.end <= self.size_bytes;
        let length = usize::try_from(range.end.saturating_sub(range.start));
        let (true, Ok(length)) = (within, length) else {
            let words = format!("bytes {} to {} of {}", range.start, range.end, self.size_bytes);
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, words));
        };
        match &*self.source {
            Source::File(file) => {
                let mut bytes = vec![0; length];
                file.read_exact_at(&mut bytes, range.start)?;
                Ok(bytes.into())
            }
            Source::Bucket(reader) => reader.read(range),
            Source::Memory(bytes) => {
                let start = usize::try_from(range.start).map_err(io::Error::other)?;
                Ok(bytes.slice(start..start + length))
            }
        }
    }

    /// Fails once the object was given up on: for who computes long between two reads.
    ///
    /// # Errors
    /// When it was [`GiveUp`] on.
    pub fn ensure_wanted(&self) -> io::Result<()> {
        let given_up = self.given_up.load(Ordering::Relaxed);
        if given_up { Err(io::Error::other("the object is no longer wanted")) } else { Ok(()) }
    }

    /// When what this gives is dropped, every further read of the object fails: a thread that reads it ends soon.
    #[must_use]
    pub fn give_up_with(&self) -> GiveUp {
        GiveUp(Arc::clone(&self.given_up))
    }

    /// A reader of a part of the object, which must lie within it. It asks for blocks of that size.
    #[must_use]
    pub const fn part(self, range: Range<u64>, block_bytes: u64) -> PartReader {
        PartReader { at: range.start, block: Bytes::new(), object: self, range, block_bytes }
    }
}

/// See [`ObjectAt::give_up_with`].
#[derive(Debug)]
pub struct GiveUp(Arc<AtomicBool>);

impl Drop for GiveUp {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Reads a part of an object, a block at a time.
pub struct PartReader {
    object: ObjectAt,
    range: Range<u64>,
    block_bytes: u64,
    /// Where in the object the next byte is.
    at: u64,
    /// The bytes from there on that are at hand.
    block: Bytes,
}

impl PartReader {
    /// How many bytes are left.
    #[must_use]
    pub const fn left(&self) -> u64 {
        self.range.end - self.at
    }

    /// The next bytes as they lie; an error when there are not so many.
    ///
    /// # Errors
    /// As [`ObjectAt::read`].
    pub fn take_bytes(&mut self, count: usize) -> io::Result<Bytes> {
        if count as u64 > self.left() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.at += count as u64;
        if count <= self.block.len() {
            return Ok(self.block.split_to(count));
        }
        self.block.clear();
        self.object.read(self.at - count as u64..self.at)
    }

    /// Looks at the bytes that come next, at least so many of them where there are so many.
    ///
    /// # Errors
    /// As [`ObjectAt::read`].
    pub fn peek(&mut self, at_least: usize) -> io::Result<&[u8]> {
        if (self.block.len() as u64) < (at_least as u64).min(self.left()) {
            let end = (self.at + self.block_bytes.max(at_least as u64)).min(self.range.end);
            self.block = self.object.read(self.at..end)?;
        }
        Ok(&self.block)
    }
}

impl Read for PartReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.peek(1)?;
        let count = buffer.len().min(self.block.len());
        self.block.copy_to_slice(&mut buffer[..count]);
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for PartReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (from, by) = match to {
            SeekFrom::Start(offset) => (self.range.start, i128::from(offset)),
            SeekFrom::End(by) => (self.range.end, i128::from(by)),
            SeekFrom::Current(by) => (self.at, i128::from(by)),
        };
        let outside = || io::Error::new(io::ErrorKind::InvalidInput, "a place outside of the object");
        let place = u64::try_from(i128::from(from) + by).map_err(|_| outside())?;
        if place < self.range.start {
            return Err(outside());
        }
        // Behind the end there is nothing to read, as behind a file's.
        let place = place.min(self.range.end);
        match place.checked_sub(self.at) {
            Some(ahead) if ahead <= self.block.len() as u64 => {
                self.block.advance(usize::try_from(ahead).map_err(io::Error::other)?);
            }
            _ => self.block.clear(),
        }
        self.at = place;
        Ok(place - self.range.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object() -> ObjectAt {
        ObjectAt::memory((0..100).collect())
    }

    #[test]
    fn a_part_is_read_and_sought_like_a_file() {
        for block in [1, 7, 1000] {
            let mut part = object().part(10..60, block);
            let mut all = Vec::new();
            part.read_to_end(&mut all).unwrap();
            assert_eq!(all, (10..60).collect::<Vec<u8>>());
            for (to, place, next) in [
                (SeekFrom::Start(5), 5, Some(15)),
                (SeekFrom::Current(-3), 3, Some(13)),
                (SeekFrom::Current(2), 6, Some(16)),
                (SeekFrom::End(-1), 49, Some(59)),
                (SeekFrom::End(5), 50, None),
            ] {
                assert_eq!(part.seek(to).unwrap(), place);
                let mut byte = [0];
                assert_eq!((part.read(&mut byte).unwrap() == 1).then_some(byte[0]), next);
            }
            assert!(part.seek(SeekFrom::Start(0)).is_ok());
            assert!(part.seek(SeekFrom::Current(-1)).is_err());
            assert_eq!(part.peek(3).unwrap()[..3].to_vec(), [10, 11, 12][..]);
            assert_eq!(part.take_bytes(20).unwrap()[..], (10..30).collect::<Vec<u8>>());
            assert_eq!(part.left(), 30);
            assert!(part.take_bytes(31).is_err());
            assert_eq!(part.take_bytes(30).unwrap().len(), 30);
        }
    }

    #[test]
    fn what_was_given_up_is_not_read_any_more() {
        let object = object();
        let guard = object.give_up_with();
        assert!(object.clone().read(90..100).is_ok());
        assert!(object.read(90..101).is_err());
        drop(guard);
        assert!(object.read(0..1).is_err());
    }
}
