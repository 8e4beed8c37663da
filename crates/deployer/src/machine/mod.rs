//! How a deployment goes: a pure state machine.

mod words;

pub use words::{Kind, State, Step};
