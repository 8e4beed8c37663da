//! GitHub's webhook: bytes of strangers, until their signature is known to be right, and typed data from then on.
//!
//! Nothing here does input or output. [`signature`] judges the bytes as they came; [`event`] reads them, whatever members
//! newer versions of GitHub add, and says what is to come of them: something to store and act on, or something to store
//! with the reason why nothing comes of it.

pub mod event;
pub mod payload;
pub mod signature;

pub use event::{Expected, Unreadable, read};
pub use signature::{Key, Signature};
