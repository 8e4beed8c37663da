//! An answer that comes before all of the request's body was read says that the connection ends with it.
//!
//! The server then closes the connection: what is left of the body would be taken for the next request. Who is not told
//! may send the next request on it, which is lost; a proxy that keeps connections answers 502 for it.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderValue, header};
use hyper::body::{Frame, SizeHint};

use super::lingering::LeftUnread;

/// A body that tells when it has been read to its end.
struct Watched {
    body: Body,
    read: Arc<AtomicBool>,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if matches!(polled, Poll::Ready(None)) || self.body.is_end_stream() {
            self.read.store(true, Ordering::Relaxed);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The layer.
pub(super) async fn say_close(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let left_unread = request.extensions().get::<LeftUnread>().cloned();
    let read = Arc::new(AtomicBool::new(false));
    let watched = read.clone();
    let mut response = next.run(request.map(|body| Body::new(Watched { body, read: watched }))).await;
    if !read.load(Ordering::Relaxed) {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        if let Some(left_unread) = left_unread {
            left_unread.mark();
        }
    }
    response
}
