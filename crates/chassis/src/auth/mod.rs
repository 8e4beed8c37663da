//! Who is calling: JSON Web Tokens, roles, and the keys they are signed with.
//!
//! A token is accepted when its `kid` names a key we trust, its `alg` is the one **that key** is for, the signature
//! holds, and `exp`, `sub`, `aud` and `iss` are all there and right ([`Verifier`]). Nothing in the token chooses how it
//! is verified: `alg: none`, `jwk`, `jku` and `x5u` headers lead nowhere. The platform role comes from
//! `app_metadata.role`, which only the server writes, never from `user_metadata`, which users write.
//!
//! Verification keys come from a [`KeySource`]: [`JwksFile`], the public file that the gateway writes, or
//! [`RemoteJwks`], the address where Supabase publishes its keys. A [`VerificationKey`] carries its algorithm. Supabase's
//! legacy secret verifies tokens that say HS256, and those alone ([`Verifier::with_legacy_secret`]).
//!
//! [`keys`] makes and uses private keys; the gateway alone may call it.

mod caller;
mod claims;
mod document;
mod fresh;
mod jwks;
pub mod keys;
mod remote;
mod verified;
mod verifier;

/// What a person may do on the platform as a whole; workspaces have roles of their own.
pub use domain::people::PlatformRole as Role;

pub use caller::{Caller, require};
pub use claims::{AuthMethod, Claims};
pub use fresh::FRESH_SIGN_IN;
pub use jwks::{JwksFile, KeySource, VerificationKey};
pub use remote::{RemoteJwks, RemoteLimits};
pub use verifier::{AUDIENCE, AuthError, Verifier, issuer};
