//! Streams of events of a real gateway process: many of them, slow readers, readers who go, a drain.

mod draining;
mod leaving;
mod many;
mod process;
mod slow;
