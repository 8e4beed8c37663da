//! A connection that ends although its client is still sending: what still comes is read and thrown away for a while.
//!
//! A socket closed over unread bytes resets the connection, and the reset overtakes the answer: the client, busy
//! sending, never reads why it was refused; a proxy makes a 502 of it. So our side is closed first (the answer is
//! whole), the other is read until the client has seen it and closes too.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// How much a client may still send, and for how long, before the connection is cut after all.
const MAX_BYTES: usize = 64 << 20;
const DEADLINE: Duration = Duration::from_secs(10);

/// Whether a connection's last answer was given before the whole of the request was read.
#[derive(Debug, Clone, Default)]
pub(super) struct LeftUnread(Arc<AtomicBool>);

impl LeftUnread {
    pub(super) fn mark(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A stream whose end waits for a client that is still sending.
#[derive(Debug)]
pub(super) struct Lingering<S> {
    stream: S,
    left_unread: LeftUnread,
    discarded_bytes: usize,
    /// Runs from the moment our side is closed.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<S> Lingering<S> {
    pub(super) fn new(stream: S, left_unread: LeftUnread) -> Self {
        Self { stream, left_unread, discarded_bytes: 0, deadline: None }
    }
}

impl<S: AsyncRead + Unpin> Lingering<S> {
    /// Ready once the client has closed, or was patiently listened to for long enough.
    fn poll_discard(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep(DEADLINE)));
        if deadline.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        let mut bytes = [0; 16 << 10];
        while self.discarded_bytes < MAX_BYTES {
            let mut buffer = ReadBuf::new(&mut bytes);
            match ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => self.discarded_bytes += buffer.filled().len(),
                _closed_or_gone => break,
            }
        }
        Poll::Ready(())
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Lingering<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Lingering<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.deadline.is_none() {
            ready!(Pin::new(&mut this.stream).poll_shutdown(context))?;
        }
        if this.left_unread.0.load(Ordering::Relaxed) {
            ready!(this.poll_discard(context));
        }
        Poll::Ready(Ok(()))
    }
}
