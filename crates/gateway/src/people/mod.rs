//! Sign-in behind the routes: passwords, tokens, links, who is let in, the first people.

pub mod admission;
pub mod bootstrap;
pub mod links;
pub mod passwords;
mod sign_in;
pub(crate) mod tokens;

pub use sign_in::RequestContext;
pub(crate) use sign_in::{open_session, stored};
