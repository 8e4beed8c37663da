//! What GitHub, Slack and a mail provider are to the server: a repository over HTTP, an API, web hooks.
//!
//! Git is git itself (`git http-backend`), as GitHub serves it; API and Slack are small HTTP servers that remember what they
//! were told. Each can be switched off and on again, at the same address.

mod listening;
mod repository;
mod services;
mod smart_http;
mod webhook;

pub use listening::Listening;
pub use repository::{Repository, Touch};
pub use services::{Told, api, slack};
pub use smart_http::git;
pub use webhook::{Answer, Hook, new_delivery, push_body};
