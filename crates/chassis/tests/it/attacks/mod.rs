//! Attacks, one file a family; `docs/ATTACKS.md` lists them all and `make attacks` runs the list.

mod project;
mod remote_keys;
