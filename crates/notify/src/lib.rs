//! Messages to people by Slack and mail, from an outbox that loses none.
//!
//! Whoever has something to tell writes it into the outbox in the transaction that makes it true ([`sqlite::enqueue`]): it is
//! told if and only if it happened. A [`Dispatcher`] hands what waits to each [`Channel`], again and again with growing
//! pauses, until the other side has said yes. So every message arrives **at least once**. It arrives twice only when the
//! program dies between their yes and our note of it; each copy carries the same event id ([`Message::event`]), so that
//! people and programs can tell.
//!
//! * [`message`]: what is told. [`slack`], [`mail`]: how it looks there, and how it gets there.
//! * [`channel`]: what a channel is. One of one's own (a deployment status, a pager) is one `impl`, with a body of its own.
//! * [`outbox`]: what a dispatcher needs of the storage; [`sqlite`]: a table beside the tables of whoever has something to tell.
//! * [`dispatcher`]: each channel by itself, so that one that is away holds up no other; [`backoff`]: when to try again.
//! * [`config`]: the variables.
//!
//! Within a channel, messages of one *thread* (one deployment, one incident) arrive in their order: what is resolved is never
//! told before what was wrong. Threads do not wait for each other.

pub mod backoff;
pub mod channel;
pub mod config;
pub mod dispatcher;
pub mod mail;
pub mod message;
pub mod outbox;
pub mod slack;
pub mod sqlite;

pub use channel::{Channel, Failure};
pub use config::Config;
pub use dispatcher::Dispatcher;
pub use message::{Fact, Message, Severity};
pub use outbox::{Bell, Depth, Entry, Line, LineId, Storage};
