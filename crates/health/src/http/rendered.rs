//! Answers that are made once and shared: of everything that asks while nothing has changed, only the first costs more
//! than a copy of a pointer. So a thousand requests a second, of people who have not signed in, are no load.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use chassis::clock::SharedMonotonic;
use http::{HeaderValue, StatusCode, header};

use super::background::Background;
use crate::access::Audience;
use crate::board::Picture;

/// How long an answer is given again while nothing changes: the ages in it are true to that.
const KEPT_FOR: Duration = Duration::from_secs(1);

/// An answer, ready to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Ready {
    pub(crate) status: StatusCode,
    pub(crate) media_type: &'static str,
    pub(crate) body: Bytes,
}

impl IntoResponse for Ready {
    fn into_response(self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(self.media_type)),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            // By whether, and by whom, somebody signed in.
            (header::VARY, HeaderValue::from_static("authorization")),
        ];
        (self.status, headers, self.body).into_response()
    }
}

/// The last answer for each audience.
#[derive(Debug)]
pub(crate) struct Rendered {
    ticks: SharedMonotonic,
    slots: [Mutex<Option<Slot>>; 3],
}

#[derive(Debug)]
struct Slot {
    picture: Arc<Picture>,
    background: Arc<Background>,
    made_at: Duration,
    ready: Ready,
}

impl Rendered {
    pub(crate) fn new(ticks: SharedMonotonic) -> Self {
        Self { ticks, slots: [const { Mutex::new(None) }; 3] }
    }

    /// The answer for `audience`; made anew when what it is made of has changed, or it is a second old.
    pub(crate) fn get(
        &self,
        audience: Audience,
        picture: &Arc<Picture>,
        background: &Arc<Background>,
        make: impl FnOnce() -> Ready,
    ) -> Ready {
        let slot = match audience {
            Audience::Anybody => &self.slots[0],
            Audience::Person => &self.slots[1],
            Audience::Admin => &self.slots[2],
        };
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.ticks.elapsed();
        let fits = |slot: &&Slot| {
            Arc::ptr_eq(&slot.picture, picture)
                && Arc::ptr_eq(&slot.background, background)
                && now.saturating_sub(slot.made_at) < KEPT_FOR
        };
        if let Some(slot) = slot.as_ref().filter(fits) {
            return slot.ready.clone();
        }
        let ready = make();
        let (picture, background) = (picture.clone(), background.clone());
        *slot = Some(Slot { picture, background, made_at: now, ready: ready.clone() });
        ready
    }
}

#[cfg(test)]
mod tests {
    use chassis::clock::TestMonotonic;
    use chrono::DateTime;

    use super::*;

    #[test]
    fn a_thousand_that_ask_share_one_answer() {
        let ticks = TestMonotonic::start();
        let rendered = Rendered::new(ticks.clone());
        let picture = || Arc::new(Picture { at: DateTime::UNIX_EPOCH, parts: Vec::new(), settling_until: None });
        let background = Arc::new(Background::default());
        let count = std::cell::Cell::new(0);
        let make = || {
            count.set(count.get() + 1);
            Ready { status: StatusCode::OK, media_type: "application/json", body: Bytes::from(vec![7; 100]) }
        };
        let first = picture();
        let bodies: Vec<Bytes> =
            (0..1_000).map(|_| rendered.get(Audience::Anybody, &first, &background, make).body).collect();
        assert!(bodies.iter().all(|body| body.as_ptr() == bodies[0].as_ptr()), "one and the same memory");
        assert_eq!(count.get(), 1);
        rendered.get(Audience::Admin, &first, &background, make);
        assert_eq!(count.get(), 2, "what admins see is another");
        rendered.get(Audience::Anybody, &picture(), &background, make);
        assert_eq!(count.get(), 3, "a new picture");
        let last = picture();
        rendered.get(Audience::Anybody, &last, &background, make);
        ticks.advance(KEPT_FOR);
        rendered.get(Audience::Anybody, &last, &background, make);
        assert_eq!(count.get(), 5, "a second later");
    }
}
