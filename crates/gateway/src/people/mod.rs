//! Sign-in behind the routes: passwords, tokens and the keys that sign them, links, limits on trying, who is let in, the
//! first people.

pub mod admission;
pub mod bootstrap;
pub mod device;
pub mod links;
pub(crate) mod mlflow_session;
pub mod passwords;
mod sign_in;
pub mod sign_ins;
pub mod signing;
pub(crate) mod tokens;

pub use sign_in::RequestContext;
pub(crate) use sign_in::{open_session, stored};
