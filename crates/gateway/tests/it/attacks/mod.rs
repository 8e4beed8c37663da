//! Attacks, one file a family; `docs/ATTACKS.md` lists them all and `make attacks` runs the list.

mod addresses;
mod anothers_things;
mod cors;
mod idempotency;
mod key_rotation;
mod overload;
#[expect(dead_code, reason = "the verifier's own attacks use the rest of it")]
#[path = "../../../../chassis/tests/it/attacks/project.rs"]
mod project;
mod shutdown;
mod sign_in;
mod supabase;
