//! From an asynchronous task to a `Read` on a blocking thread, with little in between.

use std::io::{self, Read};

use bytes::{Buf, Bytes};
use tokio::sync::mpsc;

/// Pieces between the two ends at most.
pub const PIECES_UNDER_WAY: usize = 16;
const PIECE_BYTES: usize = 64 * 1024;

/// The end that is written to.
pub(super) struct PipeWriter {
    pieces: mpsc::Sender<Bytes>,
}

/// The end that is read from; it ends when the other end is dropped.
pub(super) struct PipeReader {
    pieces: mpsc::Receiver<Bytes>,
    current: Bytes,
}

pub(super) fn pipe() -> (PipeWriter, PipeReader) {
    let (sender, receiver) = mpsc::channel(PIECES_UNDER_WAY);
    (PipeWriter { pieces: sender }, PipeReader { pieces: receiver, current: Bytes::new() })
}

impl PipeWriter {
    /// Passes bytes on; false when nobody reads them any more.
    pub(super) async fn send(&mut self, bytes: &Bytes) -> bool {
        let mut rest = bytes.clone();
        while !rest.is_empty() {
            let piece = rest.split_to(rest.len().min(PIECE_BYTES));
            if self.pieces.send(piece).await.is_err() {
                return false;
            }
        }
        true
    }
}

impl Read for PipeReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.current.is_empty() {
            match self.pieces.blocking_recv() {
                Some(piece) => self.current = piece,
                None => return Ok(0),
            }
        }
        let count = buffer.len().min(self.current.len());
        self.current.copy_to_slice(&mut buffer[..count]);
        Ok(count)
    }
}
