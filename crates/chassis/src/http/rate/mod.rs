//! Limits on how often somebody may ask: per network address before anything else is done, per person once the token
//! has verified.
//!
//! Both are token buckets (GCRA, by the crate `governor`): `quota` requests at once, refilled evenly over a minute. Every
//! answer says where its caller stands, in the headers of draft-ietf-httpapi-ratelimit-headers-10, the policy `default`
//! for the address and `user` for the person:
//!
//! ```text
//! RateLimit-Policy: "default";q=6000;w=60, "user";q=3000;w=60
//! RateLimit: "default";r=5999;t=1, "user";r=2987;t=1
//! ```
//!
//! `r` is what is left now, `t` the seconds until everything is. A refusal is a 429 problem whose `Retry-After` is true:
//! who waits exactly that long is let in. Time is monotonic, so a clock that jumps neither locks out nor lets in.
//!
//! * [`client`]: whose address counts, behind proxies: the rightmost that no trusted proxy has.
//! * [`network`]: IPv6 counts by /64, the least that one customer gets; IPv4 whole.
//! * [`limiter`]: one limit; [`bounded`]: its memory, which rotating addresses cannot grow.
//! * [`layer`]: the two limits around every route.

pub mod bounded;
pub mod client;
pub mod layer;
pub mod limiter;
pub mod network;

pub use client::Proxies;
pub(super) use layer::limit;
pub use layer::{RateLimits, Standing, check_person};
pub use limiter::{Exceeded, Limiter, Reading};
pub use network::{Cidr, Network};
