//! People: users, sessions with their refresh tokens, one-time links, workspaces and members, the audit log.
//!
//! * [`users`]: who there is. The platform never loses its last admin: rows of admins are locked before one is changed.
//! * [`sessions`]: a sign-in and its chain of refresh tokens; an older token that comes back ends the session.
//! * [`links`]: invites and password resets that work without mail.
//! * [`workspaces`]: what owns datasets and analyses, and who may use it; a workspace never loses its last owner.
//! * [`password`]: argon2id. Hashing is slow on purpose: call it on a blocking thread.
//!
//! Every change writes its line of the audit log in the same transaction ([`Actor`] says who did it). Secrets arrive
//! here hashed already, but for passwords.

pub mod audit;
pub mod audit_log;
mod email;
pub mod links;
pub mod password;
pub mod sessions;
pub mod users;
pub mod workspaces;

pub use audit::{Actor, KeyChange};
pub use email::{Email, InvalidEmail};
pub use users::User;
