//! HTTP basics: problem answers, extractors, the layers around every route, and the server loop.
//!
//! A service builds its router, calls [`Stack::around`] on it, and hands it to [`serve`]. From then on every answer
//! with an error status is `application/problem+json` (RFC 9457) with the request's id, whoever made it: a handler, an
//! extractor of [`extract`], the router (404, 405), a layer (408, 413, 503, 504) or a panic (500).

pub mod extract;
mod finish;
mod layers;
mod limits;
mod lingering;
mod measures;
mod observe;
mod panic;
mod problem;
pub mod rate;
mod request_id;
mod server;
pub mod sse;
mod stalled;
mod unread;

pub use extract::{Json, Path, Query};
pub use layers::Stack;
pub use problem::{Problem, ProblemDetails};
pub use request_id::RequestId;
pub use server::{ServerLimits, serve};
